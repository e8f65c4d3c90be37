// @vitest-environment jsdom
// Each page with recorded answers: what it says, what it opens, and that no word on it is outside the catalogues.
import { cleanup, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { answers, json, open, refusal } from "../test_shop";
import customers from "../../testdata/customers.json";
import definitions from "../../testdata/definitions.json";
import today from "../../testdata/today.json";

vi.mock("../ui/chart_engine", () => ({ makeChart: () => ({ draw: () => undefined, resize: () => undefined, picture: async () => null, dispose: () => undefined }) }));

beforeEach(() => localStorage.clear());

const mine = ["/?shop=sample", "/retention?shop=sample", "/cohorts?shop=sample", "/value?shop=sample", "/claims?shop=sample", "/people?behind=lost&from_day=2025-10-01&to_day=2026-01-01", "/definitions"];
const sentence = async () => (await waitFor(() => document.querySelector(".answer") ?? Promise.reject(new Error("no sentence")))).textContent!.replaceAll("\u00A0", " ");
// A number, its definition, whose people it opens, and of when.
const opens = (link: HTMLElement) => {
  const to = new URL(link.getAttribute("href")!, location.origin);
  const asked = ["behind", "from_day", "to_day"].map((name) => to.searchParams.get(name)).filter((value) => value !== null);
  return `${link.textContent}: ${link.dataset["term"]} of ${[...asked, to.hash].filter(Boolean).join(" ")}`;
};
const title = async () => (await screen.findByRole("heading", { level: 1 })).textContent;

// All texts of an answer.
function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(texts) : [];
}

// The words of a page: its text, and what screen readers are told of its parts.
function words(root: Element): string[] {
  const found: string[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement!;
    if (!parent.closest("code, kbd, style, .brand")) found.push(node.textContent ?? "");
  }
  for (const element of root.querySelectorAll("[aria-label], [placeholder], [title]")) {
    for (const name of ["aria-label", "placeholder", "title"]) found.push(element.getAttribute(name) ?? "");
  }
  return found;
}

describe("no word on a page is outside the catalogues", () => {
  const months = Array.from({ length: 12 }, (_, i) => i).flatMap((i) => (["long", "short"] as const).map((month) => new Intl.DateTimeFormat("en-US", { month }).format(new Date(2024, i, 1))));
  // What the server says, and what is called the same everywhere.
  const data = [...definitions.rows.flatMap((row) => [row.term, row.sentence]), ...texts(today), ...customers.rows.flatMap((row) => [row.email, row.name]), "owner@example.com", "English", "Nederlands", "Svenska", "Home", "End", "Page Up", "Page Down", "Enter", "Esc"].map((text) => text.replaceAll("\u00A0", " ")).sort((a, b) => b.length - a.length);
  it.each(mine)("%s", async (address) => {
    open(`${address}${address.includes("?") ? "&" : "?"}lang=xx`);
    await screen.findByRole("heading", { level: 1 });
    await waitFor(() => expect(document.querySelector("main [aria-busy]")).toBe(null));
    const bare = words(document.body)
      .map((text) => text.replaceAll("\u00A0", " "))
      .map((text) => data.reduce((left, known) => left.replaceAll(known, ""), text))
      .map((text) => text.replace(/⟦[^⟦⟧]*(?:⟦[^⟦⟧]*⟧[^⟦⟧]*)*⟧/g, ""))
      .map((text) => months.reduce((left, month) => left.replaceAll(month, ""), text))
      .filter((text) => /\p{L}{2,}/u.test(text));
    expect(bare).toEqual([]);
  });
});

describe("every page", () => {
  it.each(mine)("%s has one title, landmarks and no error", async (address) => {
    open(address);
    await screen.findByRole("heading", { level: 1 });
    await waitFor(() => expect(document.querySelector("main [aria-busy]")).toBe(null));
    expect(screen.getAllByRole("heading", { level: 1 })).toHaveLength(1);
    expect(screen.getByRole("main")).toBeTruthy();
    expect(screen.getByRole("navigation")).toBeTruthy();
    expect(document.querySelector("main .wrong")).toBe(null);
    expect(document.title).toContain(await title());
  });

  it.each(mine.filter((address) => !address.startsWith("/definitions")))("%s says what to do when the server fails, and goes on afterwards", async (address) => {
    let broken = true;
    open(address, ({ path }) => (broken && !/session|shops|definitions/.test(path) ? refusal(501, "internal") : undefined));
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("The server could not answer");
    broken = false;
    for (const again of screen.getAllByRole("button", { name: "Try again" })) await userEvent.click(again);
    await waitFor(() => expect(document.querySelector("main .wrong")).toBe(null));
  });
});

