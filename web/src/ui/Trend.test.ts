import { expect, it } from "vitest";
import { trendPath } from "./Trend";

it("draws from the lowest to the highest value and leaves gaps open", () => {
  const { path, last } = trendPath([1, 3, null, 2, 3], 200, 32);
  expect(path.match(/M/g)).toHaveLength(2);
  expect(path.startsWith("M3.0 29.0")).toBe(true);
  expect(last).toEqual([197, 3]);
});
it("draws nothing of fewer than two values, and a level line of equal ones", () => {
  expect(trendPath([null, 1], 200, 32).path).toBe("");
  expect(trendPath([2, 2], 200, 32).path).toBe("M3.0 29.0L197.0 29.0");
});
