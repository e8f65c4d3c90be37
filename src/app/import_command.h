#pragma once

#include "app/command.h"

namespace behoud::app {

// behoud import orders|customers|costs|items|rates|subscriptions FILE...: takes files into a data folder, all or
// nothing. The first import makes the folder and sets the shop's zone, currency and window, from the options, from the
// file, or by asking.
Command import_command();
// behoud imports [undo ID]: what was imported, and taking an import back.
Command imports_command();

}  // namespace behoud::app
