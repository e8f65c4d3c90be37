// From the one-time link to one's own numbers, in each language, with each kind of file.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject } from "vitest";
import { expectAccessible } from "./harness/axe";
import { expectNoSideways, picture, settled } from "./harness/look";
import { behoud, exportsFolder } from "./harness/places";
import { Server } from "./harness/server";
import { type Language, owner, test } from "./harness/shop";
import { say } from "./harness/words";

interface Expected {
  options: { zone?: string; currency?: string; date_format?: string };
  counted_orders: number;
  rows: number;
  rejected: unknown[];
}
const expected = (file: string) => JSON.parse(readFileSync(`${file}.expected.json`, "utf8")) as Expected;
const scratch = mkdtempSync(join(tmpdir(), "behoud-journey-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const files: Record<Language, string[]> = {
  en: ["shopify-tax-included.csv", "shopify-parts.zip", "amazon-all-orders.txt"],
  nl: ["plain-dutch.xlsx", "bol-orders.jsonl"],
  sv: ["plain-swedish-utf16.csv", "plain-german.csv.gz"],
};

/** Gives files to the import page and answers what it asks; ends where the trial run's figures stand. */
async function give(page: Page, t: (typeof say)["en"], paths: string[], options: Expected["options"]): Promise<void> {
  await page.locator("input[type=file]").setInputFiles(paths);
  // The name at the head of what was read (of an archive, of its parts), not while it is being sent.
  await page.getByRole("heading", { name: new RegExp(`^${basename(paths[0] ?? "").replaceAll(".", "\\.")}`) }).waitFor();
  const field = async (label: string, value: string | undefined) => {
    const input = page.getByLabel(label, { exact: true });
    if (value !== undefined && (await input.count()) > 0) await input.fill(value);
  };
  await field(t("import.ask.timezone"), options.zone);
  await field(t("import.ask.currency"), options.currency);
  await page.getByRole("button", { name: new RegExp(t("import.go_plain")) }).waitFor();
}

/** A row of the bridge: its count, as a number. */
async function step(page: Page, name: string): Promise<number> {
  const cell = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) }).locator("td").first();
  return Number((await cell.innerText()).replaceAll(/[^\d]/g, ""));
}

describe.each(["en", "nl", "sv"] as const)("in %s", (language) => {
  const t = say[language];
  let server: Server;
  beforeAll(async () => {
    server = await Server.start({ sample: inject("sample") });
  });
  afterAll(() => server.stop());

  test("a new owner comes in by the link, imports, sees every page and takes an import back", async ({ visitor }) => {
    const page = await visitor({ server, language });
    await page.goto(server.link ?? "no link was printed");
    await page.getByLabel(t("signin.email")).fill(owner.email);
    await page.getByLabel(t("welcome.password", { n: 10 })).fill(owner.password);
    await page.getByRole("button", { name: t("welcome.button") }).click();

    // The sample is there to look at; "use my own orders" is the first button.
    await page.getByRole("link", { name: t("sample.own") }).first().click();
    await page.getByRole("heading", { name: t("import.title") }).waitFor();

    for (const [i, name] of (files[language]).entries()) {
      const path = join(exportsFolder, name);
      const truth = expected(path);
      if (i > 0) await page.goto(`${server.url}/import`);
      await give(page, t, [path], truth.options);
      await page.getByRole("cell").first().waitFor();
      expect(await step(page, t("import.step.rows")), name).toBe(truth.rows);
      expect(await step(page, t("import.step.counted_orders")), name).toBe(truth.counted_orders);
      await page.getByRole("button", { name: new RegExp(t("import.go_plain")) }).click();
      await page.getByRole("heading", { name: t("import.done", { file: name }) }).waitFor();
      expect(await step(page, t("import.step.counted_orders")), name).toBe(truth.counted_orders);
    }

    await page.getByRole("link", { name: t("import.see_numbers") }).click();
    await settled(page);
    expect(new URL(page.url()).pathname).toBe("/");

    // Every page of the navigation has its question for a title and no error.
    const links = page.getByRole("navigation").getByRole("link");
    const paths = await links.evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).pathname));
    expect(paths.length).toBeGreaterThan(8);
    for (const path of new Set(paths)) {
      await page.goto(`${server.url}${path}?shop=own`);
      await settled(page);
      expect(await page.locator(".wrong").count(), `${path}: ${await page.locator("main").innerText()}`).toBe(0);
      expect(await page.locator("html").getAttribute("lang")).toBe(language);
    }

    // The last import is taken back.
    await page.goto(`${server.url}/import`);
    await page.getByRole("button", { name: new RegExp(`^${t("import.undo")}`) }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: t("import.undo"), exact: true }).click();
    await page.getByRole("heading", { name: new RegExp(t("import.undo_done", { file: ".*" })) }).waitFor();
    await page.goto(`${server.url}/import`);
    await page.getByText(t("import.state.undone"), { exact: true }).waitFor();
  });
});

