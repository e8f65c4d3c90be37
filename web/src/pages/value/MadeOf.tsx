// The counts and sums that a figure is made of, under it: "€22,069 of 460 orders". Each is a number with its own people.
import { useShop } from "../../api/questions";
import type { CostRow, ValueRow } from "../../api/rows";
import { peopleOf } from "../../ui/Figure";
import { type Numbers, Said } from "../../ui/Said";
import type { Key } from "../../words/catalogue";
import { useWords } from "../../words/words";
import type { Field } from "./fields";

type Row = ValueRow | CostRow;
type Named<R> = { [Name in keyof R]: R[Name] extends number | null ? Name : never }[keyof R];
type Made = { words: Key; of: Readonly<Record<string, Named<ValueRow> | Named<CostRow>>> };

const newcomers = { words: "value.made.cac_minor", of: { cost: "acquisition_cost_minor", new: "new", gone: "one_and_gone" } } as const;
// A sum of costs is made of nothing but costs.
const made: Readonly<Record<Exclude<Field, "crc_total_minor" | "acquisition_cost_minor">, Made>> = {
  aov_minor: { words: "value.made.aov_minor", of: { revenue: "revenue_minor", orders: "orders" } },
  purchase_frequency: { words: "value.made.purchase_frequency", of: { orders: "orders", buyers: "buyers" } },
  customer_value_minor: { words: "value.made.customer_value_minor", of: { revenue: "revenue_minor", buyers: "buyers" } },
  clv_minor: { words: "value.made.clv_minor", of: { revenue: "lifespan_revenue_minor", buyers: "lifespan_buyers", lost: "lifespan_lost", start: "lifespan_customers_start" } },
  value_to_date_minor: { words: "value.made.value_to_date_minor", of: { revenue: "revenue_to_date_minor", buyers: "buyers_to_date" } },
  value_per_active_minor: { words: "value.made.value_per_active_minor", of: { revenue: "revenue_minor", start: "customers_start", end: "customers_end" } },
  margin_minor: { words: "value.made.margin_minor", of: { revenue: "revenue_minor" } },
  items_per_order: { words: "value.made.items_per_order", of: { units: "units", orders: "orders" } },
  crc_minor: { words: "value.made.crc_minor", of: { cost: "crc_total_minor", people: "customers_end" } },
  crc_per_retained_minor: { words: "value.made.crc_per_retained_minor", of: { cost: "crc_total_minor", people: "retained" } },
  cac_minor: newcomers,
  acquisition_roi: { words: "value.made.acquisition_roi", of: { margin: "newcomers_margin_minor", cost: "acquisition_cost_minor" } },
  payback_months: newcomers,
};

export function MadeOf(props: { field: Field; row: Row }) {
  const { formats } = useWords();
  const currency = useShop().shop?.currency ?? null;
  const { field, row } = props;
  const value = (name: string) => (row as unknown as Readonly<Record<string, number | null>>)[name] ?? null;
  if (field === "crc_total_minor" || field === "acquisition_cost_minor" || value(field) === null) return null;
  const { words, of } = made[field];
  const values: Record<string, number | string> = {};
  const numbers: Record<string, Numbers[string]> = {};
  for (const [argument, name] of Object.entries(of)) {
    const n = value(name);
    if (n === null) return null;
    values[argument] = name.endsWith("_minor") ? formats.money(n, currency, true) : name === "units" ? formats.decimal(n, Number.isInteger(n) ? 0 : 1) : n;
    numbers[argument] = { field: name, people: n === 0 ? null : peopleOf(name, row) };
  }
  return (
    <p className="small soft basis">
      <span>
        <Said words={words} values={values} numbers={numbers} />
      </span>
    </p>
  );
}
