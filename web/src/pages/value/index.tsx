// What is a customer worth, and what does keeping and winning one cost?
import { type ReactNode, useMemo, useRef, useState } from "react";
import { Link } from "wouter";
import { hasPage } from "../../app/routes";
import { useCost, useShop, useValue, useValueParts, useWhatIf } from "../../api/questions";
import { type CostAnswer, type CostRow, type PeriodRow, type ValueAnswer, type ValueRow, type WhatIfRow, windowDays } from "../../api/rows";
import { next } from "../../state/days";
import type { Formats } from "../../state/formats";
import { useSettled } from "../../state/use_settled";
import { useView } from "../../state/use_view";
import { CanvasChart, type CanvasChartHandle, ChartFrame } from "../../ui/Chart";
import { AllPeriods } from "../../ui/AllPeriods";
import type { Column } from "../../ui/DataTable";
import { Select } from "../../ui/Fields";
import { CardName, Compared, Count, Money, Num, peopleOf, peopleOfCompared, Ratio } from "../../ui/Figure";
import { Notes, usePlacedNotes } from "../../ui/Notes";
import { Page } from "../../ui/Page";
import { Said } from "../../ui/Said";
import { Empty, Loaded } from "../../ui/states";
import { Slider } from "../../ui/Slider";
import { timeOption } from "../../ui/time_chart";
import { Trend } from "../../ui/Trend";
import { useNarrow } from "../../ui/use_media";
import { fieldTerm } from "../../words/fields";
import { useWords } from "../../words/words";
import { chosen, partsBySize, trendOf } from "../retention/choose";
import { costFields, type Field, isMoney, lines, valueFields, writer } from "./fields";
import { MadeOf } from "./MadeOf";

export default function Value() {
  const { t } = useWords();
  const value = useValue();
  const cost = useCost();
  return (
    <Loaded query={value} height={800} title={t("value.title")}>
      {(answer) =>
        answer.rows.length === 0 ? (
          <Page title={t("value.title")}>
            <Empty title={t("retention.none")}>{t("retention.none.say")}</Empty>
          </Page>
        ) : (
          <Loaded query={cost} height={800} title={t("value.title")}>
            {(costs) => <Answered value={answer} cost={costs} />}
          </Loaded>
        )
      }
    </Loaded>
  );
}

