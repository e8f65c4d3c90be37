// A customer's events, newest first, with the days of silence before each: between it and the next older one.
import type { CustomerEvent } from "../../api/customers";

export interface Step {
  event: CustomerEvent;
  /** Days from the event before this one in the list (the newer one); null for the newest. */
  gapDays: number | null;
  /** How often it happened one after the other on that day. */
  times: number;
}

const dayMs = 86_400_000;
const days = (from: string, to: string) => Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);

// What says no more than that it happened: the same again on the same day is told with it.
const bare = (event: CustomerEvent): boolean => event.order === null && event.amount_minor === null && event.status === null && event.items.length === 0;
const again = (one: CustomerEvent, other: CustomerEvent): boolean => bare(one) && bare(other) && one.kind === other.kind && one.day === other.day && one.source === other.source;

export function timeline(events: readonly CustomerEvent[]): Step[] {
  // Equal instants keep the order in which they came.
  const sorted = events.map((event, i) => ({ event, i })).sort((a, b) => Date.parse(b.event.at) - Date.parse(a.event.at) || a.i - b.i);
  const steps: Step[] = [];
  for (const { event } of sorted) {
    const newer = steps.at(-1);
    if (newer && again(newer.event, event)) newer.times += 1;
    else steps.push({ event, gapDays: newer ? days(event.day, newer.event.day) : null, times: 1 });
  }
  return steps;
}

/** A silence worth a line of its own. */
export const quiet = (gapDays: number | null): boolean => gapDays !== null && gapDays >= 30;
