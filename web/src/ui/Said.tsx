// A sentence of the catalogue whose numbers are numbers of the page: each opens its people, or its definition where it is of nobody,
// as it does in a card or a table. `numbers` says of which value each is; the other values are words.
import { Fragment } from "react";
import type { Key } from "../words/catalogue";
import type { Values } from "../words/message";
import { useWords } from "../words/words";
import { Num, type NumProps } from "./Figure";
import { together } from "./Page";

export type Numbers = Readonly<Record<string, Omit<NumProps, "children">>>;

export function Said(props: { words: Key; values: Values; numbers: Numbers }) {
  const { inParts } = useWords();
  const parts = inParts(props.words, props.values, Object.keys(props.numbers));
  // The word behind a number stays on its line, be the number a part of its own.
  const words = (text: string, i: number) => {
    const before = parts[i - 1];
    return together(typeof before === "object" && /\d$/.test(before.text) ? text.replace(/^ (?=\p{L})/u, "\u00A0") : text);
  };
  return (
    <>
      {parts.map((part, i) =>
        typeof part === "string" ? (
          <Fragment key={i}>{words(part, i)}</Fragment>
        ) : (
          <Num key={i} {...props.numbers[part.name]!}>
            {part.text}
          </Num>
        ),
      )}
    </>
  );
}
