// Large shops in the browser: `script/bench dashboard`, on the release server. 4 M orders, where a click has 150 ms; and 10 M customers,
// of whom every page has to speak at all. Figures are printed; what is asserted says only "something is badly wrong".
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { settled } from "./harness/look";
import { loaded, shopOf } from "./harness/many";
import { Server } from "./harness/server";
import { test } from "./harness/shop";
import { clickThrough, p95, told } from "./harness/speed";
import { say } from "./harness/words";

const t = say.en;
describe.each([
  { what: "4 M orders", customers: 1_150_000, each: 4 },
  { what: "10 M customers", customers: 10_000_000, each: 1 },
])("$what", ({ customers, each }) => {
  const folder = mkdtempSync(join(tmpdir(), "behoud-large-"));
  let server: Server;
  beforeAll(async () => {
    const data = shopOf(folder, customers, each);
    server = await Server.start({ data });
    rmSync(data, { recursive: true, force: true });
  }, 300_000);
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("each page answers, and a click shows its result at once", { timeout: 400_000 }, async ({ visitor }) => {
    const page = await loaded(visitor, server, "/retention?shop=own");
    await settled(page);
    await page.waitForLoadState("networkidle");
    const took = await clickThrough(page, t);
    expect(p95(took)).toBeLessThan(5000);
    for (const path of ["/", "/cohorts", "/value", "/claims"]) {
      await page.goto(`${path}?shop=own`);
      await settled(page);
      expect(await page.getByRole("main").innerText(), path).toMatch(/\d/);
    }
    // The list is made while the first pages are looked at; until it is there the page says so, and asks again when it is told to.
    const began = Date.now();
    for (;;) {
      const list = await page.request.get(`${server.url}/api/v1/customers?limit=1`);
      if (list.ok()) break;
      expect(list.status()).toBe(503);
      expect(Date.now() - began, "the list is there within three minutes").toBeLessThan(180_000);
    }
    told("until the list of customers is there", (Date.now() - began) / 1000, "s");
    await page.goto("/customers?shop=own");
    await page.getByRole("region", { name: t("customers.table") }).waitFor({ timeout: 60_000 });
    await page.getByRole("main").getByLabel(t("customers.search")).fill(`c${customers - 1}`);
    await page.getByText(t("customers.found", { n: 1 })).waitFor({ timeout: 30_000 });
  });
});
