// Which period a page speaks of, and what stands beside it.
import type { PeriodRow, Rate } from "../../api/rows";

// The index of the period of the address, else of the last complete one, else of the last; -1 without any.
export function chosen(rows: readonly PeriodRow[], start: string | null): number {
  const asked = start === null ? -1 : rows.findIndex((row) => row.period_start === start);
  if (asked >= 0) return asked;
  const complete = rows.findLastIndex((row) => row.complete);
  return complete >= 0 ? complete : rows.length - 1;
}

// What may stand in a line of how a number went: complete and past the warming up.
export function trendOf<Row extends PeriodRow>(rows: readonly Row[], until: number, read: (row: Row) => number | null, most = 24): (number | null)[] {
  return rows.slice(Math.max(0, until + 1 - most), until + 1).map((row) => (row.complete && !row.warming_up ? read(row) : null));
}

// The parts of a split by the size of their last complete period, greatest first.
export function partsBySize<Row extends PeriodRow>(rows: readonly Row[], size: (row: Row) => number): (string | null)[] {
  const sizes = new Map<string | null, number>();
  for (const row of rows) if (row.complete) sizes.set(row.split, size(row));
  return [...sizes].sort((a, b) => b[1] - a[1]).map(([part]) => part);
}

export const fewPeople = 30;
export const tooFew = (rate: Rate): boolean => rate.d > 0 && rate.d < fewPeople;
