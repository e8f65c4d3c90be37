// What a file of tests stands on: a browser, a server with a sample shop, and a reader who is signed in. A page that logs an error,
// throws, or asks anybody but its own server fails its test.
import { chromium as driver, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { expect, inject, test as base } from "vitest";
import { chromium } from "./places";
import { Server } from "./server";

export type Language = "en" | "nl" | "sv";
const locales: Record<Language, string> = { en: "en-GB", nl: "nl-NL", sv: "sv-SE" };

export interface Visit {
  language?: Language;
  dark?: boolean;
  width?: number;
  height?: number;
  /** Without it the reader is the owner, signed in. */
  signedOut?: boolean;
  path?: string;
  /** Errors that this test provokes: what the browser logs about them is expected. */
  expectsErrors?: RegExp;
}

export interface Reader {
  server: Server;
  visit(visit?: Visit): Promise<Page>;
}

export const owner = { email: "owner@example.com", password: "correct horse battery staple" };

async function openBrowser(): Promise<Browser> {
  const args = ["--disable-dev-shm-usage", "--font-render-hinting=none", "--hide-scrollbars"];
  // Chromium's sandbox does not start for root.
  if (process.getuid?.() === 0) args.push("--no-sandbox");
  return driver.launch({ executablePath: chromium, args });
}

/** Claims the one-time link over the API, as a script would, and keeps the cookie. */
async function signIn(context: BrowserContext, server: Server): Promise<void> {
  const token = server.link?.split("#")[1];
  const first = token !== undefined;
  const response = first
    ? await context.request.post(`${server.url}/api/v1/session/link`, { data: { token, email: owner.email, password: owner.password } })
    : await context.request.post(`${server.url}/api/v1/session`, { data: owner });
  expect(response.status(), await response.text()).toBeLessThan(300);
  server.link = null;
}

export const test = base.extend<{ $test: { reader: Reader }; $file: { browser: Browser; server: Server } }>({
  browser: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const browser = await openBrowser();
      await use(browser);
      await browser.close();
    },
    { scope: "file" },
  ],
  server: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const server = await Server.start({ sample: inject("sample") });
      await use(server);
      await server.stop();
    },
    { scope: "file" },
  ],
  reader: async ({ browser, server }, use) => {
    const contexts: BrowserContext[] = [];
    const troubles: string[] = [];
    const visit = async (visit: Visit = {}): Promise<Page> => {
      const options: BrowserContextOptions = {
        baseURL: server.url,
        locale: locales[visit.language ?? "en"],
        timezoneId: "Europe/Amsterdam",
        colorScheme: visit.dark ? "dark" : "light",
        viewport: { width: visit.width ?? 1280, height: visit.height ?? 900 },
        reducedMotion: "reduce",
        acceptDownloads: true,
      };
      const context = await browser.newContext(options);
      contexts.push(context);
      if (!visit.signedOut) await signIn(context, server);
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      const expected = (text: string) => visit.expectsErrors?.test(text) ?? false;
      page.on("pageerror", (e) => expected(String(e)) || troubles.push(`threw: ${String(e)}`));
      page.on("console", (m) => m.type() !== "error" || expected(m.text()) || troubles.push(`logged: ${m.text()}`));
      page.on("request", (r) => /^(data|blob):/.test(r.url()) || r.url().startsWith(server.url) || troubles.push(`asked elsewhere: ${r.url()}`));
      await page.goto(visit.path ?? "/");
      return page;
    };
    await use({ server, visit });
    await Promise.all(contexts.map((c) => c.close()));
    expect(troubles).toEqual([]);
  },
});
