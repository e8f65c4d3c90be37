// Do they come back? Customers by the period of their first order, and what became of them in each period after it.
import { type CSSProperties, type KeyboardEvent, useCallback, useMemo, useRef, useState } from "react";
import { useCohorts, useShop } from "../../api/questions";
import { type CohortRow, type CohortsAnswer, windowDays } from "../../api/rows";
import { next } from "../../state/days";
import { useView } from "../../state/use_view";
import type { Formats } from "../../state/formats";
import { CanvasChart, type CanvasChartHandle, ChartFrame, PngButton } from "../../ui/Chart";
import { type Column, CsvButton } from "../../ui/DataTable";
import { Select, Switch } from "../../ui/Fields";
import { Count, Num, type NumProps } from "../../ui/Figure";
import { Notes, usePlacedNotes } from "../../ui/Notes";
import { Page } from "../../ui/Page";
import { Empty, Loaded } from "../../ui/states";
import { To } from "../../ui/To";
import { timeOption } from "../../ui/time_chart";
import { Said } from "../../ui/Said";
import { useNarrow } from "../../ui/use_media";
import { svgPicture } from "../../ui/Waterfall";
import { useWords } from "../../words/words";
import { behindCell, cohortsIn, columnsOnPaper, depth, grid, type Mode, modes, moved, type Show, shows, valueAt, valueOf } from "./heat";
import { heatSvg } from "./picture";

// Fewer cohorts than these make no mean to speak of; the grid has all of them.
const fewCohorts = 3;

export default function Cohorts() {
  const { t } = useWords();
  const { search, setParams } = useView();
  const mode: Mode = modes.find((one) => one === search.get("mode")) ?? "on";
  const show: Show = shows.find((one) => one === search.get("show")) ?? "rate";
  const query = useCohorts(mode);
  return (
    <Page
      title={t("cohorts.title")}
      filters={["period", "grain", "window", "basis", "split", "compare"]}
      ownWindow={query.data ? windowDays(query.data) : undefined}
      bar={
        <>
          <Switch label={t("cohorts.mode")} showLabel value={mode} onChange={(value) => setParams({ mode: value === "on" ? null : value })} choices={modes.map((one) => ({ value: one, label: t(`cohorts.mode.${one}`) }))} />
          <Select label={t("cohorts.show")} value={show} onChange={(value) => setParams({ show: value === "rate" ? null : value })} choices={shows.map((one) => ({ value: one, label: t(`cohorts.show.${one}`) }))} />
        </>
      }
      answer={query.data ? <Sentence answer={query.data} mode={mode} /> : null}
      lead={t(`cohorts.lead.${mode}`, { first: useFirst() })}
    >
      <Loaded query={query} height={640}>
        {(answer) => (answer.rows.every((row) => row.size === 0) ? <Empty title={t("cohorts.none")}>{t("retention.none.say")}</Empty> : <Answered answer={answer} mode={mode} show={show} />)}
      </Loaded>
    </Page>
  );
}

// A mean of cohorts is of nobody in particular: it opens what it means.
const meanRate = { rate: { field: "weighted" } };

// Where a cohort begins: with an order, where customers are counted by orders.
function useFirst(): string {
  const { t } = useWords();
  return t(useView().view.basis === "orders" ? "cohorts.first" : "cohorts.first.other");
}

// "18 % come back in the period after their first order. After 12 periods it is 16 %", from the weighted means.
function Sentence(props: { answer: CohortsAnswer; mode: Mode }) {
  const { t, formats } = useWords();
  const mean = (k: number) => props.answer.means.find((one) => one.k === k && one.weighted !== null && one.cohorts > 0);
  const first = mean(1);
  const last = [...props.answer.means].reverse().find((one) => one.k > 1 && one.weighted !== null && cohortsIn(props.answer.rows, one.k) >= fewCohorts);
  const from = useFirst();
  if (!first || first.weighted === null) return <>{t("cohorts.answer.none")}</>;
  return (
    <>
      <Said words={`cohorts.answer.${props.mode}`} values={{ rate: formats.percent(first.weighted), first: from }} numbers={meanRate} />
      {last && last.weighted !== null && (
        <>
          {" "}
          <Said words="cohorts.answer.last" values={{ rate: formats.percent(last.weighted), k: last.k }} numbers={meanRate} />
        </>
      )}
    </>
  );
}

