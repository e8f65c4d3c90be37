// The view of the address as a value, and the one way to change it. A change is a step in the history, so "back"
// undoes it; sliders and typing replace the step they are in. The address is read once for the whole page: a table has
// hundreds of numbers, each of which asks where it leads.
import { createContext, createElement, type ReactNode, useCallback, useContext, useMemo } from "react";
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
  const found = useContext(Context);
  if (!found) throw new Error("useView: outside ViewProvider");
  return found;
}

export function ViewProvider(props: { children: ReactNode }) {
  return createElement(Context.Provider, { value: useAddress() }, props.children);
}

function useAddress(): ViewState {
  const text = useSearch();
  const [path, navigate] = useLocation();
  const search = useMemo(() => new URLSearchParams(text), [text]);
  const view = useMemo(() => parseView(search), [search]);
  const go = useCallback(
    (query: string, replace: boolean) => navigate(query ? `${path}?${query}` : path, { replace }),
    [navigate, path],
  );
  const setView = useCallback<ViewState["setView"]>((change, replace = false) => go(writeView({ ...view, ...change }, search), replace), [go, view, search]);
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
  const href = useCallback<ViewState["href"]>(
    (to, params = {}, change = {}) => {
      const own = new URLSearchParams();
      for (const [key, value] of Object.entries(params)) if (value !== null && value !== undefined && value !== "") own.set(key, value);
      const query = writeView({ ...view, ...change }, own);
      return query ? `${to}?${query}` : to;
    },
    [view],
  );
  return useMemo(() => ({ view, search, navigate, setView, setParams, href }), [view, search, navigate, setView, setParams, href]);
}
