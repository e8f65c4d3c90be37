// Every word on a page stands in three catalogues, every word of a catalogue on some page.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { english, type Catalogue } from "./catalogue";
import { names, parse } from "./message";
import { localeFor, translator } from "./words";
import dutch from "./nl";
import swedish from "./sv";

const catalogues: Record<string, Catalogue> = { en: english, nl: dutch, sv: swedish };
const root = join(import.meta.dirname, "..");

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$|schema\.d\.ts$/.test(entry.name) ? [readFileSync(path, "utf8")] : [];
  });
}

describe("the catalogues", () => {
  const keys = Object.keys(english).sort();
  it.each(["nl", "sv"])("%s has the keys of English, no more and no fewer", (language) => {
    expect(Object.keys(catalogues[language]!).sort()).toEqual(keys);
  });

  it.each(["en", "nl", "sv"])("%s can be read, takes the values of English and says something", (language) => {
    for (const [key, message] of Object.entries(catalogues[language]!)) {
      expect(message.trim(), key).not.toBe("");
      expect([...names(parse(message))].sort(), key).toEqual([...names(parse(english[key as keyof typeof english]))].sort());
    }
  });

  it("a key lies in one part of a catalogue only", () => {
    for (const language of ["en", "nl", "sv"]) {
      const seen = new Set<string>();
      for (const part of readdirSync(join(root, "words", language)).filter((name) => name.endsWith(".json"))) {
        for (const key of Object.keys(JSON.parse(readFileSync(join(root, "words", language, part), "utf8")) as object)) {
          expect(seen.has(key), `${language} ${part} ${key}`).toBe(false);
          seen.add(key);
        }
      }
    }
  });

  it("has no key that no page uses", () => {
    const text = sources(root).join("\n");
    const starts = [...text.matchAll(/[`"]([a-z_]+(?:\.[a-z_]+)*\.)(?:\$\{|")/g)].map((match) => match[1]!);
    const unused = keys.filter((key) => !text.includes(`"${key}"`) && !text.includes(`'${key}'`) && !starts.some((start) => key.startsWith(start)));
    expect(unused).toEqual([]);
  });
});

describe("translator", () => {
  it("speaks the language with its plurals", () => {
    const t = translator(dutch, "nl-NL");
    expect(t("filter.window.days", { days: 1 })).toBe("1 dag");
    expect(t("filter.window.days", { days: 90 })).toBe("90 dagen");
  });
  it("takes the reader's own variant of a language", () => {
    expect(localeFor("nl", ["en-US", "nl-BE"])).toBe("nl-BE");
    expect(localeFor("sv", ["en-US"])).toBe("sv-SE");
  });
});
