// A table of any length: only the rows in sight are in the document. Arrow keys move between cells, Home and End in the
// row, Page Up and Down by a screen, Enter follows a cell's link. It is one stop for the Tab key.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, memo, type ReactNode, useCallback, useEffect, useRef } from "react";
import { useWords } from "../words/words";
import { csv, save } from "./csv";

export interface Column<Row> {
  key: string;
  header: ReactNode;
  unit?: string;
  align?: "left" | "right";
  cell(row: Row): ReactNode;
  // What a CSV gets; a column without it is left out there.
  raw?(row: Row): string | number | null | undefined;
  headerText?: string;
  sort?: "ascending" | "descending" | "none";
  onSort?: () => void;
  stays?: boolean; // in sight at the right, whatever is scrolled: what a row is there to do
  screenOnly?: boolean; // left out on paper, where room is scarce
}

export interface DataTableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey(row: Row, index: number): string;
  faint?(row: Row): boolean;
  height?: number; // of the scrolling part; more rows scroll inside it
  onEnd?: () => void; // the last rows came in sight
  total?: number; // rows there are, where not all are here yet
}

export const rowHeight = 32;

const classOf = (column: Pick<Column<never>, "align" | "screenOnly" | "stays">): string | undefined =>
  [column.align === "right" && "right", column.stays && "stays", column.screenOnly && "no-print"].filter(Boolean).join(" ") || undefined;

export function tableCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const kept = columns.filter((column) => column.raw);
  return csv(
    kept.map((column) => column.key),
    rows.map((row) => kept.map((column) => column.raw!(row))),
  );
}

export function CsvButton<Row>(props: { name: string; columns: readonly Column<Row>[]; rows: readonly Row[] }) {
  const { t } = useWords();
  return (
    <button type="button" className="button plain" onClick={() => save(`${props.name}.csv`, tableCsv(props.columns, props.rows))}>
      {t("chart.csv")}
    </button>
  );
}

// The same made by the server: all rows, and not only those that are here yet.
export function CsvLink(props: { href: string }) {
  const { t } = useWords();
  return (
    <a className="button plain" href={props.href} download>
      {t("chart.csv")}
    </a>
  );
}

const allBelow = 100; // so few rows are all drawn: they print, and the browser's search finds them

// A row that stays in sight while others scroll past is not drawn again: that is what keeps a long list at the screen's pace.
const DataRow = memo(function DataRow<Row>(props: { row: Row; index: number; columns: readonly Column<Row>[]; faint: boolean }) {
  const { row, index } = props;
  return (
    <tr data-row={index} aria-rowindex={index + 2} className={props.faint ? "faint" : undefined}>
      {props.columns.map((column, i) =>
        i === 0 ? (
          <th key={column.key} scope="row" className={classOf(column)}>
            {column.cell(row)}
          </th>
        ) : (
          <td key={column.key} className={classOf(column)}>
            {column.cell(row)}
          </td>
        ),
      )}
    </tr>
  );
}) as <Row>(props: { row: Row; index: number; columns: readonly Column<Row>[]; faint: boolean }) => ReactNode;

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, columns, height = 480, onEnd } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = rows.length > allBelow;
  const virtualizer = useVirtualizer({
    count: virtual ? rows.length : 0,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const items = virtualizer.getVirtualItems();
  const first = virtual ? (items[0]?.index ?? 0) : 0;
  const last = virtual ? (items.at(-1)?.index ?? Math.min(rows.length, 24) - 1) : rows.length - 1;
  const before = first * rowHeight;
  const after = virtual ? Math.max(0, (rows.length - 1 - last) * rowHeight) : 0;

  useEffect(() => {
    if (onEnd && rows.length > 0 && last >= rows.length - 20) onEnd();
  }, [onEnd, last, rows.length]);

  const focusCell = useCallback((row: number, column: number): boolean => {
    const cell = scroll.current?.querySelector(`tr[data-row="${row}"]`)?.children[column];
    if (!(cell instanceof HTMLElement)) return false;
    const inner = cell.querySelector<HTMLElement>("a, button, input");
    const target = inner ?? cell;
    if (!inner) cell.tabIndex = -1;
    target.focus();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }, []);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.altKey || event.ctrlKey || event.metaKey || rows.length === 0) return;
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
    const cell = event.target instanceof Element ? event.target.closest<HTMLTableCellElement>("tbody td, tbody th") : null;
    const at = cell ? Number(cell.parentElement?.dataset["row"] ?? -1) : first - 1;
    const column = cell ? cell.cellIndex : 0;
    const page = Math.max(1, Math.floor((scroll.current?.clientHeight || 320) / rowHeight) - 2);
    let row = at;
    let to = column;
    switch (event.key) {
      case "ArrowDown": row = at + 1; break;
      case "ArrowUp": row = at - 1; break;
      case "ArrowRight": to = column + 1; break;
      case "ArrowLeft": to = column - 1; break;
      case "Home": to = 0; break;
      case "End": to = columns.length - 1; break;
      case "PageDown": row = at + page; break;
      case "PageUp": row = at - page; break;
      default: return;
    }
    if (!cell && !["ArrowDown", "ArrowUp", "PageDown", "PageUp"].includes(event.key)) return;
    event.preventDefault();
    row = Math.min(rows.length - 1, Math.max(0, row));
    to = Math.min(columns.length - 1, Math.max(0, to));
    if (virtual) virtualizer.scrollToIndex(row, { align: "auto" });
    // A row out of sight is in the document after the next frame.
    if (!focusCell(row, to)) requestAnimationFrame(() => focusCell(row, to));
  };

  return (
    // The region scrolls, so it takes the focus; the keys it listens to move inside the table.
    <div className="table-scroll" ref={scroll} tabIndex={0} role="region" aria-label={props.label} style={{ maxHeight: height }} onKeyDown={onKeyDown}>
      <table className="data" aria-rowcount={(props.total ?? rows.length) + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={classOf(column)} aria-sort={column.sort}>
                {column.onSort ? (
                  <button type="button" onClick={column.onSort}>
                    {column.header}
                    {column.sort === "ascending" ? " ↑" : column.sort === "descending" ? " ↓" : ""}
                  </button>
                ) : (
                  column.header
                )}
                {column.unit && <span className="soft"> {column.unit}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr aria-hidden="true" style={{ height: before }} />}
          {rows.slice(first, last + 1).map((row, offset) => {
            const index = first + offset;
            return <DataRow key={props.rowKey(row, index)} row={row} index={index} columns={columns} faint={props.faint?.(row) ?? false} />;
          })}
          {after > 0 && <tr aria-hidden="true" style={{ height: after }} />}
        </tbody>
      </table>
    </div>
  );
}
