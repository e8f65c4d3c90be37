// @vitest-environment jsdom
// What holds on every page: signing in, a session that ends, the two shops, keys, language and theme.
import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { answers, json, open, refusal, session } from "../test_shop";
import { ask } from "../api/questions";

vi.mock("../ui/chart_engine", () => ({ makeChart: () => ({ draw: () => undefined, resize: () => undefined, picture: async () => null, dispose: () => undefined }) }));

beforeEach(() => {
  localStorage.clear();
  HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
    this.open = true;
  };
});

describe("signing in", () => {
  it("shows nothing but the form without a session; a wrong password says so; the right one opens the page", async () => {
    let signedIn = false;
    const { asked } = open("/definitions", ({ path, method, body }) => {
      if (path !== "/api/v1/session") return signedIn ? undefined : refusal(401, "not_signed_in");
      if (method === "GET") return signedIn ? undefined : refusal(401, "not_signed_in");
      if (!body.includes("the right one")) return refusal(401, "wrong_password");
      signedIn = true;
      return json(200, session);
    });
    await userEvent.type(await screen.findByLabelText("E-mail"), "owner@example.com");
    expect(screen.queryByRole("navigation")).toBe(null);
    await userEvent.type(screen.getByLabelText("Password"), "a wrong one{Enter}");
    expect((await screen.findByText(/E-mail or password is not right/)).textContent).toBeTruthy();
    await userEvent.clear(screen.getByLabelText("Password"));
    await userEvent.type(screen.getByLabelText("Password"), "the right one{Enter}");
    expect(await screen.findByRole("heading", { level: 1, name: "What do the numbers mean?" })).toBeTruthy();
    expect(asked.filter((one) => one.method === "POST").every((one) => !one.path.includes("password"))).toBe(true);
  });

  it("waits as long as the server says after too many attempts", async () => {
    open("/", ({ path, method }) =>
      path !== "/api/v1/session" ? undefined : method === "GET" ? refusal(401, "not_signed_in") : new Response(JSON.stringify({ error: { code: "too_many_attempts", message: "" } }), { status: 429, headers: { "Retry-After": "42" } }),
    );
    await userEvent.type(await screen.findByLabelText("E-mail"), "owner@example.com");
    await userEvent.type(screen.getByLabelText("Password"), "anything{Enter}");
    expect(await screen.findByText(/Wait 42 seconds/)).toBeTruthy();
  });

  it("goes on with what was asked when the session ends in the middle of it", async () => {
    let over = false;
    open("/definitions", ({ path, method }) => {
      if (path === "/api/v1/session") {
        if (method === "POST") over = false;
        return over ? refusal(401, "not_signed_in") : json(200, session);
      }
      return over ? refusal(401, "not_signed_in") : path === "/api/v1/costs" ? json(200, { rows: ["kept"] }) : undefined;
    });
    await userEvent.type(await screen.findByRole("searchbox", { name: "Search a word" }), "half a wo");
    over = true;
    const waiting = ask("/api/v1/costs");
    const dialog = await screen.findByRole("dialog");
    expect((screen.getByRole("searchbox", { name: "Search a word", hidden: true }) as HTMLInputElement).value).toBe("half a wo");
    await userEvent.type(within(dialog).getByLabelText("Password"), "the right one{Enter}");
    expect(await waiting).toEqual({ rows: ["kept"] });
    await waitFor(() => expect(screen.queryByRole("dialog")).toBe(null));
    expect((screen.getByRole("searchbox", { name: "Search a word" }) as HTMLInputElement).value).toBe("half a wo");
  });
});

describe("a one-time link", () => {
  it("makes the owner; its token is in no address that is asked for", async () => {
    const { asked } = open("/welcome#the-token", ({ path, method }) => {
      if (path === "/api/v1/session/link/check") return json(200, { purpose: "owner", email: null, password_length_min: 11 });
      if (path === "/api/v1/session/link" && method === "POST") return json(200, session);
      return undefined;
    });
    await userEvent.type(await screen.findByLabelText("E-mail"), "owner@example.com");
    await userEvent.type(screen.getByLabelText(/Password, at least 11 /), "long enough to be one{Enter}");
    await screen.findByRole("navigation");
    expect(location.pathname).toBe("/");
    const claim = asked.find((one) => one.path === "/api/v1/session/link")!;
    expect(JSON.parse(claim.body)).toEqual({ token: "the-token", email: "owner@example.com", password: "long enough to be one" });
    expect(asked.every((one) => !one.query.toString().includes("the-token"))).toBe(true);
  });

  it("that no longer works says how to make another", async () => {
    open("/welcome#old", ({ path }) => (path === "/api/v1/session/link/check" ? refusal(404, "not_found") : undefined));
    expect(await screen.findByText("This link no longer works")).toBeTruthy();
    expect(screen.getByText("behoud access link")).toBeTruthy();
  });
});

