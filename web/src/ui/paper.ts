// Whether the page is being laid out for paper, which is as wide as print.css makes it whatever the window is. What is
// drawn to a width is drawn anew then: nothing else tells it, and there is no next frame. A browser says it by two ways,
// of which each has one alone in some case: before it prints, and by the medium.
import { useSyncExternalStore } from "react";
import { flushSync } from "react-dom";

/** The width of a card's inside on A4 in CSS pixels of 1/96 inch: 182 mm within the margins, less its edge and padding. */
export const paperWidth = Math.floor((182 / 25.4) * 96) - 26;
/** Higher is no chart on paper (80 mm in print.css). */
export const paperHeight = 300;

let printing = false;
const medium = () => matchMedia("print");

export const onPaper = (): boolean => printing || medium().matches;

export function watchPaper(changed: () => void): () => void {
  const before = () => {
    printing = true;
    changed();
  };
  const after = () => {
    printing = false;
    changed();
  };
  const media = medium();
  window.addEventListener("beforeprint", before);
  window.addEventListener("afterprint", after);
  media.addEventListener("change", changed);
  return () => {
    window.removeEventListener("beforeprint", before);
    window.removeEventListener("afterprint", after);
    media.removeEventListener("change", changed);
  };
}

const drawnAtOnce = (changed: () => void) => watchPaper(() => flushSync(changed));
export const usePaper = (): boolean => useSyncExternalStore(drawnAtOnce, onPaper, () => false);
