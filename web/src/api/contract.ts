// What each path of the contract takes and answers, out of the types that are made from api/openapi.yaml. A call names its path and
// method; its body and its answer have no other type, so a field that the contract does not have fails the type check.
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Method = "get" | "post" | "put" | "patch" | "delete";

/** The paths that know a method. */
export type PathOf<M extends Method> = { [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never }[keyof paths];
type Operation<M extends Method, P extends PathOf<M>> = M extends keyof paths[P] ? paths[P][M] : never;

type Good = 200 | 201 | 202 | 204;
type Json<Response> = Response extends { content: { "application/json": infer Body } } ? Body : undefined;
type AnswerOf<Op> = Op extends { responses: infer Responses } ? { [S in keyof Responses & Good]: Json<Responses[S]> }[keyof Responses & Good] : never;
type BodyOf<Op> = Op extends { requestBody?: infer Asked } ? (NonNullable<Asked> extends { content: { "application/json": infer Body } } ? Body : undefined) : undefined;
type Names<Part> = [NonNullable<Part>] extends [never] ? never : keyof NonNullable<Part>;
type ParamsOf<Op> = Op extends { parameters: { query?: infer Query; path?: infer Path } } ? Names<Query> | Names<Path> : never;

/** What a path answers when all went well. */
export type Answer<M extends Method, P extends PathOf<M>> = AnswerOf<Operation<M, P>>;
/** What it takes; undefined where it takes nothing. */
export type Body<M extends Method, P extends PathOf<M>> = BodyOf<Operation<M, P>>;

export type Value = string | number | null | undefined;
/** The parameters of its address: those of the query, and those that stand in the path as {name}. */
export type Params<M extends Method, P extends PathOf<M>> = { [K in ParamsOf<Operation<M, P>> & string]?: Value };

/** The address of a path with its parameters; those without a value are left out. */
export function address(path: string, params: Readonly<Record<string, Value>>): string {
  const query = new URLSearchParams();
  let at = path;
  for (const [name, value] of Object.entries(params)) {
    if (at.includes(`{${name}}`)) at = at.replace(`{${name}}`, encodeURIComponent(String(value ?? "")));
    else if (value !== null && value !== undefined && value !== "") query.set(name, String(value));
  }
  const asked = query.toString();
  return new URL(asked ? `${at}?${asked}` : at, location.origin).toString();
}
