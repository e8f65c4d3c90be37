// Answers that are asked for before the script that shows them has come (first.ts). Each goes once to the first who asks the same; what
// nobody took soon, or what was refused, is asked for anew.
const keptMs = 10_000;
const waiting = new Map<string, { at: number; response: Promise<Response> }>();

/** Settles when all is asked that can be asked early. */
export const ahead: { done: Promise<unknown> } = { done: Promise.resolve() };

/** Asks now. What is given back is a copy, for whoever must know the answer to ask the next. */
export function askEarly(url: string): Promise<Response> {
  const response = fetch(new Request(url, { credentials: "same-origin" }));
  waiting.set(url, { at: performance.now(), response });
  return response.then((answer) => answer.clone());
}

/** The answer to the same question; null where there is none that holds. */
export async function takeEarly(request: Request): Promise<Response | null> {
  const early = request.method === "GET" ? waiting.get(request.url) : undefined;
  if (!early) return null;
  waiting.delete(request.url);
  if (performance.now() - early.at > keptMs) return null;
  const answer = await early.response.catch(() => null);
  return answer?.ok ? answer : null;
}

/** Another reader: nothing of the one before is shown to them. */
export const forgetEarly = (): void => waiting.clear();
