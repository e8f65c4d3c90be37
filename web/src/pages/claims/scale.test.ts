import { expect, it } from "vitest";
import { scaleOf } from "./scale";

const claim = { value: 0.2, low: 0.1, high: 0.3, published_low: 0.25, published_high: 0.95 };

it("lays figure, interval and claim on one line, in order", () => {
  const scale = scaleOf(claim, 280)!;
  const [low, high] = scale.interval!;
  expect(low < scale.own && scale.own < scale.claimed[0] && scale.claimed[0] < high && high < scale.claimed[1]).toBe(true);
  expect(scale.zero).toBe(null);
});
it("shows where nothing lies when a figure is below it", () => {
  expect(scaleOf({ ...claim, value: -0.1, low: null, high: null }, 280)!.zero).toBeGreaterThan(12);
});
it("draws nothing without a figure", () => {
  expect(scaleOf({ ...claim, value: null }, 280)).toBe(null);
  expect(scaleOf({ ...claim, published_low: null }, 280)).toBe(null);
});
