// Every page on A4: light whatever the reader's scheme, without what is pressed, and nothing beyond the paper's edge.
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { keepFirstSize, settled } from "./harness/look";
import { pages, withParam } from "./harness/pages";
import { test, type Visitor } from "./harness/shop";

// 210 mm less two margins of 14 mm, in CSS pixels of 1/96 inch.
const width = Math.floor((182 / 25.4) * 96);

describe.each(pages)("$name", ({ name, path }) => {
  test("prints", async ({ visitor }) => {
    const page = await visitor({ signedIn: true, dark: true, width, height: 1000 });
    await page.goto(withParam(path, "shop", "sample"));
    await settled(page);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset["scheme"])).toBe("light");
    const seen = await page.evaluate(() => {
      const shown = (e: Element) => e.getClientRects().length > 0 && getComputedStyle(e).visibility === "visible" && !e.closest(".hidden, .skip");
      const all = [...document.querySelectorAll("body *")].filter(shown);
      return {
        ground: getComputedStyle(document.body).backgroundColor,
        pressed: all.filter((e) => e.matches("button, input, select, nav, .button") && !e.closest("thead")).map((e) => e.outerHTML.slice(0, 120)),
        // Letters are 8 points and more, in tables of many columns too.
        small: all.filter((e) => e.matches("table.data td, table.data th, .badge") && Number.parseFloat(getComputedStyle(e).fontSize) < (8 * 96) / 72 - 0.01).map((e) => e.outerHTML.slice(0, 120)),
        beyond: all.filter((e) => !e.closest("svg") && e.getBoundingClientRect().right > window.innerWidth + 1).map((e) => e.outerHTML.slice(0, 120)),
      };
    });
    expect(seen.ground).toBe("rgb(255, 255, 255)");
    if (!["settings", "import", "contract"].includes(name)) expect(seen.pressed.slice(0, 3)).toEqual([]);
    expect(seen.beyond.slice(0, 3)).toEqual([]);
    expect(seen.small.slice(0, 3)).toEqual([]);
    const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString("latin1");
    const sizes = [...pdf.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)].map((box) => [Math.round(Number(box[1])), Math.round(Number(box[2]))]);
    expect(sizes.length).toBeGreaterThan(0);
    for (const [wide, high] of sizes) expect([595, 842], `${wide} x ${high} points`).toEqual([wide, high]);
  });
});

declare global {
  interface Window {
    written: Map<HTMLCanvasElement, { size: number; wide: number }[]>;
  }
}

/** What is loaded from now on keeps of every canvas how large each of its words is written, in pixels of the canvas as it is laid out. */
const keepLetters = (page: Page) =>
  page.addInitScript(() => {
    window.written = new Map();
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (...args) {
      const size = Number(/([\d.]+)px/.exec(this.font)?.[1]) * (this.getTransform().a / devicePixelRatio);
      const all = window.written.get(this.canvas) ?? [];
      all.push({ size, wide: this.canvas.width / devicePixelRatio });
      window.written.set(this.canvas, all);
      return fillText.apply(this, args);
    };
  });

const paths = ["/retention", "/value", "/cohorts", "/cohorts?show=cumulative_revenue_minor", "/"];

async function drawn(visitor: Visitor, path: string, wide: number): Promise<Page> {
  const page = await visitor({ signedIn: true, width: wide, height: 900 });
  await keepFirstSize(page);
  await keepLetters(page);
  await page.goto(withParam(path, "shop", "sample"));
  await settled(page);
  for (const chart of await page.locator(".chart[role=img]").all()) {
    await chart.scrollIntoViewIfNeeded();
    await chart.locator("canvas").first().waitFor();
  }
  await page.evaluate(() => window.written.clear());
  return page;
}

// Who prints has a window wider than paper, or a telephone, and paper tells nobody that it is narrower.
describe.each([1440, 360])("from a window of %i pixels", (wide) => {
  test.for(paths)("prints its charts whole, in letters that can be read: %s", async (path, { visitor }) => {
    const page = await drawn(visitor, path, wide);
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width, height: 1000 });
    const { tableEnd, charts, letters } = await page.evaluate(() => {
      const points = (pixels: number) => pixels * 0.75;
      const charts = [...document.querySelectorAll<HTMLCanvasElement>(".chart canvas")].map((canvas) => {
        const [at, place] = [canvas.getBoundingClientRect(), canvas.closest(".chart")!.getBoundingClientRect()];
        const words = (window.written.get(canvas) ?? []).filter((word) => word.wide === canvas.width / devicePixelRatio);
        return {
          beyond: Math.max(0, at.right - place.right, at.bottom - place.bottom - 8),
          shape: Math.abs(at.width / at.height - canvas.width / canvas.height),
          high: at.height,
          words: words.map((word) => points((word.size * at.width) / word.wide)),
        };
      });
      const size = (e: Element) => Number.parseFloat(getComputedStyle(e).fontSize);
      const svg = [...document.querySelectorAll<SVGTextElement>(".chart svg text")].map((text) => points(size(text) * text.getScreenCTM()!.a));
      const heat = [...document.querySelectorAll(".heat td, .heat th")].filter((e) => e.getClientRects().length > 0).map((e) => points(size(e)));
      const data = [...document.querySelectorAll("table.data td, table.data th")].filter((e) => e.getClientRects().length > 0).map((e) => points(size(e)));
      const tableEnd = Math.max(0, ...[...document.querySelectorAll(".heat, table.data")].map((table) => table.getBoundingClientRect().right));
      return { tableEnd, charts, letters: [...svg, ...heat, ...data, ...charts.flatMap((chart) => chart.words)] };
    });
    for (const chart of charts) {
      expect(chart.beyond).toBeLessThan(1);
      expect(chart.shape).toBeLessThan(0.1);
      expect(chart.high).toBeLessThan(302.5); // 80 mm
      expect(chart.words.length, "it was drawn for paper").toBeGreaterThan(3);
    }
    expect(charts.length).toBeGreaterThan(["/retention", "/value", "/cohorts"].includes(path) ? 0 : -1);
    expect(tableEnd).toBeLessThanOrEqual(width);
    expect(letters.length).toBeGreaterThan(5);
    expect(Math.min(...letters), "points").toBeGreaterThanOrEqual(8);
    expect(Math.max(...letters), "points").toBeLessThan(16);
  });
});

test("draws its charts anew when it is printed, and again for the screen", async ({ visitor }) => {
  const page = await drawn(visitor, "/retention", 1440);
  await page.pdf({ preferCSSPageSize: true });
  const wide = () => page.evaluate(() => [...document.querySelectorAll<HTMLCanvasElement>(".chart canvas")].map((canvas) => [...new Set((window.written.get(canvas) ?? []).map((word) => word.wide))]));
  await expect.poll(async () => (await wide()).map((widths) => widths.length)).toEqual((await wide()).map(() => 2));
  for (const [paper, screen] of await wide()) {
    expect(paper).toBe(661);
    expect(screen).toBeGreaterThan(900);
  }
});
