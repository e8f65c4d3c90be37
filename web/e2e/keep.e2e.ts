// Every chart is also a table, a CSV and a picture, and every table a CSV; and what a page shows when it compares or splits.
import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { describe, expect } from "vitest";
import { expectAccessible } from "./harness/axe";
import { expectNoSideways, settled } from "./harness/look";
import { pages, withParam } from "./harness/pages";
import { unpack } from "./harness/png";
import { test } from "./harness/shop";
import { say } from "./harness/words";

const t = say.en;
const sample = (path: string) => withParam(path, "shop", "sample");
/** Charts of a page at least. */
const charts: Record<string, number> = { today: 1, retention: 2, cohorts: 2, value: 2, claims: 1 };
/** Pages whose figures stand in no table. */
const without = ["contract", "definitions", "import", "settings"];

async function kept(page: Page, button: Locator): Promise<Buffer> {
  const wait = page.waitForEvent("download");
  await button.click();
  return readFileSync(await (await wait).path());
}

describe.each(pages.filter(({ name }) => !without.includes(name)))("$name", ({ name, path }) => {
  test("is kept as tables and pictures", async ({ visitor }) => {
    const page = await visitor({ signedIn: true, path: sample(path) });
    await settled(page);
    const main = page.getByRole("main");
    const csvs = main.locator("button, a").filter({ hasText: new RegExp(`^${t("chart.csv")}$`) });
    expect(await csvs.count()).toBeGreaterThan(0);
    for (const csv of await csvs.all()) {
      const [head, ...rows] = (await kept(page, csv)).toString("utf8").replace(/^\uFEFF/, "").trimEnd().split(/\r?\n/);
      expect(head).toMatch(/^[a-z]\w*(,[a-z]\w*)+$/);
      expect(rows.length, head).toBeGreaterThan(0);
      expect(rows.join(), head).not.toMatch(/NaN|undefined|\[object/);
    }
    const pictures = main.getByRole("button", { name: t("chart.png"), exact: true });
    expect(await pictures.count()).toBeGreaterThanOrEqual(charts[name] ?? 0);
    for (const picture of await pictures.all()) {
      // What is drawn only when it comes in sight is drawn for its picture as well.
      const { width, height, channels, pixels } = unpack(await kept(page, picture));
      expect(Math.min(width, height)).toBeGreaterThan(200);
      const colours = new Set<string>();
      for (let i = 0; i < pixels.length && colours.size < 4; i += channels) colours.add(pixels.subarray(i, i + channels).join());
      expect(colours.size, "something is drawn").toBe(4);
    }
    const tables = main.getByRole("button", { name: t("chart.table"), exact: true });
    for (const table of await tables.all()) {
      await table.click();
      const region = main.getByRole("region", { name: new RegExp(`: ${t("chart.table")}$`) }).last();
      expect(await region.getByRole("row").count()).toBeGreaterThan(1);
    }
    await expectAccessible(page, `${name}, charts as tables`);
  });
});

describe("compared and split", () => {
  test.for([
    "/?compare=last_year", "/?compare=previous", "/retention?compare=last_year", "/retention?split=source", "/cohorts?compare=previous&grain=quarter", "/cohorts?split=country&grain=quarter", "/value?compare=last_year",
    "/value?split=source", "/claims?compare=last_year", "/retention?period=days&from=2024-01-01&to=2024-07-01",
  ])("%s", async (path, { visitor }) => {
    const page = await visitor({ signedIn: true, path: sample(path) });
    await settled(page);
    expect(await page.locator(".wrong").count(), await page.locator("main").innerText()).toBe(0);
    await expectAccessible(page, path);
    await page.setViewportSize({ width: 360, height: 740 });
    await expectNoSideways(page, path);
    await expectAccessible(page, `${path}, 360 pixels`);
  });
});
