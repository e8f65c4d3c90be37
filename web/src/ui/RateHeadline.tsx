// The rate of a card and what it is a share of.
import type { Rate } from "../api/rows";
import { useWords } from "../words/words";
import { Num, type People, RateValue } from "./Figure";
import { Said } from "./Said";

// Whom a rate is a share of, where they have a list of their own (docs/definitions.md).
const wholes: Readonly<Record<string, string>> = { crr: "customers_start", crr_strict: "customers_start", churn_rate: "customers_start", returning_rate_active: "customers_start", repeat_rate: "buyers" };

// "1,752 of 1,897  95%: 91.1–93.5%": the two counts are numbers with their own people.
function RateBasis(props: { field: string; rate: Rate; people?: People | null }) {
  const { t, formats } = useWords();
  const { field, rate, people } = props;
  if (rate.value === null) return null;
  const whole = wholes[field];
  const numbers = {
    n: { field, people: rate.n > 0 ? people : null },
    d: { field: whole ?? field, people: whole && people && rate.d > 0 ? { ...people, behind: people.behind.replace(/^[^:]+/, whole) } : null },
  };
  const interval = rate.low === null || rate.low === undefined ? null : t("rate.interval", { interval: formats.interval(rate.low, rate.high) });
  return (
    <p className="small soft basis">
      <span className="nowrap">
        <Said words="rate.of" values={{ n: formats.count(rate.n), d: formats.count(rate.d) }} numbers={numbers} />
      </span>{" "}
      {interval && <span className="nowrap">{interval}</span>}
    </p>
  );
}

// The rate of a card, in large: of so few people that chance alone moves it, the people are shown and no per cent.
export function RateHeadline(props: { field: string; rate: Rate | null; people?: People | null; few: boolean }) {
  const { t, formats } = useWords();
  const { rate } = props;
  if (!rate || !props.few) {
    return (
      <>
        <p className="big">
          <RateValue field={props.field} rate={rate} people={props.people} />
        </p>
        {rate && <RateBasis field={props.field} rate={rate} people={props.people} />}
      </>
    );
  }
  return (
    <>
      <p className="big">
        <Num field={props.field} people={rate.n > 0 ? props.people : null} n={rate.n} d={rate.d} low={rate.low} high={rate.high}>
          {t("rate.of", { n: formats.count(rate.n), d: formats.count(rate.d) })}
        </Num>
      </p>
      <p className="small soft">{t("few", { n: rate.d })}</p>
    </>
  );
}
