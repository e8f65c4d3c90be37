#pragma once

#include "app/command.h"

namespace behoud::app {

// `behoud customers` without --behind.
Result<void> list_customers(const Call& call);

Command customer_command();

}  // namespace behoud::app
