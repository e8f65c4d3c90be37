import { describe, expect, it } from "vitest";
import { escapeHtml, parts, spread, type TimePoint, tooltip, warmingSpans } from "./time_chart";

const point = (value: number | null, change: Partial<TimePoint> = {}): TimePoint => ({ name: "p", value, complete: true, warmingUp: false, ...change });

describe("a line over time", () => {
  it("leaves out what warms up, and dashes what is not over from the last whole point on", () => {
    const points = [point(1, { warmingUp: true }), point(0.8), point(0.9), point(0.5, { complete: false })];
    expect(parts(points)).toEqual({ whole: [null, 0.8, 0.9, null], dashed: [null, null, 0.9, 0.5] });
  });
  it("dashes an unfinished first period alone", () => {
    expect(parts([point(0.5, { complete: false })])).toEqual({ whole: [null], dashed: [0.5] });
  });
  it("hatches each span that warms up once", () => {
    const w = (warmingUp: boolean) => point(1, { warmingUp });
    expect(warmingSpans([w(true), w(true), w(false), w(true)])).toEqual([[0, 1], [3, 3]]);
  });
  it("shows names out of a file as text", () => {
    const html = tooltip({ lines: [{ name: "<img src=x onerror=alert(1)>", hue: "kept", points: [point(0.5, { name: '"May" <b>' })] }, { name: "b", hue: "new", points: [point(null)] }], write: String, warmingWord: "w" }, 0);
    expect(html).not.toMatch(/<img|<b>"|"May"/);
    expect(html).toContain(escapeHtml("<img src=x onerror=alert(1)>"));
    expect(html).toContain("<b>–</b>");
  });
});

it("labels at the ends of lines stand apart, in the order of the lines, inside the chart", () => {
  expect(spread([100, 104, 90, 300], 16, 400)).toEqual([106, 122, 90, 300]);
  expect(spread([395, 396], 16, 400)).toEqual([368, 384]);
  expect(spread([50, 50], 16, 400)).toEqual([50, 66]);
  expect(spread([], 16, 400)).toEqual([]);
});
