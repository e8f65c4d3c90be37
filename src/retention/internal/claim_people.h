#pragma once

// The people a claim's figure is made from, each once: as many as its `people` says.

#include <string_view>
#include <vector>

#include "retention/internal/last_year.h"

namespace behoud::retention {

// By customer. Errors: kInvalidArgument (no such claim).
Result<std::vector<bool>> people_of_claim(const Shop& shop, const LastYear& year, std::string_view claim);

}  // namespace behoud::retention
