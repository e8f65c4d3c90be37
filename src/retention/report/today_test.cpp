#include "retention/report/today.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "language/conventions.h"
#include "retention/random_shop.h"
#include "retention/report/json.h"
#include "retention/test_shop.h"

namespace behoud::retention::report {
namespace {

[[maybe_unused]] const int kConfigured = setenv("RC_PARAMS", "max_success=100", 0);

Today made_today(const timeline::Histories& h, const TodayFacts& facts = {}, const Question& q = {}) {
  auto made = make_today(h, {.window_days = 30}, facts, q);
  EXPECT_TRUE(made.has_value());
  return std::move(*made);
}
boost::json::value today(const timeline::Histories& h, const TodayFacts& facts = {}, std::string_view language = "en",
                         const Question& q = {}) {
  const auto text = today_json(made_today(h, facts, q), language);
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

double number_of(const boost::json::value& figure) {
  const boost::json::value& rate = figure.at("rate");
  const boost::json::value& minor = figure.at("minor");
  return !rate.is_null()    ? rate.at("value").to_number<double>()
         : !minor.is_null() ? minor.to_number<double>()
                            : figure.at("count").to_number<double>();
}

std::string joined(const boost::json::value& said) {
  std::string out;
  for (const auto& part : said.as_array()) out += part.at("text").as_string();
  return out;
}

std::vector<boost::json::value> numbers_of(const boost::json::value& said) {
  std::vector<boost::json::value> out;
  std::ranges::copy_if(said.as_array(), std::back_inserter(out),
                       [](const auto& part) { return part.as_object().contains("field"); });
  return out;
}

// How many people a number of a sentence opens.
std::size_t opened_by(const timeline::Histories& h, Question q, const boost::json::value& number) {
  const auto text = [&](const char* member) { return std::string(number.at(member).as_string()); };
  if (!number.at("from").is_null()) {
    q.from = day(text("from"));
    q.to = day(text("to"));
    q.grain = calendar::parse_grain(text("grain")).value();
  }
  const auto people = is_action_list(text("behind")) ? customers_to_act_on(h, {.window_days = 30}, q, text("behind"))
                                                     : customers_behind(h, {.window_days = 30}, q, text("behind"));
  RC_ASSERT(people.has_value());
  return people->rows.size();
}

// Sentences in parts are the sentences, in each language, and a count in one opens as many people as it says.
RC_GTEST_PROP(Today, SaysItsSentencesInPartsWhoseNumbersOpenTheirPeople, ()) {
  const RandomShop shop = any_shop();
  Question q = any_question(shop);
  q.split = Split::kNone;
  const Today made = made_today(shop.histories, {}, q);
  for (const language::Language l : {language::Language::en, language::Language::nl, language::Language::sv}) {
    const language::Conventions write(l);
    const boost::json::value page = boost::json::parse(today_json(made, language::code(l)).value());
    RC_ASSERT(joined(page.at("said")) == page.at("sentence").as_string());
    for (const auto& number : numbers_of(page.at("said"))) {
      RC_ASSERT(number.at("behind") == number.at("field"));
      RC_ASSERT(number.at("from") == page.at("period").at("period_start"));
      RC_ASSERT(number.at("to") == page.at("period").at("period_end"));
      RC_ASSERT(write.integer(static_cast<std::int64_t>(opened_by(shop.histories, q, number))) ==
                number.at("text").as_string());
    }
    for (const char* change : {"change", "change_last_year"}) {
      if (page.at(change).is_null()) continue;
      const auto& said = page.at(change).at("said");
      RC_ASSERT(joined(said) == page.at(change).at("sentence").as_string());
      const std::int64_t difference =
          page.at(change).at("revenue_after_minor").as_int64() - page.at(change).at("revenue_before_minor").as_int64();
      RC_ASSERT(numbers_of(said).size() == (difference == 0 ? 0U : 1U));
      for (const auto& number : numbers_of(said)) {
        RC_ASSERT(number.at("field") == "change_minor");
        RC_ASSERT(number.at("from") == page.at(change).at("after_start"));
        RC_ASSERT(number.at("to") == page.at(change).at("after_end"));
      }
    }
    for (const auto& thing : page.at("todo").as_array()) {
      RC_ASSERT(joined(thing.at("title_said")) == thing.at("title").as_string());
      RC_ASSERT(joined(thing.at("reason_said")) == thing.at("reason").as_string());
      for (const char* where : {"title_said", "reason_said"}) {
        for (const auto& number : numbers_of(thing.at(where))) {
          RC_ASSERT(number.at("field") == thing.at("id"));
          if (number.at("behind").is_null()) continue;
          for (const char* member : {"behind", "from", "to", "grain"}) RC_ASSERT(number.at(member) == thing.at(member));
        }
      }
    }
    for (const auto& trouble : page.at("troubles").as_array()) {
      RC_ASSERT(joined(trouble.at("title_said")) == trouble.at("title").as_string());
      const std::string detail = joined(trouble.at("detail_said"));
      RC_ASSERT((detail.empty() ? trouble.at("detail").is_null() : trouble.at("detail") == detail.c_str()));
      for (const char* where : {"title_said", "detail_said"}) {
        for (const auto& number : numbers_of(trouble.at(where))) {
          if (number.at("behind").is_null()) continue;
          const std::size_t people = opened_by(shop.histories, q, number);
          if (trouble.at("code") == "silent") {
            RC_ASSERT(people > 0U);  // who ordered last
          } else {
            RC_ASSERT(write.integer(static_cast<std::int64_t>(people)) == number.at("text").as_string());
          }
        }
      }
    }
  }
}

// Every number of the things to do is one: none of those that the sentences write is left among the words.
TEST(Today, NumbersOfWhatIsToDoAreNumbersInItsParts) {
  const auto parts = [](Action action) {
    Today t = made_today(TestShop().order("a", "2024-01-10", 1000).histories());
    t.todo = {std::move(action)};
    const boost::json::value page = boost::json::parse(today_json(t, "en").value());
    const auto& thing = page.at("todo").at(0);
    std::string out;
    for (const char* where : {"title_said", "reason_said"}) {
      for (const auto& number : numbers_of(thing.at(where))) {
        out.append(out.empty() ? "" : ", ").append(number.at("text").as_string());
        out += number.at("behind").is_null() ? " of nobody" : "";
      }
    }
    return out;
  };
  Action a;
  a.people = 1234;
  a.orders = 567;
  a.amount_minor = 99'000;
  a.subject = "No. 5";
  a.rate = 0.25;
  a.compared_rate = 0.125;
  a.mean_minor = 2'000;
  a.compared_mean_minor = 1'000;
  a.from_days = 20;
  a.to_days = 61;
  const auto named = [&](const char* name) {
    a.name = name;
    return parts(a);
  };
  EXPECT_EQ(named("slipping_away"), "1,234, 990");
  EXPECT_EQ(named("second_order_due"), "1,234, 20 of nobody, 61 of nobody, 25.0% of nobody, 20.00 of nobody");
  EXPECT_EQ(named("win_back"), "1,234, 990");
  EXPECT_EQ(named("best_source"), "1,234, 20.00, 10.00 of nobody");
  EXPECT_EQ(named("refunds_item"), "25.0%, 567 of nobody, 12.5% of nobody");
  EXPECT_EQ(named("refunds_lately"), "25.0%, 567 of nobody, 12.5% of nobody");
}

// Each figure beside the same of the period before and of last year: what was said of those when they were the last.
TEST(Today, StandsBesideThePeriodBeforeAndLastYear) {
  TestShop made;
  for (int month = 0; month < 16; ++month) {
    for (int i = 0; i < 40 + month * 3; ++i) {
      if (i % 4 == month % 4 && i < 30) continue;
      const std::string who = "c" + std::to_string(i);
      made.order(who, calendar::to_string(day("2023-01-05") + month * 30 + i % 9), 1000 + i * 7 + month * 11);
    }
  }
  const timeline::Histories h = made.histories();  // until the middle of April 2024
  const boost::json::value now = today(h);
  ASSERT_EQ(now.at("period").at("period_start"), "2024-03-01");
  EXPECT_EQ(now.at("previous").at("period_start"), "2024-02-01");
  EXPECT_EQ(now.at("year_earlier").at("period_start"), "2023-03-01");
  const auto as_asked = [&](const char* on) {
    Question q;
    q.as_of = calendar::Instant{day(on).number * calendar::kMsPerDay};
    return today(h, {}, "en", q);
  };
  const boost::json::value then = as_asked("2024-03-01"), year = as_asked("2023-04-01");
  ASSERT_EQ(then.at("period").at("period_start"), "2024-02-01");
  ASSERT_EQ(year.at("period").at("period_start"), "2023-03-01");
  for (const auto& figure : now.at("headline").as_array()) {
    const auto& field = figure.at("field").as_string();
    EXPECT_DOUBLE_EQ(figure.at("previous").to_number<double>(), number_of(*find(then.at("headline"), "field", field)))
        << field;
    EXPECT_DOUBLE_EQ(figure.at("year_earlier").to_number<double>(),
                     number_of(*find(year.at("headline"), "field", field)))
        << field;
  }
  const auto& change = now.at("change_last_year");
  EXPECT_EQ(change.at("before_start"), "2023-03-01");
  EXPECT_EQ(change.at("after_start"), "2024-03-01");
  std::int64_t sum = change.at("revenue_before_minor").as_int64();
  for (const auto& part : now.at("changed_last_year").as_array()) sum += part.at("minor").as_int64();
  EXPECT_EQ(sum, change.at("revenue_after_minor").as_int64());
  EXPECT_EQ(change.at("revenue_before_minor"), find(year.at("headline"), "field", "revenue_minor")->at("minor"));
  // By years the period before is last year.
  Question yearly;
  yearly.grain = calendar::parse_grain("year").value();
  EXPECT_TRUE(today(h, {}, "en", yearly).at("year_earlier").is_null());
  EXPECT_TRUE(today(h, {}, "en", yearly).at("change_last_year").is_null());
}

TEST(Today, IsAPageOfATerminalInThreeLanguages) {
  TestShop made;
  for (int i = 0; i < 80; ++i) {
    const std::string who = "c" + std::to_string(i);
    made.order(who, "2024-01-10", 1000);
    if (i < 60) made.order(who, "2024-02-05", 1000);
    if (i < 20) made.order(who, "2024-03-02", 1000);
  }
  const timeline::Histories h = made.histories();
  TodayFacts facts;
  facts.rejected = 3;
  facts.data_dir = "my shop";
  const Today t = made_today(h, facts);
  ASSERT_FALSE(t.todo.empty());
  for (const char* language : {"en", "nl", "sv"}) {
    const boost::json::value document = boost::json::parse(today_json(t, language).value());
    const std::string page = render_today(t, language, {.columns = 100, .utf8 = true, .colour = false}).value();
    // Lines are wrapped: words, one blank between them.
    std::string flat;
    for (const char c : page) {
      if (c != '\n' && (c != ' ' || !flat.ends_with(' '))) flat += c;
      if (c == '\n' && !flat.ends_with(' ')) flat += ' ';
    }
    const auto says = [&](const boost::json::value& text) {
      return flat.find(std::string(text.as_string())) != std::string::npos;
    };
    EXPECT_TRUE(says(document.at("sentence"))) << flat;
    EXPECT_TRUE(says(document.at("change").at("sentence"))) << flat;
    for (const auto& thing : document.at("todo").as_array()) {
      EXPECT_TRUE(says(thing.at("reason"))) << thing.at("reason");
    }
    ASSERT_FALSE(document.at("troubles").as_array().empty());
    for (const auto& trouble : document.at("troubles").as_array()) EXPECT_TRUE(says(trouble.at("title"))) << flat;
    EXPECT_NE(flat.find("--behind " + t.todo.front().name), std::string::npos) << flat;
    EXPECT_NE(flat.find("--data 'my shop'"), std::string::npos) << flat;
    const std::string ascii = render_today(t, language, {.columns = 80, .utf8 = false, .colour = false}).value();
    EXPECT_TRUE(std::ranges::all_of(ascii, [](char c) { return static_cast<unsigned char>(c) < 128; }));
  }
  EXPECT_FALSE(render_today(t, "de", {}).has_value());
}

TEST(Today, ItsListsAreOneTable) {
  TestShop made;
  for (int i = 0; i < 80; ++i) {
    const std::string who = "c" + std::to_string(i);
    made.order(who, "2024-01-10", 1000);
    if (i < 60) made.order(who, "2024-02-05", 1000);
    if (i < 20) made.order(who, "2024-03-02", 1000);
  }
  const Today t = made_today(made.histories());
  const boost::json::value document = boost::json::parse(today_json(t, "nl").value());
  const auto rows = today_rows(t, "nl").value();
  const auto count = [&](std::string_view list) {
    return static_cast<std::size_t>(std::ranges::count(rows, list, &TodayRow::list));
  };
  EXPECT_EQ(count("headline"), document.at("headline").as_array().size());
  EXPECT_EQ(count("changed"), document.at("changed").as_array().size());
  EXPECT_EQ(count("todo"), document.at("todo").as_array().size());
  EXPECT_EQ(count("trouble"), document.at("troubles").as_array().size());
  for (const TodayRow& row : rows) {
    if (row.list == "headline") {
      EXPECT_DOUBLE_EQ(*row.value, number_of(*find(document.at("headline"), "field", row.id))) << row.id;
    } else if (row.list == "todo") {
      const auto* thing = find(document.at("todo"), "id", row.id);
      EXPECT_EQ(row.title, thing->at("title").as_string());
      EXPECT_EQ(*row.people, thing->at("people").to_number<std::uint64_t>());
      EXPECT_EQ(row.behind, row.id);
    }
  }
  EXPECT_FALSE(today_rows(t, "de").has_value());
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
  facts.rejected_imports = {5, 2};
  facts.without_rate = {{"USD", 2}};
  const auto fields = [](const boost::json::value& trouble) {
    std::string out;
    for (const char* where : {"title_said", "detail_said"}) {
      for (const auto& number : numbers_of(trouble.at(where))) {
        out.append(out.empty() ? "" : ", ").append(number.at("text").as_string()).append(" ");
        out += number.at("field").as_string();
        if (!number.at("behind").is_null()) out.append(" of ").append(number.at("behind").as_string());
      }
    }
    return out;
  };
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
    // What a page leads to, whatever the words around it.
    EXPECT_EQ(boost::json::serialize(find(troubles, "code", "unknown_status")->at("subjects")), R"(["zonderling"])");
    EXPECT_TRUE(find(troubles, "code", "rejected")->at("subjects").as_array().empty());
    EXPECT_EQ(find(troubles, "code", "without_rate")->at("subjects").as_array().size(), 1U);
    EXPECT_EQ(boost::json::serialize(find(troubles, "code", "rejected")->at("imports")), "[5,2]");
    EXPECT_EQ(boost::json::serialize(find(troubles, "code", "silent")->at("imports")), "[]");
    // Each count is a number, of its people where there are any.
    EXPECT_EQ(fields(*find(troubles, "code", "rejected")), "7 rejected");
    EXPECT_EQ(fields(*find(troubles, "code", "without_rate")), "2 without_rate");
    EXPECT_EQ(fields(*find(troubles, "code", "unknown_status")), "1 unknown_status");
    EXPECT_TRUE(fields(*find(troubles, "code", "anonymous")).starts_with("1 anonymous, 33"));
    EXPECT_TRUE(fields(*find(troubles, "code", "silent")).starts_with("49 silent of buyers, "));
    EXPECT_EQ(fields(*find(troubles, "code", "all_warming_up")), "30 warming_up");
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
  EXPECT_FALSE(today_json(made_today(h), "de").has_value());
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
