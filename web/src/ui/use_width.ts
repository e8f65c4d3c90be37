import { type RefObject, useLayoutEffect, useState } from "react";
import { paperWidth, usePaper } from "./paper";

/** The width that an element has, so that what is drawn in it keeps the size of its letters, on paper too; `otherwise` where it has none. */
export function useWidth(of: RefObject<Element | null>, otherwise: number): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = of.current;
    if (!element) return undefined;
    const measure = () => setWidth(Math.round(element.clientWidth));
    measure();
    if (typeof ResizeObserver === "undefined") return undefined;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [of]);
  if (usePaper()) return paperWidth;
  return width > 0 ? width : otherwise;
}
