// Long work of the server: watched over server-sent events, asked for again where those do not come through, so that a reload, a
// sleep or a lost connection loses nothing.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ApiError } from "./client";
import { address, type Schemas } from "./contract";
import { ask } from "./questions";

export type Job = Schemas["Job"];

export const ended = (job: Pick<Job, "state"> | undefined): boolean => job !== undefined && job.state !== "waiting" && job.state !== "running";

export function useJob(id: string | null) {
  const queries = useQueryClient();
  const query = useQuery<Job, ApiError>({
    queryKey: ["job", id],
    queryFn: ({ signal }) => ask("/api/v1/jobs/{id}", { id }, signal),
    enabled: id !== null,
    staleTime: 0,
    // The safety net below the events.
    refetchInterval: (q) => (q.state.error !== null || ended(q.state.data) ? false : 3_000),
  });
  const over = ended(query.data);
  useEffect(() => {
    if (id === null || over || typeof EventSource === "undefined") return undefined;
    const events = new EventSource(address("/api/v1/jobs/{id}/events", { id }));
    events.addEventListener("job", (event) => {
      const job = JSON.parse((event as MessageEvent<string>).data) as Job;
      queries.setQueryData(["job", id], job);
      if (ended(job)) events.close();
    });
    // Whoever may no longer read is told so, and asks once more: the answer, 401, is what the page shows sign-in for.
    events.addEventListener("signed_out", () => {
      events.close();
      void queries.invalidateQueries({ queryKey: ["job", id] });
    });
    return () => events.close();
  }, [id, over, queries]);
  return query;
}

/** The newest; what has not ended is among them. */
export function useJobs(wanted: boolean) {
  return useQuery<Schemas["Jobs"], ApiError>({ queryKey: ["jobs"], queryFn: ({ signal }) => ask("/api/v1/jobs", { limit: 50 }, signal), enabled: wanted, staleTime: 0 });
}
