#!/usr/bin/env bash
# The check of the floors: what a folder may include.
. "$(dirname "$0")/../lib/expect.sh"

# Three folders: base, money on base, ledger on money (in several lines, with a comment); ledger's tests also use base.
house() {
  new_world
  mkdir -p "$world"/src/{base,money,ledger/internal}
  printf 'add_subdirectory(base)\nadd_subdirectory(money)\nadd_subdirectory(ledger)\n' >"$world/src/CMakeLists.txt"
  echo 'behoud_folder(base LIBS fmt::fmt)' >"$world/src/base/CMakeLists.txt"
  echo 'behoud_folder(money DEPS base)' >"$world/src/money/CMakeLists.txt"
  printf 'behoud_folder(ledger\n  DEPS money  # amounts\n  TEST_DEPS base)\n' >"$world/src/ledger/CMakeLists.txt"
  printf '#include "money/money.h"\n#include "ledger/order.h"\n#include <base/of_nothing>\n' >"$world/src/ledger/order.cpp"
  echo '#include "base/text.h"' >"$world/src/ledger/order_test.cpp"
}
floors() { try bash -c ". '$top/script/lib/floors.sh'; check_floors '$world/src'"; }

house
it "a house in order has nothing to say"
floors
expect_status 0
expect "nothing" [ -z "$out" ]

it "a folder includes no folder that is not among its DEPS, not even one below it"
echo '#include "base/text.h"' >"$world/src/ledger/internal/deep.h"
floors
expect_status 1
expect "that file alone" [ "$out" = "src/ledger/internal/deep.h: includes base/, which is not among the DEPS of ledger" ]

house
it "nor one above it"
echo '#include "ledger/order.h"' >"$world/src/money/money.cpp"
floors
expect_status 1
expect_out "src/money/money.cpp: includes ledger/"

house
it "and the DEPS themselves point upwards only"
echo 'behoud_folder(money DEPS base ledger)' >"$world/src/money/CMakeLists.txt"
floors
expect_status 1
expect_out "src/money/CMakeLists.txt: DEPS ledger, which is not above money"

done_testing
