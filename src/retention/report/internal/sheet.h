#pragma once

// The style sheet of the HTML report: an 8 px grid, four sizes, two weights, one accent, and four colours that mean the
// same everywhere: kept (blue), new (teal), came back (violet), lost (orange). Text on its ground is 4.5:1 or better.

#include <string_view>

namespace behoud::retention::report::internal {

inline constexpr std::string_view kSheet = R"css(
:root {
  color-scheme: light;
  --ink: #18212b; --soft: #55616e; --line: #dde3e9; --ground: #fff; --page: #f4f6f8; --plain: #64748b; --slab: #93a2b3;
  --kept: #1f5fbf; --kept-soft: #dbe8fa; --new: #0b7a75; --new-soft: #c4ebe8; --back: #6f42c1; --back-soft: #e2d7f6;
  --lost: #b4500b; --lost-soft: #fbe0c8; --warn: #7a4a00; --warn-ground: #fff6e0;
}
* { box-sizing: border-box; }
html { background: var(--page); -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 1184px; padding: 24px 32px 48px; color: var(--ink);
  font: 400 15px/24px Inter, "Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif;
  font-variant-numeric: tabular-nums; print-color-adjust: exact; -webkit-print-color-adjust: exact;
}
h1, h2, h3, p, dl, dd, ol, ul, figure { margin: 0; padding: 0; text-wrap: pretty; }
h1 { font-size: 20px; line-height: 32px; font-weight: 600; }
h2 { font-size: 20px; line-height: 32px; font-weight: 600; }
h3 { font-size: 15px; line-height: 24px; font-weight: 600; }
.soft { color: var(--soft); }
.small { font-size: 13px; line-height: 20px; }
.number, td.n, th.n { text-align: right; white-space: nowrap; }
.definitions { position: absolute; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 16px; top: 8px; background: var(--ground); padding: 8px 16px; }

.mast { display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: baseline; margin-bottom: 16px; }
.brand { font-weight: 600; letter-spacing: .01em; }
.brand::before { content: ""; display: inline-block; width: 12px; height: 12px; margin-right: 8px; border-radius: 50%;
  background: linear-gradient(90deg, var(--kept) 0 72%, var(--lost) 72%); }
.mast .what { flex: 1 1 320px; color: var(--soft); overflow-wrap: anywhere; }
.sample { background: var(--warn-ground); color: var(--warn); border: 1px solid #e6c980; border-radius: 4px;
  padding: 0 8px; font-weight: 600; }

section { background: var(--ground); border: 1px solid var(--line); border-radius: 8px; padding: 24px; margin-bottom: 16px; }
section > h2 { margin-bottom: 4px; }
section > .say { color: var(--soft); max-width: 80ch; margin-bottom: 16px; }
.answer { padding: 32px; }
.answer .eyebrow { color: var(--soft); }
.answer .lead { font-size: 28px; line-height: 40px; font-weight: 600; letter-spacing: -.01em; margin: 8px 0 16px; max-width: 48ch; text-wrap: balance; }
.answer .basis { color: var(--soft); max-width: 90ch; }
.warning { background: var(--warn-ground); color: var(--warn); border-left: 4px solid #d9a521; padding: 8px 16px; margin-top: 16px;
  border-radius: 0 4px 4px 0; max-width: 90ch; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 0 16px; }
.cards { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 16px; margin-top: 24px; }
.card { border: 1px solid var(--line); border-radius: 8px; padding: 16px; display: flex; flex-direction: column; }
.card .figure { font-size: 28px; line-height: 40px; font-weight: 600; letter-spacing: -.01em; white-space: nowrap; }
.card .under { min-height: 20px; }
.card .against { margin-top: 8px; }
.card .spark { margin-top: auto; padding-top: 8px; width: 160px; max-width: 100%; height: 40px; }
.direction { display: inline-block; width: 1.2em; color: var(--ink); }
.strip { display: flex; flex-wrap: wrap; gap: 0 16px; margin-top: 24px; padding-top: 16px; border-top: 1px solid var(--line); align-items: baseline; }
.strip b { font-weight: 600; }
.strip .arrow { color: var(--soft); }
a { color: var(--kept); text-underline-offset: 3px; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--kept); outline-offset: 2px; }

