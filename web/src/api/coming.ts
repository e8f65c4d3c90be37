// Routes that are agreed on and not in api/openapi.yaml's paths yet, or there without the shape of their answers. What
// api/openapi.yaml describes in full leaves this file.

type Answering<T> = { content: { "application/json": T } };
interface Get<Query, T> {
  parameters: { query?: Query & { shop?: string } };
  responses: { 200: { headers: Record<string, unknown> } & Answering<T> };
}

export interface User {
  id: string;
  email: string;
  name: string | null;
  role: "owner" | "editor" | "viewer";
}

export interface Session {
  user: User;
  csrf: string;
  expires_at: string;
}

export interface LinkPurpose {
  purpose: "owner" | "invite" | "reset";
  email: string | null;
}

export interface Note {
  id: string;
  day: string;
  text: string;
  kind: "campaign" | "price" | "other";
}

export interface HeadlineFigure {
  field: string;
  rate?: { value: number | null; n: number; d: number; low: number | null; high: number | null } | null;
  minor?: number | null;
  count?: number | null;
  trend?: (number | null)[] | null;
}

export interface TodoItem {
  id: string;
  title: string;
  reason: string;
  people: number | null;
  amount_minor: number | null;
  behind: string | null;
  action: { label: string; kind: string } | null;
}

export interface Trouble {
  code: string;
  title: string;
  detail: string;
  count: number | null;
  way_out: string | null;
}

export interface Today {
  sentence: string;
  headline: HeadlineFigure[];
  changed: unknown[];
  todo: TodoItem[];
  troubles: Trouble[];
}

export interface ComingPaths {
  "/api/v1/notes": { get: Get<object, { rows: Note[] }> };
  "/api/v1/today": { get: Get<{ lang?: string }, Today> };
}
