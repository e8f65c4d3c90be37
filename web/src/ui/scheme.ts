// Which of the two looks holds. The style sheet follows an attribute of the document.
import type { Theme } from "../state/view";

export type Scheme = "light" | "dark";

export const darkSystem = "(prefers-color-scheme: dark)";
export const schemeOf = (wanted: Theme, systemIsDark: boolean): Scheme => (wanted === "system" ? (systemIsDark ? "dark" : "light") : wanted);

export function applyScheme(scheme: Scheme): void {
  if (document.documentElement.dataset["scheme"] !== scheme) document.documentElement.dataset["scheme"] = scheme;
}
