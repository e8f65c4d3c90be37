// When a chart is drawn: not before it is near the screen, once a frame at most, and at once on paper.
import type { EngineChart, Option } from "./chart_engine";
import type { Look } from "./look";

export interface Drawing {
  take(chart: EngineChart): void; // the engine has come
  changed(): void; // something else is to be drawn
  resized(): void;
  seen(near: boolean): void;
  onPaper(paper: boolean): void; // drawn to its width, whatever the window's: no next frame comes before it is laid out
  picture(ground: string): Promise<Blob | null>;
  end(): void;
}

export function beginDrawing(option: () => Option, look: () => Look): Drawing {
  let chart: EngineChart | null = null;
  let near = typeof IntersectionObserver === "undefined";
  let stale = true;
  let frame = 0;
  let paper = false;
  const draw = () => {
    if (chart === null || !stale) return;
    stale = false;
    chart.draw(option(), look());
  };
  const later = () => {
    if (paper) return draw();
    if (frame !== 0 || !near || chart === null) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  };
  return {
    take(made) {
      chart = made;
      if (paper) chart.resize(true);
      later();
    },
    changed() {
      stale = true;
      later();
    },
    resized() {
      if (chart?.resize(paper)) {
        stale = true; // what stands at the ends of lines is placed by pixels
        later();
      }
    },
    seen(isNear) {
      near = isNear;
      if (near && stale) later();
    },
    onPaper(isPaper) {
      paper = isPaper;
      if (chart?.resize(paper)) stale = true;
      later();
    },
    picture(ground) {
      draw();
      return chart?.picture(ground) ?? Promise.resolve(null);
    },
    end() {
      cancelAnimationFrame(frame);
      chart?.dispose();
      chart = null;
    },
  };
}

export function watchSize(place: Element, changed: () => void): () => void {
  const observer = new ResizeObserver(changed);
  observer.observe(place);
  return () => observer.disconnect();
}

export function watchSight(place: Element, changed: (near: boolean) => void): () => void {
  if (typeof IntersectionObserver === "undefined") return () => undefined;
  const observer = new IntersectionObserver((entries) => changed(entries.some((entry) => entry.isIntersecting)), { rootMargin: "240px" });
  observer.observe(place);
  return () => observer.disconnect();
}
