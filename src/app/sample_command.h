#pragma once

#include "app/command.h"

namespace behoud::app {

Command sample_command();

}  // namespace behoud::app
