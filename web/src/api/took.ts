// What answers took, as the server says it of each in Server-Timing: kept by question, so that whoever shows the answer can say it.
//
//   answer;dur=1.92;desc=made, histories;dur=840.5;desc=followed, revision;desc=17, orders;desc=16234, events;desc=0
import { hashKey, type QueryKey } from "@tanstack/react-query";

export interface Took {
  ms: number;
  again: boolean; // the answer had been made before
  revision: number;
  orders: number;
  events: number;
}

/** null where the field is not there, or says something else. */
export function readTook(field: string | null): Took | null {
  const said = (pattern: RegExp) => pattern.exec(field ?? "")?.[1];
  const ms = said(/\banswer;dur=([\d.e-]+)/);
  const how = said(/\banswer;[^,]*desc=(\w+)/);
  const [revision, orders, events] = ["revision", "orders", "events"].map((name) => said(new RegExp(`\\b${name};desc=(\\d+)`)));
  if (ms === undefined || how === undefined || revision === undefined || orders === undefined || events === undefined) return null;
  return { ms: Number(ms), again: how !== "made", revision: Number(revision), orders: Number(orders), events: Number(events) };
}

const keptMost = 500;
const took = new Map<string, Took>(); // the last noted last

export function noteTook(question: QueryKey, field: string | null): void {
  const found = readTook(field);
  const hash = hashKey(question);
  took.delete(hash);
  if (!found) return;
  took.set(hash, found);
  if (took.size > keptMost) took.delete(took.keys().next().value!);
}

/** What the answers on a page took together: the longest of them, since they were asked at the same time. By the hashes of their questions. */
export function tookTogether(hashes: Iterable<string>): Took | null {
  let longest: Took | null = null;
  for (const hash of hashes) {
    const one = took.get(hash);
    if (one && (!longest || one.revision > longest.revision || (one.revision === longest.revision && one.ms > longest.ms))) longest = one;
  }
  return longest;
}
