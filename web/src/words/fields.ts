// What a field of the API is called at the head of a column: "field.<name>" of the catalogue, else the name itself.
import { english, type Key } from "./catalogue";
import type { Translate } from "./words";

export function fieldTerm(t: Translate, field: string): string {
  const key = `field.${field.split(":")[0]}`;
  return key in english ? t(key as Key) : field;
}