function Answered(props: { value: ValueAnswer; cost: CostAnswer }) {
  const { t, formats } = useWords();
  const { search, setParams, href } = useView();
  const currency = useShop().shop?.currency ?? null;
  const { value, cost } = props;
  const index = chosen(value.rows, search.get("at"));
  const row = value.rows[index]!;
  const costRow = cost.rows.find((one) => one.period_start === row.period_start) ?? null;
  const period = formats.period(row.period_start, row.period_end);
  // Before the first order there was nothing to compare with, and not nothing spent or earned.
  const known = <Row extends PeriodRow>(then: Row | undefined) => (then && value.history_start !== null && then.period_end > value.history_start ? then : undefined);
  const compared = known(value.comparison?.rows[index]);
  const costIndex = costRow ? cost.rows.indexOf(costRow) : -1;
  const comparedCost = known(cost.comparison?.rows[costIndex]);
  const bought = row.aov_minor !== null;
  const words = row.clv_minor !== null ? (bought ? "value.answer" : "value.answer.lifetime") : bought ? "value.answer.no_clv" : "value.answer.nobody";
  const said = { clv: "clv_minor", aov: "aov_minor", value: "customer_value_minor" } as const;
  const answer = (
    <Said
      words={words}
      values={{ period, clv: formats.money(row.clv_minor, currency), aov: formats.money(row.aov_minor, currency), value: formats.money(row.customer_value_minor, currency) }}
      numbers={Object.fromEntries(Object.entries(said).map(([name, field]) => [name, { field, people: peopleOf(field, row) }]))}
    />
  );
  const noCosts = cost.rows.every((one) => !one.crc_total_minor && !one.acquisition_cost_minor);
  return (
    <Page title={t("value.title")} ownWindow={windowDays(value)} answer={answer} lead={t(row.complete ? "value.period" : "value.period.unfinished", { period })}>
      <section className="stack" aria-labelledby="value-figures">
        <h2 id="value-figures">{t("value.worth")}</h2>
        <div className="grid-cards">
          {valueFields.map((field) => (
            <FigureCard key={field} field={field} row={row} compared={field === "clv_minor" ? undefined : compared /* of no period */} trend={field === "clv_minor" ? [] : trendOf(value.rows, index, (one) => one[field])}>
              {isMoney(field) ? <Money field={field} minor={row[field]} people={peopleOf(field, row)} /> : <Ratio field={field} value={row[field]} people={peopleOf(field, row)} />}
            </FigureCard>
          ))}
        </div>
      </section>
      <section className="stack" aria-labelledby="cost-figures">
        <h2 id="cost-figures">{t("value.cost")}</h2>
        {noCosts || !costRow ? (
          <div className="notice row between">
            <p>{t("value.no_costs")}</p>
            {hasPage("costs") && (
              <Link className="button" href={href("/costs")}>
                {t("nav.costs")}
              </Link>
            )}
          </div>
        ) : (
          <div className="grid-cards">
            {costFields.map((field) => (
              <FigureCard key={field} field={field} row={costRow} compared={comparedCost} trend={trendOf(cost.rows, costIndex, (one) => one[field])}>
                {field === "acquisition_roi" ? (
                  costRow.acquisition_roi === null ? (
                    <NotYet />
                  ) : (
                    <RoiValue row={costRow} value={costRow.acquisition_roi} />
                  )
                ) : field === "payback_months" ? (
                  costRow.payback_months === null ? (
                    <NotYet />
                  ) : (
                    <Count field={field} value={costRow.payback_months} people={peopleOf(field, costRow)} />
                  )
                ) : (
                  <Money field={field} minor={costRow[field]} people={peopleOf(field, costRow)} />
                )}
              </FigureCard>
            ))}
          </div>
        )}
      </section>
      <WhatIf />
      <OverTime value={value} cost={cost} onPick={(i) => value.rows[i] && setParams({ at: value.rows[i].period_start })} />
      <Table value={value} cost={cost} />
    </Page>
  );
}

function NotYet() {
  const { t } = useWords();
  return <span className="soft">{t("value.not_yet")}</span>;
}

function RoiValue(props: { row: CostRow; value: number }) {
  const { formats } = useWords();
  return <Num field="acquisition_roi" people={peopleOf("acquisition_roi", props.row)}>{formats.percent(props.value)}</Num>;
}

function FigureCard<Row extends ValueRow | CostRow>(props: { field: Field; row: Row; compared?: Row; trend: (number | null)[]; children: ReactNode }) {
  const { t, formats } = useWords();
  const currency = useShop().shop?.currency ?? null;
  const then = props.compared as Partial<Record<Field, number | null>> | undefined;
  const before = then?.[props.field];
  return (
    <article className="figure">
      <CardName>{fieldTerm(t, props.field)}</CardName>
      <p className="big long">{props.children}</p>
      <MadeOf field={props.field} row={props.row} />
      {props.compared && before != null && (
        <Compared field={props.field} people={peopleOfCompared(props.field, props.compared)} period={formats.periodShort(props.compared.period_start, props.compared.period_end)} value={writer(props.field, formats, currency)(before)} />
      )}
      <Trend values={props.trend} label={t("trend.label", { field: fieldTerm(t, props.field) })} />
    </article>
  );
}

const whatIfPoints = (rows: readonly WhatIfRow[], formats: Formats) => rows.map((row) => ({ name: formats.period(row.month, next("month", row.month)), value: row.extra_revenue_minor, complete: true, warmingUp: false }));

