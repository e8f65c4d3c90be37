// Asks before somebody or something is shut out.
import { useState } from "react";
import { Dialog } from "../../ui/Dialog";
import { ErrorBox } from "../../ui/states";
import { useWords } from "../../words/words";

export function Remove(props: { title: string; text: string; remove: () => Promise<unknown>; changed: () => Promise<void>; onClose: () => void }) {
  const { t } = useWords();
  const [problem, setProblem] = useState<unknown>(null);
  const go = async () => {
    setProblem(null);
    try {
      await props.remove();
      props.onClose();
      await props.changed();
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <p>{props.text}</p>
      {problem !== null && <ErrorBox error={problem} />}
      <div className="actions">
        <button type="button" className="button" onClick={props.onClose}>
          {t("settings.cancel")}
        </button>
        <button type="button" className="button danger" onClick={() => void go()}>
          {t("settings.remove")}
        </button>
      </div>
    </Dialog>
  );
}
