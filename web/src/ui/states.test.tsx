// @vitest-environment jsdom
// What cannot be counted by says so, and the page still has the choice that lets go of it.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { errorOf } from "../api/client";
import { ViewProvider } from "../state/use_view";
import { WordsProvider } from "../words/words";
import { Loaded } from "./states";

vi.mock("../api/questions", () => ({ useShop: () => ({ shop: null, asOfDay: null }) }));
afterEach(cleanup);

function show(field: string, reason: string) {
  const error = errorOf(400, { error: { code: "invalid_argument", message: "the server's own words", field, hint: null, reason } });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <WordsProvider language="en">
        <ViewProvider>
          <Loaded query={{ data: undefined, error }} height={100} title="Retention">
            {() => null}
          </Loaded>
        </ViewProvider>
      </WordsProvider>
    </QueryClientProvider>,
  );
}

it("a shop without subscriptions is told so beside the filter", async () => {
  show("basis", "problem.no_subscriptions");
  expect(await screen.findByText(/There are no subscriptions here/)).toBeTruthy();
  expect(screen.getByText(/choose “orders” under “Counted by”/)).toBeTruthy();
  expect(screen.getByLabelText("Counted by")).toBeTruthy();
});

it("another mistake has no filter", async () => {
  show("window", "problem.window_unfit");
  expect(await screen.findByText(/This is not a number of days/)).toBeTruthy();
  expect(screen.queryByLabelText("Counted by")).toBeNull();
});
