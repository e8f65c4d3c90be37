// Where a claim and a shop's figure stand on one line.
import type { ClaimRow } from "../../api/rows";

export const isTimes = (name: string): boolean => name === "new_costs_five_times";

export interface Scale {
  own: number;
  interval: [number, number] | null;
  claimed: [number, number];
  zero: number | null; // where 0 lies, if it is not at the left end
}

// Positions on a line of `width`, with room at both ends; null where the shop has no figure.
export function scaleOf(row: Pick<ClaimRow, "value" | "low" | "high" | "published_low" | "published_high">, width: number): Scale | null {
  if (row.value === null) return null;
  const values = [0, row.value, row.low ?? row.value, row.high ?? row.value, row.published_low, row.published_high];
  const least = Math.min(...values);
  const span = Math.max(...values) - least || 1;
  const room = 12;
  const at = (value: number) => room + ((value - least) / span) * (width - 2 * room);
  return {
    own: at(row.value),
    interval: row.low === null || row.high === null ? null : [at(row.low), at(row.high)],
    claimed: [at(row.published_low), at(row.published_high)],
    zero: least < 0 ? at(0) : null,
  };
}
