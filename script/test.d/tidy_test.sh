#!/usr/bin/env bash
# script/lint's memory: what passed clang-tidy is not checked again until something it is made of has changed.
. "$(dirname "$0")/../lib/expect.sh"

# A checkout of two sources, each with a header of its own and one of both; a clang-tidy that calls a file wrong that says WRONG; a
# compiler that lists what is included.
checkout() {
  new_world
  mkdir -p "$world/script" "$world/src" "$world/build/tidy"
  ln -s "$top/script/lib" "$world/script/lib"
  echo 'Checks: all' >"$world/.clang-tidy"
  local name
  for name in a b_test; do
    printf '#include "both.h"\n#include "%s.h"\n' "$name" >"$world/src/$name.cpp"
    echo "int $name;" >"$world/src/$name.h"
  done
  echo 'int both;' >"$world/src/both.h"
  commands -O1
  stand_in_tools
}
stand_in_tools() {
  stand_in clang-tidy-19 <<'STAND_IN'
if [ "$1" = --version ]; then cat "$world/version" 2>/dev/null; exit 0; fi
if [ "$1" = --dump-config ]; then cat "$world/unreadable" >&2 2>/dev/null; exit 0; fi
echo "clang-tidy $*" >>"$world/calls"
for source; do :; done
[ ! -f "$world/meanwhile" ] || { cat "$world/meanwhile" >>"$world/$source"; rm "$world/meanwhile"; }
! grep -h WRONG "$world/src/both.h" "$world/${source%.cpp}.h"
STAND_IN
  stand_in listing <<'STAND_IN'
while [ "$1" != -c ]; do shift; done
source=$2
while [ "$1" != -MF ]; do shift; done
printf 'x.o: %s \\\n  %s %s\n' "$source" "$world/src/both.h" "${source%.cpp}.h" >"$2"
STAND_IN
}
# commands FLAG: the compile commands, as CMake writes them.
commands() {
  local name
  for name in a b_test; do
    printf '{\n  "directory": "%s",\n  "command": "listing %s -DTEXT=\\\\\\"x y\\\\\\" -o %s.o -c %s",\n  "file": "%s"\n},\n' \
      "$world/build/tidy" "$1" "$name" "$world/src/$name.cpp" "$world/src/$name.cpp"
  done >"$world/build/tidy/compile_commands.json"
}
tidy() {
  : >"$world/calls"
  try bash -c ". '$world/script/lib/behoud.sh'; run_tidy src/a.cpp src/b_test.cpp"
}
expect_checked() { expect "checked: ${*:-none}" [ "$(sed 's/.* //' "$world/calls" | sort | tr '\n' ' ')" = "${*:+$* }" ]; }

checkout
it "checks everything once"
tidy
expect_status 0
expect_checked src/a.cpp src/b_test.cpp
expect_err "2 sources, of which 0 passed before"

it "asks tests for no speed"
expect_call "--checks=-performance-*,-bugprone-reserved-identifier,-modernize-use-using,-misc-unused-using-decls src/b_test.cpp"
expect_no_call "misc-unused-using-decls src/a.cpp"

it "then nothing, and says so"
tidy
expect_status 0
expect_checked
expect_err "2 sources, of which 2 passed before"

it "a source that changed is checked again"
echo 'int more;' >>"$world/src/a.cpp"
tidy
expect_checked src/a.cpp

it "so is one of which a header changed"
echo 'int more;' >>"$world/src/b_test.h"
tidy
expect_checked src/b_test.cpp

it "and a header of both is both's"
echo 'int more;' >>"$world/src/both.h"
tidy
expect_checked src/a.cpp src/b_test.cpp
tidy
expect_checked

it "a header that is gone counts as changed"
mv "$world/src/a.h" "$world/src/gone.h"
tidy
expect_checked src/a.cpp
mv "$world/src/gone.h" "$world/src/a.h"

it "other flags, another .clang-tidy and another clang-tidy are other questions"
tidy
commands -O2
tidy
expect_checked src/a.cpp src/b_test.cpp
echo 'Checks: more' >"$world/.clang-tidy"
tidy
expect_checked src/a.cpp src/b_test.cpp
echo 'version 19.2' >"$world/version"
tidy
expect_checked src/a.cpp src/b_test.cpp
tidy
expect_checked

it "a finding is shown each time, and the others are remembered meanwhile"
checkout
echo 'WRONG' >>"$world/src/a.h"
tidy
expect_status 1
expect_out WRONG
tidy
expect_status 1
expect_out WRONG
expect_checked src/a.cpp

it "a finding that was mended passes"
echo 'int a;' >"$world/src/a.h"
tidy
expect_status 0
expect_checked src/a.cpp

it "a source that is changed while it is checked is checked again"
echo 'int late;' >"$world/meanwhile"
echo 'int early;' >>"$world/src/a.cpp"
tidy
expect_checked src/a.cpp
tidy
expect_checked src/a.cpp
tidy
expect_checked

it "a source whose includes cannot be listed is checked each time"
checkout
stand_in listing <<'STAND_IN'
exit 1
STAND_IN
tidy
expect_status 0
tidy
expect_status 0
expect_checked src/a.cpp src/b_test.cpp

it "nothing passes with a configuration that clang-tidy cannot read"
checkout
echo "Error parsing $world/.clang-tidy: Invalid argument" >"$world/unreadable"
tidy
expect_status 1
expect_err "cannot be read"
expect_checked
rm "$world/unreadable"
tidy
expect_status 0
expect_checked src/a.cpp src/b_test.cpp

it "what passed holds for a copy of the checkout elsewhere"
checkout
tidy
moved=${world:?}.moved
mv "$world" "$moved"
world=$moved
commands -O1
stand_in_tools
tidy
expect_checked

done_testing
