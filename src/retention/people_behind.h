#pragma once

// The customers behind a number, in the order of their list, without a row made for each: a list of a million is asked
// for a page at a time. A list behind a number is ordered by revenue (descending), key and number; a list of things to
// do has an order of its own (report/actions.h).
//
// Those alike in revenue are put in order when one of them is looked at. Borrows the Histories. Thread-safety: none.

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "retention/answers.h"

namespace behoud::retention {

class PeopleBehind {
 public:
  enum class Order : std::uint8_t { kByRevenue, kAsGiven };

  // `customers` ascending, or in an order of their own. Revenue and orders are those at the view's as-of.
  PeopleBehind(const timeline::Histories& h, std::shared_ptr<const View> view, Basics basics,
               std::vector<std::uint32_t> customers, Order order);

  const Basics& basics() const { return basics_; }
  std::size_t size() const { return customers_.size(); }
  CustomerRow row(std::size_t i);
  std::string_view key(std::size_t i);

  // Of a list by revenue: the stretch [first, second) of the rows of this revenue and key; empty at the place where
  // such a row would stand.
  std::pair<std::size_t, std::size_t> find(std::int64_t revenue_minor, std::string_view key);

  // All rows of [begin, end).
  std::vector<CustomerRow> rows(std::size_t begin, std::size_t end);

 private:
  void settle(std::size_t i);
  std::int64_t revenue_of(std::uint32_t customer) const;

  const timeline::Histories& h_;
  std::shared_ptr<const View> view_;
  Basics basics_;
  std::vector<std::uint32_t> customers_;
  Order order_;
  const std::vector<std::int64_t>* revenue_minor_;   // by customer; the view's
  std::size_t settled_begin_ = 0, settled_end_ = 0;  // the stretch of one revenue that was put in order last
  std::vector<bool> settled_;                        // by the first of a stretch
};

// The list of customers_behind (answers.h), which makes a row of each. The same errors.
Result<PeopleBehind> people_behind(const Source& source, const ShopSettings& s, const Question& q,
                                   std::string_view behind);

}  // namespace behoud::retention
