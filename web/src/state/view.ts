// What is looked at, as it stands in the address: shop, period, grain, window, basis, split, comparison, language and
// theme. `parseView` takes any text and keeps what it understands; `writeView` leaves out what is the default, so that
// an address says only what was chosen. parse(write(v)) is v.
import { type Language, languages } from "../words/languages";
import { addMonths, ceilTo, floorTo, isDay, addDays } from "./days";

export const grains = ["day", "week", "month", "quarter", "year"] as const;
export const bases = ["orders", "subscriptions", "relation", "events"] as const;
export const splits = ["source", "country", "item", "coupon"] as const;
export const compares = ["previous", "last_year"] as const;
export const periods = ["all", "12m", "24m", "this_year", "last_year"] as const;
export const themes = ["light", "dark", "system"] as const;

export type Basis = (typeof bases)[number];
export type Split = (typeof splits)[number];
export type Compare = (typeof compares)[number];
export type PeriodName = (typeof periods)[number];
export type Theme = (typeof themes)[number];
export type ShopName = "own" | "sample";

export interface View {
  shop: ShopName | null; // null: the server chooses (own, else sample)
  period: PeriodName | "days";
  from: string | null; // with period "days"
  to: string | null; // excluded
  grain: string;
  window: number | null; // days; null: the shop's own
  basis: Basis;
  split: Split | null;
  compare: Compare | null;
  lang: Language | null;
  theme: Theme | null;
}

export const defaultView: View = {
  shop: null,
  period: "all",
  from: null,
  to: null,
  grain: "month",
  window: null,
  basis: "orders",
  split: null,
  compare: null,
  lang: null,
  theme: null,
};

export const viewKeys = ["shop", "period", "from", "to", "grain", "window", "basis", "split", "compare", "lang", "theme"] as const;

const oneOf = <T extends string>(list: readonly T[], text: string | null): T | null =>
  text !== null && (list as readonly string[]).includes(text) ? (text as T) : null;

export function parseView(search: string | URLSearchParams): View {
  const at = typeof search === "string" ? new URLSearchParams(search) : search;
  const day = (key: string) => {
    const text = at.get(key);
    return text !== null && isDay(text) ? text : null;
  };
  const from = day("from");
  const to = day("to");
  const span = from !== null && (to === null || from < to);
  const days = Number(/^(\d{1,4})d?$/.exec(at.get("window") ?? "")?.[1] ?? 0);
  const grain = at.get("grain") ?? "";
  return {
    shop: oneOf(["own", "sample"] as const, at.get("shop")),
    period: span ? "days" : (oneOf(periods, at.get("period")) ?? defaultView.period),
    from: span ? from : null,
    to: span ? to : null,
    grain: oneOf(grains, grain) ?? (/^[1-9]\d{0,2}(d|w|mo)$/.test(grain) ? grain : defaultView.grain),
    window: days > 0 ? days : null,
    basis: oneOf(bases, at.get("basis")) ?? defaultView.basis,
    split: oneOf(splits, at.get("split")),
    compare: oneOf(compares, at.get("compare")),
    lang: oneOf(languages, at.get("lang")),
    theme: oneOf(themes, at.get("theme")),
  };
}

// Writes `view` into `keep`, whose other parameters (a page's own) stay.
export function writeView(view: View, keep: URLSearchParams = new URLSearchParams()): string {
  const at = new URLSearchParams();
  const put = (key: string, value: string | null, unless: string | null = null) => {
    if (value !== null && value !== unless) at.set(key, value);
  };
  put("shop", view.shop);
  if (view.period === "days") {
    put("from", view.from);
    put("to", view.to);
  } else {
    put("period", view.period, defaultView.period);
  }
  put("grain", view.grain, defaultView.grain);
  put("window", view.window === null ? null : `${view.window}d`);
  put("basis", view.basis, defaultView.basis);
  put("split", view.split);
  put("compare", view.compare);
  put("lang", view.lang);
  put("theme", view.theme);
  for (const [key, value] of keep) if (!(viewKeys as readonly string[]).includes(key)) at.append(key, value);
  return at.toString();
}

// The span that a question asks for. `asOfDay` is the last day that the shop's history knows. Nothing is asked for
// where the server's own answer is meant: the whole history.
export function span(view: View, asOfDay: string | null): { from?: string; to?: string } {
  if (view.period === "days") {
    if (view.from === null) return {};
    const from = floorTo(view.grain, view.from);
    if (view.to === null) return { from };
    return { from, to: ceilTo(view.grain, view.to) };
  }
  if (view.period === "all" || asOfDay === null) return {};
  const end = ceilTo(view.grain, addDays(asOfDay, 1));
  if (view.period === "12m" || view.period === "24m") {
    return { from: floorTo(view.grain, addMonths(end, view.period === "12m" ? -12 : -24)), to: end };
  }
  const year = Number(asOfDay.slice(0, 4));
  if (view.period === "this_year") return { from: floorTo(view.grain, `${year}-01-01`), to: end };
  return { from: floorTo(view.grain, `${year - 1}-01-01`), to: ceilTo(view.grain, `${year}-01-01`) };
}

// The parameters of a question to the API.
export function question(view: View, asOfDay: string | null): Record<string, string> {
  const asked: Record<string, string> = { ...span(view, asOfDay), grain: view.grain };
  if (view.shop) asked["shop"] = view.shop;
  if (view.window !== null) asked["window"] = `${view.window}d`;
  if (view.basis !== "orders") asked["basis"] = view.basis;
  if (view.split) asked["split"] = view.split;
  if (view.compare) asked["compare"] = view.compare;
  return asked;
}
