// Who did what, newest first.
import { type AuditRow, useAudit, useMembers } from "../../api/settings";
import { address } from "../../api/contract";
import { CsvLink } from "../../ui/DataTable";
import { Loaded } from "../../ui/states";
import { english, type Key } from "../../words/catalogue";
import { useWords } from "../../words/words";

export function Audit(props: { zone: string | null }) {
  const { t, formats } = useWords();
  const audit = useAudit(true);
  const members = useMembers(true);
  const email = (id: string | null) => members.data?.rows.find((member) => member.id === id)?.email;
  const who = ({ kind, id }: AuditRow["actor"]) => (kind === "user" ? (email(id) ?? `#${id ?? ""}`) : t(`settings.actor.${kind}`, { id: id ?? "" }));
  // A newer server may know deeds, and details of them, that this page has no word for.
  const word = (key: string) => (key in english ? t(key as Key) : null);
  const about = ({ subject, detail }: AuditRow) => {
    const whom = subject?.id ? ((subject.kind === "user" ? email(subject.id) : undefined) ?? `#${subject.id}`) : null;
    const told = Object.entries(detail ?? {}).flatMap(([key, value]) => (Array.isArray(value) ? value : [value]).map((one) => [key, one] as const));
    const how = told.map(([key, value]) => word(`settings.${key}.${String(value)}`) ?? (key === "purpose" ? null : `${key} ${String(value)}`));
    return [whom, ...how].filter(Boolean).join(", ");
  };
  return (
    <section className="card stack">
      <div className="chart-head">
        <h2>{t("settings.audit")}</h2>
        <div className="chart-tools">
          <CsvLink href={address("/api/v1/audit", { format: "csv" })} />
        </div>
      </div>
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
                        <bdi>{who(row.actor)}</bdi>
                      </td>
                      <td>
                        {word(`settings.did.${row.action}`) ?? <code>{row.action}</code>} {row.times > 1 && <>× {formats.count(row.times)} </>}
                        <bdi className="soft">{about(row)}</bdi>
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
