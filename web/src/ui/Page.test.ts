import { expect, it } from "vitest";
import { together } from "./Page";

it("keeps a number on the line of the word behind it", () => {
  expect(together("You kept 9 of the 12 customers you had on 1 December; 3 left.")).toBe("You kept 9\u00A0of the 12\u00A0customers you had on 1\u00A0December; 3\u00A0left.");
  expect(together("€12.50 or 5%, 2 025 times")).toBe("€12.50\u00A0or 5%, 2 025\u00A0times");
});
