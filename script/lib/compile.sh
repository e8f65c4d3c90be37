# shellcheck shell=bash
# Configuring and building a CMake preset, with progress and within the memory there is.

# show_progress LOG: passes a build's output on: its progress as at most one line in five seconds (on a terminal: one line
# that is rewritten), everything else, warnings and errors, as it is. LOG gets all of it.
show_progress() {
  local log=$1 line last=-5 width
  width=$((${COLUMNS:-80} - 1))
  : >"$log"
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    if [[ "$line" == *"Re-checking globbed directories"* ]]; then
      : # before every build, and no news
    elif [[ "$line" =~ ^\[[0-9]+/[0-9]+\] ]]; then
      if [ -t 2 ]; then
        printf '\r\033[K%s' "${line:0:$width}" >&2
      elif [ $((SECONDS - last)) -ge 5 ]; then
        last=$SECONDS
        say "$line"
      fi
    elif [[ "$line" != "ninja: Entering directory"* && "$line" != "ninja: no work to do." ]]; then
      printf '%s\n' "$line" >&2
    fi
  done
  [ ! -t 2 ] || printf '\r\033[K' >&2
}

# compile PRESET [TARGET...]: configures when that is needed, then builds. Two at once on one preset take turns.
compile() {
  local preset=$1 folder=${top:?}/build/$1 jobs began=$SECONDS lock
  shift
  mkdir -p "$folder"
  exec {lock}>"$folder/.lock"
  flock -n "$lock" || { say "another build of $preset is under way; waiting for it"; flock "$lock"; }
  # A build folder that was moved or copied with its checkout still points at the old place.
  if [ -f "$folder/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$top" "$folder/CMakeCache.txt"; then
    say "build/$preset was made elsewhere; making it anew"
    find "$folder" -mindepth 1 -maxdepth 1 ! -name .lock -exec rm -rf {} +
  fi
  # CMake looks after its own files; the presets it reads only when it is called.
  if [ ! -f "$folder/build.ninja" ] || [ "$top/CMakePresets.json" -nt "$folder/build.ninja" ]; then
    say "configuring build/$preset"
    # --fresh: what an older preset wanted is forgotten (its compiler, an option it no longer has). What is compiled stays.
    if ! (cd "$top" && cmake --preset "$preset" --fresh) >"$folder/configure.log" 2>&1; then
      tail -n 20 "$folder/configure.log" >&2
      rm -f "$folder/build.ninja"
      fail build-failed "CMake could not configure the preset $preset." "read build/$preset/configure.log; script/install installs what it looks for"
    fi
    touch "$folder/build.ninja"
  fi
  jobs=$(jobs_here)
  if ! NINJA_STATUS='[%f/%t] ' ninja -C "$folder" -j "$jobs" "$@" 2>&1 | show_progress "$folder/build.log"; then
    fail build-failed "build/$preset did not build (${*:-everything}, $jobs at a time)." \
      "read the first error in build/$preset/build.log; if the compiler was killed, memory ran out: BEHOUD_JOBS=1 and try again"
  fi
  exec {lock}>&-
  [ $((SECONDS - began)) -lt 2 ] || say "build/$preset is built, $((SECONDS - began)) s with $jobs jobs"
}
