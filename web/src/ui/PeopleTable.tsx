// The customers behind a number, most revenue first. Each leads to that customer's whole history.
import { useMemo } from "react";
import type { BehindRow } from "../api/rows";
import { useShop } from "../api/questions";
import { hasPage } from "../app/routes";
import { useLinks } from "../state/use_view";
import { useWords } from "../words/words";
import { type Column, DataTable } from "./DataTable";
import { To } from "./To";

function usePeopleColumns(): Column<BehindRow>[] {
  const { t, formats } = useWords();
  const { href } = useLinks();
  const currency = useShop().shop?.currency ?? null;
  return useMemo(
    () => [
      {
        key: "customer",
        header: t("people.customer"),
        cell: (row) => (hasPage("customers") ? <To href={href(`/customers/${encodeURIComponent(row.customer)}`)}><bdi>{row.customer}</bdi></To> : <bdi>{row.customer}</bdi>),
        raw: (row) => row.customer,
      },
      { key: "orders", header: t("field.orders"), align: "right", cell: (row) => formats.count(row.orders), raw: (row) => row.orders },
      { key: "revenue_minor", header: t("field.revenue_minor"), align: "right", cell: (row) => formats.money(row.revenue_minor, currency), raw: (row) => row.revenue_minor },
      { key: "last_order", header: t("people.last_order"), align: "right", cell: (row) => formats.day(row.last_order), raw: (row) => row.last_order },
    ],
    [t, formats, href, currency],
  );
}

export function PeopleTable(props: { rows: readonly BehindRow[]; total: number; more?: () => void; label: string; height: number }) {
  const columns = usePeopleColumns();
  return <DataTable label={props.label} columns={columns} rows={props.rows} rowKey={(row) => row.customer} height={props.height} total={props.total} onEnd={props.more} />;
}
