#pragma once

#include "app/command.h"

namespace behoud::app {

Command notes_command();

}  // namespace behoud::app
