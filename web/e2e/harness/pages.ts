// The pages there are, and how to see each with something on it.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface PageAt {
  name: string;
  path: string;
}

const folders = readdirSync(fileURLToPath(new URL("../../src/pages/", import.meta.url)), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const paths: Record<string, string> = {
  today: "/",
  people: "/people?behind=lost&from_day=2024-12-01&to_day=2025-01-01",
};

/** Every page of the source, so that a new one is tested without being named here. */
export const pages: readonly PageAt[] = [
  ...folders.map((name) => ({ name, path: paths[name] ?? `/${name}` })),
  ...(folders.includes("customers") ? [{ name: "customer", path: "/customers/c1" }] : []),
];

/** The path with one more parameter. */
export function withParam(path: string, key: string, value: string): string {
  return `${path}${path.includes("?") ? "&" : "?"}${key}=${value}`;
}
