// Who may come in, and as what. A person is let in by a link that is shown once.
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useSession } from "../../app/session";
import { changeMember, inviteMember, type Member, removeMember, type Role, roleNames, useMembers } from "../../api/settings";
import { Dialog } from "../../ui/Dialog";
import { Select } from "../../ui/Fields";
import { ErrorBox, Loaded } from "../../ui/states";
import { TextField } from "../../ui/TextField";
import { useWords } from "../../words/words";
import { Remove } from "./Remove";
import { Secret } from "./Secret";

export function Team() {
  const { t } = useWords();
  const { session } = useSession();
  const queries = useQueryClient();
  const members = useMembers(true);
  const [inviting, setInviting] = useState(false);
  const [leaving, setLeaving] = useState<Member | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const changed = () => queries.invalidateQueries({ queryKey: ["users"] });
  const setRole = async (member: Member, role: Role) => {
    setProblem(null);
    try {
      await changeMember(member.id, { role });
    } catch (error) {
      setProblem(error);
    }
    await changed();
  };
  const row = (member: Member) => {
    const me = member.id === session.user.id;
    return (
      <tr key={member.id}>
        <th scope="row">
          <bdi>{member.email}</bdi> {me && <span className="badge">{t("settings.you")}</span>}
          {member.state === "invited" && <span className="badge warn">{t("settings.invited")}</span>}
        </th>
        <td>
          <bdi>{member.name}</bdi>
        </td>
        <td>
          {me ? (
            t(`settings.role.${member.role}`)
          ) : (
            <select className="input" aria-label={t("settings.role_of", { email: member.email })} value={member.role} onChange={(event) => void setRole(member, event.target.value as Role)}>
              {roleNames.map((role) => (
                <option key={role} value={role}>
                  {t(`settings.role.${role}`)}
                </option>
              ))}
            </select>
          )}
        </td>
        <td>
          {!me && (
            <button type="button" className="link-button" aria-label={t("settings.remove_named", { name: member.email })} onClick={() => setLeaving(member)}>
              {t("settings.remove")}
            </button>
          )}
        </td>
      </tr>
    );
  };
  return (
    <section className="card stack">
      <div className="row between">
        <div>
          <h2>{t("settings.team")}</h2>
          <p className="soft small">{t("settings.team_lead")}</p>
        </div>
        <button type="button" className="button" onClick={() => setInviting(true)}>
          {t("settings.invite")}
        </button>
      </div>
      {problem !== null && <ErrorBox error={problem} />}
      <Loaded query={members} height={96}>
        {({ rows }) => (
          <div className="table-scroll" tabIndex={0} role="region" aria-label={t("settings.team")}>
            <table className="data">
              <thead>
                <tr>
                  <th scope="col">{t("settings.email")}</th>
                  <th scope="col">{t("settings.name")}</th>
                  <th scope="col">{t("settings.role")}</th>
                  <th scope="col">
                    <span className="hidden">{t("settings.remove")}</span>
                  </th>
                </tr>
              </thead>
              <tbody>{rows.map(row)}</tbody>
            </table>
          </div>
        )}
      </Loaded>
      {inviting && <Invite onClose={() => setInviting(false)} changed={changed} />}
      {leaving && (
        <Remove title={t("settings.remove_title", { name: leaving.email })} text={t("settings.remove_member_text")} remove={() => removeMember(leaving.id)} changed={changed} onClose={() => setLeaving(null)} />
      )}
    </section>
  );
}

function Invite(props: { onClose: () => void; changed: () => Promise<void> }) {
  const { t } = useWords();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("editor");
  const [link, setLink] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const good = /^[^\s@]+@[^\s@]+$/.test(email.trim());
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!good) return;
    setProblem(null);
    try {
      setLink((await inviteMember(email.trim(), name.trim(), role)).link);
      await props.changed();
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <Dialog title={t("settings.invite")} onClose={props.onClose}>
      {link !== null ? (
        <Secret lead={t("settings.invite_done", { email: email.trim() })} secret={link} onDone={props.onClose} />
      ) : (
        <form className="stack" noValidate onSubmit={(event) => void submit(event)}>
          {problem !== null && <ErrorBox error={problem} />}
          <TextField type="email" label={t("settings.email")} value={email} onChange={setEmail} error={tried && !good ? t("settings.error.email") : null} required />
          <TextField label={`${t("settings.name")} (${t("costs.optional")})`} value={name} onChange={setName} />
          <Select label={t("settings.role")} value={role} choices={roleNames.map((value) => ({ value, label: t(`settings.role.${value}`) }))} onChange={(value) => setRole(value as Role)} />
          <div className="actions">
            <button type="button" className="button" onClick={props.onClose}>
              {t("settings.cancel")}
            </button>
            <button type="submit" className="button primary">
              {t("settings.invite_make")}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
