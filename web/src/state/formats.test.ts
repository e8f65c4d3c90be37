import { describe, expect, it } from "vitest";
import { exponent, lengthOf, makeFormats, none } from "./formats";

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe("formats", () => {
  const en = makeFormats("en-GB");
  const nl = makeFormats("nl-NL");
  const sv = makeFormats("sv-SE");

  it("shows nothing known as a dash", () => {
    for (const text of [en.count(null), en.percent(null), en.money(null, "EUR"), en.decimal(undefined), en.day(null), en.interval(null, 1), en.instant(null, null)]) expect(text).toBe(none);
  });
  it("shows money by its currency's own exponent", () => {
    expect(en.money(1234567, "EUR")).toBe("€12,345.67");
    expect(plain(nl.money(1234567, "EUR"))).toBe("€ 12.345,67");
    expect(plain(sv.money(1234567, "SEK"))).toBe("12 345,67 kr");
    expect(plain(en.money(1234, "JPY"))).toMatch(/1,234$/);
    expect(plain(en.money(1234, "KWD"))).toMatch(/1\.234$/);
    expect(en.money(1234567, "EUR", true)).toBe("€12,346");
    expect(en.money(150, null)).toBe("1.50");
    expect(en.money(-5, "EUR")).toBe("-€0.05");
    expect([exponent("JPY"), exponent("KWD"), exponent("EUR"), exponent(null), exponent("nonsense")]).toEqual([0, 3, 2, 2, 2]);
  });
  it("shows rates with one decimal and their intervals once with the sign", () => {
    expect(en.percent(0.9235)).toBe("92.4%");
    expect(nl.percent(0.9235)).toBe("92,4%");
    expect(plain(sv.percent(0.9235))).toBe("92,4 %");
    expect(en.interval(0.911, 0.935)).toBe("91.1–93.5%");
    expect(plain(sv.interval(0.911, 0.935))).toBe("91,1–93,5 %");
    expect(en.percent(1.05)).toBe("105.0%");
  });
  it("names periods as a reader does", () => {
    expect(en.period("2025-12-01", "2026-01-01")).toBe("December 2025");
    expect(nl.period("2025-12-01", "2026-01-01")).toBe("december 2025");
    expect(nl.periodHead("2025-12-01", "2026-01-01")).toBe("December 2025");
    expect(en.period("2025-01-01", "2026-01-01")).toBe("2025");
    expect(en.period("2025-07-01", "2025-10-01")).toBe("Q3 2025");
    expect(sv.period("2025-07-01", "2025-10-01")).toBe("K3 2025");
    expect(en.period("2025-12-29", "2026-01-05")).toMatch(/29 December 2025.*4 January 2026/);
    expect(en.period("2025-12-29", "2025-12-30")).toBe("29 December 2025");
  });
  it.each([["2025-01-01", "2025-02-01", "month"], ["2025-02-01", "2025-05-01", "span"], ["2024-12-30", "2025-01-06", "week"], ["2024-12-31", "2025-01-07", "span"]])("%s to %s is a %s", (a, b, unit) => expect(lengthOf(a, b)).toBe(unit));
  it("writes sizes and instants", () => {
    expect(en.bytes(999)).toMatch(/^999/);
    expect(en.bytes(1_500_000)).toBe("1.5 MB");
    expect(en.instant("2025-12-31T23:00:00Z", "Europe/Amsterdam")).toContain("1 Jan 2026");
    expect(en.instant("2025-12-31T23:00:00Z", "No/Such")).toContain("31 Dec 2025");
  });
});