function Answered(props: { answer: CohortsAnswer; mode: Mode; show: Show }) {
  const { t, formats } = useWords();
  const { view, search, setParams } = useView();
  const { answer, mode, show } = props;
  const parts = useMemo(() => {
    const sizes = new Map<string | null, number>();
    for (const row of answer.rows) sizes.set(row.split, (sizes.get(row.split) ?? 0) + row.size);
    return [...sizes].sort((a, b) => b[1] - a[1]).map(([part]) => part);
  }, [answer]);
  const asked = search.get("part");
  const part = view.split === null ? null : (parts.find((one) => (one ?? "") === asked) ?? parts[0] ?? null);
  const rows = useMemo(() => (view.split === null ? answer.rows : answer.rows.filter((row) => row.split === part)), [answer, part, view.split]);
  const columns = useCsvColumns(rows, show);
  // The rows are the time axis: a note stands beside the cohort of its day.
  const spans = useMemo(() => rows.map((row, i) => ({ period_start: row.cohort, period_end: rows[i + 1]?.cohort ?? next(view.grain, row.cohort) })), [rows, view.grain]);
  const placed = usePlacedNotes(spans);
  const cohortWord = view.basis === "orders" ? "cohorts.cohort" : "cohorts.cohort.other";
  const currency = useShop().shop?.currency ?? null;
  const first = useFirst();
  const nameOf = useCallback((row: CohortRow) => (/^\d*(d|w|mo)$/.test(view.grain) ? formats.day(row.cohort) : formats.periodShort(row.cohort, next(view.grain, row.cohort))), [formats, view.grain]);
  const write = useMemo(() => writerOf(show, formats, currency), [show, formats, currency]);
  const notesOf = (row: CohortRow) => placed.filter((one) => spans[one.mark.index]?.period_start === row.cohort).map((one) => one.mark.number);
  const picture = () => {
    const means = show === "rate" && view.split === null ? (["weighted", "plain"] as const).map((kind) => ({ name: t(`cohorts.mean.${kind}`), of: (k: number) => answer.means.find((one) => one.k === k)?.[kind] ?? null })) : [];
    const before = answer.comparison;
    if (means.length > 0 && before && view.compare) means.push({ name: t("cohorts.mean.compared", { compare: t(`compare.${view.compare}`) }), of: (k) => before.means.find((one) => one.k === k)?.weighted ?? null });
    const notes = placed.map(({ note, mark }) => ({ number: mark.number, words: `${formats.day(note.day)}: ${note.text} (${t(`mark.${note.kind}`)})` }));
    return svgPicture(heatSvg({ grid: grid(rows, show), show, mode, head: [t(cohortWord), t("cohorts.size")], nameOf, write, count: formats.count, deepest: Number(getComputedStyle(document.documentElement).getPropertyValue("--heat-max")) || 0.7, means, notesOf, notes }));
  };

  return (
    <>
      <section className="card stack" aria-labelledby="heat-title">
        <div className="chart-head">
          <div>
            <h2 id="heat-title">{t(`cohorts.heat.${show}`)}</h2>
            <p className="soft small">{t("cohorts.note", { first })}</p>
          </div>
          <div className="chart-tools">
            <CsvButton name={`cohorts-${mode}-${show}`} columns={columns} rows={rows} />
            <PngButton name={`cohorts-${mode}-${show}`} picture={picture} />
          </div>
        </div>
        {view.split !== null && (
          <div className="row">
          <Select label={t(`split.${view.split}`)} value={part ?? ""} onChange={(value) => setParams({ part: value })} choices={parts.map((one) => ({ value: one ?? "", label: one ?? t("split.unknown") }))} />
          </div>
        )}
        <HeatMap rows={rows} answer={answer} mode={mode} show={show} nameOf={nameOf} withMeans={view.split === null} notesOf={notesOf} />
        <Notes placed={placed} />
      </section>
      {show === "rate" && view.split === null && <Curve answer={answer} mode={mode} />}
    </>
  );
}

