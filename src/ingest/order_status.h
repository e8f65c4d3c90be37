#pragma once

// An order's status in the ledger's words: a source's own words are translated by its preset; of several columns, or
// words in one, the one that counts least holds for a row; of rows that differ, the one that counts most. A column with
// more words than kStatusWordsMax is another than that of the status.

#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

#include "ingest/order_cells.h"

namespace behoud::ingest {

inline constexpr std::size_t kStatusWordsMax = 65'535;

// Not thread-safe.
class OrderStatus {
 public:
  OrderStatus(const Layout& layout, const Slots& slots) : layout_(layout), slots_(slots) {}

  // "" where no row states one. `differ`: rows state different ones. Valid until the next call.
  std::string_view of(std::span<const ParsedRow> rows, bool& differ);

  // Of the rows so far.
  bool too_many_words() const { return words_.size() > kStatusWordsMax; }

 private:
  std::string translate(std::string_view text, std::size_t column) const;
  std::string_view of_row(const ParsedRow& row);

  const Layout& layout_;
  const Slots& slots_;
  std::string text_, word_, scratch_;        // the row looked at last
  std::unordered_set<std::uint64_t> words_;  // hashes of all that occurred
  std::string status_;
};

}  // namespace behoud::ingest
