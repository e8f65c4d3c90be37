// The people behind any number: who they are, and as many as the number said.
import { useMemo } from "react";
import { useInfiniteBehind } from "../../api/questions";
import { isDay } from "../../state/days";
import { useView } from "../../state/use_view";
import { CsvLink } from "../../ui/DataTable";
import { Page } from "../../ui/Page";
import { PeopleTable } from "../../ui/PeopleTable";
import { Empty, ErrorBox, Skeleton } from "../../ui/states";
import { english, type Key } from "../../words/catalogue";
import { fieldTerm } from "../../words/fields";
import { useWords } from "../../words/words";
import { parseBehind, toDo } from "./behind";

export default function People() {
  const { t, formats } = useWords();
  const { search, view } = useView();
  const day = (key: string) => {
    const text = search.get(key);
    return text !== null && isDay(text) ? text : null;
  };
  const text = search.get("behind") ?? "";
  const behind = useMemo(() => parseBehind(text), [text]);
  const from = day("from_day");
  const to = day("to_day");
  const { query, rows, total, more, csv } = useInfiniteBehind(text, { from, to, mode: search.get("mode"), split: behind.part === null ? null : view.split }, text !== "");
  const claim = `claims.${behind.field}`;
  const what =
    behind.claim && claim in english
      ? t(claim as Key)
      : behind.cohort === null
      ? fieldTerm(t, behind.field)
      : behind.k === null
        ? t("people.cohort", { cohort: formats.day(behind.cohort) })
        : t("people.cell", { cohort: formats.day(behind.cohort), k: behind.k });
  const when = from && to ? formats.period(from, to) : null;
  const title = [what, behind.part === "" ? t("split.unknown") : behind.part, when].filter((part) => part !== null).join(" · ");
  if (text === "") {
    return (
      <Page title={t("nav.people")} filters={null}>
        <Empty title={t("people.choose")}>{t("people.choose.say")}</Empty>
      </Page>
    );
  }
  return (
    <Page title={title} filters={null} answer={rows ? t("people.count", { n: total }) : null} lead={t(toDo.includes(behind.field) ? "people.lead.todo" : "people.lead")}>
      {query.error ? (
        <ErrorBox error={query.error} retry={() => void query.refetch()} />
      ) : rows === undefined ? (
        <Skeleton height={480} />
      ) : rows.length === 0 ? (
        <Empty title={t("people.nobody")} />
      ) : (
        <div className="stack">
          <div className="row between">
            <span className="soft small">{rows.length < total ? t("people.shown", { shown: rows.length, n: total }) : ""}</span>
            <CsvLink href={csv} />
          </div>
          <PeopleTable label={title} rows={rows} total={total} more={more} height={640} withEmail={rows.some((row) => row.email)} />
        </div>
      )}
    </Page>
  );
}
