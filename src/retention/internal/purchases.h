#pragma once

// The counted orders as they stand at an as-of: those that have happened and are purchases then, with what refunds left
// of their money. Clustered like Histories: customer c's are [begin[c], begin[c + 1]), days ascending.
//
// Cost: a view where nothing has to be taken away, else a copy of 16 bytes an order. Borrows the columns of the
// Histories.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/huge_pages.h"
#include "retention/internal/as_of.h"

namespace behoud::retention {

class Purchases {
 public:
  Purchases(const timeline::Histories& h, const AsOf& now);
  Purchases(Purchases&&) = default;

  std::span<const std::uint32_t> begin;  // customers() + 1
  std::span<const calendar::Day> day;
  std::span<const std::int64_t> revenue_minor;

  std::size_t size() const { return day.size(); }
  std::size_t customers() const { return begin.size() - 1; }
  std::span<const calendar::Day> days_of(std::size_t c) const { return day.subspan(begin[c], begin[c + 1] - begin[c]); }
  // The order's row in the Histories.
  std::size_t row(std::size_t i) const { return rows.empty() ? i : rows[i]; }
  std::optional<calendar::Day> first_day, last_day;  // with a counted order
  std::optional<calendar::Day> history_start;        // the first day with an order, be it one that does not count
  std::uint64_t buyers = 0;                          // customers with one
  std::size_t bytes() const { return bytes_; }

 private:
  std::span<const std::uint32_t> rows;  // in the Histories; empty: each order is its own

  void copy_counted(const timeline::Histories& h, const AsOf& now, bool all_happened);

  std::vector<std::uint32_t> begin_;
  ZeroedArray<std::uint32_t> rows_;
  ZeroedArray<calendar::Day> day_;
  ZeroedArray<std::int64_t> revenue_;
  std::size_t bytes_ = 0;
};

}  // namespace behoud::retention
