// What the files of speed share: how a figure is told, and what a click costs until its result stands.
import type { Page } from "playwright-core";

export const told = (what: string, figure: number, unit: string) => console.log(`speed: ${what}: ${figure.toFixed(figure < 10 ? 1 : 0)} ${unit}`);
const at = (share: number) => (all: number[]) => [...all].sort((a, b) => a - b)[Math.ceil(all.length * share) - 1] ?? 0;
export const p50 = at(0.5);
export const p95 = at(0.95);

/** The processor time that the page's main thread has had, in ms. */
export async function threadTime(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => ((await session.send("Performance.getMetrics")).metrics.find((metric) => metric.name === "TaskDuration")?.value ?? 0) * 1000;
}

/** Every window, and every grain in each: 30 different answers, so that the p95 is the 29th and not the slowest. */
export const clicks = ["30", "60", "90", "180", "365", ""].flatMap((window) => [["filter.window", window], ["filter.grain", "quarter"], ["filter.grain", "year"], ["filter.grain", "week"], ["filter.grain", "month"]] as const);

/** What the page has asked the API since the last time: its longest answer by the server's own clock, all that came over the wire, and the longest wait for one. */
export async function asked(page: Page): Promise<{ server: number; bytes: number; wait: number }> {
  return page.evaluate(() => {
    const all = (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).filter((one) => one.name.includes("/api/v1/"));
    performance.clearResourceTimings();
    const most = (of: (one: PerformanceResourceTiming) => number) => all.reduce((most, one) => Math.max(most, of(one)), 0);
    return { server: most((one) => one.serverTiming.find((said) => said.name === "answer")?.duration ?? 0), bytes: all.reduce((sum, one) => sum + one.encodedBodySize, 0), wait: most((one) => one.responseEnd - one.startTime) };
  });
}

/** Clicks through all of `clicks`, and tells what each took and where it went. */
export async function clickThrough(page: Page, words: (key: (typeof clicks)[number][0]) => string): Promise<number[]> {
  const took: number[] = [];
  const parts: { server: number; bytes: number; wait: number }[] = [];
  await asked(page);
  for (const [label, value] of clicks) {
    took.push(await page.getByLabel(words(label), { exact: true }).evaluate(choose, value));
    parts.push(await asked(page));
  }
  told("click to result, p50", p50(took), "ms");
  told("click to result, p95", p95(took), "ms");
  for (const [what, of] of [["of it until the answer is there", "wait"], ["of it the server's answer", "server"]] as const) {
    told(`${what}, p50`, p50(parts.map((one) => one[of])), "ms");
    told(`${what}, p95`, p95(parts.map((one) => one[of])), "ms");
  }
  told("over the wire, most", Math.max(...parts.map((one) => one.bytes)) / 1000, "kB");
  return took;
}

/** In the page: chooses a value, and says after how many ms the last change of what is shown came, before 150 ms of quiet. */
export function choose(element: Element, chosen: string): Promise<number> {
  return new Promise((resolve) => {
    const main = document.querySelector("main");
    const from = performance.now();
    let last = from;
    let timer = 0;
    const quiet = () => {
      seen.disconnect();
      resolve(last - from);
    };
    const seen = new MutationObserver(() => {
      last = performance.now();
      clearTimeout(timer);
      timer = window.setTimeout(quiet, 150);
    });
    if (main) seen.observe(main, { childList: true, subtree: true, characterData: true, attributes: true });
    timer = window.setTimeout(quiet, 2000);
    Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, "value")?.set?.call(element, chosen);
    element.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
