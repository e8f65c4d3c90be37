import { expect, it } from "vitest";
import { parseBehind } from "./behind";

it.each([
  ["lost", { field: "lost", cohort: null, k: null, part: null }],
  ["lost:insta:gram", { field: "lost", cohort: null, k: null, part: "insta:gram" }],
  ["lost:", { field: "lost", cohort: null, k: null, part: "" }],
  ["claim:average_retention", { field: "average_retention", claim: true, cohort: null, k: null, part: null }],
  ["cohort:2024-01-01", { field: "cohort", cohort: "2024-01-01", k: null, part: null }],
  ["cohort:2024-01-01:3", { field: "cohort", cohort: "2024-01-01", k: 3, part: null }],
  ["cohort:2024-01-01:3:NL", { field: "cohort", cohort: "2024-01-01", k: 3, part: "NL" }],
  ["cohort:2024-01-01:NL", { field: "cohort", cohort: "2024-01-01", k: null, part: "NL" }],
])("reads %s", (text, read) => expect(parseBehind(text)).toEqual(read));
