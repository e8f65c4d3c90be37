// Language and theme outlive an address: the address wins, then what this browser chose last, then what it prefers.
import { type Language, languages } from "../words/languages";
import { type Theme, themes } from "./view";

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(`behoud.${key}`);
  } catch {
    return null; // a browser that keeps nothing
  }
};

export function remember(key: "lang" | "theme", value: string): void {
  try {
    localStorage.setItem(`behoud.${key}`, value);
  } catch {
    // then the address alone says it
  }
}

export function preferredLanguage(wanted: readonly string[], kept: string | null = read("lang")): Language {
  const known = (tag: string | null | undefined) => languages.find((language) => language === tag?.toLowerCase().split("-")[0]);
  return known(kept) ?? wanted.map(known).find((language) => language !== undefined) ?? "en";
}

export function preferredTheme(kept: string | null = read("theme")): Theme {
  return themes.find((theme) => theme === kept) ?? "system";
}
