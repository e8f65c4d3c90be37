import { expect, it } from "vitest";
import { changeSteps } from "./things";

it("the bars of what changed meet", () => {
  const parts = [
    { field: "by_customers_minor", label: "Buyers", minor: 100 },
    { field: "by_frequency_minor", label: "Frequency", minor: -250 },
    { field: "by_order_value_minor", label: "Value", minor: 70 },
  ] as const;
  const steps = changeSteps({ revenue_before_minor: 200, revenue_after_minor: 120 }, [...parts], "May", "June");
  expect(steps.map((step) => [step.label, step.from, step.to])).toEqual([
    ["May", 0, 200],
    ["Buyers", 200, 300],
    ["Frequency", 50, 300],
    ["Value", 50, 120],
    ["June", 0, 120],
  ]);
});
