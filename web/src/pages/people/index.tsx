// The people behind any number: who they are, and as many as the number said.
import { useMemo } from "react";
import { useInfiniteBehind } from "../../api/questions";
import { isDay } from "../../state/days";
import { useView } from "../../state/use_view";
import { CsvButton, DataTable } from "../../ui/DataTable";
import { Page } from "../../ui/Page";
import { usePeopleColumns } from "../../ui/PeopleTable";
import { Empty, ErrorBox, Skeleton } from "../../ui/states";
import { fieldTerm } from "../../words/fields";
import { useWords } from "../../words/words";
import { parseBehind } from "./behind";

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
  const query = useInfiniteBehind(text, { from, to, mode: search.get("mode"), split: behind.part === null ? null : view.split }, text !== "");
  const columns = usePeopleColumns();
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  const total = query.data?.pages[0]?.total ?? rows.length;
  const what =
    behind.cohort === null
      ? fieldTerm(t, behind.field)
      : behind.k === null
        ? t("people.cohort", { cohort: formats.day(behind.cohort) })
        : t("people.cell", { cohort: formats.day(behind.cohort), k: behind.k });
  const when = from && to ? formats.period(from, to) : null;
  const title = [what, behind.part, when].filter((part) => part !== null).join(" · ");
  if (text === "") {
    return (
      <Page title={t("nav.people")} filters={null}>
        <Empty title={t("people.choose")}>{t("people.choose.say")}</Empty>
      </Page>
    );
  }
  return (
    <Page title={title} filters={null} answer={query.data ? t("people.count", { n: total }) : null} lead={t("people.lead")}>
      {query.error ? (
        <ErrorBox error={query.error} retry={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <Skeleton height={480} />
      ) : rows.length === 0 ? (
        <Empty title={t("people.nobody")} />
      ) : (
        <div className="stack">
          <div className="row between">
            <span className="soft small">{rows.length < total ? t("people.shown", { shown: rows.length, n: total }) : ""}</span>
            <CsvButton name={text.replaceAll(":", "-")} columns={columns} rows={rows} />
          </div>
          <DataTable label={title} columns={columns} rows={rows} rowKey={(row) => row.customer} height={640} total={total} onEnd={query.hasNextPage && !query.isFetchingNextPage ? () => void query.fetchNextPage() : undefined} />
        </div>
      )}
    </Page>
  );
}
