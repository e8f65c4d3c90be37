// The contract as a page can show it: operations by what they are about, and schemas as indented lines. Pure, over api/openapi.yaml as
// JSON. A reference that leads back to where it came from is named and not followed.

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  pattern?: string;
  default?: unknown;
  example?: unknown;
}
interface Parameter {
  $ref?: string;
  name?: string;
  in?: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
}
interface Content {
  schema?: Schema;
}
interface Body {
  $ref?: string;
  description?: string;
  required?: boolean;
  content?: Record<string, Content>;
}
interface RawOperation {
  summary?: string;
  description?: string;
  operationId?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: Body;
  responses?: Record<string, Body>;
}
export interface Contract {
  info: { title: string; version: string; description?: string };
  tags?: { name: string; description?: string }[];
  paths: Record<string, Record<string, unknown>>;
  components?: Record<string, Record<string, unknown>>;
}

export interface Field {
  depth: number;
  name: string;
  type: string;
  required: boolean;
  about: string;
}
export interface Payload {
  /** The status of an answer, "" for what is sent. */
  status: string;
  about: string;
  /** text/csv, application/json; "" where there is no body. */
  type: string;
  fields: Field[];
}
export interface Operation {
  id: string;
  method: string;
  path: string;
  summary: string;
  about: string;
  parameters: { name: string; where: string; required: boolean; type: string; about: string }[];
  sent: Payload[];
  answers: Payload[];
}
export interface Group {
  name: string;
  about: string;
  operations: Operation[];
}

const methods = ["get", "post", "put", "patch", "delete"];

export function groups(contract: Contract): Group[] {
  const out = new Map<string, Group>();
  for (const tag of contract.tags ?? []) out.set(tag.name, { name: tag.name, about: tag.description ?? "", operations: [] });
  for (const [path, item] of Object.entries(contract.paths)) {
    for (const method of methods) {
      const raw = item[method] as RawOperation | undefined;
      if (raw === undefined) continue;
      const name = raw.tags?.[0] ?? topic(path);
      if (!out.has(name)) out.set(name, { name, about: "", operations: [] });
      out.get(name)?.operations.push(operation(contract, method, path, raw, (item["parameters"] ?? []) as Parameter[]));
    }
  }
  return [...out.values()].filter((g) => g.operations.length > 0);
}

/** Those that hold every word of `text`, in method, path or summary. */
export function search(all: readonly Group[], text: string): Group[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const holds = (o: Operation) => {
    const said = `${o.method} ${o.path} ${o.summary} ${o.about}`.toLowerCase();
    return words.every((w) => said.includes(w));
  };
  return all.map((g) => ({ ...g, operations: g.operations.filter(holds) })).filter((g) => g.operations.length > 0);
}

// What paths without a tag are about, by their first word behind the version.
const topics: Record<string, readonly string[]> = {
  Questions: ["shops", "today", "report", "retention", "cohorts", "value", "cost", "claims", "whatif", "customers", "definitions"],
  "Data in and out": ["uploads", "imports", "jobs", "costs", "notes", "settings", "export"],
  People: ["session", "users", "tokens", "audit"],
};
function topic(path: string): string {
  const word = /^\/api\/v\d+\/([^/]+)/.exec(path)?.[1] ?? "";
  return Object.keys(topics).find((name) => topics[name]?.includes(word)) ?? "Server";
}

function operation(contract: Contract, method: string, path: string, raw: RawOperation, shared: Parameter[]): Operation {
  const parameters = [...shared, ...(raw.parameters ?? [])].map((p) => resolve<Parameter>(contract, p));
  const body = raw.requestBody === undefined ? undefined : resolve<Body>(contract, raw.requestBody);
  return {
    id: `${method}${path.replaceAll(/[^a-zA-Z0-9]+/g, "-")}`,
    method: method.toUpperCase(),
    path,
    summary: raw.summary ?? "",
    about: raw.description ?? "",
    parameters: parameters.map((p) => ({
      name: p.name ?? "",
      where: p.in ?? "",
      required: p.required ?? false,
      type: typeOf(contract, p.schema ?? {}),
      about: p.description ?? resolve<Schema>(contract, p.schema ?? {}).description ?? "",
    })),
    sent: body === undefined ? [] : payloads(contract, "", body),
    answers: Object.entries(raw.responses ?? {}).flatMap(([status, r]) => payloads(contract, status, resolve<Body>(contract, r))),
  };
}

function payloads(contract: Contract, status: string, body: Body): Payload[] {
  const about = body.description ?? "";
  const content = Object.entries(body.content ?? {});
  if (content.length === 0) return [{ status, about, type: "", fields: [] }];
  return content.map(([type, c]) => ({ status, about, type, fields: fields(contract, c.schema ?? {}) }));
}

function resolve<T>(contract: Contract, thing: { $ref?: string }): T {
  let found: unknown = thing;
  // A reference to a reference, but never for ever.
  for (let i = 0; i < 8; ++i) {
    const ref = (found as { $ref?: string } | undefined)?.$ref;
    if (ref === undefined) break;
    const [, , section = "", name = ""] = ref.split("/");
    found = contract.components?.[section]?.[name];
  }
  return (found ?? {}) as T;
}

const nameOfRef = (schema: Schema) => schema.$ref?.split("/").at(-1);

function typeOf(contract: Contract, schema: Schema): string {
  const s = resolve<Schema>(contract, schema);
  const options = s.oneOf ?? s.anyOf;
  if (options !== undefined) return options.map((o) => typeOf(contract, o)).join(" | ");
  if (s.enum !== undefined) return s.enum.map((e) => JSON.stringify(e)).join(" | ");
  if (s.const !== undefined) return JSON.stringify(s.const);
  const types = s.type === undefined ? [s.properties || s.allOf ? "object" : "any"] : [s.type].flat();
  return types.map((t) => (t === "array" ? `${typeOf(contract, s.items ?? {})}[]` : t === "string" && s.format ? s.format : t)).join(" | ");
}

/** The fields of a schema, each with its own below it. */
export function fields(contract: Contract, schema: Schema, depth = 0, above: readonly string[] = []): Field[] {
  const ref = nameOfRef(schema);
  if (ref !== undefined && above.includes(ref)) return [];
  const seen = ref === undefined ? above : [...above, ref];
  const s = resolve<Schema>(contract, schema);
  if (s.allOf !== undefined) return s.allOf.flatMap((part) => fields(contract, part, depth, seen));
  if (s.items !== undefined) return fields(contract, s.items, depth, seen);
  const out: Field[] = [];
  for (const [name, property] of Object.entries(s.properties ?? {})) {
    const own = resolve<Schema>(contract, property);
    const about = property.description ?? own.description ?? "";
    out.push({ depth, name, type: typeOf(contract, property), required: s.required?.includes(name) ?? false, about });
    out.push(...fields(contract, property, depth + 1, seen));
  }
  if (typeof s.additionalProperties === "object") {
    out.push({ depth, name: "*", type: typeOf(contract, s.additionalProperties), required: false, about: s.additionalProperties.description ?? "" });
    out.push(...fields(contract, s.additionalProperties, depth + 1, seen));
  }
  return out;
}
