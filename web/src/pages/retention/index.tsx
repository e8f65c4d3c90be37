// Are we keeping our customers?
import { useMemo, useRef, useState } from "react";
import { type Rate, type RetentionAnswer, type RetentionRow, windowDays } from "../../api/rows";
import { useInfiniteBehind, useRetention, useRetentionParts } from "../../api/questions";
import { useLinks, useView } from "../../state/use_view";
import { CanvasChart, type CanvasChartHandle, ChartFrame } from "../../ui/Chart";
import { AllPeriods } from "../../ui/AllPeriods";
import { type Column, CsvLink } from "../../ui/DataTable";
import { Select, Switch } from "../../ui/Fields";
import { CardName, Compared, Count, Money, Num, type People, peopleOf, peopleOfCompared, RateValue } from "../../ui/Figure";
import { Notes, usePlacedNotes } from "../../ui/Notes";
import { Page } from "../../ui/Page";
import { PeopleTable } from "../../ui/PeopleTable";
import { RateHeadline } from "../../ui/RateHeadline";
import { Empty, Loaded } from "../../ui/states";
import { timeOption } from "../../ui/time_chart";
import { To } from "../../ui/To";
import { Trend } from "../../ui/Trend";
import { useNarrow } from "../../ui/use_media";
import { svgPicture, Waterfall } from "../../ui/Waterfall";
import { fieldTerm } from "../../words/fields";
import { useWords } from "../../words/words";
import { Answer } from "./Answer";
import { chosen, partsBySize, tooFew, trendOf } from "./choose";
import { isRate, measures, partLines, wholeLines } from "./over_time";

export default function Retention() {
  const { t } = useWords();
  const query = useRetention();
  return (
    <Loaded query={query} height={800} title={t("retention.title")}>
      {(answer) =>
        answer.rows.length === 0 ? (
          <Page title={t("retention.title")}>
            <Empty title={t("retention.none")}>{t("retention.none.say")}</Empty>
          </Page>
        ) : (
          <Answered answer={answer} />
        )
      }
    </Loaded>
  );
}

function Answered(props: { answer: RetentionAnswer }) {
  const { t, formats } = useWords();
  const { view, search, setParams } = useView();
  const { answer } = props;
  const { rows } = answer;
  const index = chosen(rows, search.get("at"));
  const row = rows[index]!;
  const period = formats.period(row.period_start, row.period_end);
  const svg = useRef<SVGSVGElement | null>(null);
  const behind = (field: string): People => ({ behind: field, from: row.period_start, to: row.period_end });
  const compared = answer.comparison?.rows[index];
  const lead = [
    row.complete ? t(search.get("at") === row.period_start ? "retention.period.chosen" : "retention.period", { period }) : t("retention.unfinished", { period, day: formats.day(row.evaluated_to, "dayMonth") }),
    t(`retention.customer.${view.basis}`, { days: windowDays(answer) }),
  ].join(" ");
  const fall = useMemo(() => [row], [row]);

  return (
    <Page title={t("retention.title")} ownWindow={windowDays(answer)} answer={<Answer row={row} />} lead={lead}>
      {row.warming_up ? (
        <p className="notice">{t("retention.warming", { start: formats.day(answer.history_start, "long"), days: windowDays(answer) })}</p>
      ) : row.new_at_most ? (
        <p className="small soft">{t("retention.at_most", { start: formats.day(answer.history_start, "long") })}</p>
      ) : null}
      <h2 className="hidden">{t("retention.headline")}</h2>
      <section className="grid-cards" aria-label={t("retention.headline")}>
        <RateCard field="crr_strict" row={row} rows={rows} index={index} compared={compared} read={(one) => one.crr_strict} people={behind} />
        <RateCard field="churn_rate" row={row} rows={rows} index={index} compared={compared} read={(one) => one.churn_rate} people={behind} />
        <RateCard field="returning_rate" row={row} rows={rows} index={index} compared={compared} read={(one) => one.returning_rate} people={behind} />
        <RateCard field="repeat_rate" row={row} rows={rows} index={index} compared={compared} read={(one) => one.repeat_rate} people={behind} />
        <RateCard field="crr" row={row} rows={rows} index={index} compared={compared} read={(one) => one.crr} people={behind} />
        {(["gross_retention", "net_retention"] as const).map(
          (field) =>
            row[field] != null && (
              <article className="figure" key={field}>
                <CardName>{fieldTerm(t, field)}</CardName>
                <p className="big">
                  <Num field={field} people={peopleOf(field, row)}>{formats.percent(row[field])}</Num>
                </p>
                <Trend values={trendOf(rows, index, (one) => one[field] ?? null)} label={t("trend.label", { field: fieldTerm(t, field) })} />
              </article>
            ),
        )}
      </section>
      <div className="grid-2">
        <ChartFrame
          name={`customers-${row.period_start}`}
          title={t("retention.waterfall")}
          say={t("retention.waterfall.say", { period })}
          columns={useRetentionColumns().slice(0, 8)}
          rows={fall}
          rowKey={(one) => one.period_start}
          picture={() => svgPicture(svg.current)}
        >
          <Waterfall row={row} svg={svg} label={t("retention.waterfall.say", { period })} />
          {row.one_and_gone > 0 && <p className="small soft">{t("retention.one_and_gone", { n: row.one_and_gone })}</p>}
        </ChartFrame>
        <WhoPanel row={row} usual={row.complete && view.period === "all" && search.get("at") === null} grain={typeof answer.definitions.grain === "string" ? answer.definitions.grain : undefined} />
      </div>
      <OverTime answer={answer} onPick={(i) => rows[i] && setParams({ at: rows[i].period_start })} />
      <PeriodTable answer={answer} />
    </Page>
  );
}

