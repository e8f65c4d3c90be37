// E-mail and password, and what came of them: signing in, and claiming a one-time link.
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { TextField } from "../ui/TextField";
import { useErrorWords } from "../ui/states";
import { useWords } from "../words/words";

export interface CredentialFormProps {
  email: string;
  emailFixed?: boolean;
  passwordLabel: string;
  /** The least length of a password that is chosen here; without it an old one is asked for. */
  choosesMin?: number;
  button: string;
  head?: ReactNode; // above the fields
  between?: ReactNode; // between the two
  submit: (email: string, password: string) => Promise<void>;
}

export function CredentialForm(props: CredentialFormProps) {
  const { t } = useWords();
  const [email, setEmail] = useState(props.email);
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const id = useId();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await props.submit(email.trim(), password);
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  const said = useErrorWords(error);
  const words = error ? said : null;
  const more = [props.choosesMin === undefined ? null : said.detail, said.hint].filter((part) => part !== null).join(" ");
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      {props.head}
      <TextField type="email" label={t("signin.email")} autoComplete="username" required readOnly={props.emailFixed} value={email} onChange={setEmail} />
      {props.between}
      <TextField
        type="password"
        label={props.passwordLabel}
        autoComplete={props.choosesMin === undefined ? "current-password" : "new-password"}
        required
        minLength={props.choosesMin}
        value={password}
        onChange={setPassword}
        invalid={words !== null}
        describedBy={words ? `${id}-error` : undefined}
      />
      <div role="alert" id={`${id}-error`}>
        {words && (
          <p className="wrong small">
            {words.title}
            {more && ` ${more}`}
          </p>
        )}
      </div>
      <button type="submit" className="button primary" disabled={busy}>
        {props.button}
      </button>
    </form>
  );
}
