// A link or a token that is shown once, to be copied.
import { useState } from "react";
import { announce } from "../../app/announce";
import { useWords } from "../../words/words";

export function Secret(props: { lead: string; secret: string; onDone: () => void }) {
  const { t } = useWords();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(props.secret);
    setCopied(true);
    announce(t("settings.copied"));
  };
  return (
    <>
      <p>{props.lead}</p>
      <input className="input secret" readOnly aria-label={props.lead} value={props.secret} onFocus={(event) => event.target.select()} />
      <div className="actions">
        {/* Over plain http away from this machine a browser has no clipboard: the field is there to be copied by hand. */}
        {window.isSecureContext && (
          <button type="button" className="button" onClick={() => void copy()}>
            {copied ? t("settings.copied") : t("settings.copy")}
          </button>
        )}
        <button type="button" className="button primary" onClick={props.onDone}>
          {t("settings.done")}
        </button>
      </div>
    </>
  );
}
