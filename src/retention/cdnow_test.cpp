// The CDNOW 1/10 sample (Fader and Hardie, brucehardie.com): 2,357 customers of the first quarter of 1997, 6,919 rows.
// Its published figures, from the histories up. The file is not part of this repository: BEHOUD_CDNOW names it, else it
// is looked for beside the checkout; without it these tests skip.

#include <cstdlib>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "retention/answers.h"
#include "retention/test_shop.h"

namespace behoud::retention {
namespace {

using calendar::Day;

std::optional<timeline::Histories> cdnow() {
  const char* said = std::getenv("BEHOUD_CDNOW");
  std::ifstream file(said ? said : BEHOUD_SOURCE_DIR "/../shared/data/cdnow_sample.txt");
  if (!file) return std::nullopt;
  // Rows of one customer on one day are one order.
  std::map<std::pair<std::string, std::string>, std::int64_t> orders;
  std::string whole_id, id, date, value;
  int discs = 0;
  while (file >> whole_id >> id >> date >> discs >> value) {
    orders[{id, date.substr(0, 4) + "-" + date.substr(4, 2) + "-" + date.substr(6)}] +=
        money::parse_minor(value, 2).value();
  }
  TestShop shop;
  for (const auto& [order, minor] : orders) shop.order(order.first, order.second, minor);
  return shop.histories();
}

#define CDNOW_OR_SKIP(name)                                \
  const std::optional<timeline::Histories> data = cdnow(); \
  if (!data) GTEST_SKIP() << "no CDNOW sample";            \
  const timeline::Histories& name = *data

// Distinct days with a counted order before C, of each customer; all gross here, nothing is refunded.
std::vector<std::vector<Day>> days_before(const timeline::Histories& h, Day c) {
  std::vector<std::vector<Day>> out;
  for (std::size_t who = 0; who < h.customers(); ++who) {
    auto& days = out.emplace_back();
    for (std::size_t i = h.order_begin[who]; i < h.order_begin[who + 1]; ++i) {
      if (h.order_day[i] < c && (days.empty() || days.back() != h.order_day[i])) days.push_back(h.order_day[i]);
    }
  }
  return out;
}
std::size_t repeat_orders(const timeline::Histories& h, Day c) {
  std::size_t sum = 0;
  for (const auto& days : days_before(h, c)) sum += days.empty() ? 0 : days.size() - 1;
  return sum;
}

TEST(Cdnow, HasThePublishedCustomersAndRepeatOrders) {
  CDNOW_OR_SKIP(h);
  EXPECT_EQ(h.customers(), 2357u);
  const Day begin = day("1997-01-01");
  const std::size_t published[] = {828, 1746, 2457, 3183, 3844, 4339};  // by weeks 13, 26, ... 78
  for (int i = 0; i < 6; ++i) EXPECT_EQ(repeat_orders(h, begin + 91 * (i + 1)), published[i]) << 13 * (i + 1);
}

TEST(Cdnow, HasThePublishedCalibration) {
  CDNOW_OR_SKIP(h);
  const Day c = day("1997-10-01");
  EXPECT_EQ(repeat_orders(h, c), 2457u);
  int longest = 0;
  for (const auto& days : days_before(h, c)) longest = std::max(longest, (c - 1) - days.front());
  EXPECT_NEAR(longest / 7.0, 38.86, 0.005);
}

TEST(Cdnow, NeedsAWindowOfAYearSince180DaysCover8875Percent) {
  CDNOW_OR_SKIP(h);
  const WindowChoice w = choose_window(h);
  EXPECT_EQ(w.days, 365);
  EXPECT_EQ(w.candidates[3].first, 180);
  EXPECT_NEAR(w.candidates[3].second, 0.8875, 0.00005);
}

TEST(Cdnow, EverybodyIsNewInItsFirstQuarter) {
  CDNOW_OR_SKIP(h);
  Question q;
  q.grain.unit = calendar::Grain::Unit::kQuarter;
  const RetentionAnswer a = answer_retention(h, {}, q).value();
  ASSERT_EQ(a.rows.size(), 6u);
  EXPECT_EQ(a.rows[0].new_customers, 2357u);
  for (std::size_t i = 1; i < a.rows.size(); ++i) EXPECT_EQ(a.rows[i].new_customers, 0u);
  EXPECT_EQ(a.rows[1].customers_start, 2357u);
  EXPECT_EQ(a.rows[5].customers_end, customers_behind(h, {}, q, "customers_end").value().rows.size());
  EXPECT_EQ(answer_cohorts(h, {}, q).value().rows[0].size, 2357u);
}

}  // namespace
}  // namespace behoud::retention
