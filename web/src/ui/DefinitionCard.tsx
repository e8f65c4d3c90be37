// One card for the whole page, shown beside whatever number is hovered or focused. It can be entered with the pointer,
// Escape takes it away, and the number is described by it for a screen reader.
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useDefinitions } from "../api/questions";
import { definitionOf } from "../words/definition";
import { fieldMeaning, fieldTerm } from "../words/fields";
import { useWords } from "../words/words";

interface Shown {
  target: HTMLElement;
  field: string;
  page: string | null;
  n: string | null;
  d: string | null;
  made: string | null;
  low: string | null;
  high: string | null;
  to: "people" | "history" | "place" | "definition"; // where a click leads
}

const cardId = "definition-card";

export function DefinitionCard() {
  const [shown, setShown] = useState<Shown | null>(null);
  const { t, formats, language } = useWords();
  const { data } = useDefinitions(language, shown !== null);
  const card = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let timer = 0;
    const termOf = (node: EventTarget | null) => (node instanceof Element ? node.closest<HTMLElement>("[data-term]") : null);
    const open = (target: HTMLElement) => {
      const of = (key: string) => target.dataset[key] ?? null;
      setShown({ target, field: of("term") ?? "", page: of("page"), n: of("n"), d: of("d"), made: of("of"), low: of("low"), high: of("high"), to: of("people") !== null ? "people" : of("history") !== null ? "history" : of("place") !== null ? "place" : "definition" });
    };
    const over = (event: Event) => {
      if (event.target instanceof Element && event.target.closest(`#${cardId}`)) return window.clearTimeout(timer);
      const target = termOf(event.target);
      window.clearTimeout(timer);
      timer = window.setTimeout(() => (target ? open(target) : setShown(null)), target ? 150 : 200);
    };
    const focus = (event: FocusEvent) => {
      const target = termOf(event.target);
      window.clearTimeout(timer);
      if (target?.matches(":focus-visible")) open(target);
      else setShown(null);
    };
    const away = () => {
      window.clearTimeout(timer);
      setShown(null);
    };
    const key = (event: KeyboardEvent) => event.key === "Escape" && away();
    document.addEventListener("pointerover", over);
    document.addEventListener("focusin", focus);
    document.addEventListener("keydown", key);
    document.addEventListener("click", away);
    window.addEventListener("scroll", away, true);
    return () => {
      window.clearTimeout(timer);
      document.removeEventListener("pointerover", over);
      document.removeEventListener("focusin", focus);
      document.removeEventListener("keydown", key);
      document.removeEventListener("click", away);
      window.removeEventListener("scroll", away, true);
    };
  }, []);

  useLayoutEffect(() => {
    if (!shown || !card.current) return;
    const at = shown.target.getBoundingClientRect();
    const size = card.current.getBoundingClientRect();
    const left = Math.min(Math.max(8, at.left), Math.max(8, window.innerWidth - size.width - 8));
    const below = at.bottom + 8;
    const top = below + size.height > window.innerHeight && at.top > size.height + 8 ? at.top - size.height - 8 : below;
    card.current.style.left = `${left}px`;
    card.current.style.top = `${top}px`;
    shown.target.setAttribute("aria-describedby", cardId);
    return () => shown.target.removeAttribute("aria-describedby");
  }, [shown, data]);

  if (!shown) return null;
  const definition = data && definitionOf(data.rows, shown.field, shown.page);
  const sentence = definition?.sentence ?? fieldMeaning(t, shown.field);
  const number = (text: string | null) => (text === null ? null : Number(text));
  return (
    <div className="term-card" id={cardId} role="tooltip" ref={card}>
      <strong>{definition?.term ?? fieldTerm(t, shown.field)}</strong>
      {sentence && <span>{sentence}</span>}
      {definition?.formula && <code>{definition.formula}</code>}
      {(shown.d !== null || shown.made !== null || shown.low !== null) && (
        <dl>
          {(shown.d !== null || shown.made !== null) && (
            <>
              <dt>{t("card.made_of")}</dt>
              <dd>{shown.made ?? t("rate.of", { n: formats.count(number(shown.n)), d: formats.count(number(shown.d)) })}</dd>
            </>
          )}
          {shown.low !== null && (
            <>
              <dt>{t("card.interval")}</dt>
              <dd>{formats.interval(number(shown.low), number(shown.high))}</dd>
            </>
          )}
        </dl>
      )}
      <p className="soft">{t(`card.${shown.to}`)}</p>
    </div>
  );
}
