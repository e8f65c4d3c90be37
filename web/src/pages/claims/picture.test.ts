// @vitest-environment jsdom
import { expect, it } from "vitest";
import { claimsSvg } from "./picture";

it("draws each claim with its words, and a line where there is a figure", () => {
  const claim = { value: 0.2, low: 0.1, high: 0.3, published_low: 0.25, published_high: 0.95, title: "<One>", said: "a & b" };
  const drawn = new DOMParser().parseFromString(claimsSvg([claim, { ...claim, low: null, high: null, published_high: 0.25 }, { ...claim, value: null, title: "Three" }]), "image/svg+xml");
  expect(drawn.querySelector("parsererror")).toBe(null);
  expect([...drawn.querySelectorAll("text")].map((text) => text.textContent)).toEqual(["<One>", "a & b", "<One>", "a & b", "Three", "a & b"]);
  expect(drawn.querySelectorAll("circle").length).toBe(2);
  expect(drawn.querySelectorAll('path[stroke-width="2"]').length).toBe(1);
  expect([...drawn.querySelectorAll("rect")].map((one) => Number(one.getAttribute("width")) > 3)).toEqual([true, false]);
});
