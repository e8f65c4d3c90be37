// Is it true for this shop? What is often said about keeping customers, beside what this shop's orders say.
import { useState } from "react";
import { useClaims, useShop } from "../../api/questions";
import { type ClaimRow, windowDays } from "../../api/rows";
import { dayIn } from "../../state/days";
import { PngButton } from "../../ui/Chart";
import { type Column, CsvButton, DataTable } from "../../ui/DataTable";
import { Count, Num } from "../../ui/Figure";
import { Page } from "../../ui/Page";
import { Loaded } from "../../ui/states";
import { svgPicture } from "../../ui/Waterfall";
import { english, type Key } from "../../words/catalogue";
import { useWords } from "../../words/words";
import { claimsSvg } from "./picture";
import { isTimes, scaleOf } from "./scale";

const known = (key: string): key is Key => key in english;

export default function Claims() {
  const { t, formats } = useWords();
  const query = useClaims();
  const { shop } = useShop();
  const write = (row: ClaimRow, value: number | null) => (value === null ? formats.percent(null) : isTimes(row.name) ? t("times", { n: formats.decimal(value, 1) }) : formats.percent(value));
  const nameOf = (row: ClaimRow) => (known(`claims.${row.name}`) ? t(`claims.${row.name}` as Key) : row.name);
  const publishedOf = (row: ClaimRow) => (row.published_low === row.published_high ? write(row, row.published_low) : t("span", { low: write(row, row.published_low), high: write(row, row.published_high) }));
  const whyOf = (row: ClaimRow) => {
    const why = row.why === null ? null : `claims.why.${row.why.split(".").at(-1)}`;
    return why && known(why) ? t(why) : null;
  };
  const own = (row: ClaimRow) => (
    <Num field="value" people={row.value !== null && row.people > 0 ? { behind: `claim:${row.name}` } : null}>
      {write(row, row.value)}
    </Num>
  );
  const columns: Column<ClaimRow>[] = [
    { key: "name", header: t("claims.claim"), cell: nameOf, raw: (row) => row.name },
    { key: "published_low", header: t("claims.published"), align: "right", cell: publishedOf, raw: (row) => row.published_low },
    { key: "published_high", header: "", cell: () => null, raw: (row) => row.published_high },
    { key: "value", header: t("claims.own"), align: "right", cell: own, raw: (row) => row.value },
    { key: "low", header: t("card.interval"), align: "right", cell: (row) => (row.low === null ? formats.percent(null) : t("span", { low: write(row, row.low), high: write(row, row.high) })), raw: (row) => row.low },
    { key: "high", header: "", cell: () => null, raw: (row) => row.high },
    { key: "people", header: t("claims.people"), align: "right", cell: (row) => <Count field="people" value={row.people} people={{ behind: `claim:${row.name}` }} />, raw: (row) => row.people },
    { key: "verdict", header: t("claims.verdict"), cell: (row) => t(`claims.verdict.${row.verdict}`), raw: (row) => row.verdict },
    { key: "why", header: t("claims.why"), cell: whyOf, raw: (row) => row.why },
  ];
  const shown = columns.filter((column) => column.header !== "");
  const [table, setTable] = useState(false);
  const rows = query.data?.rows ?? [];
  const asked = query.data?.comparison?.as_of;
  const thenDay = asked && shop ? dayIn(shop.zone, asked) : null;
  const count = (verdict: ClaimRow["verdict"]) => rows.filter((row) => row.verdict === verdict).length;
  return (
    <Page title={t("claims.title")} filters={["window", "basis", "compare"]} ownWindow={query.data ? windowDays(query.data) : undefined} answer={!query.data ? null : count("cannot_tell") === rows.length ? t("claims.answer.none") : count("false") === rows.length ? t("claims.answer.all_false") : count("true") === rows.length ? t("claims.answer.all_true") : t("claims.answer", { yes: count("true"), no: count("false"), unsure: count("cannot_tell") })} lead={t("claims.lead")}>
      <Loaded query={query} height={640}>
        {() => (
          <section className="stack" aria-label={t("claims.title")}>
            <div className="row between">
              <span />
              <div className="chart-tools">
                <button type="button" className="button plain" aria-pressed={table} onClick={() => setTable(!table)}>
                  {t("chart.table")}
                </button>
                <CsvButton name="claims" columns={columns} rows={rows} />
                <PngButton name="claims" picture={() => svgPicture(claimsSvg(rows.map((row) => ({ ...row, title: nameOf(row), said: t("claims.scale", { own: write(row, row.value), published: publishedOf(row) }) }))))} />
              </div>
            </div>
            {table && <DataTable label={`${t("claims.title")}: ${t("chart.table")}`} columns={shown} rows={rows} rowKey={(row) => row.name} height={360} />}
            {!table && rows.map((row, index) => {
              const then = query.data?.comparison?.rows[index];
              const why = whyOf(row);
              return (
                <article className="card claim" key={row.name}>
                  <div>
                    <h2>{nameOf(row)}</h2>
                    <p>
                      <span className={`badge ${row.verdict === "true" ? "yes" : row.verdict === "false" ? "no" : ""}`}>
                        {row.verdict === "true" ? "✓ " : row.verdict === "false" ? "✗ " : "? "}
                        {t(`claims.verdict.${row.verdict}`)}
                      </span>
                      {why && <span className="soft small"> {why}</span>}
                    </p>
                  </div>
                  <dl>
                    <dt>{t("claims.own")}</dt>
                    <dd className="big">{own(row)}</dd>
                    {then && thenDay && (
                      <>
                        <dt>{t("claims.then", { day: formats.day(thenDay) })}</dt>
                        <dd>{then.value === null ? t("claims.verdict.cannot_tell") : write(then, then.value)}</dd>
                      </>
                    )}
                    <dt>{t("card.interval")}</dt>
                    <dd>{row.low === null ? formats.percent(null) : t("span", { low: write(row, row.low), high: write(row, row.high) })}</dd>
                    <dt>{t("claims.published")}</dt>
                    <dd>{publishedOf(row)}</dd>
                    <dt>{t("claims.people")}</dt>
                    <dd>
                      <Count field="people" value={row.people} people={{ behind: `claim:${row.name}` }} />
                    </dd>
                  </dl>
                  <Scale row={row} label={t("claims.scale", { own: write(row, row.value), published: publishedOf(row) })} />
                </article>
              );
            })}
          </section>
        )}
      </Loaded>
    </Page>
  );
}

