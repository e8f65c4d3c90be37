#include "app/command.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <new>

#include <fmt/format.h>

#include "app/data_access.h"
#include "app/error_words.h"
#include "app/exit_code.h"
#include "app/relay.h"
#include "base/text.h"
#include "http/error_body.h"

namespace behoud::app {
namespace {

// Before the options are known to be right: whether the one who asked is a program.
bool wants_json(std::span<const std::string> words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--") return false;
    if (words[i] == "--json" || words[i] == "--format=json") return true;
    if (words[i] == "--format" && i + 1 < words.size() && words[i + 1] == "json") return true;
  }
  return false;
}

const Command* find(std::string_view name) {
  const auto& all = commands();
  const auto found = std::ranges::find_if(all, [&](const Command& c) { return c.syntax.name == name; });
  return found == all.end() ? nullptr : &*found;
}

// Hands the command to the process that owns its data folder, if there is one; nullopt: it can run here.
Result<std::optional<int>> run_at_owner(const Command& command, const Call& call, std::span<const std::string> words) {
  const std::string data = data_of(call);
  if (call.host != nullptr || !command.writes(call.arguments)) return std::nullopt;
  const auto owner = ledger::DataFolder::owner(data);
  if (!owner) return std::nullopt;
  RelayRequest request;
  request.words.assign(words.begin(), words.end());
  std::error_code ignored;
  request.folder = std::filesystem::current_path(ignored);
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LC_CTYPE", "LANG", "NO_COLOR", "BEHOUD_DATA"}) {
    if (const std::string value = call.world.value(name); !value.empty()) request.variables[name] = value;
  }
  const auto& operands = call.arguments.operands();
  for (std::size_t i = command.files_from; i < operands.size(); ++i) request.files.push_back(operands[i]);
  request.out = call.console.out_terminal();
  request.note = call.console.note_terminal();
  request.can_ask = call.console.can_ask();
  auto code = relay(data, request, call.console);
  if (!code && code.error().code == Errc::kConflict) {
    code.error().message = fmt::format("the data folder {} is held by process {}", data, *owner);
  }
  if (!code) return std::unexpected(std::move(code).error());
  return *code;
}

Result<int> run_command(std::span<const std::string> words, Console& console, const World& world, const Host* host) {
  std::string name = words.empty() ? "help" : words.front();
  if (name == "--help" || name == "-h") name = "help";
  if (name == "--version" || name == "-V") name = "version";
  const Command* command = find(name);
  if (command == nullptr) {
    std::vector<std::string_view> known;
    for (const Command& c : commands()) known.push_back(c.syntax.name);
    const std::string_view near = nearest(name, known);
    return fail(Errc::kInvalidArgument, fmt::format("there is no command {}", behoud::quoted(name)),
                near.empty() ? "see: behoud help" : fmt::format("did you mean: behoud {}", near), {},
                {near.empty() ? "problem.command_unknown" : "problem.command_near", {{"word", name}, {"near", near}}});
  }
  const auto rest = words.subspan(words.empty() ? 0 : 1);
  if (std::ranges::find(rest, "--help") != rest.end()) {
    console.out(help_text(command->syntax));
    return kDone;
  }
  TRY_ASSIGN(const Arguments arguments, parse_arguments(command->syntax, rest));
  int code = kDone;
  const Call call{arguments, console, world, host, &code};
  TRY_ASSIGN(const std::optional<int> elsewhere, run_at_owner(*command, call, words));
  if (elsewhere) return *elsewhere;
  if (auto done = command->run(call); !done) return std::unexpected(as_typed(call, std::move(done).error()));
  return code;
}

}  // namespace

int run(std::span<const std::string> words, Console& console, const World& world, const Host* host) {
  Result<int> result;
  try {
    result = run_command(words, console, world, host);
  } catch (const std::bad_alloc&) {
    result = fail(Errc::kUnavailable, "out of memory", "close other programs, or use a machine with more");
  } catch (const std::exception& e) {
    result = fail(Errc::kUnavailable, fmt::format("something failed that should not: {}", e.what()));
  }
  if (!result) {
    if (wants_json(words)) console.out(http::error_json(result.error()) + "\n");
    console.note(error_text(in_words_of(language_of(words, world), result.error())));
  }
  if (const auto written = console.finish(); !written && result) {
    console.note(error_text(written.error()));
    result = std::unexpected(written.error());
  }
  return result ? *result : exit_code_of(result.error().code);
}

Option format_option() { return {"format", "FORMAT", "table, json or csv (default: table)", false}; }
Option json_option() { return {"json", "", "the same as --format json", false}; }
Option data_option() { return {"data", "DIR", "the data folder (default: $BEHOUD_DATA, then ./behoud-data)", false}; }
Option lang_option() { return {"lang", "LANG", "en, nl or sv (default: the environment's language)", false}; }

Result<Format> format_of(const Call& call) {
  const auto text = call.value("format");
  if (text && *text != "table" && *text != "json" && *text != "csv") {
    return fail(Errc::kInvalidArgument, fmt::format("{} is not known", behoud::quoted(*text)),
                "one of: table, json, csv", {{}, 0, "format"},
                {"problem.value_unknown", {{"value", *text}, {"known", "table, json, csv"}}});
  }
  if (call.has("json")) {
    if (text && *text != "json") {
      return fail(Errc::kInvalidArgument, fmt::format("cannot be {} beside --json", *text), "leave one out",
                  {{}, 0, "format"}, {"problem.value_beside_json", {{"value", *text}}});
    }
    return Format::kJson;
  }
  if (!text || *text == "table") return Format::kTable;
  return *text == "json" ? Format::kJson : Format::kCsv;
}

Result<language::Language> language_of(const Call& call) {
  if (const auto text = call.value("lang")) {
    auto parsed = language::parse_language(*text);
    if (!parsed) parsed.error().place.column = "lang";
    return parsed;
  }
  return language_of(call.world);
}

std::string data_of(const Call& call) {
  std::string path{call.value("data").value_or("")};
  if (path.empty()) path = call.world.value("BEHOUD_DATA");
  if (path.empty()) path = "behoud-data";
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

Result<std::int64_t> integer_of(const Call& call, std::string_view option, std::int64_t least, std::int64_t most,
                                std::int64_t otherwise) {
  const auto text = call.value(option);
  if (!text) return otherwise;
  const auto number = parse_integer(*text);
  if (number && *number >= least && *number <= most) return *number;
  return fail(
      Errc::kInvalidArgument, fmt::format("{} is not a number from {} to {}", behoud::quoted(*text), least, most), {},
      {{}, 0, std::string{option}},
      {"problem.number_unfit", {{"value", *text}, {"least", std::to_string(least)}, {"most", std::to_string(most)}}});
}

Progress progress_on(Console& console, const World& world, std::string label, std::string unit) {
  return Progress(
      std::move(label), std::move(unit), console.note_terminal(),
      [&console](std::string_view text) { console.note(text); }, world.steady_ms);
}

std::string_view version() { return BEHOUD_VERSION; }

}  // namespace behoud::app
