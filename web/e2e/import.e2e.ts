// What the import page says of a file that it cannot read, in the reader's language and with the way out that the page has; and a column
// that is not what it looks like.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject } from "vitest";
import { expectAccessible } from "./harness/axe";
import { expectNoSideways } from "./harness/look";
import { Server } from "./harness/server";
import { change, test } from "./harness/shop";
import { say } from "./harness/words";

const scratch = mkdtempSync(join(tmpdir(), "behoud-import-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function give(page: Page, name: string, content: string | Buffer): Promise<void> {
  const path = join(scratch, name);
  writeFileSync(path, content);
  await page.goto("/import");
  await page.locator("input[type=file]").setInputFiles(path);
}

describe("a file that cannot be read", () => {
  const cases = {
    nl: [
      ["bestellingen.json", '[{"id":1},\n {"id":\n', "bestellingen.json, regel 2: Wat op deze regel begint, houdt nergens op: het bestand is afgebroken.", "Download of exporteer het opnieuw."],
      ["bestellingen.xlsx", "PK", "bestellingen.xlsx: Het bestand is afgebroken: het einde ontbreekt.", "Download of exporteer het opnieuw."],
      ["klanten.csv", "kleur,datum\nx,2024-01-05\n", "Geen kolom herkend voor: Klantnummer, Bedrag.", "Kies hieronder welke kolom wat bevat, of kies een andere soort inhoud."],
    ],
    sv: [
      ["order.csv", "kund,datum,belopp,valuta\na,03/04/2024,10,SEK\nb,05/06/2024,11,SEK\n", "Det går inte att avgöra vilket tal i datumen i kolumnen ”datum” som är dagen, till exempel ”03/04/2024”.", "Ange hur datumen skrivs."],
      ["order.pdf", "%PDF-1.7\n", "order.pdf: Det här är en pdf, ingen tabell.", "Exportera orderna från din butik som CSV eller .xlsx."],
    ],
  } as const;
  for (const language of ["nl", "sv"] as const) {
    test(`says so in ${language}, with the way out of the page`, async ({ visitor }) => {
      const page = await visitor({ signedIn: true, language });
      for (const [name, content, what, wayOut] of cases[language]) {
        await give(page, name, content);
        const box = page.getByRole("alert").filter({ hasText: what });
        await box.waitFor();
        expect(await box.innerText()).toContain(wayOut);
        expect(await box.innerText(), "no word of the command line, nor of another language").not.toMatch(/--[a-z]|cannot|column/);
      }
    });
  }
});

describe("a file of which one needed column is not recognised", () => {
  const t = say.nl;
  test("shows the others as what they are, and asks for that one", async ({ visitor }) => {
    const page = await visitor({ signedIn: true, language: "nl" });
    await give(page, "punten.csv", "klant,besteldatum,munten,valuta\na,2024-01-25,10,EUR\nb,2024-01-26,12,EUR\n");
    await page.getByRole("alert").filter({ hasText: "Geen kolom herkend voor: Bedrag." }).waitFor();
    const role = (column: string) => page.getByLabel(t("import.role_of", { column }));
    expect(await role("klant").inputValue()).toBe("customer");
    expect(await role("besteldatum").inputValue()).toBe("date");
    expect(await role("munten").inputValue()).toBe("");
    const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "klant" }) });
    expect(await row.innerText()).toContain(t("import.sure.likely"));
    await expectAccessible(page, "an import of which a column is missing");
    await page.getByLabel(t("import.missing", { role: t("import.role.amount") })).selectOption({ label: "munten" });
    await page.getByRole("heading", { name: t("import.check") }).waitFor();
    await expect.poll(() => role("munten").inputValue()).toBe("amount");
    await page.getByRole("alert").waitFor({ state: "detached" });
    expect(new URL(page.url()).searchParams.get("map")).toBe("amount=munten");
  });
});

