// The definitions by the question they belong to. A field that means the same in several answers stands once, where it
// comes first; its id is the field, so that a number's link finds it.
import type { Definition } from "../../api/rows";

export interface Entry extends Definition {
  id: string;
}

export interface Group {
  page: Definition["page"];
  entries: Entry[];
}

export function matching(rows: readonly Definition[], wanted: string): Definition[] {
  const text = wanted.trim().toLowerCase();
  if (text === "") return [...rows];
  return rows.filter((row) => [row.field, row.term, row.sentence].some((part) => part.toLowerCase().includes(text)));
}

export function groups(rows: readonly Definition[]): Group[] {
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
