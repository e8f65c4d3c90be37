// The shop's settings, its people, its tokens and what was done.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { ApiError } from "./client";
import type { Schemas } from "./contract";
import { ask } from "./questions";
import { send } from "./send";

export type Settings = Schemas["Settings"];
export type SettingsChange = Schemas["SettingsChange"];
export type Standing = Settings["statuses"][string];
export const standings = ["counts", "awaited", "no"] as const satisfies readonly Standing[];

export function useSettings(shop: string | null) {
  return useQuery<Settings, ApiError>({ queryKey: ["settings", shop], queryFn: ({ signal }) => ask("/api/v1/settings", { shop }, signal), enabled: shop !== null });
}
export const changeSettings = (change: SettingsChange, revision: number) => send("patch", "/api/v1/settings", change, { headers: { "If-Match": `"${revision}"` } });

export type Member = Schemas["User"];
export type Role = Member["role"];
export const roleNames = ["owner", "editor", "viewer"] as const satisfies readonly Role[];
export type Token = Schemas["Token"];
export type AuditRow = Schemas["Audit"]["rows"][number];

export function useMembers(enabled: boolean) {
  return useQuery<Schemas["Users"], ApiError>({ queryKey: ["users"], queryFn: ({ signal }) => ask("/api/v1/users", {}, signal), enabled });
}
export const inviteMember = (email: string, name: string, role: Role) => send("post", "/api/v1/users", { email, name, role });
export const changeMember = (id: string, change: { role?: Role }) => send("patch", "/api/v1/users/{id}", change, { params: { id } });
export const removeMember = (id: string) => send("delete", "/api/v1/users/{id}", undefined, { params: { id } });

export function useTokens(enabled: boolean) {
  return useQuery<Schemas["Tokens"], ApiError>({ queryKey: ["tokens"], queryFn: ({ signal }) => ask("/api/v1/tokens", {}, signal), enabled });
}
export const makeToken = (name: string, scope: Token["scope"], expiresAt: string | null) =>
  send("post", "/api/v1/tokens", { name, scope, ...(expiresAt === null ? {} : { expires_at: expiresAt }) });
export const removeToken = (id: string) => send("delete", "/api/v1/tokens/{id}", undefined, { params: { id } });

export type Backup = Schemas["Backup"];

export function useBackups() {
  return useQuery<Schemas["Backups"], ApiError>({ queryKey: ["backups"], queryFn: ({ signal }) => ask("/api/v1/backups", {}, signal) });
}
export const makeBackup = () => send("post", "/api/v1/backups", undefined);
export const removeBackup = (id: string) => send("delete", "/api/v1/backups/{id}", undefined, { params: { id } });

export function useAudit(enabled: boolean) {
  return useInfiniteQuery<Schemas["Audit"], ApiError, { pages: Schemas["Audit"][] }, unknown[], string | null>({
    queryKey: ["audit"],
    queryFn: ({ signal, pageParam }) => ask("/api/v1/audit", { cursor: pageParam, limit: 100 }, signal),
    initialPageParam: null,
    getNextPageParam: (last) => last.next,
    enabled,
  });
}
