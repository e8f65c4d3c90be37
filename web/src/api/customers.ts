// Customers: the list by pages of a cursor, and one of them with everything they did.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import type { ApiError } from "./client";
import { ask } from "./questions";

export interface CustomerRow {
  customer: string;
  email: string | null;
  name: string | null;
  country: string | null;
  source: string | null;
  orders: number;
  revenue_minor: number;
  first_order: string | null;
  last_order: string | null;
  active: boolean;
}
export interface CustomersPage {
  rows: CustomerRow[];
  next: string | null;
  total: number;
}

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
    queryFn: ({ signal, pageParam }) => ask<CustomersPage>("/api/v1/customers", { ...question, cursor: pageParam, limit: pageRows }, signal),
    initialPageParam: null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    enabled: question !== null,
  });
}

export interface OrderItem {
  item: string | null;
  name: string | null;
  quantity: number | null;
  amount_minor: number | null;
}
export interface CustomerEvent {
  at: string;
  day: string;
  kind: string;
  order: string | null;
  status: string | null;
  amount_minor: number | null;
  currency: string | null;
  refunded_minor: number | null;
  items: OrderItem[];
  source: string | null;
  import: number | null;
}
export interface CustomerHistory {
  customer: string;
  identities: { namespace: string; value: string }[];
  profile: Record<string, string | boolean | null>;
  summary: {
    orders: number;
    revenue_minor: number;
    aov_minor: number | null;
    first_order: string | null;
    last_order: string | null;
    active: boolean;
    usual_gap_days: number | null;
    silent_days: number | null;
    lost_on: string | null;
  };
  cohort: string | null;
  events: CustomerEvent[];
  next: string | null;
}

export function useCustomer(shop: string | null, customer: string) {
  return useInfiniteQuery<CustomerHistory, ApiError, { pages: CustomerHistory[] }, unknown[], string | null>({
    queryKey: ["customer", shop, customer],
    queryFn: ({ signal, pageParam }) => ask<CustomerHistory>(`/api/v1/customers/${encodeURIComponent(customer)}`, { shop, cursor: pageParam }, signal),
    initialPageParam: null,
    getNextPageParam: (last) => last.next,
    enabled: shop !== null,
  });
}
