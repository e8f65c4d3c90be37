#include <cmath>

#include "retention/internal/compare.h"
#include "retention/internal/last_year.h"
#include "retention/internal/months.h"

namespace behoud::retention {

Result<LastYear> last_year(const Shop& shop) {
  const SplitOf whole(shop, Split::kNone);
  LastYear year;
  const Months span = last_complete_months(shop.now, 12);
  year.begin = span.begin;
  year.end = span.end;
  TRY_ASSIGN(std::vector<calendar::Period> months, calendar::periods({}, span.begin, span.end));
  year.months = Axis::consecutive(std::move(months), shop.now);
  TRY_ASSIGN(year.by_month, tally(shop, year.months, whole));
  const Axis one = Axis::consecutive({calendar::Period::create(span.begin, span.end).value()}, shop.now);
  TRY_ASSIGN(year.whole, tally(shop, one, whole));
  const auto first = shop.first_known_day();
  // A month that began before the first order is no complete one, unless that order came within it.
  year.known = first && calendar::floor_to({}, *first, *first) <= span.begin;
  year.warming_up = shop.warming_up(span.begin);
  return year;
}

WhatIfAnswer what_if(const Shop& shop, const LastYear& year, double points) {
  const timeline::Histories& h = *shop.histories;
  const Tally& t = year.by_month;
  WhatIfAnswer answer;
  answer.basics = shop.basics;
  answer.points = points;
  if (!year.known) return answer;
  double extra = 0, worth = 0, worth_margin = 0;
  double revenue = 0, margin_sum = 0;
  bool margin_known = true;
  for (std::size_t m = 0; m < t.periods; ++m) {
    const auto s = static_cast<double>(t.customers_start[m]), e = static_cast<double>(t.customers_end[m]);
    const auto k = static_cast<double>(t.retained[m]);
    extra = (s > 0 ? extra * k / s : 0) + points / 100 * s;
    const double mean = (s + e) / 2;
    const double share = mean > 0 ? extra / mean : 0;  // of the month's customers
    const auto month_revenue = static_cast<double>(t.revenue_minor[m]);
    const auto month_margin = margin(h, t.revenue_minor[m], t.costed_revenue_minor[m], t.item_cost_minor[m]);
    margin_known = margin_known && month_margin.has_value();
    worth += share * month_revenue;
    revenue += month_revenue;
    worth_margin += share * static_cast<double>(month_margin.value_or(0));
    margin_sum += static_cast<double>(month_margin.value_or(0));
    answer.rows.push_back({year.months.points()[m], extra, share * month_revenue});
  }
  answer.worth_minor = worth;
  if (revenue > 0) answer.share_of_revenue = worth / revenue;
  if (margin_known && margin_sum > 0) answer.share_of_margin = worth_margin / margin_sum;
  return answer;
}

// Written out, a worth is whole minor units of 64 bits.
static Result<void> check_worth(const WhatIfAnswer& answer) {
  constexpr double kMost = 9.2e18;
  if (std::abs(answer.worth_minor.value_or(0)) < kMost) return {};
  return fail(Errc::kOutOfRange, "what more retention would be worth is too large to count with",
              "ask for fewer points, or look for amounts that cannot be right");
}

Result<WhatIfAnswer> answer_whatif(const Source& h, const ShopSettings& s, const Question& q) {
  TRY_ASSIGN(const Shop shop, Shop::open(h, s, q));
  TRY_ASSIGN(const LastYear year, last_year(shop));
  WhatIfAnswer answer = what_if(shop, year, s.what_if_points);
  TRY(check_worth(answer));
  if (q.compare) {
    TRY_ASSIGN(const Question before, a_year_ago(q, shop));
    TRY_ASSIGN(const Shop then, Shop::open(h, s, before));
    TRY_ASSIGN(const LastYear year_then, last_year(then));
    WhatIfAnswer was = what_if(then, year_then, s.what_if_points);
    TRY(check_worth(was));
    auto& c = answer.comparison.emplace(
        begin_year_before<WhatIfAnswer::Before>(then, *q.compare, year_then.begin, year_then.end));
    c.worth_minor = was.worth_minor;
    c.share_of_revenue = was.share_of_revenue;
    c.share_of_margin = was.share_of_margin;
    c.rows = std::move(was.rows);
  }
  return answer;
}

}  // namespace behoud::retention
