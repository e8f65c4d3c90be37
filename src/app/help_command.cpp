#include "app/help_command.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace behoud::app {
namespace {

constexpr std::string_view kExitCodes = R"(
Exit codes
  0  done
  1  it failed for another reason (disk full, port taken)
  2  usage: an option or a question that has no meaning
  3  bad input: a file that is not there, or does not hold what it should
  4  damaged: the data folder's own files
  5  the data folder is held by another process, whose PID is named
)";

std::string overview() {
  std::string out = "Behoud tells a shop whether it keeps its customers, and what that costs.\n\n";
  out += "  behoud report orders.csv         the report of a file, nothing set up\n";
  out += "  behoud help COMMAND              the options of a command\n\nCommands\n";
  std::size_t width = 0;
  for (const Command& c : commands()) width = std::max(width, c.syntax.name.size());
  for (const Command& c : commands()) out += fmt::format("  {:<{}}  {}\n", c.syntax.name, width, c.syntax.summary);
  return out + std::string{kExitCodes};
}

Result<void> help(const Call& call) {
  const auto& operands = call.arguments.operands();
  if (operands.empty()) {
    call.console.out(overview());
    return {};
  }
  std::vector<std::string_view> known;
  for (const Command& c : commands()) {
    if (c.syntax.name == operands.front()) {
      call.console.out(help_text(c.syntax));
      return {};
    }
    known.push_back(c.syntax.name);
  }
  const std::string_view near = nearest(operands.front(), known);
  return fail(Errc::kInvalidArgument, fmt::format("there is no command {}", quoted(operands.front())),
              near.empty() ? "see: behoud help" : fmt::format("did you mean: behoud help {}", near));
}

}  // namespace

Command help_command() {
  return {{.name = "help",
           .operands = "[COMMAND]",
           .operands_min = 0,
           .operands_max = 1,
           .summary = "Says what the commands do, or one of them",
           .details = {},
           .options = {}},
          help};
}

Command version_command() {
  return {{.name = "version",
           .operands = "",
           .operands_min = 0,
           .operands_max = 0,
           .summary = "Prints the version",
           .details = {},
           .options = {}},
          [](const Call& call) -> Result<void> {
            call.console.out(fmt::format("behoud {}\n", version()));
            return {};
          }};
}

std::string commands_markdown() {
  std::string out =
      "# Commands\n\n"
      "Made from the program's own table of options; a test keeps the two equal. `behoud help COMMAND` prints the "
      "same.\n\n"
      "Standard output holds the answer and nothing else: progress, notes and errors go to standard error. With "
      "`--json` it is "
      "exactly one JSON document, also when something fails: `{\"error\":{\"code\",\"message\",\"field\",\"hint\"}}`. "
      "Without a "
      "terminal nothing asks.\n\n"
      "What `report`, `today`, `import`, `imports undo` and `definitions` tell is in the language of `--lang`, else of "
      "the environment (LC_ALL, LC_MESSAGES, LANG); so are errors, but for some of `access`, `sample`, `backup`, "
      "`restore`, `doctor` and `serve`. Help, the heads of tables, and what the other commands tell are in English.\n\n"
      "| exit code | meaning |\n| --- | --- |\n"
      "| 0 | done |\n"
      "| 1 | it failed for another reason: disk full, port taken |\n"
      "| 2 | usage: an option or a question that has no meaning |\n"
      "| 3 | bad input: a file that is not there, or does not hold what it should |\n"
      "| 4 | damaged: the data folder's own files |\n"
      "| 5 | the data folder is held by another process, whose PID is named |\n";
  for (const Command& c : commands()) out += "\n" + help_markdown(c.syntax);
  return out;
}

}  // namespace behoud::app
