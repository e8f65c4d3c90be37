#!/usr/bin/env bash
# Counting: every GoogleTest case and every other test counts, and nothing that failed or did not run counts as passed.
. "$(dirname "$0")/../lib/expect.sh"

# ctest_results NAME STATUS: adds a CTest test; cases NAME XML: the file that its binary wrote.
begin() { new_world; mkdir -p "$world/cases"; printf '<testsuite name="x">\n' >"$world/ctest.xml"; }
ctest_test() { printf '\t<testcase name="%s" classname="%s" time="0.01" status="%s">\n' "$1" "$1" "$2" >>"$world/ctest.xml"; }
cases() { printf '<?xml version="1.0"?>\n%s\n%s\n' "$2" "${3:-}" >"$world/cases/$1_test.xml"; }
tally() { try bash -c ". '$top/script/lib/tally.sh'; tally_begin '$world/tally'; ${1:-} tally_ctest debug '$world'; tally_end"; }
closing() { [ "$(tail -n 1 <<<"$out")" = "$1" ]; }

begin
ctest_test money run; cases money '<testsuites tests="12" failures="0" disabled="0" errors="0" time="1" name="AllTests">'
ctest_test cli run
it "counts the cases of GoogleTest, and other tests as one"
tally
expect_status 0
expect "13 passed" closing "13 passed, 0 failed"
expect_out "debug money"

begin
ctest_test money fail; cases money '<testsuites tests="12" failures="2" disabled="1" errors="0" time="1" name="AllTests">' \
  '<testcase name="a" status="run" result="skipped" time="0"/>'
ctest_test cli fail
it "counts what failed, what is disabled and what was skipped"
tally
expect_status 1
expect "8 passed" closing "8 passed, 3 failed, 2 skipped"

begin
ctest_test money fail
it "a binary that died before it could write its cases is a failure"
tally
expect_status 1
expect "1 failed" closing "0 passed, 1 failed"

begin
ctest_test money fail; cases money '<testsuites tests="12" failures="0" disabled="0" errors="0" time="1" name="AllTests">'
it "so is one that failed after its last case, as with a leak found at the end"
tally
expect_status 1
expect "12 passed" closing "12 passed, 1 failed"

begin
it "running nothing is a failure"
tally
expect_status 1
expect "1 failed" closing "0 passed, 1 failed"

begin
ctest_test cli run
it "a failure anywhere fails the whole, and the same name adds up"
tally 'tally_add format 1 0; tally_add format 0 1; tally_time format 7;'
expect_status 1
expect "the closing line" closing "2 passed, 1 failed"
expect_out "format                           1 passed    1 failed"
expect_out "7 s"

# What failed is named at the end, where the last lines of a log show it.
begin
ctest_test money fail; cases money '<testsuites tests="3" failures="1" disabled="0" errors="0" time="1" name="AllTests">' \
'<testcase name="Adds" status="run" result="completed" classname="Sum">
</testcase>
<testcase name="DoesNotFit" file="/x/src/money/money_test.cpp" line="12" status="run" result="completed" classname="Money">
<failure message="/x/src/money/money_test.cpp:12&#x0A;Expected equality of &quot;a&amp;b&quot;:&#x0A;  1&#x09;&lt; 2" type=""><![CDATA[x]]></failure>
<failure message="another of the same case" type=""><![CDATA[x]]></failure>
</testcase>'
it "names a failed case of GoogleTest once, where it failed and what it said first"
tally 'top=/x;'
expect_status 1
expect_out "== what failed
debug money: Money.DoesNotFit
    src/money/money_test.cpp:12 Expected equality of \"a&b\": 1 < 2

2 passed, 1 failed"

