// The words that the server has for what it found in a file (why a column is what it is, why a row or an order was left out), from the server's own
// catalogue, in the reader's language.
import { useEffect, useState } from "react";
import type { Language } from "../../words/catalogue";
import { useWords } from "../../words/words";

type Catalogue = Record<string, string>;

const load: Record<Language, () => Promise<{ default: Catalogue }>[]> = {
  en: () => [import("../../../../src/language/catalogue/ingest.en.json"), import("../../../../src/language/catalogue/report.en.json")],
  nl: () => [import("../../../../src/language/catalogue/ingest.nl.json"), import("../../../../src/language/catalogue/report.nl.json")],
  sv: () => [import("../../../../src/language/catalogue/ingest.sv.json"), import("../../../../src/language/catalogue/report.sv.json")],
};

/** A function from a key as "ingest.reject.date" to words. Until they are there, and for a key that a newer server has: the key's end. */
export function useServerWords(): (key: string) => string {
  const { language } = useWords();
  const [words, setWords] = useState<Catalogue>({});
  useEffect(() => {
    let wanted = true;
    void Promise.all(load[language]()).then((modules) => wanted && setWords(Object.assign({}, ...modules.map((module) => module.default))));
    return () => {
      wanted = false;
    };
  }, [language]);
  return (key) => words[key] ?? (key.split(".").at(-1) ?? key).replaceAll("_", " ");
}
