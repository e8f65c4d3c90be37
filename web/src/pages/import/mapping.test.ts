import { describe, expect, it } from "vitest";
import { choose, mapText, roleOf, saidBefore, sureness, type Column } from "./mapping";

const column = (index: number, header: string, role: string | null = null): Column => ({ index, header, role, confidence: role ? 1 : 0, reason: null });
const columns = [column(0, "Klant", "customer"), column(1, "Datum", "date"), column(2, 'Bedrag, "netto"'), column(3, "Bedrag", "amount"), column(4, ""), column(5, "x"), column(6, "x")];

describe("what the reader says about columns", () => {
  it("is nothing at first", () => {
    expect(mapText(columns, {})).toBeUndefined();
    expect(columns.map((c) => roleOf(c, {}))).toEqual(["customer", "date", null, "amount", null, null, null]);
  });

  it("takes a role from the column that had it", () => {
    const said = choose({}, 2, "amount");
    expect(roleOf(columns[2]!, said)).toBe("amount");
    expect(roleOf(columns[3]!, said)).toBeNull();
  });

  it("also from one that had it by choice", () => {
    const said = choose(choose({}, 2, "amount"), 5, "amount");
    expect(said).toEqual({ 5: "amount" });
    expect(roleOf(columns[2]!, said)).toBeNull();
  });

  it("is taken back", () => {
    const said = choose(choose({}, 2, "amount"), 2, null);
    expect(said).toEqual({});
    expect(roleOf(columns[3]!, said)).toBe("amount");
  });

  it("is also that a column is not what it looks like", () => {
    const said = choose({}, 3, null, "amount");
    expect(said).toEqual({ 3: "-amount" });
    expect(columns.map((c) => roleOf(c, said))).toEqual(["customer", "date", null, null, null, null, null]);
    expect(mapText(columns, said)).toBe("amount=-");
    // Choosing nothing for what is nothing says no more; a role that is given again is no longer refused.
    expect(choose(said, 3, null, null)).toEqual({});
    expect(choose(said, 2, "amount")).toEqual({ 2: "amount" });
    expect(choose(said, 3, "tax")).toEqual({ 3: "tax" });
    expect(choose(said, 0, null, "customer")).toEqual({ 0: "-customer", 3: "-amount" });
  });

  it("that a column is nothing is known again after a reload, and so is what was said of an earlier file", () => {
    const told = columns.map((c) => (c.index === 3 ? { ...c, role: null, refused: "amount", reason: "ingest.match.map" } : c.index === 0 ? { ...c, reason: "ingest.match.remembered" } : c));
    expect(saidBefore(told)).toEqual({ 0: "customer", 3: "-amount" });
    expect(mapText(told, saidBefore(told))).toBe("amount=-,customer=Klant");
  });

  it("is known again after a reload", () => {
    const told = columns.map((c) => (c.index === 2 ? { ...c, role: "amount", reason: "ingest.match.map" } : c));
    expect(saidBefore(told)).toEqual({ 2: "amount" });
    expect(mapText(told, choose(saidBefore(told), 4, "tax"))).toBe('amount="Bedrag, ""netto""",tax=#5');
  });

  it("is sent by header, quoted where it must be", () => {
    expect(mapText(columns, choose({}, 2, "amount"))).toBe('amount="Bedrag, ""netto"""');
    expect(mapText(columns, choose(choose({}, 1, "updated"), 0, "email"))).toBe("email=Klant,updated=Datum");
  });

  it("is sent by number where a header does not tell", () => {
    expect(mapText(columns, choose({}, 4, "amount"))).toBe("amount=#5");
    expect(mapText(columns, choose({}, 6, "amount"))).toBe("amount=#7");
    expect(mapText([column(0, "#3")], choose({}, 0, "date"))).toBe("date=#1");
    expect(mapText([column(0, "-")], choose({}, 0, "date"))).toBe('date="-"');
  });
});

it("says how sure in three steps", () => {
  expect([1, 0.9, 0.89, 0.6, 0.59, 0].map(sureness)).toEqual(["sure", "sure", "likely", "likely", "guess", "guess"]);
});
