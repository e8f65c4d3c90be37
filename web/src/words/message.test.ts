import { describe, expect, it } from "vitest";
import { format, grammar, names, parse, pseudo } from "./message";

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

  it("can be made strange without touching its values", () => {
    expect(format(pseudo(parse("Once {name} came")), { name: "once" }, grammar("en"))).toBe("⟦Óñçé once çámé⟧");
  });
});
