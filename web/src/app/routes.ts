// The pages, in the order of the loop. A page is a folder src/pages/<name>/ whose index.tsx exports it; one that is not
// there has no entry in the navigation and no address. Each comes in its own file when it is first wanted.
import type { ComponentType } from "react";
import type { Key } from "../words/catalogue";
import { late, type Late } from "./late";

const found = import.meta.glob<{ default: ComponentType }>("../pages/*/index.tsx");

export interface Page {
  name: string;
  path: string; // wouter's pattern
  title: Key;
  group: Key | null; // the heading it stands under in the navigation; null with `listed: false`
  listed: boolean;
  needsShop: boolean; // shows nothing without orders
  part: Late<object>;
}

const entries: Omit<Page, "part">[] = [
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
  const bring = found[`../pages/${entry.name}/index.tsx`];
  return bring ? [{ ...entry, part: late(bring) }] : [];
});

/** Where a page stands in the navigation: its path without what follows. */
export const pathOf = (page: Page): string => page.path.split("/:")[0] || "/";

// The page of an address; null where there is none.
export function pageAt(path: string): Page | null {
  return pages.find((page) => path === pathOf(page) || (page.path.includes("/:") && path.startsWith(`${pathOf(page)}/`))) ?? null;
}

export const hasPage = (name: string): boolean => pages.some((page) => page.name === name);
