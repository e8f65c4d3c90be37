// What the report found, as things to do and things that are wrong with the data. Its command names the people to list;
// on a page that is a link.
import type { components } from "../../api/schema";
import type { People } from "../../ui/Figure";

export type Report = components["schemas"]["Report"];
export type Action = Report["actions"][number];

// Actions about the data and not about people: they stand under what is wrong.
export const aboutData = ["anonymous", "unknown_status", "unconverted", "unmatched_refunds", "rejected", "no_status", "no_currency"] as const;
export type AboutData = (typeof aboutData)[number];
export const isAboutData = (name: string): name is AboutData => (aboutData as readonly string[]).includes(name);

// The page that mends what is wrong.
export const mends: Record<AboutData, "import" | "settings"> = {
  anonymous: "import",
  unknown_status: "settings",
  unconverted: "import",
  unmatched_refunds: "import",
  rejected: "import",
  no_status: "import",
  no_currency: "settings",
};

// `behoud customers --behind win_back --from 2025-12-01 --to 2026-01-01` as the people it lists; null for another command.
export function peopleOf(command: string | null): People | null {
  if (!command) return null;
  const words = [...command.matchAll(/'((?:[^']|'\\'')*)'|(\S+)/g)].map((match) => match[1]?.replaceAll("'\\''", "'") ?? match[2]!);
  const after = (option: string) => {
    const at = words.indexOf(option);
    return at < 0 ? undefined : words[at + 1];
  };
  const behind = after("--behind");
  if (words[1] !== "customers" || behind === undefined) return null;
  return { behind, ...(after("--from") ? { from: after("--from") } : {}), ...(after("--to") ? { to: after("--to") } : {}) };
}

// The bars of what changed: revenue before, the three parts that sum to the change, revenue after.
export interface ChangeStep {
  name: "before" | "customers" | "frequency" | "order_value" | "after";
  from: number;
  to: number;
  minor: number;
}

export function changeSteps(change: NonNullable<Report["change"]>): ChangeStep[] {
  const before = change.revenue_before_minor;
  const afterCustomers = before + change.by_customers_minor;
  const afterFrequency = afterCustomers + change.by_frequency_minor;
  const span = (name: ChangeStep["name"], a: number, b: number, minor: number): ChangeStep => ({ name, from: Math.min(a, b), to: Math.max(a, b), minor });
  return [
    span("before", 0, before, before),
    span("customers", before, afterCustomers, change.by_customers_minor),
    span("frequency", afterCustomers, afterFrequency, change.by_frequency_minor),
    span("order_value", afterFrequency, change.revenue_after_minor, change.by_order_value_minor),
    span("after", 0, change.revenue_after_minor, change.revenue_after_minor),
  ];
}
