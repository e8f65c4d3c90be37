import { describe, expect, it } from "vitest";
import type { CohortRow } from "../../api/rows";
import { behindCell, cohortsIn, depth, grid, moved, rowsMost, valueAt } from "./heat";

const row = (cohort: string, size: number, rates: (number | null)[], split: string | null = null): CohortRow => ({
  cohort,
  split,
  warming_up: false,
  size,
  cells: rates.map((value, k) => ({ k, complete: true, customers: Math.round((value ?? 0) * size), rate: { value, n: 0, d: size, low: null, high: null }, revenue_minor: k * 100, cumulative_revenue_minor: k * 1000 })),
});

describe("the grid", () => {
  it("leaves out empty cohorts and does not let period 0 set the scale", () => {
    const made = grid([row("2024-01-01", 10, [1, 0.4, 0.2]), row("2024-02-01", 0, [null, null]), row("2024-03-01", 5, [1])], "rate");
    expect(made.rows.map((one) => one.cohort)).toEqual(["2024-01-01", "2024-03-01"]);
    expect([made.columns, made.hidden, made.most]).toEqual([3, 0, 0.4]);
  });
  it("draws the newest of very many", () => {
    const made = grid(Array.from({ length: 100 }, (_, i) => row(`c${i}`, 1, [1])), "customers");
    expect([made.rows.length, made.hidden, made.rows[0]!.cohort]).toEqual([rowsMost, 40, "c40"]);
  });
  it("is empty of nothing", () => expect(grid([], "rate")).toEqual({ rows: [], columns: 0, hidden: 0, most: 0 }));
  it("reads a cell that is not there as nothing", () => expect(valueAt(row("c", 1, [1]), 7, "rate")).toBe(null));
});

it("counts the cohorts of a mean, and one in parts once", () => {
  const warming = { ...row("2023-01-01", 9, [1, 1]), warming_up: true };
  const short = { ...row("2024-03-01", 5, [1, 0.5]) };
  short.cells[1]!.complete = false;
  const rows = [warming, row("2024-01-01", 4, [1, 0.5, 0], "NL"), row("2024-01-01", 4, [1, 0.5, 0], "BE"), row("2024-02-01", 4, [1, 0.5]), row("2024-02-01", 0, [null, null]), short];
  expect([0, 1, 2, 3].map((k) => cohortsIn(rows, k))).toEqual([3, 2, 1, 0]);
});

it("colours from nothing to the greatest", () => {
  expect([depth(null, 1), depth(0, 1), depth(1, 0), depth(1, 1)]).toEqual([0, 0, 0, 1]);
  expect(depth(0.5, 1)).toBeGreaterThan(depth(0.25, 1));
});

it("names the people behind a cell as the API does", () => {
  expect(behindCell(row("2024-01-01", 1, []), null)).toBe("cohort:2024-01-01");
  expect(behindCell(row("2024-01-01", 1, []), 3)).toBe("cohort:2024-01-01:3");
  expect(behindCell(row("2024-01-01", 1, [], "instagram"), 3)).toBe("cohort:2024-01-01:3:instagram");
});

describe("arrows", () => {
  const lengths = [3, 2, 1];
  it.each([
    [{ row: 0, column: 2 }, "ArrowRight", null],
    [{ row: 0, column: 2 }, "ArrowDown", { row: 1, column: 1 }],
    [{ row: 1, column: 1 }, "ArrowUp", { row: 0, column: 1 }],
    [{ row: 0, column: 0 }, "ArrowUp", null],
    [{ row: 0, column: 1 }, "Home", { row: 0, column: 0 }],
    [{ row: 0, column: 1 }, "End", { row: 0, column: 2 }],
    [{ row: 0, column: 2 }, "PageDown", { row: 2, column: 0 }],
    [{ row: 2, column: 0 }, "ArrowDown", null],
    [{ row: 0, column: 0 }, "x", null],
  ])("from %j by %s to %j", (at, key, to) => expect(moved(lengths, at, key)).toEqual(to));
});
