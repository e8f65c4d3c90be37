import { describe, expect, it } from "vitest";
import { format, formatParts, grammar, names, parse, pseudo } from "./message";

const say = (message: string, values = {}, locale = "en") => format(parse(message), values, grammar(locale));

describe("a message", () => {
  it.each([
    ["plain text", {}, "plain text"],
    ["Hello {name}.", { name: "Ada" }, "Hello Ada."],
    ["{n}", { n: 12345 }, "12,345"],
    ["{n, plural, =0 {nobody} one {# customer} other {# customers}}", { n: 0 }, "nobody"],
    ["{n, plural, =0 {nobody} one {# customer} other {# customers}}", { n: 1 }, "1 customer"],
    ["{n, plural, =0 {nobody} one {# customer} other {# customers}}", { n: 1200 }, "1,200 customers"],
    ["{a, plural, one {one {b, plural, one {#x} other {#y}}} other {#z}}", { a: 1, b: 3 }, "one 3y"],
    ["{who, select, me {mine} other {yours}}", { who: "me" }, "mine"],
    ["{who, select, me {mine} other {yours}}", { who: "them" }, "yours"],
    ["# outside of a plural", {}, "# outside of a plural"],
    ["{missing} stays", {}, "{missing} stays"],
  ])("%s", (message, values, said) => expect(say(message, values)).toBe(said));

  it("counts as its language does", () => {
    expect(say("{n}", { n: 1234567 }, "nl")).toBe("1.234.567");
    expect(say("{n}", { n: 1234567 }, "sv").replace(/\s/g, " ")).toBe("1 234 567");
  });

  it.each(["{", "{n", "}", "{n, plural, one {x}}", "{n, number}", "{n, plural, other {x}", "{}", "{n,}"])("refuses %s", (message) => {
    expect(() => parse(message)).toThrow();
  });

  it("names the values it takes", () => {
    expect([...names(parse("{a} {n, plural, one {{b}} other {{c, select, other {{d}}}}}"))].sort()).toEqual(["a", "b", "c", "d", "n"]);
  });

  it("gives the values that are asked for in parts, and the words between them whole", () => {
    const parts = (message: string, values: Record<string, string | number>, marked: string[]) => formatParts(parse(message), values, grammar("en"), marked);
    const kept = "{start, plural, one {You had one} other {You kept {kept, plural, =0 {none} other {#}} of the # you had}} on {date}.";
    expect(parts(kept, { start: 1200, kept: 9, date: "1 May" }, ["start", "kept"])).toEqual(["You kept ", { name: "kept", text: "9" }, " of the ", { name: "start", text: "1,200" }, " you had on 1 May."]);
    expect(parts(kept, { start: 12, kept: 0, date: "1 May" }, ["kept"])).toEqual(["You kept none of the 12 you had on 1 May."]);
    expect(parts("{rate} of {rate}", { rate: "5%" }, ["rate"])).toEqual([{ name: "rate", text: "5%" }, " of ", { name: "rate", text: "5%" }]);
  });

  it("can be made strange without touching its values", () => {
    expect(format(pseudo(parse("Once {name} came")), { name: "once" }, grammar("en"))).toBe("⟦Óñçé once çámé⟧");
  });
});
