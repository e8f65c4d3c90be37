import type { ReactNode } from "react";
import icon from "../icon.svg";
import { send } from "../api/send";
import type { Session } from "../api/rows";
import { remember } from "../state/prefs";
import { useView } from "../state/use_view";
import { Select } from "../ui/Fields";
import { type Language, languageNames, languages } from "../words/catalogue";
import { useWords } from "../words/words";
import { CredentialForm } from "./CredentialForm";

export function SignInForm(props: { email?: string; onSignedIn: (session: Session) => void }) {
  const { t } = useWords();
  const signIn = async (email: string, password: string) => props.onSignedIn(await send("post", "/api/v1/session", { email, password }));
  return <CredentialForm email={props.email ?? ""} passwordLabel={t("signin.password")} button={t("signin.button")} submit={signIn} />;
}

// A page of somebody without a session, who chooses the language here.
export function Alone(props: { children: ReactNode }) {
  const { t, language } = useWords();
  const { setView } = useView();
  const choose = (lang: string) => {
    remember("lang", lang);
    setView({ lang: lang as Language }, true);
  };
  return (
    <main className="alone">
      <section className="card stack">
        <span className="brand">
          <img src={icon} alt="" width="20" height="20" /> Behoud
        </span>
        {props.children}
        <Select label={t("menu.language")} value={language} onChange={choose} choices={languages.map((one) => ({ value: one, label: languageNames[one] }))} />
      </section>
    </main>
  );
}

export function SignInPage(props: { onSignedIn: (session: Session) => void }) {
  const { t } = useWords();
  return (
    <Alone>
      <h1>{t("signin.title")}</h1>
      <SignInForm onSignedIn={props.onSignedIn} />
      <details className="small soft">
        <summary>{t("signin.lost")}</summary>
        <p>
          {t("signin.lost.say")} <code>behoud access link</code>
        </p>
      </details>
    </Alone>
  );
}
