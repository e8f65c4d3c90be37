// The definitions by the question they belong to. A field that means the same in several answers stands once, where it
// comes first; its id is the field, so that a number's link finds it.
import type { Definition } from "../../api/rows";
import { fieldMeaning, fieldTerm } from "../../words/fields";
import type { Translate } from "../../words/words";
import { toDo, wrong } from "../people/behind";

// What the page defines: the fields of the API, and what Today says beside them.
export type Defined = Pick<Definition, "field" | "term" | "sentence" | "formula"> & { page: Definition["page"] | "today" };

export interface Entry extends Defined {
  id: string;
}

export interface Group {
  page: Defined["page"];
  entries: Entry[];
}

// What changed, the lists of things to do, and what is wrong with the data.
export function todays(t: Translate): Defined[] {
  const fields = ["change_minor", "by_customers_minor", "by_frequency_minor", "by_order_value_minor", ...toDo, ...wrong];
  return fields.map((field) => ({ field, term: fieldTerm(t, field), sentence: fieldMeaning(t, field) ?? "", formula: null, page: "today" }));
}

export function matching(rows: readonly Defined[], wanted: string): Defined[] {
  const text = wanted.trim().toLowerCase();
  if (text === "") return [...rows];
  return rows.filter((row) => [row.field, row.term, row.sentence].some((part) => part.toLowerCase().includes(text)));
}

export function groups(rows: readonly Defined[]): Group[] {
  const made: Group[] = [];
  const seen = new Map<string, string[]>();
  for (const row of rows) {
    const before = seen.get(row.field) ?? [];
    if (before.includes(row.sentence)) continue;
    seen.set(row.field, [...before, row.sentence]);
    let group = made.find((one) => one.page === row.page);
    if (!group) {
      group = { page: row.page, entries: [] };
      made.push(group);
    }
    group.entries.push({ ...row, id: before.length === 0 ? row.field : `${row.page}.${row.field}` });
  }
  return made;
}
