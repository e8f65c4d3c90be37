# One library a folder. Beside what they exercise lie *_test.cpp, *_bench.cpp and *_fuzz.cpp; everything else is the library.
#
#   behoud_folder(retention DEPS timeline money LIBS fmt::fmt)
#
# DEPS are other folders: this list is the arrow of the architecture, so it names each folder whose headers are included.
# A slow, obvious second implementation lies in *_oracle.cpp: the library `behoud_<folder>_oracle`, for tests and benches alone.
# A test binary is `<folder>_test`, run by CTest under the folder's name. TEST_DEPS and TEST_LIBS are the tests' alone.
# FUZZ_SOURCES: where a folder's fuzz targets need little of it, that little; the fuzz preset compiles no more of it.
# TSAN_TESTS: where few of a folder's tests have more than one thread, those: ThreadSanitizer's tree compiles no others.
# Benchmarks lie in benches/ and fuzz targets in fuzzers/ of the build folder, where script/bench and script/fuzz look for them.

# The folders whose tests also run under AddressSanitizer and UndefinedBehaviorSanitizer in script/test: those that parse what
# others wrote and those that lay out bytes. They carry the CTest label asan; the target asan_tests builds them.
set(BEHOUD_ASAN_FOLDERS base calendar money language ledger timeline http access ingest retention)
# Under ThreadSanitizer those that start threads: label tsan, target tsan_tests. Of app what passes between threads has a
# binary of its own (app_threads_test), as the rest of app needs every room built once more.
set(BEHOUD_TSAN_FOLDERS ledger http access timeline retention)
# A sanitizer makes a test two to twenty times as slow, and its compilation twice: there the tests' own code is not optimised
# (the libraries are), and RapidCheck tries fewer cases of each property than the hundred of the other run.
set(BEHOUD_CASES_address 40)
set(BEHOUD_CASES_thread 15)
# The long ones begin first, so that none is left to run alone.
set(BEHOUD_LONG_FOLDERS ingest timeline ledger app retention)  # ascending
add_custom_target(asan_tests)
add_custom_target(tsan_tests)
add_custom_target(fuzzers)

function(behoud_folder NAME)
  cmake_parse_arguments(ARG "" "" "DEPS;LIBS;TEST_DEPS;TEST_LIBS;FUZZ_SOURCES;TSAN_TESTS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  set(benches ${sources})
  list(FILTER benches INCLUDE REGEX "_bench\\.cpp$")
  set(fuzzers ${sources})
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")
  set(oracles ${sources})
  list(FILTER oracles INCLUDE REGEX "_oracle\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "(_test|_bench|_fuzz|_oracle|/main)\\.cpp$")
  if(BEHOUD_FUZZ AND ARG_FUZZ_SOURCES)
    set(sources ${ARG_FUZZ_SOURCES})
  endif()
  if(BEHOUD_SANITIZE MATCHES thread AND ARG_TSAN_TESTS)
    set(tests ${ARG_TSAN_TESTS})
  endif()

  set(target "behoud_${NAME}")
  set(visibility PUBLIC)
  if(sources)
    add_library(${target} STATIC ${sources})
  else()
    add_library(${target} INTERFACE)
    set(visibility INTERFACE)
  endif()
  list(TRANSFORM ARG_DEPS PREPEND "behoud_" OUTPUT_VARIABLE deps)
  list(TRANSFORM ARG_TEST_DEPS PREPEND "behoud_" OUTPUT_VARIABLE test_deps)
  target_link_libraries(${target} ${visibility} behoud_flags ${deps} ${ARG_LIBS})

  if((BEHOUD_TESTS OR BEHOUD_BENCH) AND oracles)
    add_library(${target}_oracle STATIC EXCLUDE_FROM_ALL ${oracles})
    target_link_libraries(${target}_oracle PUBLIC ${target} ${ARG_TEST_LIBS})
    list(APPEND test_deps ${target}_oracle)
  endif()
  if(BEHOUD_TESTS AND tests)
    add_executable(${NAME}_test ${tests})
    target_link_libraries(${NAME}_test PRIVATE ${target} ${test_deps} ${ARG_TEST_LIBS} behoud_test_libs)
    target_compile_definitions(${NAME}_test PRIVATE BEHOUD_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    add_test(NAME ${NAME} COMMAND ${NAME}_test)
    list(FIND BEHOUD_LONG_FOLDERS ${NAME} cost)
    math(EXPR cost "${cost} + 1")
    set_tests_properties(${NAME} PROPERTIES TIMEOUT 900 COST ${cost})
    if(BEHOUD_SANITIZE)
      target_compile_options(${NAME}_test PRIVATE -O0)
    endif()
    if(BEHOUD_SANITIZE MATCHES thread)
      set_tests_properties(${NAME} PROPERTIES ENVIRONMENT
        "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/cmake/tsan.supp:ignore_noninstrumented_modules=1;RC_PARAMS=max_success=${BEHOUD_CASES_thread}")
    elseif(BEHOUD_SANITIZE MATCHES address)
      set_tests_properties(${NAME} PROPERTIES ENVIRONMENT "RC_PARAMS=max_success=${BEHOUD_CASES_address}")
    endif()
    foreach(kind asan tsan)
      string(TOUPPER ${kind} upper)
      if(NAME IN_LIST BEHOUD_${upper}_FOLDERS)
        set_property(TEST ${NAME} APPEND PROPERTY LABELS ${kind})
        add_dependencies(${kind}_tests ${NAME}_test)
      endif()
    endforeach()
  endif()
  if(BEHOUD_BENCH AND benches)
    add_executable(${NAME}_bench ${benches})
    target_link_libraries(${NAME}_bench PRIVATE ${target} ${test_deps} ${ARG_TEST_LIBS} benchmark::benchmark_main)
    target_compile_definitions(${NAME}_bench PRIVATE BEHOUD_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    set_target_properties(${NAME}_bench PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/benches")
  endif()
  if(BEHOUD_FUZZ)
    foreach(fuzzer ${fuzzers})
      get_filename_component(fuzzer_name "${fuzzer}" NAME_WE)
      add_executable(${fuzzer_name} ${fuzzer})
      target_compile_options(${fuzzer_name} PRIVATE -fsanitize=fuzzer)
      target_link_options(${fuzzer_name} PRIVATE -fsanitize=fuzzer)
      target_link_libraries(${fuzzer_name} PRIVATE ${target} ${test_deps} ${ARG_TEST_LIBS})
      set_target_properties(${fuzzer_name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/fuzzers")
      add_dependencies(fuzzers ${fuzzer_name})
    endforeach()
  endif()
endfunction()
