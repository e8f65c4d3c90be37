import { useId, useState, type FormEvent } from "react";
import type { Session } from "../api/rows";
import { remember } from "../state/prefs";
import { useView } from "../state/use_view";
import { Select } from "../ui/Fields";
import { errorWords } from "../ui/states";
import { type Language, languageNames, languages } from "../words/catalogue";
import { useWords } from "../words/words";
import { sendSession } from "./session";

export function SignInForm(props: { email?: string; onSignedIn: (session: Session) => void }) {
  const { t } = useWords();
  const [email, setEmail] = useState(props.email ?? "");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const id = useId();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      props.onSignedIn(await sendSession<Session>("POST", "/api/v1/session", { email: email.trim(), password }));
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  const words = error ? errorWords(t, error) : null;
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <div className="field">
        <label htmlFor={`${id}-email`}>{t("signin.email")}</label>
        <input id={`${id}-email`} className="input" type="email" autoComplete="username" required value={email} onChange={(event) => setEmail(event.target.value)} />
      </div>
      <div className="field">
        <label htmlFor={`${id}-password`}>{t("signin.password")}</label>
        <input
          id={`${id}-password`}
          className="input"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          aria-invalid={words !== null}
          aria-describedby={words ? `${id}-error` : undefined}
          onChange={(event) => setPassword(event.target.value)}
        />
      </div>
      <div role="alert" id={`${id}-error`}>
        {words && (
          <p className="wrong small">
            {words.title}
            {words.hint && ` ${words.hint}`}
          </p>
        )}
      </div>
      <button type="submit" className="button primary" disabled={busy}>
        {t("signin.button")}
      </button>
    </form>
  );
}

// Whoever has no session yet chooses the language here.
export function LanguageChoice() {
  const { t, language } = useWords();
  const { setView } = useView();
  const choose = (lang: string) => {
    remember("lang", lang);
    setView({ lang: lang as Language }, true);
  };
  return <Select label={t("menu.language")} value={language} onChange={choose} choices={languages.map((one) => ({ value: one, label: languageNames[one] }))} />;
}

export function SignInPage(props: { onSignedIn: (session: Session) => void }) {
  const { t } = useWords();
  return (
    <main className="alone">
      <section className="card stack">
        <span className="brand">
          <img src="/icon.svg" alt="" width="20" height="20" /> Behoud
        </span>
        <h1>{t("signin.title")}</h1>
        <SignInForm onSignedIn={props.onSignedIn} />
        <details className="small soft">
          <summary>{t("signin.lost")}</summary>
          <p>
            {t("signin.lost.say")} <code>behoud access link</code>
          </p>
        </details>
        <LanguageChoice />
      </section>
    </main>
  );
}
