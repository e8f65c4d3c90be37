// What keeping and winning customers cost, as entered or imported.
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ApiError } from "./client";
import { ask } from "./questions";
import { send } from "./send";

export const costKinds = ["marketing", "sales", "support", "discount", "points", "message", "referral", "other"] as const;
export const purposes = ["retention", "acquisition"] as const;
export type CostKind = (typeof costKinds)[number];
export type Purpose = (typeof purposes)[number];

/** `to` is the last day, counted in. */
export interface CostEntry {
  from: string;
  to: string;
  amount_minor: number;
  currency: string;
  kind: CostKind;
  purpose: Purpose;
  campaign: string | null;
  note: string | null;
}
export interface Cost extends CostEntry {
  id: string;
  origin: "entered" | "file";
}
export interface CostsPage {
  rows: Cost[];
  next: string | null;
}

export function useCosts(shop: string | null) {
  return useInfiniteQuery<CostsPage, ApiError, { pages: CostsPage[] }, unknown[], string | null>({
    queryKey: ["costs", shop],
    queryFn: ({ signal, pageParam }) => ask<CostsPage>("/api/v1/costs", { shop, cursor: pageParam, limit: 200 }, signal),
    initialPageParam: null,
    getNextPageParam: (last) => last.next,
    enabled: shop !== null,
  });
}

export const enterCost = (entry: CostEntry, key: string) => send<Cost>("POST", "/api/v1/costs", entry, { "Idempotency-Key": key });
export const changeCost = (id: string, entry: CostEntry) => send<Cost>("PUT", `/api/v1/costs/${encodeURIComponent(id)}`, entry);
export const deleteCost = (id: string) => send<undefined>("DELETE", `/api/v1/costs/${encodeURIComponent(id)}`);
