// Files that were sent: what they were taken for, what they do not say, and what would happen. The trial run starts by itself as soon
// as nothing has to be asked; nothing is saved before the reader says so.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { ApiError, errorOf, idempotencyKey } from "../../api/client";
import { outcomeOf, startImport, useRecognition } from "../../api/imports";
import { ended, useJob } from "../../api/jobs";
import { useShops } from "../../api/questions";
import { type ReportAsked, startReport } from "../../api/reports";
import { Select } from "../../ui/Fields";
import { ErrorBox, Skeleton } from "../../ui/states";
import { TextField } from "../../ui/TextField";
import { useWords } from "../../words/words";
import { type Place, readingOf } from "./address";
import { Bridge } from "./Bridge";
import { Columns } from "./Columns";
import { Gone } from "./Gone";
import { type Choices, type Kind, kinds, mapText, saidBefore } from "./mapping";
import { Missing, missingOf } from "./Missing";
import { Preview } from "./Preview";

const zones = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
const browserZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export default function FileReading(props: { place: Place; go: (change: Partial<Place>, replace?: boolean) => void }) {
  const { place, go } = props;
  const { t, language } = useWords();
  const shops = useShops();
  const own = shops.data?.rows.find((shop) => !shop.sample);
  // A shop's first file sets its zone: the reader's own is proposed, and said to the server so that days are right.
  const zoneOpen = own !== undefined && own.zone === null;
  const reading = useMemo(() => {
    const out = readingOf(place);
    if (zoneOpen && out.timezone === undefined) out.timezone = browserZone();
    return out;
    // The parts of the place, so that a new object of the same place asks nothing again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [JSON.stringify(readingOf(place)), zoneOpen]);
  const recognition = useRecognition(shops.data ? reading : null, language);
  const [chosen, setChoices] = useState<Choices | null>(null);
  const data = recognition.data;
  const choices = chosen ?? saidBefore(data?.files[0]?.columns ?? []);
  const asks = data?.ask ?? [];
  const asked = (option: string) => asks.find((question) => question.option === option);
  const wrong = data?.error ?? null;
  const sound = data !== undefined && !recognition.isPlaceholderData && asks.length === 0 && !wrong;

  const trial = useQuery<{ job: string }, ApiError>({
    queryKey: ["trial", reading, language],
    queryFn: () => startImport(reading, true, idempotencyKey(), language),
    enabled: sound,
    staleTime: Infinity,
    retry: false,
  });
  const job = useJob(sound ? (trial.data?.job ?? null) : null);
  const outcome = outcomeOf(job.data);
  const over = ended(job.data);
  const stopped = job.data?.state === "cancelled" || job.data?.state === "interrupted";

  const queries = useQueryClient();
  const key = useRef({ of: "", is: "" });
  const [starting, setStarting] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const start = async () => {
    // One key for one reading: sent twice over a bad line, it is imported once.
    const of = JSON.stringify(reading);
    if (key.current.of !== of) key.current = { of, is: idempotencyKey() };
    setStarting(true);
    setProblem(null);
    try {
      const { job: id } = await startImport(reading, false, key.current.is, language);
      queries.removeQueries({ queryKey: ["imports"] });
      go({ job: id });
    } catch (error) {
      setProblem(error);
      setStarting(false);
    }
  };

  // The same files by themselves, read as an import would read them.
  const look = async () => {
    const { kind: _, ...files } = reading;
    const asked: ReportAsked = { ...files, lang: language };
    if (asked.timezone === undefined && own?.zone) asked.timezone = own.zone;
    if (asked.currency === undefined && own?.currency) asked.currency = own.currency;
    setStarting(true);
    setProblem(null);
    try {
      go({ report: await startReport(asked, idempotencyKey()) });
    } catch (error) {
      setProblem(error);
      setStarting(false);
    }
  };

  const choose = (next: Choices) => {
    setChoices(next);
    go({ map: mapText(data?.files[0]?.columns ?? [], next) ?? null }, true);
  };

  if (recognition.error instanceof ApiError && recognition.error.status === 404) {
    return <Gone again={() => go({ uploads: [] })} />;
  }
  const file = data?.files[0];
  const columns = file?.columns ?? [];
  const missing = missingOf(wrong);

  return (
    <>
      <section className="card stack" aria-busy={recognition.isFetching}>
        <div className="row between">
          <h2>
            {file ? (data?.files ?? []).map((one) => one.file).join(", ") : t("import.reading")}{" "}
          </h2>
          <button type="button" className="button" onClick={() => go({ uploads: [], map: null, dateFormat: null, decimal: null, currency: null })}>
            {t("import.other_file")}
          </button>
        </div>
        {file && (
          <p className="soft">
            {file.system ? t("import.seen_as", { system: systemName(file.system) }) : t("import.seen_plain")}
            {" · "}
            {t("import.shape", { format: file.format, encoding: file.encoding ?? "" }).replace(/,\s*$/, "")}
          </p>
        )}
        {recognition.error && <ErrorBox error={recognition.error} retry={() => void recognition.refetch()} />}
        {wrong && <ErrorBox error={errorOf(422, { error: wrong })} />}
        {asks.length > 0 && (
          <div className="notice" role="status">
            <strong>{t("import.ask.title", { n: asks.length })}</strong>
            <ul className="notices">
              {asks.map((question) => (
                <li key={question.option}>{question.question}</li>
              ))}
            </ul>
          </div>
        )}
        <div className="form-grid narrow">
          <Select
            label={t("import.kind")}
            value={place.kind}
            choices={kinds.map((kind) => ({ value: kind, label: t(`import.kind.${kind}`) }))}
            onChange={(kind) => {
              setChoices(null);
              go({ kind: kind as Kind, map: null }, true);
            }}
          />
          <Missing roles={missing} columns={columns} choices={choices} choose={choose} />
          {(zoneOpen || asked("timezone") || place.timezone !== null) && (
            <TextField
              label={t("import.ask.timezone")}
              value={reading.timezone ?? ""}
              list={zones}
              hint={t("import.zone_proposed")}
              onChange={(zone) => go({ timezone: zone }, true)}
            />
          )}
          {(asked("currency") || place.currency !== null) && (
            <TextField
              label={t("import.ask.currency")}
              value={place.currency ?? ""}
              list={asked("currency")?.candidates ?? ["EUR", "SEK", "USD", "GBP"]}
              onChange={(currency) => go({ currency: currency.toUpperCase() || null }, true)}
            />
          )}
          {(asked("date_format") || place.dateFormat !== null) && (
            <Select
              label={t("import.ask.date_format")}
              value={place.dateFormat ?? ""}
              choices={[{ value: "", label: "–" }, ...(["DMY", "MDY", "YMD"] as const).map((form) => ({ value: form, label: t(`import.date.${form}`) }))]}
              onChange={(form) => go({ dateFormat: form || null }, true)}
            />
          )}
          {(asked("decimal") || place.decimal !== null) && (
            <Select
              label={t("import.ask.decimal")}
              value={place.decimal ?? ""}
              choices={[
                { value: "", label: "–" },
                { value: ",", label: t("import.decimal.comma") },
                { value: ".", label: t("import.decimal.point") },
              ]}
              onChange={(mark) => go({ decimal: mark || null }, true)}
            />
          )}
        </div>
        {!place.source && place.kind === "orders" ? (
          <details>
            <summary>{t("import.more_options")}</summary>
            <Source value="" set={(source) => go({ source }, true)} />
          </details>
        ) : (
          place.kind === "orders" && <Source value={place.source ?? ""} set={(source) => go({ source }, true)} />
        )}
      </section>

      {sound || outcome ? (
        <section className="card stack" aria-busy={outcome === null}>
          <div className="row between">
            <div>
              <h2>{t("import.check")}</h2>
              <p className="soft small">{t("import.check_lead")}</p>
            </div>
            <div className="row">
              {place.kind === "orders" && (
                <button type="button" className="button" disabled={starting || !sound} onClick={() => void look()}>
                  {t("import.look.first")}
                </button>
              )}
              <button type="button" className="button primary" disabled={starting || !sound} onClick={() => void start()}>
                {outcome ? t("import.go", { n: outcome.import.rows, kind: place.kind }) : t("import.go_plain")}
              </button>
            </div>
          </div>
          {problem !== null && <ErrorBox error={problem} retry={() => void start()} />}
          {trial.error && <ErrorBox error={trial.error} retry={() => void trial.refetch()} />}
          {job.data?.state === "failed" && job.data.error && (
            <ErrorBox error={errorOf(422, { error: job.data.error })} />
          )}
          {stopped && !trial.error && (
            <div role="alert">
              <p>{t("import.check_stopped")}</p>
              <button type="button" className="button" onClick={() => void trial.refetch()}>
                {t("error.again")}
              </button>
            </div>
          )}
          {outcome ? (
            <Bridge outcome={outcome} />
          ) : (
            !trial.error && !over && (
              <div role="status">
                <p className="soft">{t("import.checking")}</p>
                {job.data && job.data.total > 0 && <progress className="progress" value={job.data.done} max={job.data.total} aria-label={t("import.progress_label")} />}
                <Skeleton height={160} />
              </div>
            )
          )}
        </section>
      ) : null}

      {file && (
        <section className="card stack">
          <div>
            <h2>{t("import.columns")}</h2>
            <p className="soft small">{t("import.columns_lead")}</p>
          </div>
          <Columns lacking={missing.length > 0} columns={columns} kind={place.kind} choices={choices} choose={choose} preview={data?.preview ?? []} />
        </section>
      )}
      {file && (data?.preview.length ?? 0) > 0 && (
        <section className="card stack">
          <h2>{t("import.preview")}</h2>
          <Preview columns={columns} rows={data?.preview ?? []} />
        </section>
      )}
      {!file && !recognition.error && <Skeleton height={320} />}
    </>
  );
}

function Source(props: { value: string; set: (source: string | null) => void }) {
  const { t } = useWords();
  return <TextField label={t("import.ask.source")} hint={t("import.ask.source_hint")} value={props.value} onChange={(source) => props.set(source || null)} />;
}

const names: Record<string, string> = {
  shopify: "Shopify", woocommerce: "WooCommerce", magento: "Magento", prestashop: "PrestaShop", shopware: "Shopware", lightspeed: "Lightspeed",
  bol: "Bol.com", amazon: "Amazon", stripe: "Stripe", ecb: "ECB",
};
export const systemName = (system: string): string => names[system] ?? system;
