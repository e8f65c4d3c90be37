// Lines over periods, as the engine draws them. What a reader must be able to see: an interval is a band, an unfinished
// period is dashed, a period that warms up is hatched and has no line, a comparison is grey, a note is a mark.
import type { Option } from "./chart_engine";
import type { Look } from "./look";

export interface TimePoint {
  name: string; // the period in full, for the tooltip
  value: number | null;
  low?: number | null;
  high?: number | null;
  complete: boolean;
  warmingUp: boolean;
  basis?: string; // "1,752 of 1,897", for the tooltip
}

export type Hue = "kept" | "new" | "back" | "lost" | "soft" | "ink";

export interface TimeLine {
  name: string;
  hue: Hue;
  points: readonly TimePoint[];
  compared?: boolean; // grey, thin, without marks
}

export interface NoteMark {
  index: number;
  number: number;
}

export interface TimeChart {
  axis: readonly string[]; // one label a period
  lines: readonly TimeLine[];
  write(value: number): string;
  writeAxis(value: number): string;
  zero: boolean; // whether the axis begins at zero
  notes: readonly NoteMark[];
  warmingWord: string;
  compact: boolean; // a small screen: names stand in the tooltip alone
}

// Names may come out of an imported file, and a tooltip is HTML.
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);

// The part of a line that is drawn whole, and the part that is dashed: from the last complete point on.
export function parts(points: readonly TimePoint[]): { whole: (number | null)[]; dashed: (number | null)[] } {
  const shown = points.map((point) => (point.warmingUp ? null : point.value));
  const whole = shown.map((value, i) => (points[i]!.complete ? value : null));
  const dashed: (number | null)[] = points.map(() => null);
  points.forEach((point, i) => {
    if (point.complete || shown[i] === null) return;
    dashed[i] = shown[i]!;
    if (i > 0 && points[i - 1]!.complete) dashed[i - 1] = shown[i - 1] ?? null;
  });
  return { whole, dashed };
}

// The spans of periods that warm up, as pairs of indices, both included.
export function warmingSpans(points: readonly TimePoint[]): [number, number][] {
  const spans: [number, number][] = [];
  points.forEach((point, i) => {
    if (!point.warmingUp) return;
    const last = spans.at(-1);
    if (last && last[1] === i - 1) last[1] = i;
    else spans.push([i, i]);
  });
  return spans;
}

export function hatch(colour: string): { image: HTMLCanvasElement; repeat: string } | string {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 8;
  const pen = canvas.getContext("2d");
  if (!pen) return "transparent";
  pen.strokeStyle = colour;
  pen.globalAlpha = 0.35;
  pen.beginPath();
  for (const x of [-8, 0, 8]) {
    pen.moveTo(x, 8);
    pen.lineTo(x + 8, 0);
  }
  pen.stroke();
  return { image: canvas, repeat: "repeat" };
}

interface Box {
  y: number;
  height: number;
}

// Labels at the ends of lines that would lie on each other: each new one moves down past those that stand. One for each
// drawing, since it remembers.
export function keepApart(): (label: { seriesIndex?: number; labelRect: Box }) => { dy: number } {
  const placed = new Map<number, Box>();
  return ({ seriesIndex = 0, labelRect }) => {
    const others = [...placed].filter(([series]) => series !== seriesIndex).map(([, box]) => box);
    others.sort((a, b) => a.y - b.y);
    let y = labelRect.y;
    for (const other of others) if (y < other.y + other.height && y + labelRect.height > other.y) y = other.y + other.height;
    placed.set(seriesIndex, { y, height: labelRect.height });
    return { dy: y - labelRect.y };
  };
}

