// A slow line that loses requests: what is shown comes in the end, and what is sent is done once. What is lost is chosen by a seed, which
// is printed; BEHOUD_SEED repeats a run.
import type { Page, Route } from "playwright-core";
import { describe, expect } from "vitest";
import { settled } from "./harness/look";
import { bring, owner, test } from "./harness/shop";
import { say } from "./harness/words";

const t = say.en;
const seed = Number(process.env["BEHOUD_SEED"] ?? Date.now() % 1_000_000_007);

/** mulberry32 */
function random(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Each call waits, and one in four is lost: half of those before the server hears of it, half when it has done what it was asked. */
async function loseSome(page: Page, salt: number): Promise<{ lost: () => number }> {
  const next = random(seed + salt);
  let lost = 0;
  await page.route(/\/api\/v1\/(?!jobs\/[^/]+\/events)/, async (route: Route) => {
    const fate = next();
    await new Promise((go) => setTimeout(go, 20 + next() * 180));
    if (fate >= 0.25) return route.continue();
    lost += 1;
    if (fate < 0.125) await route.fetch().catch(() => undefined);
    return route.abort("connectionreset").catch(() => undefined);
  });
  return { lost: () => lost };
}

/** Presses "again" as long as something is wrong. */
async function persist(good: () => Promise<boolean>, again: () => Promise<void>): Promise<void> {
  for (let i = 0; i < 40; i++) {
    if (await good()) return;
    await again();
  }
  throw new Error("40 times, and it still fails");
}

const bad = /ERR_CONNECTION_RESET|ERR_FAILED|ERR_INTERNET_DISCONNECTED|Failed to load|ERR_TIMED_OUT/;

describe("a slow line that loses requests", () => {
  test("every page shows its answer in the end", async ({ visitor }) => {
    console.log(`network: seed ${seed}`);
    const page = await visitor({ signedIn: true, expectsErrors: bad, path: "/?shop=sample" });
    await settled(page);
    const { lost } = await loseSome(page, 1);
    for (const path of ["/", "/retention", "/cohorts", "/value", "/claims", "/customers", "/definitions"]) {
      await page.goto(`${path}?shop=sample`);
      const good = async () => {
        await settled(page).catch(() => undefined);
        return (await page.locator(".wrong").count()) === 0 && (await page.locator("h1").count()) === 1 && (await page.locator(".alone").count()) === 0;
      };
      await persist(good, async () => {
        const button = page.getByRole("button", { name: t("error.again") }).first();
        await button.click({ timeout: 2000 }).catch(() => undefined);
      });
    }
    console.log(`network: ${lost()} calls were lost`);
    expect(lost()).toBeGreaterThan(0);
  });

  test("what is saved is there once, however often it was sent", async ({ visitor }) => {
    console.log(`network: seed ${seed}`);
    const page = await visitor({ signedIn: true, expectsErrors: bad });
    await bring(page, "orders.csv", "order,customer,date,total,currency\n1,c1,2024-01-01,10.00,EUR\n2,c2,2024-02-01,20.00,EUR\n");
    await page.goto("/costs?shop=own");
    await settled(page);
    const notes = Array.from({ length: 6 }, (_, i) => `over a bad line ${i}`);
    const { lost } = await loseSome(page, 2);
    for (const note of notes) {
      await page.getByRole("button", { name: t("costs.add") }).first().click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel(t("costs.amount_in", { currency: "EUR" })).fill("5");
      await dialog.getByLabel(new RegExp(`^${t("costs.note")}`)).fill(note);
      const save = dialog.getByRole("button", { name: t("costs.save") });
      await persist(
        async () => (await dialog.count()) === 0,
        async () => {
          // What the last try said may still stand while this one is on its way: then the form goes under the click.
          await save.click({ timeout: 2000 }).catch(() => undefined);
          // Saved, or refused: the form is gone or says what is wrong.
          await expect.poll(async () => (await dialog.count()) === 0 || ((await save.isEnabled()) && (await dialog.getByRole("alert").count()) > 0), { timeout: 15_000 }).toBe(true);
        },
      );
    }
    await page.unrouteAll({ behavior: "ignoreErrors" });
    console.log(`network: ${lost()} calls were lost`);
    const { rows } = (await (await page.request.get("/api/v1/costs?shop=own")).json()) as { rows: { note: string }[] };
    expect(rows.map((row) => row.note).sort()).toEqual(notes);
  });

  test("a page's file that cannot be fetched is said, and fetched again", async ({ visitor }) => {
    const page = await visitor({ signedIn: true, expectsErrors: /Failed to fetch dynamically|ERR_CONNECTION_RESET|Failed to load|dynamically imported/ });
    let failing = true;
    await page.route(/\/assets\/claims-/, (route) => (failing ? route.abort("connectionreset") : route.continue()));
    await page.goto("/claims?shop=sample");
    await page.locator(".wrong").waitFor();
    failing = false;
    await page.getByRole("button", { name: t("error.again") }).click();
    await page.getByRole("heading", { level: 1, name: t("claims.title") }).waitFor();
  });
});

describe("the session ends", () => {
  test("while a file is on its way: sign in, and it goes on", async ({ visitor }) => {
    const page = await visitor({ signedIn: true, path: "/import?shop=own", expectsErrors: /status of 401/ });
    await page.locator("input[type=file]").waitFor({ state: "attached" });
    await page.context().clearCookies();
    await page.locator("input[type=file]").setInputFiles({ name: "late.csv", mimeType: "text/csv", buffer: Buffer.from("order,customer,date,total,currency\n91,c91,2024-01-01,10.00,EUR\n") });
    const form = page.getByRole("dialog").filter({ has: page.getByLabel(t("signin.password")) });
    await form.getByLabel(t("signin.password")).fill(owner.password);
    await form.getByRole("button", { name: t("signin.button") }).click();
    await page.getByRole("heading", { name: /^late\.csv/ }).waitFor();
  });

  test("in one tab, and another goes on after signing in once", async ({ visitor }) => {
    const first = await visitor({ signedIn: true, path: "/definitions", expectsErrors: /status of 401/ });
    const second = await first.context().newPage();
    await second.goto("/definitions");
    await settled(second);
    const kept = await first.context().cookies();
    await first.context().clearCookies();
    // Whatever asks first finds the session over; where that is not the click, it is done when the form is gone.
    const link = (page: Page) => page.getByRole("link", { name: t("nav.retention") });
    const clicks = new Map([first, second].map((page) => [page, link(page).click()]));
    for (const page of [first, second]) {
      const form = page.getByRole("dialog").filter({ has: page.getByLabel(t("signin.password")) });
      await form.waitFor();
    }
    // The second signs in; the first asks again with its own form.
    for (const page of [second, first]) {
      const form = page.getByRole("dialog").filter({ has: page.getByLabel(t("signin.password")) });
      await form.getByLabel(t("signin.password")).fill(owner.password);
      await form.getByRole("button", { name: t("signin.button") }).click();
      await form.waitFor({ state: "detached" });
      // What the pointer rests on is asked for ahead: a form that comes between press and release takes the click.
      await clicks.get(page);
      if (new URL(page.url()).pathname !== "/retention") await link(page).click();
      await page.locator(".answer").waitFor();
    }
    await expect.poll(() => first.getByRole("dialog").count()).toBe(0);
    await first.context().addCookies(kept);
  });
});
