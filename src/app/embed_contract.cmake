# Writes OUTPUT, a C++ source with the text of FILE as app/contract_route.h wants it.
file(READ "${FILE}" text)
if(text MATCHES "\\)behoud\"")
  message(FATAL_ERROR "${FILE} holds what ends the literal it is put into")
endif()
file(WRITE "${OUTPUT}" "#include \"app/contract_route.h\"\n\nnamespace behoud::app {\n\nstd::string_view contract_text() {\n"
  "  static constexpr std::string_view kText = R\"behoud(${text})behoud\";\n  return kText;\n}\n\n}  // namespace behoud::app\n")
