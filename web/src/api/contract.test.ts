// A field that the contract does not have must fail the type check. The lines below are errors, and each says so: where the types let
// one through, `tsc` fails on the line above it (an expectation that nothing fulfils).
import { expect, it, vi } from "vitest";
import { address } from "./contract";
import { changeSettings } from "./settings";
import { ask } from "./questions";
import { send } from "./send";

// Never called: the type check reads it.
export async function refusedByTheTypes() {
  const settings = await ask("/api/v1/settings");
  // @ts-expect-error: no such field in an answer
  void settings.margin;
  const changed = await changeSettings({}, 1);
  // @ts-expect-error: what a change answers holds the settings, and is not them
  void changed.zone;
  void changed.settings.zone;
  // @ts-expect-error: no such field in what is sent
  await send("patch", "/api/v1/settings", { windows: 90 });
  // @ts-expect-error: no such parameter
  await ask("/api/v1/costs", { shops: "own" });
  // @ts-expect-error: no such path
  await ask("/api/v1/setting");
  // @ts-expect-error: a path that does not know this method
  await send("delete", "/api/v1/settings", undefined);
  // @ts-expect-error: an answer cannot be called something else than the contract does
  await ask<"/api/v1/costs", { rows: { amount: number }[] }>("/api/v1/costs");
  const page = await ask("/api/v1/costs");
  // @ts-expect-error: no such field in a row
  return page.rows.map((row) => row.amount);
}

it("writes a path's own parameters into the path and the rest behind it", () => {
  vi.stubGlobal("location", { origin: "http://shop" });
  expect(address("/api/v1/customers/{id}", { id: "a/b?c", shop: "own", cursor: null, limit: undefined })).toBe("http://shop/api/v1/customers/a%2Fb%3Fc?shop=own");
  expect(address("/api/v1/shops", {})).toBe("http://shop/api/v1/shops");
  vi.unstubAllGlobals();
});