export function timeOption(chart: TimeChart, look: Look): Option {
  const apart = keepApart();
  const { lines, axis } = chart;
  const first = lines[0]?.points ?? [];
  const named = lines.length > 1 && lines.length <= 4 && !chart.compact;
  const series: object[] = [];
  // The invisible first series: what a click is measured by, and what carries hatching and notes.
  series.push({
    type: "line",
    data: axis.map(() => null),
    silent: true,
    symbol: "none",
    markArea: {
      silent: true,
      itemStyle: { color: hatch(look.soft) },
      label: { color: look.soft, fontSize: 12, position: "insideBottom" },
      data: warmingSpans(first).map(([from, to], i) => [{ name: i === 0 && to - from > 1 ? chart.warmingWord : "", xAxis: Math.max(0, from - 0.5) }, { xAxis: to + 0.5 }]),
    },
    markLine: {
      silent: true,
      symbol: "none",
      animation: false,
      lineStyle: { color: look.soft, type: [2, 3], width: 1 },
      label: { color: look.ground, backgroundColor: look.soft, padding: [2, 5], borderRadius: 8, fontSize: 11, position: "end", distance: 2 },
      data: chart.notes.map((note) => ({ xAxis: note.index, label: { formatter: String(note.number) } })),
    },
  });
  for (const line of lines) {
    const colour = line.compared ? look.soft : look[line.hue];
    const { whole, dashed } = parts(line.points);
    const banded = !line.compared && lines.filter((one) => !one.compared).length === 1 && line.points.some((point) => point.low != null);
    if (banded) {
      const bounds = line.points.map((point) => (point.warmingUp || point.low == null || point.high == null ? null : ([point.low, point.high] as const)));
      const band = { type: "line", stack: `band-${line.name}`, symbol: "none", silent: true, lineStyle: { opacity: 0 }, stackStrategy: "all", tooltip: { show: false } };
      series.push({ ...band, data: bounds.map((bound) => bound?.[0] ?? null) });
      series.push({ ...band, data: bounds.map((bound) => (bound ? bound[1] - bound[0] : null)), areaStyle: { color: colour, opacity: 0.16 } });
    }
    const lastIndex = Math.max(whole.findLastIndex((value) => value !== null), dashed.findLastIndex((value) => value !== null));
    const items = (values: readonly (number | null)[], end: boolean) =>
      values.map((value, i) =>
        end && i === lastIndex && value !== null
          ? { value, label: { show: named || !line.compared, position: "right", formatter: named ? line.name : chart.write(value), color: colour, fontWeight: 600 } }
          : value,
      );
    const stroke = { color: colour, width: line.compared ? 1.5 : 2 };
    const ends = dashed[lastIndex] == null;
    series.push({ type: "line", name: line.name, data: items(whole, ends), color: colour, lineStyle: stroke, symbol: line.compared ? "none" : "circle", symbolSize: 5, showAllSymbol: axis.length <= 60, emphasis: { disabled: true }, labelLayout: apart });
    series.push({ type: "line", name: `${line.name} …`, data: items(dashed, !ends), color: colour, lineStyle: { ...stroke, type: [5, 4] }, symbol: "emptyCircle", symbolSize: 6, emphasis: { disabled: true }, labelLayout: apart });
  }
  return {
    grid: { left: 8, right: named ? 120 : 64, top: chart.notes.length > 0 ? 24 : 12, bottom: 4, containLabel: true },
    xAxis: {
      type: "category",
      data: [...axis],
      boundaryGap: axis.length < 3,
      axisLine: { lineStyle: { color: look.line } },
      axisTick: { show: false },
      axisLabel: { color: look.soft, hideOverlap: true },
    },
    yAxis: {
      type: "value",
      scale: !chart.zero,
      min: chart.zero ? 0 : undefined,
      splitNumber: 4,
      splitLine: { lineStyle: { color: look.line } },
      axisLabel: { color: look.soft, formatter: (value: number) => chart.writeAxis(value) },
    },
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: look.ground,
      borderColor: look.line,
      textStyle: { color: look.ink, fontSize: 13 },
      axisPointer: { lineStyle: { color: look.soft } },
      formatter: (hit: unknown) => tooltip(chart, (Array.isArray(hit) ? (hit as { dataIndex: number }[]) : [hit as { dataIndex: number }])[0]?.dataIndex ?? 0),
    },
    series,
  };
}

export function tooltip(chart: Pick<TimeChart, "lines" | "write" | "warmingWord">, index: number): string {
  const rows = chart.lines.map((line) => {
    const point = line.points[index];
    if (!point) return "";
    const value = point.warmingUp ? chart.warmingWord : point.value === null ? "–" : chart.write(point.value);
    const interval = !point.warmingUp && point.low != null && point.high != null ? ` (${chart.write(point.low)} – ${chart.write(point.high)})` : "";
    const basis = point.basis ? `<br>${escapeHtml(point.basis)}` : "";
    const what = chart.lines.length > 1 ? `${escapeHtml(line.name)}: ` : "";
    const when = line.compared ? ` <small>${escapeHtml(point.name)}</small>` : "";
    return `<div>${what}<b>${escapeHtml(value)}</b>${escapeHtml(interval)}${when}${basis}</div>`;
  });
  const name = chart.lines[0]?.points[index]?.name ?? "";
  return `<div>${escapeHtml(name)}</div>${rows.join("")}`;
}
