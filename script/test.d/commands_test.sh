#!/usr/bin/env bash
# script/report, script/server and script/build from end to end, in a copy of the scripts with a compiler and a product that are stand-ins.
. "$(dirname "$0")/../lib/expect.sh"

# A project whose build makes a `behoud` that writes down how it was called. Everything is installed, DuckDB included.
project() {
  new_world
  project=$world/project
  mkdir -p "$project"
  cp -r "$top/script" "$project/script"
  touch "$project/CMakePresets.json"
  stand_in dpkg-query <<<'for package in "${@:3}"; do echo "installed $package"; done'
  # A file that is its own sum stands for a library; anything else is summed as always.
  stand_in sha256sum <<SH
[ \$# -eq 0 ] || exec $(type -P sha256sum) "\$@"
text=\$(cat)
[[ "\$text" =~ ^[0-9a-f]{64}\$ ]] && echo "\$text  -" || exec $(type -P sha256sum) <<<"\$text"
SH
  mkdir -p "$project/.deps/duckdb"
  sed -n 's/^duckdb_library_sum=//p' "$top/script/lib/npm_packages.sh" >"$project/.deps/duckdb/libduckdb.so"
  sed -n 's/^duckdb_header_sum=//p' "$top/script/lib/npm_packages.sh" >"$project/.deps/duckdb/duckdb.h"
  mkdir -p "$project/web" "$project/api"
  touch "$project/web/package.json" "$project/web/package-lock.json" "$project/api/openapi.yaml"
  stand_in node <<<'echo v20.19.0'
  stand_in npm <<'SH'
echo "npm $*" >>"$world/calls"
case "$1" in
  ci) mkdir -p node_modules ;;
  run) mkdir -p "$6"; touch "$6/index.html" ;;
esac
SH
  stand_in cmake <<'SH'
echo "cmake $*" >>"$world/calls"
mkdir -p "build/$2"
touch "build/$2/build.ninja"
echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" >"build/$2/CMakeCache.txt"
SH
  stand_in ninja <<'SH'
echo "ninja $*" >>"$world/calls"
echo "[1/1] Linking behoud"
cp "$world/behoud" "$2/behoud"
SH
  stand_in ../behoud <<'SH'
echo "behoud $*" >>"$world/calls"
case "$1" in
  report) echo "the report of ${2:-}" ;;
  sample) mkdir -p "${@: -1}"; [ ! -e "$world/kill-sample" ] || exit 137 ;;
esac
exit "$(cat "$world/status" 2>/dev/null || echo 0)"
SH
}

project
it "report builds the binary alone and prints the report and nothing else"
try "$project/script/report" orders.csv --lang nl
expect_status 0
expect "standard output is the report" [ "$out" = "the report of orders.csv" ]
expect_call "cmake --preset release"
expect_call "ninja -C $project/build/release -j $(nproc) behoud"
expect_call "behoud report orders.csv --lang nl"
expect_no_call "npm"
expect_err "[1/1] Linking behoud"

it "a second report configures nothing"
: >"$world/calls"
try "$project/script/report" orders.csv
expect_status 0
expect_no_call cmake

it "new presets are configured again"
touch -d '1 hour' "$project/CMakePresets.json"
try "$project/script/report" orders.csv
expect_call "cmake --preset release"

it "a build folder that was moved with its checkout is made anew"
: >"$world/calls"
echo "CMAKE_HOME_DIRECTORY:INTERNAL=/elsewhere" >"$project/build/release/CMakeCache.txt"
touch "$project/build/release/old"
try "$project/script/report" orders.csv
expect_status 0
expect_err "made elsewhere"
expect_call "cmake --preset release"
expect "nothing old is left" [ ! -e "$project/build/release/old" ]

it "a build waits for another of the same preset, which does not keep it"
exec 9>"$project/build/release/.lock"
flock 9
(
  for _ in $(seq 200); do ! grep -q 'under way' "$world/err" || break; sleep 0.05; done
  flock -u 9
) &
try "$project/script/report" orders.csv
wait
exec 9>&-
expect_status 0
expect_err "another build of release is under way"
expect_out "the report of orders.csv"

it "report ends with behoud's exit code"
echo 3 >"$world/status"
try "$project/script/report" orders.csv
expect_status 3

it "report without a file is a usage error, before anything is built"
: >"$world/calls"
try "$project/script/report"
expect_status 2
expect_err "error [usage]"
expect_no_call ninja

it "all of it works without a locale and without HOME, and says everything in ASCII"
project
status=0
env -i PATH="$world/bin" "$project/script/report" orders.csv >"$world/out" 2>"$world/err" </dev/null || status=$?
out=$(cat "$world/out") err=$(cat "$world/err")
expect_status 0
expect_out "the report of orders.csv"
for locale in C POSIX nowhere.UTF-8; do
  try env LC_ALL=$locale LANG=$locale "$project/script/report" orders.csv
  expect_status 0
  expect_out "the report of orders.csv"
