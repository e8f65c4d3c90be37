// Where a reader is in an import, as it stands in the address: which files were sent, how they are to be read, which job brings them
// in. So a reload, "back" and signing in again lose nothing.
import type { Reading } from "../../api/imports";
import { type Kind, kinds } from "./mapping";

export interface Place {
  uploads: string[];
  kind: Kind;
  map: string | null;
  source: string | null;
  timezone: string | null;
  currency: string | null;
  dateFormat: string | null;
  decimal: string | null;
  window: string | null;
  job: string | null;
  report: string | null; // the job of a report of the files, of which nothing is imported
  leftOut: number | null; // the import whose rows that could not be read are looked at
}

export const nowhere: Place = { uploads: [], kind: "orders", map: null, source: null, timezone: null, currency: null, dateFormat: null, decimal: null, window: null, job: null, report: null, leftOut: null };

const idShape = /^[A-Za-z0-9_-]{1,64}$/;

export function placeOf(at: URLSearchParams): Place {
  const text = (key: string) => {
    const value = at.get(key);
    return value === null || value === "" ? null : value;
  };
  const id = (value: string | null) => (value !== null && idShape.test(value) ? value : null);
  return {
    uploads: (text("files") ?? "").split(".").filter((one) => idShape.test(one)),
    kind: kinds.find((kind) => kind === text("kind")) ?? "orders",
    map: text("map"),
    source: text("source"),
    timezone: text("zone"),
    currency: text("currency"),
    dateFormat: text("dates"),
    decimal: text("decimal"),
    window: text("days"),
    job: id(text("job")),
    report: id(text("report")),
    leftOut: /^[1-9]\d{0,8}$/.test(at.get("left_out") ?? "") ? Number(at.get("left_out")) : null,
  };
}

/** The parameters of the address for a place; null takes one out. */
export function paramsOf(place: Place): Record<string, string | null> {
  return {
    files: place.uploads.join(".") || null,
    kind: place.kind === "orders" ? null : place.kind,
    map: place.map,
    source: place.source,
    zone: place.timezone,
    currency: place.currency,
    dates: place.dateFormat,
    decimal: place.decimal,
    days: place.window,
    job: place.job,
    report: place.report,
    left_out: place.leftOut === null ? null : String(place.leftOut),
  };
}

export function readingOf(place: Place): Reading {
  const reading: Reading = { uploads: place.uploads, kind: place.kind };
  if (place.map !== null) reading.map = place.map;
  if (place.source !== null) reading.source = place.source;
  if (place.timezone !== null) reading.timezone = place.timezone;
  if (place.currency !== null) reading.currency = place.currency;
  if (place.dateFormat !== null) reading.date_format = place.dateFormat;
  if (place.decimal === "," || place.decimal === ".") reading.decimal = place.decimal;
  if (place.window !== null) reading.window = `${place.window}d`;
  return reading;
}
