# shellcheck shell=bash
# clang-tidy with a memory: it takes some ten seconds for a source, so a source that passed is not checked again until something that
# the check read has changed: the source, a header it includes (the system's too), its compile command, the clang-tidy there is, .clang-tidy.
#
# What passed lies in build/tidy/passed/, a file for each source: the hash of all but the files, then the files as sha256sum lists them.
# The checkout is written '.', so that the folder also holds for another checkout on the same machine.

# tidy_commands: from build/tidy, each source and its compile command, with a tab in between.
tidy_commands() {
  sed -n 's/^ *"command": "\(.*\)",$/c\1/p; s/^ *"file": "\(.*\)".*/f\1/p' "${top:?}/build/tidy/compile_commands.json" |
    sed 's/\\"/"/g; s/\\\\/\\/g' | awk '/^c/ { command = substr($0, 2) } /^f/ { print substr($0, 2) "\t" command }'
}

# tidy_arguments SOURCE: in tests, oracles, benchmarks and fuzz targets the plain way of writing goes before the fast one. Three matters
# of taste, which read every name of every header and so take a fifth of the time, are asked of the product's own sources alone.
tidy_arguments() {
  [[ ! "$1" =~ _(test|oracle|bench|fuzz)\.cpp$ ]] ||
    echo '--checks=-performance-*,-bugprone-reserved-identifier,-modernize-use-using,-misc-unused-using-decls'
}

# tidy_manner SOURCE COMMAND [TOOL]: the hash of how a source is checked. TOOL says which clang-tidy, with which .clang-tidy.
tidy_manner() { printf '%s\n' "${2//"$top"/.}" "$(tidy_arguments "$1")" "${3-$(tidy_tool)}" | sha256sum | cut -d' ' -f1; }
tidy_tool() { clang-tidy-19 --version; cat "$top/.clang-tidy"; }

# tidy_wanted SOURCE...: those of them that have not passed as they are now. The paths are relative to $top, as everywhere here.
tidy_wanted() {
  local passed=$top/build/tidy/passed tool source command
  local -A command_of=()
  tool=$(tidy_tool)
  while IFS=$'\t' read -r source command; do command_of[${source#"$top/"}]=$command; done < <(tidy_commands)
  mkdir -p "$passed"
  local known=()
  for source in "$@"; do
    if [ -f "$passed/$source" ]; then known+=("$source"); else echo "$source"; fi
  done
  [ "${#known[@]}" -gt 0 ] || return 0
  # All files that any of them includes are hashed once, and held against what each source wrote down.
  (cd "$passed" && cat -- "${known[@]}") | sed -n 's/^[0-9a-f]\{64\}  //p' | sort -u >"$top/build/tidy/files"
  (cd "$top" && xargs -r -d '\n' sha256sum <build/tidy/files 2>/dev/null || true) >"$top/build/tidy/sums"
  for source in "${known[@]}"; do
    printf '%s\t%s\n' "$source" "$(tidy_manner "$source" "${command_of[$source]-}" "$tool")"
  done | awk -F'\t' -v passed="$passed" -v sums="$top/build/tidy/sums" '
    BEGIN { while ((getline line < sums) > 0) now[line] = 1 }
    {
      same = 0
      file = passed "/" $1
      if ((getline line < file) > 0) same = line == $2
      while (same && (getline line < file) > 0) same = line in now
      close(file)
      if (!same) print $1
    }'
}

# tidy_source SOURCE: checks one; writes down that it passed. The files are hashed before they are checked: one that is changed
# meanwhile is checked again next time.
tidy_source() (
  source=$1 command='' arguments=()
  command=$(tidy_commands | awk -F'\t' -v file="$top/$source" '$1 == file { print $2 }')
  mapfile -t arguments < <(tidy_arguments "$source")
  scratch=$(mktemp -d "$top/build/tidy/.passing.XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  cd "$top" || exit
  if [ -n "$command" ]; then
    tidy_manner "$source" "$command" >"$scratch/passed"
    # A source whose includes cannot be listed is checked all the same, and not remembered.
    if (cd build/tidy && eval "$command -M -MF '$scratch/rule' -o /dev/null") 2>/dev/null; then
      sed 's/^[^:]*: //; s/ *\\$//' "$scratch/rule" | tr -s ' ' '\n' | sed -e "s|^$top/||" -e '/^$/d' | sort -u | xargs -d '\n' sha256sum >>"$scratch/passed" || command=''
    else
      command=''
    fi
  fi
  clang-tidy-19 --quiet -p build/tidy "${arguments[@]}" "$source" 2>"$scratch/log" || { cat "$scratch/log" >>build/tidy/tidy.log; exit 1; }
  if [ -n "$command" ]; then
    mkdir -p "build/tidy/passed/$(dirname "$source")"
    mv -f "$scratch/passed" "build/tidy/passed/$source"
  fi
)

# run_tidy SOURCE...: checks those that have not passed yet, as many at once as the machine takes; fails when one has a finding.
run_tidy() {
  local left status=0
  # One that it cannot read it passes over, and asks what it asks by itself instead.
  if clang-tidy-19 --dump-config "$1" -- 2>&1 | grep 'Error parsing'; then
    say "clang-tidy: nothing is checked with a .clang-tidy that cannot be read"
    return 1
  fi
  mapfile -t left < <(tidy_wanted "$@")
  : >"$top/build/tidy/tidy.log"
  say "clang-tidy: $# sources, of which $(($# - ${#left[@]})) passed before as they are"
  # Each in a shell of its own, so that what passed is kept however this ends.
  # shellcheck disable=SC2016 # the inner shell expands them
  [ "${#left[@]}" = 0 ] || printf '%s\n' "${left[@]}" | xargs -r -d '\n' -P "$(jobs_here)" -n 1 bash -c '. "$0" && tidy_source "$1"' "$top/script/lib/behoud.sh" || status=1
  [ "$status" = 0 ] || { say "clang-tidy: there are findings (what it could not do is in build/tidy/tidy.log)"; return 1; }
}
