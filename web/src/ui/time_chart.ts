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
  most?: number; // what no value passes, where there is such a thing: the axis ends there
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

// What stands at the end of a line: its name, or its last value. The engine places them once it knows where lines end.
export interface End {
  index: number; // of the period
  value: number;
  text: string;
  colour: string;
}

// The heights of labels that want to stand at `wanted`, none on another and none outside [0, room]; in the given order.
export function spread(wanted: readonly number[], height: number, room: number): number[] {
  const order = wanted.map((y, i) => ({ y, i })).sort((a, b) => a.y - b.y || a.i - b.i);
  let free = 0;
  for (const one of order) {
    one.y = Math.max(one.y, free);
    free = one.y + height;
  }
  let least = room;
  for (const one of [...order].reverse()) {
    one.y = Math.min(one.y, least - height);
    least = one.y;
  }
  const placed = new Array<number>(wanted.length);
  for (const one of order) placed[one.i] = one.y;
  return placed;
}

export function timeOption(chart: TimeChart, look: Look): Option {
  const ends: End[] = [];
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
    const last = lastIndex < 0 ? null : (whole[lastIndex] ?? dashed[lastIndex] ?? null);
    if (last !== null && (named || !line.compared)) ends.push({ index: lastIndex, value: last, text: named ? line.name : chart.write(last), colour });
    const stroke = { color: colour, width: line.compared ? 1.5 : 2 };
    series.push({ type: "line", name: line.name, data: whole, color: colour, lineStyle: stroke, symbol: line.compared ? "none" : "circle", symbolSize: 5, showAllSymbol: axis.length <= 60, emphasis: { disabled: true } });
    series.push({ type: "line", name: `${line.name} …`, data: dashed, color: colour, lineStyle: { ...stroke, type: [5, 4] }, symbol: "emptyCircle", symbolSize: 6, emphasis: { disabled: true } });
  }
  return {
    grid: { left: 8, right: named ? 144 : 76, top: chart.notes.length > 0 ? 24 : 12, bottom: 4, containLabel: true },
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
      max: chart.most === undefined ? undefined : (drawn: { max: number }) => (drawn.max > 0.8 * chart.most! ? chart.most : undefined),
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
    ends,
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
