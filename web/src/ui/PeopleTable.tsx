// The customers behind a number, most revenue first. Each leads to that customer's whole history.
import { useMemo } from "react";
import type { BehindRow } from "../api/rows";
import { useShop } from "../api/questions";
import { hasPage } from "../app/routes";
import { useLinks } from "../state/use_view";
import { useWords } from "../words/words";
import { type Column, DataTable } from "./DataTable";
import { OfCustomer } from "./Figure";
import { To } from "./To";

// `withEmail`: where there is room for it. A customer without a name is called by it anyway.
function usePeopleColumns(withEmail: boolean): Column<BehindRow>[] {
  const { t, formats } = useWords();
  const { href } = useLinks();
  const currency = useShop().shop?.currency ?? null;
  return useMemo(
    () => [
      {
        key: "customer",
        header: t("people.customer"),
        cell: (row) => {
          const called = <bdi>{row.name || row.email || row.customer}</bdi>;
          return hasPage("customers") ? <To href={href(`/customers/${encodeURIComponent(row.customer)}`)}>{called}</To> : called;
        },
        raw: (row) => row.customer,
      },
      ...(withEmail ? [{ key: "email", header: t("customer.email"), cell: (row: BehindRow) => <bdi className="clip">{row.email}</bdi>, raw: (row: BehindRow) => row.email }] : []),
      { key: "orders", header: t("field.orders"), align: "right", cell: (row) => <OfCustomer customer={row.customer} field="orders">{formats.count(row.orders)}</OfCustomer>, raw: (row) => row.orders },
      { key: "revenue_minor", header: t("field.revenue_minor"), align: "right", cell: (row) => <OfCustomer customer={row.customer} field="revenue_minor">{formats.money(row.revenue_minor, currency)}</OfCustomer>, raw: (row) => row.revenue_minor },
      { key: "last_order", header: t("people.last_order"), align: "right", cell: (row) => formats.day(row.last_order), raw: (row) => row.last_order },
    ],
    [t, formats, href, currency, withEmail],
  );
}

export function PeopleTable(props: { rows: readonly BehindRow[]; total: number; more?: () => void; label: string; height: number; withEmail?: boolean }) {
  const columns = usePeopleColumns(props.withEmail ?? false);
  return <DataTable label={props.label} columns={columns} rows={props.rows} rowKey={(row) => row.customer} height={props.height} total={props.total} onEnd={props.more} />;
}
