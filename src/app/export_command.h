#pragma once

#include "app/command.h"

namespace behoud::app {

// behoud export orders|customers|events --format parquet|csv [--out FILE]: what a data folder holds, as a file for
// other tools. Streamed: memory does not grow with the number of events.
Command export_command();

}  // namespace behoud::app
