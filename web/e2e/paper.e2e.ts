// Every page on A4: light whatever the reader's scheme, without what is pressed, and nothing beyond the paper's edge.
import { describe, expect } from "vitest";
import { keepFirstSize, settled } from "./harness/look";
import { pages, withParam } from "./harness/pages";
import { test } from "./harness/shop";

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
        beyond: all.filter((e) => !e.closest("svg") && e.getBoundingClientRect().right > window.innerWidth + 1).map((e) => e.outerHTML.slice(0, 120)),
      };
    });
    expect(seen.ground).toBe("rgb(255, 255, 255)");
    if (!["settings", "import", "contract"].includes(name)) expect(seen.pressed.slice(0, 3)).toEqual([]);
    expect(seen.beyond.slice(0, 3)).toEqual([]);
    const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString("latin1");
    const sizes = [...pdf.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)].map((box) => [Math.round(Number(box[1])), Math.round(Number(box[2]))]);
    expect(sizes.length).toBeGreaterThan(0);
    for (const [wide, high] of sizes) expect([595, 842], `${wide} x ${high} points`).toEqual([wide, high]);
  });
});

// Who prints has a window wider than paper, and paper tells nobody that it is narrower.
test.for(["/retention", "/value", "/cohorts"])("prints its charts whole from a wide window: %s", async (path, { visitor }) => {
  const page = await visitor({ signedIn: true, width: 1440, height: 900 });
  await keepFirstSize(page);
  await page.goto(withParam(path, "shop", "sample"));
  await settled(page);
  for (const chart of await page.locator(".chart[role=img]").all()) {
    await chart.scrollIntoViewIfNeeded();
    await chart.locator("canvas").first().waitFor();
  }
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width, height: 1000 });
  const charts = await page.locator(".chart canvas").evaluateAll((all) =>
    all.map((canvas) => {
      const [drawn, place] = [canvas.getBoundingClientRect(), canvas.closest(".chart")!.getBoundingClientRect()];
      const { width, height } = canvas as HTMLCanvasElement;
      return { beyond: Math.max(0, drawn.right - place.right, drawn.bottom - place.bottom - 8), shape: Math.abs(drawn.width / drawn.height - width / height) };
    }),
  );
  expect(charts.length).toBeGreaterThan(0);
  for (const chart of charts) {
    expect(chart.beyond).toBeLessThan(1);
    expect(chart.shape).toBeLessThan(0.1);
  }
});
