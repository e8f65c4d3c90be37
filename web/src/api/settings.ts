// The shop's settings, its people, its tokens and what was done.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { ApiError } from "./client";
import type { User } from "./rows";
import { ask } from "./questions";
import { send } from "./send";

export const standings = ["counts", "awaited", "no"] as const;
export type Standing = (typeof standings)[number];

export interface Settings {
  revision?: number;
  zone: string | null;
  currency: string | null;
  window_days: number | null;
  window_proposed_days: number | null;
  margin_rate: number | null;
  statuses: Record<string, Standing>;
  unknown_statuses: { word: string; count: number }[];
  sources: { source: string; imports: number }[];
}
export type SettingsChange = Partial<Pick<Settings, "zone" | "currency" | "window_days" | "margin_rate">> & { statuses?: Record<string, Standing | "default"> };

export function useSettings(shop: string | null) {
  return useQuery<Settings, ApiError>({ queryKey: ["settings", shop], queryFn: ({ signal }) => ask<Settings>("/api/v1/settings", { shop }, signal), enabled: shop !== null });
}
export const changeSettings = (change: SettingsChange, revision: number | undefined) =>
  send<Settings>("PATCH", "/api/v1/settings", change, revision === undefined ? {} : { "If-Match": `"${revision}"` });

export type Role = User["role"];
export const roleNames = ["owner", "editor", "viewer"] as const;
export interface Member extends User {
  state: "active" | "invited";
}
export interface Token {
  id: string;
  name: string;
  scope: "read" | "write" | "admin";
  state: "live" | "expired" | "revoked";
  expires_at: string | null;
  last_used: string | null;
}
export interface AuditRow {
  id: string;
  at: string;
  actor: { kind: "nobody" | "user" | "token" | "command"; id: string | null };
  action: string;
  subject: { kind: string; id: string | null } | null;
  detail: Record<string, string | number | boolean | null> | null;
  times: number;
}

export function useMembers(enabled: boolean) {
  return useQuery<{ rows: Member[] }, ApiError>({ queryKey: ["users"], queryFn: ({ signal }) => ask("/api/v1/users", {}, signal), enabled });
}
export const inviteMember = (email: string, name: string, role: Role) => send<{ user: Member; link: string }>("POST", "/api/v1/users", { email, name, role });
export const changeMember = (id: string, change: { role?: Role }) => send<Member>("PATCH", `/api/v1/users/${encodeURIComponent(id)}`, change);
export const removeMember = (id: string) => send<undefined>("DELETE", `/api/v1/users/${encodeURIComponent(id)}`);

export function useTokens(enabled: boolean) {
  return useQuery<{ rows: Token[] }, ApiError>({ queryKey: ["tokens"], queryFn: ({ signal }) => ask("/api/v1/tokens", {}, signal), enabled });
}
export const makeToken = (name: string, scope: Token["scope"], expiresAt: string | null) =>
  send<{ token: string; row: Token }>("POST", "/api/v1/tokens", { name, scope, ...(expiresAt === null ? {} : { expires_at: expiresAt }) });
export const removeToken = (id: string) => send<undefined>("DELETE", `/api/v1/tokens/${encodeURIComponent(id)}`);

export function useAudit(enabled: boolean) {
  return useInfiniteQuery<{ rows: AuditRow[]; next: string | null }, ApiError, { pages: { rows: AuditRow[]; next: string | null }[] }, unknown[], string | null>({
    queryKey: ["audit"],
    queryFn: ({ signal, pageParam }) => ask("/api/v1/audit", { cursor: pageParam, limit: 100 }, signal),
    initialPageParam: null,
    getNextPageParam: (last) => last.next,
    enabled,
  });
}
