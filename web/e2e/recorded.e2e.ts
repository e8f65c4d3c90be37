// The answers that the unit tests show their pages with (web/testdata/) are those of this server, to the byte: of the sample shop, so
// they move with the program alone. BEHOUD_RECORD=1 writes them anew.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect } from "vitest";
import { test } from "./harness/shop";

const records = (process.env["BEHOUD_RECORD"] ?? "") !== "";
const question = "shop=sample&grain=quarter";
const asked = {
  claims: `claims?${question}`,
  cohorts: `cohorts?${question}&mode=on`,
  cost: `cost?${question}`,
  customers: `customers?${question}&behind=lost&from=2025-10-01&to=2026-01-01&limit=40&names=true`,
  definitions: "definitions?lang=en",
  retention: `retention?${question}`,
  shops: "shops",
  today: `today?${question}&lang=en`,
  value: `value?${question}`,
  whatif: "whatif?shop=sample&points=5",
};

describe("a recorded answer", () => {
  test.for(Object.entries(asked))("of %s is what the server says", async ([name, path], { visitor }) => {
    const { request } = await visitor({ signedIn: true });
    const reply = await request.get(`/api/v1/${path}`);
    const said = await reply.text();
    expect(reply.status(), said).toBe(200);
    const file = fileURLToPath(new URL(`../testdata/${name}.json`, import.meta.url));
    if (records) writeFileSync(file, said);
    expect(said).toBe(readFileSync(file, "utf8"));
  });
});
