// From the customers at the start to those at the end: lost, came new, came back. Each step is a link to its people.
// Colour is not the only carrier: the steps are hatched, and each has its words and its number.
import { useId, useRef, type RefObject } from "react";
import { Link } from "wouter";
import type { RetentionRow } from "../api/rows";
import { useView } from "../state/use_view";
import { fieldTerm } from "../words/fields";
import { useWords } from "../words/words";
import { useWidth } from "./use_width";

export interface Step {
  field: "customers_start" | "lost" | "new" | "reactivated" | "customers_end";
  from: number; // where the bar begins and ends, in customers
  to: number;
  value: number;
  hue: "kept" | "lost" | "new" | "back";
}

// The bars in order. Always S - L + N + R = E: what the API answers sums (docs/definitions.md), so the bars meet.
export function steps(row: Pick<RetentionRow, "customers_start" | "customers_end" | "retained" | "lost" | "new" | "reactivated">): Step[] {
  const { customers_start: s, customers_end: e, retained: k, lost, reactivated } = row;
  return [
    { field: "customers_start", from: 0, to: s, value: s, hue: "kept" },
    { field: "lost", from: k, to: s, value: lost, hue: "lost" },
    { field: "new", from: k, to: k + row.new, value: row.new, hue: "new" },
    { field: "reactivated", from: k + row.new, to: k + row.new + reactivated, value: reactivated, hue: "back" },
    { field: "customers_end", from: 0, to: e, value: e, hue: "kept" },
  ];
}

const height = 256;
const top = 24;
const bottom = 40;

export function Waterfall(props: { row: RetentionRow; svg: RefObject<SVGSVGElement | null>; label: string }) {
  const { t, formats } = useWords();
  const { href } = useView();
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place, 560);
  const { row } = props;
  const bars = steps(row);
  const most = Math.max(1, ...bars.map((bar) => bar.to));
  const y = (value: number) => top + (1 - value / most) * (height - top - bottom);
  const slot = width / bars.length;
  const bar = Math.min(72, slot * 0.7);
  const narrow = slot < 96;
  const inTwoRows = slot < 72;
  return (
    <div className="chart" ref={place}>
      <svg viewBox={`0 0 ${width} ${height}`} ref={props.svg} role="group" aria-label={props.label}>
        <defs>
          {(["lost", "new", "back"] as const).map((hue, i) => (
            <pattern key={hue} id={`${id}-${hue}`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform={`rotate(${[45, 0, 90][i]})`}>
              <rect width="6" height="6" fill={`var(--${hue}-soft)`} />
              <path d="M0 3H6" stroke={`var(--${hue})`} strokeWidth="1.5" />
            </pattern>
          ))}
        </defs>
        <path d={`M0 ${y(0)}H${width}`} stroke="var(--line-strong)" />
        {bars.map((step, i) => {
          const x = i * slot + (slot - bar) / 2;
          const sign = step.hue === "kept" ? "" : step.hue === "lost" ? "−" : "+";
          const to = href("/people", { behind: step.field, from_day: row.period_start, to_day: row.period_end });
          const next = bars[i + 1];
          const level = step.hue === "lost" ? step.from : step.to;
          const words = step.field === "customers_start" ? formats.day(row.period_start, narrow ? "dayMonthShort" : "short") : step.field === "customers_end" ? formats.day(row.period_end, narrow ? "dayMonthShort" : "short") : fieldTerm(t, step.field);
          return (
            <Link key={step.field} href={to} data-term={step.field} data-people="">
              <rect className="ring" x={x - 8} y={top - 22} width={bar + 16} height={height - top + 20} fill="transparent" rx="4" />
              <rect x={x} y={y(step.to)} width={bar} height={Math.max(1, y(step.from) - y(step.to))} fill={step.hue === "kept" ? "var(--kept)" : `url(#${id}-${step.hue})`} stroke={`var(--${step.hue})`} />
              <text x={x + bar / 2} y={y(step.to) - 8} textAnchor="middle" style={{ fontWeight: 600 }}>
                {`${sign}${formats.count(step.value)} `}
              </text>
              <text className="axis" x={x + bar / 2} y={height - (inTwoRows && i % 2 === 1 ? 4 : 18)} textAnchor="middle">
                {words}
              </text>
              {next && <path d={`M${x + bar} ${y(level)}H${x + slot}`} stroke="var(--line-strong)" strokeDasharray="2 3" />}
            </Link>
          );
        })}
      </svg>
    </div>
  );
}

// An SVG of the page as a picture: its colours are variables, which a picture does not know, so they are written in.
export async function svgPicture(svg: SVGSVGElement | string | null): Promise<Blob | null> {
  if (!svg) return null;
  if (typeof svg === "string") return svgPicture(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement as unknown as SVGSVGElement);
  const style = getComputedStyle(document.documentElement);
  const written = new XMLSerializer().serializeToString(svg).replace(/var\(--([a-z-]+)\)/g, (_, name: string) => style.getPropertyValue(`--${name}`).trim() || "none");
  const box = svg.viewBox.baseVal;
  const sheet = `<style>text{font:13px sans-serif;fill:${style.getPropertyValue("--ink")}}</style>`;
  const full = written.replace(/^<svg([^>]*)>/, `<svg$1 width="${box.width}" height="${box.height}">${sheet}`);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(full)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = box.width * 2;
  canvas.height = box.height * 2;
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  pen.fillStyle = style.getPropertyValue("--ground");
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}
