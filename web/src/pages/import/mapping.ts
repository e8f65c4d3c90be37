// What the reader says about a file's columns, and the words of it that the server takes: `role=COLUMN,role=COLUMN,role=-`.
//
// Recognition proposes a role for each column; the reader may give a column another, or say that it is not that one. Only what they
// said is sent: the rest is recognised again beside it. A role is of one column, so giving it to a second takes it from the first.
import type { Schemas } from "../../api/contract";

export type Column = Omit<Schemas["SeenFile"]["columns"][number], "column" | "header"> & { index: number; header: string };

/** By column index, what the reader said it is: "discount"; or that it is not what it looks like, so that no column is: "-discount". */
export type Choices = Readonly<Record<number, string>>;

const refusal = (role: string) => `-${role}`;
const refused = (said: string) => said.startsWith("-");

/** `role` null: the column is not used, though it was recognised as `recognised`. */
export function choose(choices: Choices, column: number, role: string | null, recognised: string | null = null): Choices {
  const next: Record<number, string> = {};
  for (const [index, said] of Object.entries(choices)) {
    if (Number(index) !== column && (role === null || (said !== role && said !== refusal(role)))) next[Number(index)] = said;
  }
  if (role !== null) next[column] = role;
  else if (recognised !== null && choices[column] === undefined) next[column] = refusal(recognised);
  return next;
}

/** What the reader said before, as the server tells it back: after a reload nothing of it is lost. */
export function saidBefore(columns: readonly Column[]): Choices {
  const said = (column: Column) => (column.reason === "ingest.match.map" || column.reason === "ingest.match.remembered" ? (column.refused ? refusal(column.refused) : column.role) : null);
  return Object.fromEntries(columns.flatMap((column) => (said(column) === null ? [] : [[column.index, said(column)!]])));
}

/** What a column is now taken for. One whose role went to another column by choice has none. */
export function roleOf(column: Column, choices: Choices): string | null {
  const said = choices[column.index];
  if (said !== undefined) return refused(said) ? null : said;
  const gone = (role: string) => Object.values(choices).some((other) => other === role || other === refusal(role));
  return column.role !== null && gone(column.role) ? null : column.role;
}

/** As the server's `map` takes it; undefined where the reader said nothing. */
export function mapText(columns: readonly Column[], choices: Choices): string | undefined {
  const parts = Object.entries(choices).map(([index, said]) => (refused(said) ? `${said.slice(1)}=-` : `${said}=${nameOf(columns, Number(index))}`));
  return parts.length > 0 ? parts.sort().join(",") : undefined;
}

// The header, so that a file of the same shape in another order is read alike; its number where the header is blank, looks like a
// number of a column, or is there twice.
function nameOf(columns: readonly Column[], index: number): string {
  const header = columns.find((c) => c.index === index)?.header ?? "";
  const twice = columns.filter((c) => c.header === header).length !== 1;
  if (header.trim() === "" || header.startsWith("#") || twice) return `#${index + 1}`;
  return /[,"]|^-$/.test(header) || header.trim() !== header ? `"${header.replaceAll('"', '""')}"` : header;
}

/** How sure recognition is, in the three steps that a reader can use. */
export type Sureness = "sure" | "likely" | "guess";
export function sureness(confidence: number): Sureness {
  return confidence >= 0.9 ? "sure" : confidence >= 0.6 ? "likely" : "guess";
}

export type Kind = Schemas["ImportRequest"]["kind"];
export const kinds = ["orders", "customers", "costs", "items", "rates", "subscriptions"] as const satisfies readonly Kind[];

/** What a column can be, by the kind of the file; in the order in which a reader looks for them. */
export const roles: Record<Kind, readonly string[]> = {
  orders: ["customer", "date", "amount", "order", "total", "price", "quantity", "currency", "item", "item_name", "status", "email", "phone", "name",
    "refund", "tax", "shipping", "discount", "coupon", "subtotal", "source", "country", "updated", "cancelled", "alias", "test"],
  customers: ["id", "email", "phone", "name", "country", "source", "language", "first_order", "orders", "consent", "consent_at", "unsubscribed", "unsubscribed_at"],
  costs: ["from", "to", "amount", "currency", "kind", "purpose", "campaign", "note"],
  items: ["id", "name", "category", "cost", "currency"],
  rates: ["date", "currency", "rate", "base"],
  subscriptions: ["id", "customer", "email", "plan", "start", "trial_end", "pause", "resume", "end", "reason", "amount", "currency", "interval"],
};
