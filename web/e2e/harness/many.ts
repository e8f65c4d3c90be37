// Large shops: made from a file that is written here, and waited for until a server holds them.
import { execFileSync } from "node:child_process";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { behoud } from "./places";
import type { Server } from "./server";
import type { Visitor } from "./shop";
import { told } from "./speed";

const dayMs = 86_400_000;

/** A shop of its own, imported from a file that is made here: each customer orders `each` times within three years. */
export function shopOf(folder: string, customers: number, each: number): string {
  const file = join(folder, "orders.csv");
  const data = join(folder, "own");
  const to = openSync(file, "w");
  let text = "order,customer,date,amount,currency\n";
  let order = 0;
  for (let customer = 0; customer < customers; ++customer) {
    for (let nth = 0; nth < each; ++nth) {
      // A stride that shares no factor with the 1,095 days spreads the first orders; later ones follow after 1 to 120 days.
      const day = ((customer * 7919) % 1095) + nth * (1 + ((customer * 31 + nth * 17) % 120));
      if (day >= 1095) break;
      const date = new Date(Date.UTC(2022, 0, 1) + day * dayMs).toISOString().slice(0, 10);
      order += 1;
      text += `${order},c${customer},${date},${((customer + nth * 13) % 9000) / 100 + 5},EUR\n`;
    }
    if (text.length > 1 << 22) {
      writeSync(to, text);
      text = "";
    }
  }
  writeSync(to, text);
  closeSync(to);
  execFileSync(behoud, ["import", "orders", file, "--data", data, "--timezone", "UTC", "--currency", "EUR"], { stdio: "pipe" });
  rmSync(file);
  return data;
}

/** Until the server has the shop in memory. */
export async function loaded(visitor: Visitor, server: Server, path: string): Promise<Page> {
  const began = Date.now();
  const page = await visitor({ server, signedIn: true, expectsErrors: /503/ });
  for (;;) {
    const { rows } = (await (await page.request.get(`${server.url}/api/v1/shops`)).json()) as { rows: { shop: string; state: string }[] };
    if (rows.find((row) => row.shop === "own")?.state === "ok") break;
    expect(Date.now() - began, "the shop is there within two minutes").toBeLessThan(120_000);
    await page.waitForTimeout(250);
  }
  told("until the shop is in memory", (Date.now() - began) / 1000, "s");
  await page.goto(path);
  return page;
}