// "What if we kept k points more?" The slider asks the server again; nothing is reckoned here.
function WhatIf() {
  const { t, formats } = useWords();
  const { search, setParams } = useView();
  const currency = useShop().shop?.currency ?? null;
  const asked = Math.min(20, Math.max(1, Math.round(Number(search.get("points") ?? 5)) || 5));
  const [points, setPoints] = useState(asked);
  const settled = useSettled(points, 60);
  const query = useWhatIf(settled);
  const handle = useRef<CanvasChartHandle | null>(null);
  const rows = useMemo(() => query.data?.rows ?? [], [query.data]);
  const then = query.data?.comparison;
  const before = useMemo(() => then?.rows ?? [], [then]);
  const months = useMemo(() => rows.map((row) => ({ period_start: row.month, period_end: next("month", row.month) })), [rows]);
  const placed = usePlacedNotes(months);
  const monthName = (month: string) => formats.periodShort(month, next("month", month));
  const columns: Column<WhatIfRow>[] = [
    { key: "month", header: t("grain.month"), cell: (row) => monthName(row.month), raw: (row) => row.month },
    { key: "extra_customers", header: fieldTerm(t, "extra_customers"), align: "right", cell: (row) => <Ratio field="extra_customers" value={row.extra_customers} decimals={1} />, raw: (row) => row.extra_customers },
    { key: "extra_revenue_minor", header: fieldTerm(t, "extra_revenue_minor"), align: "right", cell: (row) => <Money field="extra_revenue_minor" minor={row.extra_revenue_minor} />, raw: (row) => row.extra_revenue_minor },
  ];
  const chart = useMemo(
    () => ({
      axis: rows.map((row) => formats.periodShort(row.month, next("month", row.month))),
      lines: [
        { name: "", hue: "new" as const, points: whatIfPoints(rows, formats) },
        ...(before.length > 0 ? [{ name: t("compare.last_year"), hue: "soft" as const, compared: true, points: whatIfPoints(before, formats) }] : []),
      ],
      write: (value: number) => formats.money(value, currency, true),
      writeAxis: (value: number) => formats.money(value, currency, true),
      zero: true,
      notes: placed.map((one) => one.mark),
      warmingWord: "",
      compact: true,
    }),
    [rows, before, t, formats, currency, placed],
  );
  const option = useMemo(() => (look: Parameters<typeof timeOption>[1]) => timeOption(chart, look), [chart]);
  const answer = query.data;
  return (
    <ChartFrame
      name={`whatif-${settled}`}
      title={t("whatif.title", { points })}
      say={t("whatif.say")}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.month}
      picture={async () => (await handle.current?.picture()) ?? null}
    >
      <div className="whatif">
        <Slider
          label={t("whatif.slider")}
          min={1}
          max={20}
          value={points}
          say={t("whatif.points", { points })}
          marks={[1, 5, 10, 15, 20].map((value) => ({ value, label: formats.count(value) }))}
          onChange={setPoints}
          onEnd={(value) => setParams({ points: value === 5 ? null : String(value) }, true)}
        />
        <Loaded query={query} height={300}>
          {() =>
            answer && answer.worth_minor !== null ? (
              <p aria-live="polite" className="whatif-answer">
                <strong>
                  <Money field="worth_minor" minor={answer.worth_minor} rough />
                </strong>{" "}
                <Num field="share_of_revenue">{t("whatif.share", { revenue: formats.percent(answer.share_of_revenue) })}</Num>
                {answer.share_of_margin !== null && (
                  <>
                    {" "}
                    <Num field="share_of_margin">{t("whatif.margin", { margin: formats.percent(answer.share_of_margin) })}</Num>
                  </>
                )}
                {then?.from && then.to && then.worth_minor !== null && (
                  <span className="small soft">
                    {" "}
                    <Num field="worth_minor">{t("compared.with", { period: formats.period(then.from, then.to), value: formats.money(then.worth_minor, currency, true) })}</Num>
                  </span>
                )}
              </p>
            ) : (
              <p className="soft">{t("whatif.none")}</p>
            )
          }
        </Loaded>
      </div>
      {answer && answer.worth_minor !== null && (
        <CanvasChart label={t("chart.words", { title: t("whatif.chart"), first: chart.write(rows[0]?.extra_revenue_minor ?? 0), from: rows[0]?.month ?? "", last: chart.write(rows.at(-1)?.extra_revenue_minor ?? 0), to: rows.at(-1)?.month ?? "" })} height={240} option={option} handle={handle} />
      )}
      {answer && answer.worth_minor !== null && <Notes placed={placed} listed />}
    </ChartFrame>
  );
}

