// A cohort answer as a grid: which rows and columns are drawn, what a cell shows and how deep its colour is.
import type { CohortCell, CohortRow } from "../../api/rows";

export const shows = ["rate", "customers", "revenue_minor", "cumulative_revenue_minor"] as const;
export type Show = (typeof shows)[number];
export const modes = ["on", "on_or_after", "active"] as const;
export type Mode = (typeof modes)[number];

// A grid of a thousand days by a thousand would help nobody: the newest cohorts and the first periods are drawn, and the
// CSV has all.
export const rowsMost = 60;
export const columnsMost = 60;
// As many as stand side by side on A4: print.css leaves out the others.
export const columnsOnPaper = 13;

export function valueOf(cell: CohortCell, show: Show): number | null {
  return show === "rate" ? cell.rate.value : cell[show];
}

export function valueAt(row: CohortRow, k: number, show: Show): number | null {
  const cell = row.cells[k];
  return cell ? valueOf(cell, show) : null;
}

export interface Grid {
  rows: CohortRow[];
  columns: number; // k runs from 0 to columns - 1
  hidden: number; // cohorts that are not drawn
  // The greatest value drawn, apart from period 0 of a rate, which is always everybody.
  most: number;
}

export function grid(rows: readonly CohortRow[], show: Show): Grid {
  const drawn = rows.filter((row) => row.size > 0).slice(-rowsMost);
  const columns = Math.min(columnsMost, Math.max(0, ...drawn.map((row) => row.cells.length)));
  let most = 0;
  for (const row of drawn) {
    for (const cell of row.cells.slice(0, columns)) {
      if (cell.k === 0 && show !== "cumulative_revenue_minor") continue;
      most = Math.max(most, valueOf(cell, show) ?? 0);
    }
  }
  return { rows: drawn, columns, hidden: rows.filter((row) => row.size > 0).length - drawn.length, most };
}

// How deep a cell is coloured, from 0 to 1.
export function depth(value: number | null, most: number): number {
  if (value === null || value <= 0 || most <= 0) return 0;
  return Math.min(1, 0.06 + 0.94 * (value / most));
}

// How many cohorts a mean of column k is of. A cohort in parts is one.
export function cohortsIn(rows: readonly CohortRow[], k: number): number {
  return new Set(rows.filter((row) => row.size > 0 && !row.warming_up && row.cells[k]?.complete).map((row) => row.cohort)).size;
}

export const behindCell = (row: Pick<CohortRow, "cohort" | "split">, k: number | null): string =>
  ["cohort", row.cohort, ...(k === null ? [] : [String(k)]), ...(row.split === null ? [] : [row.split])].join(":");

// Where an arrow leads in a grid whose rows have their own lengths; null where there is nothing.
export function moved(lengths: readonly number[], at: { row: number; column: number }, key: string): { row: number; column: number } | null {
  let { row, column } = at;
  if (key === "ArrowRight") column += 1;
  else if (key === "ArrowLeft") column -= 1;
  else if (key === "ArrowDown") row += 1;
  else if (key === "ArrowUp") row -= 1;
  else if (key === "Home") column = 0;
  else if (key === "End") column = (lengths[row] ?? 1) - 1;
  else if (key === "PageDown") row = lengths.length - 1;
  else if (key === "PageUp") row = 0;
  else return null;
  if (row < 0 || row >= lengths.length) return null;
  column = Math.min(column, lengths[row]! - 1);
  return column < 0 || (row === at.row && column === at.column) ? null : { row, column };
}
