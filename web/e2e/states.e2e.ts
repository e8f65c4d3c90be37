// Pages when something is missing: words (a language that nobody speaks), orders, the server; and what opens over a page.
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { expectAccessible } from "./harness/axe";
import { picture, settled } from "./harness/look";
import { pages, withParam } from "./harness/pages";
import { test } from "./harness/shop";
import { say } from "./harness/words";

const sample = (path: string) => withParam(path, "shop", "sample");

describe.each(pages)("$name", ({ name, path }) => {
  test("has no word that is not in a catalogue", async ({ visitor }) => {
    const page = await visitor({ signedIn: true, path: withParam(sample(path), "lang", "xx") });
    await settled(page);
    // What a page itself says: headings, labels, heads of columns, buttons. What it shows (names, figures, the contract) is not words.
    // The terms of the definitions and what stands on Today's own part are the server's words, in a language that it has; a
    // customer's page has their name for a title.
    const served: Record<string, readonly string[]> = { definitions: ["dt"], today: ["h2", "h3", "dt", ".lead"], customer: ["h1"] };
    const own = ["h1", "h2", "h3", "dt", ".lead", "label", "legend", "summary", "thead th", "button", "nav a", ".notice"].filter((part) => !served[name]?.includes(part)).join();
    const bare = await page.evaluate((parts) => {
      const said = [...document.querySelectorAll(parts)];
      return said
        .filter((e) => !e.closest("[lang]:not(html), bdi, kbd, code, .hidden, .brand") && (e as HTMLElement).offsetParent !== null)
        .map((e) => {
          const copy = e.cloneNode(true) as HTMLElement;
          for (const shown of copy.querySelectorAll("bdi, code, kbd, select, svg")) shown.remove();
          return copy.textContent.trim();
        })
        .filter((text) => /\p{L}{2,}/u.test(text) && !text.includes("⟦"));
    }, own);
    // Names that are the same in every language, and the reader's own address.
    expect(bare.filter((text) => !/^(Behoud|CSV|PNG|English|Nederlands|Svenska|owner@example\.com.*)$/.test(text) && !/^[\p{Lu}\d]{1,4}\s?'?\d*$/u.test(text))).toEqual([]);
  });

  test("says what to do when the server fails, and goes on when it is well again", async ({ visitor }) => {
    const page = await visitor({ signedIn: true, expectsErrors: /status of 500/ });
    let failing = true;
    const kept = /\/api\/v1\/(session|shops)(\?|$)/;
    await page.route(/\/api\/v1\//, (route) =>
      failing && !kept.test(route.request().url()) ? route.fulfill({ status: 500, contentType: "application/json", body: '{"error":{"code":"internal","message":"the disk is on fire"}}' }) : route.continue(),
    );
    await page.goto(sample(path));
    // A page without a question of its own (the contract, a file to drop) stands as it is.
    const wrong = page.locator(".wrong").first();
    await Promise.race([wrong.waitFor(), page.waitForFunction(() => document.querySelector("h1") !== null && document.querySelector('main [aria-busy="true"]') === null, undefined, { timeout: 15_000 })]);
    if ((await wrong.count()) === 0) return;
    await expectAccessible(page, `${name}, the server fails`);
    failing = false;
    for (const again of await page.getByRole("button", { name: say.en("error.again") }).all()) await again.click({ timeout: 1000 }).catch(() => undefined);
    await expect.poll(() => page.locator(".wrong").count(), { timeout: 15_000 }).toBe(0);
  });
});

describe("an own shop without orders", () => {
  test.for(pages)("$name", async ({ name, path }, { visitor }) => {
    const page = await visitor({ signedIn: true, path: withParam(path, "shop", "own") });
    await page.waitForFunction(() => document.querySelector("h1, h2") !== null && document.querySelector('main [aria-busy="true"]') === null);
    expect(await page.locator(".wrong").count(), await page.locator("main").innerText()).toBe(0);
    await expectAccessible(page, `${name}, empty`);
  });
});

describe("what opens over a page", () => {
  const open = async (page: Page, button: string, state: string) => {
    await page.getByRole("button", { name: button, exact: true }).first().click();
    await page.getByRole("dialog").waitFor();
    await expectAccessible(page, state);
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent), { message: `${state}: focus is back` }).toBe(button);
  };

  test("the forms of the settings", async ({ visitor }) => {
    const page = await visitor({ signedIn: true, path: "/settings", dark: true });
    await settled(page);
    await open(page, say.en("settings.invite"), "inviting");
    await open(page, say.en("settings.token_new"), "a new token");
  });

  test("the shortcuts, by their key", async ({ visitor }) => {
    const page = await visitor({ signedIn: true, path: "/definitions" });
    await settled(page);
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await expectAccessible(page, "shortcuts");
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("type"))).toBe("search");
  });

  test("the sign-in page, and a link that was used", async ({ visitor }) => {
    const page = await visitor({ path: "/" , expectsErrors: /status of 4/ });
    await page.getByRole("heading", { name: say.en("signin.title") }).waitFor();
    await expectAccessible(page, "signing in");
    await picture(page, "sign-in");
    await page.goto("/welcome#used-or-invented");
    await page.getByRole("heading", { name: say.en("welcome.invalid") }).waitFor();
    await expectAccessible(page, "a link that was used");
  });
});
