// What a first visit loads, gzipped, held to its bounds: script without the chart chunk < 200 kB, styles <= 40 kB, one
// font <= 40 kB. "First" is what index.html names and what those files import at once.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url).pathname;
const html = readFileSync(join(dist, "index.html"), "utf8");
const size = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;

const scripts = new Set();
const add = (file) => {
  if (scripts.has(file)) return;
  scripts.add(file);
  const text = readFileSync(join(dist, file), "utf8");
  for (const [, name] of text.matchAll(/(?:from|^import|;import|}import)\s*"\.\/([^"]+\.js)"/g)) add(`assets/${name}`);
};
for (const [, file] of html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)) add(file);
const styles = [...html.matchAll(/href="\/(assets\/[^"]+\.css)"/g)].map(([, file]) => file);
// A first visit is to some page: the greatest of them counts, with the styles it brings.
const assets = readdirSync(join(dist, "assets"));
const pages = assets.filter((name) => /^pages?-|^index-|^(today|retention|cohorts|value|claims|definitions|people|customers|import|costs|settings)/.test(name) && name.endsWith(".js") && !scripts.has(`assets/${name}`));
const page = Math.max(0, ...pages.map((name) => size(`assets/${name}`)));
const fonts = assets.filter((name) => name.endsWith(".woff2"));

const rows = [
  ["script", [...scripts].reduce((sum, file) => sum + size(file), page), 200_000],
  ["styles", styles.reduce((sum, file) => sum + size(file), 0), 40_000],
  ["font", fonts.reduce((sum, file) => sum + statSync(join(dist, "assets", file)).size, 0), 40_000],
];
const chart = assets.filter((name) => name.startsWith("chart_engine") && name.endsWith(".js"));
let bad = false;
for (const [what, bytes, most] of rows) {
  bad ||= bytes > most || bytes === 0;
  console.log(`${what.padEnd(8)} ${(bytes / 1000).toFixed(1).padStart(7)} kB of ${(most / 1000).toFixed(0)} kB ${bytes > most ? "TOO MUCH" : bytes === 0 ? "NOT FOUND" : "ok"}`);
}
for (const name of chart) console.log(`chart    ${(size(`assets/${name}`) / 1000).toFixed(1).padStart(7)} kB, on its own: ${name}`);
if (scripts.has(chart[0] && `assets/${chart[0]}`)) {
  console.log("the chart chunk is in the first load");
  bad = true;
}
process.exit(bad ? 1 : 0);
