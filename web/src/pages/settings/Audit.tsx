// Who did what, newest first.
import { useAudit } from "../../api/settings";
import { Loaded } from "../../ui/states";
import { useWords } from "../../words/words";

export function Audit(props: { zone: string | null }) {
  const { t, formats } = useWords();
  const audit = useAudit(true);
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
                  .map((row, i) => (
                    <tr key={i}>
                      <th scope="row">{formats.instant(row.at, props.zone)}</th>
                      <td>
                        <bdi>{row.actor ?? "–"}</bdi>
                      </td>
                      <td>
                        <code>{row.action}</code> <bdi>{row.what}</bdi>
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
