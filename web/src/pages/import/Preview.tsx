// The first rows as they stand in the file.
import { useWords } from "../../words/words";
import type { Column } from "./mapping";

export function Preview(props: { columns: readonly Column[]; rows: readonly string[][] }) {
  const { t } = useWords();
  return (
    <div className="table-scroll preview" tabIndex={0} role="region" aria-label={t("import.preview")}>
      <table className="data">
        <thead>
          <tr>
            {props.columns.map((column) => (
              <th key={column.index} scope="col">
                {column.header || t("import.column_number", { n: column.index + 1 })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row, i) => (
            // Rows have no key of their own, and their order never changes.
            <tr key={i}>
              {props.columns.map((column) => (
                <td key={column.index} className="cell">
                  {row[column.index] ?? ""}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
