// The table of commands: the one place that knows them all.

#include "app/command.h"
#include "app/export_command.h"
#include "app/help_command.h"
#include "app/report_command.h"
#include "app/sample_command.h"

namespace behoud::app {

const std::vector<Command>& commands() {
  static const std::vector<Command> all{report_command(), export_command(), sample_command(), help_command(),
                                        version_command()};
  return all;
}

}  // namespace behoud::app
