// The rows of an answer as the lines of a chart over time. Nothing is reckoned: values are the answer's own.
import type { PeriodRow, Rate, RetentionAnswer, RetentionRow } from "../../api/rows";
import type { Formats } from "../../state/formats";
import type { TimeLine, TimePoint } from "../../ui/time_chart";

export const rateMeasures = ["crr_strict", "churn_rate", "returning_rate", "repeat_rate"] as const;
export const countMeasures = ["customers_end", "new", "lost"] as const;
export type Measure = (typeof rateMeasures)[number] | (typeof countMeasures)[number];
export const measures: readonly Measure[] = [...rateMeasures, ...countMeasures];
export const isRate = (measure: Measure): measure is (typeof rateMeasures)[number] => (rateMeasures as readonly string[]).includes(measure);

export const hueOf: Record<Measure, TimeLine["hue"]> = {
  crr_strict: "kept",
  churn_rate: "lost",
  returning_rate: "back",
  repeat_rate: "kept",
  customers_end: "kept",
  new: "new",
  lost: "lost",
};

export interface Words {
  formats: Formats;
  of(rate: Rate): string;
}

export function point(row: RetentionRow, measure: Measure, words: Words): TimePoint {
  const name = words.formats.period(row.period_start, row.period_end);
  const state = { name, complete: row.complete, warmingUp: row.warming_up };
  if (!isRate(measure)) return { ...state, warmingUp: row.warming_up && measure !== "customers_end", value: row[measure] };
  const rate = row[measure];
  return { ...state, value: rate.value, low: rate.low, high: rate.high, basis: rate.value === null ? undefined : words.of(rate) };
}

// One line of the whole shop, and where a comparison was asked for a grey one, period by period beside it.
export function wholeLines(answer: RetentionAnswer, measure: Measure, words: Words, name: string, comparedName: string): TimeLine[] {
  const lines: TimeLine[] = [{ name, hue: hueOf[measure], points: answer.rows.map((row) => point(row, measure, words)) }];
  if (answer.comparison) {
    const rows = answer.comparison.rows;
    lines.push({ name: comparedName, hue: "soft", compared: true, points: answer.rows.map((_, i) => (rows[i] ? point(rows[i], measure, words) : { name: "", value: null, complete: true, warmingUp: false })) });
  }
  return lines;
}

// One line for each of the parts that are named, on the axis of all periods.
export function partLines(rows: readonly RetentionRow[], periods: readonly PeriodRow[], parts: readonly (string | null)[], measure: Measure, words: Words, nameOf: (part: string | null) => string): TimeLine[] {
  const hues = ["kept", "new", "back", "lost"] as const;
  return parts.map((part, i) => {
    const own = new Map(rows.filter((row) => row.split === part).map((row) => [row.period_start, row]));
    return {
      name: nameOf(part),
      hue: hues[i % hues.length]!,
      points: periods.map((period) => {
        const row = own.get(period.period_start);
        return row ? point(row, measure, words) : { name: words.formats.period(period.period_start, period.period_end), value: null, complete: period.complete, warmingUp: period.warming_up };
      }),
    };
  });
}
