// The answer in one sentence, from a row of the API; its counts open their people.
import type { RetentionRow } from "../../api/rows";
import { peopleOf } from "../../ui/Figure";
import { type Numbers, Said } from "../../ui/Said";
import { useWords } from "../../words/words";

const fields = { start: "customers_start", kept: "retained", lost: "lost", new: "new", back: "reactivated", end: "customers_end" } as const;
type Name = keyof typeof fields;

export function Answer(props: { row: RetentionRow }) {
  const { formats } = useWords();
  const { row } = props;
  const counts = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, row[field]])) as Record<Name, number>;
  const numbers: Numbers = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, { field, people: peopleOf(field, row) }]));
  const words = row.customers_start === 0 ? "answer.first" : row.new_at_most ? "answer.at_most" : "answer";
  return <Said words={words} values={{ ...counts, date: formats.day(row.period_start, "dayMonth") }} numbers={numbers} />;
}
