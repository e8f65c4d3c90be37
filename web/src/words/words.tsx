// Words on the page: t("key", {values}) in the reader's language, and numbers, money and dates as the reader writes them.
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { makeFormats, type Formats } from "../state/formats";
import { type Catalogue, catalogue, catalogueNow, english, type Key, type Language } from "./catalogue";
import { format, formatParts, grammar, type Node, parse, type Placed, pseudo, type Values } from "./message";

export type Translate = (key: Key, values?: Values) => string;
// The words and, between them, the values of `marked`: for a sentence whose numbers are links (ui/Said).
export type InParts = (key: Key, values: Values, marked: readonly string[]) => (string | Placed)[];

export interface Words {
  language: Language;
  locale: string;
  strange: boolean; // the language nobody speaks
  t: Translate;
  inParts: InParts;
  formats: Formats;
}

// The locale that numbers and dates are written by: the reader's own where it speaks the language ("en-GB", "nl-BE").
export function localeFor(language: Language, wanted: readonly string[]): string {
  return wanted.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? { en: "en-GB", nl: "nl-NL", sv: "sv-SE" }[language];
}

export const translator = (words: Catalogue, locale: string, strange = false): Translate => speaker(words, locale, strange).t;

function speaker(words: Catalogue, locale: string, strange: boolean): Pick<Words, "t" | "inParts"> {
  const parsed = new Map<string, Node[]>();
  const by = grammar(locale);
  const nodesOf = (key: Key): Node[] => {
    let nodes = parsed.get(key);
    if (!nodes) {
      nodes = parse(words[key] ?? english[key] ?? key);
      if (strange) nodes = pseudo(nodes);
      parsed.set(key, nodes);
    }
    return nodes;
  };
  // Between two numbers stands a text of its own, and in the language nobody speaks each text has its brackets.
  const bracketed = (part: string | Placed) => (typeof part === "string" ? `⟦${part.replaceAll(/[⟦⟧]/g, "")}⟧` : part);
  return {
    t: (key, values = {}) => format(nodesOf(key), values, by),
    inParts(key, values, marked) {
      const parts = formatParts(nodesOf(key), values, by, marked);
      return strange ? parts.map(bracketed) : parts;
    },
  };
}

const Context = createContext<Words | null>(null);

export function useWords(): Words {
  const words = useContext(Context);
  if (!words) throw new Error("useWords: outside WordsProvider");
  return words;
}

export function WordsProvider(props: { language: Language; strange?: boolean; children: ReactNode }) {
  const { language, strange = false } = props;
  const [loaded, setLoaded] = useState<{ language: Language; words: Catalogue }>(() => {
    const here = catalogueNow(language);
    return here ? { language, words: here } : { language: "en", words: english };
  });
  useEffect(() => {
    if (loaded.language === language) return undefined;
    let wanted = true;
    void catalogue(language).then((words) => wanted && setLoaded({ language, words }));
    return () => {
      wanted = false;
    };
  }, [language, loaded.language]);
  const value = useMemo<Words>(() => {
    const locale = localeFor(loaded.language, typeof navigator === "undefined" ? [] : navigator.languages);
    return { language: loaded.language, locale, strange, ...speaker(loaded.words, locale, strange), formats: makeFormats(locale) };
  }, [loaded, strange]);
  useEffect(() => {
    document.documentElement.lang = value.language;
  }, [value.language]);
  // Nothing is shown in one language and then at once in another: the first words wait for their catalogue.
  if (loaded.language !== language && loaded.words === english) return null;
  return <Context.Provider value={value}>{props.children}</Context.Provider>;
}
