// The words of `behind` (docs/definitions.md, "The people behind a number"): "lost", "lost:instagram",
// "cohort:2024-01-01", "cohort:2024-01-01:3", "cohort:2024-01-01:3:instagram", "claim:average_retention".
export interface Behind {
  field: string; // of a claim its name
  claim?: true;
  cohort: string | null;
  k: number | null;
  part: string | null; // of the split
}

/** Lists of things to do, which have an order of their own (docs/definitions.md). */
// What is wrong with the data that has no people: its numbers lead to where it is mended, or to what it means.
export const wrong: readonly string[] = ["rejected", "unknown_status", "anonymous", "unconverted", "unmatched_refunds", "without_rate", "silent", "source_silent"];
export const toDo: readonly string[] = ["slipping_away", "second_order_due", "win_back", "best_source", "refunds_item", "refunds_lately"];

export function parseBehind(text: string): Behind {
  const [field = "", ...rest] = text.split(":");
  if (field === "claim") return { field: rest.join(":"), claim: true, cohort: null, k: null, part: null };
  if (field !== "cohort") return { field, cohort: null, k: null, part: rest.length > 0 ? rest.join(":") : null };
  const [cohort = null, ...more] = rest;
  const numbered = more.length > 0 && /^\d+$/.test(more[0]!);
  const part = numbered ? more.slice(1) : more;
  return { field, cohort, k: numbered ? Number(more[0]) : null, part: part.length > 0 ? part.join(":") : null };
}
