import { expect, it } from "vitest";
import { changeSteps, placeOfTrouble } from "./things";

it("a count of what is wrong leads to the rows, or to where it is mended", () => {
  const at = (code: Parameters<typeof placeOfTrouble>[0]["code"], more: { subjects?: string[]; imports?: number[] } = {}, write = true) => placeOfTrouble({ code, subjects: [], imports: [], ...more }, { write });
  expect(at("rejected", { imports: [7] })).toEqual({ path: "/import", params: { left_out: "7" } });
  expect(at("rejected", { imports: [7, 3] })).toEqual({ path: "/import", params: {} });
  expect(at("unknown_status", { subjects: ["vreemd", "raar"] })).toEqual({ path: "/settings", params: { status: "vreemd" } });
  expect(at("unconverted")).toEqual({ path: "/import", params: { kind: "rates" } });
  expect(at("anonymous")).toBe(null);
  // Whoever may only look is not led to where nothing can be looked at.
  expect(at("rejected", { imports: [7] }, false)).toEqual({ path: "/import", params: { left_out: "7" } });
  expect(at("unknown_status", { subjects: ["vreemd"] }, false)).toBe(null);
});

const may = { before_start: "2024-05-01", before_end: "2024-06-01", after_start: "2024-06-01", after_end: "2024-07-01" };

it("the bars of what changed meet, and each has its people and its definition", () => {
  const parts = [
    { field: "by_customers_minor", label: "Buyers", minor: 100 },
    { field: "by_frequency_minor", label: "Frequency", minor: -250 },
    { field: "by_order_value_minor", label: "Value", minor: 70 },
  ] as const;
  const steps = changeSteps({ ...may, revenue_before_minor: 200, revenue_after_minor: 120 }, [...parts], "May", "June");
  expect(steps.map((step) => [step.label, step.from, step.to])).toEqual([
    ["May", 0, 200],
    ["Buyers", 200, 300],
    ["Frequency", 50, 300],
    ["Value", 50, 120],
    ["June", 0, 120],
  ]);
  expect(steps.map((step) => [step.field, step.people.behind, step.people.from, step.people.to])).toEqual([
    ["revenue_minor", "revenue_minor", "2024-05-01", "2024-06-01"],
    ["by_customers_minor", "buyers", "2024-06-01", "2024-07-01"],
    ["by_frequency_minor", "purchase_frequency", "2024-06-01", "2024-07-01"],
    ["by_order_value_minor", "aov_minor", "2024-06-01", "2024-07-01"],
    ["revenue_minor", "revenue_minor", "2024-06-01", "2024-07-01"],
  ]);
});
