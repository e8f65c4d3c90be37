// Every page as it is seen, with the sample on it: both themes, wide and narrow. axe-core finds nothing, nothing is wider than the
// screen. Pictures are kept where they are asked for.
import { describe, expect } from "vitest";
import { expectAccessible } from "./harness/axe";
import { expectNoSideways, keepFirstSize, picture, settled } from "./harness/look";
import { pages, withParam } from "./harness/pages";
import { test } from "./harness/shop";

// A customer of the sample with a history to look at.
const sample = (path: string) => withParam(path === "/customers/c1" ? "/customers/c828" : path, "shop", "sample");

describe.each(pages)("$name", ({ name, path }) => {
  test("wide and light, then narrow and dark", async ({ visitor }) => {
    const page = await visitor({ signedIn: true, path: sample(path) });
    await settled(page);
    expect(await page.locator(".wrong").count(), await page.locator("main").innerText()).toBe(0);
    await expectAccessible(page, `${name}, light`);
    await expectNoSideways(page, name);
    await picture(page, name);

    await page.emulateMedia({ colorScheme: "dark" });
    await expectAccessible(page, `${name}, dark`);
    await picture(page, `${name}-dark`);

    await page.setViewportSize({ width: 360, height: 740 });
    await expectNoSideways(page, name);
    await expectAccessible(page, `${name}, dark, 360 pixels`);
    // A reader who magnifies to 200 % sees what a screen of half the size shows.
    await page.setViewportSize({ width: 640, height: 450 });
    await expectNoSideways(page, name);
  });
});

// A chart is drawn anew a moment after its place has changed; until then its old self pushes nothing aside.
test.for(["/", "/retention", "/retention?compare=last_year", "/cohorts", "/value", "/value?compare=last_year", "/claims"])("charts of another size stay in their place: %s", async (path, { visitor }) => {
  const page = await visitor({ signedIn: true });
  await keepFirstSize(page);
  await page.goto(withParam(path, "shop", "sample"));
  await settled(page);
  const narrow = async (state: string) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await expectNoSideways(page, `${path}, ${state}`);
    await page.setViewportSize({ width: 1280, height: 800 });
  };
  const charts = await page.locator(".chart[role=img]").all();
  for (const chart of charts) await chart.locator("> div").first().waitFor({ state: "attached" });
  await narrow("not drawn where out of sight");
  for (const chart of charts) {
    await chart.scrollIntoViewIfNeeded();
    await chart.locator("canvas").first().waitFor();
  }
  await narrow("drawn");
});
