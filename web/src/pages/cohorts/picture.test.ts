// @vitest-environment jsdom
import { expect, it } from "vitest";
import type { CohortRow } from "../../api/rows";
import { grid } from "./heat";
import { heatSvg } from "./picture";

const row = (cohort: string, warming_up: boolean, rates: number[]): CohortRow => ({
  cohort,
  split: null,
  warming_up,
  size: 10,
  cells: rates.map((value, k) => ({ k, complete: k < 2, customers: value * 10, rate: { value, n: 0, d: 10, low: null, high: null }, revenue_minor: 0, cumulative_revenue_minor: 0 })),
});

it("draws every cell with its words, marks what warms up or is not over, and takes a name as text", () => {
  const made = grid([row("a", true, [1, 0.4, 0.2]), row("<b>&", false, [1, 0.3])], "rate");
  const svg = heatSvg({ grid: made, show: "rate", mode: "on", deepest: 0.7, head: ["First order", "People"], nameOf: (one) => one.cohort, write: (value) => `${(value ?? 0) * 100}%`, count: String, means: [{ name: "Mean", of: (k) => k / 10 }], notesOf: () => [], notes: [] });
  const drawn = new DOMParser().parseFromString(svg, "image/svg+xml");
  expect(drawn.querySelector("parsererror")).toBe(null);
  const words = [...drawn.querySelectorAll("text")].map((text) => text.textContent);
  expect(words).toEqual(["First order", "People", "+0", "+1", "+2", "a", "10", "100%", "40%", "20%", "<b>&", "10", "100%", "30%", "Mean", "0%", "10%", "20%"]);
  const cells = [...drawn.querySelectorAll('rect[fill="var(--kept)"]')];
  expect(cells.map((cell) => cell.getAttribute("fill-opacity"))).toEqual(["0.000", "0.700", "0.371", "0.000", "0.535"]);
  expect(cells.map((cell) => cell.hasAttribute("stroke-dasharray"))).toEqual([false, false, true, false, false]);
  expect(drawn.querySelectorAll('rect[fill="url(#warming)"]').length).toBe(3);
});

it("has the notes beside their cohorts and in words below, and room for the longest name", () => {
  const long = "Weighted mean of cohorts, one year earlier";
  const rows = [row("a", false, [1, 0.4]), row("b", false, [1, 0.3])];
  const drawnWith = (means: { name: string; of: (k: number) => number | null }[]) => {
    const notesOf = (one: CohortRow) => (one.cohort === "b" ? [1, 2] : []);
    const notes = [{ number: 1, words: "1 Feb: <sale>" }, { number: 2, words: "2 Feb: price" }];
    const svg = heatSvg({ grid: grid(rows, "rate"), show: "rate", mode: "on", deepest: 0.7, head: ["First order", "People"], nameOf: (one) => one.cohort, write: (value) => `${(value ?? 0) * 100}%`, count: String, means, notesOf, notes });
    return new DOMParser().parseFromString(svg, "image/svg+xml");
  };
  const drawn = drawnWith([{ name: long, of: () => 0.5 }]);
  expect(drawn.querySelector("parsererror")).toBe(null);
  const placed = [...drawn.querySelectorAll("text")].map((text) => ({ words: text.textContent, x: Number(text.getAttribute("x")), y: Number(text.getAttribute("y")) }));
  expect(placed.slice(-4).map((one) => one.words)).toEqual(["1", "1 Feb: <sale>", "2", "2 Feb: price"]);
  const b = placed.find((one) => one.words === "b")!;
  const beside = placed.filter((one) => Math.abs(one.y - b.y) < 4 && /^[12]$/.test(one.words));
  expect(beside.map((one) => one.words)).toEqual(["1", "2"]);
  expect(beside.every((one) => one.x > b.x + 20)).toBe(true);
  const svg = drawn.documentElement.getAttribute("viewBox")!.split(" ").map(Number);
  expect(placed.every((one) => one.x < svg[2]! && one.y < svg[3]!)).toBe(true);
  // The first cell stands behind the words of the mean.
  const cell = Number(drawn.querySelector('rect[fill="var(--kept)"]')!.getAttribute("x"));
  expect(cell).toBeGreaterThan(8 + long.length * 6);
  expect(Number(drawnWith([]).querySelector('rect[fill="var(--kept)"]')!.getAttribute("x"))).toBeLessThan(cell);
});