function OverTime(props: { value: ValueAnswer; cost: CostAnswer; onPick: (index: number) => void }) {
  const { t, formats } = useWords();
  const { view, search, setParams } = useView();
  const currency = useShop().shop?.currency ?? null;
  const compact = useNarrow();
  const handle = useRef<CanvasChartHandle | null>(null);
  const fields: readonly Field[] = [...valueFields.filter((field) => field !== "clv_minor"), ...costFields];
  const field = fields.find((one) => one === search.get("measure")) ?? "aov_minor";
  const isCost = (costFields as readonly string[]).includes(field);
  const split = useValueParts(view.split);
  const placed = usePlacedNotes(props.value.rows);
  const parts = view.split !== null && !isCost ? (split.data?.rows ?? null) : null;
  const write = useMemo(() => writer(field, formats, currency), [field, formats, currency]);
  const made = useMemo(() => {
    if (parts) {
      const names = partsBySize(parts, (row) => row.revenue_minor).slice(0, 4);
      const hues = ["kept", "new", "back", "lost"] as const;
      return names.map((name, i) => {
        const own = new Map(parts.filter((row) => row.split === name).map((row) => [row.period_start, row]));
        return lines(props.value.rows.map((row) => own.get(row.period_start) ?? null), props.value.rows, field, name ?? t("split.unknown"), hues[i]!, formats);
      });
    }
    const answer: { rows: PeriodRow[]; comparison?: { rows: PeriodRow[] } } = isCost ? props.cost : props.value;
    const whole = lines(answer.rows, answer.rows, field, fieldTerm(t, field), isCost ? "lost" : "kept", formats);
    if (!answer.comparison) return [whole];
    const then = answer.comparison.rows;
    return [whole, { ...lines(answer.rows.map((_, i) => then[i] ?? null), answer.rows, field, t(view.compare ? `compare.${view.compare}` : "compare.none"), "soft", formats), compared: true }];
  }, [parts, isCost, props.cost, props.value, field, t, formats, view.compare]);
  const chart = useMemo(
    () => ({
      axis: props.value.rows.map((row) => formats.periodShort(row.period_start, row.period_end)),
      lines: made,
      write,
      writeAxis: (value: number) => (isMoney(field) ? formats.money(value, currency, true) : write(value)),
      zero: true,
      notes: placed.map((one) => one.mark),
      warmingWord: t("period.warming"),
      compact,
    }),
    [props.value, made, write, field, formats, currency, placed, t, compact],
  );
  const option = useMemo(() => (look: Parameters<typeof timeOption>[1]) => timeOption(chart, look), [chart]);
  const valueColumns = useValueColumns(parts !== null);
  const costColumns = useCostColumns();
  const known = made[0]?.points.filter((point) => point.value !== null && !point.warmingUp) ?? [];
  const label =
    known.length > 0
      ? t("chart.words", { title: fieldTerm(t, field), first: write(known[0]!.value!), from: known[0]!.name, last: write(known.at(-1)!.value!), to: known.at(-1)!.name })
      : t("chart.nothing", { title: fieldTerm(t, field) });
  const body = (
    <>
      <div className="row no-print" style={{ marginTop: 8 }}>
        <Select label={t("retention.measure")} value={field} onChange={(value) => setParams({ measure: value === "aov_minor" ? null : value }, true)} choices={fields.map((one) => ({ value: one, label: fieldTerm(t, one) }))} />
      </div>
      <CanvasChart label={label} height={320} option={option} handle={handle} onPick={props.onPick} />
      <Notes placed={placed} />
    </>
  );
  const frame = { name: `value-${field}`, title: t("retention.over_time"), say: parts ? t("retention.over_time.split") : t("value.over_time.say"), picture: async () => (await handle.current?.picture()) ?? null };
  if (isCost) {
    return (
      <ChartFrame {...frame} columns={costColumns} rows={props.cost.rows} rowKey={(row) => row.period_start}>
        {body}
      </ChartFrame>
    );
  }
  return (
    <ChartFrame {...frame} columns={valueColumns} rows={parts ?? props.value.rows} rowKey={(row) => `${row.period_start} ${row.split ?? ""}`}>
      {body}
    </ChartFrame>
  );
}

