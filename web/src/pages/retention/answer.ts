// The answer in one sentence, from a row of the API.
import type { RetentionRow } from "../../api/rows";
import type { Formats } from "../../state/formats";
import type { Translate } from "../../words/words";

export function answerSentence(t: Translate, formats: Formats, row: RetentionRow): string {
  const values = {
    start: row.customers_start,
    kept: row.retained,
    lost: row.lost,
    new: row.new,
    back: row.reactivated,
    end: row.customers_end,
    date: formats.day(row.period_start, "dayMonth"),
  };
  if (row.customers_start === 0) return t("answer.first", values);
  return t(row.new_at_most ? "answer.at_most" : "answer", values);
}
