// What changed, and what to do next: five minutes in the morning.
import { type ReactNode, useMemo, useRef } from "react";
import { Link } from "wouter";
import { useReport, useShop } from "../../api/questions";
import type { Rate, RetentionRow } from "../../api/rows";
import { hasPage } from "../../app/routes";
import { useView } from "../../state/use_view";
import { ChartFrame } from "../../ui/Chart";
import type { Column } from "../../ui/DataTable";
import { Count, Money, type People, RateHeadline } from "../../ui/Figure";
import { Page } from "../../ui/Page";
import { Loaded } from "../../ui/states";
import { Trend } from "../../ui/Trend";
import { useNarrow } from "../../ui/use_narrow";
import { svgPicture } from "../../ui/Waterfall";
import { english, type Key } from "../../words/catalogue";
import { fieldTerm } from "../../words/fields";
import { useWords } from "../../words/words";
import { tooFew, trendOf } from "../retention/choose";
import { type Action, type ChangeStep, changeSteps, isAboutData, mends, peopleOf, type Report } from "./things";

const known = (key: string): key is Key => key in english;

export default function Today() {
  const { t, language } = useWords();
  const query = useReport();
  return (
    <Page title={t("today.title")} filters={["grain", "window", "basis"]} ownWindow={query.data?.window.days} answer={query.data ? query.data.answer[language] : null} lead={query.data ? <Lead report={query.data} /> : null}>
      <Loaded query={query} height={800}>
        {(report) => <Answered report={report} />}
      </Loaded>
    </Page>
  );
}

function Lead(props: { report: Report }) {
  const { t, formats } = useWords();
  const { headline } = props.report;
  if (!headline) return <>{t("today.none")}</>;
  const period = formats.period(headline.period_start, headline.period_end);
  return <>{headline.complete ? t("retention.period", { period }) : t("today.unfinished", { period })}</>;
}

function Answered(props: { report: Report }) {
  const { t } = useWords();
  const { report } = props;
  const todo = report.actions.filter((action) => !isAboutData(action.name)).slice(0, 5);
  return (
    <>
      {report.headline && <Headline report={report} />}
      <section className="card" aria-labelledby="todo-title">
        <h2 id="todo-title">{t("today.todo")}</h2>
        {todo.length === 0 ? (
          <p className="soft">{t("today.todo.none")}</p>
        ) : (
          <ol className="todo">
            {todo.map((action) => (
              <Todo key={`${action.name} ${action.subject ?? ""}`} action={action} />
            ))}
          </ol>
        )}
      </section>
      {report.change && <Change change={report.change} />}
      <Troubles report={report} />
    </>
  );
}

function Headline(props: { report: Report }) {
  const { t, formats } = useWords();
  const { report } = props;
  const headline = report.headline!;
  const currency = useShop().shop?.currency ?? null;
  const rows = report.retention.rows;
  const at = (start: string | null) => (start === null ? null : (rows.find((row) => row.period_start === start) ?? null));
  const now = at(headline.period_start);
  if (!now) return null;
  const index = rows.indexOf(now);
  const earlier = [at(headline.previous_start), at(headline.year_earlier_start)].filter((row): row is RetentionRow => row !== null && !row.warming_up);
  const people = (behind: string): People => ({ behind, from: now.period_start, to: now.period_end });
  const against = (write: (row: RetentionRow) => string): ReactNode =>
    earlier.map((row) => (
      <p className="small" key={row.period_start}>
        {t("compared.with", { period: formats.periodShort(row.period_start, row.period_end), value: write(row) })}
      </p>
    ));
  const rate = (field: "crr_strict" | "returning_rate" | "repeat_rate") => {
    const value: Rate = now[field];
    return (
      <Figure key={field} field={field} trend={trendOf(rows, index, (row) => row[field].value)}>
        <RateHeadline field={field} rate={value} people={people(field)} few={tooFew(value)} />
        {against((row) => formats.percent(row[field].value))}
      </Figure>
    );
  };
  return (
    <>
    <h2 className="hidden">{t("retention.headline")}</h2>
    <section className="grid-cards" aria-label={t("retention.headline")}>
      {rate("crr_strict")}
      <Figure field="customers_end" trend={trendOf(rows, index, (row) => row.customers_end)}>
        <p className="big">
          <Count field="customers_end" value={now.customers_end} people={people("customers_end")} />
        </p>
        <p className="small soft">{t("today.came_and_left", { new: now.new, back: now.reactivated, lost: now.lost })}</p>
        {against((row) => formats.count(row.customers_end))}
      </Figure>
      {rate("returning_rate")}
      {rate("repeat_rate")}
      <Figure field="revenue_minor" trend={trendOf(rows, index, (row) => row.revenue_minor)}>
        <p className="big">
          <Money field="revenue_minor" minor={now.revenue_minor} rough />
        </p>
        <p className="small soft">{t("today.orders", { n: now.orders })}</p>
        {against((row) => formats.money(row.revenue_minor, currency, true))}
      </Figure>
    </section>
    </>
  );
}

