// Zone, currency, window, margin and status words: one form. What was typed outlives a failed save; a change that somebody else made
// meanwhile is told before it can be overwritten.
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { ApiError } from "../../api/client";
import type { Shop } from "../../api/rows";
import { changeSettings, type Settings, type Standing, standings, useSettings } from "../../api/settings";
import { useView } from "../../state/use_view";
import { Select } from "../../ui/Fields";
import { ErrorBox, Loaded } from "../../ui/states";
import { TextField } from "../../ui/TextField";
import { useToast } from "../../ui/Toast";
import { useWords } from "../../words/words";
import { changeOf, type Draft, draftOf, problemsOf } from "./draft";

const zones = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
const currencies = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("currency") : [];

export function ShopSettings(props: { shop: Shop; writable: boolean }) {
  const { t } = useWords();
  const settings = useSettings(props.shop.shop);
  return (
    <section className="card stack" aria-labelledby="settings-shop">
      <div>
        <h2 id="settings-shop">{t("settings.shop")}</h2>
        <p className="soft small">{props.shop.sample ? t("settings.sample") : t("settings.shop_lead")}</p>
      </div>
      <Loaded query={settings} height={320}>
        {(data) => <Form key={props.shop.shop} settings={data} writable={props.writable} refetch={async () => (await settings.refetch()).data} />}
      </Loaded>
    </section>
  );
}

function Form(props: { settings: Settings; writable: boolean; refetch: () => Promise<Settings | undefined> }) {
  const { t, locale, formats } = useWords();
  const { settings, writable } = props;
  const queries = useQueryClient();
  // What the draft was made from: a newer answer of the server does not change what is being typed.
  const [base, setBase] = useState(settings);
  const [draft, setDraft] = useState<Draft>(() => draftOf(settings, locale));
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [meanwhile, setMeanwhile] = useState(false);
  const { toast, say } = useToast();
  const change = changeOf(base, draft, locale);
  const problems = problemsOf(draft);
  const touched = Object.keys(change).length > 0;
  const set = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (problems.window || problems.margin || !touched) return;
    setSaving(true);
    setProblem(null);
    setMeanwhile(false);
    try {
      const { settings: fresh } = await changeSettings(change, base.revision);
      setBase(fresh);
      setDraft(draftOf(fresh, locale));
      say({ text: t("settings.saved") });
      await queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "/api/v1/session" });
    } catch (error) {
      if (error instanceof ApiError && error.code === "changed_meanwhile") {
        const fresh = await props.refetch();
        if (fresh) setBase(fresh);
        setMeanwhile(true);
      } else {
        setProblem(error);
      }
    } finally {
      setSaving(false);
    }
  };

  const unknown = new Map(settings.unknown_statuses.map((one) => [one.word, one.count]));
  // The word that a trouble on another page was about, which led here: it can be decided at once.
  const asked = useAskedWord(writable);
  const words = [...new Set([...unknown.keys(), ...Object.keys(settings.statuses), ...(asked.word === null ? [] : [asked.word])])];
  const proposed = settings.window_proposed_days;
  return (
    <form className="stack" noValidate onSubmit={(event) => void submit(event)}>
      {meanwhile && (
        <p className="notice" role="alert">
          {t("settings.meanwhile")}
        </p>
      )}
      {problem !== null && <ErrorBox error={problem} />}
      <fieldset className="plain stack" disabled={!writable}>
        <legend className="hidden">{t("settings.shop")}</legend>
        <div className="form-grid">
          <TextField label={t("settings.zone")} hint={t("settings.zone_hint")} list={zones} value={draft.zone} onChange={(zone) => set({ zone })} />
          <TextField label={t("settings.currency")} hint={t("settings.currency_hint")} list={currencies} value={draft.currency} onChange={(currency) => set({ currency: currency.toUpperCase() })} />
          <div className="stack tight">
            <TextField
              label={t("settings.window")}
              inputMode="numeric"
              value={draft.window}
              onChange={(window) => set({ window })}
              error={problems.window ? t("settings.error.window") : null}
              hint={proposed === null ? t("settings.window_hint") : `${t("settings.window_hint")} ${t("settings.window_proposed", { days: proposed })}`}
            />
            {writable && proposed !== null && String(proposed) !== draft.window && (
              <div>
                <button type="button" className="button" onClick={() => set({ window: String(proposed) })}>
                  {t("settings.window_take", { days: proposed })}
                </button>
              </div>
            )}
          </div>
          <TextField
            label={t("settings.margin")}
            inputMode="decimal"
            value={draft.margin}
            onChange={(margin) => set({ margin })}
            error={problems.margin ? t("settings.error.margin") : null}
            hint={t("settings.margin_hint")}
          />
        </div>
        <div className="stack tight">
          <h3>{t("settings.statuses")}</h3>
          <p className="soft small">{words.length > 0 ? t("settings.statuses_lead") : t("settings.statuses_none")}</p>
          {words.map((word) => {
            const count = unknown.get(word);
            const choices = standings.map((standing) => ({ value: standing as string, label: t(`settings.status.${standing}`) }));
            if (!draft.statuses[word]) choices.unshift({ value: "", label: t("settings.status.choose") });
            return (
              <div key={word} className="status-row" ref={word === asked.word ? asked.row : undefined}>
                <Select
                  label={t("settings.status_of", { word })}
                  value={draft.statuses[word] ?? ""}
                  choices={choices}
                  onChange={(standing) => standing !== "" && set({ statuses: { ...draft.statuses, [word]: standing as Standing } })}
                />
                {count !== undefined && <span className="small soft">{t("settings.status_unknown", { n: count })}</span>}
              </div>
            );
          })}
        </div>
        <div>
          <h3>{t("settings.sources")}</h3>
          <p className="soft">{settings.sources.length > 0 ? <bdi>{settings.sources.map((one) => `${one.source || "–"} (${formats.count(one.imports)})`).join(", ")}</bdi> : t("settings.sources_none")}</p>
        </div>
        {writable && (
          <div className="row">
            <button type="submit" className="button primary" disabled={saving || !touched}>
              {t("settings.save")}
            </button>
            {!touched && <span className="soft small">{t("settings.nothing")}</span>}
          </div>
        )}
      </fieldset>
      {toast}
    </form>
  );
}

const wordMost = 200;

/** The status word of the address, and its row, which is where the reader begins. */
function useAskedWord(writable: boolean) {
  const word = useView().search.get("status");
  const row = useRef<HTMLDivElement>(null);
  const asked = writable && word !== null && word !== "" && word.length <= wordMost ? word : null;
  useEffect(() => {
    if (asked === null) return;
    row.current?.querySelector("select")?.focus({ preventScroll: true });
    row.current?.scrollIntoView({ block: "center" });
  }, [asked]);
  return { word: asked, row };
}
