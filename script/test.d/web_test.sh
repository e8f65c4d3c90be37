#!/usr/bin/env bash
# The dashboard's build: once for what it is made of, again when that changes, whole or not at all.
. "$(dirname "$0")/../lib/expect.sh"

# A project with a dashboard whose npm writes down how it was called and builds a page.
project() {
  new_world
  project=$world/project
  mkdir -p "$project/web/src" "$project/web/e2e" "$project/api"
  cp -r "$top/script" "$project/script"
  echo '{}' >"$project/web/package.json"
  echo '{}' >"$project/web/package-lock.json"
  echo 'one' >"$project/web/src/main.ts"
  echo 'openapi' >"$project/api/openapi.yaml"
  stand_in node <<<'echo v20.19.0'
  stand_in npm <<'SH'
echo "npm $* ($PWD)" >>"$world/calls"
[ ! -e "$world/broken" ] || { echo "npm error $(cat "$world/broken")" >&2; exit 1; }
case "$1" in
  ci) mkdir -p node_modules ;;
  run) mkdir -p "$6"; echo page >"$6/index.html" ;;
esac
SH
}
build() { try env BEHOUD_JOBS=1 "$project/script/build" web; }

project
it "fetches the packages as locked, without their scripts, and builds into web/dist"
build
expect_status 0
expect_call "npm ci --ignore-scripts"
expect_call "npm run --silent build -- --outDir dist.making --emptyOutDir ($project/web)"
expect "the page is there" [ "$(cat "$project/web/dist/index.html")" = page ]
expect "and nothing beside it" [ ! -e "$project/web/dist.making" ]

it "a second build does nothing"
: >"$world/calls"
build
expect_status 0
expect "npm was not called" [ ! -s "$world/calls" ]

it "a file that was only touched or tested changes nothing"
touch -d '1 hour' "$project/web/src/main.ts"
echo test >"$project/web/src/main.test.ts"
echo test >"$project/web/e2e/pages.ts"
build
expect "npm was not called" [ ! -s "$world/calls" ]

for change in web/src/main.ts web/src/new.ts api/openapi.yaml; do
  it "builds again when $change changes, with the packages that are there"
  : >"$world/calls"
  echo "changed $change" >"$project/$change"
  build
  expect_call "npm run"
  expect_no_call "npm ci"
done

it "fetches the packages again when the lock changes"
: >"$world/calls"
echo '{"lockfileVersion":3}' >"$project/web/package-lock.json"
build
expect_call "npm ci"
expect_call "npm run"

it "builds again when what was built is gone"
: >"$world/calls"
rm -r "$project/web/dist"
build
expect_call "npm run"
expect "the page is there" [ -f "$project/web/dist/index.html" ]

it "a build that fails is named and leaves what stood"
echo changed >"$project/web/src/main.ts"
echo "no such module" >"$world/broken"
build
expect_status 15
expect_err "error [build-failed]"
expect_err "no such module"
expect "the old page stands" [ -f "$project/web/dist/index.html" ]

it "and is tried again the next time"
rm "$world/broken"
: >"$world/calls"
build
expect_status 0
expect_call "npm run"

project
it "without a network the packages are named"
echo "code ENOTFOUND" >"$world/broken"
build
expect_status 11
expect_err "error [no-network]"
expect_err "dashboard's packages"
rm "$world/broken"
build
expect_status 0

project
it "any other failure of npm shows what npm said"
echo "code EUSAGE" >"$world/broken"
try "$project/script/install" --web
expect_status 14
expect_err "error [install-failed]"
expect_err "EUSAGE"

it "install --web fetches the packages and builds nothing"
rm "$world/broken"
: >"$world/calls"
stand_in uname <<<'echo "Linux x86_64"'
try "$project/script/install" --web
expect_status 0
expect_call "npm ci"
expect_no_call "npm run"

project
it "a Node that is too old gets a newer one beside, which goes first"
stand_in node <<<'echo v18.20.4'
mkdir -p "$project/.deps/node/bin"
printf '#!/bin/sh\necho v24.0.0\n' >"$project/.deps/node/bin/node"
chmod +x "$project/.deps/node/bin/node"
stand_in npm <<'SH'
echo "node $(node --version)" >>"$world/calls"
case "$1" in run) mkdir -p "$6"; echo page >"$6/index.html" ;; ci) mkdir -p node_modules ;; esac
SH
sum=$(sha256sum <"$project/.deps/node/bin/node" | cut -d' ' -f1)
try bash -c ". '$project/script/lib/behoud.sh'; node_sum=$sum; build_web"
expect_status 0
expect_call "node v24.0.0"
expect_no_call "node v18"

project
it "a build waits for another"
mkdir -p "$project/build/web"
exec 9>"$project/build/web/.lock"
flock 9
(
  for _ in $(seq 200); do ! grep -q 'being built already' "$world/err" || break; sleep 0.05; done
  flock -u 9
) &
build
wait
exec 9>&-
expect_status 0
expect_err "being built already"
expect "the page is there" [ -f "$project/web/dist/index.html" ]

it "script/build web takes nothing more"
try "$project/script/build" web debug
expect_status 2

done_testing
