# Flags that every target of the project shares: warnings are errors from day one, sanitizers come from the preset.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT BEHOUD_PRECOMPILED AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Paths relative to the checkout, so that a second checkout of the same sources finds what the first compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${CCACHE_PROGRAM}")
endif()

add_library(behoud_flags INTERFACE)
target_compile_options(behoud_flags INTERFACE -Wall -Wextra -Wconversion -Wshadow -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ is the compiler of the product, so its warnings are errors. It reports these inside libstdc++ at -O2; clang-tidy keeps
  # the honest ones.
  target_compile_options(behoud_flags INTERFACE -Werror -Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-array-bounds)
else()
  # clang counts the sign among conversions, and sees a deprecated call inside libstdc++ 12's stable_sort.
  target_compile_options(behoud_flags INTERFACE -Wno-sign-conversion -Wno-deprecated-declarations)
endif()
target_include_directories(behoud_flags INTERFACE "${CMAKE_SOURCE_DIR}/src")
if(BEHOUD_SANITIZE)
  target_compile_options(behoud_flags INTERFACE -fsanitize=${BEHOUD_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(behoud_flags INTERFACE -fsanitize=${BEHOUD_SANITIZE})
  if(BEHOUD_SANITIZE MATCHES undefined)
    # These three look at every dereference and double the time to compile (histories_builder.cpp: 17 s with, 8 s without). A null
    # pointer faults and an object's end is found by AddressSanitizer all the same.
    target_compile_options(behoud_flags INTERFACE -fno-sanitize=null,alignment,object-size)
  endif()
endif()

# What libraries are compiled with besides, and what tests are. libFuzzer is led by the edges and comparisons of the libraries; their
# tests need no more than the sanitizers' runtime of that.
set(BEHOUD_LIBRARY_OPTIONS "")
if(BEHOUD_FUZZ AND BEHOUD_SANITIZE)
  set(BEHOUD_LIBRARY_OPTIONS -fsanitize=fuzzer-no-link)
endif()
# A test's own code is compiled more often than it is run, and is not optimised: the libraries that it calls are.
set(BEHOUD_TEST_OPTIONS "")
if(BEHOUD_SANITIZE)
  set(BEHOUD_TEST_OPTIONS -O0)
endif()
