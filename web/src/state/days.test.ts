import { describe, expect, it } from "vitest";
import { addDays, addMonths, ceilTo, dayIn, daysBetween, floorTo, isDay, next } from "./days";

describe("civil days", () => {
  it.each([["2024-02-29", true], ["2023-02-29", false], ["2024-13-01", false], ["24-01-01", false], ["", false], ["2024-01-01T00:00", false]])("%s is a day: %s", (text, is) => expect(isDay(text as string)).toBe(is));
  it("counts the days from one to another, over a clock change too", () => {
    expect(daysBetween("2024-03-30", "2024-04-02")).toBe(3);
    expect(daysBetween("2024-02-28", "2024-03-01")).toBe(2);
    expect(daysBetween("2024-04-02", "2024-04-02")).toBe(0);
  });
  it("goes over months and years", () => {
    expect(addDays("2023-12-31", 1)).toBe("2024-01-01");
    expect(addMonths("2024-01-31", 1)).toBe("2024-02-29");
    expect(addMonths("2024-01-31", -2)).toBe("2023-11-30");
    expect(addMonths("2024-05-15", 20)).toBe("2026-01-15");
  });
  it.each([
    ["week", "2026-01-01", "2025-12-29", "2026-01-05"],
    ["week", "2025-12-29", "2025-12-29", "2025-12-29"],
    ["month", "2024-02-29", "2024-02-01", "2024-03-01"],
    ["quarter", "2024-12-31", "2024-10-01", "2025-01-01"],
    ["year", "2024-01-01", "2024-01-01", "2024-01-01"],
    ["day", "2024-01-05", "2024-01-05", "2024-01-05"],
    ["28d", "2024-01-05", "2024-01-05", "2024-01-05"],
  ])("a %s around %s is from %s, ends at or after it at %s", (grain, day, floor, ceil) => {
    expect(floorTo(grain, day)).toBe(floor);
    expect(ceilTo(grain, day)).toBe(ceil);
  });
  it("is never before its floor nor after its ceiling, whatever the day", () => {
    for (let i = 0; i < 1500; i += 1) {
      const day = addDays("2022-12-20", i);
      for (const grain of ["day", "week", "month", "quarter", "year"]) {
        const floor = floorTo(grain, day);
        expect(floor <= day && day < next(grain, floor)).toBe(true);
        expect(floorTo(grain, floor)).toBe(floor);
      }
    }
  });
  it("knows the day of an instant in a zone", () => {
    expect(dayIn("Europe/Amsterdam", "2025-12-31T22:59:59Z")).toBe("2025-12-31");
    expect(dayIn("Europe/Amsterdam", "2025-12-31T23:00:00Z")).toBe("2026-01-01");
    expect(dayIn("No/Such", "2025-12-31T23:00:00Z")).toBe("2025-12-31");
    expect(dayIn(null, "2025-12-31T23:00:00Z")).toBe("2025-12-31");
  });
});