describe("further files", () => {
  let server: Server;
  beforeAll(async () => {
    server = await Server.start({ sample: inject("sample") });
  });
  afterAll(() => server.stop());
  const t = say.en;

  test("Parquet, and the small tables beside the orders", async ({ visitor }) => {
    const parquet = join(scratch, "orders.parquet");
    execFileSync(behoud, ["export", "orders", "--data", inject("sample"), "--out", parquet], { stdio: "pipe" });
    const page = await visitor({ server, signedIn: true, path: "/import" });
    await page.locator("input[type=file]").setInputFiles(parquet);
    // Nothing says which of its columns is the amount: the reader does.
    await page.getByText(t("import.ask.title", { n: 1 })).waitFor();
    await page.getByLabel(t("import.role_of", { column: "revenue_minor" })).selectOption("amount");
    await page.getByRole("button", { name: new RegExp(t("import.go_plain")) }).waitFor();
    await page.getByRole("button", { name: new RegExp(t("import.go_plain")) }).click();
    await page.getByRole("heading", { name: t("import.done", { file: "orders.parquet" }) }).waitFor();

    const tables: [string, string][] = [
      ["costs", "costs-nl.csv"], ["customers", "customers-shopify.csv"], ["items", "items-de.csv"], ["rates", "rates-eurofxref-hist.csv"], ["subscriptions", "subscriptions-nl.csv"],
    ];
    for (const [kind, name] of tables) {
      await page.goto(`${server.url}/import?kind=${kind}`);
      await give(page, t, [join(exportsFolder, "../tables", name)], {});
      await page.getByRole("cell").first().waitFor();
      await page.getByRole("button", { name: new RegExp(t("import.go_plain")) }).click();
      await page.getByRole("heading", { name: t("import.done", { file: name }) }).waitFor();
    }
    await page.goto(`${server.url}/costs`);
    await page.getByText(t("costs.origin.file"), { exact: true }).first().waitFor();
  });

  test("rows that cannot be read are told and can be fetched; a column is corrected by hand", async ({ visitor }) => {
    const page = await visitor({ server, signedIn: true, path: "/import" });
    await give(page, t, [join(exportsFolder, "plain-line-items.csv")], { zone: "UTC" });
    await page.getByText(t("import.rejected", { n: 13 })).waitFor();
    await picture(page, "import-trial");
    // What the reader says holds, also after a reload.
    await page.getByLabel(t("import.role_of", { column: "SKU" })).selectOption("item_name");
    await page.getByText(/you said so/).waitFor();
    await page.reload();
    await expect.poll(() => page.getByLabel(t("import.role_of", { column: "SKU" })).inputValue()).toBe("item_name");
    await page.getByRole("button", { name: new RegExp(t("import.go_plain")) }).click();
    const wait = page.waitForEvent("download");
    await page.getByRole("link", { name: t("import.rejected_download") }).click();
    const download = await wait;
    const csv = readFileSync(await download.path(), "utf8");
    expect(csv.trim().split("\n").length).toBe(13 + 1);
    // And later, from the list of what came in.
    await page.getByRole("link", { name: t("import.list") }).click();
    await page.getByRole("link", { name: t("import.left_out.named", { n: 13, file: "plain-line-items.csv" }) }).click();
    await page.getByRole("heading", { name: t("import.left_out.title", { file: "plain-line-items.csv" }) }).waitFor();
    await page.reload();
    await page.getByText(t("import.rejected", { n: 13 })).waitFor();
    expect(await page.getByRole("row").count()).toBe(13 + 1);
    await expectAccessible(page, "the rows that were left out");
    await page.setViewportSize({ width: 360, height: 740 });
    await expectNoSideways(page, "the rows that were left out");
    await page.setViewportSize({ width: 1280, height: 800 });
    const again = page.waitForEvent("download");
    await page.getByRole("link", { name: t("chart.csv") }).click();
    expect(readFileSync(await (await again).path(), "utf8")).toBe(csv);
  });
});
