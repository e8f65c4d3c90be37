// All claims as one drawing, for the picture that a reader keeps: each with its words and the line on which the shop's figure stands
// beside what is said.
import type { ClaimRow } from "../../api/rows";
import { escapeXml } from "../cohorts/picture";
import { scaleOf } from "./scale";

const width = 720;
const height = 88; // of a claim
const line = 640;

export function claimsSvg(claims: readonly (Pick<ClaimRow, "value" | "low" | "high" | "published_low" | "published_high"> & { title: string; said: string })[]): string {
  const parts = claims.map((claim, i) => {
    const y = i * height;
    const words = `<text x="40" y="${y + 28}" style="font-weight:600">${escapeXml(claim.title)}</text><text x="40" y="${y + 48}">${escapeXml(claim.said)}</text>`;
    const scale = scaleOf(claim, line);
    if (!scale) return words;
    const at = (x: number) => (40 + x).toFixed(1);
    const middle = y + 68;
    const [from, to] = scale.claimed;
    const zero = scale.zero === null ? "" : `<path d="M${at(scale.zero)} ${middle - 6}v12" stroke="var(--line-strong)"/>`;
    const claimed = `<rect x="${at(from - 1.5)}" y="${middle - 9}" width="${Math.max(3, to - from).toFixed(1)}" height="18" fill="var(--soft)" opacity="${to > from ? 0.35 : 1}"/>`;
    const interval = scale.interval ? `<path d="M${at(scale.interval[0])} ${middle}H${at(scale.interval[1])}M${at(scale.interval[0])} ${middle - 5}v10M${at(scale.interval[1])} ${middle - 5}v10" stroke="var(--kept)" stroke-width="2" fill="none"/>` : "";
    return `${words}<path d="M40 ${middle}H${40 + line}" stroke="var(--line-strong)"/>${zero}${claimed}${interval}<circle cx="${at(scale.own)}" cy="${middle}" r="5" fill="var(--kept)"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${claims.length * height + 16}">${parts.join("")}</svg>`;
}