done
expect "the scripts are ASCII" [ -z "$(LC_ALL=C grep -rlP '[^\x00-\x7F]' "$top/script" --include='*' --exclude='*.md')" ]

it "a build that fails is named, with the way out, and nothing is run"
project
stand_in ninja <<<'echo "[1/2] Compiling"; echo "timeline.cpp:3: error: expected ;"; exit 1'
try "$project/script/report" orders.csv
expect_status 15
expect_err "timeline.cpp:3: error"
expect_err "error [build-failed]"
expect_err "BEHOUD_JOBS=1"
expect_no_call "behoud report"

it "a configuration that fails shows why"
project
stand_in cmake <<<'echo "CMake Error: no libzip"; exit 1'
try "$project/script/report" orders.csv
expect_status 15
expect_err "no libzip"
expect_err "error [build-failed]"

it "build knows its presets"
project
try "$project/script/build" relaese
expect_status 2
expect_err "error [usage]"
try "$project/script/build" asan base_test
expect_status 0
expect_call "cmake --preset asan"
expect_call "base_test"
expect_no_call "npm"

it "the fuzz targets are built in the tree of asan"
try "$project/script/build" fuzz
expect_status 0
expect_call "ninja -C $project/build/asan -j $(nproc) fuzzers"
try "$project/script/build" fuzz csv_fuzz
expect_call "ninja -C $project/build/asan -j $(nproc) csv_fuzz"

it "build without a word builds the binary, then the dashboard"
project
try "$project/script/build"
expect_status 0
expect_call "ninja -C $project/build/release"
expect_call "npm run"
expect "the dashboard is there" [ -f "$project/web/dist/index.html" ]

# The server listens on no real port here: the product is a stand-in. A port that is free on this machine is found first.
. "$top/script/lib/machine.sh"
port=18080
while port_taken "$port"; do port=$((port + 1)); done

project
it "server makes the sample, prints its report and serves"
cd "$project" || exit 1
try env PORT="$port" script/server --quiet
expect_status 0
expect_call "behoud sample --customers 2000 --years 3 --seed 1 --data $project/behoud-sample"
expect_call "behoud report --data $project/behoud-sample"
expect_call "behoud serve --data $project/behoud-data --sample $project/behoud-sample --port $port --quiet"
expect_err "http://127.0.0.1:$port"
expect_call "npm run"
expect "in this order" [ "$(grep -o '^behoud [a-z]*' "$world/calls" | tr '\n' ' ')" = "behoud sample behoud report behoud serve " ]

it "a second start makes no second sample and builds no second dashboard"
: >"$world/calls"
try env PORT="$port" script/server
expect_status 0
expect_no_call "behoud sample"
expect_no_call "npm"
expect_call "behoud serve"

it "a sample that was interrupted is not taken for a whole one"
project
cd "$project" || exit 1
touch "$world/kill-sample"
try env PORT="$port" script/server
expect_status 137
expect_no_call "behoud serve"
rm "$world/kill-sample"
: >"$world/calls"
try env PORT="$port" script/server
expect_status 0
expect_call "behoud sample"
expect "one folder" [ "$(echo behoud-sample*)" = behoud-sample ]

# Two fuzz targets: one that ends well, one that finds a crash.
fuzzing() {
  project
  mkdir -p "$project/src/ingest" "$project/testdata/fuzz/good_fuzz"
  touch "$project/src/ingest/good_fuzz.cpp" "$project/src/ingest/bad_fuzz.cpp"
  stand_in ninja <<'SH'
mkdir -p "$2/fuzzers"
for target in "${@:5}"; do cp "$world/fuzzer" "$2/fuzzers/$target"; done
SH
  stand_in ../fuzzer <<'SH'
echo "$(basename "$0") $*" >>"$world/calls"
echo "stat::number_of_executed_units: 42"
[ "$(basename "$0")" = good_fuzz ] || { echo "ERROR: AddressSanitizer: heap-buffer-overflow"; exit 1; }
SH
}

fuzzing
it "fuzz runs every target on its corpus, and one that crashes fails it"
try "$project/script/fuzz" --smoke
expect_status 1
expect_out "good_fuzz passed (42 runs)"
expect_out "bad_fuzz FAILED"
expect_err "heap-buffer-overflow"
expect_call "good_fuzz -runs="
expect_call "$project/build/fuzz/corpus/good_fuzz $project/testdata/fuzz/good_fuzz"

it "fuzz runs one target for as long as asked"
try "$project/script/fuzz" good_fuzz 7
expect_status 0
expect_call "good_fuzz -max_total_time=7"

it "fuzz knows its targets"
try "$project/script/fuzz" ugly_fuzz
expect_status 2
expect_err "bad_fuzz good_fuzz"

done_testing
