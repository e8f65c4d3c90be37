// The words of each language. English is in the first load, because it is also what the keys are typed by; Dutch and Swedish come when
// they are asked for. Each part of a catalogue belongs to the page of its name.
import core from "./en/core.json";
import costs from "./en/costs.json";
import customers from "./en/customers.json";
import imports from "./en/import.json";
import settings from "./en/settings.json";
import { further, type Language } from "./languages";

export { type Language, languageNames, languages } from "./languages";

export const english = { ...core, ...costs, ...customers, ...imports, ...settings };
export type Key = keyof typeof english;
export type Catalogue = Readonly<Record<Key, string>>;

const here = new Map<Language, Catalogue>([["en", english]]);

/** A catalogue that has come; null where it is still to be asked for. */
export const catalogueNow = (language: Language): Catalogue | null => here.get(language) ?? null;

export async function catalogue(language: Language): Promise<Catalogue> {
  const words = here.get(language) ?? (language === "en" ? english : (await further[language]()).default);
  here.set(language, words);
  return words;
}
