#pragma once

// The second opinion: DuckDB's SQL over the same orders, refunds, subscriptions and acts, with civil days by DuckDB's
// own zones. For tests.

#include <map>
#include <vector>

#include "ingest/duckdb.h"
#include "retention/answers.h"

namespace behoud::retention {

class SqlOracle {
 public:
  SqlOracle();
  // Loads what happened in the shop as the question sees it.
  void load(const timeline::Histories& h, const ShopSettings& s, const Question& q,
            const std::vector<calendar::Period>& periods, calendar::Instant as_of);

  // The counts and sums of each period, by field name.
  std::vector<std::map<std::string, std::int64_t>> periods();
  // Of each cohort and cell: size, customers, revenue, cumulative revenue.
  struct Cell {
    std::int64_t size = 0, customers = 0, revenue_minor = 0, cumulative_revenue_minor = 0;
    friend bool operator==(const Cell&, const Cell&) = default;
  };
  std::map<std::pair<int, int>, Cell> cells(CohortMode mode);
  // Gaps between order days: how many, and how many of at most 30, 60, 90, 180 and 365 days.
  std::vector<std::int64_t> gaps();

  // The statements, as a reader may run them on their own tables.
  static const char* const kPeriodsSql;
  static const char* const kCellsSql;
  static const char* const kGapsSql;

 private:
  ingest::DuckDb db_;
};

}  // namespace behoud::retention
