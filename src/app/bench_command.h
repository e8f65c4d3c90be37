#pragma once

// `behoud bench engine`: the timeline engine beside DuckDB, on this machine.

#include "app/command.h"

namespace behoud::app {

Command bench_command();

}  // namespace behoud::app
