// A question in front of the page: the browser's own dialog, so focus stays in it, Escape ends it and what lies behind is inert. A
// click beside it does not end it, because what was typed would be gone.
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useWords } from "../words/words";
import "./forms.css";

export function Dialog(props: { title: string; onClose?: () => void; children: ReactNode }) {
  const { t } = useWords();
  const element = useRef<HTMLDialogElement>(null);
  const title = useId();
  const { onClose } = props;
  useEffect(() => {
    const dialog = element.current;
    // Where focus goes back to when the dialog is gone from the document.
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      className="dialog"
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
    >
      <div className="stack">
        <div className="row between">
          <h2 id={title}>{props.title}</h2>
          {onClose && (
            <button type="button" className="button plain" aria-label={t("close")} onClick={onClose}>
              ✕
            </button>
          )}
        </div>
        {props.children}
      </div>
    </dialog>
  );
}
