#include "retention/report/today.h"

#include <boost/json.hpp>
#include <cstdlib>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "retention/random_shop.h"
#include "retention/report/json.h"
#include "retention/test_shop.h"

namespace behoud::retention::report {
namespace {

[[maybe_unused]] const int kConfigured = setenv("RC_PARAMS", "max_success=100", 0);

boost::json::value today(const timeline::Histories& h, const TodayFacts& facts = {}, std::string_view language = "en",
                         const Question& q = {}) {
  const auto text = today_json(h, {.window_days = 30}, facts, q, language);
  EXPECT_TRUE(text.has_value());
  return boost::json::parse(*text);
}

const boost::json::value* find(const boost::json::value& rows, std::string_view member, std::string_view word) {
  for (const auto& row : rows.as_array()) {
    if (row.at(member).as_string() == word) return &row;
  }
  return nullptr;
}

// Every figure is the report's own.
RC_GTEST_PROP(Today, SaysWhatTheReportSays, ()) {
  const RandomShop shop = any_shop();
  Question q = any_question(shop);
  q.split = Split::kNone;
  const char* const languages[] = {"en", "nl", "sv"};
  const char* const language = any_of(languages);
  const boost::json::value page = today(shop.histories, {}, language, q);
  ReportOptions options;
  options.question = q;
  const auto report = make_report(shop.histories, {}, {.window_days = 30}, options).value();
  const boost::json::value whole = boost::json::parse(render_json(report).value());
  RC_ASSERT(page.at("sentence") == whole.at("answer").at(language));
  RC_ASSERT(page.at("todo").as_array().size() <= kTodoMax);
  const auto& changed = page.at("changed").as_array();
  if (whole.at("change").is_null()) {
    RC_ASSERT(changed.empty());
  } else {
    std::int64_t sum = 0;
    for (const auto& part : changed) {
      RC_ASSERT(part.at("minor") == whole.at("change").at(part.at("field").as_string()));
      sum += part.at("minor").as_int64();
    }
    RC_ASSERT(sum == page.at("change").at("revenue_after_minor").as_int64() -
                         page.at("change").at("revenue_before_minor").as_int64());
  }
  if (whole.at("headline").is_null()) {
    RC_ASSERT(page.at("headline").as_array().empty());
    return;
  }
  for (const auto& figure : page.at("headline").as_array()) {
    const auto& expected = whole.at("headline").at(figure.at("field").as_string());
    const int given = !figure.at("rate").is_null() + !figure.at("minor").is_null() + !figure.at("count").is_null();
    RC_ASSERT(given <= 1);
    if (given == 0) {
      RC_ASSERT(expected.is_null());
    } else {
      RC_ASSERT(figure.at(!figure.at("rate").is_null()    ? "rate"
                          : !figure.at("minor").is_null() ? "minor"
                                                          : "count") == expected);
    }
  }
}

TEST(Today, ThingsToDoNameAsManyPeopleAsTheirListsHold) {
  TestShop made;
  for (int i = 0; i < 80; ++i) {
    const std::string who = "c" + std::to_string(i);
    made.order(who, "2024-01-10", 1000);
    if (i < 60) made.order(who, "2024-02-05", 1000);
    if (i < 20) made.order(who, "2024-03-02", 1000);
  }
  const timeline::Histories h = made.histories();
  const boost::json::value page = today(h);
  ASSERT_FALSE(page.at("todo").as_array().empty());
  for (const auto& thing : page.at("todo").as_array()) {
    Question q;
    if (!thing.at("from").is_null()) {
      q.from = day(std::string(thing.at("from").as_string()));
      q.to = day(std::string(thing.at("to").as_string()));
      q.grain = calendar::parse_grain(std::string(thing.at("grain").as_string())).value();
    }
    const auto people = customers_to_act_on(h, {.window_days = 30}, q, std::string(thing.at("behind").as_string()));
    ASSERT_TRUE(people.has_value());
    EXPECT_EQ(people->rows.size(), thing.at("people").to_number<std::size_t>()) << thing.at("id");
    EXPECT_EQ(thing.at("action").at("kind"), "list");
  }
}

TEST(Today, TroublesHaveAStableCodeAWordAndAWayOut) {
  TestShop made;
  auto odd = made.make("a", "2024-01-10", 1000);
  odd.status = "zonderling";
  made.add(odd).order("b", "2024-01-12", 500);
  ledger::OrderAssertion nobody = made.make("", "2024-01-12", 300);
  nobody.customer = {};
  made.add(nobody);
  const timeline::Histories h = made.histories();
  TodayFacts facts;
  facts.now = {day("2024-03-01").number * calendar::kMsPerDay};
  facts.rejected = 7;
  facts.without_rate = {{"USD", 2}};
  for (const char* language : {"en", "nl", "sv"}) {
    const boost::json::value page = today(h, facts, language);
    const auto& troubles = page.at("troubles");
    for (const char* code :
         {"all_warming_up", "no_currency", "anonymous", "unknown_status", "rejected", "without_rate", "silent"}) {
      const auto* trouble = find(troubles, "code", code);
      ASSERT_NE(trouble, nullptr) << code << boost::json::serialize(troubles);
      EXPECT_FALSE(trouble->at("title").as_string().empty());
      EXPECT_TRUE(trouble->at("way_out").is_string()) << code;
    }
    EXPECT_EQ(find(troubles, "code", "rejected")->at("count"), 7);
    EXPECT_EQ(find(troubles, "code", "silent")->at("count"), 49);
    EXPECT_EQ(find(troubles, "code", "unknown_status")->at("count"), 1);
  }
  EXPECT_NE(today(h, facts, "en").at("troubles").at(0).at("title"),
            today(h, facts, "nl").at("troubles").at(0).at("title"));
}

TEST(Today, OfAnEmptyShopSaysHowToBegin) {
  const timeline::Histories h = TestShop().histories();
  const boost::json::value page = today(h);
  EXPECT_TRUE(page.at("headline").as_array().empty());
  EXPECT_TRUE(page.at("period").is_null());
  EXPECT_TRUE(page.at("change").is_null());
  ASSERT_NE(find(page.at("troubles"), "code", "empty"), nullptr);
  EXPECT_FALSE(today_json(h, {}, {}, {}, "de").has_value());
}

TEST(SilentSources, AreThoseSilentForLongerThanEver) {
  TestShop made;
  const auto on = [&](const char* source, int from, int to, int step) {
    for (int i = from; i < to; i += step) {
      auto o = made.make("c", "2024-01-01", 100);
      o.placed->at.ms += i * calendar::kMsPerDay;
      o.source = source;
      made.add(o);
    }
  };
  on("mail", 0, 160, 5);    // 32 days, the last 155; 40 days silent at 195
  on("search", 0, 195, 3);  // still there
  on("shop", 0, 60, 2);     // 30 days, then one more after 70 days of silence
  on("shop", 130, 131, 1);
  on("rare", 0, 20, 1);  // too few to tell
  const timeline::Histories h = made.histories();
  const calendar::Instant at{day("2024-01-01").number * calendar::kMsPerDay + 195 * calendar::kMsPerDay};
  const auto silent = silent_sources(h, at);
  ASSERT_EQ(silent.size(), 1U);
  EXPECT_EQ(silent[0], (SilentSource{"mail", day("2024-01-01") + 155, 40, 5}));
  EXPECT_TRUE(silent_sources(h, {at.ms - 34 * calendar::kMsPerDay}).empty()) << "six days are no silence yet";
  EXPECT_TRUE(silent_sources(TestShop().histories(), at).empty());
}

}  // namespace
}  // namespace behoud::retention::report
