// What a field of the API is called at the head of a column: "field.<name>" of the catalogue, else the name itself; and what those mean
// that docs/definitions.md tells as a list and not as a field, so that /api/v1/definitions does not have them: "meaning.<name>".
import { english, type Key } from "./catalogue";
import type { Translate } from "./words";

export function fieldTerm(t: Translate, field: string): string {
  const key = `field.${field.split(":")[0]}`;
  return key in english ? t(key as Key) : field;
}

export function fieldMeaning(t: Translate, field: string): string | null {
  const key = `meaning.${field}`;
  return key in english ? t(key as Key) : null;
}
