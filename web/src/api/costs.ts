// What keeping and winning customers cost, as entered or imported.
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ApiError } from "./client";
import { addDays } from "../state/days";
import { ask } from "./questions";
import { send } from "./send";

export const costKinds = ["marketing", "sales", "support", "discount", "points", "message", "referral", "other"] as const;
export const purposes = ["retention", "acquisition"] as const;
export type CostKind = (typeof costKinds)[number];
export type Purpose = (typeof purposes)[number];

/** As a person says it: `to` is the last day, counted in. */
export interface CostEntry {
  from: string;
  to: string;
  amount_minor: number;
  currency: string;
  kind: CostKind;
  purpose: Purpose;
  campaign: string;
  note: string;
}
export interface Cost extends CostEntry {
  id: string;
  origin: "entered" | "file";
}
export interface CostsPage {
  rows: Cost[];
  next: string | null;
}

// The API's spans end before their last day's morrow, as all its spans do.
const fromServer = (cost: Cost): Cost => ({ ...cost, to: addDays(cost.to, -1) });
const toServer = (entry: CostEntry) => ({ ...entry, to: addDays(entry.to, 1) });

export function useCosts(shop: string | null) {
  return useInfiniteQuery<CostsPage, ApiError, { pages: CostsPage[] }, unknown[], string | null>({
    queryKey: ["costs", shop],
    queryFn: async ({ signal, pageParam }) => {
      const page = await ask<CostsPage>("/api/v1/costs", { shop, cursor: pageParam, limit: 200 }, signal);
      return { ...page, rows: page.rows.map(fromServer) };
    },
    initialPageParam: null,
    getNextPageParam: (last) => last.next,
    enabled: shop !== null,
  });
}

export const enterCost = (entry: CostEntry, key: string) => send<Cost>("POST", "/api/v1/costs", toServer(entry), { "Idempotency-Key": key });
export const changeCost = (id: string, entry: CostEntry) => send<Cost>("PUT", `/api/v1/costs/${encodeURIComponent(id)}`, toServer(entry));
export const deleteCost = (id: string) => send<undefined>("DELETE", `/api/v1/costs/${encodeURIComponent(id)}`);
