// @vitest-environment jsdom
// Every reason of the contract has its sentence in every language, and a page says it with the values that came.
import { render, screen } from "@testing-library/react";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { ApiError, errorOf } from "../api/client";
import { ErrorBox } from "../ui/states";
import { english, type Language } from "./catalogue";
import { names, parse } from "./message";
import { problemOf, type Texts } from "./problems";
import { translator, WordsProvider } from "./words";
import en from "../../../src/language/catalogue/problem.en.json";
import nl from "../../../src/language/catalogue/problem.nl.json";
import sv from "../../../src/language/catalogue/problem.sv.json";
import dutch from "./nl";

const all: Record<Language, Texts> = { en, nl, sv };
const contract = parseYaml(readFileSync(join(import.meta.dirname, "../../../api/openapi.yaml"), "utf8")) as {
  components: { schemas: { Reason: { enum: string[] } } };
};
const reasons = contract.components.schemas.Reason.enum;
const refused = (reason: string, params: Record<string, unknown> = {}) =>
  errorOf(422, { error: { code: "bad_input", message: "the server's own words", field: null, hint: "its --option", reason, params } });

describe("the texts of problems", () => {
  it.each(["en", "nl", "sv"] as const)("%s has one that can be read for each reason of the contract", (language) => {
    expect(reasons.length).toBeGreaterThan(100);
    for (const reason of reasons) {
      const known: Record<string, string> = all[language];
      expect(known[reason], reason).toBeTruthy();
      for (const part of ["", ".hint", ".page"]) {
        const text = known[reason + part];
        if (text !== undefined) expect([...names(parse(text))].sort()).toEqual([...names(parse((en as Record<string, string>)[reason + part]!))].sort());
      }
    }
  });

  it("never name an option of the command line on a page", () => {
    for (const language of ["en", "nl", "sv"] as const) {
      for (const [key, text] of Object.entries(all[language])) {
        if (!key.endsWith(".command")) expect(text, `${language} ${key}`).not.toMatch(/--[a-z]/);
      }
    }
  });
});

describe("problemOf", () => {
  const t = translator(dutch, "nl-NL");
  const say = (error: ApiError) => problemOf(nl, error, t, "nl-NL");

  it("says where, what and the way out of the page", () => {
    const error = refused("problem.dates_ambiguous", { file: "orders.csv", line: 2, column: "Datum", value: "03/04/2024", candidates: "DMY,MDY" });
    expect(say(error)).toEqual({
      what: "orders.csv, regel 2: Er is niet te zien welk getal van de datums in de kolom “Datum” de dag is, zoals bij “03/04/2024”.",
      wayOut: "Zeg hoe de datums geschreven zijn.",
    });
  });
  it("calls what a column can be as the page does", () => {
    expect(say(refused("problem.columns_missing", { file: "a.csv", roles: "customer, date" }))?.what).toBe("a.csv: Geen kolom herkend voor: Klantnummer, Datum van de bestelling.");
    expect(say(refused("problem.columns_missing", { roles: "customer, something new" }))?.what).toContain("Klantnummer, something new");
  });
  it("takes a value for a text, never for a pattern", () => {
    expect(say(refused("problem.currency_unknown", { value: "{file} <b>" }))?.what).toBe("“{file} <b>” is geen valuta.");
  });
  it("has nothing to say to a reason of a newer server", () => {
    expect(say(refused("problem.of_tomorrow"))).toBeNull();
    expect(say(errorOf(422, { error: { code: "bad_input", message: "m", field: null, hint: null } }))).toBeNull();
  });
});

describe("ErrorBox", () => {
  const box = (error: unknown, language: Language) => render(
    <WordsProvider language={language}>
      <ErrorBox error={error} />
    </WordsProvider>,
  );
  it("says a reason in the reader's language, and nothing of the server's", async () => {
    box(refused("problem.workbook_password", { file: "orders.xlsx" }), "sv");
    expect(await screen.findByText("orders.xlsx: Arbetsboken är skyddad med ett lösenord.")).toBeTruthy();
    expect(screen.getByText("Öppna den med lösenordet, ta bort lösenordet och spara den på nytt.")).toBeTruthy();
    expect(screen.queryByText(/own words|--option/)).toBeNull();
  });
  it("falls back to the server's words for a reason it does not know", async () => {
    box(refused("problem.of_tomorrow"), "nl");
    expect(await screen.findByText("the server's own words")).toBeTruthy();
    expect(screen.getByText("its --option")).toBeTruthy();
    expect(screen.getByText(dutch["error.bad_input"])).toBeTruthy();
    expect(english["error.bad_input"]).not.toBe(dutch["error.bad_input"]);
  });
});
