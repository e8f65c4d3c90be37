// Customers: the list by pages of a cursor, and one of them with everything they did.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import type { ApiError } from "./client";
import type { Params, Schemas } from "./contract";
import { ask } from "./questions";

type CustomersPage = Schemas["CustomerPage"];
export type CustomerRow = Schemas["CustomerRow"];
export type CustomerEvent = Schemas["CustomerEvent"];
export type CustomerHistory = Schemas["CustomerHistory"];

export const sorts = ["last_order", "revenue", "orders", "first_order"] as const;
export type Sort = (typeof sorts)[number];
export interface CustomersQuestion {
  shop: string;
  q: string;
  sort: Sort;
  direction: "asc" | "desc";
  status: "active" | "lapsed" | null;
}

/** Rows that one question of the list brings. */
export const pageRows = 500;

export function useCustomers(question: CustomersQuestion | null) {
  return useInfiniteQuery<CustomersPage, ApiError, { pages: CustomersPage[] }, unknown[], string | null>({
    queryKey: ["customers", question],
    queryFn: ({ signal, pageParam, queryKey }) => {
      const params: Params<"get", "/api/v1/customers"> = { ...question, cursor: pageParam, limit: pageRows };
      return ask<"/api/v1/customers", CustomersPage>("/api/v1/customers", params, signal, queryKey);
    },
    initialPageParam: null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    enabled: question !== null,
  });
}

export function useCustomer(shop: string | null, customer: string) {
  return useInfiniteQuery<CustomerHistory, ApiError, { pages: CustomerHistory[] }, unknown[], string | null>({
    queryKey: ["customer", shop, customer],
    queryFn: ({ signal, pageParam, queryKey }) => ask("/api/v1/customers/{id}", { id: customer, shop, cursor: pageParam }, signal, queryKey),
    initialPageParam: null,
    getNextPageParam: (last) => last.next,
    enabled: shop !== null,
  });
}
