#pragma once

#include <string>

#include "app/command.h"

namespace behoud::app {

Command definitions_command();

// What every field of every answer is called and means, as one JSON document with its line end: of the command with
// --format json, and of /api/v1/definitions.
std::string definitions_json(language::Language language);
// The same as CSV: page, field, term, unit, sentence, formula.
std::string definitions_csv(language::Language language);

}  // namespace behoud::app
