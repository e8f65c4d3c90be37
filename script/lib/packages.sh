# shellcheck shell=bash
# shellcheck disable=SC2034  # the lists are for those that source this
# Debian packages: which are needed for what, and installing those that are missing and nothing else.

# To compile and link the binary, and to run it.
build_packages=(
  g++ cmake ninja-build pkg-config
  libboost1.81-dev libboost-json1.81-dev libsqlite3-dev libssl-dev zlib1g-dev libfmt-dev libhowardhinnant-date-dev
  libicu-dev libzip-dev libpugixml-dev libsodium-dev tzdata
)
# To build everything again and again. The tests and the server do not install it: what is compiled once is compiled faster without
# (cmake/BehoudPrecompiled.cmake).
developer_packages=(ccache)
# To test, measure, check and fuzz.
test_packages=(
  libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev curl wrk
  clang-19 libclang-rt-19-dev clang-format-19 clang-tidy-19 shellcheck
  chromium fonts-dejavu-core
)

# missing_packages PACKAGE...: prints those that are not installed, one a line.
missing_packages() {
  local installed package
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
  for package in "$@"; do
    grep -qxF "installed $package" <<<"$installed" || echo "$package"
  done
}

# Runs a command as root. A proxy in the environment survives sudo, which drops it by default.
as_root() {
  local name
  local -a keep=(DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 LC_ALL=C)
  for name in http_proxy https_proxy ftp_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    [ -z "${!name:-}" ] || keep+=("$name=${!name}")
  done
  if [ "$(id -u)" = 0 ]; then
    env "${keep[@]}" "$@"
  else
    sudo env "${keep[@]}" "$@"
  fi
}

# Installs the packages of the list that are missing; says nothing and asks nobody when none is.
install_packages() {
  local log
  local -a missing
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  local line="apt-get install --no-install-recommends ${missing[*]}"

  command -v apt-get >/dev/null ||
    fail wrong-machine "There is no apt-get here, and these packages are missing: ${missing[*]}" \
      "use Debian 12, or install what they hold (a compiler for C++23 and the libraries) by hand"
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null ||
      fail no-root "These packages are missing, and there is neither root nor sudo to install them: ${missing[*]}" \
        "as root: $line"
    # Without a terminal sudo cannot ask for a password, and would hang or fail in words of its own.
    if [ ! -t 0 ] && ! sudo -n true 2>/dev/null; then
      fail no-root "These packages are missing, and sudo wants a password with no terminal to ask on: ${missing[*]}" \
        "run this in a terminal, or as root: $line"
    fi
  fi

  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  log=$(mktemp)
  local -a options=(-q -y -o DPkg::Lock::Timeout=120 -o Acquire::Retries=2 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30)
  as_root apt-get "${options[@]}" -o APT::Update::Error-Mode=any update >"$log" 2>&1 ||
    say "the package lists could not be refreshed; trying with those that are here"
  if ! as_root apt-get "${options[@]}" install --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
    grep -E '^(E|W|Err):?' "$log" | tail -n 8 >&2 || tail -n 8 "$log" >&2
    if grep -qE 'Could not resolve|Temporary failure|Unable to fetch|Failed to fetch|Could not connect|Connection (refused|timed out|failed)|Network is unreachable' "$log"; then
      rm -f "$log"
      fail no-network "Debian's packages could not be fetched: ${missing[*]}" \
        "check the network; behind a proxy set http_proxy and https_proxy. Then start again: what was installed stays"
    fi
    if grep -q 'Unable to locate package' "$log"; then
      rm -f "$log"
      fail wrong-machine "This system's package lists do not have all of: ${missing[*]}" \
        "Behoud is built on Debian 12 (bookworm); use that, with its main archive enabled"
    fi
    fail install-failed "apt-get could not install: ${missing[*]}" "read the whole log in $log, mend that, then start again"
  fi
  rm -f "$log"
}
