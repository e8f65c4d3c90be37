// The part of ICU MessageFormat that the catalogues use: {name}, {n, plural, =0 {..} one {..} other {# ..}} and
// {x, select, a {..} other {..}}. A message is read once and kept. Which plural form a number takes is Intl.PluralRules'.
// Errors: a message that cannot be read throws, and a test reads every message of every catalogue.

export type Values = Readonly<Record<string, string | number | null | undefined>>;

export type Node =
  | { kind: "text"; text: string }
  | { kind: "value"; name: string }
  | { kind: "number" } // "#": the number of the plural around it
  | { kind: "choice"; name: string; plural: boolean; branches: Map<string, Node[]> };

export function parse(message: string): Node[] {
  let at = 0;
  const fail = (why: string): never => {
    throw new Error(`message ${JSON.stringify(message)}: ${why} at ${at}`);
  };
  const word = (): string => {
    while (message[at] === " ") at += 1;
    const from = at;
    while (at < message.length && !" ,{}".includes(message[at]!)) at += 1;
    const found = message.slice(from, at);
    while (message[at] === " ") at += 1;
    return found;
  };
  const expect = (mark: string) => {
    if (message[at] !== mark) fail(`"${mark}" is missing`);
    at += 1;
  };
  const nodes = (inPlural: boolean, nested: boolean): Node[] => {
    const found: Node[] = [];
    let text = "";
    const flush = () => {
      if (text !== "") found.push({ kind: "text", text });
      text = "";
    };
    while (at < message.length) {
      const mark = message[at]!;
      if (mark === "}") {
        if (!nested) fail("one } too many");
        break;
      }
      if (mark === "#" && inPlural) {
        flush();
        found.push({ kind: "number" });
        at += 1;
      } else if (mark === "{") {
        flush();
        at += 1;
        found.push(argument());
      } else {
        text += mark;
        at += 1;
      }
    }
    flush();
    return found;
  };
  const argument = (): Node => {
    const name = word();
    if (name === "") fail("a name is missing");
    if (message[at] === "}") {
      at += 1;
      return { kind: "value", name };
    }
    expect(",");
    const type = word();
    if (type !== "plural" && type !== "select") fail(`"${type}" is not a choice`);
    expect(",");
    const branches = new Map<string, Node[]>();
    for (let key = word(); message[at] === "{"; key = word()) {
      at += 1;
      branches.set(key, nodes(type === "plural", true));
      expect("}");
    }
    if (!branches.has("other")) fail("the branch other is missing");
    expect("}");
    return { kind: "choice", name, plural: type === "plural", branches };
  };
  return nodes(false, false);
}

// The names of all values that a message takes.
export function names(nodes: readonly Node[], into = new Set<string>()): Set<string> {
  for (const node of nodes) {
    if (node.kind === "value") into.add(node.name);
    if (node.kind === "choice") {
      into.add(node.name);
      for (const branch of node.branches.values()) names(branch, into);
    }
  }
  return into;
}

export interface Grammar {
  plural(n: number): string;
  number(n: number): string;
}

const grammars = new Map<string, Grammar>();

export function grammar(locale: string): Grammar {
  let found = grammars.get(locale);
  if (!found) {
    const rules = new Intl.PluralRules(locale);
    const digits = new Intl.NumberFormat(locale);
    found = { plural: (n) => rules.select(n), number: (n) => digits.format(n) };
    grammars.set(locale, found);
  }
  return found;
}

// A piece of a message as it is said, and the name of the value that it writes; null for the words around them.
type Put = (text: string, name: string | null) => void;

function walk(nodes: readonly Node[], values: Values, by: Grammar, put: Put, around?: { name: string; n: number }): void {
  for (const node of nodes) {
    if (node.kind === "text") put(node.text, null);
    else if (node.kind === "number") put(around === undefined ? "#" : by.number(around.n), around?.name ?? null);
    else if (node.kind === "value") {
      const value = values[node.name];
      put(typeof value === "number" ? by.number(value) : (value ?? `{${node.name}}`), node.name);
    } else {
      const value = values[node.name];
      const n = Number(value ?? 0);
      const branch = node.plural
        ? (node.branches.get(`=${n}`) ?? node.branches.get(by.plural(n)))
        : node.branches.get(String(value));
      walk(branch ?? node.branches.get("other")!, values, by, put, node.plural ? { name: node.name, n } : around);
    }
  }
}

export function format(nodes: readonly Node[], values: Values, by: Grammar): string {
  let said = "";
  walk(nodes, values, by, (text) => {
    said += text;
  });
  return said;
}

// A value that stands in a message, as it is written there.
export interface Placed {
  name: string;
  text: string;
}

// The same in parts: the words, and between them the values of `marked`, each where it stands.
export function formatParts(nodes: readonly Node[], values: Values, by: Grammar, marked: readonly string[]): (string | Placed)[] {
  const parts: (string | Placed)[] = [];
  walk(nodes, values, by, (text, name) => {
    const last = parts.at(-1);
    if (name !== null && marked.includes(name)) parts.push({ name, text });
    else if (typeof last === "string") parts[parts.length - 1] = last + text;
    else if (text !== "") parts.push(text);
  });
  return parts;
}

const letters: Record<string, string> = { a: "á", e: "é", i: "í", o: "ó", u: "ú", n: "ñ", c: "ç", A: "Á", E: "É", O: "Ó" };

// A language nobody speaks: what stands on a page without these brackets was not in a catalogue.
export function pseudo(nodes: readonly Node[]): Node[] {
  const strange = (list: readonly Node[]): Node[] =>
    list.map((node) => {
      if (node.kind === "text") return { kind: "text", text: node.text.replace(/[aeiouncAEO]/g, (x) => letters[x] ?? x) };
      if (node.kind !== "choice") return node;
      return { ...node, branches: new Map([...node.branches].map(([key, branch]) => [key, strange(branch)])) };
    });
  return [{ kind: "text", text: "⟦" }, ...strange(nodes), { kind: "text", text: "⟧" }];
}