function useCsvColumns(rows: readonly CohortRow[], show: Show): Column<CohortRow>[] {
  const { t } = useWords();
  const longest = Math.max(0, ...rows.map((row) => row.cells.length));
  return useMemo(() => {
    const base: Column<CohortRow>[] = [
      { key: "cohort", header: t("cohorts.cohort"), cell: () => null, raw: (row) => row.cohort },
      { key: "split", header: t("filter.split"), cell: () => null, raw: (row) => row.split },
      { key: "size", header: t("cohorts.size"), cell: () => null, raw: (row) => row.size },
    ];
    for (let k = 0; k < longest; k += 1) base.push({ key: `${show}_${k}`, header: String(k), cell: () => null, raw: (row) => valueAt(row, k, show) });
    return base;
  }, [t, show, longest]);
}

const writerOf = (show: Show, formats: Formats, currency: string | null) => (value: number | null) => (show === "rate" ? formats.percent(value) : show === "customers" ? formats.count(value) : formats.money(value, currency, true));

type Means = CohortsAnswer["means"];
interface MeanRow {
  kind: "weighted" | "plain";
  name: string;
  of: Means;
}
const meanAt = (means: Means, k: number) => means.find((one) => one.k === k);
// Up to the last age that any cohort has whole.
const meansIn = (row: MeanRow, columns: number) => Math.max(0, ...row.of.filter((mean) => mean.k < columns && mean[row.kind] !== null).map((mean) => mean.k + 1));

// A mean is of nobody in particular: it leads to what it means, and its card says of whom it is made, or of how many cohorts.
function MeanValue(props: { kind: MeanRow["kind"]; mean: Means[number] | undefined } & Partial<Pick<NumProps, "tabIndex" | "cell" | "onFocus">>) {
  const { t, formats } = useWords();
  const { kind, mean, ...place } = props;
  const made = !mean || mean.cohorts === 0 ? {} : kind === "weighted" ? { n: mean.customers, d: mean.size } : { of: t("cohorts.of", { n: mean.cohorts }) };
  return (
    <Num field={kind} {...made} {...place}>
      {formats.percent(mean?.[kind])}
    </Num>
  );
}

