// The table of commands: the one place that knows them all.

#include "app/access_command.h"
#include "app/bench_command.h"
#include "app/care_commands.h"
#include "app/command.h"
#include "app/costs_command.h"
#include "app/customer_command.h"
#include "app/definitions_command.h"
#include "app/export_command.h"
#include "app/help_command.h"
#include "app/import_command.h"
#include "app/notes_command.h"
#include "app/question_command.h"
#include "app/report_command.h"
#include "app/sample_command.h"
#include "app/serve_command.h"
#include "app/settings_command.h"
#include "app/today_command.h"

namespace behoud::app {

const std::vector<Command>& commands() {
  static const std::vector<Command> all = [] {
    std::vector<Command> out{report_command(), import_command(), imports_command()};
    for (Command& question : question_commands()) out.push_back(std::move(question));
    for (const auto make :
         {customer_command, today_command, definitions_command, export_command, costs_command, notes_command,
          settings_command, access_command, backup_command, restore_command, doctor_command, sample_command,
          bench_command, serve_command, help_command, version_command}) {
      out.push_back(make());
    }
    return out;
  }();
  return all;
}

}  // namespace behoud::app
