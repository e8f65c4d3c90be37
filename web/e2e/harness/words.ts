// The words of the pages, in each language, as the pages themselves say them.
import { english } from "../../src/words/catalogue";
import dutch from "../../src/words/nl";
import swedish from "../../src/words/sv";
import { translator, type Translate } from "../../src/words/words";
import type { Language } from "./shop";

export const languages: readonly Language[] = ["en", "nl", "sv"];
export const say: Record<Language, Translate> = {
  en: translator(english, "en-GB"),
  nl: translator(dutch, "nl-NL"),
  sv: translator(swedish, "sv-SE"),
};
