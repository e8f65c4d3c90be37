#pragma once

#include "app/command.h"

namespace behoud::app {

Command report_command();

}  // namespace behoud::app
