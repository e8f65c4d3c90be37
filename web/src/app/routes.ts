// The pages, in the order of the loop. A page is a folder src/pages/<name>/ whose index.tsx exports it; one that is not
// there has no entry in the navigation and no address. Each comes in its own file when it is first wanted.
import { type ComponentType, lazy } from "react";
import type { Key } from "../words/catalogue";

const found = import.meta.glob<{ default: ComponentType }>("../pages/*/index.tsx");

export interface Page {
  name: string;
  path: string; // wouter's pattern
  title: Key;
  group: Key | null; // the heading it stands under in the navigation; null with `listed: false`
  listed: boolean;
  needsShop: boolean; // shows nothing without orders
  component: ComponentType;
  load: () => Promise<unknown>;
}

const entries: Omit<Page, "component" | "load">[] = [
  { name: "today", path: "/", title: "nav.today", group: null, listed: true, needsShop: true },
  { name: "retention", path: "/retention", title: "nav.retention", group: "nav.measure", listed: true, needsShop: true },
  { name: "cohorts", path: "/cohorts", title: "nav.cohorts", group: "nav.measure", listed: true, needsShop: true },
  { name: "value", path: "/value", title: "nav.value", group: "nav.measure", listed: true, needsShop: true },
  { name: "claims", path: "/claims", title: "nav.claims", group: "nav.measure", listed: true, needsShop: true },
  { name: "customers", path: "/customers/:id?", title: "nav.customers", group: "nav.understand", listed: true, needsShop: true },
  { name: "people", path: "/people", title: "nav.people", group: "nav.understand", listed: false, needsShop: true },
  { name: "costs", path: "/costs", title: "nav.costs", group: "nav.prove", listed: true, needsShop: false },
  { name: "import", path: "/import", title: "nav.import", group: "nav.data", listed: true, needsShop: false },
  { name: "definitions", path: "/definitions", title: "nav.definitions", group: "nav.data", listed: true, needsShop: false },
  { name: "settings", path: "/settings", title: "nav.settings", group: "nav.data", listed: true, needsShop: false },
  { name: "contract", path: "/contract", title: "contract.title", group: "nav.data", listed: true, needsShop: false },
];

export const pages: readonly Page[] = entries.flatMap((entry) => {
  const load = found[`../pages/${entry.name}/index.tsx`];
  return load ? [{ ...entry, component: lazy(load), load }] : [];
});

// The page of an address; null where there is none.
export function pageAt(path: string): Page | null {
  return pages.find((page) => path === (page.path.split("/:")[0] || "/") || (page.path.includes("/:") && path.startsWith(`${page.path.split("/:")[0]}/`))) ?? null;
}

export const hasPage = (name: string): boolean => pages.some((page) => page.name === name);

// Fetches the other pages when the first one stands, so that going to one waits for nothing.
export function loadTheRest(): void {
  const later = (work: () => void) => ("requestIdleCallback" in window ? requestIdleCallback(work, { timeout: 4000 }) : setTimeout(work, 1500));
  later(() => {
    for (const page of pages) void page.load();
  });
}
