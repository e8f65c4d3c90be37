# Flags that every target of the project shares: warnings are errors from day one, sanitizers come from the preset.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Paths relative to the checkout, so that a second checkout of the same sources finds what the first compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${CCACHE_PROGRAM}")
endif()

add_library(behoud_flags INTERFACE)
target_compile_options(behoud_flags INTERFACE -Wall -Wextra -Wconversion -Wshadow -Werror -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports these inside libstdc++ at -O2; the clang build keeps the honest ones.
  target_compile_options(behoud_flags INTERFACE -Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-array-bounds)
endif()
target_include_directories(behoud_flags INTERFACE "${CMAKE_SOURCE_DIR}/src")
if(BEHOUD_SANITIZE)
  target_compile_options(behoud_flags INTERFACE -fsanitize=${BEHOUD_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(behoud_flags INTERFACE -fsanitize=${BEHOUD_SANITIZE})
endif()
