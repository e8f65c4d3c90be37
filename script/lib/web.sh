# shellcheck shell=bash
# The dashboard: its npm packages in web/node_modules and its build in web/dist, each made only when what it is made of has changed.
# What was made of what is remembered as a hash of the files' contents, so a checkout that is copied, moved or touched stays built.

# hash_of FOLDER... : one hash of every file below these folders (or of these files), names and contents; what is built, what
# was fetched and what is only tested does not count.
hash_of() {
  (cd "${top:?}" && find "$@" \( -name node_modules -o -name dist -o -name 'dist.*' -o -name e2e \) -prune -o -type f ! -name '*.test.ts' ! -name '*.test.tsx' ! -name '*.md' -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
}

# has_stamp FILE HASH
has_stamp() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# The programs of the front end run with a Node that is new enough: the system's, or the one beside.
use_node() {
  install_node "$top/.deps/node"
  local have
  have=$(node --version 2>/dev/null || echo v0)
  version_at_least "${have#v}" "${node_wanted:?}" || PATH=$top/.deps/node/bin:$PATH
}

# one_at_a_time COMMAND...: two of them at once take turns.
one_at_a_time() (
  mkdir -p "$top/build/web"
  exec {lock}>"$top/build/web/.lock"
  flock -n "$lock" || { say "the dashboard is being built already; waiting for that"; flock "$lock"; }
  "$@"
)

# The packages of web/package-lock.json, exactly. None of their scripts is run.
install_web_packages() {
  local lock stamp=$top/web/node_modules/.behoud-stamp log=$top/build/web/install.log
  local -a files=(web/package.json web/package-lock.json)
  [ ! -f "$top/web/.npmrc" ] || files+=(web/.npmrc)
  lock=$(hash_of "${files[@]}")
  ! has_stamp "$stamp" "$lock" || return 0
  mkdir -p "$top/build/web"
  say "fetching the dashboard's packages"
  if ! (cd "$top/web" && npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=2 --fetch-retry-mintimeout=1000) >"$log" 2>&1; then
    grep -iE 'err' "$log" | head -n 6 >&2 || true
    if grep -qE 'EAI_AGAIN|ENOTFOUND|ECONN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET|network' "$log"; then
      fail no-network "npm could not fetch the dashboard's packages." \
        "check the network; behind a proxy set http_proxy and https_proxy. Then start again"
    fi
    fail install-failed "npm could not install the dashboard's packages, for the reason above." "read build/web/install.log, mend that, then start again"
  fi
  printf '%s\n' "$lock" >"$stamp"
}

build_web_now() {
  local sources dist=$top/web/dist stamp=$top/build/web/stamp log=$top/build/web/build.log began=$SECONDS
  local -a inputs=(web api/openapi.yaml)
  # The words of the definitions are the server's own.
  [ ! -d "$top/src/language/catalogue" ] || inputs+=(src/language/catalogue)
  sources=$(hash_of "${inputs[@]}")
  if [ -f "$dist/index.html" ] && has_stamp "$stamp" "$sources"; then return 0; fi
  install_web_packages
  say "building the dashboard"
  rm -rf "$dist.making" "$stamp"
  # Made beside and renamed, so that a server that starts meanwhile never finds half of it.
  if ! (cd "$top/web" && npm run --silent build -- --outDir dist.making --emptyOutDir) >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    fail build-failed "The dashboard did not build." "read build/web/build.log"
  fi
  [ -f "$dist.making/index.html" ] || fail build-failed "The dashboard's build made no index.html." "read build/web/build.log"
  rm -rf "$dist"
  mv "$dist.making" "$dist"
  printf '%s\n' "$sources" >"$stamp"
  say "the dashboard is built, $((SECONDS - began)) s"
}

# build_web: web/dist is there and is of this checkout. A second time takes as long as reading the sources.
build_web() {
  use_node
  one_at_a_time build_web_now
}

# web_packages: the dashboard's tools are there, for a test of it.
web_packages() {
  use_node
  one_at_a_time install_web_packages
}
