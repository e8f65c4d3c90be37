// What changed, and what to do next: five minutes in the morning. The words are the server's, as in `behoud today`.
import { useMemo, useRef } from "react";
import { Link } from "wouter";
import { useShop, useToday } from "../../api/questions";
import { hasPage } from "../../app/routes";
import { useMay } from "../../app/session";
import { useLinks, useView } from "../../state/use_view";
import { ChartFrame } from "../../ui/Chart";
import type { Column } from "../../ui/DataTable";
import { CardName, Compared, Count, Money, Num, type People } from "../../ui/Figure";
import { Page } from "../../ui/Page";
import { RateHeadline } from "../../ui/RateHeadline";
import { Said, SaidParts } from "../../ui/Said";
import { Loaded } from "../../ui/states";
import { To } from "../../ui/To";
import { Trend } from "../../ui/Trend";
import { useWidth } from "../../ui/use_width";
import { svgPicture } from "../../ui/Waterfall";
import { fieldTerm } from "../../words/fields";
import { useWords } from "../../words/words";
import { tooFew } from "../retention/choose";
import { type ChangeStep, changeSteps, detailIsCommand, type Headline, mends, peopleOfTodo, placeOfTrouble, type Today as Answer, type Trouble } from "./things";

export default function Today() {
  const { t, language } = useWords();
  const query = useToday(language);
  const lastYear = useView().view.compare === "last_year"; // what changed is told from the period before, else from that of last year
  return (
    <Page title={t("today.title")} filters={["grain", "window", "basis", "against"]} answer={query.data ? <SaidParts parts={query.data.said} /> : null} lead={query.data?.period?.label ?? null}>
      <Loaded query={query} height={800}>
        {(today) => (
          <>
            {today.headline.length > 0 && (
              <>
                <h2 className="hidden">{t("retention.headline")}</h2>
                <section className="grid-cards wide" aria-label={t("retention.headline")}>
                  {today.headline.map((figure) => (
                    <Figure key={figure.field} figure={figure} today={today} />
                  ))}
                </section>
              </>
            )}
            <Todo today={today} />
            {lastYear && today.change_last_year ? (
              <Change change={today.change_last_year} parts={today.changed_last_year} />
            ) : (
              today.change && <Change change={today.change} parts={today.changed} />
            )}
            <Troubles troubles={today.troubles} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Figure(props: { figure: Headline; today: Answer }) {
  const { t, formats } = useWords();
  const currency = useShop().shop?.currency ?? null;
  const { figure } = props;
  const people: People | null = figure.behind ? { behind: figure.behind, from: figure.from, to: figure.to } : null;
  const made = (field: string) => ({ field, people: { behind: field, from: figure.from, to: figure.to } });
  const write = (value: number) => (figure.rate ? formats.percent(value) : figure.minor !== null ? formats.money(value, currency, figure.field === "revenue_minor") : formats.count(value));
  return (
    <article className="figure">
      <CardName>{figure.label}</CardName>
      {figure.rate ? (
        <RateHeadline field={figure.field} rate={figure.rate} people={people} few={tooFew(figure.rate)} />
      ) : (
        <p className="big">{figure.minor !== null ? <Money field={figure.field} minor={figure.minor} rough={figure.field === "revenue_minor"} people={people} /> : <Count field={figure.field} value={figure.count} people={people} />}</p>
      )}
      {figure.made_of && (
        <p className="small soft basis">
          <span>
            <Said
              words="value.made.aov_minor"
              values={{ revenue: formats.money(figure.made_of.revenue_minor, currency, true), orders: figure.made_of.orders }}
              numbers={{ revenue: made("revenue_minor"), orders: made("orders") }}
            />
          </span>
        </p>
      )}
      {(["previous", "year_earlier"] as const).map((one) => {
        const [then, value] = [props.today[one], figure[one]];
        return then && !then.warming_up && value !== null ? (
          <Compared
            key={one}
            field={figure.field}
            people={figure.behind ? { behind: figure.behind, from: then.period_start, to: then.period_end } : null}
            period={formats.periodShort(then.period_start, then.period_end)}
            value={write(value)}
          />
        ) : null;
      })}
      <div className="at-end">
        <Trend values={figure.trend} label={t("trend.label", { field: figure.label })} />
      </div>
    </article>
  );
}

function Todo(props: { today: Answer }) {
  const { t } = useWords();
  const { href } = useView();
  const { todo } = props.today;
  return (
    <section className="card" aria-labelledby="todo-title">
      <h2 id="todo-title">{t("today.todo")}</h2>
      {todo.length === 0 ? (
        <p className="soft">{t("today.todo.none")}</p>
      ) : (
        <ol className="todo">
          {todo.map((item) => (
            <li key={item.id}>
              <div>
                <h3>
                  <SaidParts parts={item.title_said} />
                </h3>
                <p className="soft">
                  <SaidParts parts={item.reason_said} />
                </p>
              </div>
              <div className="worth">
                {item.amount_minor !== null && (
                  <strong>
                    <Money field={item.id} minor={item.amount_minor} rough people={peopleOfTodo(item)} />
                  </strong>
                )}
                {item.people > 0 && (
                  <span className="small soft">
                    <Num field={item.id} people={peopleOfTodo(item)}>{t("people.count", { n: item.people })}</Num>
                  </span>
                )}
              </div>
              <Link className="button" href={href("/people", { behind: item.behind, from_day: item.from, to_day: item.to }, item.grain ? { grain: item.grain } : {})} aria-label={`${item.action.label}: ${item.title}`}>
                {item.action.label}
              </Link>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

const height = 248;

function Change(props: { change: NonNullable<Answer["change"]>; parts: Answer["changed"] }) {
  const { t, formats } = useWords();
  const { href } = useLinks();
  const currency = useShop().shop?.currency ?? null;
  const svg = useRef<SVGSVGElement | null>(null);
  const { change, parts } = props;
  const rows = useMemo(
    () => changeSteps(change, parts, formats.periodShort(change.before_start, change.before_end), formats.periodShort(change.after_start, change.after_end)),
    [change, parts, formats],
  );
  const columns: Column<ChangeStep>[] = [
    { key: "step", header: t("change.step"), cell: (step) => step.label, raw: (step) => step.label },
    { key: "amount_minor", header: fieldTerm(t, "revenue_minor"), align: "right", cell: (step) => <Money field={step.field} minor={step.minor} people={step.people} />, raw: (step) => step.minor },
  ];
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place, 720);
  const slot = width / rows.length;
  const bar = Math.min(96, slot * 0.7);
  const narrow = slot < 112; // words stand in two rows
  const least = Math.min(0, ...rows.map((row) => row.from));
  const most = Math.max(1, ...rows.map((row) => row.to));
  const y = (minor: number) => 28 + (1 - (minor - least) / (most - least)) * (height - 28 - 44);
  return (
    <ChartFrame name="what-changed" title={t("change.title")} say={<SaidParts parts={change.said} />} columns={columns} rows={rows} rowKey={(row) => row.label} picture={() => svgPicture(svg.current)}>
      <div className="chart" ref={place}>
        <svg viewBox={`0 0 ${width} ${height}`} ref={svg} role="group" aria-label={t("change.title")}>
          <path d={`M0 ${y(0)}H${width}`} stroke="var(--line-strong)" />
          {rows.map((row, i) => {
            const x = i * slot + (slot - bar) / 2;
            const whole = row.name === "before" || row.name === "after";
            const fill = whole ? "var(--kept)" : row.minor < 0 ? "var(--lost-soft)" : "var(--new-soft)";
            const stroke = whole ? "var(--kept)" : row.minor < 0 ? "var(--lost)" : "var(--new)";
            const amount = formats.money(row.minor, currency, true);
            return (
              <To key={row.label} href={href("/people", { behind: row.people.behind, from_day: row.people.from, to_day: row.people.to })} data-term={row.field} data-people="">
                <rect className="ring" x={x - 8} y={4} width={bar + 16} height={height - 4} fill="transparent" rx="4" />
                <rect x={x} y={y(row.to)} width={bar} height={Math.max(1, y(row.from) - y(row.to))} fill={fill} stroke={stroke} />
                <text x={x + bar / 2} y={y(row.to) - 8} textAnchor="middle" style={{ fontWeight: 600 }}>
                  {`${!whole && row.minor > 0 ? "+" : ""}${amount} `}
                </text>
                <text className="axis" x={x + bar / 2} y={height - (narrow && i % 2 === 1 ? 4 : 20)} textAnchor="middle">
                  {row.label}
                </text>
              </To>
            );
          })}
        </svg>
      </div>
    </ChartFrame>
  );
}

function Troubles(props: { troubles: readonly Trouble[] }) {
  const { t } = useWords();
  const { href } = useView();
  const may = useMay();
  return (
    <section className="card" aria-labelledby="trouble-title">
      <h2 id="trouble-title">{t("today.troubles")}</h2>
      {props.troubles.length === 0 ? (
        <p className="soft">{t("today.troubles.none")}</p>
      ) : (
        <ul className="todo plain">
          {props.troubles.map((trouble) => {
            const page = mends[trouble.code];
            const at = placeOfTrouble(trouble, may);
            const place = at && href(at.path, at.params);
            return (
              <li key={`${trouble.code} ${trouble.title}`}>
                <div>
                  <h3>
                    <SaidParts parts={trouble.title_said} place={place} />
                  </h3>
                  {trouble.detail_said.length > 0 && !detailIsCommand.includes(trouble.code) && (
                    <p className="soft">
                      <SaidParts parts={trouble.detail_said} place={place} />
                    </p>
                  )}
                  {trouble.way_out && <p>{trouble.way_out}</p>}
                </div>
                <div className="worth" />
                {page && may.write && hasPage(page) && (
                  <Link className="button" href={href(`/${page}`, { status: trouble.code === "unknown_status" ? trouble.subjects[0] : null })} aria-label={`${t(`today.mend.${page}`)}: ${trouble.title}`}>
                    {t(`today.mend.${page}`)}
                  </Link>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
