// What every number means: one entry for every field of the API, in the words of docs/definitions.md.
import { useEffect, useMemo, useState } from "react";
import { useDefinitions } from "../../api/questions";
import { Loaded } from "../../ui/states";
import { Page } from "../../ui/Page";
import { definitionAt } from "../../words/definition";
import { useWords } from "../../words/words";
import { groups, matching, todays } from "./groups";

export default function Definitions() {
  const { t, language } = useWords();
  const query = useDefinitions(language);
  const [wanted, setWanted] = useState("");
  const rows = useMemo(() => matching(query.data ? [...query.data.rows, ...todays(t)] : [], wanted), [query.data, wanted, t]);
  const there = query.data !== undefined;
  useEffect(() => {
    if (!there || !location.hash) return;
    const at = definitionAt(location.hash).map((id) => document.getElementById(id)).find((one) => one !== null);
    at?.scrollIntoView({ block: "start" });
    at?.focus();
  }, [there]);
  return (
    <Page title={t("definitions.title")} filters={null} lead={t("definitions.lead")}>
      <Loaded query={query} height={640}>
        {() => (
          <section className="card stack" aria-label={t("definitions.title")}>
            <input className="input no-print" style={{ maxWidth: 320 }} type="search" aria-label={t("definitions.search")} placeholder={t("definitions.search")} value={wanted} onChange={(event) => setWanted(event.target.value)} />
            <p className="hidden" role="status">
              {t("definitions.found", { n: rows.length })}
            </p>
            {groups(rows).map((group) => (
            <div key={group.page}>
            <h2>{t(`definitions.group.${group.page}`)}</h2>
            <dl className="terms">
              {group.entries.map((row) => (
                <div key={row.id} id={row.id} tabIndex={-1}>
                  <dt>
                    <strong>{row.term}</strong> <code>{row.field}</code>
                  </dt>
                  <dd>
                    <p>{row.sentence}</p>
                    {row.formula && (
                      <p>
                        <code>{row.formula}</code>
                      </p>
                    )}
                  </dd>
                </div>
              ))}
            </dl>
            </div>
            ))}
            {rows.length === 0 && <p className="soft">{t("definitions.none")}</p>}
          </section>
        )}
      </Loaded>
    </Page>
  );
}
