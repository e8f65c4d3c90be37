// @vitest-environment jsdom
// What is under way stands above what came in, with how far it is, and leads to where it is watched.
import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { answers, json, open, type Reply } from "../../test_shop";

const shop = { shop: "own", sample: false, state: "ok", revision: 1, orders: 2, customers: 2, zone: "Europe/Amsterdam", currency: "EUR", history_start: "2024-01-01", as_of: "2024-02-01T00:00:00Z" };
const job = { id: "j_1", kind: "report", title: "orders.csv", uploads: ["u_1", "u_2"], state: "running", done: 5_000_000, total: 20_000_000, unit: "bytes", asked_at: "2024-01-31T09:00:00Z", started_at: "2024-01-31T09:00:00Z", ended_at: null, result: null, error: null };
const before = [
  { ...job, id: "j_6", kind: "teleport", title: "newer.csv", state: "waiting" },
  { ...job, id: "j_5", kind: "undo", title: "old.csv", state: "waiting", uploads: [] },
  { ...job, id: "j_4", kind: "backup", title: "", state: "waiting", uploads: [] },
  { ...job, id: "j_3", kind: "dry_run", title: "tried.csv", state: "waiting" },
  { ...job, id: "j_2", kind: "import", title: "came.csv", state: "waiting" },
  job,
  { ...job, id: "j_0", state: "done" },
];

class Events {
  static all: Events[] = [];
  readonly listeners = new Map<string, (event: { data: string }) => void>();
  closed = false;
  constructor(readonly url: string) {
    Events.all.push(this);
  }
  addEventListener(type: string, listener: (event: { data: string }) => void) {
    this.listeners.set(type, listener);
  }
  close() {
    this.closed = true;
  }
}

const shown = (rows: () => unknown[], role = "owner"): Reply => ({ path }) => {
  if (path === "/api/v1/session") return json(200, { ...(answers[path] as object), user: { ...(answers[path] as { user: object }).user, role } });
  if (path === "/api/v1/shops") return json(200, { rows: [shop] });
  if (path === "/api/v1/imports") return json(200, { rows: [] });
  if (path === "/api/v1/jobs") return json(200, { rows: rows(), next: null });
  return path === "/api/v1/jobs/j_1" ? json(200, job) : undefined;
};
const lines = (list: HTMLElement) => within(list).getAllByRole("listitem").map((line) => line.querySelector("p")!.textContent);

it("lists what is under way, oldest first, and follows the one that moves", async () => {
  vi.stubGlobal("EventSource", Events);
  let rows: unknown[] = before;
  open("/import?shop=own", shown(() => rows));
  const list = await screen.findByRole("region", { name: "Under way" });
  expect(lines(list)).toEqual(["A report of orders.csv is being made, nothing is imported", "came.csv is being imported", "tried.csv is tried out, nothing is saved", "old.csv is being taken back", "newer.csv"]);
  expect(within(list).getAllByRole("progressbar").map((bar) => [bar.getAttribute("value"), bar.getAttribute("max")])).toEqual([["5000000", "20000000"]]);
  expect(within(list).getByText("5 MB of 20 MB")).toBeTruthy();
  const leads = within(list).getAllByRole("link").map((link) => new URL((link as HTMLAnchorElement).href).searchParams);
  expect(leads.map((at) => [at.get("report"), at.get("job"), at.get("files")])).toEqual([["j_1", null, null], [null, "j_2", null], [null, null, "u_1.u_2"], [null, "j_5", null], [null, "j_6", null]]);
  expect(Events.all.map((one) => new URL(one.url).pathname)).toEqual(["/api/v1/jobs/j_1/events"]);
  const tell = (change: object) => act(() => Events.all[0]!.listeners.get("job")!({ data: JSON.stringify({ ...job, ...change }) }));
  tell({ done: 15_000_000 });
  expect(await within(list).findByText("15 MB of 20 MB")).toBeTruthy();
  // It ends: it is said, and what is next moves up.
  rows = before.slice(0, 5);
  tell({ state: "done", done: 20_000_000, result: { report: "/api/v1/reports/j_1", orders: 7, bytes: 9 } });
  expect(await within(list).findByRole("status")).toHaveProperty("textContent", "The report of orders.csv is ready");
  await waitFor(() => expect(new URL(Events.all.at(-1)!.url).pathname).toBe("/api/v1/jobs/j_2/events"));
  expect(Events.all[0]!.closed).toBe(true);
});

it("shows a viewer what is under way without leading to where they may not go", async () => {
  open("/import?shop=own", shown(() => before, "viewer"));
  const list = await screen.findByRole("region", { name: "Under way" });
  expect(lines(list)).toHaveLength(5);
  expect(within(list).queryByRole("link")).toBe(null);
});

it("shows nothing where nothing is under way", async () => {
  const { asked } = open("/import?shop=own", shown(() => before.slice(6)));
  await screen.findByRole("heading", { name: "What came in" });
  await waitFor(() => expect(asked.some((one) => one.path === "/api/v1/jobs")).toBe(true));
  expect(screen.queryByRole("region", { name: "Under way" })).toBe(null);
});
