#pragma once

// The engine's questions once more, slowly: each as its header says it, over plain rows, one customer after the other
// and every pair of rows looked at. Judges of the engine in tests (behoud_timeline_oracle); a filter or a split is a
// shorter list of histories.

#include "timeline/plain_history.h"
#include "timeline/questions/audience.h"
#include "timeline/questions/cohort_months.h"
#include "timeline/questions/funnel.h"
#include "timeline/questions/item_pairs.h"
#include "timeline/questions/month_activity.h"
#include "timeline/questions/paths.h"
#include "timeline/questions/period_activity.h"
#include "timeline/questions/purchase_cells.h"
#include "timeline/questions/return_days.h"

namespace behoud::timeline::oracle {

struct Shop {
  const Scale& scale;
  const Schema& schema;
  std::vector<PlainHistory> histories;
};

CohortMonths cohort_months(const Shop& shop);
std::vector<MonthActivity> month_activity(const Shop& shop, std::uint32_t window_days);
std::vector<PeriodActivity> period_activity(const Shop& shop, const PeriodQuestion& question);
std::vector<PurchaseCell> purchase_cells(const Shop& shop, const PurchaseQuestion& question);  // ascending
std::vector<std::uint32_t> audience(const Shop& shop, const Audience& question);               // numbers, ascending
FunnelMonths funnel(const Shop& shop, const FunnelQuestion& question);
ReturnDays return_days(const Shop& shop, const ReturnQuestion& question);
std::vector<Path> paths(const Shop& shop, const PathQuestion& question);
ItemPairs item_pairs(const Shop& shop, const PairQuestion& question);

}  // namespace behoud::timeline::oracle
