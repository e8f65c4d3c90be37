// A number on the page. It is always a link: to the people it counts where there are some, else to its definition; hover
// or focus shows what it means and the two counts it is made of (DefinitionCard reads the data- attributes).
import type { ReactNode } from "react";
import type { Definition, Rate } from "../api/rows";
import { useShop } from "../api/questions";
import { daysBetween } from "../state/days";
import { useLinks } from "../state/use_view";
import { definitionId } from "../words/definition";
import { useWords } from "../words/words";
import { To } from "./To";

// Whose list a number opens: a field of docs/definitions.md ("lost", "cohort:2024-01-01:3") over a period.
export interface People {
  behind: string;
  from?: string;
  to?: string;
  mode?: string;
  grain?: string; // of the period, where it is not that of the page
}

// The people of a field in a row: of the row's own part, where the question splits. What no people are of opens its
// definition alone: a sum of costs, and what is made of many periods.
const ofNobody: readonly string[] = ["clv_minor", "lifespan", "lifespan_customers_start", "lifespan_lost", "lifespan_buyers", "lifespan_revenue_minor", "crc_total_minor", "acquisition_cost_minor"];
export function peopleOf(field: string, row: { period_start: string; period_end: string; split: string | null }, withSplit = false): People | null {
  if (ofNobody.includes(field)) return null;
  return { behind: withSplit ? `${field}:${row.split ?? ""}` : field, from: row.period_start, to: row.period_end };
}

/** Those of a row that others are compared with: beside an unfinished period it was read in part, and that part is a span of days. */
export function peopleOfCompared(field: string, row: { period_start: string; period_end: string; evaluated_to: string | null; split: string | null }): People | null {
  const people = peopleOf(field, row);
  const to = row.evaluated_to;
  if (people === null || to === null || to >= row.period_end) return people;
  return { ...people, to, grain: `${daysBetween(row.period_start, to)}d` };
}

export interface NumProps {
  field: string;
  page?: Definition["page"]; // whose answer it is from, where its field means another thing in another
  people?: People | null;
  place?: string; // the address of where it is looked at and mended, where it is of no people
  n?: number | null;
  d?: number | null;
  low?: number | null;
  high?: number | null;
  of?: string; // what it is made of, where that is no two counts
  label?: string;
  className?: string;
  // In a table whose arrow keys go from cell to cell.
  tabIndex?: number;
  cell?: string;
  onFocus?: () => void;
  children: ReactNode;
}

export function Num(props: NumProps) {
  const { href } = useLinks();
  const { people } = props;
  const to = people
    ? href("/people", { behind: people.behind, from_day: people.from, to_day: people.to, mode: people.mode }, people.grain === undefined ? undefined : { grain: people.grain })
    : (props.place ?? href("/definitions", {}) + `#${definitionId(props.field, props.page)}`);
  return (
    <To
      href={to}
      className={props.className ? `num ${props.className}` : "num"}
      aria-label={props.label}
      tabIndex={props.tabIndex}
      data-cell={props.cell}
      onFocus={props.onFocus}
      data-term={props.field}
      data-page={props.page}
      data-n={props.n ?? undefined}
      data-d={props.d ?? undefined}
      data-of={props.of}
      data-low={props.low ?? undefined}
      data-high={props.high ?? undefined}
      data-people={people ? "" : undefined}
      data-place={!people && props.place !== undefined ? "" : undefined}
    >
      {props.children}
    </To>
  );
}

// A number of one customer in a list of many: it leads to their history, and has the definition of a customer's.
export function OfCustomer(props: { customer: string; field: string; children: ReactNode }) {
  const { href } = useLinks();
  return (
    <To href={href(`/customers/${encodeURIComponent(props.customer)}`)} className="num" data-term={props.field} data-page="customers" data-history="">
      {props.children}
    </To>
  );
}

export function Count(props: { field: string; value: number | null | undefined; people?: People | null; sign?: string }) {
  const { formats } = useWords();
  if (props.value == null) return <>{formats.count(null)}</>;
  return (
    <Num field={props.field} people={props.value > 0 ? props.people : null}>
      {props.sign}
      {formats.count(props.value)}
    </Num>
  );
}

export function RateValue(props: { field: string; rate: Rate | null | undefined; people?: People | null }) {
  const { formats } = useWords();
  const { rate } = props;
  if (!rate || rate.value === null) return <>{formats.percent(null)}</>;
  return (
    <Num field={props.field} people={rate.n > 0 ? props.people : null} n={rate.n} d={rate.d} low={rate.low} high={rate.high}>
      {formats.percent(rate.value)}
    </Num>
  );
}

// The name of a card. Dutch and Swedish compounds are longer than a card on a phone is wide, and browsers seldom know where they part.
export function CardName(props: { children: string }) {
  return <h3>{props.children.replaceAll(/(?<=\p{L}{4})(percentage|kosten|waarde|frequentie|bedrag|frekvens|kostnad|värde|andel|grad)/gu, "\u00ad$1")}</h3>;
}

// What a number was in the period that it is compared with: a number like any other, with its own people.
export function Compared(props: { field: string; people: People | null; period: string; value: string }) {
  const { t } = useWords();
  return (
    <p className="small">
      <Num field={props.field} people={props.people}>
        {t("compared.with", { period: props.period, value: props.value })}
      </Num>
    </p>
  );
}

export function Money(props: { field: string; minor: number | null | undefined; rough?: boolean; people?: People | null }) {
  const { formats } = useWords();
  const currency = useShop().shop?.currency ?? null;
  if (props.minor == null) return <>{formats.money(null, currency)}</>;
  return (
    <Num field={props.field} people={props.people ?? null}>
      {formats.money(props.minor, currency, props.rough)}
    </Num>
  );
}

export function Ratio(props: { field: string; value: number | null | undefined; decimals?: number; people?: People | null }) {
  const { formats } = useWords();
  if (props.value == null) return <>{formats.decimal(null)}</>;
  return <Num field={props.field} people={props.people ?? null}>{formats.decimal(props.value, props.decimals)}</Num>;
}