table { border-collapse: collapse; width: 100%; font-size: 14px; }
caption { text-align: left; color: var(--soft); padding-bottom: 8px; }
th, td { padding: 3px 8px; line-height: 24px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: baseline; font-weight: 400; }
thead th { color: var(--soft); font-size: 13px; border-bottom-color: #b9c3cd; vertical-align: bottom; }
tr > :first-child { padding-left: 0; } tr > :last-child { padding-right: 0; }
tr.total > * { font-weight: 600; border-bottom-color: #b9c3cd; }
tr.aside > * { color: var(--soft); }
tr.step > :first-child { padding-left: 24px; }
tfoot td, tfoot th { font-weight: 600; border-bottom: 0; }
.scroll { overflow-x: auto; }
.scroll > table { min-width: 560px; }
details { margin-top: 8px; }
summary { color: var(--soft); cursor: pointer; font-size: 13px; line-height: 24px; width: max-content; max-width: 100%; }
details[open] > summary { margin-bottom: 8px; }

.chart { display: block; width: 100%; height: auto; max-width: 680px; margin: 0 auto; }
.chart text { font-size: 13px; fill: var(--ink); }
.chart text.tick, .chart text.label { fill: var(--soft); }
.chart text.value { font-weight: 600; }
.chart text.kept-ink { fill: var(--kept); } .chart text.on { fill: #fff; }
.chart text.halo { paint-order: stroke; stroke: #fff; stroke-width: 4px; stroke-linejoin: round; }
.axis { stroke: #8b98a5; } .grid { stroke: #e6ebf0; } .connector { stroke: #8b98a5; stroke-dasharray: 2 3; }
rect.kept { fill: var(--kept); } rect.lost { fill: url(#p-lost); stroke: var(--lost); stroke-width: 1; }
rect.new { fill: url(#p-new); stroke: var(--new); stroke-width: 1; } rect.back { fill: url(#p-back); stroke: var(--back); stroke-width: 1; }
rect.plain { fill: var(--slab); } rect.more { fill: #d3dbe3; stroke: var(--plain); } rect.less { fill: url(#p-less); stroke: var(--plain); }
rect.warming { fill: url(#p-warming); } rect.usual { fill: #cbd5df; } rect.published { fill: #e2e8ee; }
.mark { stroke: var(--ink); stroke-width: 1.5; } .published-mark { stroke: var(--plain); stroke-width: 3; }
.g-lost { fill: var(--lost-soft); } .i-lost { fill: var(--lost); } .g-plain { fill: #fff; } .i-plain { fill: #a9b6c4; }
.g-warming { fill: #f4f6f8; } .i-warming { fill: #e3e8ed; } .g-back { fill: var(--back-soft); } .i-back { fill: var(--back); }
.g-new { fill: var(--new-soft); } .i-new { fill: var(--new); }
.band { fill: var(--kept); fill-opacity: .16; } .whisker { stroke: var(--kept); stroke-width: 2; stroke-opacity: .6; }
.line { fill: none; stroke: var(--kept); stroke-width: 2; stroke-linejoin: round; }
.unfinished { stroke: var(--kept); stroke-width: 2; stroke-dasharray: 5 4; }
.dot { fill: var(--kept); } .dot.open { fill: #fff; stroke: var(--kept); stroke-width: 2; }
svg.inline { display: inline-block; vertical-align: middle; max-width: 100%; }
.key { display: inline-block; width: 12px; height: 12px; border-radius: 2px; margin-right: 6px; }
.key.kept { background: var(--kept); } .key.lost { background: var(--lost); } .key.new { background: var(--new); } .key.back { background: var(--back); }

.heat td.c { text-align: right; min-width: 46px; padding: 3px 6px; border: 2px solid #fff; white-space: nowrap; }
.heat th.n, .heat td.n { padding-right: 12px; }
.heat td.part { outline: 1px dashed var(--soft); outline-offset: -3px; font-style: italic; }
.heat tr.warming th { background: repeating-linear-gradient(45deg, #f4f6f8 0 4px, #e3e8ed 4px 6px); }
)css"
                                           R"css(
.heat .h0 { background: #f7f9fc; } .heat .h1 { background: #eef4fc; } .heat .h2 { background: #dfeaf9; } .heat .h3 { background: #cfdff6; }
.heat .h4 { background: #bcd2f1; } .heat .h5 { background: #a7c4ec; } .heat .h6 { background: #90b4e6; } .heat .h7 { background: #78a2df; }
.heat .h8 { background: #5f90d8; } .heat .h9 { background: #1f5fbf; color: #fff; }

ol.todo { list-style: none; counter-reset: todo; display: grid; gap: 0; }
ol.todo > li { counter-increment: todo; display: grid; grid-template-columns: 40px minmax(0, 1fr) auto; gap: 0 16px; padding: 16px 0; border-top: 1px solid var(--line); break-inside: avoid; }
ol.todo > li:first-child { border-top: 0; padding-top: 8px; }
ol.todo > li::before { content: counter(todo); width: 32px; height: 32px; border-radius: 50%; background: var(--kept-soft); color: var(--kept);
  font-weight: 600; text-align: center; line-height: 32px; }
ol.todo .worth { text-align: right; } ol.todo .worth b { font-size: 20px; line-height: 32px; font-weight: 600; white-space: nowrap; }
code { font: 13px/20px ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace; background: var(--page); border-radius: 4px; padding: 2px 6px; overflow-wrap: anywhere; }
.verdict { display: inline-block; min-width: 88px; border-radius: 12px; padding: 0 10px; text-align: center; font-weight: 600; font-size: 13px; }
.verdict.yes { background: var(--new-soft); color: #064f4b; } .verdict.no { background: var(--lost-soft); color: #7d3505; } .verdict.unsure { background: #e9edf1; color: #3d4853; }
.sure { display: inline-block; width: 64px; height: 8px; background: #e3e8ed; border-radius: 4px; overflow: hidden; margin-right: 8px; vertical-align: middle; }
.sure > span { display: block; height: 8px; background: var(--kept); }
dl.words { display: grid; grid-template-columns: minmax(160px, 220px) 1fr; gap: 4px 24px; font-size: 14px; }
dl.words dt { font-weight: 600; } dl.words dd { color: var(--soft); }
footer { color: var(--soft); font-size: 13px; line-height: 20px; padding: 8px 0; }

@media screen and (max-width: 760px) {
  body { padding: 16px; } section, .answer { padding: 16px; } .answer .lead { font-size: 22px; line-height: 32px; }
  .cards { grid-template-columns: repeat(2, minmax(0, 1fr)); } .card .figure { font-size: 22px; line-height: 32px; }
  ol.todo > li { grid-template-columns: 40px minmax(0, 1fr); } ol.todo .worth { grid-column: 2; text-align: left; }
  dl.words { grid-template-columns: 1fr; } dl.words dd { margin-bottom: 8px; }
}
@media print {
  @page { size: A4; margin: 14mm 14mm 16mm; }
  html { background: #fff; } body { max-width: none; padding: 0; font-size: 12px; line-height: 18px; }
  section { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 12px 0; margin: 0 0 4px; break-inside: avoid; }
  section.long { break-inside: auto; } .answer { padding: 0 0 12px; border-top: 0; }
  .answer .lead { font-size: 20px; line-height: 28px; max-width: none; } h1, h2 { font-size: 16px; line-height: 24px; }
  .cards { gap: 8px; margin-top: 12px; } .card { padding: 8px 12px; } .card .figure { font-size: 20px; line-height: 28px; }
  .pair { grid-template-columns: 1fr 1fr; gap: 0 24px; } .pair > section { border-top: 1px solid var(--line); }
  table { font-size: 11px; } th, td { line-height: 16px; padding: 2px 6px; } .heat td.c { min-width: 0; padding: 2px 4px; }
  .small, thead th { font-size: 11px; line-height: 16px; } .scroll { overflow: visible; } .scroll > table { min-width: 0; }
  details:not([open]), .skip { display: none; } tr { break-inside: avoid; } ol.todo > li { padding: 8px 0; }
  .strip { margin-top: 12px; padding-top: 8px; } h2, h3 { break-after: avoid; } dl.words { font-size: 11px; line-height: 16px; gap: 2px 16px; }
  .chart { max-width: 480px; } .pair .chart { max-width: none; } .chart text { font-size: 14px; } tfoot { display: table-row-group; }
  dl.words { grid-template-columns: 150px 1fr; } .cards { grid-template-columns: 1fr 1fr; }
  .card .figure { white-space: normal; } .card .spark { width: 120px; height: 32px; }
}
)css";

}  // namespace behoud::retention::report::internal