describe("a column that is not what it looks like", () => {
  let server: Server;
  beforeAll(async () => {
    server = await Server.start({ sample: inject("sample") });
  });
  afterAll(() => server.stop());
  const t = say.nl;

  test("is taken for nothing, also after a reload and in the next file of its shape", async ({ visitor }) => {
    const page = await visitor({ server, signedIn: true, language: "nl" });
    const head = "order,customer,date,amount,currency,discount\n";
    await give(page, "een.csv", `${head}1,a,2024-01-25,10.00,EUR,3.00\n2,b,2024-01-26,12.00,EUR,4.00\n`);
    const role = page.getByLabel(t("import.role_of", { column: "discount" }));
    await expect.poll(() => role.inputValue()).toBe("discount");
    await page.getByRole("rowheader", { name: t("import.step.discount") }).waitFor();
    await role.selectOption("");
    await page.getByRole("rowheader", { name: t("import.step.discount") }).waitFor({ state: "detached" });
    expect(new URL(page.url()).searchParams.get("map")).toBe("discount=-");
    await page.reload();
    await expect.poll(() => role.inputValue()).toBe("");
    await page.getByRole("button", { name: new RegExp(t("import.go_plain")) }).click();
    await page.getByRole("heading", { name: t("import.done", { file: "een.csv" }) }).waitFor();

    await give(page, "twee.csv", `${head}3,c,2024-02-25,10.00,EUR,3.00\n`);
    await page.getByRole("heading", { name: "twee.csv" }).waitFor();
    await expect.poll(() => role.inputValue()).toBe("");
    // And it can be had back.
    await role.selectOption("discount");
    await page.getByRole("rowheader", { name: t("import.step.discount") }).waitFor();
  });
});

describe("a file with a status that nobody knows", () => {
  const t = say.nl;
  test("leads to where its meaning is said, and is taken back without scrolling aside", async ({ visitor }) => {
    const page = await visitor({ signedIn: true, language: "nl", width: 1024, height: 800 });
    await give(page, "een-lange-naam-van-een-export-van-de-winkel.csv", "bestelnummer,klant,datum,bedrag,valuta,status\n1,a,2024-01-25,10.00,EUR,vreemd\n2,b,2024-01-26,12.00,EUR,paid\n");
    await page.getByRole("button", { name: new RegExp(t("import.go_plain")) }).click();
    // The page's own way out, and no command's: to the word itself, ready to be decided.
    const notice = page.getByRole("listitem").filter({ hasText: "vreemd" });
    await notice.waitFor();
    expect(await notice.innerText()).not.toMatch(/behoud |--/);
    await page.getByRole("link", { name: t("today.mend.settings") }).click();
    const meaning = page.getByLabel(t("settings.status_of", { word: "vreemd" }));
    await meaning.waitFor();
    await expect.poll(() => meaning.evaluate((at) => document.activeElement === at)).toBe(true);
    await expectAccessible(page, "settings at a status word");
    // The same from the morning's page.
    await page.goto("/?shop=own");
    await page.getByRole("link", { name: new RegExp(`^${t("today.mend.settings")}`) }).click();
    await expect.poll(() => meaning.evaluate((at) => document.activeElement === at)).toBe(true);
    await page.keyboard.press("ArrowDown");
    await page.getByRole("button", { name: t("settings.save") }).click();
    await page.getByText(t("settings.saved")).waitFor();
    await page.goto("/import");
    const undo = page.getByRole("button", { name: t("import.undo_named", { file: "een-lange-naam-van-een-export-van-de-winkel.csv" }) });
    const [at, table] = await Promise.all([undo.boundingBox(), page.getByRole("region", { name: t("import.list") }).boundingBox()]);
    expect(at!.x + at!.width).toBeLessThanOrEqual(table!.x + table!.width);
  });
});

