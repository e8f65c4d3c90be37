// A report of files that are not imported: asked for, found and removed.
import { ApiError } from "./client";
import { address, type Schemas } from "./contract";
import { send } from "./send";

export type ReportAsked = Schemas["ReportRequest"];

// Asked for since the page was loaded, and not opened yet.
const awaited = new Set<string>();

export async function startReport(asked: ReportAsked, key: string): Promise<string> {
  const { job } = await send("post", "/api/v1/reports", asked, { headers: { "Idempotency-Key": key } });
  awaited.add(job);
  return job;
}
/** Whether the reader waits for it: says so once. */
export const wasAwaited = (job: string): boolean => awaited.delete(job);
export const reportPage = (id: string): string => address("/api/v1/reports/{id}", { id, format: "html" });

/** How many orders the report is of; null where the job was another, or has not ended well. */
export const ordersOf = (job: Schemas["Job"] | undefined): number | null => (job?.state === "done" && job.result !== null && "report" in job.result ? job.result.orders : null);

const unlessGone = (error: unknown) => {
  if (!(error instanceof ApiError) || error.status !== 404) throw error;
};

/** The report and the files that it is of; what is gone already is no error. */
export async function removeReport(id: string, uploads: readonly string[]): Promise<void> {
  await send("delete", "/api/v1/reports/{id}", undefined, { params: { id } }).catch(unlessGone);
  for (const upload of uploads) await send("delete", "/api/v1/uploads/{id}", undefined, { params: { id: upload } }).catch(unlessGone);
}
