#pragma once

#include "app/command.h"

namespace behoud::app {

// behoud serve [--data DIR] [--port N] [--address A]: holds a data folder, answers over HTTP, and runs the commands
// that other processes of the same user write to the folder with. Ends on SIGTERM or SIGINT, after what is under way.
Command serve_command();

}  // namespace behoud::app
