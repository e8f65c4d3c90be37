// The view of the address as a value, and the one way to change it. A change is a step in the history, so "back"
// undoes it; sliders and typing replace the step they are in. The address is read once for the whole page: a table has
// hundreds of numbers, each of which asks where it leads.
import { createContext, createElement, type ReactNode, use, useCallback, useMemo, useState } from "react";
import { useLocation, useSearch } from "wouter";
import { parseView, type View, writeView } from "./view";

export interface ViewState {
  view: View;
  search: URLSearchParams;
  navigate(to: string, options?: { replace?: boolean }): void;
  setView(change: Partial<View>, replace?: boolean): void;
  // A page's own parameters; null takes one away.
  setParams(change: Record<string, string | null>, replace?: boolean): void;
  // The address of another page with the same view, and that page's own parameters.
  href(path: string, params?: Record<string, string | null | undefined>, change?: Partial<View>): string;
}

const Context = createContext<ViewState | null>(null);

export function useView(): ViewState {
  const found = use(Context);
  if (!found) throw new Error("useView: outside ViewProvider");
  return found;
}

// Where links lead to. Figures that stand while others are on their way are of the view before, and so are the links on them: to the
// people whom the shown number counts. It is also what spares drawing them twice.
export type Links = Pick<ViewState, "href" | "navigate">;
const LinksContext = createContext<Links | null>(null);
export const useLinks = (): Links => use(LinksContext) ?? useView();

export function LinksOf(props: { standing: boolean; children: ReactNode }) {
  const now = useView();
  const [links, setLinks] = useState<Links>(now);
  // The view of the answer that is shown, taken when it comes and not in the render after.
  if (!props.standing && links !== now) setLinks(now);
  return createElement(LinksContext.Provider, { value: props.standing ? links : now }, props.children);
}

// `coming` hears of a view before the page is drawn for it: drawing takes longer than most answers, which can be on their way meanwhile.
// Not of those that replace the step they are in: a slider passes through many.
export function ViewProvider(props: { coming?: (view: View) => void; children: ReactNode }) {
  return createElement(Context.Provider, { value: useAddress(props.coming) }, props.children);
}

function useAddress(coming?: (view: View) => void): ViewState {
  const text = useSearch();
  const [path, navigate] = useLocation();
  const search = useMemo(() => new URLSearchParams(text), [text]);
  const view = useMemo(() => parseView(search), [search]);
  const go = useCallback(
    (query: string, replace: boolean) => navigate(query ? `${path}?${query}` : path, { replace }),
    [navigate, path],
  );
  const setView = useCallback<ViewState["setView"]>(
    (change, replace = false) => {
      const next = { ...view, ...change };
      if (!replace) coming?.(next);
      go(writeView(next, search), replace);
    },
    [coming, go, view, search],
  );
  const setParams = useCallback<ViewState["setParams"]>(
    (change, replace = false) => {
      const next = new URLSearchParams(search);
      for (const [key, value] of Object.entries(change)) {
        if (value === null || value === "") next.delete(key);
        else next.set(key, value);
      }
      go(writeView(view, next), replace);
    },
    [go, view, search],
  );
  const href = useMemo<ViewState["href"]>(() => {
    const same = writeView(view); // as nearly every link has it, and there are hundreds
    return (to, params = {}, change) => {
      const query = [change ? writeView({ ...view, ...change }) : same];
      for (const [key, value] of Object.entries(params)) if (value !== null && value !== undefined && value !== "") query.push(`${key}=${encodeURIComponent(value)}`);
      const text = query.filter((part) => part !== "").join("&");
      return text ? `${to}?${text}` : to;
    };
  }, [view]);
  return useMemo(() => ({ view, search, navigate, setView, setParams, href }), [view, search, navigate, setView, setParams, href]);
}
