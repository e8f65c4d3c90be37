// The one bar of filters. What is chosen stands in the address and holds at once; a page says which of them make sense.
import { useShop } from "../api/questions";
import { addDays } from "../state/days";
import { useView } from "../state/use_view";
import { bases, type Basis, type Compare, compares, grains, type PeriodName, periods, type Split, splits, span } from "../state/view";
import { useWords } from "../words/words";
import { DayField, Select } from "./Fields";

// "against": a comparison that is always there, with the one or the other.
export type Filter = "period" | "grain" | "window" | "basis" | "split" | "compare" | "against";
export const allFilters: readonly Filter[] = ["period", "grain", "window", "basis", "split", "compare"];
const windows = [30, 60, 90, 180, 365];

// `ownWindow`: the days of the answer on the page, which are the shop's own where no other window is chosen.
export function FilterBar(props: { show?: readonly Filter[]; ownWindow?: number; children?: React.ReactNode }) {
  const { t } = useWords();
  const { view, setView } = useView();
  const { shop, asOfDay } = useShop();
  const shown = (filter: Filter) => (props.show ?? allFilters).includes(filter);
  const grainChoices = [...grains.map((grain) => ({ value: grain as string, label: t(`grain.${grain}`) }))];
  if (!grainChoices.some((choice) => choice.value === view.grain)) grainChoices.push({ value: view.grain, label: view.grain });
  const windowChoices = [{ value: "", label: view.window === null && props.ownWindow ? t("filter.window.own_days", { days: props.ownWindow }) : t("filter.window.own") }, ...windows.map((days) => ({ value: String(days), label: t("filter.window.days", { days }) }))];
  if (view.window !== null && !windows.includes(view.window)) windowChoices.push({ value: String(view.window), label: t("filter.window.days", { days: view.window }) });

  const setPeriod = (value: string) => {
    if (value !== "days") return setView({ period: value as PeriodName, from: null, to: null });
    const now = span(view, asOfDay);
    const from = now.from ?? shop?.history_start ?? (asOfDay ? `${asOfDay.slice(0, 4)}-01-01` : "2020-01-01");
    const to = now.to ?? (asOfDay ? addDays(asOfDay, 1) : null);
    setView({ period: "days", from, to });
  };

  return (
    <details className="filters-fold no-print" open={typeof window === "undefined" || window.innerWidth > 900}>
      <summary>{t("filter.bar")}</summary>
      <div className="filters" role="group" aria-label={t("filter.bar")}>
        {props.children}
        {shown("period") && (
          <Select
            label={t("filter.period")}
            value={view.period}
            onChange={setPeriod}
            choices={[...periods.map((period) => ({ value: period as string, label: t(`period.${period}`) })), { value: "days", label: t("period.days") }]}
          />
        )}
        {shown("period") && view.period === "days" && (
          <>
            <DayField label={t("filter.from")} value={view.from ?? ""} onChange={(from) => setView(view.to !== null && from >= view.to ? { from, to: null } : { from })} />
            <DayField
              label={t("filter.through")}
              value={view.to ? addDays(view.to, -1) : ""}
              onChange={(day) => setView(view.from !== null && day < view.from ? {} : { to: addDays(day, 1) })}
              min={view.from ?? undefined}
            />
          </>
        )}
        {shown("grain") && <Select label={t("filter.grain")} value={view.grain} onChange={(grain) => setView({ grain })} choices={grainChoices} />}
        {shown("window") && (
          <Select
            label={t("filter.window")}
            hint={t("filter.window.hint")}
            value={view.window === null ? "" : String(view.window)}
            onChange={(value) => setView({ window: value === "" ? null : Number(value) })}
            choices={windowChoices}
          />
        )}
        {shown("basis") && (
          <Select label={t("filter.basis")} value={view.basis} onChange={(basis) => setView({ basis: basis as Basis })} choices={bases.map((basis) => ({ value: basis, label: t(`basis.${basis}`) }))} />
        )}
        {shown("split") && (
          <Select
            label={t("filter.split")}
            value={view.split ?? ""}
            onChange={(split) => setView({ split: split === "" ? null : (split as Split) })}
            choices={[{ value: "", label: t("split.none") }, ...splits.map((split) => ({ value: split, label: t(`split.${split}`) }))]}
          />
        )}
        {shown("compare") && (
          <Select
            label={t("filter.compare")}
            value={view.compare ?? ""}
            onChange={(compare) => setView({ compare: compare === "" ? null : (compare as Compare) })}
            choices={[{ value: "", label: t("compare.none") }, ...compares.map((compare) => ({ value: compare, label: t(`compare.${compare}`) }))]}
          />
        )}
        {shown("against") && (
          <Select
            label={t("filter.compare")}
            value={view.compare ?? "previous"}
            onChange={(compare) => setView({ compare: compare === "previous" ? null : (compare as Compare) })}
            choices={compares.map((compare) => ({ value: compare, label: t(`compare.${compare}`) }))}
          />
        )}
      </div>
      {shown("compare") && shown("period") && view.compare === "previous" && view.period === "all" && <p className="small soft">{t("compare.nothing_before")}</p>}
    </details>
  );
}
