// What went wrong, in the reader's language: the sentence for an error's reason and the way out of it on a page. The words are the
// server's own (src/language/catalogue/problem.*.json), in a chunk that only a reader who meets an error loads; the type below holds
// that each language has a sentence for each reason of the contract.
import { useEffect, useState } from "react";
import { ApiError } from "../api/client";
import type { Schemas } from "../api/contract";
import { english, type Key, type Language } from "./catalogue";
import { format, grammar, parse, pseudo, type Values } from "./message";
import { type Translate, useWords } from "./words";

export type Texts = Readonly<Record<Schemas["Reason"], string>>;

const load: Record<Language, () => Promise<{ default: Texts }>> = {
  en: () => import("../../../src/language/catalogue/problem.en.json"),
  nl: () => import("../../../src/language/catalogue/problem.nl.json"),
  sv: () => import("../../../src/language/catalogue/problem.sv.json"),
};
const loaded = new Map<Language, Texts>();

export interface Problem {
  what: string;
  wayOut: string | null;
}

/** Null for a reason that these texts do not know, as a newer server's: its own message is shown then. */
export function problemOf(texts: Texts, error: ApiError, t: Translate, locale: string, strange = false): Problem | null {
  const known: Readonly<Record<string, string | undefined>> = texts;
  const reason = error.reason ?? "";
  if (known[reason] === undefined) return null;
  const values = inWords(error.params, t);
  const say = (text: string | undefined) => {
    if (text === undefined) return null;
    const nodes = parse(text);
    return format(strange ? pseudo(nodes) : nodes, values, grammar(locale));
  };
  const what = say(known[reason]) ?? "";
  const { file, line } = error.params;
  const at = file === undefined ? what : line === undefined ? t("error.in_file", { file, what }) : t("error.on_line", { file, line, what });
  return { what: at, wayOut: say(known[`${reason}.page`] ?? known[`${reason}.hint`]) };
}

// What a column can be has a name of its own on the page: "customer, date" is "Customer number, Date of the order" there.
function inWords(params: Values, t: Translate): Values {
  const named = (role: string) => (`import.role.${role}` in english ? t(`import.role.${role}` as Key) : role);
  const out: Record<string, Values[string]> = { ...params };
  for (const name of ["role", "roles"]) {
    const value = params[name];
    if (typeof value === "string") out[name] = value.split(", ").map(named).join(", ");
  }
  return out;
}

/** The words for an error once they are there; undefined until then, null where there are none. */
export function useProblem(error: unknown): Problem | null | undefined {
  const { t, language, locale, strange } = useWords();
  const wanted = error instanceof ApiError && error.reason !== null;
  const [texts, setTexts] = useState<Texts | null | undefined>(() => loaded.get(language));
  useEffect(() => {
    const known = loaded.get(language);
    setTexts(known);
    if (!wanted || known) return undefined;
    let current = true;
    load[language]().then(
      (module) => {
        loaded.set(language, module.default);
        if (current) setTexts(module.default);
      },
      () => current && setTexts(null),
    );
    return () => {
      current = false;
    };
  }, [language, wanted]);
  if (!wanted) return null;
  return texts ? problemOf(texts, error, t, locale, strange) : texts;
}
