#pragma once

#include "app/command.h"

namespace behoud::app {

Command settings_command();

}  // namespace behoud::app
