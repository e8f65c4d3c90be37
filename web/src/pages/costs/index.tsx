// What keeping and winning customers cost: the list, entering and changing one, taking one away and bringing it back.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { useMay } from "../../app/session";
import { ApiError, idempotencyKey } from "../../api/client";
import { changeCost, type Cost, type CostEntry, deleteCost, enterCost, entryOf, useCosts } from "../../api/costs";
import { useCost, useShop } from "../../api/questions";
import { hasPage } from "../../app/routes";
import { addDays } from "../../state/days";
import { useView } from "../../state/use_view";
import { type Column, CsvButton, DataTable } from "../../ui/DataTable";
import { CardName, Money, peopleOf } from "../../ui/Figure";
import { Page } from "../../ui/Page";
import { Empty, ErrorBox, Loaded } from "../../ui/states";
import { useToast } from "../../ui/Toast";
import { Trend } from "../../ui/Trend";
import { english, type Key } from "../../words/catalogue";
import { fieldTerm } from "../../words/fields";
import { useWords } from "../../words/words";
import { chosen, trendOf } from "../retention/choose";
import { CostForm } from "./CostForm";
import "../../ui/forms.css";

// What the costs below come to in the last complete period.
function Spent() {
  const { t, formats } = useWords();
  const { data } = useCost();
  const { search } = useView();
  const rows = data?.rows ?? [];
  const index = chosen(rows, search.get("at"));
  const row = rows[index];
  if (!row) return null;
  return (
    <section className="stack" aria-labelledby="costs-in">
      <h2 id="costs-in">{t("costs.in", { period: formats.period(row.period_start, row.period_end) })}</h2>
      <div className="grid-cards">
        {(["crc_total_minor", "crc_per_retained_minor", "acquisition_cost_minor", "cac_minor"] as const).map((field) => (
          <article className="figure" key={field}>
            <CardName>{fieldTerm(t, field)}</CardName>
            <p className="big long">
              <Money field={field} minor={row[field]} people={peopleOf(field, row)} />
            </p>
            <Trend values={trendOf(rows, index, (one) => one[field])} label={t("trend.label", { field: fieldTerm(t, field) })} />
          </article>
        ))}
      </div>
    </section>
  );
}

export default function CostsPage() {
  const { t, formats } = useWords();
  const { href } = useView();
  const { shop } = useShop();
  const may = useMay();
  const queries = useQueryClient();
  const costs = useCosts(shop?.shop ?? null);
  const { toast, say } = useToast();
  const [editing, setEditing] = useState<Cost | "new" | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const writable = may.write && shop !== null && !shop.sample;
  const currency = shop?.currency ?? null;

  // Costs change the figures of other pages too.
  const changed = () => queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "/api/v1/session" });
  // A newer server may know kinds that this page has no word for.
  const words = (key: string, value: string) => (key in english ? t(key as Key) : value);
  const money = (cost: Pick<Cost, "amount_minor" | "currency">) => formats.money(cost.amount_minor, cost.currency);

  const save = async (entry: CostEntry, key: string) => {
    if (editing === "new") await enterCost(entry, key);
    else if (editing !== null) await changeCost(editing.id, entry);
    setEditing(null);
    say({ text: t("costs.saved") });
    await changed();
  };
  const remove = async (cost: Cost) => {
    setProblem(null);
    try {
      await deleteCost(cost.id);
    } catch (error) {
      // Gone already, in another tab: that is what was wanted.
      if (!(error instanceof ApiError) || error.status !== 404) return setProblem(error);
    }
    const entry = entryOf(cost, currency ?? "");
    const key = idempotencyKey();
    say({
      text: t("costs.deleted", { amount: money(cost) }),
      undo: {
        label: t("costs.undo"),
        run: () =>
          void enterCost(entry, key).then(
            () => {
              say({ text: t("costs.undone") });
              return changed();
            },
            (error: unknown) => setProblem(error),
          ),
      },
    });
    await changed();
  };

  const columns: Column<Cost>[] = [
    { key: "from", header: t("costs.period"), cell: (row) => formats.periodHead(row.from, addDays(row.to, 1)), raw: (row) => row.from },
    { key: "to", header: "", cell: () => null, raw: (row) => row.to },
    { key: "amount_minor", header: t("costs.amount"), align: "right", cell: (row) => money(row), raw: (row) => row.amount_minor },
    { key: "purpose", header: t("costs.purpose"), cell: (row) => words(`costs.purpose.${row.purpose}`, row.purpose), raw: (row) => row.purpose },
    { key: "kind", header: t("costs.kind"), cell: (row) => words(`costs.kind.${row.kind}`, row.kind), raw: (row) => row.kind },
    { key: "campaign", header: t("costs.campaign"), cell: (row) => <bdi>{row.campaign}</bdi>, raw: (row) => row.campaign },
    { key: "note", header: t("costs.note"), cell: (row) => <bdi>{row.note}</bdi>, raw: (row) => row.note },
    { key: "origin", header: t("costs.origin"), cell: (row) => t(`costs.origin.${row.origin}`), raw: (row) => row.origin },
  ];
  const shown = columns.filter((column) => column.key !== "to");
  if (writable) {
    shown.push({
      key: "change",
      header: <span className="hidden">{t("costs.change")}</span>,
      stays: true,
      cell: (row) =>
        row.origin === "entered" && (
          <span className="row nowrap">
            <button type="button" className="link-button" aria-label={t("costs.change_named", { amount: money(row) })} onClick={() => setEditing(row)}>
              {t("costs.change")}
            </button>
            <button type="button" className="link-button" aria-label={t("costs.delete_named", { amount: money(row) })} onClick={() => void remove(row)}>
              {t("costs.delete")}
            </button>
          </span>
        ),
    });
  }

  const buttons = writable && currency !== null && (
    <>
      <button type="button" className="button primary" onClick={() => setEditing("new")}>
        {t("costs.add")}
      </button>
      {hasPage("import") && (
        <Link className="button" href={href("/import", { kind: "costs" })}>
          {t("costs.import")}
        </Link>
      )}
    </>
  );

  return (
    <Page title={t("costs.title")} filters={null} lead={t("costs.lead")}>
      {shop?.sample && <p className="notice">{t("costs.sample")}</p>}
      {problem !== null && <ErrorBox error={problem} />}
      <Loaded query={costs} height={320}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.rows);
          if (rows.length === 0) {
            return (
              <Empty title={t("nav.costs")} action={<div className="row">{buttons || (may.write && hasPage("import") && !shop?.sample && <Link className="button primary" href={href("/import", {}, { shop: "own" })}>{t("sample.own")}</Link>)}</div>}>
                {currency === null ? t("costs.no_shop") : t("costs.empty")}
              </Empty>
            );
          }
          return (
            <section className="stack">
              <Spent />
              <div className="row between">
                <div className="row">{buttons}</div>
                <CsvButton name="costs" columns={columns} rows={rows} />
              </div>
              <DataTable label={t("nav.costs")} columns={shown} rows={rows} rowKey={(row) => row.id} height={640} onEnd={costs.hasNextPage && !costs.isFetching ? () => void costs.fetchNextPage() : undefined} />
              {rows.some((row) => row.origin === "file") && <p className="soft small">{t("costs.from_file_hint")}</p>}
            </section>
          );
        }}
      </Loaded>
      {editing !== null && currency !== null && <CostForm cost={editing === "new" ? null : editing} currency={currency} onSave={save} onClose={() => setEditing(null)} />}
      {toast}
    </Page>
  );
}
