// What goes wrong while somebody is at work, and what must not be lost.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, describe, expect } from "vitest";
import { settled } from "./harness/look";
import { bring, owner, test, type Visitor } from "./harness/shop";
import { say } from "./harness/words";

const t = say.en;
const scratch = mkdtempSync(join(tmpdir(), "behoud-faults-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const hostile = [
  "<script>window.hacked = 1</script>", '"><img src=x onerror="window.hacked = 1">', "javascript:window.hacked=1", "{{constructor.constructor('window.hacked=1')()}}", "=HYPERLINK(\"http://evil.example\")",
];
const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;

describe("what an imported file holds", () => {
  test("is shown as it is, and never run", async ({ visitor }) => {
    const page = await visitor({ signedIn: true });
    const names = [...hostile, "שרה כהן", "محمد علي", "Åsa 👩🏽‍🚀 Öberg", "\u202Eevil\u202C", "x".repeat(300)];
    const rows = names.map((name, i) => `o${i},c${i},${quote(name)},c${i}@example.com,2024-0${(i % 9) + 1}-01,${10 + i}.00,EUR,${quote(name)},${quote(name)}`);
    await bring(page, "<img src=x onerror=window.hacked=1>.csv".replaceAll("/", ""), `order,customer,name,email,date,total,currency,item name,status\n${rows.join("\n").replaceAll(/,[^,]*$/gm, ",paid")}\n`);

    await page.goto("/customers?shop=own");
    await page.getByRole("link", { name: hostile[0] ?? "" }).waitFor();
    for (const name of ["שרה כהן", "محمد علي", "Åsa 👩🏽‍🚀 Öberg"]) expect(await page.getByRole("link", { name }).count(), name).toBe(1);
    await page.getByRole("link", { name: hostile[1] ?? "" }).click();
    await page.getByRole("heading", { level: 1, name: hostile[1] ?? "" }).waitFor();
    for (const summary of await page.locator("details summary").all()) await summary.click().catch(() => undefined);
    for (const path of ["/import", "/", "/settings", "/retention", "/people?behind=new&from_day=2024-01-01&to_day=2025-01-01"]) {
      await page.goto(path);
      await settled(page);
    }
    expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
    // Nothing ran because nothing could: the page carries a policy as well.
    const policy = (await page.request.get("/")).headers()["content-security-policy"] ?? "";
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain("script-src 'self' 'unsafe-inline'");
  });
});

/** Fills in a cost without saving it. */
async function fillCost(page: Page, amount: string, note: string) {
  await page.goto("/costs?shop=own");
  await page.getByRole("button", { name: t("costs.add") }).click();
  await page.getByLabel(t("costs.amount_in", { currency: "EUR" })).fill(amount);
  await page.getByLabel(new RegExp(`^${t("costs.note")}`)).fill(note);
}
const save = (page: Page) => page.getByRole("button", { name: t("costs.save") }).click();

/** A reader of a shop that has a currency. */
async function atWork(visitor: Visitor, more: Parameters<Visitor>[0] = {}): Promise<Page> {
  const page = await visitor({ signedIn: true, ...more });
  const shops = (await (await page.request.get("/api/v1/shops")).json()) as { rows: { shop: string; state: string }[] };
  if (shops.rows.find((shop) => shop.shop === "own")?.state === "empty") {
    await bring(page, "orders.csv", "order,customer,date,total,currency\n1,c1,2024-01-01,10.00,EUR\n2,c2,2024-02-01,20.00,EUR\n");
  }
  return page;
}

describe("at work", () => {
  test("the session ends in the middle of an edit: sign in and go on", async ({ visitor }) => {
    const page = await atWork(visitor, { expectsErrors: /status of 401/ });
    await fillCost(page, "12.50", "typed before the session ended");
    await page.context().clearCookies();
    await save(page);
    const form = page.getByRole("dialog").filter({ has: page.getByLabel(t("signin.password")) });
    await form.getByLabel(t("signin.password")).fill(owner.password);
    await form.getByRole("button", { name: t("signin.button") }).click();
    await page.getByRole("row", { name: /typed before the session ended/ }).waitFor();
    expect(await page.getByRole("row", { name: /typed before/ }).count()).toBe(1);
  });

  test("a cost is changed, taken away and brought back", async ({ visitor }) => {
    const page = await atWork(visitor);
    await fillCost(page, "1,250.50", "to be undone");
    await save(page);
    const row = page.getByRole("row", { name: /to be undone/ });
    await row.waitFor();
    expect(await row.innerText()).toContain("€1,250.50");
    await row.getByRole("button", { name: /Change/ }).click();
    await page.getByLabel(t("costs.amount_in", { currency: "EUR" })).fill("99");
    await save(page);
    await page.getByRole("row", { name: /€99\.00.*to be undone/ }).waitFor();
    await page.getByRole("row", { name: /to be undone/ }).getByRole("button", { name: /Delete/ }).click();
    await expect.poll(() => page.getByRole("row", { name: /to be undone/ }).count()).toBe(0);
    await page.getByRole("button", { name: t("costs.undo") }).click();
    await page.getByRole("row", { name: /€99\.00.*to be undone/ }).waitFor();
  });

  test("the network fails while saving: nothing is lost, and nothing is saved twice", async ({ visitor }) => {
    const page = await atWork(visitor, { expectsErrors: /ERR_INTERNET_DISCONNECTED|Failed to load/ });
    await fillCost(page, "7", "over a bad line");
    await page.context().setOffline(true);
    await save(page);
    await page.getByRole("dialog").getByRole("alert").waitFor();
    expect(await page.getByLabel(new RegExp(`^${t("costs.note")}`)).inputValue()).toBe("over a bad line");
    await page.context().setOffline(false);
    await save(page);
    await page.getByRole("row", { name: /over a bad line/ }).waitFor();

    // The answer gets lost and not the question: it is sent again and entered once.
    await fillCost(page, "8", "answered into the void");
    let lost = false;
    await page.route(/\/api\/v1\/costs$/, async (route) => {
      if (lost || route.request().method() !== "POST") return route.continue();
      lost = true;
      await route.fetch();
      return route.abort("connectionreset");
    });
    await save(page);
    await page.getByRole("dialog").getByRole("alert").waitFor();
    await save(page);
    await page.getByRole("row", { name: /answered into the void/ }).first().waitFor();
    await page.unrouteAll();
    await page.reload();
    await page.getByRole("row", { name: /answered into the void/ }).first().waitFor();
    expect(await page.getByRole("row", { name: /answered into the void/ }).count()).toBe(1);
  });

  test("two tabs change the settings: the second is told, and decides", async ({ visitor }) => {
    const first = await atWork(visitor, { expectsErrors: /status of 409/ });
    const second = await first.context().newPage();
    for (const page of [first, second]) {
      await page.goto("/settings?shop=own");
      await page.getByLabel(t("settings.window")).waitFor();
    }
    await first.getByLabel(t("settings.window")).fill("120");
    await first.getByRole("button", { name: t("settings.save") }).click();
    await first.getByText(t("settings.saved")).waitFor();
    await second.getByLabel(t("settings.window")).fill("150");
    await second.getByRole("button", { name: t("settings.save") }).click();
    await second.getByText(t("settings.meanwhile")).waitFor();
    expect(await second.getByLabel(t("settings.window")).inputValue()).toBe("150");
    await second.getByRole("button", { name: t("settings.save") }).click();
    await second.getByText(t("settings.saved")).waitFor();
    await first.reload();
    await expect.poll(() => first.getByLabel(t("settings.window")).inputValue()).toBe("150");
  });

  test("an import is watched through a reload", async ({ visitor }) => {
    const page = await atWork(visitor);
    const lines = Array.from({ length: 60_000 }, (_, i) => `n${i},k${i % 9000},202${(i % 4) + 1}-0${(i % 9) + 1}-11,${(i % 90) + 1}.50,EUR`);
    const path = join(scratch, "many.csv");
    writeFileSync(path, `order,customer,date,total,currency\n${lines.join("\n")}\n`);
    await page.goto("/import");
    await page.locator("input[type=file]").setInputFiles(path);
    await page.getByRole("button", { name: new RegExp(t("import.go_plain")) }).click();
    await page.waitForURL(/job=/);
    await page.reload();
    await page.getByRole("heading", { name: t("import.done", { file: "many.csv" }) }).waitFor({ timeout: 40_000 });
  });

  test("a tab that is older than the server is asked to reload", async ({ visitor }) => {
    const page = await visitor({ signedIn: true, path: "/definitions" });
    await settled(page);
    await page.route(/\/$/, async (route) => {
      const response = await route.fetch();
      return route.fulfill({ response, body: (await response.text()).replaceAll("/assets/", "/assets/of-another-") });
    });
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await page.getByText(t("newer.say")).waitFor();
  });

  test("the server is killed and comes back: the page goes on", async ({ visitor, server }) => {
    const page = await atWork(visitor, { expectsErrors: /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_SOCKET|Failed to load/ });
    await fillCost(page, "9", "while the server was gone");
    await server.kill();
    await save(page);
    await page.getByRole("dialog").getByRole("alert").waitFor();
    await server.again();
    await save(page);
    await page.getByRole("row", { name: /while the server was gone/ }).waitFor();
  });
});
