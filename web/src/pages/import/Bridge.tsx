// From the rows of a file to what counts of them: each step with its count, its money and its reason.
import type { BridgeLine, Outcome } from "../../api/imports";
import type { Key } from "../../words/catalogue";
import { english } from "../../words/catalogue";
import { useWords } from "../../words/words";
import { useServerWords } from "./server_words";

export function Bridge(props: { outcome: Outcome }) {
  const { t, formats } = useWords();
  const say = useServerWords();
  const { bridge, notices, rejected, import: row, settings } = props.outcome;
  const nameOf = (line: BridgeLine) => {
    const key = `import.step.${line.name}`;
    if (!(key in english)) return line.name.replaceAll("_", " ");
    return t(key as Key, { reason: line.reason === null ? "" : say(line.reason), detail: line.detail ?? "" });
  };
  // The reason of what was rejected stands in its name.
  const whyOf = (line: BridgeLine) => (line.reason === null || line.name.startsWith("rejected") ? "" : say(line.reason));
  const money = (line: BridgeLine) => (line.amount_minor === null ? "" : formats.money(line.amount_minor, line.name === "unconverted" ? line.detail : settings.currency));
  // What is part of no sum stands in brackets.
  const shown = (line: BridgeLine, text: string) => (line.kind === "aside" && text !== "" ? `(${text})` : text);
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
              <th scope="col">{t("import.bridge.why")}</th>
            </tr>
          </thead>
          <tbody>
            {bridge.map((line, i) => (
              <tr key={i}>
                <th scope="row" className={line.kind === "total" ? "step total" : "step"}>
                  {nameOf(line)}
                </th>
                <td className="right">{line.count === null ? "" : shown(line, formats.count(line.count))}</td>
                <td className="right">{shown(line, money(line))}</td>
                <td className="soft small">
                  {whyOf(line)}
                  {line.rows.length > 0 && <> {t("import.bridge.lines", { n: line.rows.length, lines: line.rows.join(", ") })}</>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
