import { describe, expect, it } from "vitest";
import { changeSteps, peopleOf } from "./things";

describe("the people of an action", () => {
  it.each([
    ["behoud customers --behind slipping_away", { behind: "slipping_away" }],
    ["behoud customers --behind win_back --from 2025-12-01 --to 2026-01-01 --grain month", { behind: "win_back", from: "2025-12-01", to: "2026-01-01" }],
    ["behoud customers --behind 'refunds_item:it'\\''s'", { behind: "refunds_item:it's" }],
    ["behoud import rates FILE", null],
    ["behoud customers", null],
    [null, null],
  ])("%s", (command, people) => expect(peopleOf(command)).toEqual(people));
});

it("the bars of what changed meet", () => {
  const steps = changeSteps({ before_start: "", before_end: "", after_start: "", after_end: "", revenue_before_minor: 200, revenue_after_minor: 120, by_customers_minor: 100, by_frequency_minor: -250, by_order_value_minor: 70 });
  expect(steps.map((step) => [step.name, step.from, step.to])).toEqual([
    ["before", 0, 200],
    ["customers", 200, 300],
    ["frequency", 50, 300],
    ["order_value", 50, 120],
    ["after", 0, 120],
  ]);
});
