// 10 M customers with an order each: every page speaks of them, one of them is found, and the server stays within its memory. By itself,
// after the other tests (script/test e2e); skipped, and said so, where there is less than 4 GB.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { expectNoSideways, settled } from "./harness/look";
import { loaded, shopOf } from "./harness/many";
import { pages, withParam } from "./harness/pages";
import { Server } from "./harness/server";
import { test } from "./harness/shop";
import { say } from "./harness/words";

const t = say.en;
const customers = 10_000_000;
const memoryMost = 3.5e9;
const kB = (file: string, field: string) => Number(new RegExp(`^${field}:\\s*(\\d+) kB`, "m").exec(readFileSync(file, "utf8"))?.[1] ?? 0) * 1024;
const there = kB("/proc/meminfo", "MemAvailable");
const enough = there >= 4e9;
if (!enough) console.log(`10 M customers: skipped, ${(there / 1e9).toFixed(1)} GB of memory are free and 4 are needed`);

describe.skipIf(!enough)("10 M customers", () => {
  const folder = mkdtempSync(join(tmpdir(), "behoud-millions-"));
  let server: Server | undefined;
  beforeAll(async () => {
    const data = shopOf(folder, customers, 1);
    server = await Server.start({ data, patienceMs: 300_000 });
    rmSync(data, { recursive: true, force: true });
  }, 900_000);
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("every page speaks of them, and one of them is found", { timeout: 600_000 }, async ({ visitor }) => {
    const page = await loaded(visitor, server!, "/retention?shop=own");
    page.setDefaultTimeout(120_000);
    // The list is made while the first pages are looked at; until it is there the answer says so.
    for (;;) {
      const list = await page.request.get(`${server!.url}/api/v1/customers?limit=1`);
      if (list.ok()) {
        expect(((await list.json()) as { total: number }).total).toBe(customers);
        break;
      }
      expect(list.status()).toBe(503);
    }
    for (const { name, path } of pages) {
      await page.goto(withParam(name === "people" ? "/people?behind=new&from_day=2024-01-01&to_day=2024-02-01" : path, "shop", "own"));
      await settled(page);
      const text = await page.getByRole("main").innerText();
      expect(await page.locator(".wrong").count(), `${name}: ${text}`).toBe(0);
      expect(text, name).not.toMatch(/NaN|Infinity|undefined|\bnull\b|\[object/);
      await expectNoSideways(page, name);
    }
    await page.goto("/customers?shop=own");
    await page.getByText(t("customers.total", { n: customers })).waitFor();
    await page.getByRole("main").getByLabel(t("customers.search")).fill(`c${customers - 1}`);
    await page.getByText(t("customers.found", { n: 1 })).waitFor();
    const most = kB(`/proc/${server!.pid}/status`, "VmHWM");
    console.log(`10 M customers: ${(most / 1e9).toFixed(2)} GB of memory at most`);
    expect(most).toBeLessThan(memoryMost);
  });
});
