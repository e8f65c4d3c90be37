# shellcheck shell=bash
# For tests of the scripts (script/test.d/*_test.sh): a world of stand-ins, and assertions that are counted.
#
#   new_world                    a fresh folder $world with $world/bin as the whole PATH: the ordinary tools, no apt-get, npm or sudo
#   stand_in NAME <<'SH'         a program of that name in the world, from a script; it may append to $world/calls
#   try COMMAND...               runs it there; leaves $status, $out and $err
#   expect_status N / expect_out TEXT / expect_err TEXT / expect_call TEXT / expect_no_call TEXT / expect TEXT COMMAND...
#   done_testing                 prints the counts; the last line of a test file
set -uo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
passed=0 failed=0 case_name='' out='' err='' status=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
suite=$(basename "$0" _test.sh)
worlds=0

# Tools that any Debian has, by what they are needed for here.
ordinary_tools=(
  awk basename bash cat chmod cp cut date dirname env false find flock grep gzip head id ls mapfile mkdir mktemp mv nproc perl printf
  readlink rm sed sh sha256sum sleep sort stat tail tar tee touch tr true uname wc xargs
)

new_world() {
  worlds=$((worlds + 1))
  world=$scratch/world$worlds
  mkdir -p "$world/bin" "$world/home"
  : >"$world/calls"
  local tool path
  for tool in "${ordinary_tools[@]}"; do
    path=$(type -P "$tool") && ln -s "$path" "$world/bin/$tool"
  done
  true
}

stand_in() {
  rm -f "$world/bin/$1"
  { printf '#!%s\nworld=%q\n' "$(type -P bash)" "$world"; cat; } >"$world/bin/$1"
  chmod +x "$world/bin/$1"
}

# Extra environment goes in front: try env http_proxy=... bash -c ...
try() {
  env -i PATH="$world/bin" HOME="$world/home" "$@" >"$world/out" 2>"$world/err" </dev/null
  status=$?
  out=$(cat "$world/out") err=$(cat "$world/err")
}

# In the world, with the functions of script/lib: try_lib 'install_packages g++'
try_lib() { try bash -c ". '$top/script/lib/behoud.sh'; $1"; }

it() { case_name=$1; }
count() {
  if [ "$1" = 0 ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    [ -z "${tally_file:-}" ] || printf 'failed\tscripts %s\t%s: %s\n' "$suite" "$case_name" "$2" >>"$tally_file"
    printf 'FAILED %s: %s: %s\n  status %s\n  out: %s\n  err: %s\n  calls: %s\n' "$suite" "$case_name" "$2" "$status" "$out" "$err" "$(cat "$world/calls" 2>/dev/null)"
  fi
}
expect_status() { [ "$status" = "$1" ]; count $? "the exit code should be $1"; }
expect_out() { [[ "$out" == *"$1"* ]]; count $? "standard output should have: $1"; }
expect_err() { [[ "$err" == *"$1"* ]]; count $? "standard error should have: $1"; }
expect_call() { grep -qF -- "$1" "$world/calls"; count $? "this should have been called: $1"; }
expect_no_call() { ! grep -qF -- "$1" "$world/calls"; count $? "this should not have been called: $1"; }
expect() { local text=$1; shift; "$@"; count $? "$text"; }

done_testing() {
  printf '%s: %d passed, %d failed\n' "$suite" "$passed" "$failed"
  [ -z "${tally_file:-}" ] || printf 'count\tscripts %s\t%d\t%d\t0\n' "$suite" "$passed" "$failed" >>"$tally_file"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
