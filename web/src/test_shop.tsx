// The whole dashboard in a page of jsdom, before a server that gives recorded answers of the sample shop
// (testdata/, made by `behoud sample --customers 2000 --years 3 --seed 1`). For tests alone.
import { render } from "@testing-library/react";
import { vi } from "vitest";
import claims from "../testdata/claims.json";
import cohorts from "../testdata/cohorts.json";
import cost from "../testdata/cost.json";
import customers from "../testdata/customers.json";
import definitions from "../testdata/definitions.json";
import retention from "../testdata/retention.json";
import shops from "../testdata/shops.json";
import today from "../testdata/today.json";
import value from "../testdata/value.json";
import whatif from "../testdata/whatif.json";
import { makeQueryClient } from "./api/questions";
import { App } from "./app/App";

export const session = { user: { id: "u1", email: "owner@example.com", name: "", role: "owner", state: "active", created_at: "2026-01-01T00:00:00Z" }, csrf: "csrf-token", expires_at: "2027-01-01T00:00:00Z" };

export const answers: Record<string, unknown> = {
  "/api/v1/session": session,
  "/api/v1/shops": shops,
  "/api/v1/retention": retention,
  "/api/v1/value": value,
  "/api/v1/cost": cost,
  "/api/v1/cohorts": cohorts,
  "/api/v1/claims": claims,
  "/api/v1/whatif": whatif,
  "/api/v1/customers": { ...customers, total: customers.rows.length, next: null },
  "/api/v1/today": today,
  "/api/v1/definitions": definitions,
  "/api/v1/notes": { rows: [{ id: "n1", day: "2025-03-01", text: "4711", kind: "price" }] },
};

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: string;
  csrf: string | null;
}

export type Reply = (asked: Asked) => Response | undefined;
export const json = (status: number, body: unknown) => new Response(status === 204 ? null : JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
export const refusal = (status: number, code: string) => json(status, { error: { code, message: code, field: null, hint: null } });

// Shows the dashboard at an address; `reply` answers first, what it leaves the recorded answers do.
export function open(address: string, reply: Reply = () => undefined): { asked: Asked[] } {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const url = new URL(request.url);
    const one = { method: request.method, path: url.pathname, query: url.searchParams, body: await request.clone().text(), csrf: request.headers.get("X-Behoud-CSRF") };
    asked.push(one);
    const own = reply(one);
    if (own) return own;
    const answer = answers[url.pathname];
    return answer === undefined || request.method !== "GET" ? refusal(404, "not_found") : json(200, answer);
  });
  history.replaceState(null, "", address);
  render(<App queries={makeQueryClient()} />);
  return { asked };
}