function HeatMap(props: { rows: readonly CohortRow[]; answer: CohortsAnswer; mode: Mode; show: Show; nameOf: (row: CohortRow) => string; withMeans: boolean; notesOf: (row: CohortRow) => readonly number[] }) {
  const { t, formats } = useWords();
  const { href, view } = useView();
  const currency = useShop().shop?.currency ?? null;
  const { show, mode, answer, nameOf } = props;
  const made = useMemo(() => grid(props.rows, show), [props.rows, show]);
  const [at, setAt] = useState({ row: 0, column: 0 });
  const table = useRef<HTMLTableElement>(null);
  // The means stand below the cells, and the arrow keys go on into them.
  const means = useMemo<MeanRow[]>(() => {
    if (show !== "rate" || !props.withMeans) return [];
    const then = view.compare && answer.comparison ? answer.comparison.means : null;
    return [
      { kind: "weighted", name: t("cohorts.mean.weighted"), of: answer.means },
      { kind: "plain", name: t("cohorts.mean.plain"), of: answer.means },
      ...(then && view.compare ? [{ kind: "weighted" as const, name: t("cohorts.mean.compared", { compare: t(`compare.${view.compare}`) }), of: then }] : []),
    ];
  }, [show, props.withMeans, answer, view.compare, t]);
  const lengths = useMemo(() => [...made.rows.map((row) => Math.min(made.columns, row.cells.length)), ...means.map((row) => meansIn(row, made.columns))], [made, means]);
  const write = useMemo(() => writerOf(show, formats, currency), [show, formats, currency]);
  const onKeyDown = (event: KeyboardEvent) => {
    const to = moved(lengths, at, event.key);
    if (!to) return;
    event.preventDefault();
    setAt(to);
    table.current?.querySelector<HTMLElement>(`[data-cell="${to.row},${to.column}"]`)?.focus();
  };
  const ks = Array.from({ length: made.columns }, (_, k) => k);
  const inRange = at.row < lengths.length && at.column < (lengths[at.row] ?? 0);
  return (
    <>
      {made.hidden > 0 && <p className="small soft">{t("cohorts.shown", { shown: made.rows.length, all: made.rows.length + made.hidden })}</p>}
      {made.columns > columnsOnPaper && <p className="small soft paper-only">{t("cohorts.paper", { n: columnsOnPaper })}</p>}
      <div className="table-scroll heat-scroll">
        <table className="heat" aria-label={t(`cohorts.heat.${show}`)} ref={table} onKeyDown={onKeyDown}>
          <thead>
            <tr>
              <th scope="col" className="first">{t(view.basis === "orders" ? "cohorts.cohort" : "cohorts.cohort.other")}</th>
              <th scope="col">{t("cohorts.size")}</th>
              {ks.map((k) => (
                <th key={k} scope="col">
                  +{formats.count(k)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {made.rows.map((row, i) => (
              <tr key={`${row.cohort} ${row.split ?? ""}`} className={row.warming_up ? "warming" : undefined}>
                <th scope="row" className="first">
                  {nameOf(row)}
                  {props.notesOf(row).map((number) => (
                    <span key={number} className="note-number beside">{formats.count(number)}</span>
                  ))}
                </th>
                <td className="size">
                  <Count field="size" value={row.size} people={{ behind: behindCell(row, null) }} />
                </td>
                {row.cells.slice(0, made.columns).map((cell, k) => {
                  const value = valueOf(cell, show);
                  const here = inRange ? at.row === i && at.column === k : i === 0 && k === 0;
                  const style = { "--a": cell.k === 0 && show === "rate" && mode !== "active" ? 0 : depth(value, made.most) } as CSSProperties;
                  return (
                    <td key={cell.k} className={cell.complete ? undefined : "unfinished"} style={style}>
                      <To
                        href={href("/people", { behind: behindCell(row, cell.k), mode: mode === "on" ? null : mode })}
                        tabIndex={here ? 0 : -1}
                        data-cell={`${i},${k}`}
                        data-term={show === "rate" ? "rate" : show}
                        data-page="cohorts"
                        data-people=""
                        data-n={cell.rate.n}
                        data-d={cell.rate.d}
                        data-low={cell.rate.low ?? undefined}
                        data-high={cell.rate.high ?? undefined}
                        aria-label={t("cohorts.cell", { cohort: nameOf(row), k: cell.k, customers: formats.count(cell.customers), size: formats.count(row.size), value: write(value) })}
                        onFocus={() => setAt({ row: i, column: k })}
                      >
                        {write(value)}
                      </To>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
          {means.length > 0 && (
            <tfoot>
              {means.map((row, j) => {
                const i = made.rows.length + j;
                return (
                  <tr key={row.name}>
                    <th scope="row" className="first">{row.name}</th>
                    <td />
                    {ks.map((k) => (
                      <td key={k}>{k < lengths[i]! && <MeanValue kind={row.kind} mean={meanAt(row.of, k)} tabIndex={at.row === i && at.column === k ? 0 : -1} cell={`${i},${k}`} onFocus={() => setAt({ row: i, column: k })} />}</td>
                    ))}
                  </tr>
                );
              })}
            </tfoot>
          )}
        </table>
      </div>
    </>
  );
}

function Curve(props: { answer: CohortsAnswer; mode: Mode }) {
  const { t, formats } = useWords();
  const { view } = useView();
  const compact = useNarrow();
  const handle = useRef<CanvasChartHandle | null>(null);
  const comparison = view.compare ? props.answer.comparison : undefined;
  const comparedName = view.compare ? t("cohorts.mean.compared", { compare: t(`compare.${view.compare}`) }) : "";
  const before = useCallback((k: number) => comparison?.means.find((mean) => mean.k === k)?.weighted ?? null, [comparison]);
  const means = useMemo(() => props.answer.means.filter((mean) => mean.k > 0 && mean.cohorts >= fewCohorts && mean.weighted !== null), [props.answer]);
  const columns = useMemo<Column<CohortsAnswer["means"][number]>[]>(
    () => [
      { key: "k", header: "+", cell: (mean) => formats.count(mean.k), raw: (mean) => mean.k },
      { key: "weighted", header: t("cohorts.mean.weighted"), align: "right", cell: (mean) => <MeanValue kind="weighted" mean={mean} />, raw: (mean) => mean.weighted },
      { key: "plain", header: t("cohorts.mean.plain"), align: "right", cell: (mean) => <MeanValue kind="plain" mean={mean} />, raw: (mean) => mean.plain },
      { key: "cohorts", header: t("cohorts.count"), align: "right", cell: (mean) => formats.count(mean.cohorts), raw: (mean) => mean.cohorts },
      ...(comparison ? [{ key: "compared_weighted", header: comparedName, align: "right" as const, cell: (mean: Means[number]) => <MeanValue kind="weighted" mean={comparison.means.find((one) => one.k === mean.k)} />, raw: (mean: CohortsAnswer["means"][number]) => before(mean.k) }] : []),
    ],
    [t, formats, comparison, comparedName, before],
  );
  const chart = useMemo(() => {
    const line = (kind: "weighted" | "plain", hue: "kept" | "soft") => ({
      name: t(`cohorts.mean.${kind}`),
      hue,
      points: means.map((mean) => ({ name: `+${formats.count(mean.k)}`, value: mean[kind], complete: true, warmingUp: false, basis: t("cohorts.of", { n: mean.cohorts }) })),
    });
    return {
      axis: means.map((mean) => `+${formats.count(mean.k)}`),
      lines: comparison
        ? [line("weighted", "kept"), { name: comparedName, hue: "soft" as const, compared: true, points: means.map((mean) => ({ name: `+${formats.count(mean.k)}`, value: before(mean.k), complete: true, warmingUp: false })) }]
        : [line("weighted", "kept"), line("plain", "soft")],
      write: (value: number) => formats.percent(value),
      writeAxis: (value: number) => formats.percent(value),
      zero: true,
      most: 1,
      notes: [],
      warmingWord: "",
      compact,
    };
  }, [means, t, formats, compact, comparison, comparedName, before]);
  const option = useMemo(() => (look: Parameters<typeof timeOption>[1]) => timeOption(chart, look), [chart]);
  if (means.length < 2) return null;
  const first = means[0]!;
  const last = means.at(-1)!;
  return (
    <ChartFrame name="cohort-means" title={t(`cohorts.curve.${props.mode}`)} say={t("cohorts.curve.say")} columns={columns} rows={means} rowKey={(mean) => String(mean.k)} picture={async () => (await handle.current?.picture()) ?? null}>
      <CanvasChart label={t("chart.words", { title: t(`cohorts.curve.${props.mode}`), first: formats.percent(first.weighted), from: `+${first.k}`, last: formats.percent(last.weighted), to: `+${last.k}` })} height={280} option={option} handle={handle} />
    </ChartFrame>
  );
}