begin
ctest_test money fail; ctest_test cli fail; ctest_test good run
mkdir -p "$world/build/results" "$world/build/Testing/Temporary"
mv "$world/ctest.xml" "$world/build/results/"
printf '%s\n' '1/3 Testing: good' '[ RUN      ] Good.One' '2/3 Testing: money' '[ RUN      ] Money.Adds' '[       OK ] Money.Adds (0 ms)' '[ RUN      ] Money.Dies' \
  'SUMMARY: AddressSanitizer: heap-buffer-overflow' '3/3 Testing: cli' >"$world/build/Testing/Temporary/LastTest.log"
it "a binary that died is named with the case that it was in"
try bash -c ". '$top/script/lib/tally.sh'; tally_begin '$world/tally'; tally_ctest asan '$world/build/results'; tally_end"
expect_out "== what failed
asan money: money failed, or died before it could say where
    [ RUN      ] Money.Dies
    SUMMARY: AddressSanitizer: heap-buffer-overflow
asan cli: cli failed, or died before it could say where

1 passed, 2 failed"

# What CTest prints of a binary that failed begins with the failure, not with hundreds of cases that passed.
shown() { new_world; printf '%s\n' "$1" >"$world/said"; try bash -c ". '$top/script/lib/tally.sh'; what_failed_only <'$world/said'"; }
it "of a binary that failed the cases that passed or were skipped are not shown"
shown '      Start  2: money
1/2 Test  #2: money ............................***Failed    0.02 sec
Running main() from gtest_main.cc
[==========] Running 5 tests from 1 test suite.
[----------] Global test environment set-up.
[ RUN      ] Money.Adds
Using configuration: seed=17
OK, passed 100 tests
[       OK ] Money.Adds (0 ms)
[ RUN      ] Money.Waits
not here[  SKIPPED ] Money.Waits (0 ms)
[ RUN      ] Money.DoesNotFit
money_test.cpp:12: Failure
  1
[  FAILED  ] Money.DoesNotFit (0 ms)
[ RUN      ] Money.Subtracts
[       OK ] Money.Subtracts (0 ms)
[----------] 5 tests from Money (0 ms total)

[  PASSED  ] 3 tests.
[  FAILED  ] 1 test, listed below:
[  FAILED  ] Money.DoesNotFit

2/2 Test  #1: base .............................   Passed    0.01 sec'
expect_status 0
expect "these lines alone" test "$out" = '      Start  2: money
1/2 Test  #2: money ............................***Failed    0.02 sec
Running main() from gtest_main.cc
[==========] Running 5 tests from 1 test suite.
Using configuration: seed=17
[ RUN      ] Money.DoesNotFit
money_test.cpp:12: Failure
  1
[  FAILED  ] Money.DoesNotFit (0 ms)
[  PASSED  ] 3 tests.
[  FAILED  ] 1 test, listed below:
[  FAILED  ] Money.DoesNotFit
2/2 Test  #1: base .............................   Passed    0.01 sec'
it "and of one that died the case that it was in, up to the next of CTest"
shown '[ RUN      ] Money.Adds
[       OK ] Money.Adds (0 ms)
[ RUN      ] Money.Dies
ERROR: AddressSanitizer
 1/12 Test #13: app_threads ......................   Passed    3.16 sec
[ RUN      ] Money.DiesToo'
expect "these lines alone" test "$out" = '[ RUN      ] Money.Dies
ERROR: AddressSanitizer
 1/12 Test #13: app_threads ......................   Passed    3.16 sec
[ RUN      ] Money.DiesToo'

begin
ctest_test cli run
it "what says no more than that it failed is named by its name"
tally "tally_add format 0 1; tally_add fuzz 0 1; tally_failed fuzz 'csv_fuzz FAILED (a crash)';"
expect_out "== what failed
fuzz: csv_fuzz FAILED (a crash)
format

1 passed, 2 failed"
it "and nothing is said of failures where there are none"
tally
expect "no heading" test "${out/what failed/}" = "$out"
it "of many failures thirty are named"
tally 'for i in {1..40}; do tally_add web 0 1; tally_failed web "test $i"; done;'
expect_out "web: test 30
and more: 40 in all"

