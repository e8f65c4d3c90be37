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
