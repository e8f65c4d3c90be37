# behoud_ship(TARGET): the binary finds DuckDB's library wherever it is run from. In the build folder a link to the library lies
# beside it, so that the checkout can be moved; `cmake --install build/release --prefix P` makes P/bin/behoud with its own copy
# in P/lib/behoud, which needs nothing of the checkout.
function(behoud_ship TARGET)
  set_target_properties(${TARGET} PROPERTIES BUILD_RPATH "$ORIGIN" INSTALL_RPATH "$ORIGIN/../lib/behoud")
  file(RELATIVE_PATH library "${CMAKE_BINARY_DIR}" "${BEHOUD_DUCKDB_DIR}/libduckdb.so")
  add_custom_command(TARGET ${TARGET} POST_BUILD
    COMMAND "${CMAKE_COMMAND}" -E create_symlink "${library}" "$<TARGET_FILE_DIR:${TARGET}>/libduckdb.so" VERBATIM)
  install(TARGETS ${TARGET} RUNTIME DESTINATION bin)
  install(FILES "${BEHOUD_DUCKDB_DIR}/libduckdb.so" DESTINATION lib/behoud)
  install(FILES "${CMAKE_SOURCE_DIR}/LICENSE" DESTINATION share/doc/behoud)
endfunction()

# The dashboard, where script/build has made it: P/share/behoud/web, which is where the binary looks.
install(DIRECTORY "${CMAKE_SOURCE_DIR}/web/dist/" DESTINATION share/behoud/web OPTIONAL)