function RateCard(props: {
  field: string;
  row: RetentionRow;
  rows: readonly RetentionRow[];
  index: number;
  compared?: RetentionRow;
  read: (row: RetentionRow) => Rate | null;
  people: (field: string) => People | null;
}) {
  const { t, formats } = useWords();
  const { field, row, compared, read } = props;
  const rate = read(row);
  const then = compared ? read(compared) : null;
  const few = rate !== null && tooFew(rate);
  return (
    <article className="figure">
      <CardName>{fieldTerm(t, field)}</CardName>
      <RateHeadline field={field} rate={rate} people={props.people(field)} few={few} />
      {then?.value != null && compared && (
        <Compared field={field} people={then.n > 0 ? peopleOfCompared(field, compared) : null} period={formats.periodShort(compared.period_start, compared.period_end)} value={formats.percent(then.value)} />
      )}
      <Trend values={trendOf(props.rows, props.index, (one) => read(one)?.value ?? null)} label={t("trend.label", { field: fieldTerm(t, field) })} />
    </article>
  );
}

const who = ["lost", "retained", "new", "reactivated"] as const;

// `grain`: of the answer that the row is from. While another grain is on its way the row is still of the one before, and its period
// would lie off the new one's boundaries. The last complete period is what the question is of when it names none: then its people are
// asked for beside the figures, and not after them.
function WhoPanel(props: { row: RetentionRow; grain: string | undefined; usual: boolean }) {
  const { t } = useWords();
  const [field, setField] = useState<(typeof who)[number]>("lost");
  const { query, rows, total, more, csv } = useInfiniteBehind(field, { ...(props.usual ? {} : { grain: props.grain, from: props.row.period_start, to: props.row.period_end }), split: null }, true, 40);
  return (
    <section className="card stack no-print" aria-label={t("retention.people")}>
      <div className="chart-head">
        <h2>{t("retention.people")}</h2>
        <div className="chart-tools">
          <CsvLink href={csv} />
        </div>
      </div>
      <Switch label={t("retention.people")} value={field} onChange={setField} choices={who.map((one) => ({ value: one, label: `${fieldTerm(t, one)}` }))} />
      <Loaded query={query} height={240}>
        {() => (rows?.length ? <PeopleTable rows={rows} total={total} more={more} label={fieldTerm(t, field)} height={232} /> : <p className="soft">{t("people.nobody")}</p>)}
      </Loaded>
    </section>
  );
}

export function useRetentionColumns(withSplit = false): Column<RetentionRow>[] {
  const { t, formats } = useWords();
  const { href } = useLinks();
  return useMemo(() => {
    const count = (field: "customers_start" | "lost" | "retained" | "new" | "one_and_gone" | "reactivated" | "customers_end" | "orders" | "buyers"): Column<RetentionRow> => ({
      key: field,
      header: fieldTerm(t, field),
      align: "right",
      screenOnly: field === "one_and_gone" || field === "buyers",
      cell: (row) => <Count field={field} value={row[field]} people={peopleOf(field, row, withSplit)} />,
      raw: (row) => row[field],
    });
    const rate = (field: "crr_strict" | "churn_rate" | "crr" | "returning_rate" | "repeat_rate"): Column<RetentionRow> => ({
      key: field,
      header: fieldTerm(t, field),
      align: "right",
      screenOnly: field === "crr",
      cell: (row) => <RateValue field={field} rate={row[field]} people={peopleOf(field, row, withSplit)} />,
      raw: (row) => row[field].value,
    });
    return [
      {
        key: "period_start",
        header: t("column.period"),
        cell: (row) => (
          <>
            <To href={href("/retention", { at: row.period_start })}>{formats.periodHead(row.period_start, row.period_end)}</To>
            {!row.complete && <span className="badge warn">{t("period.unfinished")}</span>}
            {row.warming_up && <span className="badge hatched">{t("period.warming")}</span>}
          </>
        ),
        raw: (row) => row.period_start,
      },
      ...(withSplit ? [{ key: "split", header: t("filter.split"), cell: (row: RetentionRow) => row.split ?? t("split.unknown"), raw: (row: RetentionRow) => row.split }] : []),
      count("customers_start"),
      count("lost"),
      count("retained"),
      count("new"),
      count("reactivated"),
      count("customers_end"),
      rate("crr_strict"),
      rate("churn_rate"),
      rate("crr"),
      rate("returning_rate"),
      rate("repeat_rate"),
      count("one_and_gone"),
      count("buyers"),
      count("orders"),
      {
        key: "revenue_minor",
        header: fieldTerm(t, "revenue_minor"),
        align: "right",
        cell: (row) => <Money field="revenue_minor" minor={row.revenue_minor} people={peopleOf("revenue_minor", row, withSplit)} />,
        raw: (row) => row.revenue_minor,
      },
    ] satisfies Column<RetentionRow>[];
  }, [t, formats, withSplit, href]);
}

