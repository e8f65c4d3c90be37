#pragma once

#include "app/command.h"

namespace behoud::app {

Command backup_command();
Command restore_command();
Command doctor_command();

}  // namespace behoud::app
