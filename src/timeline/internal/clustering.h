#pragma once

// Lays the chosen orders customer after customer, each customer's by (day, instant, arrival), and gathers the columns
// of the histories out of the staged ones, which are given back one by one.

#include <cstdint>
#include <vector>

#include "timeline/internal/chosen_rows.h"

namespace behoud::timeline {

class Clustering {
 public:
  // Frees the rows of `chosen`, and writes `order_begin`, `order_day` and `order_at` of `h`.
  Clustering(Intake& intake, const OrderWorth& worth, ChosenRows& chosen, Histories& h);

  std::size_t size() const { return order_.size(); }
  std::uint32_t row(std::size_t i) const { return order_[i]; }  // the staged row of order i of the histories
  // Where a staged row lies; it must be there.
  std::size_t place_of(std::uint32_t row) const;
  // All other columns of orders. The staged columns are empty afterwards.
  void fill_columns();

 private:
  bool comes_before(std::uint32_t a, std::uint32_t b) const;
  void lay_out(std::uint32_t first_customer, std::uint32_t end_customer);
  void fill_money();
  void fill_item_costs();

  Intake& intake_;
  Staging& staged_;
  const OrderWorth& worth_;
  ChosenRows& chosen_;
  Histories& h_;
  std::vector<std::uint32_t> order_;  // staged rows, clustered
};

}  // namespace behoud::timeline
