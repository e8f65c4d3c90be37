#pragma once

// How lists are given in parts: ?limit= rows (1 to 1,000), from behind ?cursor= on. A cursor holds the key of the last
// row that was given, not how many there were, so that rows that come or go meanwhile neither repeat nor hide others.
// It is opaque to whoever holds it, and a damaged one is an error.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace behoud::app {

struct Page {
  std::string after;  // the key of the last row of the page before; "" from the beginning
  std::size_t limit = 100;
};
// Errors: kInvalidArgument naming the parameter.
Result<Page> page_of(const http::Request& request);

std::string cursor_of(std::string_view key);
Result<std::string> key_of(std::string_view cursor);

}  // namespace behoud::app
