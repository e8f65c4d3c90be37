// The frame around every chart: what it shows in words, the same as a table, as CSV and as a picture. A chart without a
// table cannot be made with it.
import { type ReactNode, type RefObject, useEffect, useId, useRef, useState } from "react";
import { useWords } from "../words/words";
import { type Column, CsvButton, DataTable } from "./DataTable";
import { save } from "./csv";
import { beginDrawing, type Drawing, watchSight, watchSize } from "./drawing";
import type { Option } from "./chart_engine";
import { type Look, useLook } from "./look";
import { onPaper, watchPaper } from "./paper";

export interface ChartFrameProps<Row> {
  name: string; // of the files it makes
  title: string;
  say?: ReactNode;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey(row: Row, index: number): string;
  // A picture of the chart; without it only the table can be kept.
  picture?: () => Promise<Blob | null>;
  children: ReactNode;
  className?: string;
}

export function ChartFrame<Row>(props: ChartFrameProps<Row>) {
  const { t } = useWords();
  const [table, setTable] = useState(false);
  const title = useId();
  return (
    <section className={props.className ?? "card"} aria-labelledby={title}>
      <div className="chart-head">
        <div>
          <h2 id={title}>{props.title}</h2>
          {props.say && <p className="soft small">{props.say}</p>}
        </div>
        <div className="chart-tools">
          <button type="button" className="button plain" aria-pressed={table} onClick={() => setTable(!table)}>
            {t("chart.table")}
          </button>
          <CsvButton name={props.name} columns={props.columns} rows={props.rows} />
          {props.picture && <PngButton name={props.name} picture={props.picture} />}
        </div>
      </div>
      {table ? (
        <div className="chart">
          <DataTable label={`${props.title}: ${t("chart.table")}`} columns={props.columns} rows={props.rows} rowKey={props.rowKey} height={360} />
        </div>
      ) : (
        props.children
      )}
    </section>
  );
}

export function PngButton(props: { name: string; picture: () => Promise<Blob | null> }) {
  const { t } = useWords();
  return (
    <button type="button" className="button plain" onClick={() => void props.picture().then((blob) => blob && save(`${props.name}.png`, blob))}>
      {t("chart.png")}
    </button>
  );
}

export interface CanvasChartHandle {
  picture(): Promise<Blob | null>;
}

// A chart drawn by the engine, which comes in its own file when the first chart is shown. It is drawn once a frame at most, and where
// it is out of sight when it comes near: the figures above it are what the reader waits for.
export function CanvasChart(props: {
  label: string;
  height: number;
  option: (look: Look) => Option;
  handle: RefObject<CanvasChartHandle | null>;
  onPick?: (index: number) => void;
}) {
  const { label, height, option, handle, onPick } = props;
  const at = useRef<HTMLDivElement>(null);
  const look = useLook();
  const latest = useRef({ option, look, onPick });
  latest.current = { option, look, onPick };
  const drawing = useRef<Drawing | null>(null);

  useEffect(() => {
    let gone = false;
    const began = beginDrawing(() => latest.current.option(latest.current.look), () => latest.current.look);
    drawing.current = began;
    const place = at.current;
    void import("./chart_engine").then(({ makeChart }) => {
      if (!gone && place) began.take(makeChart(place, (index) => latest.current.onPick?.(index)));
    });
    const stops = place ? [watchSize(place, began.resized), watchSight(place, began.seen)] : [];
    const turned = () => began.onPaper(onPaper());
    turned();
    stops.push(watchPaper(turned));
    return () => {
      gone = true;
      drawing.current = null;
      for (const stop of stops) stop();
      began.end();
    };
  }, []);
  useEffect(() => drawing.current?.changed(), [option, look]);
  useEffect(() => {
    handle.current = { picture: async () => (await drawing.current?.picture(latest.current.look.ground)) ?? null };
  }, [handle]);
  return <div className="chart" ref={at} role="img" aria-label={label} style={{ height }} />;
}
