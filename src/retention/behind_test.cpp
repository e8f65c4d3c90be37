#include <gtest/gtest.h>

#include "retention/answers.h"
#include "retention/test_shop.h"

namespace behoud::retention {
namespace {

timeline::Histories shop() {
  TestShop shop;
  shop.order("c-1", "2023-12-20", 100).order("c-1", "2024-01-10", 300).order("c-2", "2023-12-21", 700);
  shop.order("c-3", "2024-01-05", 50).order("c-3", "2024-01-25", 60).order("c-4", "2024-02-10", 5);
  return shop.histories();
}
Question january() {
  Question q;
  q.from = day("2024-01-01");
  q.to = day("2024-02-01");
  q.window_days = 30;
  return q;
}
std::vector<std::string> names(std::string_view behind, const Question& q = january()) {
  const BehindAnswer answer = customers_behind(shop(), {}, q, behind).value();
  std::vector<std::string> out;
  for (const CustomerRow& row : answer.rows) out.push_back(row.customer);
  return out;
}
using Names = std::vector<std::string>;

TEST(Behind, ListsTheCustomersOfACountByMoney) {
  EXPECT_EQ(names("customers_start"), (Names{"c-2", "c-1"}));
  EXPECT_EQ(names("retained"), (Names{"c-1"}));
  EXPECT_EQ(names("lost"), (Names{"c-2"}));
  EXPECT_EQ(names("new"), (Names{"c-3"}));
  EXPECT_EQ(names("crr"), (Names{"c-1"}));
  EXPECT_EQ(names("buyers"), (Names{"c-1", "c-3"}));
  EXPECT_EQ(names("repeat_rate"), (Names{"c-3"}));
  EXPECT_EQ(names("returning_rate"), (Names{"c-1"}));
  EXPECT_EQ(names("returning_rate_active"), (Names{"c-1"}));
  EXPECT_EQ(names("reactivated"), (Names{}));
}

TEST(Behind, SaysOfEachWhatTheyBoughtUpToAsOf) {
  const BehindAnswer answer = customers_behind(shop(), {}, january(), "retained").value();
  ASSERT_EQ(answer.rows.size(), 1u);
  EXPECT_EQ(answer.rows[0].orders, 2u);
  EXPECT_EQ(answer.rows[0].revenue_minor, 400);
  EXPECT_EQ(answer.rows[0].last_order, day("2024-01-10"));
}

TEST(Behind, WithoutASpanMeansTheLastCompletePeriod) {
  Question q;
  q.window_days = 30;
  EXPECT_EQ(names("new", q), (Names{"c-3"}));  // February is not over
}

TEST(Behind, OpensCohortsAndTheirCells) {
  Question q;
  EXPECT_EQ(names("cohort:2023-12-01", q), (Names{"c-2", "c-1"}));
  EXPECT_EQ(names("cohort:2023-12-01:1", q), (Names{"c-1"}));
  EXPECT_EQ(names("cohort:2023-12-01:2", q), (Names{}));
  q.mode = CohortMode::kActive;
  EXPECT_EQ(names("cohort:2023-12-01:2", q), (Names{"c-2", "c-1"}));
}

TEST(Behind, OpensAPartOfASplit) {
  TestShop shop;
  auto mail = shop.make("c-1", "2024-01-05", 10);
  mail.source = "mail";
  auto colon = shop.make("c-2", "2024-01-05", 10);
  colon.source = "a:b";
  const timeline::Histories h = shop.add(mail).add(colon).order("c-7", "2024-01-06", 1).histories();
  Question q = january();
  q.split = Split::kSource;
  EXPECT_EQ(customers_behind(h, {}, q, "new:mail").value().rows.at(0).customer, "c-1");
  EXPECT_EQ(customers_behind(h, {}, q, "new:a:b").value().rows.at(0).customer, "c-2");
  EXPECT_EQ(customers_behind(h, {}, q, "new:").value().rows.at(0).customer, "c-7");
  EXPECT_TRUE(customers_behind(h, {}, q, "new:nothing").value().rows.empty());
  EXPECT_EQ(customers_behind(h, {}, q, "cohort:2024-01-01:0:mail").value().rows.size(), 1u);
  EXPECT_EQ(customers_behind(h, {}, q, "cohort:2024-01-01:mail").value().rows.size(), 1u);
}

TEST(Behind, RefusesWhatNamesNoPeople) {
  const auto code = [](std::string_view behind, const Question& q = january()) {
    const auto answer = customers_behind(shop(), {}, q, behind);
    return answer ? std::optional<Errc>() : answer.error().code;
  };
  for (const char* behind :
       {"crc_total_minor", "nonsense", "", "paused", "new:mail", "cohort", "cohort:", "cohort:2024-13-01",
        "cohort:2024-01-02", "cohort:2024-01-01:99", "cohort:2030-01-01", "cohort:2024-01-01:x"}) {
    EXPECT_EQ(code(behind), Errc::kInvalidArgument) << behind;
  }
  Question split = january();
  split.split = Split::kSource;
  EXPECT_EQ(code("new", split), Errc::kInvalidArgument);
}

}  // namespace
}  // namespace behoud::retention
