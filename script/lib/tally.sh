# shellcheck shell=bash
# Counts what ran: a file of lines "count name passed failed skipped", "time step seconds", "failed name what" and "said name line", so
# that steps in subshells can add to it.

tally_begin() {
  tally_file=$1
  : >"$tally_file"
  export tally_file
}

# tally_add NAME PASSED FAILED [SKIPPED]
tally_add() { printf 'count\t%s\t%d\t%d\t%d\n' "$1" "$2" "$3" "${4:-0}" >>"$tally_file"; }
# tally_failed NAME WHAT: one of the failures that tally_add counted under NAME. Where there is none, the NAME itself is printed.
tally_failed() { printf 'failed\t%s\t%s\n' "$1" "${2//[$'\t\n']/ }" >>"$tally_file"; }
tally_time() { printf 'time\t%s\t%d\n' "$1" "$2" >>"$tally_file"; }

# what_failed_only: passes CTest's output on without the cases of GoogleTest that passed, so that what a binary says begins with what
# failed in it. The case that it was in when it ended counts as failed. CTest's own log keeps all of it (tally_last_words reads that).
what_failed_only() {
  local line within='' held=''
  while IFS= read -r line || [ -n "$line" ]; do
    case "$line" in
      '[ RUN      ] '*)
        printf '%s' "$held"
        within=1 held=$line$'\n'
        continue
        ;;
      # What a case printed may end without a newline.
      *'[       OK ] '* | *'[  SKIPPED ] '*)
        within='' held=''
        continue
        ;;
      '[----------]'*) continue ;;
      '[  FAILED  ] '* | ' '*' Test #'*' ....'* | [0-9]*' Test #'*' ....'*)
        printf '%s' "$held"
        within='' held=''
        ;;
      'Using configuration: '*) ;; # RapidCheck's seed, said once in the first property, is that of all
      *)
        [ -z "$within" ] || held+=$line$'\n'
        # An empty line outside a case stands between two suites.
        if [ -n "$within" ] || [ -z "$line" ]; then continue; fi
        ;;
    esac
    printf '%s\n' "$line"
  done
  printf '%s' "$held"
}

# tally_ctest PRESET RESULTS: reads RESULTS/ctest.xml (CTest's JUnit file) and RESULTS/cases/*.xml (GoogleTest's). A CTest test counts
# as its cases when it wrote them and as one otherwise; one that failed counts at least one failure, also when it died without a file.
tally_ctest() {
  local preset=$1 results=$2 name status file cases failures disabled skipped seen=0
  while IFS=$'\t' read -r name status; do
    seen=1
    file=$results/cases/${name}_test.xml
    if [ -f "$file" ]; then
      read -r cases failures disabled skipped < <(tally_gtest_counts "$file")
      if [ "$status" = fail ] && [ "$failures" = 0 ]; then
        failures=1 cases=$((cases + 1))
        tally_failed "$preset $name" "${name}_test failed after its last case"
        tally_last_words "$preset $name" "$name" "$results/../Testing/Temporary/LastTest.log"
      fi
      tally_gtest_failures "$preset $name" "$file"
      tally_add "$preset $name" $((cases - failures - disabled - skipped)) "$failures" $((disabled + skipped))
    else
      case "$status" in
        run) tally_add "$preset $name" 1 0 ;;
        disabled | notrun) tally_add "$preset $name" 0 0 1 ;;
        *)
          tally_add "$preset $name" 0 1
          tally_failed "$preset $name" "$name failed, or died before it could say where"
          tally_last_words "$preset $name" "$name" "$results/../Testing/Temporary/LastTest.log"
          ;;
      esac
    fi
  done < <(sed -n 's/.*<testcase name="\([^"]*\)".* status="\([^"]*\)".*/\1\t\2/p' "$results/ctest.xml" 2>/dev/null)
  # No test at all is a failure of the harness, not a success.
  [ "$seen" = 1 ] || tally_add "$preset: CTest ran nothing" 0 1
}

# tally_gtest_counts FILE: prints "cases failures disabled skipped" of a GoogleTest XML file.
tally_gtest_counts() {
  awk '
    function number(line, key) { return match(line, " " key "=\"[0-9]+\"") ? substr(line, RSTART + length(key) + 3, RLENGTH - length(key) - 4) + 0 : 0 }
    /<testsuites / { cases = number($0, "tests"); failures = number($0, "failures") + number($0, "errors"); disabled = number($0, "disabled") }
    /<testcase .*result="skipped"/ { skipped++ }
    END { print cases + 0, failures + 0, disabled + 0, skipped + 0 }' "$1"
}

