import { useCallback, useSyncExternalStore } from "react";

/** Whether a media query holds, as it comes to hold or not. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const media = matchMedia(query);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches, () => false);
}

/** Whether the page is one column on a screen. Paper is wide enough, and shows no tooltip. */
export const useNarrow = (): boolean => useMedia("screen and (max-width: 900px)");
