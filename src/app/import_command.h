#pragma once

#include "app/command.h"

namespace behoud::app {

Command import_command();
Command imports_command();  // lists them, and takes one back

}  // namespace behoud::app