# tally_gtest_failures NAME FILE: writes down each case that failed and what it said first, which begins with the file and the line.
tally_gtest_failures() {
  awk -v name="$1" -v top="${top:-}/" '
    function attribute(line, key, found) {
      if (!match(line, " " key "=\"[^\"]*\"")) return ""
      found = substr(line, RSTART + length(key) + 3, RLENGTH - length(key) - 4)
      gsub(/&#x0?[9AD];/, " ", found); gsub(/&lt;/, "<", found); gsub(/&gt;/, ">", found); gsub(/&quot;/, "\"", found)
      gsub(/&apos;/, "\047", found); gsub(/&amp;/, "\\&", found); gsub(/[\t ]+/, " ", found)
      return found
    }
    /<testcase / { which = attribute($0, "classname") "." attribute($0, "name") }
    /<failure / && which != "" {
      said = attribute($0, "message")
      if (length(top) > 1 && index(said, top) == 1) said = substr(said, length(top) + 1)
      printf "failed\t%s\t%s\nsaid\t%s\t%s\n", name, which, name, substr(said, 1, 240)
      which = ""
    }' "$2" >>"$tally_file"
}

# tally_last_words NAME TEST LOG: from CTest's log, the GoogleTest case that TEST was in when it ended, and a sanitizer's summary.
tally_last_words() {
  [ -f "$3" ] || return 0
  awk -v name="$1" -v wanted="$2" '
    /^[0-9]+\/[0-9]+ Testing: / { here = $0; sub(/^[^:]*: /, "", here); here = here == wanted }
    !here { next }
    /^\[ RUN      \] / { within = $0 }
    /^\[       OK \] |^\[  FAILED  \] |^\[  SKIPPED \] / { within = "" }
    /SUMMARY: / { summary = $0 }
    END {
      if (within != "") printf "said\t%s\t%s\n", name, within
      if (summary != "") printf "said\t%s\t%s\n", name, substr(summary, 1, 240)
    }' "$3" >>"$tally_file"
}

# tally_vitest NAME FILE STATUS: reads the counts that Vitest's JSON reporter wrote. Vitest that ended with another status than 0 (a file
# that could not be loaded, an error outside a test) counts at least one failure, and so does a run of no test, neither passed nor skipped.
tally_vitest() {
  local name=$1 file=$2 status=$3 passed failed skipped
  passed=$(tally_json_number "$file" numPassedTests)
  failed=$(tally_json_number "$file" numFailedTests)
  skipped=$(($(tally_json_number "$file" numPendingTests) + $(tally_json_number "$file" numTodoTests)))
  if [ "$failed" = 0 ] && { [ "$status" != 0 ] || [ $((passed + skipped)) = 0 ]; }; then failed=1; fi
  tally_add "$name" "$passed" "$failed" "$skipped"
  [ "$failed" = 0 ] || node "$(dirname "${BASH_SOURCE[0]}")/vitest_failures.mjs" "$file" "${top:-}" | sed "s|\t|\t$name\t|" >>"$tally_file" || true
}

# tally_json_number FILE KEY: the first number under that key; 0 where there is none.
tally_json_number() {
  local number
  number=$(grep -o "\"$2\":[0-9]*" "$1" 2>/dev/null | head -n 1 | cut -d: -f2)
  echo "${number:-0}"
}

# Prints what ran and how long, then what failed, then the plain closing line: the end of a log says what broke. Exits with 1 when anything
# failed or nothing ran. Of many failures the first thirty are named.
tally_end() {
  echo
  echo "== what ran"
  awk -F '\t' '
    $1 == "count" { if (!($2 in seen)) order[++n] = $2; seen[$2] = 1; passed[$2] += $3; failed[$2] += $4; skipped[$2] += $5 }
    $1 == "failed" { named[$2]++; if (++told <= 30) what[++w] = sprintf("%s: %s", $2, $3) }
    $1 == "said" && told <= 30 { what[++w] = "    " $3 }
    $1 == "time" { times[++t] = sprintf("%-28s %5d s", $2, $3); total += $3 }
    END {
      for (i = 1; i <= n; i++) {
        name = order[i]
        printf "%-28s %5d passed %4d failed%s\n", name, passed[name], failed[name], skipped[name] ? sprintf(" %4d skipped", skipped[name]) : ""
        all += passed[name]; bad += failed[name]; left += skipped[name]
      }
      print ""
      for (i = 1; i <= t; i++) print times[i]
      printf "%-28s %5d s\n\n", "all", total
      if (bad > 0) {
        print "== what failed"
        for (i = 1; i <= w; i++) print what[i]
        for (i = 1; i <= n; i++) if (failed[order[i]] > 0 && !(order[i] in named)) { print order[i]; told++ }
        if (told > 30 && bad > 30) printf "and more: %d in all\n", bad
        print ""
      }
      printf "%d passed, %d failed%s\n", all, bad, left ? sprintf(", %d skipped", left) : ""
      exit bad > 0 || all == 0
    }' "$tally_file"
}
