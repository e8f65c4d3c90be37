import { hashKey } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { noteTook, readTook, tookTogether } from "./took";

const field = (ms: number, how: string, revision: number) => `answer;dur=${ms};desc=${how}, revision;desc=${revision}, orders;desc=16234, events;desc=12`;

it("is read out of the field Server-Timing", () => {
  expect(readTook(field(1.92, "made", 17))).toEqual({ ms: 1.92, again: false, revision: 17, orders: 16234, events: 12 });
  expect(readTook(field(0.004, "held", 17))).toMatchObject({ ms: 0.004, again: true });
  expect(readTook(field(1e-3, "kept", 17))).toMatchObject({ ms: 0.001, again: true });
  for (const other of [null, "", "db;dur=53", "answer;dur=2;desc=made, revision;desc=x, orders;desc=1, events;desc=1"]) expect(readTook(other)).toBe(null);
});

it("is that of the newest revision, and of the longest answer", () => {
  const keys = [["a", { shop: "own" }], ["b"], ["c"], ["d"]];
  const hashes = keys.map((key) => hashKey(key));
  noteTook(keys[0]!, field(9, "made", 16));
  noteTook(keys[1]!, field(1, "made", 17));
  noteTook(keys[2]!, field(3, "kept", 17));
  noteTook(keys[3]!, null);
  expect(tookTogether(hashes)).toMatchObject({ ms: 3, revision: 17, again: true });
  expect(tookTogether(hashes.slice(0, 1))).toMatchObject({ ms: 9, revision: 16 });
  noteTook(keys[0]!, null);
  expect(tookTogether(hashes.slice(0, 1))).toBe(null);
  expect(tookTogether([])).toBe(null);
});

it("forgets the oldest", () => {
  const hash = hashKey(["old"]);
  noteTook(["old"], field(1, "made", 1));
  for (let i = 0; i < 600; ++i) noteTook(["many", i], field(1, "made", 1));
  expect(tookTogether([hash])).toBe(null);
});
