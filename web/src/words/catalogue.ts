// The languages and where their words lie. English is in the first load, because it is also what the keys are typed
// by; Dutch and Swedish come when they are asked for. Each part of a catalogue belongs to the page of its name.
import core from "./en/core.json";
import costs from "./en/costs.json";
import customers from "./en/customers.json";
import imports from "./en/import.json";
import settings from "./en/settings.json";

export const languages = ["en", "nl", "sv"] as const;
export type Language = (typeof languages)[number];
export const languageNames: Record<Language, string> = { en: "English", nl: "Nederlands", sv: "Svenska" };

export const english = { ...core, ...costs, ...customers, ...imports, ...settings };
export type Key = keyof typeof english;
export type Catalogue = Readonly<Record<Key, string>>;

export async function catalogue(language: Language): Promise<Catalogue> {
  if (language === "nl") return (await import("./nl")).default;
  if (language === "sv") return (await import("./sv")).default;
  return english;
}
