// The questions of the pages, as hooks. The answer to an earlier question stays on screen while the next one is on its
// way, so nothing flickers where the engine answers in milliseconds.
import { keepPreviousData, type QueryClient, QueryClient as Client, queryOptions, useInfiniteQuery, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { createContext, createElement, type ReactNode, useContext, useMemo } from "react";
import { dayIn, addDays } from "../state/days";
import { question } from "../state/view";
import { useView } from "../state/use_view";
import { answered, ApiError, behoudFetch } from "./client";
import { address, type Answer, type Params, type PathOf, type Value } from "./contract";
import type { BehindAnswer, Shop } from "./rows";

export function makeQueryClient(): QueryClient {
  return new Client({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: true,
        retry: (times, error) => times < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500) && error.status !== 501,
        retryDelay: (times) => 300 * 2 ** times,
      },
    },
  });
}

// GET of one path. A path with two shapes of answer (the customers, with and without a number they stand behind) is asked for one.
export async function ask<P extends PathOf<"get">, A extends Answer<"get", P> = Answer<"get", P>>(path: P, params: Params<"get", P> = {}, signal?: AbortSignal): Promise<A> {
  return answered<A>(await behoudFetch(address(path, params), signal ? { signal } : {}));
}

function asking<P extends PathOf<"get">>(path: P, params: Params<"get", P>) {
  return queryOptions<Answer<"get", P>, ApiError>({ queryKey: [path, params], queryFn: ({ signal }) => ask(path, params, signal) });
}

function useAsk<P extends PathOf<"get">>(path: P, params: Params<"get", P>, enabled = true): UseQueryResult<Answer<"get", P>, ApiError> {
  return useQuery({ ...asking(path, params), placeholderData: keepPreviousData, enabled });
}

export const shopsQuery = asking("/api/v1/shops", {});
export const useShops = () => useQuery(shopsQuery);

// The shop that is looked at: the one of the address, else one's own if it holds anything, else the sample.
export function chooseShop(shops: readonly Shop[], wanted: string | null): Shop | null {
  return shops.find((shop) => shop.shop === wanted) ?? shops.find((shop) => shop.shop === "own" && shop.state !== "empty") ?? shops.find((shop) => shop.sample) ?? shops[0] ?? null;
}

export interface ShopState {
  shop: Shop | null;
  shops: Shop[];
  error: ApiError | null;
  asOfDay: string | null; // the last day that the shop's history knows
}

const ShopContext = createContext<ShopState | null>(null);

export function useShop(): ShopState {
  const found = useContext(ShopContext);
  if (!found) throw new Error("useShop: outside ShopProvider");
  return found;
}

// The shop is asked for once for the whole page.
export function ShopProvider(props: { children: ReactNode }) {
  const { view } = useView();
  const { data, error } = useShops();
  const value = useMemo(() => {
    const shops = data?.rows ?? [];
    const shop = chooseShop(shops, view.shop);
    // as-of at midnight is the end of the day before it.
    const asOfDay = shop?.as_of ? dayIn(shop.zone, new Date(new Date(shop.as_of).getTime() - 1).toISOString()) : null;
    return { shop, shops, error, asOfDay };
  }, [data, error, view.shop]);
  return createElement(ShopContext.Provider, { value }, props.children);
}

// The parameters of the view's question, and whether it can be asked yet.
export function useQuestion(): { params: Record<string, string>; ready: boolean; lastDay: string | null } {
  const { view } = useView();
  const { shop, asOfDay } = useShop();
  return useMemo(() => {
    const params = question(view, asOfDay);
    if (shop) params["shop"] = shop.shop;
    return { params, ready: shop !== null && shop.state !== "empty", lastDay: asOfDay ? addDays(asOfDay, 0) : null };
  }, [view, shop, asOfDay]);
}

type Figures = "retention" | "cohorts" | "value" | "cost" | "claims" | "whatif" | "today";

function useFigures<Name extends Figures>(name: Name, more: Params<"get", `/api/v1/${Name}`> = {}, without: readonly string[] = [], wanted = true) {
  const { params, ready } = useQuestion();
  const asked: Record<string, Value> = { ...params, ...more };
  for (const key of without) delete asked[key];
  return useAsk(`/api/v1/${name}`, asked as Params<"get", `/api/v1/${Name}`>, ready && wanted);
}

// Without a split: the whole shop, which is what sentences and headline numbers are about.
export const useRetention = () => useFigures("retention", {}, ["split"]);
export const useValue = () => useFigures("value", {}, ["split"]);
// The same by the parts of the split.
export const useRetentionParts = (split: string | null) => useFigures("retention", { split }, ["compare"], split !== null);
export const useValueParts = (split: string | null) => useFigures("value", { split }, ["compare"], split !== null);
export const useCost = () => useFigures("cost", {}, ["split"]);
export const useCohorts = (mode: string) => useFigures("cohorts", { mode }, ["compare"]);
export const useClaims = () => useFigures("claims", {}, ["split", "compare"]);
export const useWhatIf = (points: number) => useFigures("whatif", { points }, ["split", "compare", "from", "to", "grain"]);

// The people behind a number, page by page: the next one is asked for when the end of the table comes in sight.
export const pageOfPeople = 500;
export function useInfiniteBehind(behind: string, more: Params<"get", "/api/v1/customers">, wanted: boolean) {
  const { params, ready } = useQuestion();
  const { compare: _, ...asked }: Record<string, Value> = { ...params, behind, ...more };
  const query = useInfiniteQuery<BehindAnswer, ApiError>({
    queryKey: ["/api/v1/customers", "pages", asked],
    queryFn: ({ pageParam, signal }) => ask<"/api/v1/customers", BehindAnswer>("/api/v1/customers", { ...asked, limit: pageOfPeople, cursor: pageParam as string | null }, signal),
    initialPageParam: null,
    getNextPageParam: (last) => last.next ?? null,
    placeholderData: keepPreviousData,
    enabled: ready && wanted,
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows), [query.data]);
  return {
    query,
    rows, // undefined while there is no answer
    total: query.data?.pages[0]?.total ?? rows?.length ?? 0,
    more: query.hasNextPage && !query.isFetchingNextPage ? () => void query.fetchNextPage() : undefined,
    csv: address("/api/v1/customers", { ...asked, format: "csv" }), // all of them
  };
}

export function useNotes() {
  const { shop } = useShop();
  return useAsk("/api/v1/notes", { shop: shop?.shop }, shop !== null);
}

// What changed and what to do, over the whole history, in the reader's language.
export const useToday = (lang: string) => useFigures("today", { lang }, ["split", "compare", "from", "to"]);

export const useDefinitions = (lang: string, wanted = true) => useAsk("/api/v1/definitions", { lang }, wanted);
