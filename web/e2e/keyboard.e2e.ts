// Without a mouse: from the head of a page to a number, its people and one of them, and through the forms.
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { settled } from "./harness/look";
import { test } from "./harness/shop";
import { say } from "./harness/words";

const t = say.en;

/** Presses Tab until what has the focus is one of these. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 120; ++i) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  throw new Error(`no way to ${selector} by Tab`);
}

describe("without a mouse", () => {
  test("a number, its definition, its people, one of them, and back", async ({ visitor }) => {
    const page = await visitor({ signedIn: true, path: "/retention?shop=sample" });
    await settled(page);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(t("shell.skip"));
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
    await tabTo(page, "main .figure a.num");
    await page.getByRole("tooltip").waitFor();
    // Where the focus is can be seen.
    expect(await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle)).not.toBe("none");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/people\?/);
    await settled(page);
    await tabTo(page, "main .table-scroll");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/customers\//);
    await settled(page);
    await page.goBack();
    await page.goBack();
    await page.waitForURL(/\/retention\?/);
  });

  test("filters, and a chart as a table", async ({ visitor }) => {
    const page = await visitor({ signedIn: true, path: "/retention?shop=sample" });
    await settled(page);
    await page.getByLabel(t("filter.grain"), { exact: true }).focus();
    await page.keyboard.type("quarter");
    await page.waitForURL(/grain=quarter/);
    await settled(page);
    await tabTo(page, "main .chart-tools button[aria-pressed]");
    await page.keyboard.press("Space");
    await tabTo(page, "main .chart .table-scroll");
  });

  test("a cost is entered", async ({ visitor }) => {
    const page = await visitor({ signedIn: true, path: "/import?shop=own" });
    await page.locator("input[type=file]").setInputFiles({ name: "a.csv", mimeType: "text/csv", buffer: Buffer.from("order,customer,date,total,currency\n1,c1,2024-01-01,10.00,EUR\n") });
    await page.getByRole("button", { name: new RegExp(t("import.go_plain")) }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: t("import.see_numbers") }).waitFor();
    await page.goto("/costs?shop=own");
    await settled(page);
    await page.getByRole("button", { name: t("costs.add") }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.getByLabel(t("costs.amount_in", { currency: "EUR" })).focus();
    await page.keyboard.type("12.50");
    await page.keyboard.press("Enter");
    await page.getByRole("row", { name: /12\.50/ }).waitFor();
  });
});
