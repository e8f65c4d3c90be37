#pragma once

// `behoud access`: who may sign in, their links, the tokens of programs, and the log of who did what (src/access).
// Works beside a running server, which carries out what changes something.

#include "access/access.h"
#include "app/command.h"

namespace behoud::app {

Command access_command();

// Clock and chance for the room, of this world.
access::AccessEnvironment access_environment_of(const World& world);

}  // namespace behoud::app
