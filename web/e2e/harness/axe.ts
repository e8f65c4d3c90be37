// axe-core over what a page shows now. Script that a test evaluates is not held back by the page's content security policy.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  id: string;
  help: string;
  nodes: { html: string; failureSummary?: string }[];
}

/** Nothing that axe-core knows is wrong with the page; `state` names it in a failure. */
export async function expectAccessible(page: Page, state: string): Promise<void> {
  // What fades in has half its colours until it is there.
  await page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => undefined))));
  await page.evaluate(source);
  const violations = await page.evaluate(async () => {
    const axe = (window as unknown as { axe: { run(options: unknown): Promise<{ violations: Violation[] }> } }).axe;
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    return (await axe.run({ runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] })).violations;
  });
  const said = violations.map((v) => `${v.id}: ${v.help}\n` + v.nodes.slice(0, 3).map((n) => `    ${n.html.slice(0, 200)}\n    ${n.failureSummary ?? ""}`).join("\n"));
  expect(said.join("\n"), `${state} (${page.url()})`).toBe("");
}
