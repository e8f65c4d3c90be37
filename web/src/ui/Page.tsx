// The head of a page: the question it answers, the filters, and then the answer in one sentence.
import { type ReactNode, useEffect } from "react";
import { useWords } from "../words/words";
import { type Filter, FilterBar } from "./FilterBar";

// A number stays on the line of the word behind it: "1 December", "12 customers".
export const together = (text: string): string => text.replace(/(\d) (?=\p{L})/gu, "$1\u00A0");

export function Page(props: { title: string; filters?: readonly Filter[] | null; bar?: ReactNode; ownWindow?: number; answer?: ReactNode; lead?: ReactNode; children: ReactNode }) {
  const { t } = useWords();
  useEffect(() => {
    document.title = t("page.title", { title: props.title });
  }, [props.title, t]);
  return (
    <>
      <header className="stack">
        <h1>{props.title}</h1>
        {props.filters !== null && <FilterBar show={props.filters} ownWindow={props.ownWindow}>{props.bar}</FilterBar>}
        {props.answer && (
          <p className="answer" aria-live="polite">
            {typeof props.answer === "string" ? together(props.answer) : props.answer}
          </p>
        )}
        {props.lead && <p className="lead">{props.lead}</p>}
      </header>
      {props.children}
    </>
  );
}
