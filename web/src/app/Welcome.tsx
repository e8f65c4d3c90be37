// The page of a one-time link, <public-url>/welcome#<token>: the first owner, somebody invited, or a lost password. The
// token stays in the fragment, which no server and no log sees.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useLocation } from "wouter";
import { setCsrf } from "../api/client";
import type { LinkPurpose, Session } from "../api/rows";
import { errorWords, Skeleton } from "../ui/states";
import { useWords } from "../words/words";
import { sendSession } from "./session";
import { LanguageChoice } from "./SignIn";

export const passwordLengthMin = 10;

export function Welcome() {
  const { t } = useWords();
  const [token] = useState(() => location.hash.slice(1));
  const link = useQuery<LinkPurpose>({
    queryKey: ["link", token],
    queryFn: () => sendSession<LinkPurpose>("POST", "/api/v1/session/link/check", { token }),
    retry: false,
    staleTime: Infinity,
    enabled: token !== "",
  });
  return (
    <main className="alone">
      <section className="card stack">
        <span className="brand">
          <img src="/icon.svg" alt="" width="20" height="20" /> Behoud
        </span>
        {token === "" || link.error ? (
          <>
            <h1>{t("welcome.invalid")}</h1>
            <p className="soft">{t("welcome.invalid.say")}</p>
            <p>
              <code>behoud access link</code>
            </p>
            <a className="button" href="/">
              {t("welcome.signin")}
            </a>
          </>
        ) : link.data ? (
          <Claim token={token} link={link.data} />
        ) : (
          <Skeleton height={240} />
        )}
        <LanguageChoice />
      </section>
    </main>
  );
}

function Claim(props: { token: string; link: LinkPurpose }) {
  const { t } = useWords();
  const { link } = props;
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const [email, setEmail] = useState(link.email ?? "");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const id = useId();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const claimed = { token: props.token, password, ...(link.email ? {} : { email: email.trim() }), ...(name.trim() ? { name: name.trim() } : {}) };
      const session = await sendSession<Session>("POST", "/api/v1/session/link", claimed);
      setCsrf(session.csrf);
      queries.setQueryData(["/api/v1/session"], session);
      navigate("/", { replace: true });
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  const words = error ? errorWords(t, error) : null;
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <h1>{t(`welcome.${link.purpose}`)}</h1>
      <p className="soft">{t(`welcome.${link.purpose}.say`)}</p>
      <div className="field">
        <label htmlFor={`${id}-email`}>{t("signin.email")}</label>
        <input id={`${id}-email`} className="input" type="email" autoComplete="username" required readOnly={link.email !== null} value={email} onChange={(event) => setEmail(event.target.value)} />
      </div>
      {link.purpose !== "reset" && (
        <div className="field">
          <label htmlFor={`${id}-name`}>{t("welcome.name")}</label>
          <input id={`${id}-name`} className="input" autoComplete="name" value={name} onChange={(event) => setName(event.target.value)} />
        </div>
      )}
      <div className="field">
        <label htmlFor={`${id}-password`}>{t("welcome.password", { n: passwordLengthMin })}</label>
        <input
          id={`${id}-password`}
          className="input"
          type="password"
          autoComplete="new-password"
          required
          minLength={passwordLengthMin}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </div>
      <div role="alert">
        {words && (
          <p className="wrong small">
            {words.title}
            {words.detail && ` ${words.detail}`}
          </p>
        )}
      </div>
      <button type="submit" className="button primary" disabled={busy}>
        {t("welcome.button")}
      </button>
    </form>
  );
}
