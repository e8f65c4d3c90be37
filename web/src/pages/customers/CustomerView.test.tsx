// @vitest-environment jsdom
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { json, open } from "../../test_shop";

const profile = { email: null, name: "Somebody", phone: null, country: null, source: null, language: null, consent: null, consent_on: null, unsubscribed: null, unsubscribed_on: null };
const summary = { orders: 12, revenue_minor: 60_000, aov_minor: 5_000, first_order: "2024-01-05", last_order: "2024-06-01", usual_gap_days: 30, silent_days: 3, active: true, lost_on: null };
const history = { as_of: "2024-06-04T00:00:00Z", revision: 1, customer: "c1", namespace: "customer_id", identities: [], profile, summary, cohort: "2024-01-01", events: [], next: null };

it("gives a customer's numbers the definitions of a customer, not the shop's of the same name", async () => {
  open("/customers/c1?shop=sample", ({ path }) => (path === "/api/v1/customers/c1" ? json(200, history) : undefined));
  const average = await screen.findByText("€50.00");
  expect(average.getAttribute("href")).toMatch(/#customers\.aov_minor$/);
  await userEvent.hover(average);
  expect((await screen.findByText("Average order of the customer")).closest("[role=tooltip]")!.textContent).toContain("What one of the customer’s orders brings on average.");

  const sentence = document.querySelector<HTMLElement>(".answer")!;
  expect(sentence.textContent!.replaceAll("\u00A0", " ")).toBe("12 orders since January 5, 2024, worth €600.00; the last on June 1, 2024.");
  expect(within(sentence).getAllByRole("link").map((link) => [link.textContent, link.getAttribute("href")!.split("#")[1]])).toEqual([
    ["12", "customers.orders"],
    ["€600.00", "customers.revenue_minor"],
  ]);
  await userEvent.hover(within(sentence).getByText("12"));
  await screen.findByText("Orders of the customer");
});

it("leads to a customer's definition on the page of definitions", async () => {
  open("/definitions?shop=sample#customers.aov_minor");
  await screen.findByText("Average order of the customer");
  expect(document.activeElement?.textContent).toContain("Average order of the customer");
});

it("leads to the one definition of what means the same in several answers", async () => {
  open("/definitions?shop=sample#customers.silent_days");
  await screen.findByText("What do the numbers mean?", { selector: "h1" });
  expect((await screen.findAllByText("silent_days")).some((code) => code.closest("[id]") === document.activeElement)).toBe(true);
});
