// From the start of the server to a number of one's own, as somebody does who has never seen it: the one-time link, "use my own orders",
// a file of 70,000 orders, the trial run, the import, Today. The seconds and the clicks are printed; a reader's own reading and typing come
// on top of them.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { behoud } from "./harness/places";
import { Server } from "./harness/server";
import { owner, test } from "./harness/shop";
import { say } from "./harness/words";

const t = say.en;

describe("somebody new", () => {
  const folder = mkdtempSync(join(tmpdir(), "behoud-new-"));
  const orders = join(folder, "orders.csv");
  let rows = 0;
  beforeAll(() => {
    execFileSync(behoud, ["sample", "--customers", "13500", "--years", "3", "--seed", "2", "--shape", "shopify", "--out", orders], { stdio: "pipe" });
    rows = readFileSync(orders, "utf8").trimEnd().split("\n").length - 1;
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("has a number of their own in less than a minute", { timeout: 120_000 }, async ({ visitor }) => {
    expect(rows).toBeGreaterThan(70_000);
    const began = Date.now();
    const said: string[] = [];
    const lap = (what: string) => said.push(`${what} ${((Date.now() - began) / 1000).toFixed(1)} s`);
    const server = await Server.start();
    lap("server");
    try {
      const page = await visitor({ server });
      await page.goto(server.link ?? "no link was printed");
      await page.getByLabel(t("signin.email")).fill(owner.email);
      await page.locator("input[type=password]").fill(owner.password);
      let clicks = 0;
      const click = async (name: string | RegExp, role: "button" | "link") => {
        await page.getByRole(role, { name }).first().click();
        clicks += 1;
      };
      await click(t("welcome.button"), "button");
      lap("owner");
      // Nothing is there yet, so that is what the first page offers.
      await click(t("sample.own"), "link");
      await page.locator("input[type=file]").waitFor({ state: "attached" });
      await page.locator("input[type=file]").setInputFiles(orders);
      const go = page.getByRole("button", { name: new RegExp(t("import.go_plain")) });
      await go.waitFor({ timeout: 60_000 });
      lap("recognised");
      await click(new RegExp(t("import.go_plain")), "button");
      await page.getByRole("link", { name: t("import.see_numbers") }).waitFor({ timeout: 60_000 });
      lap("imported");
      await click(t("import.see_numbers"), "link");
      await page.locator(".figure .big").first().waitFor({ timeout: 60_000 });
      lap("first number");
      console.log(`first number of one's own, ${rows} rows: ${said.join(", ")}; ${clicks} clicks and one file`);
      expect(await page.locator(".answer").innerText()).toMatch(/You kept/);
      expect(clicks).toBeLessThanOrEqual(4);
      expect(Date.now() - began).toBeLessThan(60_000);
    } finally {
      await server.stop();
    }
  });
});
