// A place for files: they can be dropped on it, or chosen with its button.
import { type DragEvent, useRef, useState } from "react";
import { useWords } from "../../words/words";

export function DropZone(props: { onFiles: (files: File[]) => void }) {
  const { t } = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const hold = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <section
      className={over ? "card drop over" : "card drop"}
      onDragEnter={hold}
      onDragOver={hold}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        props.onFiles([...event.dataTransfer.files]);
      }}
    >
      <h2>{over ? t("import.release") : t("import.drop")}</h2>
      <p className="soft">{t("import.drop_forms")}</p>
      <p className="soft small">{t("import.look.offer")}</p>
      <button type="button" className="button primary" onClick={() => input.current?.click()}>
        {t("import.choose")}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t("import.choose")}
        accept=".csv,.tsv,.txt,.xlsx,.json,.jsonl,.ndjson,.parquet,.zip,.gz"
        onChange={(event) => {
          props.onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </section>
  );
}
