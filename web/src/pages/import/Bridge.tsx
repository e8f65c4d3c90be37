// From the rows of a file to what counts of them: each step with its count, its money and its reason.
import type { BridgeStep, Outcome } from "../../api/imports";
import type { Key } from "../../words/catalogue";
import { english } from "../../words/catalogue";
import { useWords } from "../../words/words";
import { useServerWords } from "./server_words";

// Steps that take away from the one above them are indented under it.
const totals = new Set(["rows", "lines", "orders", "billed", "gross", "read", "records", "cells"]);

export function Bridge(props: { outcome: Outcome }) {
  const { t, formats } = useWords();
  const say = useServerWords();
  const { bridge, notices, rejected, import: row, settings } = props.outcome;
  const nameOf = (step: BridgeStep) => {
    const key = `import.step.${step.name}`;
    if (!(key in english)) return step.name.replaceAll("_", " ");
    return t(key as Key, { reason: step.reason === null ? "" : say(step.reason), currency: step.detail ?? "" });
  };
  return (
    <div className="stack">
      <p>{t("import.would_add", { added: row.added, changed: row.changed, repeated: row.repeated })}</p>
      {rejected.count > 0 && <p className="notice">{t("import.rejected", { n: rejected.count })}</p>}
      {notices.length > 0 && (
        <div>
          <h3>{t("import.notices")}</h3>
          <ul className="notices">
            {notices.map((notice, i) => (
              <li key={i}>{notice.text}</li>
            ))}
          </ul>
        </div>
      )}
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t("import.bridge")}>
        <table className="data">
          <caption className="hidden">{t("import.bridge")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("import.bridge.step")}</th>
              <th scope="col" className="right">
                {t("import.bridge.count")}
              </th>
              <th scope="col" className="right">
                {t("import.bridge.money")}
              </th>
            </tr>
          </thead>
          <tbody>
            {bridge.map((step, i) => (
              <tr key={i}>
                <th scope="row" className={totals.has(step.name) ? "step total" : "step"}>
                  {nameOf(step)}
                  {step.name === "rejected" && step.lines.length > 0 && <span className="soft small"> {t("import.bridge.lines", { n: step.lines.length, lines: step.lines.join(", ") })}</span>}
                </th>
                <td className="right">{formats.count(step.count)}</td>
                <td className="right">{step.amount_minor === 0 ? "" : formats.money(step.amount_minor, step.name === "foreign" ? step.detail : settings.currency)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
