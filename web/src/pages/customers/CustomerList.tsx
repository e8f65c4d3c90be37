// Everybody who ordered: searched, sorted and shown by what stands in the address. Rows come by pages of a cursor as they are scrolled to.
import { useEffect, useMemo, useState } from "react";
import { type CustomerRow, type CustomersQuestion, type Sort, sorts, useCustomers } from "../../api/customers";
import { address } from "../../api/contract";
import { useShop } from "../../api/questions";
import { useView } from "../../state/use_view";
import { type Column, CsvLink, DataTable } from "../../ui/DataTable";
import { Switch } from "../../ui/Fields";
import { OfCustomer } from "../../ui/Figure";
import { Page } from "../../ui/Page";
import { Empty, Loaded } from "../../ui/states";
import { To } from "../../ui/To";
import { useWords } from "../../words/words";
import "./customers.css";

type Status = "all" | "active" | "lapsed";

export function CustomerList() {
  const { t, formats, locale } = useWords();
  const { search, setParams, href } = useView();
  const { shop } = useShop();
  const q = search.get("q") ?? "";
  const sort = sorts.find((one) => one === search.get("sort")) ?? "last_order";
  const direction = search.get("direction") === "asc" ? "asc" : "desc";
  const status: Status = search.get("status") === "active" ? "active" : search.get("status") === "lapsed" ? "lapsed" : "all";
  const question = useMemo<CustomersQuestion | null>(
    () => (shop ? { shop: shop.shop, q, sort, direction, status: status === "all" ? null : status } : null),
    [shop?.shop, q, sort, direction, status],
  );
  const customers = useCustomers(question);
  const rows = useMemo(() => customers.data?.pages.flatMap((page) => page.rows) ?? [], [customers.data]);
  const total = customers.data?.pages[0]?.total ?? 0;
  const currency = shop?.currency ?? null;

  const by = (column: Sort): Pick<Column<CustomerRow>, "sort" | "onSort"> => ({
    sort: sort !== column ? "none" : direction === "asc" ? "ascending" : "descending",
    onSort: () => setParams({ sort: column === "last_order" ? null : column, direction: sort === column && direction === "desc" ? "asc" : null }),
  });
  const columns = useMemo<Column<CustomerRow>[]>(
    () => [
      {
        key: "customer",
        header: t("customers.customer"),
        cell: (row) => (
          <To href={href(`/customers/${encodeURIComponent(row.customer)}`)} className="who">
            <bdi>{row.name || row.email || row.customer}</bdi>
          </To>
        ),
      },
      { key: "email", header: t("customer.email"), cell: (row) => <bdi className="clip">{row.email}</bdi> },
      { key: "country", header: t("customers.country"), cell: (row) => row.country },
      { key: "source", header: t("customers.source"), cell: (row) => <bdi className="clip">{row.source}</bdi> },
      { key: "orders", header: t("customers.orders"), align: "right", ...by("orders"), cell: (row) => <OfCustomer customer={row.customer} field="orders">{formats.count(row.orders)}</OfCustomer> },
      { key: "revenue_minor", header: t("customers.revenue"), align: "right", ...by("revenue"), cell: (row) => <OfCustomer customer={row.customer} field="revenue_minor">{formats.money(row.revenue_minor, currency)}</OfCustomer> },
      { key: "first_order", header: t("customers.first_order"), align: "right", ...by("first_order"), cell: (row) => formats.day(row.first_order) },
      { key: "last_order", header: t("customers.last_order"), align: "right", ...by("last_order"), cell: (row) => formats.day(row.last_order) },
      { key: "active", header: t("customers.state"), cell: (row) => (row.active ? t("customers.active") : t("customers.lapsed")) },
    ],
    // The address decides how it is sorted; `by` and `href` follow from it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [t, formats, currency, href, sort, direction],
  );

  const csv = address("/api/v1/customers", { ...question, format: "csv" });
  const unsearched = customers.data?.pages[0]?.not_searched ?? [];
  const more = customers.hasNextPage && !customers.isFetchingNextPage ? () => void customers.fetchNextPage() : undefined;
  return (
    <Page
      title={t("customers.title")}
      filters={[]}
      bar={
        <>
          <SearchField value={q} onSearch={(text) => setParams({ q: text || null }, true)} />
          <Switch<Status>
            label={t("customers.status")}
            showLabel
            value={status}
            onChange={(value) => setParams({ status: value === "all" ? null : value })}
            choices={(["all", "active", "lapsed"] as const).map((value) => ({ value, label: t(`customers.status.${value}`) }))}
          />
        </>
      }
      answer={customers.data ? (q ? t("customers.found", { n: total }) : t("customers.total", { n: total })) : undefined}
    >
      {q !== "" && unsearched.length > 0 && (
        <p className="notice">{t("customers.not_searched", { what: new Intl.ListFormat(locale, { type: "conjunction" }).format(unsearched.map((what) => t(`customers.not_searched.${what}`))) })}</p>
      )}
      <Loaded query={customers} height={640}>
        {() =>
          rows.length === 0 ? (
            <Empty title={q ? t("customers.found", { n: 0 }) : t("customers.total", { n: 0 })} action={q || status !== "all" ? <button type="button" className="button" onClick={() => setParams({ q: null, status: null })}>{t(q ? "customers.clear" : "customers.status.all")}</button> : undefined}>
              {q ? t("customers.none_found", { q }) : status !== "all" ? t("customers.none_of") : t("customers.empty")}
            </Empty>
          ) : (
            <section className="stack" aria-busy={customers.isFetching}>
              <div className="row between">
                <span role="status" className="soft small">
                  {customers.isFetchingNextPage ? t("customers.loading_more") : ""}
                </span>
                {/* Of everybody who was found, not only of those that were scrolled to. */}
                <CsvLink href={csv} />
              </div>
              <DataTable label={t("customers.table")} columns={columns} rows={rows} rowKey={(row) => row.customer} faint={(row) => !row.active} height={704} onEnd={more} total={total} />
            </section>
          )
        }
      </Loaded>
    </Page>
  );
}

// What is typed stands in the field at once and in the address when the reader pauses.
function SearchField(props: { value: string; onSearch: (text: string) => void }) {
  const { t } = useWords();
  const { value, onSearch } = props;
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return undefined;
    const timer = setTimeout(() => onSearch(text.trim()), 150);
    return () => clearTimeout(timer);
    // Only what is typed starts the wait.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text]);
  return (
    <div className="field customers-search">
      <label htmlFor="customers-search">{t("customers.search")}</label>
      <input id="customers-search" type="search" className="input" value={text} onChange={(event) => setText(event.target.value)} />
    </div>
  );
}