describe("the frame", () => {
  it("offers one's own orders before anything else on the sample shop", async () => {
    open("/definitions?shop=sample");
    const own = await screen.findByRole("link", { name: "Use my own orders" });
    const all = [...document.querySelectorAll<HTMLElement>("a[href], button, input, select, summary")].filter((one) => !one.classList.contains("skip"));
    expect(all[0]).toBe(own);
    expect(own.getAttribute("href")).toBe("/import?shop=own");
  });

  it("says what will stand on a page of a shop without orders, and how to fill it", async () => {
    open("/retention?shop=own");
    expect(await screen.findByText("Your figures will stand here")).toBeTruthy();
    expect(screen.getByRole("link", { name: "Use my own orders" }).getAttribute("href")).toBe("/import?shop=own");
  });

  it("goes between the shops by one switch", async () => {
    open("/definitions?shop=sample");
    await userEvent.click(await screen.findByRole("button", { name: "My shop" }));
    expect(location.search).toBe("?shop=own");
    await waitFor(() => expect(screen.queryByText(/invented sample shop/)).toBe(null));
  });

  it("hears / and ?, but not in a field", async () => {
    open("/definitions?shop=sample");
    const search = await screen.findByRole("searchbox", { name: /Search by e-mail/ });
    await userEvent.keyboard("/");
    expect(document.activeElement).toBe(search);
    await userEvent.keyboard("?");
    expect(screen.queryByRole("dialog")).toBe(null);
    expect((search as HTMLInputElement).value).toBe("?");
    act(() => search.blur());
    await userEvent.keyboard("?");
    expect(await screen.findByRole("dialog", { name: "Keyboard shortcuts" })).toBeTruthy();
  });

  it("speaks the language that is chosen, at once and next time", async () => {
    open("/definitions?shop=sample");
    await userEvent.selectOptions(await screen.findByLabelText("Language"), "nl");
    expect(await screen.findByRole("heading", { level: 1, name: "Wat betekenen de getallen?" })).toBeTruthy();
    await waitFor(() => expect(document.documentElement.lang).toBe("nl"));
    expect(localStorage.getItem("behoud.lang")).toBe("nl");
  });

  it("wears the theme that is chosen", async () => {
    open("/definitions?shop=sample");
    await userEvent.click(await screen.findByRole("button", { name: "Dark" }));
    await waitFor(() => expect(document.documentElement.dataset["scheme"]).toBe("dark"));
    expect(location.search).toContain("theme=dark");
  });

  it("shows what a number means when the pointer rests on it, and Escape takes it away", async () => {
    open("/retention?shop=sample&grain=quarter");
    const number = (await screen.findAllByRole("link", { name: "70.0%" }))[0]!;
    await userEvent.hover(number);
    const card = await screen.findByRole("tooltip");
    await waitFor(() => expect(card.textContent).toContain("Customer retention rate"));
    expect(card.textContent).toContain("469 of 670");
    expect(number.getAttribute("aria-describedby")).toBe(card.id);
    await userEvent.keyboard("{Escape}");
    expect(screen.queryByRole("tooltip")).toBe(null);
  });

  it("says what to do when the server cannot be reached, and goes on when it can be", async () => {
    vi.stubGlobal("fetch", undefined);
    let there = false;
    open("/definitions?shop=sample", ({ path }) => {
      if (there || path === "/api/v1/session") return undefined;
      throw new TypeError("failed to fetch");
    });
    expect((await screen.findAllByText("The server cannot be reached", {}, { timeout: 5000 })).length).toBeGreaterThan(0);
    there = true;
    await userEvent.click(screen.getAllByRole("button", { name: "Try again" })[0]!);
    expect(await screen.findByRole("heading", { level: 1, name: "What do the numbers mean?" }, { timeout: 5000 })).toBeTruthy();
  });

  it("knows no page at another address, and leads back", async () => {
    open("/nowhere?shop=sample");
    expect(await screen.findByText("There is nothing here")).toBeTruthy();
    expect(answers["/nowhere"]).toBe(undefined);
  });
});

describe("what an answer took", () => {
  const field = (how: string) => `answer;dur=2.31;desc=${how}, histories;dur=840.5;desc=followed, revision;desc=17, orders;desc=16234, events;desc=1`;
  it.each([
    ["made", "en", "Revision 17, 16,234 orders and 1 event: answered in 2.3 ms."],
    ["held", "en", "Revision 17, 16,234 orders and 1 event: answered before, given again in 2.3 ms."],
    ["made", "nl", "Revisie 17, 16.234 bestellingen en 1 gebeurtenis: beantwoord in 2,3 ms."],
    ["made", "sv", "Revision 17, 16 234 order och 1 händelse: besvarat på 2,3 ms."],
  ])("%s, in %s, stands at the foot of the page", async (how, lang, words) => {
    open(`/retention?shop=sample&lang=${lang}`, ({ path }) => {
      if (path !== "/api/v1/retention") return undefined;
      const answer = json(200, answers[path]);
      answer.headers.set("Server-Timing", field(how));
      return answer;
    });
    await waitFor(() => expect(document.querySelector("main > .took")?.textContent?.replaceAll("\u00A0", " ")).toBe(words));
  });

  it("is not said where the page asked nothing of the shop", async () => {
    open("/definitions?shop=sample");
    await screen.findByRole("heading", { level: 1 });
    expect(document.querySelector(".took")).toBe(null);
  });
});
