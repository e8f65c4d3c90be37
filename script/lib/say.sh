# shellcheck shell=bash
# What the scripts say: progress and named errors, all on standard error, in plain ASCII (no locale is assumed).
#
#   say TEXT                  one line of progress, with the seconds since the script began
#   fail NAME TEXT WAY_OUT    a named error: says what happened and the way out, and exits with the name's code
#
# The names and their exit codes are a contract (script/README.md); 0 to 5 are left to `behoud` itself.

fail_code() {
  case "$1" in
    usage) echo 2 ;;
    no-root) echo 10 ;;
    no-network) echo 11 ;;
    wrong-machine) echo 12 ;;
    bad-download) echo 13 ;;
    install-failed) echo 14 ;;
    build-failed) echo 15 ;;
    port-taken) echo 16 ;;
    *) echo 70 ;;
  esac
}

say() { printf '[%3ds] %s\n' "$SECONDS" "$1" >&2; }

fail() {
  printf 'error [%s]: %s\n' "$1" "$2" >&2
  [ -z "${3:-}" ] || printf '  way out: %s\n' "$3" >&2
  exit "$(fail_code "$1")"
}
