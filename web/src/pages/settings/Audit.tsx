// Who did what, newest first.
import { type AuditRow, useAudit, useMembers } from "../../api/settings";
import { Loaded } from "../../ui/states";
import { useWords } from "../../words/words";

export function Audit(props: { zone: string | null }) {
  const { t, formats } = useWords();
  const audit = useAudit(true);
  const members = useMembers(true);
  const nameOf = (kind: string, id: string | null) => (kind === "user" ? members.data?.rows.find((member) => member.id === id)?.email : undefined) ?? [kind, id].filter(Boolean).join(" ");
  const about = (row: AuditRow) => {
    const detail = Object.entries(row.detail ?? {}).map(([key, value]) => `${key} ${String(value)}`);
    return [row.subject ? nameOf(row.subject.kind, row.subject.id) : "", ...detail].filter(Boolean).join(", ");
  };
  return (
    <section className="card stack">
      <h2>{t("settings.audit")}</h2>
      <Loaded query={audit} height={160}>
        {({ pages }) => (
          <div className="table-scroll audit" tabIndex={0} role="region" aria-label={t("settings.audit")}>
            <table className="data">
              <thead>
                <tr>
                  <th scope="col">{t("settings.audit.when")}</th>
                  <th scope="col">{t("settings.audit.who")}</th>
                  <th scope="col">{t("settings.audit.what")}</th>
                </tr>
              </thead>
              <tbody>
                {pages
                  .flatMap((page) => page.rows)
                  .map((row) => (
                    <tr key={row.id}>
                      <th scope="row">{formats.instant(row.at, props.zone)}</th>
                      <td>
                        <bdi>{nameOf(row.actor.kind, row.actor.id)}</bdi>
                      </td>
                      <td>
                        <code>{row.action}</code> {row.times > 1 && <>× {formats.count(row.times)} </>}
                        <bdi>{about(row)}</bdi>
                      </td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
      {audit.hasNextPage && (
        <div>
          <button type="button" className="button" disabled={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
            {t("settings.more")}
          </button>
        </div>
      )}
    </section>
  );
}
