// What jsdom lacks and the pages use; nothing where a test needs no page.
import { afterEach, vi } from "vitest";

class NoObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}

if (typeof window !== "undefined") {
  globalThis.ResizeObserver ??= NoObserver as unknown as typeof ResizeObserver;
  window.matchMedia ??= ((query: string) => ({
    matches: false,
    media: query,
    onchange: null,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
    dispatchEvent: () => false,
  })) as typeof window.matchMedia;
  window.scrollTo = () => undefined;
  HTMLCanvasElement.prototype.getContext = () => null;
  Element.prototype.scrollIntoView ??= () => undefined;
  const { cleanup, configure } = await import("@testing-library/react");
  // A machine that compiles at the same time is slow; what comes at all comes within this.
  configure({ asyncUtilTimeout: 15_000 });
  afterEach(cleanup);
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});
