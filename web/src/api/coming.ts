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

export interface ComingPaths {
  "/api/v1/notes": { get: Get<object, { rows: Note[] }> };
}
