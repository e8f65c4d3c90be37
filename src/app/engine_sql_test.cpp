#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "app/bench_sql.h"
#include "ingest/duckdb.h"
#include "timeline/questions/audience.h"
#include "timeline/questions/cohort_months.h"
#include "timeline/questions/funnel.h"
#include "timeline/questions/month_activity.h"
#include "timeline/questions/purchase_cells.h"
#include "timeline/questions/return_days.h"
#include "timeline/random_histories.h"

// The engine against DuckDB, on random histories: the SQL that `behoud bench engine` times it beside.

namespace behoud::app {
namespace {

using timeline::Condition;
using Rows = std::vector<std::vector<std::int64_t>>;

// Made anew for each case of the property (6 ms): DuckDB in a static would go after statics of its own library.
class EngineSql : public ::testing::Test {
 protected:
  Rows ask(const std::string& sql) {
    Rows out;
    ingest::DuckRows rows = duck_.query(sql).value();
    while (rows.next().value()) {
      for (std::size_t r = 0; r < rows.rows(); ++r) {
        auto& row = out.emplace_back();
        for (std::size_t c = 0; c < rows.names().size(); ++c) row.push_back(rows.integer(r, c));
      }
    }
    std::ranges::sort(out);
    return out;
  }
  void load(const timeline::RandomHistories& all);

  ingest::DuckDb duck_ = ingest::DuckDb::open({.threads = 1, .files = {}}).value();
};

void EngineSql::load(const timeline::RandomHistories& all) {
  std::string sql =
      "CREATE TABLE visits (customer INTEGER, at_s INTEGER, day SMALLINT, month SMALLINT, kind UTINYINT, "
      "amount BIGINT);";
  for (std::size_t i = 0; i < all.events.size(); ++i) {
    const auto at = static_cast<std::uint32_t>((all.events.at_ms[i] - all.scale.epoch().ms) / 1000);
    const bool order = all.events.kind[i] == timeline::kOrder;
    sql += fmt::format("{} ({}, {}, {}, {}, {}, {})", i == 0 ? "INSERT INTO visits VALUES" : ",",
                       all.events.customer[i], at, all.scale.day_of(at), all.scale.month_of(at), all.events.kind[i],
                       order ? all.events.gross_minor[i] : 0);
  }
  duck_.run(sql).value();
}

std::int64_t whole(std::uint64_t n) { return static_cast<std::int64_t>(n); }

RC_GTEST_FIXTURE_PROP(EngineSql, SaysTheSameOfRandomHistories, ()) {
  timeline::RandomHistories all =
      timeline::any_histories({.events_max = 200, .days_max = 700, .date_only = false, .ms = false});
  // SQL knows no order among equal instants of a customer.
  std::set<std::pair<std::uint32_t, std::int64_t>> seen;
  all.events = timeline::rows_of(all.events, [&](std::size_t row) {
    return seen.emplace(all.events.customer[row], all.events.at_ms[row]).second;
  });
  const timeline::Timeline t = timeline::any_timeline(all);
  const std::uint32_t months = all.scale.months(), as_of = all.scale.days();
  load(all);

  Rows cohorts;
  const auto table = timeline::cohort_months(t).front();
  for (std::uint32_t c = 0; c < months; ++c) {
    if (table.at(c, c) == 0) continue;
    auto& row = cohorts.emplace_back(1, c);
    for (std::uint32_t m = 0; m < months; ++m) row.push_back(whole(table.at(c, m)));
  }
  RC_ASSERT(ask(cohort_months_sql("visits", months)) == cohorts);

  for (const std::uint32_t window : {all.schema.window_days, 45U}) {
    const auto activity = timeline::month_activity(t, window).front();
    std::vector<std::int64_t> row;
    for (const auto& m : activity) row.push_back(whole(m.customers_end));
    for (const auto& m : activity) row.push_back(whole(m.retained));
    for (const auto& m : activity) row.push_back(whole(m.new_customers));
    duck_.run(reach_sql("reach", all.scale, window)).value();
    RC_ASSERT(ask(month_activity_sql("visits", "reach", months)) == Rows{row});
  }

  Rows cells;
  const auto found = timeline::purchase_cells(t, {.as_of_day = as_of, .unit_days = 7}).front();
  for (const auto& c : found) {
    cells.push_back({c.repeats, c.recency, c.age, whole(c.customers), c.spend_minor});
  }
  std::ranges::sort(cells);
  RC_ASSERT(ask(purchase_cells_sql("visits", as_of)) == cells);

  timeline::Audience four{.as_of_day = as_of, .all = {}};
  four.all = {{.of = Condition::Of::kOrders, .least = 2, .days = 180},
              {.of = Condition::Of::kSpend, .least = 20'001},
              {.of = Condition::Of::kOrders, .least = 0, .most = 0, .days = 45},
              {.of = Condition::Of::kAfterLastOrder, .least = 1, .kind = timeline::kCart}};
  Rows ids;
  for (const std::uint32_t id : timeline::numbers(t, timeline::audience(t, four).value())) ids.push_back({id});
  std::ranges::sort(ids);
  RC_ASSERT(ask(audience_sql("visits", as_of, true)) == ids);
  RC_ASSERT(ask(audience_sql("visits", as_of, false)) == (Rows{{whole(ids.size())}}));

  for (const std::uint32_t window : {0U, 7U * 86'400, 90U * 86'400}) {
    const auto reached = timeline::funnel(t, {.steps = {timeline::kProduct, timeline::kCart, timeline::kOrder},
                                              .window_seconds = window})
                             .value()
                             .front()
                             .reached;
    std::vector<std::int64_t> row;
    for (std::size_t s = 0; s < 3; ++s) {
      for (const auto& month : reached) row.push_back(whole(month[s]));
    }
    RC_ASSERT(ask(funnel_sql("visits", months, window)) == Rows{row});
  }

  const auto returned =
      timeline::return_days(t, {.first = timeline::kView, .days = 30, .as_of_day = as_of}).value().front().returned;
  std::vector<std::int64_t> days;
  for (std::size_t n = 1; n <= 30; ++n) days.push_back(whole(returned[n]));
  RC_ASSERT(ask(return_days_sql("visits", 30)) == Rows{days});
}

}  // namespace
}  // namespace behoud::app
