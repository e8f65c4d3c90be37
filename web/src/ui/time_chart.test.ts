import { describe, expect, it } from "vitest";
import { escapeHtml, keepApart, parts, type TimePoint, tooltip, warmingSpans } from "./time_chart";

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

it("labels at the ends of lines do not lie on each other", () => {
  const place = keepApart();
  const at = (seriesIndex: number, y: number) => y + place({ seriesIndex, labelRect: { y, height: 16 } }).dy;
  expect([at(1, 100), at(2, 104), at(3, 90), at(4, 300)]).toEqual([100, 116, 132, 300]);
  expect(at(1, 100)).toBe(100);
});
