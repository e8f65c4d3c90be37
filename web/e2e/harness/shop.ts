// What a file of tests stands on: a browser, a server with a sample shop, and a reader who is signed in. A page that logs an error,
// throws, or asks anybody but its own server fails its test.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium as driver, type APIRequestContext, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { expect, inject, test as base } from "vitest";
import { chromium, failuresFolder } from "./places";
import { Server } from "./server";
import { say } from "./words";

export type Language = "en" | "nl" | "sv";
const locales: Record<Language, string> = { en: "en-GB", nl: "nl-NL", sv: "sv-SE" };

export interface Visit {
  /** Another server than the file's own. */
  server?: Server;
  language?: Language;
  dark?: boolean;
  width?: number;
  height?: number;
  /** As the owner (true), or as somebody whom the owner let in. */
  signedIn?: boolean | Role;
  path?: string;
  /** Errors that this test provokes: what the browser logs about them is expected. */
  expectsErrors?: RegExp;
}

export type Role = "viewer" | "editor";

/** Opens a browser of its own, as a reader with these ways, at a path. */
export type Visitor = (visit?: Visit) => Promise<Page>;

export const owner = { email: "owner@example.com", password: "correct horse battery staple" };

async function openBrowser(): Promise<Browser> {
  const args = ["--disable-dev-shm-usage", "--font-render-hinting=none", "--hide-scrollbars"];
  // Chromium's sandbox does not start for root.
  if (process.getuid?.() === 0) args.push("--no-sandbox");
  return driver.launch({ executablePath: chromium, args });
}

const cookies = new Map<string, Awaited<ReturnType<BrowserContext["cookies"]>>>();

/** Claims the one-time link over the API, as a script would; later readers of the same server come in with the same cookie. */
async function signIn(browser: Browser, context: BrowserContext, server: Server, role: Role | "owner"): Promise<void> {
  const key = `${server.url} ${role}`;
  const kept = cookies.get(key);
  if (kept !== undefined) return context.addCookies(kept);
  const claim = role === "owner" ? { token: server.link?.split("#")[1], email: owner.email } : { token: await invited(browser, server, role) };
  const response = await context.request.post(`${server.url}/api/v1/session/link`, { data: { ...claim, password: owner.password } });
  expect(response.status(), await response.text()).toBeLessThan(300);
  cookies.set(key, await context.cookies());
}

/** The token of a link that the owner made for somebody. */
async function invited(browser: Browser, server: Server, role: Role): Promise<string | undefined> {
  const context = await browser.newContext();
  await signIn(browser, context, server, "owner");
  const made = await change(context.request, server.url, "post", "/api/v1/users", { email: `${role}@example.com`, name: "", role });
  const { link } = (await made.json()) as { link: string };
  await context.close();
  return link.split("#")[1];
}

/** Imports a file of orders as a reader does, and waits until it is in. */
export async function bring(page: Page, name: string, text: string, language: Language = "en"): Promise<void> {
  const t = say[language];
  await page.goto("/import?shop=own");
  await page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByRole("button", { name: new RegExp(t("import.go_plain")) }).click();
  await page.getByRole("link", { name: t("import.see_numbers") }).waitFor();
}

/** A call that changes something, as the page makes it. */
export async function change(request: APIRequestContext, base: string, method: "post" | "put" | "patch" | "delete", path: string, data?: unknown, headers: Record<string, string> = {}) {
  const { csrf } = (await (await request.get(`${base}/api/v1/session`)).json()) as { csrf: string };
  return request[method](`${base}${path}`, { headers: { "X-Behoud-CSRF": csrf, ...headers }, ...(data === undefined ? {} : { data }) });
}

export const test = base.extend<{ $test: { visitor: Visitor }; $file: { browser: Browser; server: Server } }>({
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
  visitor: async ({ browser, server: own, task }, use) => {
    const contexts: BrowserContext[] = [];
    const troubles: string[] = [];
    const visitor: Visitor = async (visit = {}) => {
      const server = visit.server ?? own;
      const options: BrowserContextOptions = {
        baseURL: server.url,
        locale: locales[visit.language ?? "en"],
        timezoneId: "Europe/Amsterdam",
        colorScheme: visit.dark ? "dark" : "light",
        viewport: { width: visit.width ?? 1280, height: visit.height ?? 800 },
        reducedMotion: "reduce",
        acceptDownloads: true,
      };
      const context = await browser.newContext(options);
      contexts.push(context);
      if (visit.signedIn) await signIn(browser, context, server, visit.signedIn === true ? "owner" : visit.signedIn);
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      const expected = (text: string) => visit.expectsErrors?.test(text) ?? false;
      page.on("pageerror", (e) => expected(String(e)) || troubles.push(`threw: ${String(e)}`));
      // That nobody is signed in yet is an answer like any other, and the browser logs it all the same.
      const answered = (text: string) => /status of 401/.test(text) && !visit.signedIn;
      page.on("console", (m) => m.type() !== "error" || expected(m.text()) || answered(m.text()) || troubles.push(`logged: ${m.text()} (${m.location().url})`));
      page.on("request", (r) => /^(data|blob):/.test(r.url()) || r.url().startsWith(server.url) || troubles.push(`asked elsewhere: ${r.url()}`));
      if (visit.path !== undefined) await page.goto(visit.path);
      return page;
    };
    await use(visitor);
    // What the reader of a failed test saw, beside the results.
    if (task.result?.state === "fail") {
      const name = task.name.replaceAll(/[^A-Za-z0-9]+/g, "-").slice(0, 60);
      mkdirSync(failuresFolder, { recursive: true });
      for (const [i, page] of contexts.flatMap((c) => c.pages()).entries()) await page.screenshot({ path: join(failuresFolder, `${name}-${i}-${Date.now()}.png`) }).catch(() => undefined);
    }
    await Promise.all(contexts.map((c) => c.close()));
    expect(troubles).toEqual([]);
  },
});
