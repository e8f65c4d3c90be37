import { describe, expect, it } from "vitest";
import type { Definition } from "../api/rows";
import definitions from "../../testdata/definitions.json";
import { groups } from "../pages/definitions/groups";
import { definitionAt, definitionId, definitionOf } from "./definition";

const rows = definitions.rows as Definition[];

describe("the definition of a number", () => {
  it("is that of the answer that it comes from", () => {
    expect(definitionOf(rows, "aov_minor", "customers")?.term).toBe("Average order of the customer");
    expect(definitionOf(rows, "aov_minor", "value")?.term).toBe("Average order value");
    expect(definitionOf(rows, "revenue_minor", "cohorts")?.term).toBe("Revenue of the cell");
  });
  it("is the first where none is named, or the named one has no such field", () => {
    expect(definitionOf(rows, "aov_minor", undefined)?.page).toBe("value");
    expect(definitionOf(rows, "lost", "value")?.page).toBe("retention");
    expect(definitionOf(rows, "nothing", "value")).toBe(undefined);
  });
  it("is found on the page of definitions by its link, whichever answer is named", () => {
    const ids = groups(rows).flatMap((group) => group.entries);
    for (const row of rows) {
      for (const page of [undefined, row.page]) {
        const id = definitionAt(`#${definitionId(row.field, page)}`).find((one) => ids.some((entry) => entry.id === one));
        expect(ids.find((entry) => entry.id === id)?.sentence, `${row.page}.${row.field}`).toBe(definitionOf(rows, row.field, page)?.sentence);
      }
    }
  });
});
