// Which fields the page shows, and how each is written.
import type { PeriodRow } from "../../api/rows";
import type { Formats } from "../../state/formats";
import type { TimeLine } from "../../ui/time_chart";

export const valueFields = ["aov_minor", "purchase_frequency", "customer_value_minor", "clv_minor", "value_to_date_minor", "value_per_active_minor", "margin_minor", "items_per_order"] as const;
export const costFields = ["crc_total_minor", "crc_minor", "crc_per_retained_minor", "acquisition_cost_minor", "cac_minor", "acquisition_roi", "payback_months"] as const;
export type Field = (typeof valueFields)[number] | (typeof costFields)[number];

export const isMoney = (field: Field): boolean => field.endsWith("_minor");

export function writer(field: Field, formats: Formats, currency: string | null): (value: number) => string {
  if (isMoney(field)) return (value) => formats.money(value, currency);
  if (field === "acquisition_roi") return (value) => formats.percent(value);
  if (field === "payback_months") return (value) => formats.count(value);
  return (value) => formats.decimal(value);
}

// One line: the field of each row, in the place of its period. Money does not warm up, only who is a customer does.
export function lines(rows: readonly (PeriodRow | null)[], periods: readonly PeriodRow[], field: Field, name: string, hue: TimeLine["hue"], formats: Formats): TimeLine {
  return {
    name,
    hue,
    points: periods.map((period, i) => {
      const row = rows[i] as (PeriodRow & Partial<Record<Field, number | null>>) | null | undefined;
      const at = row ?? period;
      return { name: formats.period(at.period_start, at.period_end), value: row?.[field] ?? null, complete: period.complete, warmingUp: false };
    }),
  };
}
