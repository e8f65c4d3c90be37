# shellcheck shell=bash
# The floors of the house, checked: a folder of src/ includes its own headers and those of the folders in its DEPS (its tests also
# those in TEST_DEPS), and DEPS name only folders that stand before it in src/CMakeLists.txt.

# check_floors SRC: prints each breach as file: what it includes; fails when there is one.
check_floors() {
  local src=$1 folder list word key deps test_deps above='' breaches=0 file included
  while read -r folder; do
    deps='' test_deps='' key=''
    # The words of behoud_folder(NAME KEY value... KEY value...), over as many lines as it takes.
    list=$(sed 's/#.*//' "$src/$folder/CMakeLists.txt" | tr '\n' ' ' | sed -n 's/.*behoud_folder(\([^)]*\)).*/\1/p')
    for word in $list; do
      case "$word" in
        DEPS | TEST_DEPS | LIBS | TEST_LIBS | FUZZ_SOURCES | TSAN_TESTS) key=$word ;;
        *)
          [ "$key" != DEPS ] || deps+=" $word"
          [ "$key" != TEST_DEPS ] || test_deps+=" $word"
          ;;
      esac
    done
    for word in $deps; do
      [[ " $above " == *" $word "* ]] || { echo "src/$folder/CMakeLists.txt: DEPS $word, which is not above $folder"; breaches=1; }
    done
    above+=" $folder"
    while IFS=: read -r file included; do
      word=" $folder$deps"
      [[ ! "$file" =~ _(test|bench|fuzz)\.cpp$|_(testing|oracle)\.h$ ]] || word+=$test_deps
      [[ "$word " == *" $included "* ]] || { echo "src/${file#"$src"/}: includes $included/, which is not among the DEPS of $folder"; breaches=1; }
    done < <(grep -rHo --include='*.h' --include='*.cpp' '^#include "[a-z_]*/' "$src/$folder" | sed 's|#include "\([a-z_]*\)/|\1|' | sort -u)
  done < <(sed -n 's/^add_subdirectory(\([a-z_]*\)).*/\1/p' "$src/CMakeLists.txt")
  [ "$breaches" = 0 ]
}
