import { describe, expect, it } from "vitest";
import { amountText, parseAmount } from "./entry";

const cases: [string, string, string, number | null][] = [
  ["12", "EUR", "nl-NL", 1200],
  ["12,5", "EUR", "nl-NL", 1250],
  ["12,50", "EUR", "nl-NL", 1250],
  ["1.234,56", "EUR", "nl-NL", 123456],
  ["1.234", "EUR", "nl-NL", 123400],
  ["1234.56", "EUR", "nl-NL", 123456],
  ["1,234", "EUR", "nl-NL", null], // three decimals of a euro
  ["1,234", "EUR", "en-GB", 123400],
  ["1,234.56", "EUR", "en-GB", 123456],
  ["1,234,567", "EUR", "en-GB", 123456700],
  ["1.234", "EUR", "en-GB", null],
  ["1.5", "EUR", "en-GB", 150],
  ["12,50", "EUR", "en-GB", 1250],
  ["1 234,50", "SEK", "sv-SE", 123450],
  ["1 234,50", "SEK", "sv-SE", 123450],
  ["-5", "EUR", "en-GB", -500],
  ["−5", "EUR", "sv-SE", -500],
  ["-0", "EUR", "en-GB", 0],
  ["500", "JPY", "en-GB", 500],
  ["500.5", "JPY", "en-GB", null],
  ["1.234", "KWD", "en-GB", 1234],
  ["", "EUR", "en-GB", null],
  ["twelve", "EUR", "en-GB", null],
  ["12.", "EUR", "en-GB", null],
  ["1.2.3", "EUR", "en-GB", null],
  ["12e3", "EUR", "en-GB", null],
  ["0x10", "EUR", "en-GB", null],
  ["99999999999999999999", "EUR", "en-GB", null],
];

describe("an amount as it is typed", () => {
  it.each(cases)("%j in %s by %s is %j", (text, currency, locale, minor) => expect(parseAmount(text, currency, locale)).toBe(minor));

  it("is read back from what is written", () => {
    // A fixed sequence: the same amounts every time.
    let seed = 7;
    for (let i = 0; i < 500; ++i) {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      const minor = (seed % 20_000_000) - 10_000_000;
      for (const currency of ["EUR", "JPY", "KWD"]) {
        for (const locale of ["en-GB", "nl-NL", "sv-SE"]) expect(parseAmount(amountText(minor, currency, locale), currency, locale), `${minor} ${currency} ${locale}`).toBe(minor);
      }
    }
  });
});
