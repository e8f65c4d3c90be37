// Pictures of pages: kept in docs/pictures/ when they are asked for (script/test e2e --pictures).
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { makesPictures, picturesFolder } from "./places";
import { pack, unpack } from "./png";

const bytesMax = 150_000;

export async function picture(page: Page, name: string): Promise<void> {
  if (!makesPictures) return;
  mkdirSync(picturesFolder, { recursive: true });
  const path = join(picturesFolder, `${name}.png`);
  const taken = unpack(await page.screenshot({ animations: "disabled" }));
  const packed = pack(taken);
  expect(Buffer.from(unpack(packed).pixels).equals(Buffer.from(taken.pixels)) || taken.channels === 4, `${name}.png lost nothing`).toBe(true);
  expect(packed.length, `${name}.png is small enough to keep`).toBeLessThanOrEqual(bytesMax);
  writeFileSync(path, packed);
}

/** Nothing is wider than the screen: what is, scrolls inside itself. */
export async function expectNoSideways(page: Page, state: string): Promise<void> {
  const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth] as const);
  expect(content, `${state} at ${screen} pixels`).toBeLessThanOrEqual(screen);
}

/** The page has its answer: nothing is being asked, and nothing is a skeleton any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector("h1") !== null && document.querySelector('main [aria-busy="true"]') === null);
}

/** What is loaded from now on is told of its first size and of none after it: charts stay as they were first drawn. */
export async function keepFirstSize(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const Observer = window.ResizeObserver;
    window.ResizeObserver = class extends Observer {
      constructor(changed: ResizeObserverCallback) {
        let told = false;
        super((...args) => {
          if (!told) changed(...args);
          told = true;
        });
      }
    };
  });
}
