#pragma once

#include "app/command.h"

namespace behoud::app {

Command costs_command();

}  // namespace behoud::app