function usePeriodColumn<Row extends PeriodRow>(): Column<Row> {
  const { t, formats } = useWords();
  return useMemo(
    () => ({
      key: "period_start",
      header: t("column.period"),
      cell: (row) => (
        <>
          {formats.periodHead(row.period_start, row.period_end)}
          {!row.complete && <span className="badge warn">{t("period.unfinished")}</span>}
        </>
      ),
      raw: (row) => row.period_start,
    }),
    [t, formats],
  );
}

export function useValueColumns(withSplit = false): Column<ValueRow>[] {
  const { t } = useWords();
  const period = usePeriodColumn<ValueRow>();
  return useMemo(
    () => [
      period,
      ...(withSplit ? [{ key: "split", header: t("filter.split"), cell: (row: ValueRow) => row.split ?? t("split.unknown"), raw: (row: ValueRow) => row.split }] : []),
      { key: "orders", header: fieldTerm(t, "orders"), align: "right", cell: (row) => <Count field="orders" value={row.orders} people={peopleOf("orders", row, withSplit)} />, raw: (row) => row.orders },
      {
        key: "buyers",
        header: fieldTerm(t, "buyers"),
        align: "right",
        cell: (row) => <Count field="buyers" value={row.buyers} people={peopleOf("buyers", row, withSplit)} />,
        raw: (row) => row.buyers,
      },
      { key: "revenue_minor", header: fieldTerm(t, "revenue_minor"), align: "right", cell: (row) => <Money field="revenue_minor" minor={row.revenue_minor} people={peopleOf("revenue_minor", row, withSplit)} />, raw: (row) => row.revenue_minor },
      ...valueFields.map(
        (field): Column<ValueRow> => ({
          key: field,
          header: fieldTerm(t, field),
          align: "right",
          cell: (row) => (isMoney(field) ? <Money field={field} minor={row[field]} people={peopleOf(field, row, withSplit)} /> : <Ratio field={field} value={row[field]} people={peopleOf(field, row, withSplit)} />),
          raw: (row) => row[field],
        }),
      ),
    ],
    [t, period, withSplit],
  );
}

export function useCostColumns(): Column<CostRow>[] {
  const { t } = useWords();
  const period = usePeriodColumn<CostRow>();
  return useMemo(
    () => [
      period,
      ...costFields.map(
        (field): Column<CostRow> => ({
          key: field,
          header: fieldTerm(t, field),
          align: "right",
          cell: (row) => (field === "acquisition_roi" ? <RoiOrDash row={row} value={row.acquisition_roi} /> : field === "payback_months" ? <Count field={field} value={row.payback_months} people={peopleOf(field, row)} /> : <Money field={field} minor={row[field]} people={peopleOf(field, row)} />),
          raw: (row) => row[field],
        }),
      ),
    ],
    [t, period],
  );
}

function RoiOrDash(props: { row: CostRow; value: number | null }) {
  const { formats } = useWords();
  return props.value === null ? <>{formats.percent(null)}</> : <RoiValue row={props.row} value={props.value} />;
}

function Table(props: { value: ValueAnswer; cost: CostAnswer }) {
  const { t } = useWords();
  return (
    <>
      <AllPeriods title={t("value.table")} name="value" columns={useValueColumns()} rows={props.value.rows} height={400} />
      <AllPeriods title={t("value.cost_table")} name="cost" columns={useCostColumns()} rows={props.cost.rows} height={400} />
    </>
  );
}
