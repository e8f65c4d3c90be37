import { expect, it } from "vitest";
import type { Definition } from "../../api/rows";
import { groups, matching } from "./groups";

const row = (field: string, page: Definition["page"], sentence = field): Definition => ({ field, page, sentence, term: field.toUpperCase(), formula: null, unit: "people" });
const rows = [row("split", "retention"), row("lost", "retention", "Who left."), row("split", "cohorts"), row("revenue_minor", "retention", "of the shop"), row("revenue_minor", "cohorts", "of the cohort")];

it("says what means the same once, and what does not under each question", () => {
  expect(groups(rows).map((group) => [group.page, group.entries.map((entry) => entry.id)])).toEqual([
    ["retention", ["split", "lost", "revenue_minor"]],
    ["cohorts", ["cohorts.revenue_minor"]],
  ]);
});
it("finds by field, term and sentence", () => {
  expect(matching(rows, " who LEFT").map((one) => one.field)).toEqual(["lost"]);
  expect(matching(rows, "REVENUE_").length).toBe(2);
  expect(matching(rows, "").length).toBe(5);
});
