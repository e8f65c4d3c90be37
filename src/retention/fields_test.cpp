#include "retention/fields.h"

#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "retention/test_shop.h"

namespace behoud::retention {
namespace {

std::vector<std::vector<Field>> all_fields() {
  return {retention_fields(Basis::kOrders),
          retention_fields(Basis::kSubscriptions),
          cohort_fields(CohortMode::kOn),
          value_fields(),
          cost_fields(),
          claim_fields(),
          what_if_fields(),
          behind_fields()};
}

std::string document() {
  std::ifstream file(BEHOUD_SOURCE_DIR "/docs/definitions.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Fields, EachAnswerSaysAFieldOnceAndInASentence) {
  for (const auto& fields : all_fields()) {
    std::set<std::string_view> names;
    for (const Field& field : fields) {
      EXPECT_TRUE(names.insert(field.name).second) << field.name;
      EXPECT_TRUE(field.meaning.ends_with('.')) << field.name;
    }
  }
}

TEST(Fields, TheDocumentNamesEveryOne) {
  const std::string text = document();
  ASSERT_FALSE(text.empty());
  // A letter of the formulas.
  const std::set<std::string_view> plain = {"k"};
  for (const auto& fields : all_fields()) {
    for (const Field& field : fields) {
      if (plain.contains(field.name)) continue;
      EXPECT_NE(text.find("`" + std::string(field.name) + "`"), std::string::npos) << field.name;
    }
  }
}

TEST(Fields, TheDocumentsExampleIsWhatTheEngineSays) {
  TestShop shop;
  shop.order("A", "2024-01-05", 4000).order("A", "2024-02-20", 6000).order("B", "2024-01-15", 3000);
  shop.order("C", "2024-03-02", 5000).order("C", "2024-03-28", 2000);
  shop.order("D", "2023-11-20", 2500).order("D", "2024-03-10", 3500);
  const timeline::Histories h = shop.histories();
  Question q;
  q.from = day("2024-03-01");
  q.to = day("2024-04-01");
  q.as_of = calendar::Instant{day("2024-04-01").number * calendar::kMsPerDay};
  const ShopSettings settings{.window_days = 60};
  const RetentionRow row = answer_retention(h, settings, q).value().rows.at(0);
  EXPECT_EQ(row.customers_start, 2u);
  EXPECT_EQ(row.customers_end, 3u);
  EXPECT_EQ(row.retained, 1u);
  EXPECT_EQ(row.lost, 1u);
  EXPECT_EQ(row.new_customers, 1u);
  EXPECT_EQ(row.reactivated, 1u);
  EXPECT_DOUBLE_EQ(*row.crr.value, 1.0);
  EXPECT_DOUBLE_EQ(*row.crr_strict.value, 0.5);
  EXPECT_NEAR(*row.crr_strict.low, 0.0945, 5e-5);
  EXPECT_NEAR(*row.crr_strict.high, 0.9055, 5e-5);
  EXPECT_DOUBLE_EQ(*row.churn_rate.value, 0.5);
  EXPECT_EQ(row.returning_rate.n, 1u);
  EXPECT_EQ(row.returning_rate.d, 3u);
  EXPECT_EQ(row.returning_rate_active.n, 0u);
  EXPECT_EQ(row.returning_rate_active.d, 2u);
  EXPECT_EQ(row.revenue_minor, 10500);
  const ValueRow value = answer_value(h, settings, q).value().rows.at(0);
  EXPECT_DOUBLE_EQ(*value.aov_minor, 3500);
  EXPECT_DOUBLE_EQ(*value.purchase_frequency, 1.5);
  EXPECT_EQ(value.repeat_rate.n, 1u);
  EXPECT_DOUBLE_EQ(*value.customer_value_minor, 5250);
  EXPECT_DOUBLE_EQ(*value.value_to_date_minor, 6500);
  EXPECT_DOUBLE_EQ(*value.value_per_active_minor, 4200);

  q.from = day("2024-01-01");
  q.to = day("2024-02-01");
  const CohortRow january = answer_cohorts(h, settings, q).value().rows.at(0);
  EXPECT_EQ(january.size, 2u);
  ASSERT_EQ(january.cells.size(), 3u);
  EXPECT_EQ(january.cells[1].customers, 1u);
  EXPECT_EQ(january.cells[2].customers, 0u);
  EXPECT_EQ(january.cells[2].cumulative_revenue_minor, 13000);
}

}  // namespace
}  // namespace behoud::retention
