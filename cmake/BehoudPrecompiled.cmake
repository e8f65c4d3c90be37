# What nearly every source includes of the standard library, and every test of GoogleTest and RapidCheck, is read by the compiler once
# for a build tree, not once for each of its sources. With clang, which reads of such a header only what is asked for, a test takes a
# third less to compile and a library a fifth; with g++, which maps it whole (58 and 125 MB), a fifth and a quarter.
#
# It is for the trees of tests on a machine that builds them once. Where there is ccache it is off: a precompiled header differs from
# checkout to checkout, and with it the key of everything that was compiled. There, in the release tree and in clang-tidy's a source must
# name all that it includes, which is how a missing include is found. A tree that began with precompiled headers goes on without ccache.
set(precompiled OFF)
if(BEHOUD_TESTS AND NOT CCACHE_PROGRAM)
  set(precompiled ON)
endif()
option(BEHOUD_PRECOMPILED "Precompile the headers of the standard library and of the tests" ${precompiled})

# behoud_precompile(KIND OPTIONS LINK HEADERS...): the target behoud_headers_KIND, which holds the headers. What uses them
# (behoud_use_precompiled) must be compiled with the same OPTIONS: the compilers check it.
function(behoud_precompile KIND OPTIONS LINK)
  if(BEHOUD_PRECOMPILED)
    set(source "${CMAKE_BINARY_DIR}/precompiled/${KIND}.cpp")
    file(CONFIGURE OUTPUT "${source}" CONTENT "")
    add_library(behoud_headers_${KIND} OBJECT EXCLUDE_FROM_ALL "${source}")
    target_link_libraries(behoud_headers_${KIND} PRIVATE behoud_flags ${LINK})
    target_compile_options(behoud_headers_${KIND} PRIVATE ${OPTIONS})
    target_precompile_headers(behoud_headers_${KIND} PRIVATE ${ARGN})
    if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
      # Templates that the headers themselves use are instantiated there, too.
      set_target_properties(behoud_headers_${KIND} PROPERTIES PCH_INSTANTIATE_TEMPLATES ON)
    endif()
  endif()
endfunction()

function(behoud_use_precompiled TARGET KIND)
  if(BEHOUD_PRECOMPILED)
    target_precompile_headers(${TARGET} REUSE_FROM behoud_headers_${KIND})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      # Out of a precompiled header g++ no longer takes the standard library's own lines for a system's, and says of them what its
      # optimiser thinks possible. It is said, and an error in the trees without.
      target_compile_options(${TARGET} PRIVATE -Wno-error=stringop-overread -Wno-error=stringop-truncation -Wno-error=nonnull
        -Wno-error=dangling-pointer -Wno-error=use-after-free -Wno-error=free-nonheap-object -Wno-error=null-dereference)
    endif()
  endif()
endfunction()

# What nearly every source includes by itself or by base/result.h, and no more: a name that a source did not ask for could be found in
# its stead (with <filesystem> a call of our quoted() with a std::string would be std::quoted's).
set(standard_headers <algorithm> <array> <cstdint> <expected> <functional> <map> <memory> <optional> <span> <string> <string_view> <utility>
  <vector>)
behoud_precompile(libraries "${BEHOUD_LIBRARY_OPTIONS}" "" ${standard_headers})
if(BEHOUD_TESTS)
  behoud_precompile(tests "${BEHOUD_TEST_OPTIONS}" behoud_test_libs <gtest/gtest.h> <rapidcheck/gtest.h> ${standard_headers})
endif()
