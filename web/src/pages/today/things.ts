// What the Today page makes of its answer: bars that meet, and the page that mends what is wrong.
import type { components } from "../../api/schema";
import type { People } from "../../ui/Figure";

export type Today = components["schemas"]["Today"];
export type Headline = Today["headline"][number];
export type Trouble = Today["troubles"][number];

export const mends: Record<Trouble["code"], "import" | "settings" | null> = {
  empty: "import",
  no_orders: "import",
  no_complete_period: null,
  all_warming_up: "import",
  new_at_most: "import",
  no_currency: "settings",
  few_customers: null,
  anonymous: "import",
  unknown_status: "settings",
  unconverted: "import",
  unmatched_refunds: "import",
  rejected: "import",
  without_rate: "import",
  silent: "import",
  source_silent: "import",
};

/** Where a count of what is wrong is looked at and mended; null where there is no such page: its definition says what to do. */
export function placeOfTrouble({ code, subjects, imports }: Pick<Trouble, "code" | "subjects" | "imports">, may: { write: boolean }): { path: string; params: Record<string, string> } | null {
  // Each import's rows that were left out, with line, column and reason.
  if (code === "rejected") return { path: "/import", params: imports.length === 1 ? { left_out: String(imports[0]) } : {} };
  if (!may.write) return null;
  if (code === "unknown_status") return { path: "/settings", params: subjects[0] === undefined ? {} : { status: subjects[0] } };
  if (code === "unconverted" || code === "without_rate") return { path: "/import", params: { kind: "rates" } };
  return null;
}

/** What their details name is a command; the way out says it for a page. */
export const detailIsCommand: readonly Trouble["code"][] = ["empty", "no_currency"];

// Whose list a thing to do opens: of the period that it speaks of, by the grain of that period.
export function peopleOfTodo(item: Pick<Today["todo"][number], "behind" | "from" | "to" | "grain">): People {
  return { behind: item.behind, ...(item.from !== null && { from: item.from }), ...(item.to !== null && { to: item.to }), ...(item.grain !== null && { grain: item.grain }) };
}

// The bars of what changed: revenue before, the parts that sum to the change, revenue after. A part is of the buyers after it, whose
// number, orders and order value it compares.
export interface ChangeStep {
  name: "before" | "part" | "after";
  field: string; // whose definition it has
  people: People;
  label: string;
  from: number;
  to: number;
  minor: number;
}

const compares = { by_customers_minor: "buyers", by_frequency_minor: "purchase_frequency", by_order_value_minor: "aov_minor" } as const;

export function changeSteps(change: Omit<NonNullable<Today["change"]>, "sentence" | "said">, parts: Today["changed"], before: string, after: string): ChangeStep[] {
  const then = { from: change.before_start, to: change.before_end };
  const now = { from: change.after_start, to: change.after_end };
  const span = (name: ChangeStep["name"], field: string, people: People, label: string, a: number, b: number, minor: number): ChangeStep => ({ name, field, people, label, from: Math.min(a, b), to: Math.max(a, b), minor });
  const steps = [span("before", "revenue_minor", { behind: "revenue_minor", ...then }, before, 0, change.revenue_before_minor, change.revenue_before_minor)];
  let at = change.revenue_before_minor;
  for (const part of parts) {
    steps.push(span("part", part.field, { behind: compares[part.field], ...now }, part.label, at, at + part.minor, part.minor));
    at += part.minor;
  }
  return [...steps, span("after", "revenue_minor", { behind: "revenue_minor", ...now }, after, 0, change.revenue_after_minor, change.revenue_after_minor)];
}
