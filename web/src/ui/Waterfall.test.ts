import { expect, it } from "vitest";
import { steps } from "./Waterfall";

it("meets: the start less the lost plus the new and the returned is the end", () => {
  const row = { customers_start: 2000, customers_end: 2400, retained: 1700, lost: 300, new: 600, reactivated: 100 };
  const bars = steps(row);
  expect(bars.map((bar) => [bar.field, bar.from, bar.to])).toEqual([
    ["customers_start", 0, 2000],
    ["lost", 1700, 2000],
    ["new", 1700, 2300],
    ["reactivated", 2300, 2400],
    ["customers_end", 0, 2400],
  ]);
  expect(bars.at(-1)!.to).toBe(bars.at(-2)!.to);
});
