// What the pages ask, as addresses. Pure, because it is known in three places: the hooks of a page, the first module of the script, which
// asks before the page has come, and the navigation, which asks while the pointer is still on its way to the click.
import { dayIn } from "../state/days";
import { question, type View } from "../state/view";
import type { Language } from "../words/languages";
import type { Params, PathOf, Schemas, Value } from "./contract";

type Shop = Schemas["Shops"]["rows"][number];

/** The shop that is looked at: the one of the address, else one's own if it holds anything, else the sample. */
export function chooseShop(shops: readonly Shop[], wanted: string | null): Shop | null {
  return shops.find((shop) => shop.shop === wanted) ?? shops.find((shop) => shop.shop === "own" && shop.state !== "empty") ?? shops.find((shop) => shop.sample) ?? shops[0] ?? null;
}

/** The last day that a shop's history knows: as-of at midnight is the end of the day before it. */
export function asOfDayOf(shop: Shop | null): string | null {
  return shop?.as_of ? dayIn(shop.zone, new Date(new Date(shop.as_of).getTime() - 1).toISOString()) : null;
}

export type Figures = "retention" | "cohorts" | "value" | "cost" | "claims" | "whatif" | "today";

// What of the view a question does not have. Without a split: the whole shop, which is what sentences and headline numbers are about.
const without: Record<Figures, readonly string[]> = {
  retention: ["split"],
  value: ["split"],
  cost: ["split"],
  cohorts: [],
  claims: ["split"],
  whatif: ["split", "from", "to", "grain"],
  today: ["split", "compare", "from", "to"],
};

/** The view's parameters of a question, for a shop. */
export function paramsOf(view: View, shop: Shop | null): Record<string, Value> {
  const params: Record<string, Value> = question(view, asOfDayOf(shop));
  if (shop) params["shop"] = shop.shop;
  return params;
}

export function figureParams<Name extends Figures>(name: Name, params: Readonly<Record<string, Value>>, more: Params<"get", `/api/v1/${Name}`>, leave: readonly string[] = without[name]) {
  const asked: Record<string, Value> = { ...params, ...more };
  for (const key of leave) delete asked[key];
  return asked as Params<"get", `/api/v1/${Name}`>;
}

export interface Question {
  path: PathOf<"get">;
  params: Readonly<Record<string, Value>>;
}

/** What a page asks first, by its name. A page that is not named asks for itself alone. */
export function firstQuestions(page: string, view: View, shop: Shop, language: Language): Question[] {
  if (shop.state === "empty" || shop.state === "loading") return [];
  const params = paramsOf(view, shop);
  const figure = <Name extends Figures>(name: Name, more: Params<"get", `/api/v1/${Name}`> = {}): Question => ({ path: `/api/v1/${name}`, params: figureParams(name, params, more) });
  switch (page) {
    case "today": return [figure("today", { lang: language })];
    case "retention": return [figure("retention")];
    case "cohorts": return [figure("cohorts", { mode: "on" })];
    case "value": return [figure("value"), figure("cost")];
    case "claims": return [figure("claims")];
    default: return [];
  }
}
