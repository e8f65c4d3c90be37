// The questions of the pages, as hooks. The answer to an earlier question stays on screen while the next one is on its
// way, so nothing flickers where the engine answers in milliseconds.
import { keepPreviousData, type QueryClient, QueryClient as Client, type QueryKey, queryOptions, useInfiniteQuery, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { createContext, createElement, type ReactNode, useContext, useMemo } from "react";
import type { View } from "../state/view";
import type { Language } from "../words/languages";
import { asOfDayOf, chooseShop, figureParams, type Figures, firstQuestions, paramsOf } from "./asked";
import { useView } from "../state/use_view";
import { answered, ApiError, behoudFetch } from "./client";
import { address, type Answer, type Params, type PathOf, type Value } from "./contract";
import type { BehindAnswer, Shop } from "./rows";
import { noteTook } from "./took";

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

// GET of one path. A path with two shapes of answer (the customers, with and without a number they stand behind) is asked for one. What it took is noted under `key`.
export async function ask<P extends PathOf<"get">, A extends Answer<"get", P> = Answer<"get", P>>(path: P, params: Params<"get", P> = {}, signal?: AbortSignal, key?: QueryKey): Promise<A> {
  const response = await behoudFetch(address(path, params), signal ? { signal } : {});
  if (key) noteTook(key, response.headers.get("Server-Timing"));
  return answered<A>(response);
}

function asking<P extends PathOf<"get">>(path: P, params: Params<"get", P>) {
  return queryOptions<Answer<"get", P>, ApiError>({ queryKey: [path, params], queryFn: ({ signal, queryKey }) => ask(path, params, signal, queryKey) });
}

function useAsk<P extends PathOf<"get">>(path: P, params: Params<"get", P>, enabled = true): UseQueryResult<Answer<"get", P>, ApiError> {
  return useQuery({ ...asking(path, params), placeholderData: keepPreviousData, enabled });
}

export const shopsQuery = asking("/api/v1/shops", {});
// A shop that is still being read is looked at again until it is there.
export const useShops = () => useQuery({ ...shopsQuery, refetchInterval: (query) => (query.state.data?.rows.some((shop) => shop.state === "loading") ? 1000 : false) });

export interface ShopState {
  shop: Shop | null;
  shops: Shop[];
  error: ApiError | null;
  again: () => void; // asks for the shops once more
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
  const { data, error, refetch } = useShops();
  const value = useMemo(() => {
    const shops = data?.rows ?? [];
    const shop = chooseShop(shops, view.shop);
    return { shop, shops, error, again: () => void refetch(), asOfDay: asOfDayOf(shop) };
  }, [data, error, refetch, view.shop]);
  return createElement(ShopContext.Provider, { value }, props.children);
}

// The parameters of the view's question, and whether it can be asked yet.
export function useQuestion(): { params: Record<string, Value>; ready: boolean; lastDay: string | null } {
  const { view } = useView();
  const { shop, asOfDay } = useShop();
  return useMemo(() => {
    return { params: paramsOf(view, shop), ready: shop !== null && shop.state !== "empty", lastDay: asOfDay };
  }, [view, shop, asOfDay]);
}

function useFigures<Name extends Figures>(name: Name, more: Params<"get", `/api/v1/${Name}`> = {}, without?: readonly string[], wanted = true) {
  const { params, ready } = useQuestion();
  return useAsk(`/api/v1/${name}`, figureParams(name, params, more, without), ready && wanted);
}

export const useRetention = () => useFigures("retention");
export const useValue = () => useFigures("value");
// The same by the parts of the split.
export const useRetentionParts = (split: string | null) => useFigures("retention", { split }, ["compare"], split !== null);
export const useValueParts = (split: string | null) => useFigures("value", { split }, ["compare"], split !== null);
export const useCost = () => useFigures("cost");
export const useCohorts = (mode: string) => useFigures("cohorts", { mode });
export const useClaims = () => useFigures("claims");
export const useWhatIf = (points: number) => useFigures("whatif", { points });

/** Asks what a page will ask first, so that it is there when the page is. */
export async function askFirst(queries: QueryClient, page: string, view: View, language: Language): Promise<void> {
  const shop = chooseShop(queries.getQueryData(shopsQuery.queryKey)?.rows ?? [], view.shop);
  if (!shop) return;
  await Promise.all(firstQuestions(page, view, shop, language).map(({ path, params }) => queries.prefetchQuery(asking(path, params))));
}

// The people behind a number, page by page: the next one is asked for when the end of the table comes in sight.
export function useInfiniteBehind(behind: string, more: Params<"get", "/api/v1/customers">, wanted: boolean, limit = 500) {
  const { params, ready } = useQuestion();
  const { compare: _, ...asked }: Record<string, Value> = { ...params, behind, names: "true", ...more };
  const query = useInfiniteQuery<BehindAnswer, ApiError>({
    queryKey: ["/api/v1/customers", "pages", asked],
    queryFn: ({ pageParam, signal, queryKey }) => ask<"/api/v1/customers", BehindAnswer>("/api/v1/customers", { ...asked, limit, cursor: pageParam as string | null }, signal, queryKey),
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
export const useToday = (lang: string) => useFigures("today", { lang });

export const useDefinitions = (lang: string, wanted = true) => useAsk("/api/v1/definitions", { lang }, wanted);