// Where the shop's figure lies beside what is claimed: a bar for the claim, a dot with whiskers for the shop.
function Scale(props: { row: ClaimRow; label: string }) {
  const { t } = useWords();
  const scale = scaleOf(props.row, 280);
  if (!scale) return <span />;
  const middle = (scale.claimed[0] + scale.claimed[1]) / 2;
  return (
    <svg viewBox="0 0 280 56" role="img" aria-label={props.label} className="claim-scale">
      <path d="M0 32H280" stroke="var(--line-strong)" />
      {scale.zero !== null && <path d={`M${scale.zero} 26v12`} stroke="var(--line-strong)" />}
      <rect x={scale.claimed[0] - 1.5} y="20" width={Math.max(3, scale.claimed[1] - scale.claimed[0])} height="24" fill="var(--soft)" opacity={scale.claimed[1] > scale.claimed[0] ? 0.35 : 1} />
      {scale.interval && <path d={`M${scale.interval[0]} 32H${scale.interval[1]}M${scale.interval[0]} 27v10M${scale.interval[1]} 27v10`} stroke="var(--kept)" strokeWidth="2" fill="none" />}
      <circle cx={scale.own} cy="32" r="5" fill="var(--kept)" />
      <text x={Math.min(280, Math.max(0, middle))} y="14" textAnchor={middle > 220 ? "end" : middle < 60 ? "start" : "middle"}>
        {t("claims.published")}
      </text>
    </svg>
  );
}
