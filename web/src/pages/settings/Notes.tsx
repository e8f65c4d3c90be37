// Notes on the time axis: a campaign, a price change, marked on every chart over time.
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { idempotencyKey } from "../../api/client";
import type { Note } from "../../api/rows";
import { useNotes } from "../../api/questions";
import { send } from "../../api/send";
import { isDay } from "../../state/days";
import { Select } from "../../ui/Fields";
import { noteKinds } from "../../ui/Notes";
import { ErrorBox, Loaded } from "../../ui/states";
import { TextField } from "../../ui/TextField";
import { useToast } from "../../ui/Toast";
import { useWords } from "../../words/words";

export function Notes(props: { writable: boolean }) {
  const { t, formats } = useWords();
  const queries = useQueryClient();
  const notes = useNotes();
  const { toast, say } = useToast();
  const [problem, setProblem] = useState<unknown>(null);
  const changed = () => queries.invalidateQueries({ queryKey: ["/api/v1/notes"] });
  const add = async (note: Omit<Note, "id">) => {
    await send("post", "/api/v1/notes", note, { headers: { "Idempotency-Key": idempotencyKey() } });
    await changed();
  };
  const remove = async (note: Note) => {
    setProblem(null);
    try {
      await send("delete", "/api/v1/notes/{id}", undefined, { params: { id: note.id } });
    } catch (error) {
      return setProblem(error);
    }
    say({
      text: t("notes.deleted"),
      undo: { label: t("costs.undo"), run: () => void add({ day: note.day, text: note.text, kind: note.kind }).catch(setProblem) },
    });
    await changed();
  };
  return (
    <section className="card stack" aria-labelledby="settings-notes">
      <div>
        <h2 id="settings-notes">{t("notes.title")}</h2>
        <p className="soft small">{t("notes.lead")}</p>
      </div>
      {problem !== null && <ErrorBox error={problem} />}
      <Loaded query={notes} height={80}>
        {({ rows }) =>
          rows.length === 0 ? (
            <p className="soft">{t("notes.none")}</p>
          ) : (
            <ul className="note-list">
              {rows.map((note) => (
                <li key={note.id} className="row between">
                  <span>
                    <span className="soft small nowrap">{formats.day(note.day)}</span> <span className="badge">{t(`notes.kind.${note.kind}`)}</span> <bdi>{note.text}</bdi>
                  </span>
                  {props.writable && (
                    <button type="button" className="link-button small" aria-label={t("notes.delete_named", { text: note.text })} onClick={() => void remove(note)}>
                      {t("costs.delete")}
                    </button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {props.writable && <NewNote add={add} />}
      {toast}
    </section>
  );
}

function NewNote(props: { add: (note: Omit<Note, "id">) => Promise<void> }) {
  const { t } = useWords();
  const [day, setDay] = useState("");
  const [text, setText] = useState("");
  const [kind, setKind] = useState<Note["kind"]>("campaign");
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isDay(day) || text.trim() === "") return;
    setProblem(null);
    try {
      await props.add({ day, text: text.trim(), kind });
      setText("");
      setDay("");
      setTried(false);
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <form className="stack" noValidate onSubmit={(event) => void submit(event)}>
      {problem !== null && <ErrorBox error={problem} />}
      <div className="form-grid">
        <TextField type="date" label={t("notes.day")} value={day} onChange={setDay} error={tried && !isDay(day) ? t("costs.error.day") : null} />
        <TextField label={t("notes.text")} value={text} onChange={setText} error={tried && text.trim() === "" ? t("notes.error.text") : null} />
        <Select label={t("notes.kind")} value={kind} choices={noteKinds.map((value) => ({ value, label: t(`notes.kind.${value}`) }))} onChange={(value) => setKind(value as Note["kind"])} />
      </div>
      <div>
        <button type="submit" className="button">
          {t("notes.add")}
        </button>
      </div>
    </form>
  );
}
