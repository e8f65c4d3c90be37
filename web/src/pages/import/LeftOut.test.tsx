// @vitest-environment jsdom
// From the list of imports to the rows of one that could not be read, and back.
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { json, open, refusal, type Reply } from "../../test_shop";

const shop = { shop: "own", sample: false, state: "ok", revision: 1, orders: 2, customers: 2, zone: "Europe/Amsterdam", currency: "EUR", history_start: "2024-01-01", as_of: "2024-02-01T00:00:00Z" };
const row = { kind: "orders", source: "", state: "committed", received: "2024-01-31T09:00:00Z", undone_at: null, rows: 9, added: 9, changed: 0, repeated: 0, repeats: null, rejected: 0 };
const imports = [
  { ...row, id: 1, file: "january.csv", rejected: 1204 },
  { ...row, id: 2, file: "february.zip", state: "undone", rejected: 1 },
  { ...row, id: 4, file: "march.csv" },
  { ...row, id: 3, file: "open.csv", state: "open" },
];
const rejected = [
  { file: "january.csv", line: 1204, column: "Date", reason: "This is no date.", cell: "31/02/2024" },
  { file: "january.csv", line: 1310, column: "", reason: "The row has too few cells.", cell: "<b>7</b>" },
];
const reply = (rows: unknown[]): Reply => ({ path }) => {
  if (path === "/api/v1/shops") return json(200, { rows: [shop] });
  if (path === "/api/v1/imports") return json(200, { rows: imports });
  if (path === "/api/v1/jobs") return json(200, { rows: [], next: null });
  return path.endsWith("/rejected") ? json(200, { rows }) : undefined;
};

it("leads from an import to the rows of it that were left out, and back", async () => {
  const { asked } = open("/import?shop=own", reply(rejected));
  const list = await screen.findByRole("table");
  // Their number, where there are any; its name begins with what is read on it.
  expect(within(list).getAllByRole("link").map((link) => [link.textContent, link.getAttribute("aria-label")])).toEqual([
    ["1", "1 row of february.zip left out: show"],
    ["1,204", "1,204 rows of january.csv left out: show"],
  ]);
  await userEvent.click(within(list).getByRole("link", { name: "1,204 rows of january.csv left out: show" }));
  await screen.findByRole("heading", { name: "Rows left out of january.csv" });
  expect(await screen.findByText("2 rows could not be read and are left out")).toBeTruthy();
  const table = screen.getByRole("table");
  expect(within(table).getAllByRole("columnheader").map((cell) => cell.textContent)).toEqual(["Line", "Column", "Why", "What stands there"]);
  expect(within(table).getAllByRole("row").slice(1).map((line) => [...line.children].map((cell) => cell.textContent))).toEqual([
    ["1204", "Date", "This is no date.", "31/02/2024"],
    ["1310", "", "The row has too few cells.", "<b>7</b>"],
  ]);
  const one = asked.find((call) => call.path === "/api/v1/imports/1/rejected")!;
  expect(one.query.toString()).toBe("shop=own&lang=en&format=json");
  const csv = new URL((screen.getByRole("link", { name: "CSV" }) as HTMLAnchorElement).href);
  expect([csv.pathname, csv.searchParams.get("shop"), csv.searchParams.get("format")]).toEqual(["/api/v1/imports/1/rejected", "own", null]);
  await userEvent.click(screen.getByRole("link", { name: "What came in" }));
  await waitFor(() => expect(location.search).toBe("?shop=own"));
  await screen.findByRole("heading", { name: "What came in" });
});

it("names the file of each row where there are several", async () => {
  open("/import?shop=own&left_out=2", reply([...rejected, { ...rejected[0]!, file: "part-2.csv", line: 0 }]));
  await screen.findByRole("heading", { name: "Rows left out of february.zip" });
  const table = await screen.findByRole("table");
  expect([...within(table).getAllByRole("row").at(-1)!.children].map((cell) => cell.textContent).slice(0, 2)).toEqual(["", "part-2.csv"]);
});

it("says when no row was left out, and has nothing to keep then", async () => {
  open("/import?shop=own&left_out=1", reply([]));
  await screen.findByText("Every row of this file could be read.");
  expect(screen.queryByRole("table")).toBe(null);
  expect(screen.queryByRole("link", { name: "CSV" })).toBe(null);
});

it("says so where there is no such import", async () => {
  open("/import?shop=own&left_out=99", (one) => (one.path.endsWith("/rejected") ? refusal(404, "not_found") : reply([])(one)));
  await screen.findByRole("alert");
  expect(screen.getByRole("link", { name: "What came in" })).toBeTruthy();
});
