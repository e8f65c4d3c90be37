// The heat map as a drawing, for the picture that a reader keeps: all that the table shows, also what is scrolled away.
import type { CohortRow } from "../../api/rows";
import { depth, type Grid, type Mode, type Show, valueOf } from "./heat";

export interface HeatPicture {
  grid: Grid;
  show: Show;
  mode: Mode;
  head: readonly [string, string]; // over the cohorts and over their sizes
  nameOf(row: CohortRow): string;
  write(value: number | null): string;
  count(n: number): string;
  deepest: number; // how much of the colour the deepest cell has: letters are read on it
  means: readonly { name: string; of(k: number): number | null }[]; // below, where there are any: also those compared with
  notesOf(row: CohortRow): readonly number[]; // the numbers that stand beside its name
  notes: readonly { number: number; words: string }[]; // what they stand for, under it all
}

const size = 64; // wide, as the cells
const mark = 20;
const letter = 7; // as wide as a letter is taken to be
const cell = 64;
const line = 30;

// Names may come out of an imported file.
export const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);

export function heatSvg(picture: HeatPicture): string {
  const { grid, show, mode } = picture;
  const most = (lengths: readonly number[]) => Math.max(0, ...lengths);
  const marks = most(grid.rows.map((row) => picture.notesOf(row).length)) * mark;
  const first = Math.max(112, most(grid.rows.map((row) => picture.nameOf(row).length)) * letter + 24 + marks, most(picture.means.map((mean) => mean.name.length)) * letter + 16 - size);
  const width = Math.max(first + size + grid.columns * cell + 16, most(picture.notes.map((note) => note.words.length)) * letter + 48);
  const height = (grid.rows.length + 1 + picture.means.length + picture.notes.length) * line + 16;
  const parts: string[] = [];
  const text = (x: number, y: number, words: string, anchor: "start" | "middle" | "end") => parts.push(`<text x="${x}" y="${y + 20}" text-anchor="${anchor}">${escapeXml(words)}</text>`);
  const numbered = (x: number, y: number, number: number) =>
    parts.push(`<circle cx="${x}" cy="${y + 15}" r="9" fill="var(--soft)"/><text x="${x}" y="${y + 19}" text-anchor="middle" style="font-size:11px;fill:var(--ground)">${escapeXml(picture.count(number))}</text>`);
  const at = (k: number) => first + size + 8 + k * cell;
  text(8, 8, picture.head[0], "start");
  text(first + size - 4, 8, picture.head[1], "end");
  for (let k = 0; k < grid.columns; k += 1) text(at(k) + cell / 2, 8, `+${picture.count(k)}`, "middle");
  grid.rows.forEach((row, i) => {
    const y = 8 + (i + 1) * line;
    text(8, y, picture.nameOf(row), "start");
    picture.notesOf(row).forEach((number, nth, all) => numbered(first - 8 - (all.length - 1 - nth) * mark, y, number));
    text(first + size - 4, y, picture.count(row.size), "end");
    row.cells.slice(0, grid.columns).forEach((one, k) => {
      const value = valueOf(one, show);
      const deep = one.k === 0 && show === "rate" && mode !== "active" ? 0 : depth(value, grid.most);
      const edge = one.complete ? "" : ' stroke="var(--line-strong)" stroke-dasharray="4 3"';
      parts.push(`<rect x="${at(k) + 1}" y="${y + 1}" width="${cell - 2}" height="${line - 2}" rx="3" fill="var(--kept)" fill-opacity="${(deep * picture.deepest).toFixed(3)}"${edge}/>`);
      if (row.warming_up) parts.push(`<rect x="${at(k) + 1}" y="${y + 1}" width="${cell - 2}" height="${line - 2}" rx="3" fill="url(#warming)"/>`);
      text(at(k) + cell / 2, y, picture.write(value), "middle");
    });
  });
  picture.means.forEach((mean, i) => {
    const y = 8 + (grid.rows.length + 1 + i) * line;
    parts.push(`<path d="M8 ${y}H${width - 8}" stroke="var(--line)"/>`);
    text(8, y, mean.name, "start");
    for (let k = 0; k < grid.columns; k += 1) text(at(k) + cell / 2, y, picture.write(mean.of(k)), "middle");
  });
  picture.notes.forEach((note, i) => {
    const y = 8 + (grid.rows.length + 1 + picture.means.length + i) * line;
    numbered(18, y, note.number);
    text(36, y, note.words, "start");
  });
  const warming = `<defs><pattern id="warming" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 3H6" stroke="var(--soft)" stroke-opacity="0.35"/></pattern></defs>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">${warming}${parts.join("")}</svg>`;
}
