#pragma once

#include "app/command.h"

namespace behoud::app {

// `behoud customers` without --behind.
Result<void> list_customers(const Call& call);

}  // namespace behoud::app
