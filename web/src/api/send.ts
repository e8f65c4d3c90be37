// A call that changes something: JSON there and back, its error thrown. The session's token and signing in again are behoudFetch's.
import { answered, behoudFetch } from "./client";
import { address, type Answer, type Body, type Method, type Params, type PathOf } from "./contract";

type Unsafe = Exclude<Method, "get">;
interface More<M extends Unsafe, P extends PathOf<M>> {
  params?: Params<M, P>;
  headers?: Record<string, string>;
}

export async function send<M extends Unsafe, P extends PathOf<M>>(method: M, path: P, body: Body<M, P>, more: More<M, P> = {}): Promise<Answer<M, P>> {
  const init: RequestInit = { method: method.toUpperCase(), headers: { ...more.headers } };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "Content-Type": "application/json", ...more.headers };
  }
  return answered<Answer<M, P>>(await behoudFetch(address(path, more.params ?? {}), init));
}
