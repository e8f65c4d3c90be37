// A customer's events, newest first, with the days of silence before each: between it and the next older one.
import type { CustomerEvent } from "../../api/customers";

export interface Step {
  event: CustomerEvent;
  /** Days from the event before this one in the list (the newer one); null for the newest. */
  gapDays: number | null;
}

const dayMs = 86_400_000;
const days = (from: string, to: string) => Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);

export function timeline(events: readonly CustomerEvent[]): Step[] {
  // Equal instants keep the order in which they came.
  const sorted = events.map((event, i) => ({ event, i })).sort((a, b) => Date.parse(b.event.at) - Date.parse(a.event.at) || a.i - b.i);
  return sorted.map(({ event }, i) => {
    const newer = sorted[i - 1]?.event;
    return { event, gapDays: newer ? days(event.day, newer.day) : null };
  });
}

/** A silence worth a line of its own. */
export const quiet = (gapDays: number | null): boolean => gapDays !== null && gapDays >= 30;
