#include "retention/report/actions.h"

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "retention/random_shop.h"
#include "retention/report/internal/random_shop.h"
#include "retention/report/report.h"
#include "retention/test_shop.h"

namespace behoud::retention::report {
namespace {

std::vector<Action> actions_of(const timeline::Histories& h, const ingest::ReadFacts& facts = {},
                               ReportOptions options = {}) {
  auto r = make_report(h, facts, {}, options);
  EXPECT_TRUE(r) << (r ? "" : r.error().message);
  return r ? r->actions : std::vector<Action>{};
}
const Action* find(const std::vector<Action>& actions, std::string_view name) {
  const auto it = std::find_if(actions.begin(), actions.end(), [&](const Action& a) { return a.name == name; });
  return it == actions.end() ? nullptr : &*it;
}
std::string number(int i) { return "c" + std::to_string(i); }

// Sixty customers long before the end, of whom thirty come again after 20, 21, ... 49 days; then five who ordered once.
timeline::Histories once_and_again(int last_silent_days) {
  TestShop shop;
  const calendar::Day end = day("2024-06-30");
  for (int i = 0; i < 60; ++i) {
    const calendar::Day first = end - 600;
    shop.order(number(i), calendar::to_string(first), 1'000);
    if (i < 30) shop.order(number(i), calendar::to_string(first + 20 + i), 3'000);
  }
  for (int i = 60; i < 65; ++i) shop.order(number(i), calendar::to_string(end - last_silent_days), 1'000);
  shop.order("last", calendar::to_string(end - 1), 1'000);  // as-of is `end`
  return shop.histories();
}

TEST(Actions, InviteToASecondOrderThoseForWhomItIsDue) {
  // Half of the gaps are at most 34 days, nine in ten at most 46. At 40 days it is due. Of the 60 seen for a year, 45
  // had not come back by day 34; 15 of those still did, for 30.00: 5 people x 15 / 45 x 30.00 = 50.00.
  const auto actions = actions_of(once_and_again(40));
  const Action* a = find(actions, "second_order_due");
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(a->people, 5u);
  EXPECT_EQ(a->from_days, 34);
  EXPECT_EQ(a->to_days, 46);
  EXPECT_DOUBLE_EQ(*a->rate, 15.0 / 45);
  EXPECT_DOUBLE_EQ(*a->mean_minor, 3'000);
  EXPECT_EQ(a->amount_minor, 5'000);
  EXPECT_EQ(a->command, "behoud customers --behind second_order_due");
  for (const int silent : {34, 47})
    EXPECT_EQ(find(actions_of(once_and_again(silent)), "second_order_due"), nullptr) << silent;
  for (const int silent : {35, 46})
    EXPECT_NE(find(actions_of(once_and_again(silent)), "second_order_due"), nullptr) << silent;
}

TEST(Actions, WinBackThoseLostInTheHeadlinesPeriodAndNotSince) {
  TestShop shop;
  shop.order("early", "2022-06-01", 100);
  // W = 30. Ordered on 10 April: active on 1 May, not on 1 June.
  shop.order("lost", "2024-04-10", 5'000).order("lost", "2023-04-12", 700).order("lost", "2023-04-11", 9'000);
  shop.order("back", "2024-04-10", 5'000).order("back", "2024-06-03", 5'000);
  shop.order("kept", "2024-04-10", 5'000).order("kept", "2024-05-20", 5'000).order("kept", "2024-06-05", 100);
  const auto h = shop.histories();
  ReportOptions options;
  options.question.window_days = 30;
  options.data_dir = "my shop";
  const auto actions = actions_of(h, {}, options);
  const Action* a = find(actions, "win_back");
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(a->people, 1u);
  EXPECT_EQ(a->amount_minor, 5'700) << "the 365 days up to the last order";
  EXPECT_EQ(a->command,
            "behoud customers --behind win_back --window 30d --data 'my shop' --from 2024-05-01 --to 2024-06-01 "
            "--grain month");
  Question q = options.question;
  q.from = day("2024-05-01");
  q.to = day("2024-06-01");
  const auto who = customers_to_act_on(h, {}, q, "win_back").value();
  ASSERT_EQ(who.rows.size(), 1u);
  EXPECT_EQ(who.rows[0].customer, "lost");
  EXPECT_EQ(who.rows[0].orders, 3u);
  EXPECT_EQ(who.rows[0].revenue_minor, 14'700);
  EXPECT_EQ(calendar::to_string(*who.rows[0].last_order), "2024-04-10");
}

timeline::Histories of_two_sources(std::int64_t newsletter, std::int64_t search) {
  TestShop shop;
  for (int i = 0; i < 80; ++i) {
    const std::string who = number(i);  // an assertion borrows its texts
    auto o = shop.make(who, "2022-01-10", (i % 2 ? newsletter : search) + i % 5);
    o.source = i % 2 ? "newsletter" : "search";
    shop.add(o);
  }
  shop.order("last", "2024-01-10", 1);
  return shop.histories();
}

// Whatever makes a customer, and whatever else was asked: the list has as many rows as the report says.
RC_GTEST_PROP(Actions, ListAsManyPeopleAsTheySayOnEveryBasis, ()) {
  const RandomShop shop = any_shop();
  ReportOptions options;
  options.question = any_question(shop);
  const auto report = make_report(shop.histories, {}, {}, options);
  RC_PRE(report.has_value());
  Question q = options.question;
  q.split = Split::kNone;
  q.from.reset();
  q.to.reset();
  if (report->slipping.customers > 0) {
    RC_ASSERT(customers_to_act_on(shop.histories, {}, q, "slipping_away")->rows.size() == report->slipping.customers);
    RC_ASSERT((report->slipping.command.find("--basis") == std::string::npos) == (q.basis == Basis::kOrders));
  }
  for (const Action& a : report->actions) {
    if (!is_action_list(a.name)) continue;
    Question of = q;
    if (a.name == "win_back") {
      of.from = report->headline->now.head.period_start;
      of.to = report->headline->now.head.period_end;
    }
    RC_ASSERT(customers_to_act_on(shop.histories, {}, of, a.name)->rows.size() == a.people);
  }
}

TEST(Actions, CommandsNameTheBasisAndTheKindsOfTheQuestion) {
  Question q;
  EXPECT_EQ(list_command("slipping_away", q, ""), "behoud customers --behind slipping_away");
  q.basis = Basis::kEvents;
  q.kinds = {"Product Viewed", "Email Opened"};
  q.window_days = 30;
  EXPECT_EQ(list_command("slipping_away", q, "shop"),
            "behoud customers --behind slipping_away --window 30d --basis events --kinds 'Product Viewed,Email Opened' "
            "--data shop");
}

TEST(Actions, PointAtTheSourceThatBringsMore) {
  const auto actions = actions_of(of_two_sources(5'000, 1'000));
  const Action* a = find(actions, "best_source");
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(a->subject, "newsletter");
  EXPECT_EQ(a->people, 40u);
  EXPECT_NEAR(*a->mean_minor, 5'002, 1e-9);
  EXPECT_NEAR(*a->compared_mean_minor, (40 * 1'002.0 + 0) / 40, 1e-9)
      << "the last customer has not been seen for a year";
  EXPECT_EQ(a->amount_minor, 160'000);
  EXPECT_EQ(find(actions_of(of_two_sources(1'000, 1'000)), "best_source"), nullptr) << "equal sources";
}

TEST(Actions, AskWhyAProductComesBack) {
  TestShop shop;
  for (int i = 0; i < 120; ++i) {
    const std::string who = number(i);  // an assertion borrows its texts
    auto o = shop.make(who, "2024-01-10", 1'000);
    const bool shoe = i % 3 == 0;
    const ledger::OrderLine line{shoe ? "shoe" : "sock", "", 1'000, 1'000};
    o.lines = {&line, 1};
    if ((shoe && i < 60) || i == 1) o.refund_minor = 500;
    shop.add(o);
  }
  const auto h = shop.histories();
  const auto actions = actions_of(h);
  const Action* a = find(actions, "refunds_item");
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(a->subject, "shoe");
  EXPECT_EQ(a->orders, 40u);
  EXPECT_EQ(a->people, 20u);
  EXPECT_DOUBLE_EQ(*a->rate, 0.5);
  EXPECT_DOUBLE_EQ(*a->compared_rate, 1.0 / 80);
  EXPECT_EQ(a->amount_minor, 20 * 500 - 40'000 * 500 / 80'000);
  EXPECT_EQ(customers_to_act_on(h, {}, {}, "refunds_item").value().rows.size(), 20u);
}

TEST(Actions, AskWhyRefundsAreUp) {
  TestShop shop;
  for (int i = 0; i < 200; ++i) {
    const std::string who = number(i);  // an assertion borrows its texts
    auto o = shop.make(who, i < 100 ? "2023-06-10" : "2024-01-10", 1'000);
    if (i % 100 < (i < 100 ? 2 : 20)) o.refund_minor = 1'000;
    o.refund_minor = i % 100 < (i < 100 ? 2 : 20) ? std::optional<std::int64_t>(400) : std::nullopt;
    shop.add(o);
  }
  const auto actions = actions_of(shop.histories());
  const Action* a = find(actions, "refunds_lately");
  ASSERT_NE(a, nullptr);
  EXPECT_DOUBLE_EQ(*a->rate, 0.2);
  EXPECT_DOUBLE_EQ(*a->compared_rate, 0.02);
  EXPECT_EQ(a->amount_minor, 20 * 400 - 2 * 400);
  EXPECT_EQ(a->people, 20u);
}

TEST(Actions, NameWhatIsMissingInTheData) {
  TestShop shop;
  for (int i = 0; i < 20; ++i) shop.order(number(i), "2024-01-10", 1'000);
  auto nobody = shop.make("", "2024-01-05", 90'000);
  nobody.customer = {};
  shop.add(nobody);
  auto odd = shop.make("x", "2024-01-05", 70'000);
  odd.status = "on the moon";
  shop.add(odd);
  ingest::ReadFacts facts;
  ingest::FileShape shape;
  shape.columns = {{0, "Date", ingest::Role::kDate, 1, ""}};
  facts.files = {shape};
  facts.rejected_count = 4;
  facts.rows = 100;
  ReportOptions options;
  options.files = {"my orders.csv"};
  options.reading_arguments = {"--timezone", "Europe/Amsterdam"};
  const auto actions = actions_of(shop.histories(), facts, options);
  ASSERT_EQ(actions.size(), 5u);
  EXPECT_EQ(actions[0].name, "anonymous");
  EXPECT_EQ(actions[0].orders, 1u);
  EXPECT_EQ(actions[0].amount_minor, 90'000);
  EXPECT_EQ(actions[0].command, "behoud report 'my orders.csv' --timezone Europe/Amsterdam --map email=COLUMN");
  EXPECT_EQ(actions[1].name, "unknown_status");
  EXPECT_EQ(actions[1].subject, "on the moon");
  EXPECT_EQ(actions[1].command,
            "behoud report 'my orders.csv' --timezone Europe/Amsterdam --status 'on the moon=counts'");
  EXPECT_EQ(actions[2].name, "rejected");
  EXPECT_DOUBLE_EQ(*actions[2].rate, 0.04);
  EXPECT_EQ(actions[3].name, "no_status");
  EXPECT_EQ(actions[4].name, "no_currency");
}

TEST(Actions, SayNothingOfAQuietShop) {
  ReportOptions options;
  EXPECT_TRUE(actions_of(TestShop().order("ann", "2024-01-10", 1'000).histories(), {}, options).empty());
}

TEST(Actions, KnowNoOtherList) {
  const auto out = customers_to_act_on(TestShop().order("ann", "2024-01-10", 1).histories(), {}, {}, "everybody");
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, Errc::kNotFound);
  EXPECT_FALSE(is_action_list("everybody"));
  EXPECT_TRUE(is_action_list("win_back"));
}

RC_GTEST_PROP(Actions, ListAsManyPeopleAsTheySay, ()) {
  const auto h = *internal::random_shop(250);
  ReportOptions options;
  options.question.window_days = *rc::gen::element(30, 90, 365);
  const Report r = make_report(h, {}, {}, options).value();
  for (const Action& a : r.actions) {
    if (!is_action_list(a.name)) continue;
    RC_TAG(a.name);
    Question q = options.question;
    if (a.name == "win_back") {
      q.from = r.headline->now.head.period_start;
      q.to = r.headline->now.head.period_end;
    }
    const auto who = customers_to_act_on(h, {}, q, a.name).value();
    RC_ASSERT(who.rows.size() == a.people);
    for (const CustomerRow& row : who.rows) RC_ASSERT(row.customer == h.customer_key[row.index]);
  }
}

TEST(ShellWord, IsOneWordWhateverIsInIt) {
  struct {
    const char* given;
    const char* word;
  } const cases[] = {{"orders.csv", "orders.csv"},
                     {"my orders.csv", "'my orders.csv'"},
                     {"it's", "'it'\\''s'"},
                     {"", "''"},
                     {"--map", "--map"},
                     {"$(reboot)", "'$(reboot)'"},
                     {"a;b", "'a;b'"},
                     {"/tmp/a_b-1.csv", "/tmp/a_b-1.csv"},
                     {"a\nb", "'a\nb'"}};
  for (const auto& c : cases) EXPECT_EQ(shell_word(c.given), c.word);
  EXPECT_EQ(file_word("-rf"), "./-rf");
  EXPECT_EQ(file_word("orders.csv"), "orders.csv");
}

}  // namespace
}  // namespace behoud::retention::report
