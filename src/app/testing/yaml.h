#pragma once

// The part of YAML that api/openapi.yaml is written in, as JSON: block mappings and sequences, flow ones (also over
// several lines), plain, single- and double-quoted scalars, folded (>) and literal (|) texts, comments. No anchors, no
// tags, no documents. What it does not know is an error naming the line, never a guess.

#include <boost/json/value.hpp>
#include <string_view>

#include "base/result.h"

namespace behoud::app::testing {

// Errors: kBadInput with the line.
Result<boost::json::value> parse_yaml(std::string_view text);

}  // namespace behoud::app::testing
