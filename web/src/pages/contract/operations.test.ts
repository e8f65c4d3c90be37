import { expect, it } from "vitest";
import { fields, groups, search, type Contract } from "./operations";

const contract: Contract = {
  info: { title: "A shop", version: "1" },
  tags: [{ name: "people", description: "Who buys" }, { name: "unused" }],
  paths: {
    "/health": { get: { summary: "Alive?", responses: { "200": { $ref: "#/components/responses/Fine" } } } },
    "/api/v1/customers/{id}": {
      parameters: [{ $ref: "#/components/parameters/id" }],
      get: { summary: "One customer", tags: ["people"], responses: { "200": { description: "Found", content: { "application/json": { schema: { $ref: "#/components/schemas/Customer" } } } }, "204": { description: "None" } } },
      put: { summary: "Change one", tags: ["people"], requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Customer" } } } }, responses: {} },
    },
    "/api/v1/costs": { post: { summary: "Enter a cost", responses: {} } },
  },
  components: {
    parameters: { id: { name: "id", in: "path", required: true, schema: { type: "string" }, description: "the key" } },
    responses: { Fine: { description: "Yes", content: { "text/plain": { schema: { type: "string" } } } } },
    schemas: {
      Customer: {
        type: "object",
        required: ["key"],
        properties: {
          key: { type: "string", description: "its key" },
          since: { type: ["string", "null"], format: "date" },
          rank: { enum: ["gold", 2] },
          friends: { type: "array", items: { $ref: "#/components/schemas/Customer" } },
          home: { $ref: "#/components/schemas/Place" },
          counts: { type: "object", additionalProperties: { type: "integer" } },
        },
      },
      Place: { allOf: [{ type: "object", properties: { street: { type: "string" } } }, { type: "object", properties: { city: { type: "string" } } }] },
    },
  },
};

it("groups operations by tag, then by what their path is about", () => {
  expect(groups(contract).map((g) => [g.name, g.about, g.operations.map((o) => `${o.method} ${o.path}`)])).toEqual([
    ["people", "Who buys", ["GET /api/v1/customers/{id}", "PUT /api/v1/customers/{id}"]],
    ["Server", "", ["GET /health"]],
    ["Data in and out", "", ["POST /api/v1/costs"]],
  ]);
});

it("follows references of parameters, answers and bodies", () => {
  const [people, server] = groups(contract);
  expect(people?.operations[0]?.parameters).toEqual([{ name: "id", where: "path", required: true, type: "string", about: "the key" }]);
  expect(people?.operations[0]?.answers.map((a) => [a.status, a.about, a.type])).toEqual([["200", "Found", "application/json"], ["204", "None", ""]]);
  expect(people?.operations[1]?.sent[0]?.fields.map((f) => f.name)).toContain("key");
  expect(server?.operations[0]?.answers).toEqual([{ status: "200", about: "Yes", type: "text/plain", fields: [] }]);
});

it("lays a schema out as lines, and does not follow a circle", () => {
  expect(fields(contract, { $ref: "#/components/schemas/Customer" }).map((f) => `${"  ".repeat(f.depth)}${f.name}${f.required ? "" : "?"}: ${f.type}`)).toEqual([
    "key: string", "since?: date | null", 'rank?: "gold" | 2', "friends?: object[]", "home?: object", "  street?: string", "  city?: string", "counts?: object", "  *?: integer",
  ]);
});

it("finds operations by their words", () => {
  const found = (text: string) => search(groups(contract), text).flatMap((g) => g.operations.map((o) => o.summary));
  expect(found("customer put")).toEqual(["Change one"]);
  expect(found("  ENTER ")).toEqual(["Enter a cost"]);
  expect(found("nothing")).toEqual([]);
  expect(found("")).toHaveLength(4);
});

it("gives every operation an id of its own", () => {
  const ids = groups(contract).flatMap((g) => g.operations.map((o) => o.id));
  expect(new Set(ids).size).toBe(ids.length);
});
