import { describe, expect, it } from "vitest";
import { defaultView, parseView, question, span, type View, writeView } from "./view";

const view = (change: Partial<View>): View => ({ ...defaultView, ...change });

describe("the view in the address", () => {
  it("is the default for an empty address, which it writes as nothing", () => {
    expect(parseView("")).toEqual(defaultView);
    expect(writeView(defaultView)).toBe("");
  });

  it.each([
    view({ shop: "sample", period: "12m", grain: "week" }),
    view({ period: "days", from: "2024-01-01", to: "2025-01-01", grain: "quarter", compare: "last_year" }),
    view({ period: "days", from: "2024-01-01", to: null, window: 90, basis: "events", split: "source" }),
    view({ grain: "28d", lang: "nl", theme: "dark", compare: "previous" }),
  ])("reads back what it wrote: %j", (wanted) => expect(parseView(writeView(wanted))).toEqual(wanted));

  it.each(["from=2024-02-30", "from=2024-01-01&to=2023-01-01", "grain=fortnight", "grain=0d", "window=-3d", "window=12345d", "basis=x", "split=<script>", "compare=", "shop=other", "lang=xx", "theme=pink", "period=never", "to=2024-01-01"])(
    "leaves out what it does not understand: %s",
    (text) => expect(parseView(text)).toEqual(defaultView),
  );

  it("keeps a page's own parameters", () => {
    expect(writeView(view({ grain: "year" }), new URLSearchParams("mode=active&grain=day&q=a+b"))).toBe("grain=year&mode=active&q=a+b");
  });
});

describe("the span that is asked for", () => {
  it.each([
    [view({}), "2025-12-31", {}],
    [view({ period: "12m" }), "2025-12-31", { from: "2025-01-01", to: "2026-01-01" }],
    [view({ period: "12m" }), "2025-12-14", { from: "2025-01-01", to: "2026-01-01" }],
    [view({ period: "24m", grain: "quarter" }), "2025-11-03", { from: "2024-01-01", to: "2026-01-01" }],
    [view({ period: "12m", grain: "week" }), "2025-12-31", { from: "2024-12-30", to: "2026-01-05" }],
    [view({ period: "12m", grain: "year" }), "2025-06-30", { from: "2025-01-01", to: "2026-01-01" }],
    [view({ period: "this_year" }), "2025-03-09", { from: "2025-01-01", to: "2025-04-01" }],
    [view({ period: "last_year" }), "2025-03-09", { from: "2024-01-01", to: "2025-01-01" }],
    [view({ period: "12m" }), null, {}],
    [view({ period: "days", from: "2024-01-15", to: "2024-03-10" }), "2025-01-01", { from: "2024-01-01", to: "2024-04-01" }],
    [view({ period: "days", from: "2024-01-15", to: "2024-03-10", grain: "10d" }), "2025-01-01", { from: "2024-01-15", to: "2024-03-10" }],
    [view({ period: "days", from: "2024-01-15" }), "2025-01-01", { from: "2024-01-01" }],
  ])("lies on the grain's boundaries: %j, history to %s", (wanted, day, asked) => expect(span(wanted, day)).toEqual(asked));

  it("asks for what differs from the server's own", () => {
    expect(question(view({ window: 90, basis: "events", split: "country", compare: "previous", shop: "own" }), null)).toEqual({
      grain: "month",
      shop: "own",
      window: "90d",
      basis: "events",
      split: "country",
      compare: "previous",
    });
  });
});
