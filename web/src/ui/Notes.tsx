// Notes on the time axis: a campaign, a price change. They stand as numbered marks in a chart over time and as a list
// under it, where whoever may change the shop's data adds and removes them.
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useMemo, useState } from "react";
import { idempotencyKey } from "../api/client";
import type { Note } from "../api/rows";
import { useNotes, useShop } from "../api/questions";
import { send } from "../api/send";
import { announce } from "../app/announce";
import { useMay } from "../app/session";
import { useWords } from "../words/words";
import { ErrorBox } from "./states";
import type { NoteMark } from "./time_chart";

export const noteKinds = ["campaign", "price", "other"] as const satisfies readonly Note["kind"][];

export interface PlacedNote {
  note: Note;
  mark: NoteMark;
}

// The notes that lie in the periods, oldest first, each with its period's index and its number.
export function placeNotes(notes: readonly Note[], periods: readonly { period_start: string; period_end: string }[]): PlacedNote[] {
  return [...notes]
    .sort((a, b) => a.day.localeCompare(b.day))
    .map((note) => ({ note, index: periods.findIndex((period) => period.period_start <= note.day && note.day < period.period_end) }))
    .filter(({ index }) => index >= 0)
    .map(({ note, index }, i) => ({ note, mark: { index, number: i + 1 } }));
}

export function usePlacedNotes(periods: readonly { period_start: string; period_end: string }[]): PlacedNote[] {
  const { data } = useNotes();
  return useMemo(() => placeNotes(data?.rows ?? [], periods), [data, periods]);
}

// `listed`: they are added and removed elsewhere on the page.
export function Notes(props: { placed: readonly PlacedNote[]; listed?: boolean }) {
  const { t, formats } = useWords();
  const { shop } = useShop();
  const may = useMay();
  const queries = useQueryClient();
  const [day, setDay] = useState("");
  const [text, setText] = useState("");
  const [kind, setKind] = useState<Note["kind"]>("campaign");
  const [error, setError] = useState<unknown>(null);
  const id = useId();
  const canWrite = !props.listed && may.write && shop !== null && !shop.sample;
  if (props.placed.length === 0 && !canWrite) return null;

  const change = async (work: Promise<unknown>) => {
    setError(null);
    try {
      await work;
      await queries.invalidateQueries({ queryKey: ["/api/v1/notes"] });
      return true;
    } catch (cause) {
      setError(cause);
      return false;
    }
  };
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const entered = send("post", "/api/v1/notes", { day, text: text.trim(), kind }, { headers: { "Idempotency-Key": idempotencyKey() } });
    if (!(await change(entered))) return;
    announce(t("mark.added"));
    setText("");
  };
  return (
    <div className="notes">
      {props.placed.length > 0 && (
        <ol aria-label={t("mark.title")}>
          {props.placed.map(({ note, mark }) => (
            <li key={note.id}>
              <span className="note-number">{mark.number}</span>
              <span className="soft nowrap">{formats.day(note.day)}</span>
              <span>{note.text}</span>
              <span className="soft">{t(`mark.${note.kind}`)}</span>
              {canWrite && (
                <button type="button" className="button plain no-print" aria-label={t("mark.remove", { text: note.text })} onClick={() => void change(send("delete", "/api/v1/notes/{id}", undefined, { params: { id: note.id } }))}>
                  ×
                </button>
              )}
            </li>
          ))}
        </ol>
      )}
      {canWrite && (
        <details className="no-print">
          <summary className="small">{t("mark.add")}</summary>
          <form className="filters" onSubmit={(event) => void add(event)}>
            <div className="field">
              <label htmlFor={`${id}-day`}>{t("mark.day")}</label>
              <input id={`${id}-day`} className="input" type="date" required value={day} onChange={(event) => setDay(event.target.value)} />
            </div>
            <div className="field">
              <label htmlFor={`${id}-text`}>{t("mark.text")}</label>
              <input id={`${id}-text`} className="input" required maxLength={200} value={text} onChange={(event) => setText(event.target.value)} />
            </div>
            <div className="field">
              <label htmlFor={`${id}-kind`}>{t("mark.kind")}</label>
              <select id={`${id}-kind`} className="input" value={kind} onChange={(event) => setKind(event.target.value as Note["kind"])}>
                {noteKinds.map((one) => (
                  <option key={one} value={one}>
                    {t(`mark.${one}`)}
                  </option>
                ))}
              </select>
            </div>
            <button type="submit" className="button">
              {t("mark.save")}
            </button>
          </form>
        </details>
      )}
      {error !== null && <ErrorBox error={error} />}
    </div>
  );
}
