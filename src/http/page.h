#pragma once

// How lists are given in parts: ?limit= rows (1 to 1,000), from behind ?cursor= on. A cursor holds the key of the last
// row that was given, not how many there were, so that rows that come or go meanwhile neither repeat nor hide others.
// It is opaque to whoever holds it, and a damaged one is an error.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace behoud::http {

struct Page {
  std::string after;  // the key of the last row of the page before; "" from the beginning
  std::size_t limit = 100;
};
// Errors: kInvalidArgument naming the parameter.
Result<Page> page_of(const Request& request, std::size_t limit_otherwise = 100);

std::string cursor_of(std::string_view key);
Result<std::string> key_of(std::string_view cursor);

// The number that a page begins behind, of a list that is known by numbers above 0; nullopt: from the beginning.
// Errors: kInvalidArgument naming the cursor.
Result<std::optional<std::int64_t>> number_after(const Page& page);

// One page of a list that is held whole, and the cursor of the next.
template <class Row>
struct Part {
  std::span<const Row> rows;
  std::optional<std::string> next;
};
enum class Order : std::uint8_t { kAscending, kDescending };
// `id_of` gives each row's number, all of them above 0 and strictly in `order`. O(log n). `rows` borrows from `all`.
template <class Row, class IdOf>
Result<Part<Row>> part_of(const std::vector<Row>& all, const Page& page, Order order, IdOf id_of) {
  TRY_ASSIGN(const auto after, number_after(page));
  const auto begin = std::partition_point(all.begin(), all.end(), [&](const Row& row) {
    const std::int64_t id{id_of(row)};
    return after && (order == Order::kAscending ? id <= *after : id >= *after);
  });
  const std::span<const Row> rest(begin, all.end());
  Part<Row> out{rest.first(std::min(page.limit, rest.size())), std::nullopt};
  if (out.rows.size() < rest.size()) out.next = cursor_of(std::to_string(std::int64_t{id_of(out.rows.back())}));
  return out;
}

}  // namespace behoud::http
