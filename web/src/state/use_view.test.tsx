// @vitest-environment jsdom
import { act, render } from "@testing-library/react";
import { expect, it } from "vitest";
import { useView, ViewProvider, type ViewState } from "./use_view";
import type { View } from "./view";

it("says which view is coming before the address has it, but not of a slider's steps", () => {
  history.replaceState(null, "", "/retention");
  const heard: [View["grain"], string][] = [];
  let state: ViewState | null = null;
  function Reader() {
    state = useView();
    return null;
  }
  const coming = (view: View) => void heard.push([view.grain, location.search]);
  render(
    <ViewProvider coming={coming}>
      <Reader />
    </ViewProvider>,
  );
  act(() => state!.setView({ grain: "week" }));
  expect(heard).toEqual([["week", ""]]);
  expect(location.search).toBe("?grain=week");
  act(() => state!.setView({ window: 30 }, true));
  expect(heard).toHaveLength(1);
  expect(location.search).toContain("window=30");
});