describe("a file that is looked at first", () => {
  const orders = `order,customer,date,amount,currency\n${Array.from({ length: 60 }, (_, i) => `${i},c${i % 20},2024-0${1 + (i % 6)}-1${i % 9},${i + 5}.00,EUR`).join("\n")}\n`;
  for (const [language, width] of [["en", 1440], ["nl", 360], ["sv", 1024]] as const) {
    test(`opens its report, imports nothing and leaves nothing, by keyboard: ${language}`, async ({ visitor }) => {
      const t = say[language];
      const page = await visitor({ signedIn: true, language, width, height: 800, dark: language === "nl" });
      const imports = async () => ((await (await page.request.get("/api/v1/imports?shop=own")).json()) as { rows?: unknown[] }).rows?.length ?? 0;
      const before = await imports();
      await give(page, `orders-${language}.csv`, orders);
      const look = page.getByRole("button", { name: t("import.look.first") });
      await expect.poll(() => look.isEnabled()).toBe(true);
      await expectNoSideways(page, "a file that may be looked at first");
      await expectAccessible(page, "a file that may be looked at first");
      await look.focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/api\/v1\/reports\/j_\w+\?format=html$/);
      expect(await page.locator("html").getAttribute("lang")).toBe(language);
      expect(await page.locator("body").innerText()).toContain(`orders-${language}.csv`);
      const report = page.url();
      // Back, it stays: with the report, the way on, and the way out.
      await page.goBack();
      await page.getByRole("heading", { name: t("import.look.ready", { file: `orders-${language}.csv` }) }).waitFor();
      await page.getByText(t("import.look.ready_text", { n: 60 })).waitFor();
      await expectNoSideways(page, "a report that is ready");
      await expectAccessible(page, "a report that is ready");
      expect(await page.getByRole("link", { name: t("import.look.open") }).getAttribute("href")).toBe(report);
      await page.getByRole("button", { name: t("import.look.import") }).click();
      await page.getByRole("heading", { name: `orders-${language}.csv` }).waitFor();
      // A dry run may be reading the file by now: it is stopped where it is.
      await page.goBack();
      const upload = new URL(page.url()).searchParams.get("files")!;
      await page.getByRole("link", { name: t("import.look.open") }).focus();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: t("import.choose") }).waitFor();
      expect((await page.request.get(report)).status()).toBe(404);
      const again = await change(page.request, new URL(page.url()).origin, "post", "/api/v1/uploads/recognise", { uploads: [upload], kind: "orders" });
      expect(again.status(), "the file is gone too").toBe(404);
      expect(await imports()).toBe(before);
    });
  }

  test("is found again while it is under way, by whoever closed the page", async ({ visitor }) => {
    const t = say.nl;
    const page = await visitor({ signedIn: true, language: "nl", width: 360, height: 800, expectsErrors: /ERR_FAILED|status of 404/ });
    await give(page, "gevonden.csv", orders);
    const look = page.getByRole("button", { name: t("import.look.first") });
    await expect.poll(() => look.isEnabled()).toBe(true);
    await look.click();
    await page.waitForURL(/\/api\/v1\/reports\/j_\w+\?format=html$/);
    const id = /j_\w+/.exec(page.url())![0];
    // As it was before it came to its end, which a file of this size does too soon to be looked at.
    const job = (await (await page.request.get(`/api/v1/jobs/${id}`)).json()) as object;
    const running = { ...job, state: "running", done: 1_500_000, total: 3_000_000, result: null, ended_at: null };
    const waiting = { ...running, id: "j_0", kind: "import", state: "waiting", title: "een-heel-lange-naam-van-een-bestand-met-bestellingen-2024.csv" };
    let over = false;
    await page.route(/\/api\/v1\/jobs\?/, (route) => route.fulfill({ json: { rows: over ? [] : [waiting, running], next: null } }));
    await page.route(new RegExp(`/api/v1/jobs/${id}/events`), (route) => route.abort());
    await page.route(new RegExp(`/api/v1/jobs/${id}$`), (route) => (over ? route.continue() : route.fulfill({ json: running })));
    await page.goto("/import?shop=own");
    const list = page.getByRole("region", { name: t("import.under_way") });
    await list.getByText(t("import.doing.report", { file: "gevonden.csv" })).waitFor();
    expect(await list.getByRole("progressbar").evaluate((bar: HTMLProgressElement) => [bar.value, bar.max])).toEqual([1_500_000, 3_000_000]);
    await list.getByText(t("import.doing_waits")).waitFor();
    await expectNoSideways(page, "what is under way");
    await expectAccessible(page, "what is under way");
    const href = await list.getByRole("link", { name: t("import.doing.report", { file: "gevonden.csv" }) }).getAttribute("href");
    expect(new URL(href!, page.url()).searchParams.get("report")).toBe(id);
    over = true;
    await list.getByText(t("import.look.ready", { file: "gevonden.csv" })).first().waitFor();
    expect(await list.getByRole("progressbar").count()).toBe(0);
    await list.getByRole("link").click();
    // Found again, it can be removed with its file.
    await page.getByRole("button", { name: t("import.look.remove") }).click();
    await page.getByRole("button", { name: t("import.choose") }).waitFor();
    expect((await page.request.get(`/api/v1/reports/${id}`)).status()).toBe(404);
  });

  test("says why where no report can be made, and leads back to the file", async ({ visitor }) => {
    const t = say.en;
    const page = await visitor({ signedIn: true, expectsErrors: /status of 404/ });
    await give(page, "orders.csv", orders);
    const look = page.getByRole("button", { name: t("import.look.first") });
    await expect.poll(() => look.isEnabled()).toBe(true);
    // The file goes in between, as it does after a day.
    const upload = new URL(page.url()).searchParams.get("files")!;
    await expect.poll(async () => (await change(page.request, new URL(page.url()).origin, "delete", `/api/v1/uploads/${upload}`)).status()).toBe(204);
    await look.click();
    await page.getByRole("alert").first().waitFor();
    expect(new URL(page.url()).searchParams.get("report")).toBe(null);
  });
});
