// The rows of an import that could not be read: where each stands in its file, why it was left out, and what stands there.
import { useMemo } from "react";
import { address } from "../../api/contract";
import { type LeftOutRow, useImports, useLeftOut } from "../../api/imports";
import { type Column, CsvLink, DataTable } from "../../ui/DataTable";
import { Loaded } from "../../ui/states";
import { useWords } from "../../words/words";

export default function LeftOut(props: { id: number; shop: string | null }) {
  const { t, language } = useWords();
  const { id, shop } = props;
  const query = useLeftOut(shop, id, language);
  const file = useImports(shop).data?.rows.find((row) => row.id === id)?.file ?? `#${id}`;
  const title = t("import.left_out.title", { file });
  const some = (query.data?.rows.length ?? 0) > 0;
  return (
    <div className="card stack">
      <div className="chart-head">
        <h2>
          <bdi>{title}</bdi>
        </h2>
        {some && (
          <div className="chart-tools">
            <CsvLink href={address("/api/v1/imports/{id}/rejected", { id, shop, lang: language })} />
          </div>
        )}
      </div>
      <Loaded query={query} height={320}>
        {({ rows }) => (
          <>
            <p role="status">{rows.length === 0 ? t("import.left_out.none") : t("import.rejected", { n: rows.length })}</p>
            {rows.length > 0 && <Rows rows={rows} label={title} />}
          </>
        )}
      </Loaded>
    </div>
  );
}

function Rows(props: { rows: readonly LeftOutRow[]; label: string }) {
  const { t } = useWords();
  const { rows } = props;
  // An archive holds several files, whose lines begin anew.
  const files = useMemo(() => new Set(rows.map((row) => row.file)).size, [rows]);
  const columns = useMemo<Column<LeftOutRow>[]>(
    () => [
      // As the bridge and a text editor say it.
      { key: "line", header: t("import.left_out.line"), align: "right", cell: (row) => (row.line > 0 ? String(row.line) : ""), raw: (row) => row.line },
      ...(files > 1 ? [{ key: "file", header: t("import.list.file"), cell: (row: LeftOutRow) => <bdi>{row.file}</bdi>, raw: (row: LeftOutRow) => row.file }] : []),
      { key: "column", header: t("import.column"), cell: (row) => <bdi>{row.column}</bdi>, raw: (row) => row.column },
      { key: "reason", header: t("import.why"), cell: (row) => row.reason, raw: (row) => row.reason },
      { key: "cell", header: t("import.left_out.cell"), cell: (row) => <bdi className="clip">{row.cell}</bdi>, raw: (row) => row.cell },
    ],
    [t, files],
  );
  return <DataTable label={props.label} columns={columns} rows={rows} rowKey={(_, index) => String(index)} />;
}
