#pragma once

// A command of the command line: its syntax and what it does. A command is thin: it reads its options, calls the rooms,
// and shows what they gave; it holds no formula.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/console.h"
#include "app/options.h"
#include "app/world.h"
#include "base/result.h"
#include "language/language.h"

namespace behoud::app {

enum class Format : std::uint8_t { kTable, kJson, kCsv };

struct Host;  // data_access.h

// What a command is run with.
struct Call {
  const Arguments& arguments;
  Console& console;
  const World& world;
  const Host* host = nullptr;  // where it runs inside the process that owns the data folder
  int* exit_code = nullptr;    // for a command that went well and found something: `doctor`

  std::optional<std::string_view> value(std::string_view option) const { return arguments.value(option); }
  bool has(std::string_view option) const { return arguments.has(option); }
};

struct Command {
  Syntax syntax;
  std::function<Result<void>(const Call&)> run;
  // Whether it writes to the data folder: then it runs in the process that owns the folder, if there is one.
  std::function<bool(const Arguments&)> writes = [](const Arguments&) { return false; };
  // The first of the operands that are input files, which are handed over to that process.
  std::size_t files_from = kAnyNumber;
};

// All commands, in the order of the help.
const std::vector<Command>& commands();

// Runs the command that `words` name and returns the process's exit code. Whatever happens, every byte of the answer is
// written, an error is told on the console (and, where JSON was asked for, as the one JSON document), and nothing is
// thrown.
int run(std::span<const std::string> words, Console& console, const World& world, const Host* host = nullptr);

// ---- Options that several commands share.

Option format_option();  // --format table|json|csv
Option json_option();    // --json
Option data_option();    // --data DIR
Option lang_option();    // --lang en|nl|sv

// Of --format and --json. Errors: kInvalidArgument.
Result<Format> format_of(const Call& call);
// Of --lang, else of the environment's LC_ALL, LC_MESSAGES or LANG, else English. Errors: kInvalidArgument.
Result<language::Language> language_of(const Call& call);
// Of --data, else $BEHOUD_DATA, else ./behoud-data. Without a slash at its end.
std::string data_of(const Call& call);

// An integer within bounds. Errors: kInvalidArgument, naming the option and the bounds.
Result<std::int64_t> integer_of(const Call& call, std::string_view option, std::int64_t least, std::int64_t most,
                                std::int64_t otherwise);

// A bar on anything over a second, on standard error.
Progress progress_on(Console& console, const World& world, std::string label, std::string unit);

std::string_view version();  // "0.1.0"

}  // namespace behoud::app
