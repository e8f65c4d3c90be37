// @vitest-environment jsdom
// What is wrong with the data: each count leads to its rows, its people, where it is mended, or what it means.
import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { answers, json, open } from "../../test_shop";

const none = { detail: null, detail_said: [], way_out: "Do it.", count: null, subjects: [], imports: [] };
const nobody = { behind: null, from: null, to: null, grain: null };
const troubles = [
  { ...none, code: "rejected", title: "7 rows were not read", title_said: [{ text: "7", field: "rejected", ...nobody }, { text: " rows were not read" }], imports: [5] },
  { ...none, code: "unknown_status", title: "Say what “x” means", title_said: [{ text: "Say what “x” means" }], detail: "3 orders are left out.", detail_said: [{ text: "3", field: "unknown_status", ...nobody }, { text: " orders are left out." }], subjects: ["x y"] },
  { ...none, code: "anonymous", title: "Find out who placed 20 orders", title_said: [{ text: "Find out who placed " }, { text: "20", field: "anonymous", ...nobody }, { text: " orders" }] },
  { ...none, code: "silent", title: "No new orders for 49 days", title_said: [{ text: "No new orders for " }, { text: "49", field: "silent", behind: "buyers", from: "2024-01-12", to: "2024-01-13", grain: "1d" }, { text: " days" }] },
  { ...none, code: "no_currency", title: "No currency is known", title_said: [{ text: "No currency is known" }], detail: "Name it with --currency.", detail_said: [{ text: "Name it with --currency." }] },
];

it("makes a link of each count", async () => {
  open("/?shop=sample", ({ path }) => (path === "/api/v1/today" ? json(200, { ...(answers[path] as object), troubles }) : undefined));
  const part = await screen.findByRole("region", { name: "What is wrong with the data" });
  const link = (name: string) => {
    const at = new URL((within(part).getByRole("link", { name }) as HTMLAnchorElement).href);
    at.searchParams.delete("shop");
    return `${at.pathname}?${at.searchParams}${at.hash}`;
  };
  expect(within(part).getAllByRole("heading", { level: 3 }).map((head) => head.textContent?.replaceAll("\u00A0", " "))).toEqual(troubles.map((one) => one.title));
  expect(link("7")).toBe("/import?left_out=5");
  expect(link("3")).toBe("/settings?status=x+y");
  expect(link("20")).toBe("/definitions?#anonymous");
  expect(link("49")).toBe("/people?grain=1d&behind=buyers&from_day=2024-01-12&to_day=2024-01-13");
  expect(part.textContent).not.toContain("--currency");
});
