// Files in: what they were recognised as, importing them, the list of imports, taking one back.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Column, Kind } from "../pages/import/mapping";
import type { ApiError } from "./client";
import type { Schemas } from "./contract";
import { ask } from "./questions";
import { send } from "./send";

export type RecognisedFile = Omit<Schemas["SeenFile"], "columns"> & { columns: Column[] };
export type Recognition = Omit<Schemas["Recognised"], "files"> & { files: RecognisedFile[] };

// Columns are counted from 1 by the server, as by people, and from 0 here, as rows are.
const toRecognition = (seen: Schemas["Recognised"]): Recognition => ({
  ...seen,
  files: seen.files.map((file) => ({ ...file, columns: file.columns.map(({ column, header, ...rest }) => ({ ...rest, index: column - 1, header: header ?? "" })) })),
});

/** How files are to be read; what is left out is recognised. */
export type Reading = Pick<Schemas["ImportRequest"], "uploads" | "source" | "timezone" | "currency" | "date_format" | "decimal" | "window"> & { kind: Kind; map?: string };
type Lang = NonNullable<Schemas["ImportRequest"]["lang"]>;

export function useRecognition(reading: Reading | null, lang: Lang) {
  return useQuery<Recognition, ApiError>({
    queryKey: ["recognise", reading, lang],
    queryFn: async () => {
      if (reading === null) throw new Error("no files are to be recognised");
      return toRecognition(await send("post", "/api/v1/uploads/recognise", { ...reading, lang }));
    },
    enabled: reading !== null && reading.uploads.length > 0,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
}

export type LeftOutRow = Schemas["RejectedRows"]["rows"][number];

/** The rows of an import's file that could not be read; of the very same file again, those of the first time. */
export function useLeftOut(shop: string | null, id: number, lang: Lang) {
  return useQuery<Schemas["RejectedRows"], ApiError>({
    queryKey: ["imports", shop, id, "rejected", lang],
    queryFn: ({ signal }) => ask("/api/v1/imports/{id}/rejected", { id, shop, lang, format: "json" }, signal),
    enabled: shop !== null,
  });
}

export type ImportRow = Schemas["Import"];
export type Outcome = Schemas["ImportOutcome"];
export type BridgeLine = Outcome["bridge"][number];

/** What an import or a trial run brought; null where the job was another, or has not ended well. */
export function outcomeOf(job: Schemas["Job"] | undefined): Outcome | null {
  return job?.state === "done" && job.result !== null && "bridge" in job.result ? job.result : null;
}

export const startImport = (reading: Reading, dryRun: boolean, key: string, lang: Lang) =>
  send("post", "/api/v1/imports", { ...reading, dry_run: dryRun, lang }, { headers: { "Idempotency-Key": key } });
export const undoImport = (id: number) => send("post", "/api/v1/imports/{id}/undo", undefined, { params: { id } });
export const cancelJob = (id: string) => send("delete", "/api/v1/jobs/{id}", undefined, { params: { id } });

export function useImports(shop: string | null) {
  return useQuery<Schemas["Imports"], ApiError>({ queryKey: ["imports", shop], queryFn: ({ signal }) => ask("/api/v1/imports", { shop }, signal), enabled: shop !== null });
}
