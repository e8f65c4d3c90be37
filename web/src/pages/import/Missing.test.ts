import { expect, it } from "vitest";
import { missingOf } from "./Missing";

const error = (reason: string, params: Record<string, string | number>) => ({ code: "bad_input", message: "", field: null, hint: null, reason, params }) as unknown as Parameters<typeof missingOf>[0];

it("names what is missing, and what two columns fit", () => {
  expect(missingOf(error("problem.columns_missing", { roles: "customer, amount" }))).toEqual(["customer", "amount"]);
  expect(missingOf(error("problem.columns_missing_unfit", { roles: "date", column: "Datum", value: "45296" }))).toEqual(["date"]);
  expect(missingOf(error("problem.columns_tie", { role: "date" }))).toEqual(["date"]);
});

it("asks for nothing where the error is another", () => {
  expect(missingOf(null)).toEqual([]);
  expect(missingOf(error("problem.no_rows", { roles: "customer" }))).toEqual([]);
  expect(missingOf(error("problem.columns_missing", {}))).toEqual([]);
});