function OverTime(props: { answer: RetentionAnswer; onPick: (index: number) => void }) {
  const { t, formats } = useWords();
  const { view, search, setParams } = useView();
  const { answer } = props;
  const measure = measures.find((one) => one === search.get("measure")) ?? "crr_strict";
  const parts = useRetentionParts(view.split);
  const split = view.split !== null && parts.data ? parts.data.rows : null;
  const placed = usePlacedNotes(answer.rows);
  const compact = useNarrow();
  const handle = useRef<CanvasChartHandle | null>(null);
  const columns = useRetentionColumns(split !== null);
  const words = useMemo(() => ({ formats, of: (rate: { n: number; d: number }) => t("rate.of", { n: formats.count(rate.n), d: formats.count(rate.d) }) }), [formats, t]);
  const term = fieldTerm(t, measure);
  const chart = useMemo(() => {
    const named = split ? partsBySize(split, (row) => row.customers_end).slice(0, 4) : [];
    const lines = split
      ? partLines(split, answer.rows, named, measure, words, (part) => part ?? t("split.unknown"))
      : wholeLines(answer, measure, words, term, t(view.compare ? `compare.${view.compare}` : "compare.none"));
    const write = (value: number) => (isRate(measure) ? formats.percent(value) : formats.count(value));
    return {
      axis: answer.rows.map((row) => formats.periodShort(row.period_start, row.period_end)),
      lines,
      write,
      writeAxis: isRate(measure) ? (value: number) => formats.percent(value) : (value: number) => formats.count(value),
      zero: !isRate(measure),
      notes: placed.map((one) => one.mark),
      warmingWord: t("period.warming"),
      compact,
    };
  }, [answer, split, measure, words, t, term, view.compare, formats, placed, compact]);
  const option = useMemo(() => (look: Parameters<typeof timeOption>[1]) => timeOption(chart, look), [chart]);
  return (
    <ChartFrame
      name={`retention-${measure}`}
      title={t("retention.over_time")}
      say={split ? t("retention.over_time.split") : t("retention.over_time.say")}
      columns={columns}
      rows={split ?? answer.rows}
      rowKey={(row) => `${row.period_start} ${row.split ?? ""}`}
      picture={async () => (await handle.current?.picture()) ?? null}
    >
      <div className="row no-print" style={{ marginTop: 8 }}>
        <Select label={t("retention.measure")} value={measure} onChange={(value) => setParams({ measure: value === "crr_strict" ? null : value }, true)} choices={measures.map((one) => ({ value: one, label: fieldTerm(t, one) }))} />
      </div>
      <CanvasChart label={chartWords(t, term, chart.lines[0]?.points ?? [], chart.write)} height={320} option={option} handle={handle} onPick={props.onPick} />
      <Notes placed={placed} />
    </ChartFrame>
  );
}

// What the picture says, for whoever cannot see it.
function chartWords(t: ReturnType<typeof useWords>["t"], term: string, points: readonly { name: string; value: number | null; warmingUp: boolean }[], write: (value: number) => string): string {
  const known = points.filter((point) => point.value !== null && !point.warmingUp);
  const first = known[0];
  const last = known.at(-1);
  if (!first || !last) return t("chart.nothing", { title: term });
  return t("chart.words", { title: term, first: write(first.value!), from: first.name, last: write(last.value!), to: last.name });
}

function PeriodTable(props: { answer: RetentionAnswer }) {
  const { t } = useWords();
  return <AllPeriods title={t("retention.table")} name="retention" columns={useRetentionColumns()} rows={props.answer.rows} height={520} />;
}
