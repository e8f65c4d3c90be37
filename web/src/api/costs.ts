// What keeping and winning customers cost, as entered or imported.
import { useInfiniteQuery } from "@tanstack/react-query";
import { addDays } from "../state/days";
import type { ApiError } from "./client";
import type { Schemas } from "./contract";
import { ask } from "./questions";
import { send } from "./send";

type CostsPage = Schemas["Costs"];
export type Cost = Schemas["Cost"];
/** As a person says it: nothing left out, and `to` is the last day, counted in. */
export type CostEntry = Required<Schemas["CostEntry"]>;
export type CostKind = CostEntry["kind"];
export type Purpose = CostEntry["purpose"];
export const costKinds = ["marketing", "sales", "support", "discount", "points", "message", "referral", "other"] as const satisfies readonly CostKind[];
export const purposes = ["retention", "acquisition"] as const satisfies readonly Purpose[];

// The API's spans end before their last day's morrow, as all its spans do.
const fromServer = (cost: Cost): Cost => ({ ...cost, to: addDays(cost.to, -1) });
const toServer = (entry: CostEntry): CostEntry => ({ ...entry, to: addDays(entry.to, 1) });

/** What a cost holds that was entered; kinds and purposes that this page does not know are of a newer server. */
export function entryOf(cost: Cost, currency: string): CostEntry {
  const { from, to, amount_minor, campaign, note } = cost;
  const kind = costKinds.find((known) => known === cost.kind) ?? "other";
  const purpose = purposes.find((known) => known === cost.purpose) ?? "retention";
  return { from, to, amount_minor, currency: cost.currency ?? currency, kind, purpose, campaign, note };
}

export function useCosts(shop: string | null) {
  return useInfiniteQuery<CostsPage, ApiError, { pages: CostsPage[] }, unknown[], string | null>({
    queryKey: ["costs", shop],
    queryFn: async ({ signal, pageParam }) => {
      const page = await ask("/api/v1/costs", { shop, cursor: pageParam, limit: 200 }, signal);
      return { ...page, rows: page.rows.map(fromServer) };
    },
    initialPageParam: null,
    getNextPageParam: (last) => last.next,
    enabled: shop !== null,
  });
}

export const enterCost = (entry: CostEntry, key: string) => send("post", "/api/v1/costs", toServer(entry), { headers: { "Idempotency-Key": key } });
export const changeCost = (id: string, entry: CostEntry) => send("put", "/api/v1/costs/{id}", toServer(entry), { params: { id } });
export const deleteCost = (id: string) => send("delete", "/api/v1/costs/{id}", undefined, { params: { id } });
