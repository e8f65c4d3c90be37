// One customer: who they are, how they buy, and everything they did, newest first.
import type { ReactNode } from "react";
import { Link } from "wouter";
import { type CustomerEvent, type CustomerHistory, useCustomer } from "../../api/customers";
import { useShop } from "../../api/questions";
import { address } from "../../api/contract";
import { addMonths } from "../../state/days";
import { useView } from "../../state/use_view";
import { CsvLink } from "../../ui/DataTable";
import { Num } from "../../ui/Figure";
import { Page } from "../../ui/Page";
import { Said } from "../../ui/Said";
import { Empty, ErrorBox, Skeleton } from "../../ui/states";
import { english, type Key } from "../../words/catalogue";
import { useWords } from "../../words/words";
import { quiet, timeline } from "./timeline";
import "./customers.css";

export default function CustomerView(props: { customer: string }) {
  const { t, formats } = useWords();
  const { href } = useView();
  const { shop } = useShop();
  const query = useCustomer(shop?.shop ?? null, props.customer);
  const first = query.data?.pages[0];
  const back = <Link href={href("/customers")}>{t("customer.back")}</Link>;
  if (query.error && !first) {
    return (
      <Page title={t("customer.title", { name: props.customer })} filters={null}>
        {query.error.status === 404 ? (
          <Empty title={t("customer.gone")} action={back} />
        ) : (
          <ErrorBox error={query.error} retry={() => void query.refetch()} />
        )}
      </Page>
    );
  }
  if (!first) return <Skeleton height={480} />;

  const { summary, profile } = first;
  const name = text(profile["name"]) ?? text(profile["email"]) ?? first.customer;
  const currency = shop?.currency ?? null;
  const state = summary.active ? t("customer.active") : summary.lost_on ? t("customer.lost", { day: formats.day(summary.lost_on) }) : t("customer.lapsed");
  return (
    <Page
      title={name}
      filters={null}
      answer={
        summary.orders === 0 ? (
          t("customer.no_orders")
        ) : (
          <Said
            words="customer.sentence"
            values={{ orders: summary.orders, first: formats.day(summary.first_order, "long"), last: formats.day(summary.last_order, "long"), revenue: formats.money(summary.revenue_minor, currency) }}
            numbers={{ orders: { field: "orders", page: "customers" }, revenue: { field: "revenue_minor", page: "customers" } }}
          />
        )
      }
    >
      <p className="row">
        {back}
        <span className={summary.active ? "badge yes" : "badge no"}>{state}</span>
      </p>
      <div className="customer">
        <section className="card stack" aria-labelledby="customer-history">
          <div className="row between">
            <h2 id="customer-history">{t("customer.history")}</h2>
            <CsvLink href={address("/api/v1/customers/{id}", { id: props.customer, shop: shop?.shop, format: "csv" })} />
          </div>
          <History events={query.data?.pages.flatMap((page) => page.events) ?? []} />
          {query.hasNextPage && (
            <div>
              <button type="button" className="button" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t("customer.more")}
              </button>
            </div>
          )}
        </section>
        <Details history={first} currency={currency} />
      </div>
    </Page>
  );
}

const text = (value: string | boolean | null | undefined): string | null => (typeof value === "string" && value !== "" ? value : null);

function Details(props: { history: CustomerHistory; currency: string | null }) {
  const { t, formats } = useWords();
  const { profile, summary, identities, cohort } = props.history;
  const known = (namespace: string) => (`customer.known.${namespace}` in english ? t(`customer.known.${namespace}` as Key) : namespace);
  const yes = (value: string | boolean | null | undefined) => (value === true || value === "yes" ? t("customer.yes") : value === false || value === "no" ? t("customer.no") : null);
  const number = (field: string, value: string) => <Num field={field} page="customers">{value}</Num>;
  const rows: [string, ReactNode][] = [
    [t("customer.average"), summary.aov_minor === null ? null : number("aov_minor", formats.money(summary.aov_minor, props.currency))],
    [t("customer.gap"), summary.usual_gap_days === null ? null : number("usual_gap_days", t("customer.days", { n: Math.round(summary.usual_gap_days) }))],
    [t("customer.silent"), summary.silent_days === null ? null : number("silent_days", t("customer.days", { n: summary.silent_days }))],
    [t("customer.cohort"), cohort === null ? null : formats.period(cohort, addMonths(cohort, 1))],
    [t("customer.name"), text(profile["name"])],
    [t("customer.email"), text(profile["email"])],
    [t("customer.phone"), text(profile["phone"])],
    [t("customers.country"), text(profile["country"])],
    [t("customers.source"), text(profile["source"])],
    [t("customer.language"), text(profile["language"])],
    [t("customer.consent"), yes(profile["consent"])],
  ];
  return (
    <aside className="card stack" aria-labelledby="customer-details">
      <h2 id="customer-details">{t("customer.details")}</h2>
      <dl className="facts">
        {rows
          .filter(([, value]) => value !== null)
          .map(([term, value]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
      </dl>
      {identities.length > 0 && (
        <div>
          <h3>{t("customer.identities")}</h3>
          <ul className="plain-list small">
            {identities.map((identity) => (
              <li key={`${identity.namespace}:${identity.value}`}>
                <span className="soft">{known(identity.namespace)}</span> <bdi>{identity.value}</bdi>
              </li>
            ))}
          </ul>
        </div>
      )}
    </aside>
  );
}

function History(props: { events: CustomerEvent[] }) {
  const { t, formats } = useWords();
  const steps = timeline(props.events);
  return (
    <ol className="timeline">
      {steps.map(({ event, gapDays, times }, i) => (
        <li key={i}>
          {quiet(gapDays) && <p className="gap soft small">{t("customer.quiet", { n: gapDays ?? 0 })}</p>}
          <div className="event">
            <div className="row between">
              <h3>{/* The name of any other event is the shop's own word. */}
                {event.order ? t("customer.order", { order: event.order }) : event.kind === "order" ? t("customer.order_plain") : <bdi>{event.kind}</bdi>}
                {times > 1 && <span className="soft"> × {formats.count(times)}</span>}
              </h3>
              <time dateTime={event.at} className="soft small">
                {formats.day(event.day, "long")}
              </time>
            </div>
            <p className="row">
              {event.amount_minor !== null && <strong>{formats.money(event.amount_minor, event.currency)}</strong>}
              {event.status && (
                <span className="badge">
                  <bdi>{event.status}</bdi>
                </span>
              )}
              {event.refunded_minor !== null && event.refunded_minor > 0 && <span className="badge warn">{t("customer.refunded", { amount: formats.money(event.refunded_minor, event.currency) })}</span>}
              {event.source && (
                <span className="soft small">
                  <bdi>{event.source}</bdi>
                </span>
              )}
            </p>
            {event.items.length > 0 && (
              <details>
                <summary className="small">{t("customer.items", { n: event.items.length })}</summary>
                <ul className="plain-list small">
                  {event.items.map((item, k) => (
                    <li key={k} className="row between">
                      <span>
                        {item.quantity !== null && item.quantity !== 1 && <>{formats.decimal(item.quantity, 0)} × </>}
                        <bdi>{item.name || item.item}</bdi>
                      </span>
                      <span>{item.amount_minor === null ? "" : formats.money(item.amount_minor, event.currency)}</span>
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
