import { describe, expect, it } from "vitest";
import type { PeriodRow } from "../../api/rows";
import { chosen, partsBySize, tooFew, trendOf } from "./choose";

const row = (period_start: string, change: Partial<PeriodRow & { size: number }> = {}) => ({ period_start, period_end: "", complete: true, warming_up: false, new_at_most: false, evaluated_to: null, split: null, size: 1, ...change });

describe("the period that is spoken of", () => {
  const rows = [row("a"), row("b"), row("c", { complete: false })];
  it("is the one of the address, else the last complete one", () => {
    expect(chosen(rows, "a")).toBe(0);
    expect(chosen(rows, "c")).toBe(2);
    expect(chosen(rows, "gone")).toBe(1);
    expect(chosen(rows, null)).toBe(1);
  });
  it("is the last where none is complete, and none of nothing", () => {
    expect(chosen([row("a", { complete: false }), row("b", { complete: false })], null)).toBe(1);
    expect(chosen([], null)).toBe(-1);
  });
});

it("a trend holds no period that warms up or is not over", () => {
  const rows = [row("a", { warming_up: true }), row("b"), row("c"), row("d", { complete: false })];
  expect(trendOf(rows, 3, (one) => one.size)).toEqual([null, 1, 1, null]);
  expect(trendOf(rows, 2, (one) => one.size, 2)).toEqual([1, 1]);
});

it("parts go by the size of their last complete period", () => {
  expect(partsBySize([row("a", { split: "x", size: 9 }), row("b", { split: "x", size: 1 }), row("b", { split: "y", size: 5 }), row("c", { split: "x", size: 99, complete: false }), row("b", { split: null, size: 3 })], (one) => one.size)).toEqual(["y", null, "x"]);
});

it("says when people are too few, but not of nobody", () => {
  const rate = (d: number) => ({ value: null, n: 0, d, low: null, high: null });
  expect([tooFew(rate(0)), tooFew(rate(29)), tooFew(rate(30))]).toEqual([false, true, false]);
});
