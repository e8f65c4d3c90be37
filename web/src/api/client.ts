// The one way to the server. Every call carries the session's CSRF token where it changes something, turns
// {error:{code, message, field, hint, reason, params}} into an ApiError, and when the session is over waits for the reader to sign in
// and then goes on with the same request, so that no edit is lost.

import { takeEarly } from "./early";

export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(
    readonly status: number, // 0: the server was not reached
    readonly code: string,
    message: string,
    readonly field: string | null = null,
    readonly hint: string | null = null,
    readonly retryAfter: number | null = null,
    readonly reason: string | null = null, // the key of its words, src/words/problems.ts
    readonly params: Readonly<Record<string, string | number>> = {},
  ) {
    super(message);
  }
}

export function errorOf(status: number, body: unknown, retryAfter: string | null = null): ApiError {
  const error = (body as { error?: Record<string, unknown> } | null)?.error;
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  return new ApiError(
    status,
    text(error?.["code"]) ?? (status === 0 ? "unreachable" : "unknown"),
    text(error?.["message"]) ?? "",
    text(error?.["field"]),
    text(error?.["hint"]),
    retryAfter && /^\d+$/.test(retryAfter) ? Number(retryAfter) : null,
    text(error?.["reason"]),
    paramsOf(error?.["params"]),
  );
}

function paramsOf(params: unknown): Record<string, string | number> {
  if (typeof params !== "object" || params === null) return {};
  return Object.fromEntries(Object.entries(params).filter((one): one is [string, string | number] => typeof one[1] === "string" || typeof one[1] === "number"));
}

let csrfToken: string | null = null;
export const csrf = (): string | null => csrfToken;
export const setCsrf = (token: string | null): void => {
  csrfToken = token;
};

// Who is asked to sign in when the session is over: the shell sets it. It settles when somebody has signed in.
let askToSignIn: (() => Promise<void>) | null = null;
export const onSessionOver = (ask: (() => Promise<void>) | null): void => {
  askToSignIn = ask;
};

const unsafe = (method: string) => !["GET", "HEAD", "OPTIONS"].includes(method);

export async function behoudFetch(input: Request | string, init?: RequestInit): Promise<Response> {
  const request = new Request(input, { credentials: "same-origin", ...init });
  const spare = request.clone();
  const send = (one: Request) => {
    if (unsafe(one.method) && csrfToken) one.headers.set("X-Behoud-CSRF", csrfToken);
    return fetch(one);
  };
  let response: Response;
  try {
    response = (await takeEarly(request)) ?? (await send(request));
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw errorOf(0, null);
  }
  const aboutSession = new URL(request.url, location.href).pathname.startsWith("/api/v1/session");
  if (response.status === 401 && !aboutSession && askToSignIn) {
    await askToSignIn();
    return send(spare);
  }
  return response;
}

/** The JSON of an answer, undefined where it has none; its error is thrown. */
export async function answered<T>(response: Response): Promise<T> {
  if (!response.ok) throw errorOf(response.status, await response.json().catch(() => null), response.headers.get("Retry-After"));
  return (response.status === 204 ? undefined : await response.json()) as T;
}

// A key that makes a repeated request have the effect of one.
export const idempotencyKey = (): string => crypto.randomUUID();
