#pragma once

#include <string>

#include "app/command.h"

namespace behoud::app {

Command help_command();
Command version_command();

// docs/commands.md, whole: made from the same table as the help, and a test compares the two.
std::string commands_markdown();

}  // namespace behoud::app
