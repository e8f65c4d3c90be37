// How a value of the API is written for a reader. Nothing here reckons: money is divided by its currency's own power of
// ten and rounded for the eye, a rate becomes per cent with one decimal, null becomes "–".

export interface Formats {
  count(n: number | null | undefined): string;
  // At most `decimals` decimals: for averages such as orders per buyer.
  decimal(n: number | null | undefined, decimals?: number): string;
  percent(rate: number | null | undefined): string;
  // The interval of a rate: "91.1–93.5%".
  interval(low: number | null | undefined, high: number | null | undefined): string;
  // `minor` in the currency's minor units; whole units are shown without decimals when `rough`.
  money(minor: number | null | undefined, currency: string | null | undefined, rough?: boolean): string;
  // Civil days, "YYYY-MM-DD"; no time zone touches them.
  day(day: string | null | undefined, style?: "long" | "short" | "dayMonth" | "dayMonthShort"): string;
  month(day: string): string;
  // A period [start, end) as its reader says it in a sentence: "december 2025", "Q3 2025", "2025", "1 – 7 December 2025".
  period(start: string, end: string): string;
  periodHead(start: string, end: string): string; // the same at the head of a row
  periodShort(start: string, end: string): string;
  instant(instant: string | null | undefined, zone: string | null | undefined): string;
  bytes(n: number): string;
  milliseconds(ms: number): string; // "1.9 ms", "312 ms"
}

export const none = "–";

// How many decimals a currency has. Unknown currencies have two, as ISO 4217 does by far the most.
const exponents = new Map<string, number>();
export function exponent(currency: string | null | undefined): number {
  if (!currency) return 2;
  let known = exponents.get(currency);
  if (known === undefined) {
    try {
      known = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
    } catch {
      known = 2;
    }
    exponents.set(currency, known);
  }
  return known;
}

const utc = (day: string) => new Date(`${day}T00:00:00Z`);
const isoDay = (date: Date) => date.toISOString().slice(0, 10);
export const dayBefore = (day: string) => isoDay(new Date(utc(day).getTime() - 86_400_000));

export type Length = { unit: "day" | "week" | "month" | "quarter" | "year" | "span" };

// What a half-open span of days is called.
export function lengthOf(start: string, end: string): Length["unit"] {
  const a = utc(start);
  const b = utc(end);
  const days = Math.round((b.getTime() - a.getTime()) / 86_400_000);
  if (days === 1) return "day";
  if (a.getUTCDate() === 1 && b.getUTCDate() === 1) {
    const months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
    if (months === 1) return "month";
    if (months === 3 && a.getUTCMonth() % 3 === 0) return "quarter";
    if (months === 12 && a.getUTCMonth() === 0) return "year";
  }
  if (days === 7 && a.getUTCDay() === 1) return "week";
  return "span";
}

// A table names the same periods again and again, and a browser takes long over a range of dates.
function kept(name: (start: string, end: string) => string): (start: string, end: string) => string {
  const names = new Map<string, string>();
  return (start, end) => {
    const key = `${start} ${end}`;
    let found = names.get(key);
    if (found === undefined) {
      if (names.size > 5000) names.clear();
      found = name(start, end);
      names.set(key, found);
    }
    return found;
  };
}

export function makeFormats(locale: string): Formats {
  const made = new Map<string, Intl.NumberFormat>();
  const number = (key: string, options: Intl.NumberFormatOptions) => {
    let found = made.get(key);
    if (!found) {
      found = new Intl.NumberFormat(locale, options);
      made.set(key, found);
    }
    return found;
  };
  const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
  const count = number("count", { maximumFractionDigits: 0 });
  const percent = number("percent", { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const long = date({ day: "numeric", month: "long", year: "numeric" });
  const short = date({ day: "numeric", month: "short", year: "numeric" });
  const dayMonth = date({ day: "numeric", month: "long" });
  const dayMonthShort = date({ day: "numeric", month: "short" });
  const monthLong = date({ month: "long", year: "numeric" });
  const monthShort = date({ month: "short", year: "2-digit" });
  const year = date({ year: "numeric" });
  const dayShort = date({ day: "numeric", month: "short", year: "2-digit" });
  const capital = (text: string) => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);

  const formats: Formats = {
    count: (n) => (n == null ? none : count.format(n)),
    decimal: (n, decimals = 2) =>
      n == null ? none : number(`decimal${decimals}`, { maximumFractionDigits: decimals, minimumFractionDigits: decimals }).format(n),
    percent: (rate) => (rate == null ? none : percent.format(rate)),
    interval: (low, high) => {
      if (low == null || high == null) return none;
      return `${percent.format(low).replace(/\s?%/u, "")}–${percent.format(high)}`;
    },
    money: (minor, currency, rough = false) => {
      if (minor == null) return none;
      const decimals = exponent(currency);
      const shown = rough ? 0 : decimals;
      const options: Intl.NumberFormatOptions = { minimumFractionDigits: shown, maximumFractionDigits: shown };
      const format = currency
        ? number(`${currency}${shown}`, { ...options, style: "currency", currency, currencyDisplay: "narrowSymbol" })
        : number(`bare${shown}`, options);
      return format.format(minor / 10 ** decimals);
    },
    day: (day, style = "short") => {
      if (!day) return none;
      return (style === "long" ? long : style === "dayMonth" ? dayMonth : style === "dayMonthShort" ? dayMonthShort : short).format(utc(day));
    },
    month: (day) => monthShort.format(utc(day)),
    period: kept((start, end) => {
      const unit = lengthOf(start, end);
      if (unit === "month") return monthLong.format(utc(start));
      if (unit === "year") return year.format(utc(start));
      if (unit === "quarter") return `${formats.periodShort(start, end)}`;
      if (unit === "day") return long.format(utc(start));
      return long.formatRange(utc(start), utc(dayBefore(end)));
    }),
    periodHead: kept((start, end) => capital(formats.period(start, end))),
    periodShort: kept((start, end) => {
      const unit = lengthOf(start, end);
      if (unit === "month") return monthShort.format(utc(start));
      if (unit === "year") return year.format(utc(start));
      if (unit === "quarter") {
        const quarter = Math.floor(utc(start).getUTCMonth() / 3) + 1;
        return `${locale.startsWith("en") ? "Q" : "K"}${quarter} ${start.slice(0, 4)}`;
      }
      return dayShort.format(utc(start));
    }),
    instant: (instant, zone) => {
      if (!instant) return none;
      const options: Intl.DateTimeFormatOptions = { dateStyle: "medium", timeStyle: "short" };
      try {
        return new Intl.DateTimeFormat(locale, { ...options, timeZone: zone ?? "UTC" }).format(new Date(instant));
      } catch {
        return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(new Date(instant));
      }
    },
    milliseconds: (ms) => {
      const decimals = ms < 10 ? 1 : 0;
      return number(`ms${decimals}`, { style: "unit", unit: "millisecond", unitDisplay: "short", maximumFractionDigits: decimals }).format(ms < 0.1 && ms > 0 ? 0.1 : ms);
    },
    bytes: (n) => {
      const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
      let i = 0;
      let size = n;
      while (size >= 1000 && i < units.length - 1) {
        size /= 1000;
        i += 1;
      }
      return number(`bytes${i}`, { style: "unit", unit: units[i]!, unitDisplay: "short", maximumFractionDigits: size < 10 && i > 0 ? 1 : 0 }).format(size);
    },
  };
  return formats;
}
