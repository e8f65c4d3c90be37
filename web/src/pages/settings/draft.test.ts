import { expect, it } from "vitest";
import type { Settings } from "../../api/settings";
import { changeOf, draftOf, problemsOf } from "./draft";

const settings: Settings = {
  revision: 7,
  zone: "Europe/Amsterdam", currency: "EUR", window_days: 180, window_proposed_days: 90, margin_rate: 0.355,
  statuses: { shipped: "counts" }, unknown_statuses: [{ word: "on hold", count: 3 }], sources: [{ source: "shopify", imports: 2 }], mappings: {},
};

it("writes the margin as per cent with the reader's mark, and reads it back", () => {
  expect(draftOf(settings, "nl-NL").margin).toBe("35,5");
  expect(draftOf(settings, "en-GB").margin).toBe("35.5");
  for (const locale of ["en-GB", "nl-NL", "sv-SE"]) {
    for (let hundredths = 0; hundredths <= 10_000; hundredths += 7) {
      const margin_rate = hundredths / 10_000;
      expect(changeOf({ ...settings, margin_rate: null }, draftOf({ ...settings, margin_rate }, locale), locale).margin_rate).toBe(margin_rate);
    }
  }
});

it("changes nothing where nothing was typed", () => {
  expect(changeOf(settings, draftOf(settings, "sv-SE"), "sv-SE")).toEqual({});
});

it("sends what was changed and no more", () => {
  const draft = { ...draftOf(settings, "en-GB"), window: "90", statuses: { shipped: "counts", "on hold": "awaited" } as const };
  expect(changeOf(settings, draft, "en-GB")).toEqual({ window_days: 90, statuses: { "on hold": "awaited" } });
  expect(changeOf(settings, { ...draft, margin: "", zone: " Europe/Stockholm " }, "en-GB")).toEqual({ zone: "Europe/Stockholm", window_days: 90, margin_rate: null, statuses: { "on hold": "awaited" } });
});

it.each([["0", true], ["-1", true], ["3651", true], ["ninety", true], ["90.5", true], ["1", false], ["3650", false], ["", false]])("a window of %j", (window, bad) => {
  expect(problemsOf({ ...draftOf(settings, "en-GB"), window })).toEqual({ window: bad, margin: false });
});

it.each([["101", true], ["-3", true], ["1e1", true], ["3,5", false], ["3.5 %", false], ["0", false], ["100", false], ["", false]])("a margin of %j", (margin, bad) => {
  expect(problemsOf({ ...draftOf(settings, "en-GB"), margin }).margin).toBe(bad);
});
