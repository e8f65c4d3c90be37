// The shop's settings as they are typed, and what of them has changed.
import type { Settings, SettingsChange, Standing } from "../../api/settings";
import { marksOf } from "../costs/entry";

export interface Draft {
  zone: string;
  currency: string;
  window: string;
  margin: string; // per cent, with the reader's decimal mark
  statuses: Record<string, Standing>;
}

export function draftOf(settings: Settings, locale: string): Draft {
  return {
    zone: settings.zone ?? "",
    currency: settings.currency ?? "",
    window: settings.window_days === null ? "" : String(settings.window_days),
    margin: settings.margin_rate === null ? "" : marginText(settings.margin_rate, locale),
    statuses: { ...settings.statuses },
  };
}

// A rate in per cent, to a hundredth of one.
function marginText(rate: number, locale: string): string {
  return String(Math.round(rate * 10_000) / 100).replace(".", marksOf(locale).decimal);
}

/** A rate; null where nothing is typed, undefined where it is no per cent. */
function marginOf(text: string): number | null | undefined {
  const clean = text.trim().replace(/\s?%$/, "");
  if (clean === "") return null;
  if (!/^\d{1,3}([.,]\d{1,2})?$/.test(clean)) return undefined;
  const rate = Math.round(Number(clean.replace(",", ".")) * 100) / 10_000;
  return rate <= 1 ? rate : undefined;
}

function windowOf(text: string): number | null | undefined {
  const clean = text.trim();
  if (clean === "") return null;
  const days = /^\d{1,4}$/.test(clean) ? Number(clean) : 0;
  return days >= 1 && days <= 3650 ? days : undefined;
}

export function problemsOf(draft: Draft): { window: boolean; margin: boolean } {
  return { window: windowOf(draft.window) === undefined, margin: marginOf(draft.margin) === undefined };
}

/** What differs from `settings`; what cannot be read is left out, and problemsOf tells of it. */
export function changeOf(settings: Settings, draft: Draft, locale: string): SettingsChange {
  const before = draftOf(settings, locale);
  const change: SettingsChange = {};
  const zone = draft.zone.trim();
  const currency = draft.currency.trim();
  if (zone !== before.zone && zone !== "") change.zone = zone;
  if (currency !== before.currency && currency !== "") change.currency = currency;
  const window = windowOf(draft.window);
  if (window !== undefined && window !== null && window !== settings.window_days) change.window_days = window;
  const margin = marginOf(draft.margin);
  if (margin !== undefined && draft.margin !== before.margin) change.margin_rate = margin;
  const statuses = Object.fromEntries(Object.entries(draft.statuses).filter(([word, standing]) => settings.statuses[word] !== standing));
  if (Object.keys(statuses).length > 0) change.statuses = statuses;
  return change;
}
