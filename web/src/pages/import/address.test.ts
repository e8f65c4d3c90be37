import { expect, it } from "vitest";
import { nowhere, paramsOf, placeOf, readingOf, type Place } from "./address";

const written = (place: Place) => {
  const at = new URLSearchParams();
  for (const [key, value] of Object.entries(paramsOf(place))) if (value !== null) at.set(key, value);
  return at;
};

it("is nowhere at an address that says nothing", () => {
  expect(placeOf(new URLSearchParams())).toEqual(nowhere);
  expect(written(nowhere).toString()).toBe("");
});

it("reads back what it wrote", () => {
  const place: Place = { uploads: ["u_1", "u_2"], kind: "costs", map: 'amount="Bedrag, netto"', source: "bol", timezone: "Europe/Amsterdam", currency: "EUR", dateFormat: "DMY", decimal: ",", window: "90", job: "j_7", report: "j_8", leftOut: 12 };
  expect(placeOf(written(place))).toEqual(place);
  expect(readingOf(place)).toEqual({ uploads: ["u_1", "u_2"], kind: "costs", map: 'amount="Bedrag, netto"', source: "bol", timezone: "Europe/Amsterdam", currency: "EUR", date_format: "DMY", decimal: ",", window: "90d" });
});

it("sends nothing that was not said", () => {
  expect(readingOf({ ...nowhere, uploads: ["u_1"] })).toEqual({ uploads: ["u_1"], kind: "orders" });
});

it("takes no id that is none", () => {
  expect(placeOf(new URLSearchParams("files=u_1./x&job=<script>&report=../x&kind=magic&left_out=0"))).toEqual({ ...nowhere, uploads: ["u_1"] });
});
