#pragma once

// The customers behind a number with what they are called. The document is that of a BehindAnswer (answer_json.h), with
// two fields more in each row, after the key: "email" and "name", null where none is known.

#include <string>
#include <vector>

#include "retention/answer_json.h"

namespace behoud::retention {

struct Called {
  std::string email, name;  // empty: none is known
};
struct CalledAnswer : BehindAnswer {
  std::vector<Called> called;  // one for each of `rows`
};

void write_json(JsonWriter& json, const CalledAnswer& answer, Unconverted unconverted = {});

}  // namespace behoud::retention
