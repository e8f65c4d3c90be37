import { expect, it } from "vitest";
import { peopleOf, peopleOfCompared } from "./Figure";

const april = { period_start: "2024-04-01", period_end: "2024-05-01", evaluated_to: null, split: null };

it("lists the people of a period that others are compared with as far as it was read", () => {
  expect(peopleOfCompared("lost", { ...april, evaluated_to: "2024-04-15" })).toEqual({ behind: "lost", from: "2024-04-01", to: "2024-04-15", grain: "14d" });
});

it("lists those of a whole one by its own grain", () => {
  expect(peopleOfCompared("lost", april)).toEqual(peopleOf("lost", april));
  expect(peopleOfCompared("lost", { ...april, evaluated_to: "2024-05-01" })).toEqual(peopleOf("lost", april));
});

it("lists nobody behind what is of nobody", () => {
  expect(peopleOfCompared("clv_minor", { ...april, evaluated_to: "2024-04-15" })).toBe(null);
});
