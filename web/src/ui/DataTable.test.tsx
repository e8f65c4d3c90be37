// @vitest-environment jsdom
import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { type Column, DataTable, tableCsv } from "./DataTable";

interface Row {
  name: string;
  n: number;
}
const columns: Column<Row>[] = [
  { key: "name", header: "Name", cell: (row) => row.name, raw: (row) => row.name },
  { key: "n", header: "N", align: "right", cell: (row) => <a href={`/${row.n}`}>{row.n}</a>, raw: (row) => row.n },
  { key: "shown", header: "Shown", cell: () => "x" },
];
const rows = (count: number): Row[] => Array.from({ length: count }, (_, i) => ({ name: `r${i}`, n: i }));
const table = (count: number, more: object = {}) => render(<DataTable label="People" columns={columns} rows={rows(count)} rowKey={(row) => row.name} {...more} />);

describe("a table", () => {
  it("is one stop for the Tab key, and arrows move between its cells", async () => {
    table(5);
    const region = screen.getByRole("region", { name: "People" });
    region.focus();
    await userEvent.keyboard("{ArrowDown}");
    await vi.waitFor(() => expect(document.activeElement?.textContent).toBe("r0"));
    await userEvent.keyboard("{ArrowRight}");
    await vi.waitFor(() => expect(document.activeElement?.getAttribute("href")).toBe("/0"));
    await userEvent.keyboard("{ArrowDown}{End}");
    await vi.waitFor(() => expect(document.activeElement?.textContent).toBe("x"));
    await userEvent.keyboard("{Home}{PageDown}");
    await vi.waitFor(() => expect(document.activeElement?.textContent).toBe("r4"));
    await userEvent.keyboard("{ArrowUp}");
    await vi.waitFor(() => expect(document.activeElement?.textContent).toBe("r3"));
  });

  it("has as many rows as it says, of which only those in sight are in the document", () => {
    table(100_000);
    expect(screen.getByRole("table").getAttribute("aria-rowcount")).toBe("100001");
    expect(document.querySelectorAll("tr[data-row]").length).toBeLessThan(100);
  });

  it("draws all of a few, so that they print", () => {
    table(100);
    expect(document.querySelectorAll("tr[data-row]")).toHaveLength(100);
  });

  it("asks for more when its end is in sight, and not before", () => {
    const onEnd = vi.fn();
    table(10, { onEnd });
    expect(onEnd).toHaveBeenCalled();
    onEnd.mockClear();
    table(100_000, { onEnd });
    expect(onEnd).not.toHaveBeenCalled();
  });

  it("says how it is sorted", () => {
    const onSort = vi.fn();
    render(<DataTable label="Sorted" columns={[{ ...columns[0]!, sort: "ascending", onSort }]} rows={rows(2)} rowKey={(row) => row.name} />);
    expect(screen.getByRole("columnheader").getAttribute("aria-sort")).toBe("ascending");
    fireEvent.click(screen.getByRole("button"));
    expect(onSort).toHaveBeenCalledOnce();
  });

  it("becomes a CSV of what it has values for", () => {
    expect(tableCsv(columns, rows(2))).toBe("name,n\r\nr0,0\r\nr1,1\r\n");
  });
});
