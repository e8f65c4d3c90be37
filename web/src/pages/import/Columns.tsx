// What each column was taken for, how sure and why, and a reader's better word for it.
import { useState } from "react";
import { useWords } from "../../words/words";
import type { Key } from "../../words/catalogue";
import { choose, type Choices, type Column, type Kind, roleOf, roles, sureness } from "./mapping";
import { useServerWords } from "./server_words";

// Columns that mean nothing to us are folded away where there are many, unless one of them may be what is missing.
const manyUnused = 6;

export function Columns(props: { lacking: boolean; columns: readonly Column[]; kind: Kind; choices: Choices; choose: (choices: Choices) => void; preview: readonly string[][] }) {
  const { t } = useWords();
  const say = useServerWords();
  const { columns, choices, preview } = props;
  const [all, setAll] = useState(false);
  const unused = columns.filter((column) => roleOf(column, choices) === null && choices[column.index] === undefined);
  const folded = unused.length > manyUnused && unused.length < columns.length && !all && !props.lacking;
  const shown = folded ? columns.filter((column) => !unused.includes(column)) : columns;
  const example = (index: number) => preview.map((row) => row[index] ?? "").find((cell) => cell !== "") ?? "";
  const nameOf = (column: Column) => column.header || t("import.column_number", { n: column.index + 1 });

  return (
    <>
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t("import.columns")}>
        <table className="data columns">
          <thead>
            <tr>
              <th scope="col">{t("import.column")}</th>
              <th scope="col">{t("import.is")}</th>
              <th scope="col">{t("import.sure")}</th>
              <th scope="col">{t("import.why")}</th>
              <th scope="col">{t("import.example")}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((column) => {
              const role = roleOf(column, choices);
              const own = choices[column.index] !== undefined;
              const before = own && column.reason === "ingest.match.remembered" && (column.role === role || column.refused !== undefined);
              const why = own && !before ? "ingest.match.map" : before || role !== null ? column.reason : null;
              return (
                <tr key={column.index} className={role === null ? "faint" : undefined}>
                  <th scope="row">{nameOf(column)}</th>
                  <td>
                    <select
                      className="input"
                      aria-label={t("import.role_of", { column: nameOf(column) })}
                      value={role ?? ""}
                      onChange={(event) => props.choose(choose(choices, column.index, event.target.value || null, role))}
                    >
                      <option value="">{t("import.not_used")}</option>
                      {roles[props.kind].map((name) => (
                        <option key={name} value={name}>
                          {t(`import.role.${name}` as Key)}
                        </option>
                      ))}
                    </select>
                  </td>
                  <td>{role === null ? "" : t(`import.sure.${own ? "sure" : sureness(column.confidence)}`)}</td>
                  <td className="soft">{why === null ? "" : say(why)}</td>
                  <td className="example">{example(column.index)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {unused.length > manyUnused && unused.length < columns.length && !props.lacking && (
        <div>
          <button type="button" className="button plain" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? t("import.hide_unused") : t("import.show_unused", { n: unused.length })}
          </button>
        </div>
      )}
    </>
  );
}

