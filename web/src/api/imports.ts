// Files in: what they were recognised as, importing them, the list of imports, taking one back.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Column, Kind } from "../pages/import/mapping";
import type { ApiError } from "./client";
import { ask } from "./questions";
import { send } from "./send";

export interface RecognisedFile {
  file: string;
  system: string | null;
  format: string;
  encoding: string | null;
  delimiter: string | null;
  date_format: string | null;
  decimal_mark: string | null;
  header: boolean;
  columns: Column[];
}
type SeenColumn = Omit<Column, "index" | "header"> & { column: number; header: string | null };
type SeenByServer = Omit<Recognition, "files"> & { files: (Omit<RecognisedFile, "columns"> & { columns: SeenColumn[] })[] };

// Columns are counted from 1 by the server, as by people, and from 0 here, as rows are.
const toRecognition = (seen: SeenByServer): Recognition => ({
  ...seen,
  files: seen.files.map((file) => ({ ...file, columns: file.columns.map(({ column, header, ...rest }) => ({ ...rest, index: column - 1, header: header ?? "" })) })),
});

export interface Question {
  option: "currency" | "timezone" | "date_format" | "map";
  question: string;
  candidates: string[];
}
export interface Recognition {
  files: RecognisedFile[];
  preview: string[][];
  ask: Question[];
  error?: { code: string; message: string; field?: string | null; hint?: string | null } | null;
}
/** How files are to be read; what is left out is recognised. */
export interface Reading {
  uploads: string[];
  kind: Kind;
  map?: string;
  source?: string;
  timezone?: string;
  currency?: string;
  date_format?: string;
  window?: string;
}

export function useRecognition(reading: Reading | null, lang: string) {
  return useQuery<Recognition, ApiError>({
    queryKey: ["recognise", reading, lang],
    queryFn: async () => toRecognition(await send<SeenByServer>("POST", "/api/v1/uploads/recognise", { ...reading, lang })),
    enabled: reading !== null && reading.uploads.length > 0,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
}

export interface ImportRow {
  id: number;
  kind: Kind;
  file: string;
  source: string;
  state: string;
  received: string;
  undone_at: string | null;
  rows: number;
  added: number;
  changed: number;
  repeated: number;
  repeats: number | null;
}
export interface BridgeStep {
  name: string;
  count: number;
  amount_minor: number;
  reason: string | null;
  detail: string | null;
  lines: number[];
}
export interface Outcome {
  dry_run: boolean;
  import: ImportRow;
  settings: { timezone: string | null; currency: string | null; window_days: number | null; window_proposed_days: number | null };
  bridge: BridgeStep[];
  rejected: { count: number; reasons: { reason: string; rows: number }[] };
  notices: { key: string; count: number; text: string }[];
}

export const startImport = (reading: Reading, dryRun: boolean, key: string, lang: string) =>
  send<{ job: string }>("POST", "/api/v1/imports", { ...reading, dry_run: dryRun, lang }, { "Idempotency-Key": key });
export const undoImport = (id: number) => send<{ job: string }>("POST", `/api/v1/imports/${id}/undo`, {});
export const cancelJob = (id: string) => send<undefined>("DELETE", `/api/v1/jobs/${encodeURIComponent(id)}`);

export function useImports(shop: string | null) {
  return useQuery<{ rows: ImportRow[] }, ApiError>({ queryKey: ["imports", shop], queryFn: ({ signal }) => ask("/api/v1/imports", { shop }, signal), enabled: shop !== null });
}
