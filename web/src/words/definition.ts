// The definition of a number: of its field in the answer that it comes from, because a customer's average order is not the shop's. Most
// fields mean the same in every answer, and name none.
import type { Definition } from "../api/rows";

export function definitionOf(rows: readonly Definition[], field: string, page: string | null | undefined): Definition | undefined {
  return rows.find((row) => row.field === field && row.page === page) ?? rows.find((row) => row.field === field);
}

/** Where it stands on the page of definitions (pages/definitions/groups.ts): what means the same stands once, without its page. */
export const definitionId = (field: string, page: string | undefined): string => (page === undefined ? field : `${page}.${field}`);

/** The same where what the link named stands under its field alone. */
export const definitionAt = (hash: string): readonly string[] => {
  const id = decodeURIComponent(hash.replace(/^#/, ""));
  return [id, id.slice(id.indexOf(".") + 1)];
};
