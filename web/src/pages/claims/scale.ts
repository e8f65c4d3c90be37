// Where a claim and a shop's figure stand on one line.
import type { ClaimRow } from "../../api/rows";

export const isTimes = (name: string): boolean => name === "new_costs_five_times";

export interface Scale {
  own: number;
  interval: [number, number] | null;
  claimed: [number, number];
  zero: number | null; // where 0 lies, if it is not at the left end
}

// Positions on a line of `width`, with room at both ends; null where there is no figure.
export function scaleOf(row: Pick<ClaimRow, "value" | "low" | "high" | "published_low" | "published_high">, width: number): Scale | null {
  const { value, published_low: from, published_high: to } = row;
  if (value === null || from === null || to === null) return null;
  const values = [0, value, row.low ?? value, row.high ?? value, from, to];
  const least = Math.min(...values);
  const span = Math.max(...values) - least || 1;
  const room = 12;
  const at = (value: number) => room + ((value - least) / span) * (width - 2 * room);
  return {
    own: at(value),
    interval: row.low === null || row.high === null ? null : [at(row.low), at(row.high)],
    claimed: [at(from), at(to)],
    zero: least < 0 ? at(0) : null,
  };
}