# The real things: what CTest and GoogleTest of this machine write.
it "reads what CTest itself writes"
begin
if command -v ctest >/dev/null; then
  mkdir "$world/real"
  printf 'add_test(good true)\nadd_test(bad false)\nadd_test(off true)\nset_tests_properties(off PROPERTIES DISABLED TRUE)\n' >"$world/real/CTestTestfile.cmake"
  ctest --test-dir "$world/real" --output-junit "$world/ctest.xml" >/dev/null 2>&1
  tally
  expect_status 1
  expect "one each" closing "1 passed, 1 failed, 1 skipped"
fi

# vitest JSON STATUS: what a run of Vitest that wrote this counts as.
vitest() {
  new_world
  [ -z "$1" ] || printf '%s' "$1" >"$world/unit.json"
  try bash -c ". '$top/script/lib/tally.sh'; tally_begin '$world/tally'; tally_vitest unit '$world/unit.json' $2; tally_end"
}
it "counts Vitest's tests"
vitest '{"numTotalTests":9,"numPassedTests":7,"numFailedTests":0,"numPendingTests":1,"numTodoTests":1,"success":true}' 0
expect_status 0
expect "7 passed" closing "7 passed, 0 failed, 2 skipped"
vitest '{"numPassedTests":7,"numFailedTests":2,"numPendingTests":0,"testResults":[{"message":"\"numFailedTests\":0"}]}' 1
expect_status 1
expect "2 failed" closing "7 passed, 2 failed"

# What the JSON reporter of Vitest writes.
if node=$(type -P node); then
  vitest_file() { begin; ln -s "$node" "$world/bin/node"; printf '%s' "$1" >"$world/e2e.json"; try bash -c ". '$top/script/lib/tally.sh'; top=/x; tally_begin '$world/tally'; tally_vitest e2e '$world/e2e.json' 1; tally_end"; }
  it "names a failed test of Vitest with its file, what it said first and where"
  vitest_file '{"numPassedTests":7,"numFailedTests":1,"testResults":[{"name":"/x/web/e2e/good.e2e.ts","status":"passed","assertionResults":[{"fullName":"is good","status":"passed"}]},
    {"name":"/x/web/e2e/import.e2e.ts","status":"failed","message":"","assertionResults":[{"fullName":"a file that cannot be read says so","status":"failed",
    "failureMessages":["locator.waitFor: Timeout 15000ms exceeded.\nCall log:\n\u001b[2m  - waiting for an alert\u001b[22m\n\n    at wait (/x/web/node_modules/a.js:1:1)\n    at /x/web/e2e/import.e2e.ts:40:19"]}]}]}'
  expect_out "== what failed
e2e: web/e2e/import.e2e.ts: a file that cannot be read says so
    locator.waitFor: Timeout 15000ms exceeded.
    Call log:
      - waiting for an alert
    at web/e2e/import.e2e.ts:40:19

7 passed, 1 failed"
  it "and a file that could not be loaded"
  vitest_file '{"numPassedTests":7,"numFailedTests":0,"testResults":[{"name":"/x/web/e2e/bad.e2e.ts","status":"failed","message":"Error: no such module","assertionResults":[]}]}'
  expect_out "e2e: web/e2e/bad.e2e.ts: the file itself
    Error: no such module"
  it "where there is no file to read, the step is named"
  vitest_file '{"numFailedTests":1'
  expect_out "== what failed
e2e

0 passed, 1 failed"
fi

it "a file of tests that could not be loaded is a failure"
vitest '{"numPassedTests":7,"numFailedTests":0,"numPendingTests":0}' 1
expect_status 1
expect "1 failed" closing "7 passed, 1 failed"

it "so is a Vitest that wrote nothing, or ran nothing"
vitest '' 1
expect "1 failed" closing "0 passed, 1 failed"
vitest '{"numPassedTests":0,"numFailedTests":0}' 0
expect "1 failed" closing "0 passed, 1 failed"

done_testing
