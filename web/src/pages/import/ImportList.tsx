// What came in, newest first, and taking an import back.
import { useState } from "react";
import { useLocation } from "wouter";
import { type ImportRow, undoImport, useImports } from "../../api/imports";
import { useMay } from "../../app/session";
import { useShop } from "../../api/questions";
import { type Column, DataTable } from "../../ui/DataTable";
import { Dialog } from "../../ui/Dialog";
import { ErrorBox, Loaded } from "../../ui/states";
import { To } from "../../ui/To";
import { english, type Key } from "../../words/catalogue";
import { useWords } from "../../words/words";
import { UnderWay } from "./UnderWay";

export function ImportList(props: { watch: (job: string) => string; leftOut: (id: number) => string }) {
  const { t, formats } = useWords();
  const { shops } = useShop();
  const may = useMay();
  const own = shops.find((shop) => !shop.sample);
  const imports = useImports(own ? "own" : null);
  const [asked, setAsked] = useState<ImportRow | null>(null);
  // A newer server may know kinds and states that this page has no word for.
  const words = (key: string, value: string) => (key in english ? t(key as Key) : value);

  const columns: Column<ImportRow>[] = [
    { key: "file", header: t("import.list.file"), cell: (row) => <bdi>{row.file}</bdi>, raw: (row) => row.file },
    { key: "kind", header: t("import.list.kind"), cell: (row) => words(`import.kind.${row.kind}`, row.kind), raw: (row) => row.kind },
    { key: "received", header: t("import.list.when"), cell: (row) => formats.instant(row.received, own?.zone), raw: (row) => row.received },
    { key: "rows", header: t("import.list.rows"), align: "right", cell: (row) => formats.count(row.rows), raw: (row) => row.rows },
    { key: "added", header: t("import.list.added"), align: "right", cell: (row) => formats.count(row.added), raw: (row) => row.added },
    { key: "changed", header: t("import.list.changed"), align: "right", cell: (row) => formats.count(row.changed), raw: (row) => row.changed },
    { key: "repeated", header: t("import.list.repeated"), align: "right", cell: (row) => formats.count(row.repeated), raw: (row) => row.repeated },
    { key: "state", header: t("import.list.state"), cell: (row) => words(`import.state.${row.state}`, row.state), raw: (row) => row.state },
    {
      key: "left_out",
      header: t("import.list.left_out"),
      align: "right",
      cell: (row) =>
        row.rejected === 0 ? null : (
          <To href={props.leftOut(row.id)} aria-label={t("import.left_out.named", { n: row.rejected, file: row.file })}>
            {formats.count(row.rejected)}
          </To>
        ),
      raw: (row) => row.rejected,
    },
    {
      key: "undo",
      header: <span className="hidden">{t("import.undo")}</span>,
      stays: true,
      cell: (row) =>
        may.write && row.state === "committed" ? (
          <button type="button" className="link-button" aria-label={t("import.undo_named", { file: row.file })} onClick={() => setAsked(row)}>
            {t("import.undo")}
          </button>
        ) : null,
    },
  ];
  return (
    <section className="stack">
      <h2>{t("import.list")}</h2>
      {own && <UnderWay />}
      <Loaded query={imports} height={160}>
        {({ rows }) =>
          rows.length === 0 ? (
            <p className="soft">{t("import.list_empty")}</p>
          ) : (
            <DataTable label={t("import.list")} columns={columns} rows={[...rows].reverse()} rowKey={(row) => String(row.id)} faint={(row) => row.state !== "committed"} />
          )
        }
      </Loaded>
      {asked && <Undo row={asked} watch={props.watch} close={() => setAsked(null)} />}
    </section>
  );
}

function Undo(props: { row: ImportRow; watch: (job: string) => string; close: () => void }) {
  const { t } = useWords();
  const [, navigate] = useLocation();
  const [doing, setDoing] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const undo = async () => {
    setDoing(true);
    setProblem(null);
    try {
      const { job } = await undoImport(props.row.id);
      props.close();
      navigate(props.watch(job));
    } catch (error) {
      setProblem(error);
      setDoing(false);
    }
  };
  return (
    <Dialog title={t("import.undo_title")} onClose={props.close}>
      <p>{t("import.undo_text", { file: props.row.file })}</p>
      {problem !== null && <ErrorBox error={problem} />}
      <div className="actions">
        <button type="button" className="button" onClick={props.close}>
          {t("costs.cancel")}
        </button>
        <button type="button" className="button danger" disabled={doing} onClick={() => void undo()}>
          {t("import.undo")}
        </button>
      </div>
    </Dialog>
  );
}
