// A cost as it is typed: text in a form to an amount in minor units and back. Pure, because a cent lost here is lost for good.
import { exponent } from "../../state/formats";

export interface Marks {
  decimal: string;
  group: string;
}

export function marksOf(locale: string): Marks {
  const parts = new Intl.NumberFormat(locale).formatToParts(-12345.6);
  return { decimal: parts.find((p) => p.type === "decimal")?.value ?? ".", group: parts.find((p) => p.type === "group")?.value ?? "" };
}

/**
 * Minor units of what was typed: "1.234,56" where the comma is the reader's decimal mark, and also "1234.56" where it can mean only
 * that. Null where it is no amount, has more decimals than the currency, or does not fit.
 */
export function parseAmount(text: string, currency: string, locale: string): number | null {
  const { decimal } = marksOf(locale);
  const clean = text.replaceAll(/[\s\u00a0\u202f'’]/g, "").replaceAll("−", "-");
  const match = /^(-?)((?:\d+|\d{1,3}(?:[.,]\d{3})+))(?:([.,])(\d*))?$/.exec(clean);
  if (!match) return null;
  const [, sign = "", whole = "", mark, fraction = ""] = match;
  const decimals = exponent(currency);
  const groups = new Set(whole.replaceAll(/\d/g, ""));
  // The mark of thousands is not also the mark of decimals, and is one.
  if (groups.size > 1 || (mark !== undefined && groups.has(mark))) return null;
  // "1,234" or "1.234": thousands or decimals as the reader's own language says.
  if (groups.size === 1 && mark === undefined && groups.has(decimal)) {
    if (whole.replaceAll(/\d/g, "").length > 1) return null;
    const [before = "", after = ""] = whole.split(decimal);
    return after.length > decimals ? null : minor(sign, before, after, decimals);
  }
  if (fraction.length > decimals) {
    // "1.234" typed with a dot by a reader whose decimal mark is a comma: thousands.
    if (mark !== decimal && fraction.length === 3 && whole.length <= 3) return minor(sign, whole + fraction, "", decimals);
    return null;
  }
  if (mark !== undefined && fraction === "") return null;
  return minor(sign, whole.replaceAll(/[.,]/g, ""), fraction, decimals);
}

function minor(sign: string, whole: string, fraction: string, decimals: number): number | null {
  const value = Number(whole + fraction.padEnd(decimals, "0"));
  // Below this every whole number is exact.
  return Number.isSafeInteger(value) ? (sign === "-" ? -value || 0 : value) : null;
}

/** What stands in the form for an amount that is there already. */
export function amountText(minorUnits: number, currency: string, locale: string): string {
  const decimals = exponent(currency);
  const digits = String(Math.abs(minorUnits)).padStart(decimals + 1, "0");
  const whole = decimals === 0 ? digits : digits.slice(0, -decimals);
  const sign = minorUnits < 0 ? "-" : "";
  return decimals === 0 ? sign + whole : `${sign}${whole}${marksOf(locale).decimal}${digits.slice(-decimals)}`;
}
