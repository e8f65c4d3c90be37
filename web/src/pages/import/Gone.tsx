// Files or a job that the server does not know any more.
import { useWords } from "../../words/words";

export function Gone(props: { again: () => void }) {
  const { t } = useWords();
  return (
    <section className="card empty">
      <p>{t("import.gone")}</p>
      <button type="button" className="button primary" onClick={props.again}>
        {t("import.other_file")}
      </button>
    </section>
  );
}
