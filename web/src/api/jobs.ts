// Long work of the server: watched over server-sent events, asked for again where those do not come through, so that a reload, a
// sleep or a lost connection loses nothing.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ApiError } from "./client";
import { ask } from "./questions";

export interface Job<Result = unknown> {
  id: string;
  kind: string;
  title: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled" | "interrupted";
  done: number;
  total: number;
  unit: string;
  started_at: string | null;
  ended_at: string | null;
  result: Result | null;
  error: { code: string; message: string; field?: string | null; hint?: string | null } | null;
}

export const ended = (job: Pick<Job, "state"> | undefined): boolean => job !== undefined && job.state !== "waiting" && job.state !== "running";

export function useJob<Result>(id: string | null) {
  const queries = useQueryClient();
  const query = useQuery<Job<Result>, ApiError>({
    queryKey: ["job", id],
    queryFn: ({ signal }) => ask<Job<Result>>(`/api/v1/jobs/${encodeURIComponent(id ?? "")}`, {}, signal),
    enabled: id !== null,
    staleTime: 0,
    // The safety net below the events.
    refetchInterval: (q) => (q.state.error !== null || ended(q.state.data) ? false : 3_000),
  });
  const over = ended(query.data);
  useEffect(() => {
    if (id === null || over || typeof EventSource === "undefined") return undefined;
    const events = new EventSource(`/api/v1/jobs/${encodeURIComponent(id)}/events`);
    events.addEventListener("job", (event) => {
      const job = JSON.parse((event as MessageEvent<string>).data) as Job<Result>;
      queries.setQueryData(["job", id], job);
      if (ended(job)) events.close();
    });
    return () => events.close();
  }, [id, over, queries]);
  return query;
}
