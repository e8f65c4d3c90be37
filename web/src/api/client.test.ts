// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiError, behoudFetch, errorOf, onSessionOver, setCsrf } from "./client";
import { chooseShop } from "./asked";
import { ask } from "./questions";
import type { Shop } from "./rows";

const json = (status: number, body: unknown, headers: Record<string, string> = {}) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });

afterEach(() => {
  setCsrf(null);
  onSessionOver(null);
});

describe("a request", () => {
  it("carries the session's token only where it changes something", async () => {
    setCsrf("t0ken");
    const seen: (string | null)[] = [];
    vi.stubGlobal("fetch", async (request: Request) => {
      seen.push(request.headers.get("X-Behoud-CSRF"));
      return json(200, {});
    });
    await behoudFetch("http://localhost/api/v1/value");
    await behoudFetch("http://localhost/api/v1/costs", { method: "POST", body: "{}" });
    expect(seen).toEqual([null, "t0ken"]);
  });

  it("waits for a sign-in when the session is over, and then goes on with the same body", async () => {
    const bodies: string[] = [];
    let signedIn = false;
    vi.stubGlobal("fetch", async (request: Request) => {
      bodies.push(await request.text());
      return signedIn ? json(201, { id: 1 }) : json(401, { error: { code: "not_signed_in", message: "" } });
    });
    onSessionOver(async () => {
      signedIn = true;
      setCsrf("fresh");
    });
    const response = await behoudFetch("http://localhost/api/v1/costs", { method: "POST", body: '{"amount_minor":5}' });
    expect(response.status).toBe(201);
    expect(bodies).toEqual(['{"amount_minor":5}', '{"amount_minor":5}']);
  });

  it("does not ask to sign in when signing in fails", async () => {
    vi.stubGlobal("fetch", async () => json(401, { error: { code: "wrong_password", message: "no" } }));
    const asked = vi.fn(async () => undefined);
    onSessionOver(asked);
    expect((await behoudFetch("http://localhost/api/v1/session", { method: "POST" })).status).toBe(401);
    expect(asked).not.toHaveBeenCalled();
  });

  it("says when the server was not reached", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("failed to fetch");
    });
    await expect(ask("/api/v1/value")).rejects.toMatchObject({ status: 0, code: "unreachable" });
  });

  it("throws what the server says", async () => {
    vi.stubGlobal("fetch", async () => json(400, { error: { code: "invalid_argument", message: "--from: not a boundary", field: "from", hint: "2024-01-01" } }));
    await expect(ask("/api/v1/value", { from: "2024-01-02", to: null })).rejects.toMatchObject({ status: 400, code: "invalid_argument", field: "from", hint: "2024-01-01" });
  });
});

it("an error that is not the API's has a code too", () => {
  expect(errorOf(502, null)).toBeInstanceOf(ApiError);
  expect(errorOf(502, "<html>").code).toBe("unknown");
  expect(errorOf(429, { error: { code: "too_many_attempts", message: "" } }, "30").retryAfter).toBe(30);
});

it("looks at the shop of the address, else at one's own, else at the sample", () => {
  const shop = (name: "own" | "sample", state: Shop["state"]): Shop => ({ shop: name, sample: name === "sample", state, revision: 0, orders: 0, customers: 0, zone: null, currency: null, history_start: null, as_of: null });
  const both = [shop("own", "empty"), shop("sample", "ok")];
  expect(chooseShop(both, "own")?.shop).toBe("own");
  expect(chooseShop(both, null)?.shop).toBe("sample");
  expect(chooseShop([shop("own", "ok"), shop("sample", "ok")], null)?.shop).toBe("own");
  expect(chooseShop([shop("own", "empty")], null)?.shop).toBe("own");
  expect(chooseShop([], "own")).toBe(null);
});
