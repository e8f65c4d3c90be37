#pragma once

// One row of an order file: which cells it has for which role, what kind of row it is, and by what key it belongs to an
// order. The survey and the reading pass look at rows through this, so that both see the same orders.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "ingest/dates.h"
#include "ingest/hash.h"
#include "ingest/layout.h"

namespace behoud::ingest {

// trim() for cells that hardly ever need it.
inline std::string_view quick_trim(std::string_view s) {
  if (s.empty()) return s;
  const auto first = static_cast<unsigned char>(s.front()), last = static_cast<unsigned char>(s.back());
  return first > ' ' && first < 0x80 && last > ' ' && last < 0x80 ? s : trim(s);
}

// The columns that are read, and where in a projected row each role's cells are.
struct Slots {
  std::vector<std::size_t> table_columns;  // the projection
  std::array<std::vector<std::uint16_t>, kRoles> of;

  explicit Slots(const Layout& layout);
  bool has(Role role) const { return first_[index(role)] != kNone; }
  // The first cell of the role that is not blank, trimmed; "" when all are.
  std::string_view text(Role role, std::span<const std::string_view> cells) const {
    const std::uint16_t first = first_[index(role)];
    if (first == kNone) return {};
    const std::string_view text = quick_trim(cells[first]);
    return !text.empty() || of[index(role)].size() == 1 ? text : further_text(role, cells);
  }
  std::string_view raw(Role role, std::span<const std::string_view> cells) const {
    const std::uint16_t first = first_[index(role)];
    return first == kNone ? std::string_view{} : cells[first];
  }

 private:
  static constexpr std::uint16_t kNone = UINT16_MAX;
  std::string_view further_text(Role role, std::span<const std::string_view> cells) const;
  std::array<std::uint16_t, kRoles> first_;  // of each role's slots, which are asked for a dozen times a row
};

struct RowRef {
  std::uint64_t line = 0;
  std::span<const std::string_view> cells;
};

struct RowKey {
  enum class Kind : std::uint8_t {
    kBlank,         // nothing in it
    kTotal,         // a total below, or between, the rows
    kBroken,        // more or fewer cells than every other row
    kOrder,         // by order id
    kMadeUp,        // without order id: by customer and instant (or day)
    kContinuation,  // without id, customer and date, but with an item: a further line of the order above
    kAlone  // an order, a refund or a rejected row by itself: no order id, and no customer, no date, or negative
  };
  Kind kind = Kind::kBlank;
  std::uint64_t a = 0, b = 0;  // 128 bits that name the order
  bool same_order(const RowKey& other) const { return a == other.a && b == other.b; }
};

// "2024-03-01 13:05" of a customer as two numbers that no other customer and instant have.
Hash128 made_up_key(std::string_view identity_space, std::string_view identity, const CivilTime& at);
// The order id made from it: stable whatever other rows the file has, in whatever order.
std::string made_up_id(const Hash128& key);

// An order id as it is known by: trimmed, a leading # dropped, case kept.
std::string_view order_id(std::string_view cell);

// Tells rows apart. Keeps state only to be fast. Not thread-safe.
class RowKeys {
 public:
  RowKeys(const Layout& layout, const Slots& slots, char decimal_mark, DateReader& dates);
  // `rows_left`: how many rows follow, where that is known: the last three may be totals without a word.
  RowKey key(std::span<const std::string_view> cells, std::uint32_t width,
             std::optional<std::uint64_t> rows_left = std::nullopt);
  // The amount, total or line of the row is below zero: it takes money back.
  bool negative(std::span<const std::string_view> cells) const;

 private:
  bool negative_cell(std::string_view cell) const;
  const Layout& layout_;
  const Slots& slots_;
  char decimal_mark_;
  DateReader& dates_;
  std::string email_, phone_;
};

}  // namespace behoud::ingest
