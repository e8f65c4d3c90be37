// Tokens for programs. A token is shown once; the server keeps only its fingerprint.
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link } from "wouter";
import { makeToken, removeToken, type Token, useTokens } from "../../api/settings";
import { useView } from "../../state/use_view";
import { Dialog } from "../../ui/Dialog";
import { Select } from "../../ui/Fields";
import { ErrorBox, Loaded } from "../../ui/states";
import { TextField } from "../../ui/TextField";
import { useWords } from "../../words/words";
import { Remove } from "./Remove";
import { Secret } from "./Secret";

const scopes = ["read", "write", "admin"] as const;

export function Tokens() {
  const { t, formats } = useWords();
  const { href } = useView();
  const queries = useQueryClient();
  const tokens = useTokens(true);
  const [making, setMaking] = useState(false);
  const [leaving, setLeaving] = useState<Token | null>(null);
  const changed = () => queries.invalidateQueries({ queryKey: ["tokens"] });
  const table = (rows: readonly Token[]) => (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t("settings.tokens")}>
      <table className="data">
        <thead>
          <tr>
            <th scope="col">{t("settings.token_name")}</th>
            <th scope="col">{t("settings.token_scope")}</th>
            <th scope="col">{t("settings.token_state")}</th>
            <th scope="col">{t("settings.token_expires")}</th>
            <th scope="col">
              <span className="hidden">{t("settings.remove")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((token) => (
            <tr key={token.id} className={token.state === "live" ? undefined : "faint"}>
              <th scope="row">
                <bdi>{token.name}</bdi>
              </th>
              <td>{t(`settings.scope.${token.scope}`)}</td>
              <td>{t(`settings.token_state.${token.state}`)}</td>
              <td>{token.expires_at === null ? t("settings.token_never") : formats.day(token.expires_at.slice(0, 10))}</td>
              <td>
                {token.state === "live" && (
                  <button type="button" className="link-button" aria-label={t("settings.remove_named", { name: token.name })} onClick={() => setLeaving(token)}>
                    {t("settings.remove")}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
  return (
    <section className="card stack">
      <div className="row between">
        <div>
          <h2>{t("settings.tokens")}</h2>
          <p className="soft small">
            {t("settings.tokens_lead")} <Link href={href("/contract")}>{t("contract.title")}</Link>
          </p>
        </div>
        <button type="button" className="button" onClick={() => setMaking(true)}>
          {t("settings.token_new")}
        </button>
      </div>
      <Loaded query={tokens} height={64}>
        {({ rows }) => (rows.length === 0 ? <p className="soft">{t("settings.tokens_none")}</p> : table(rows))}
      </Loaded>
      {making && <NewToken onClose={() => setMaking(false)} changed={changed} />}
      {leaving && (
        <Remove title={t("settings.remove_title", { name: leaving.name })} text={t("settings.remove_token_text")} remove={() => removeToken(leaving.id)} changed={changed} onClose={() => setLeaving(null)} />
      )}
    </section>
  );
}

function NewToken(props: { onClose: () => void; changed: () => Promise<void> }) {
  const { t } = useWords();
  const [name, setName] = useState("");
  const [scope, setScope] = useState<Token["scope"]>("read");
  const [expires, setExpires] = useState("");
  const [token, setToken] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (name.trim() === "") return;
    setProblem(null);
    try {
      setToken((await makeToken(name.trim(), scope, expires === "" ? null : expires)).token);
      await props.changed();
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <Dialog title={t("settings.token_new")} onClose={props.onClose}>
      {token !== null ? (
        <Secret lead={t("settings.token_once")} secret={token} onDone={props.onClose} />
      ) : (
        <form className="stack" noValidate onSubmit={(event) => void submit(event)}>
          {problem !== null && <ErrorBox error={problem} />}
          <TextField label={t("settings.token_name")} value={name} onChange={setName} error={tried && name.trim() === "" ? t("settings.error.name") : null} required />
          <Select label={t("settings.token_scope")} value={scope} choices={scopes.map((value) => ({ value, label: t(`settings.scope.${value}`) }))} onChange={(value) => setScope(value as Token["scope"])} />
          <TextField type="date" label={`${t("settings.token_expires")} (${t("costs.optional")})`} value={expires} onChange={setExpires} hint={t("settings.token_year")} />
          <div className="actions">
            <button type="button" className="button" onClick={props.onClose}>
              {t("settings.cancel")}
            </button>
            <button type="submit" className="button primary">
              {t("settings.token_new")}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
