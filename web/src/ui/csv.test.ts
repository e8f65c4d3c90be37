import { expect, it } from "vitest";
import { csv, csvCell } from "./csv";

it("quotes what must be, and lets no cell become a formula", () => {
  expect(csv(["a", "b"], [["x,y", 'say "so"'], ["line\nbreak", null], [1.5, -2]])).toBe('a,b\r\n"x,y","say ""so"""\r\n"line\nbreak",\r\n1.5,-2\r\n');
  for (const cell of ["=1+1", "+1", "-1", "@x", "\tx"]) expect(csvCell(cell).replace(/^"/, "").startsWith("'")).toBe(true);
});
