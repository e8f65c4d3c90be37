// The questions of the pages, as hooks. The answer to an earlier question stays on screen while the next one is on its
// way, so nothing flickers where the engine answers in milliseconds.
import { keepPreviousData, type QueryClient, QueryClient as Client, queryOptions, useInfiniteQuery, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { createContext, createElement, type ReactNode, useContext, useMemo } from "react";
import { dayIn, addDays } from "../state/days";
import { question } from "../state/view";
import { useView } from "../state/use_view";
import { ApiError, behoudFetch, errorOf } from "./client";
import type { BehindAnswer, ClaimsAnswer, CohortsAnswer, CostAnswer, Definition, Note, RetentionAnswer, Shop, ValueAnswer, WhatIfAnswer } from "./rows";
import type { components } from "./schema";

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

// GET of one path with parameters. The pages' hooks below say what it answers.
export async function ask<T>(path: string, params: Record<string, string | number | null | undefined> = {}, signal?: AbortSignal): Promise<T> {
  const at = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) if (value !== null && value !== undefined && value !== "") at.set(key, String(value));
  const query = at.toString();
  const url = new URL(query ? `${path}?${query}` : path, location.origin).toString();
  const response = await behoudFetch(url, signal ? { signal } : {});
  if (!response.ok) throw errorOf(response.status, await response.json().catch(() => null), response.headers.get("Retry-After"));
  return (await response.json()) as T;
}

function asking<T>(path: string, params: Record<string, string | number | null | undefined>) {
  return queryOptions<T, ApiError>({ queryKey: [path, params], queryFn: ({ signal }) => ask<T>(path, params, signal) });
}

function useAsk<T>(path: string, params: Record<string, string | number | null | undefined>, enabled = true): UseQueryResult<T, ApiError> {
  return useQuery({ ...asking<T>(path, params), placeholderData: keepPreviousData, enabled });
}

export const shopsQuery = asking<{ rows: Shop[] }>("/api/v1/shops", {});
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

function useFigures<T>(name: string, more: Record<string, string | number | null | undefined> = {}, without: readonly string[] = [], wanted = true) {
  const { params, ready } = useQuestion();
  const asked: Record<string, string | number | null | undefined> = { ...params, ...more };
  for (const key of without) delete asked[key];
  return useAsk<T>(`/api/v1/${name}`, asked, ready && wanted);
}

// Without a split: the whole shop, which is what sentences and headline numbers are about.
export const useRetention = () => useFigures<RetentionAnswer>("retention", {}, ["split"]);
export const useValue = () => useFigures<ValueAnswer>("value", {}, ["split"]);
// The same by the parts of the split.
export const useRetentionParts = (split: string | null) => useFigures<RetentionAnswer>("retention", { split }, ["compare"], split !== null);
export const useValueParts = (split: string | null) => useFigures<ValueAnswer>("value", { split }, ["compare"], split !== null);
export const useCost = () => useFigures<CostAnswer>("cost", {}, ["split"]);
export const useCohorts = (mode: string) => useFigures<CohortsAnswer>("cohorts", { mode }, ["compare"]);
export const useClaims = () => useFigures<ClaimsAnswer>("claims", {}, ["split", "compare"]);
export const useWhatIf = (points: number) => useFigures<WhatIfAnswer>("whatif", { points }, ["split", "compare", "from", "to", "grain"]);
export const useBehind = (behind: string, span: Record<string, string | null | undefined>) => useFigures<BehindAnswer>("customers", { behind, ...span }, ["compare"]);

// The same, page by page: the next one is asked for when the end of the table comes in sight.
export const pageOfPeople = 500;
export function useInfiniteBehind(behind: string, more: Record<string, string | null | undefined>, wanted: boolean) {
  const { params, ready } = useQuestion();
  const asked: Record<string, string | number | null | undefined> = { ...params, behind, limit: pageOfPeople, ...more };
  delete asked["compare"];
  return useInfiniteQuery<BehindAnswer, ApiError>({
    queryKey: ["/api/v1/customers", "pages", asked],
    queryFn: ({ pageParam, signal }) => ask<BehindAnswer>("/api/v1/customers", { ...asked, cursor: pageParam as string | null }, signal),
    initialPageParam: null,
    getNextPageParam: (last) => last.next ?? null,
    enabled: ready && wanted,
  });
}

export function useNotes() {
  const { shop } = useShop();
  return useAsk<{ rows: Note[] }>("/api/v1/notes", { shop: shop?.shop }, shop !== null);
}

// What changed and what to do, over the whole history, in the reader's language.
export const useToday = (lang: string) => useFigures<components["schemas"]["Today"]>("today", { lang }, ["split", "compare", "from", "to"]);

export const useDefinitions = (lang: string, wanted = true) => useAsk<{ rows: Definition[] }>("/api/v1/definitions", { lang }, wanted);