describe("retention", () => {
  it("answers in one sentence of the API's own counts, and each number opens its people", async () => {
    open("/retention?shop=sample&grain=quarter");
    expect(await sentence()).toBe("You kept 469 of the 670 customers you had on October 1; 201 left, 280 came new, 46 came back.");
    expect(within(document.querySelector(".answer")!).getAllByRole("link").map(opens)).toEqual([
      "469: retained of retained 2025-10-01 2026-01-01",
      "670: customers_start of customers_start 2025-10-01 2026-01-01",
      "201: lost of lost 2025-10-01 2026-01-01",
      "280: new of new 2025-10-01 2026-01-01",
      "46: reactivated of reactivated 2025-10-01 2026-01-01",
    ]);
    const kept = within(screen.getByRole("region", { name: "Headline figures" })).getAllByRole("link")[0]!;
    expect(kept.textContent).toBe("70.0%");
    const to = new URL(kept.getAttribute("href")!, location.origin);
    expect([to.pathname, to.searchParams.get("behind"), to.searchParams.get("from_day"), to.searchParams.get("to_day"), to.searchParams.get("grain")]).toEqual(["/people", "crr_strict", "2025-10-01", "2026-01-01", "quarter"]);
    expect(kept.dataset).toMatchObject({ term: "crr_strict", n: "469", d: "670" });
  });

  it("keeps what is chosen in the address, and back undoes it", async () => {
    const { asked } = open("/retention?shop=sample");
    await userEvent.selectOptions(await screen.findByLabelText("By"), "quarter");
    await userEvent.selectOptions(screen.getByLabelText("Compared with"), "last_year");
    expect(location.search).toBe("?shop=sample&grain=quarter&compare=last_year");
    await waitFor(() => expect(asked.some((one) => one.path === "/api/v1/retention" && one.query.get("grain") === "quarter" && one.query.get("compare") === "last_year")).toBe(true));
    history.back();
    await waitFor(() => expect(location.search).toBe("?shop=sample&grain=quarter"));
    await waitFor(() => expect((screen.getByLabelText("Compared with") as HTMLSelectElement).value).toBe(""));
  });

  it("asks for the people of the last complete period beside its figures, and of another period when that is chosen", async () => {
    const { asked } = open("/retention?shop=sample");
    const people = () => asked.filter((one) => one.path === "/api/v1/customers").map((one) => [one.query.get("behind"), one.query.get("grain"), one.query.get("from"), one.query.get("to")].join());
    await waitFor(() => expect(people()).toEqual(["lost,month,,"]));
    await userEvent.selectOptions(screen.getByLabelText("By"), "quarter");
    await waitFor(() => expect(people()).toEqual(["lost,month,,", "lost,quarter,,"]));
    await userEvent.click(within(await screen.findByRole("region", { name: "All periods" })).getAllByRole("row")[3]!.querySelector("a")!);
    await waitFor(() => expect(people().at(-1)).toMatch(/^lost,(month|quarter),20\d\d-\d\d-01,20\d\d-\d\d-01$/));
  });

  it("shows its chart as a table", async () => {
    open("/retention?shop=sample");
    const frame = (await screen.findByRole("heading", { name: "Period by period" })).closest("section")!;
    await userEvent.click(within(frame).getByRole("button", { name: "As a table" }));
    expect(within(frame).getAllByRole("row").length).toBe(13);
  });

  it("says so where the period has no orders that count", async () => {
    open("/retention?shop=sample", ({ path }) => (path === "/api/v1/retention" ? json(200, { ...(answers[path] as object), rows: [] }) : undefined));
    expect(await screen.findByText("No period to show")).toBeTruthy();
  });
});

