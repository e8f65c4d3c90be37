import { expect, it } from "vitest";
import type { CustomerEvent } from "../../api/customers";
import { quiet, timeline } from "./timeline";

const event = (at: string, order: string): CustomerEvent => ({
  at, day: at.slice(0, 10), kind: "order", order, status: null, amount_minor: 100, currency: "EUR", refunded_minor: null, items: [], source: null, import: null, counts: null, revenue_minor: null,
});

it("shows the newest first, with the days of silence before each", () => {
  const steps = timeline([event("2024-01-01T10:00:00Z", "a"), event("2024-03-01T09:00:00Z", "c"), event("2024-01-31T23:00:00Z", "b")]);
  expect(steps.map((s) => [s.event.order, s.gapDays])).toEqual([["c", null], ["b", 30], ["a", 30]]);
  expect(steps.map((s) => quiet(s.gapDays))).toEqual([false, true, true]);
});

it("counts calendar days over a leap day and a change of the clock", () => {
  const steps = timeline([event("2024-02-28T23:59:00+01:00", "a"), event("2024-04-01T00:01:00+02:00", "b")].map((e) => ({ ...e, day: e.at.slice(0, 10) })));
  expect(steps[1]?.gapDays).toBe(33);
});

it("keeps the order of events of one instant", () => {
  const at = "2024-01-01T10:00:00Z";
  expect(timeline([event(at, "a"), event(at, "b")]).map((s) => s.event.order)).toEqual(["a", "b"]);
  expect(timeline([])).toEqual([]);
});

it("tells what happened several times on a day once, and every order by itself", () => {
  const seen = (at: string, kind: string): CustomerEvent => ({ ...event(at, ""), order: null, amount_minor: null, kind });
  const steps = timeline([seen("2024-03-02T11:00:00Z", "view"), seen("2024-03-02T10:00:00Z", "view"), seen("2024-03-02T09:00:00Z", "add"), seen("2024-03-02T08:00:00Z", "view"), seen("2024-03-01T08:00:00Z", "view"), event("2024-03-01T07:00:00Z", "a"), event("2024-03-01T06:00:00Z", "a")]);
  expect(steps.map((s) => [s.event.kind, s.times])).toEqual([["view", 2], ["add", 1], ["view", 1], ["view", 1], ["order", 1], ["order", 1]]);
});
