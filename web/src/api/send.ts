// A call that changes something: JSON there and back, its error thrown. The session's token and signing in again are behoudFetch's.
import { behoudFetch, errorOf } from "./client";

export type Method = "POST" | "PUT" | "PATCH" | "DELETE";

export async function send<T>(method: Method, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  const init: RequestInit = { method, headers: { ...headers } };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "Content-Type": "application/json", ...headers };
  }
  const response = await behoudFetch(new URL(path, location.origin).toString(), init);
  if (!response.ok) throw errorOf(response.status, await response.json().catch(() => null), response.headers.get("Retry-After"));
  if (response.status === 204) return undefined as T;
  return (await response.json().catch(() => undefined)) as T;
}