describe("cohorts", () => {
  it("says its means in a sentence, each with what it means", async () => {
    open("/cohorts?shop=sample&grain=quarter");
    await screen.findByRole("heading", { name: "Share of each cohort" });
    const links = within(document.querySelector(".answer")!).getAllByRole("link");
    expect(links.map(opens)).toEqual(links.map((link) => `${link.textContent}: weighted of #weighted`));
    expect(links).toHaveLength(2);
    expect(await sentence()).toMatch(/^\d[\d.]*% come back in the period after their first order\. After \d+ periods it is \d[\d.]*%\.$/);
  });

  it("moves by arrows from cell to cell, and a cell opens its people", async () => {
    open("/cohorts?shop=sample&grain=quarter");
    const table = await screen.findByRole("table", { name: "Share of each cohort" });
    const first = table.querySelector<HTMLElement>('[data-cell="0,0"]')!;
    expect(table.querySelectorAll('[data-cell][tabindex="0"]')).toHaveLength(1);
    first.focus();
    await userEvent.keyboard("{ArrowRight}{ArrowRight}{ArrowDown}");
    expect((document.activeElement as HTMLElement).dataset["cell"]).toBe("1,2");
    expect(document.activeElement!.getAttribute("href")).toMatch(/behind=cohort%3A\d{4}-\d{2}-\d{2}%3A2/);
    await userEvent.keyboard("{End}{ArrowDown}");
    expect(document.activeElement!.getAttribute("data-cell")).toMatch(/^2,/);
  });

  it("moves by arrows from the cells into the means, whose cards say what they are made of", async () => {
    open("/cohorts?shop=sample&grain=quarter");
    const table = await screen.findByRole("table", { name: "Share of each cohort" });
    table.querySelector<HTMLElement>('[data-cell="0,1"]')!.focus();
    await userEvent.keyboard("{PageDown}");
    const plain = document.activeElement as HTMLElement;
    expect(plain.closest("tr")!.querySelector("th")!.textContent).toBe("Plain mean");
    expect(plain.closest("td")!.cellIndex).toBe(3); // behind the name, the size and k = 0
    const { means } = answers["/api/v1/cohorts"] as { means: { k: number; cohorts: number; customers: number; size: number }[] };
    expect(opens(plain)).toMatch(/^\d[\d.]*%: plain of #plain$/);
    expect(plain.dataset["of"]).toBe(`${means[1]!.cohorts} cohorts`);
    await userEvent.keyboard("{ArrowUp}");
    const weighted = document.activeElement as HTMLElement;
    expect(opens(weighted)).toMatch(/^\d[\d.]*%: weighted of #weighted$/);
    expect([weighted.dataset["n"], weighted.dataset["d"]]).toEqual([String(means[1]!.customers), String(means[1]!.size)]);
    await userEvent.hover(weighted);
    const card = await screen.findByRole("tooltip");
    expect(card.textContent).toContain(`${means[1]!.customers.toLocaleString("en-US")} of ${means[1]!.size.toLocaleString("en-US")}`);
    await userEvent.keyboard("{ArrowUp}");
    expect(document.activeElement!.closest("tbody")).not.toBe(null);
    expect(table.querySelectorAll('[data-cell][tabindex="0"]')).toHaveLength(1);
  });

  it.each([
    ["", /come back in the period after their first order\. After/],
    ["&mode=on_or_after", /come back in the period after their first order, or later\./],
    ["&mode=active", /are still customers at the end of the period after their first order\./],
    ["&mode=active&basis=events", /are still customers at the end of the period after their first day as a customer\./],
  ])("says what the cells count: %s", async (asked, said) => {
    open(`/cohorts?shop=sample${asked}`);
    await screen.findByRole("heading", { name: "Share of each cohort" });
    expect(document.querySelector(".answer")!.textContent).toMatch(said);
  });

  it("has the notes beside the cohorts of their days", async () => {
    open("/cohorts?shop=sample&grain=quarter");
    const table = await screen.findByRole("table", { name: "Share of each cohort" });
    const notes = await within(table).findByText("1", { selector: ".note-number" });
    expect(notes.closest("th")!.textContent).toBe("Q1 20251"); // 1 March 2025
    expect(screen.getByText("4711")).toBeTruthy();
  });

  it("asks in its modes", async () => {
    const { asked } = open("/cohorts?shop=sample");
    await userEvent.click(await screen.findByRole("button", { name: "active at its end" }));
    await waitFor(() => expect(asked.some((one) => one.path === "/api/v1/cohorts" && one.query.get("mode") === "active")).toBe(true));
    expect(location.search).toContain("mode=active");
  });
});

it("value asks the server what more points would be worth, and reckons nothing itself", async () => {
  const { asked } = open("/value?shop=sample&points=7");
  expect(await screen.findByText(/What if you kept 7 points more/)).toBeTruthy();
  await waitFor(() => expect(asked.some((one) => one.path === "/api/v1/whatif" && one.query.get("points") === "7")).toBe(true));
  expect(await screen.findByText("€33,632")).toBeTruthy();
});

it("value says what a mean is made of, and what it is compared with opens its people", async () => {
  const whole = answers["/api/v1/value"] as { rows: unknown[] };
  open("/value?shop=sample&compare=previous", ({ path }) => (path === "/api/v1/value" ? json(200, { ...whole, comparison: { compare: "previous", from: null, to: null, rows: whole.rows } }) : undefined));
  const card = (await screen.findByText("Average order", { selector: "article *" })).closest("article")!;
  expect(card.textContent).toMatch(/€[\d,]+\sof\s[\d,]+\sorders/);
  expect(within(card).getAllByRole("link").map((link) => new URL((link as HTMLAnchorElement).href).searchParams.get("behind"))).toEqual(["aov_minor", "revenue_minor", "orders", "aov_minor"]);
});

it("value says under each figure of what counts and sums it is made, and each of them opens its people", async () => {
  const cost = answers["/api/v1/cost"] as { rows: Record<string, unknown>[] };
  const spent = { crc_total_minor: 90_000, crc_minor: 112.5, crc_per_retained_minor: 150, acquisition_cost_minor: 50_000, cac_minor: 250, acquisition_roi: 0.5, payback_months: 3, customers_end: 800, retained: 600, new: 190, one_and_gone: 10, newcomers_margin_minor: 75_000 };
  open("/value?shop=sample", ({ path }) => (path === "/api/v1/cost" ? json(200, { ...cost, rows: cost.rows.map((row) => ({ ...row, ...spent })) }) : undefined));
  const made = async (name: string) => {
    const card = (await screen.findByText(name, { selector: "article h3" })).closest("article")!;
    const line = card.querySelector<HTMLElement>(".basis");
    const links = line ? within(line).getAllByRole("link").map((link) => link.dataset["term"] + (link.dataset["people"] === undefined ? " of nobody" : "")) : [];
    return [line?.textContent.replaceAll("\u00A0", " ").replaceAll(/\d+(?:[,.]\d+)*/g, "1") ?? "", ...links];
  };
  expect(await made("Revenue per buyer")).toEqual(["€1 of 1 buyers", "revenue_minor", "buyers"]);
  expect(await made("Lifetime value")).toEqual(["€1 of 1 buyers; 1 of 1 lost", ...["revenue_minor", "buyers", "lost", "customers_start"].map((field) => `lifespan_${field} of nobody`)]);
  expect(await made("Value so far")).toEqual(["€1 of 1 customers", "revenue_to_date_minor", "buyers_to_date"]);
  expect(await made("Revenue per customer")).toEqual(["€1; 1 at the start, 1 at the end", "revenue_minor", "customers_start", "customers_end"]);
  expect(await made("Items per order")).toEqual(["1 in 1 orders", "units", "orders"]);
  expect(await made("Spent on keeping")).toEqual([""]);
  expect(await made("Per customer")).toEqual(["€1 for 1 customers", "crc_total_minor of nobody", "customers_end"]);
  expect(await made("Per customer kept")).toEqual(["€1 for 1 customers kept", "crc_total_minor of nobody", "retained"]);
  expect(await made("Per new customer")).toEqual(["€1 for 1 new customers and 1 who came and left", "acquisition_cost_minor of nobody", "new", "one_and_gone"]);
  expect(await made("Return on winning")).toEqual(["€1 of margin for €1", "newcomers_margin_minor", "acquisition_cost_minor of nobody"]);
  expect(await made("Earned back after, months")).toEqual(["€1 for 1 new customers and 1 who came and left", "acquisition_cost_minor of nobody", "new", "one_and_gone"]);
});

it("the numbers of a customer in a list lead to the customer, as a customer's", async () => {
  const row = { customer: "c 1", orders: 3, revenue_minor: 4_200, last_order: "2025-05-01" };
  open("/people?shop=sample&behind=lost", ({ path }) => (path === "/api/v1/customers" ? json(200, { ...(answers[path] as object), rows: [row], total: 1, next: null }) : undefined));
  const table = await screen.findByRole("table");
  for (const [text, field] of [["3", "orders"], ["€42.00", "revenue_minor"]] as const) {
    const link = within(table).getByRole("link", { name: text });
    expect(new URL(link.getAttribute("href")!, location.origin).pathname).toBe("/customers/c%201");
    expect([link.dataset["term"], link.dataset["page"]]).toEqual([field, "customers"]);
  }
  await userEvent.hover(within(table).getByRole("link", { name: "3" }));
  const card = await screen.findByRole("tooltip");
  await waitFor(() => expect(card.textContent).toMatch(/^Orders of the customer.*Click for this customer’s history\.$/));
});

it("value says what a customer brings, and its numbers open what they are of", async () => {
  open("/value?shop=sample");
  expect(await sentence()).toMatch(/^A customer brings €[\d,.]+ over their life with you, at €[\d,.]+ an order\.$/);
  const [clv, aov] = within(document.querySelector(".answer")!).getAllByRole("link").map((link) => opens(link).replace(/^€[\d,.]+/, "money"));
  expect([clv, aov]).toEqual(["money: clv_minor of #clv_minor", expect.stringMatching(/^money: aov_minor of aov_minor 20\d\d-\d\d-01 20\d\d-\d\d-01$/)]);
});

it("value compares with no time before the first order, and a lifetime with none", async () => {
  const whole = answers["/api/v1/value"] as { history_start: string; rows: Record<string, unknown>[] };
  const compare = (shift: (day: string) => string) => ({ ...whole, comparison: { compare: "last_year", from: null, to: null, rows: whole.rows.map((row) => ({ ...row, period_start: shift(row["period_start"] as string), period_end: shift(row["period_end"] as string) })) } });
  const year = (by: number) => (day: string) => `${Number(day.slice(0, 4)) - by}${day.slice(4)}`;
  open("/value?shop=sample&compare=last_year", ({ path }) => (path === "/api/v1/value" ? json(200, compare(year(1))) : undefined));
  const links = async (name: string) => [...(await screen.findByText(name, { selector: "article *" })).closest("article")!.querySelectorAll("p:not(.basis) a")];
  expect((await links("Margin")).length).toBe(2);
  expect((await links("Lifetime value")).length).toBe(1);
  cleanup();
  open("/value?shop=sample&compare=last_year", ({ path }) => (path === "/api/v1/value" ? json(200, compare(year(20))) : undefined));
  expect((await links("Margin")).length).toBe(1);
});

it("a group of customers with nobody in it leads back to everybody, and does not ask for orders", async () => {
  open("/customers?shop=sample&status=lapsed", ({ path }) => (path === "/api/v1/customers" ? json(200, { as_of: "2026-01-01T00:00:00Z", revision: 1, rows: [], next: null, total: 0, not_searched: [] }) : undefined));
  await screen.findByText("Nobody is in this group now.");
  expect(screen.queryByText(/as soon as their orders are in/)).toBe(null);
  await userEvent.click(within(screen.getByRole("main")).getAllByRole("button", { name: "Everybody" }).at(-1)!);
  await waitFor(() => expect(location.search).not.toContain("status"));
});

it("an address that leads nowhere says so in the page's heading", async () => {
  open("/nowhere?shop=sample");
  expect(await title()).toBe("There is nothing here");
  expect(screen.getByRole("link", { name: "To Today" }).getAttribute("href")).toBe("/");
});

it("today lists at most five things to do, each with its people behind one button", async () => {
  open("/?shop=sample");
  const todo = (await screen.findByRole("heading", { name: "What to do next" })).closest("section")!;
  const items = within(todo).getAllByRole("listitem");
  expect(items.length).toBeGreaterThan(0);
  expect(items.length).toBeLessThanOrEqual(5);
  expect(within(items[0]!).getByRole("link", { name: /^See these customers/ }).getAttribute("href")).toMatch(/^\/people\?shop=sample&.*behind=win_back&from_day=2025-10-01&to_day=2026-01-01$/);
});

it("today's amounts and counts open the people of what is to be done, and say what they are", async () => {
  open("/?shop=sample");
  const todo = (await screen.findByRole("heading", { name: "What to do next" })).closest("section")!;
  for (const item of within(todo).getAllByRole("listitem")) {
    const [amount, count] = within(item.querySelector<HTMLElement>(".worth")!).getAllByRole("link");
    const button = within(item).getByRole("link", { name: /^See these customers/ });
    expect(amount!.textContent).toMatch(/^€[\d,]+$/);
    expect(count!.textContent).toMatch(/^\d+ customers$/);
    for (const link of [amount!, count!]) {
      expect(link.getAttribute("href")).toBe(button!.getAttribute("href"));
      expect(link.dataset["term"]).toBe(new URL(button!.getAttribute("href")!, location.origin).searchParams.get("behind"));
    }
  }
  await userEvent.hover(within(todo).getByText("€21,918", { selector: ".worth a" }));
  const card = await screen.findByRole("tooltip");
  expect(card.textContent).toContain("Just lost");
  expect(card.textContent).toContain("what they spent in the year to their last order");
  expect(card.textContent).toContain("Click for the people behind it.");
});

it("today says in a sentence what the server says, and each number in it opens its people", async () => {
  open("/?shop=sample");
  const said = answers["/api/v1/today"] as { sentence: string; change: { sentence: string }; todo: { title: string; reason: string }[] };
  const plain = (text: string) => text.replaceAll("\u00A0", " ");
  expect(await sentence()).toBe(plain(said.sentence));
  expect(within(document.querySelector(".answer")!).getAllByRole("link").map(opens)).toEqual([
    "469: retained of retained 2025-10-01 2026-01-01",
    "670: customers_start of customers_start 2025-10-01 2026-01-01",
    "201: lost of lost 2025-10-01 2026-01-01",
    "280: new of new 2025-10-01 2026-01-01",
    "46: reactivated of reactivated 2025-10-01 2026-01-01",
  ]);
  const todo = screen.getByRole("heading", { name: "What to do next" }).closest("section")!;
  const items = within(todo).getAllByRole("listitem");
  expect(items.map((item) => plain(item.querySelector("h3")!.textContent))).toEqual(said.todo.map((item) => plain(item.title)));
  expect(items.map((item) => plain(item.querySelector("p")!.textContent))).toEqual(said.todo.map((item) => plain(item.reason)));
  const numbers = (item: HTMLElement) => [...item.querySelectorAll<HTMLElement>("h3 a, p a")].map(opens);
  expect(numbers(items[0]!)).toEqual(["201: win_back of win_back 2025-10-01 2026-01-01", "€21,918: win_back of win_back 2025-10-01 2026-01-01"]);
  const due = items.find((item) => item.querySelector("[data-term=second_order_due]"))!;
  expect(numbers(due).map((one) => one.replace(/^[^:]+/, "n"))).toEqual(["n: second_order_due of second_order_due", ...Array<string>(4).fill("n: second_order_due of #second_order_due")]);
  const change = screen.getByRole("heading", { name: "What changed" }).closest("section")!;
  const difference = within(change).getByText(/^€[\d,]+$/, { selector: "p a" });
  expect(plain(difference.closest("p")!.textContent)).toBe(plain(said.change.sentence));
  expect(opens(difference)).toMatch(/^€[\d,]+: change_minor of revenue_minor 2025-10-01 2026-01-01$/);
});

it("defines what today says beside the fields of the API", async () => {
  open("/definitions?shop=sample#second_order_due");
  await screen.findByRole("heading", { name: "Today" });
  await waitFor(() => expect(document.activeElement?.textContent).toContain("Due for a second order"));
  for (const field of ["change_minor", "by_customers_minor", "win_back", "refunds_lately"]) expect(document.getElementById(field)?.querySelector("dd")?.textContent).toMatch(/\w+ \w+/);
});

it("each bar of what changed and each amount of its table opens its people and has its definition", async () => {
  open("/?shop=sample");
  const frame = (await screen.findByRole("heading", { name: "What changed" })).closest("section")!;
  const behind = (link: Element) => {
    const to = new URL(link.getAttribute("href")!, location.origin).searchParams;
    return [link.getAttribute("data-term"), to.get("behind"), to.get("from_day"), to.get("to_day")].join(" ");
  };
  const expected = [
    "revenue_minor revenue_minor 2025-07-01 2025-10-01",
    "by_customers_minor buyers 2025-10-01 2026-01-01",
    "by_frequency_minor purchase_frequency 2025-10-01 2026-01-01",
    "by_order_value_minor aov_minor 2025-10-01 2026-01-01",
    "revenue_minor revenue_minor 2025-10-01 2026-01-01",
  ];
  const bars = within(within(frame).getByRole("group", { name: "What changed" })).getAllByRole("link");
  expect(bars.map(behind)).toEqual(expected);
  expect(bars[1]!.textContent).toBe("+€11,350 Number of buyers");
  await userEvent.hover(bars[2]!);
  expect((await screen.findByRole("tooltip")).textContent).toMatch(/^By orders per buyer.*ordered more or less often\./);
  await userEvent.click(within(frame).getByRole("button", { name: "As a table" }));
  expect(within(within(frame).getByRole("table")).getAllByRole("link").map(behind)).toEqual(expected);
});

it("says in which order they stand who are behind a number, and who in a list of things to do", async () => {
  open("/people?behind=slipping_away");
  expect(await screen.findByText(/who is worth the most to reach comes first/)).toBeTruthy();
});

it("calls those behind a number by name, else by e-mail, else by their key", async () => {
  const row = { orders: 1, revenue_minor: 1, last_order: null };
  const rows = [{ ...row, customer: "c1", email: "a@example.com", name: "Somebody" }, { ...row, customer: "c2", email: "b@example.com", name: null }, { ...row, customer: "c3", email: null, name: null }];
  const { asked } = open("/people?behind=lost", ({ path }) => (path === "/api/v1/customers" ? json(200, { ...(answers[path] as object), rows, total: 3, next: null }) : undefined));
  await screen.findByText("Somebody");
  const table = screen.getByRole("table");
  expect(within(table).getAllByRole("rowheader").map((cell) => cell.textContent)).toEqual(["Somebody", "b@example.com", "c3"]);
  expect(within(table).getByText("a@example.com")).toBeTruthy();
  expect(asked.filter((one) => one.path === "/api/v1/customers").map((one) => one.query.get("names"))).toEqual(["true"]);
  expect((screen.getByRole("link", { name: "CSV" }) as HTMLAnchorElement).href).toContain("names=true");
});

it("a name out of a file is shown as text", async () => {
  const name = '<img src=x onerror="window.hit=1">';
  open("/people?behind=lost", ({ path }) => (path === "/api/v1/customers" ? json(200, { ...(answers[path] as object), rows: [{ customer: name, orders: 1, revenue_minor: 1, last_order: null }], total: 1, next: null }) : undefined));
  expect(await screen.findByText(name)).toBeTruthy();
  expect(document.querySelector("main img")).toBe(null);
});

it("of very few customers it shows the customers and no per cent", async () => {
  const whole = answers["/api/v1/retention"] as { rows: Record<string, unknown>[] };
  const row = { ...whole.rows.at(-1)!, crr_strict: { value: 0.75, n: 9, d: 12, low: 0.4677, high: 0.9111 } };
  open("/retention?shop=sample", ({ path }) => (path === "/api/v1/retention" ? json(200, { ...whole, rows: [row] }) : undefined));
  const headline = await screen.findByRole("region", { name: "Headline figures" });
  expect(within(headline).getByText("9 of 12")).toBeTruthy();
  expect(within(headline).getByText("too few customers to tell (12)")).toBeTruthy();
  expect(within(headline).queryByText("75.0%")).toBe(null);
});
