// What the Today page makes of its answer: bars that meet, and the page that mends what is wrong.
import type { components } from "../../api/schema";

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

// The bars of what changed: revenue before, the parts that sum to the change, revenue after.
export interface ChangeStep {
  name: "before" | "part" | "after";
  label: string;
  from: number;
  to: number;
  minor: number;
}

export function changeSteps(change: Pick<NonNullable<Today["change"]>, "revenue_before_minor" | "revenue_after_minor">, parts: Today["changed"], before: string, after: string): ChangeStep[] {
  const span = (name: ChangeStep["name"], label: string, a: number, b: number, minor: number): ChangeStep => ({ name, label, from: Math.min(a, b), to: Math.max(a, b), minor });
  const steps = [span("before", before, 0, change.revenue_before_minor, change.revenue_before_minor)];
  let at = change.revenue_before_minor;
  for (const part of parts) {
    steps.push(span("part", part.label, at, at + part.minor, part.minor));
    at += part.minor;
  }
  return [...steps, span("after", after, 0, change.revenue_after_minor, change.revenue_after_minor)];
}
