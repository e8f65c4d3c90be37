// The table of all periods below a page's figures, the newest first; as CSV in the order of time.
import { useMemo } from "react";
import { type Column, CsvButton, DataTable } from "./DataTable";

export function AllPeriods<Row extends { period_start: string; warming_up: boolean }>(props: { title: string; name: string; columns: readonly Column<Row>[]; rows: readonly Row[]; height: number }) {
  const { title, columns, rows } = props;
  const newestFirst = useMemo(() => [...rows].reverse(), [rows]);
  return (
    <div className="stack below">
      <div className="chart-head">
        <h2>{title}</h2>
        <CsvButton name={props.name} columns={columns} rows={rows} />
      </div>
      <DataTable label={title} columns={columns} rows={newestFirst} rowKey={(row) => row.period_start} faint={(row) => row.warming_up} height={props.height} />
    </div>
  );
}
