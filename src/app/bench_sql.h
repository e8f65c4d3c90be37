#pragma once

// The questions of the timeline engine in SQL: what DuckDB is timed with by `behoud bench engine`, and what it says of
// random histories in tests. Each is the quickest formulation that was found; all give whole numbers.
//
// The table: one row an event, `customer` and `at_s` (seconds; strictly ascending within a customer) INTEGER, `day` and
// `month` (civil, from the timeline's epoch) SMALLINT, `kind` UTINYINT, `amount` INTEGER (0 but of orders). Days and
// months are given to it made, which spares it the shop's zone. Kinds: 0 page view, 1 product view, 2 cart, 3 order. At
// most 62 months.

#include <cstdint>
#include <string>
#include <vector>

#include "timeline/scale.h"

namespace behoud::app {

// One row a cohort: cohort, then of each month how many ordered.
std::string cohort_months_sql(const std::string& table, std::uint32_t months);
// A table of the months at whose end an order of each day is active: run before month_activity_sql, not timed.
std::string reach_sql(const std::string& name, const timeline::Scale& scale, std::uint32_t window_days);
// One row: E of each month, then K of each, then N of each. What else there is follows: S is E of the month before.
std::string month_activity_sql(const std::string& table, const std::string& reach, std::uint32_t months);
// One row a cell: x, t_x, T, customers, spend; in weeks.
std::string purchase_cells_sql(const std::string& table, std::uint32_t as_of_day);
// Two or more orders in the last 180 days, over 200.00 ever, none in the last 45 days, and a cart after the last. One
// row: how many; or a row each: who.
std::string audience_sql(const std::string& table, std::uint32_t as_of_day, bool ids);
// at_s, kind, amount of one customer.
std::string history_sql(const std::string& table, std::uint32_t customer);
// Product view, cart, order within seven days. One row: of each month who did the first step, then both, then all
// three.
std::string funnel_sql(const std::string& table, std::uint32_t months, std::uint32_t window_seconds);
// One row: of each day 1 to `days` after the first page view's, who returned.
std::string return_days_sql(const std::string& table, std::uint32_t days);

}  // namespace behoud::app