function Figure(props: { field: string; trend: (number | null)[]; children: ReactNode }) {
  const { t } = useWords();
  return (
    <article className="figure">
      <h3>{fieldTerm(t, props.field)}</h3>
      {props.children}
      <div className="at-end">
        <Trend values={props.trend} label={t("trend.label", { field: fieldTerm(t, props.field) })} />
      </div>
    </article>
  );
}

function useActionWords() {
  const { t, formats } = useWords();
  const currency = useShop().shop?.currency ?? null;
  return (action: Action) => {
    const money = (minor: number | null) => formats.money(minor, currency);
    const values = {
      people: action.people,
      orders: action.orders,
      subject: action.subject ?? "",
      amount: formats.money(action.amount_minor, currency, true),
      rate: formats.percent(action.rate),
      compared: formats.percent(action.compared_rate),
      mean: money(action.mean_minor),
      compared_mean: money(action.compared_mean_minor),
      from: action.from_days ?? 0,
      to: action.to_days ?? 0,
    };
    const title = `action.${action.name}`;
    const why = `action.why.${action.name}`;
    return { title: known(title) ? t(title, values) : action.name, why: known(why) ? t(why, values) : "" };
  };
}

function Todo(props: { action: Action }) {
  const { t, formats } = useWords();
  const { href } = useView();
  const currency = useShop().shop?.currency ?? null;
  const say = useActionWords();
  const { action } = props;
  const people = peopleOf(action.command);
  const words = say(action);
  return (
    <li>
      <div>
        <h3>{words.title}</h3>
        <p className="soft">{words.why}</p>
      </div>
      <div className="worth">
        {action.amount_minor !== null && <strong>{formats.money(action.amount_minor, currency, true)}</strong>}
        {action.people > 0 && <span className="small soft">{t("people.count", { n: action.people })}</span>}
      </div>
      {people && (
        <Link className="button" href={href("/people", { behind: people.behind, from_day: people.from, to_day: people.to })} aria-label={`${t("today.show_people")}: ${words.title}`}>
          {t("today.show_people")}
        </Link>
      )}
    </li>
  );
}

const height = 248;

