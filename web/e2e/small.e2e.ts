// A shop of one customer with one order: every page stands, in every language, and no figure is a nothing divided by nothing.
import { describe, expect } from "vitest";
import { expectAccessible } from "./harness/axe";
import { expectNoSideways, settled } from "./harness/look";
import { pages, withParam } from "./harness/pages";
import { bring, type Language, test } from "./harness/shop";

const name = "Zoë 👩🏽‍🚀 שרה محمد O'Öberg-van 't Hof";

describe("a shop with one customer", () => {
  test.for(["en", "nl", "sv"] as const)("in %s", { timeout: 120_000 }, async (language: Language, { visitor }) => {
    const page = await visitor({ signedIn: true, language });
    const shops = (await (await page.request.get("/api/v1/shops")).json()) as { rows: { shop: string; state: string }[] };
    if (shops.rows.find((shop) => shop.shop === "own")?.state === "empty") {
      await bring(page, "one.csv", `order,customer,name,date,total,currency\n1,c1,"${name}",2024-03-09,10.00,EUR\n`, language);
    }
    for (const { name: of, path } of pages) {
      const own = of === "people" ? "/people?behind=new&from_day=2024-03-01&to_day=2024-04-01" : path;
      await page.goto(withParam(own, "shop", "own"));
      await settled(page);
      const text = await page.locator("main").innerText();
      expect(await page.locator(".wrong").count(), `${of}: ${text}`).toBe(0);
      expect(text, of).not.toMatch(/NaN|Infinity|undefined|\bnull\b|\[object/);
      await expectNoSideways(page, of);
      if (language === "en") await expectAccessible(page, `${of}, one customer`);
      if (of === "customer") await page.getByRole("heading", { level: 1, name }).waitFor();
      if (of === "customers") expect(await page.getByRole("link", { name }).count()).toBe(1);
    }
  });
});
