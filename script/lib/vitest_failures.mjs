// Prints what failed in a run of Vitest, from the file that its JSON reporter wrote: for each failed test a line
// "failed<TAB>FILE: TITLE", then up to five lines "said<TAB>..." of its message and the place in the tests that it came from.
// A file that could not be loaded counts as one. Prints nothing where the file cannot be read: the caller counts that.
//   node vitest_failures.mjs FILE ROOT       ROOT is taken off the paths
import { readFileSync } from "node:fs";

const [file, root] = process.argv.slice(2);
let results = [];
try {
  results = JSON.parse(readFileSync(file, "utf8")).testResults ?? [];
} catch {
  process.exit(0);
}

const plain = (text) => text.replaceAll(/\u001b\[[0-9;]*m/g, "").replaceAll(`${root}/`, "").replaceAll("\t", " ").trimEnd().slice(0, 240);
const tell = (title, message) => {
  const lines = message.split("\n").map(plain).filter((line) => line.trim() !== "");
  const places = lines.filter((line) => /^\s+at /.test(line));
  console.log(`failed\t${plain(title).replaceAll("\n", " ")}`);
  for (const line of lines.filter((line) => !places.includes(line)).slice(0, 4)) console.log(`said\t${line}`);
  const place = places.find((line) => !line.includes("node_modules"));
  if (place) console.log(`said\t${place.trim()}`);
};

for (const result of results) {
  const failed = (result.assertionResults ?? []).filter((test) => test.status === "failed");
  for (const test of failed) tell(`${result.name}: ${test.fullName}`, test.failureMessages?.[0] ?? "");
  if (failed.length === 0 && result.status === "failed") tell(`${result.name}: the file itself`, result.message ?? "");
}