function Change(props: { change: NonNullable<Report["change"]> }) {
  const { t, formats } = useWords();
  const currency = useShop().shop?.currency ?? null;
  const narrow = useNarrow();
  const svg = useRef<SVGSVGElement | null>(null);
  const { change } = props;
  const rows = useMemo(() => changeSteps(change), [change]);
  const name = (step: ChangeStep) =>
    step.name === "before"
      ? formats.periodShort(change.before_start, change.before_end)
      : step.name === "after"
        ? formats.periodShort(change.after_start, change.after_end)
        : t(`change.${step.name}`);
  const columns: Column<ChangeStep>[] = [
    { key: "step", header: t("change.step"), cell: name, raw: name },
    { key: "amount_minor", header: fieldTerm(t, "revenue_minor"), align: "right", cell: (step) => formats.money(step.minor, currency), raw: (step) => step.minor },
  ];
  const difference = change.revenue_after_minor - change.revenue_before_minor;
  const values = {
    difference: formats.money(Math.abs(difference), currency, true),
    after: formats.period(change.after_start, change.after_end),
    before: formats.period(change.before_start, change.before_end),
  };
  const say = t(difference > 0 ? "change.more" : difference < 0 ? "change.less" : "change.same", values);
  const width = narrow ? 320 : 720;
  const bar = narrow ? 44 : 96;
  const slot = width / rows.length;
  const least = Math.min(0, ...rows.map((row) => row.from));
  const most = Math.max(1, ...rows.map((row) => row.to));
  const y = (minor: number) => 28 + (1 - (minor - least) / (most - least)) * (height - 28 - 44);
  return (
    <ChartFrame name="what-changed" title={t("change.title")} say={say} columns={columns} rows={rows} rowKey={(row) => row.name} picture={() => svgPicture(svg.current)}>
      <div className="chart">
        <svg viewBox={`0 0 ${width} ${height}`} ref={svg} role="img" aria-label={rows.map((row) => `${name(row)}: ${formats.money(row.minor, currency)}`).join("; ")}>
          <path d={`M0 ${y(0)}H${width}`} stroke="var(--line-strong)" />
          {rows.map((row, i) => {
            const x = i * slot + (slot - bar) / 2;
            const whole = row.name === "before" || row.name === "after";
            const fill = whole ? "var(--kept)" : row.minor < 0 ? "var(--lost-soft)" : "var(--new-soft)";
            const stroke = whole ? "var(--kept)" : row.minor < 0 ? "var(--lost)" : "var(--new)";
            const amount = formats.money(row.minor, currency, true);
            return (
              <g key={row.name}>
                <rect x={x} y={y(row.to)} width={bar} height={Math.max(1, y(row.from) - y(row.to))} fill={fill} stroke={stroke} />
                <text x={x + bar / 2} y={y(row.to) - 8} textAnchor="middle" style={{ fontWeight: 600 }}>
                  {!whole && row.minor > 0 ? `+${amount}` : amount}
                </text>
                <text className="axis" x={x + bar / 2} y={height - (narrow && i % 2 === 1 ? 4 : 20)} textAnchor="middle">
                  {name(row)}
                </text>
              </g>
            );
          })}
        </svg>
      </div>
    </ChartFrame>
  );
}

function Troubles(props: { report: Report }) {
  const { t, formats } = useWords();
  const { href } = useView();
  const say = useActionWords();
  const { report } = props;
  const data = report.actions.filter((action) => isAboutData(action.name));
  const values = { start: formats.day(report.history_start, "long"), days: report.window.days, people: report.headline?.customers_start ?? 0 };
  const told = new Set(data.map((action) => action.name));
  const warnings = report.warnings.filter((name) => known(`warning.${name}`) && !told.has(name));
  return (
    <section className="card" aria-labelledby="trouble-title">
      <h2 id="trouble-title">{t("today.troubles")}</h2>
      {data.length + warnings.length === 0 ? (
        <p className="soft">{t("today.troubles.none")}</p>
      ) : (
        <ul className="todo plain">
          {data.map((action) => {
            const words = say(action);
            const page = isAboutData(action.name) ? mends[action.name] : "import";
            return (
              <li key={action.name}>
                <div>
                  <h3>{words.title}</h3>
                  <p className="soft">{words.why}</p>
                </div>
                <div className="worth" />
                {hasPage(page) && (
                  <Link className="button" href={href(`/${page}`)} aria-label={`${t(`today.mend.${page}`)}: ${words.title}`}>
                    {t(`today.mend.${page}`)}
                  </Link>
                )}
              </li>
            );
          })}
          {warnings.map((name) => (
            <li key={name}>
              <p>{t(`warning.${name}` as Key, values)}</p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
