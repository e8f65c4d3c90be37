// A sentence whose numbers are numbers of the page: each opens its people, or its definition where it is of nobody, as it does in a card
// or a table. `Said` is one of the catalogue, where `numbers` says of which value each is and the other values are words; `SaidParts`
// one that the server has said in parts.
import { Fragment } from "react";
import type { SaidPart } from "../api/rows";
import type { Key } from "../words/catalogue";
import type { Values } from "../words/message";
import { useWords } from "../words/words";
import { Num, type NumProps } from "./Figure";
import { together } from "./Page";

export type Numbers = Readonly<Record<string, Omit<NumProps, "children">>>;

export function Said(props: { words: Key; values: Values; numbers: Numbers }) {
  const { inParts } = useWords();
  const parts = inParts(props.words, props.values, Object.keys(props.numbers));
  return <Parts parts={parts.map((part) => (typeof part === "string" ? { text: part } : { text: part.text, number: props.numbers[part.name]! }))} />;
}

/** `place`: where a number leads that is of no people. */
export function SaidParts(props: { parts: readonly SaidPart[]; place?: string | null }) {
  const place = props.place ? { place: props.place } : {};
  return <Parts parts={props.parts.map((part) => (part.field === undefined ? { text: part.text } : { text: part.text, number: { field: part.field, people: peopleOfPart(part), ...place } }))} />;
}

// Of the period that the number speaks of, by the grain of that period.
function peopleOfPart({ behind, from, to, grain }: SaidPart): NumProps["people"] {
  return behind ? { behind, ...(from && { from }), ...(to && { to }), ...(grain && { grain }) } : null;
}

function Parts(props: { parts: readonly { text: string; number?: Omit<NumProps, "children"> }[] }) {
  const { parts } = props;
  // The word behind a number stays on its line, be the number a part of its own.
  const words = (text: string, i: number) => {
    const before = parts[i - 1];
    return together(before?.number && /\d$/.test(before.text) ? text.replace(/^ (?=\p{L})/u, "\u00A0") : text);
  };
  return (
    <>
      {parts.map((part, i) =>
        part.number ? (
          <Num key={i} {...part.number}>
            {part.text}
          </Num>
        ) : (
          <Fragment key={i}>{words(part.text, i)}</Fragment>
        ),
      )}
    </>
  );
}
