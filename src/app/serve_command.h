#pragma once

#include "app/command.h"

namespace behoud::app {

// behoud serve: holds a data folder, answers over HTTP, and runs the commands that other processes of the same user
// write to the folder with. Ends on SIGTERM or SIGINT, after what is under way; takes a new certificate on SIGHUP.
// How it is reached is server_options.h's, what it writes about itself server_log.h's.
Command serve_command();

}  // namespace behoud::app
