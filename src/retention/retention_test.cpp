#include <gtest/gtest.h>

#include "retention/answers.h"
#include "retention/test_shop.h"

namespace behoud::retention {
namespace {

using timeline::Histories;

Question asked(std::string_view from, std::string_view to, std::optional<int> window = {}) {
  Question q;
  q.from = day(from);
  q.to = day(to);
  q.window_days = window;
  return q;
}
RetentionRow only_row(const Histories& h, const Question& q) {
  const RetentionAnswer a = answer_retention(h, {}, q).value();
  EXPECT_EQ(a.rows.size(), 1u);
  return a.rows.at(0);
}

// ---- The checks of the definitions.

TEST(Retention, TextbookStart2000End2400New600Is90Percent) {
  TestShop shop;
  for (int i = 0; i < 2000; ++i) shop.order("old" + std::to_string(i), "2023-12-15", 100);
  for (int i = 0; i < 1800; ++i) shop.order("old" + std::to_string(i), "2024-01-20", 100);
  for (int i = 0; i < 600; ++i) shop.order("new" + std::to_string(i), "2024-01-10", 100);
  const RetentionRow row = only_row(shop.histories(), asked("2024-01-01", "2024-02-01", 30));
  EXPECT_EQ(row.customers_start, 2000u);
  EXPECT_EQ(row.customers_end, 2400u);
  EXPECT_EQ(row.new_customers, 600u);
  EXPECT_DOUBLE_EQ(*row.crr.value, 0.9);
  EXPECT_FALSE(row.crr.low.has_value());
}

TEST(Retention, TextbookFiftyOfFiveHundredLostIsTenPercentChurn) {
  TestShop shop;
  for (int i = 0; i < 500; ++i) shop.order("c" + std::to_string(i), "2023-12-15", 100);
  for (int i = 0; i < 450; ++i) shop.order("c" + std::to_string(i), "2024-01-20", 100);
  const RetentionRow row = only_row(shop.histories(), asked("2024-01-01", "2024-02-01", 30));
  EXPECT_EQ(row.lost, 50u);
  EXPECT_DOUBLE_EQ(*row.churn_rate.value, 0.1);
}

TEST(Retention, TextbookTwoOfTenLostIsEightyPercent) {
  TestShop shop;
  for (int i = 0; i < 10; ++i) shop.order("c" + std::to_string(i), "2023-12-15", 100);
  for (int i = 0; i < 8; ++i) shop.order("c" + std::to_string(i), "2024-01-20", 100);
  const RetentionRow row = only_row(shop.histories(), asked("2024-01-01", "2024-02-01", 30));
  EXPECT_DOUBLE_EQ(*row.crr_strict.value, 0.8);
  EXPECT_DOUBLE_EQ(*row.crr.value, 0.8);
  // Wilson 95 % of 8 in 10, by hand: centre (0.8 + 0.192073) / 1.384146, half 0.226631.
  EXPECT_NEAR(*row.crr_strict.low, 0.490162, 1e-6);
  EXPECT_NEAR(*row.crr_strict.high, 0.943318, 1e-6);
}

TEST(Retention, TextbookNineHundredOfTwoThousandComeBackIs45Percent) {
  TestShop shop;
  for (int i = 0; i < 2000; ++i) shop.order("c" + std::to_string(i), "2022-03-01", 100);
  for (int i = 0; i < 900; ++i) shop.order("c" + std::to_string(i), "2024-01-20", 100);
  const RetentionRow row = only_row(shop.histories(), asked("2024-01-01", "2024-02-01", 30));
  EXPECT_DOUBLE_EQ(*row.returning_rate.value, 0.45);
  EXPECT_EQ(row.returning_rate.d, 2000u);
  EXPECT_EQ(row.returning_rate_active.d, 0u);
  EXPECT_FALSE(row.returning_rate_active.value.has_value());
  EXPECT_EQ(row.reactivated, 900u);
}

// ---- Days and windows.

TEST(Retention, AnOrderMakesActiveFromTheNextDayForWDays) {
  const Histories h = TestShop().order("c-1", "2024-01-10", 100).histories();
  struct {
    const char* at;
    std::uint64_t active;
  } const cases[] = {{"2024-01-10", 0}, {"2024-01-11", 1}, {"2024-02-09", 1}, {"2024-02-10", 0}};
  for (const auto& c : cases) {
    Question q;
    q.from = day(c.at);
    q.to = day(c.at) + 1;
    q.grain.unit = calendar::Grain::Unit::kDay;
    q.window_days = 30;
    q.as_of = calendar::Instant{day("2024-06-01").number * calendar::kMsPerDay};
    EXPECT_EQ(only_row(h, q).customers_start, c.active) << c.at;
  }
}

TEST(Retention, AWindowShorterThanThePeriodMakesSomeOneAndGone) {
  const Histories h = TestShop().order("c-1", "2024-01-02", 100).order("c-2", "2024-01-30", 100).histories();
  const RetentionRow row = only_row(h, asked("2024-01-01", "2024-02-01", 7));
  EXPECT_EQ(row.one_and_gone, 1u);
  EXPECT_EQ(row.new_customers, 1u);
  EXPECT_EQ(row.customers_end, 1u);
}

TEST(Retention, AnUnfinishedPeriodIsReadAtAsOf) {
  const Histories h = TestShop().order("c-1", "2024-01-02", 100).order("c-2", "2024-02-10", 100).histories();
  const RetentionAnswer a = answer_retention(h, {.window_days = 30}, {}).value();
  ASSERT_EQ(a.rows.size(), 2u);
  EXPECT_EQ(calendar::to_string(a.basics.as_of), "2024-02-11T00:00:00Z");
  EXPECT_TRUE(a.rows[0].head.complete);
  EXPECT_FALSE(a.rows[0].head.evaluated_to.has_value());
  EXPECT_FALSE(a.rows[1].head.complete);
  EXPECT_EQ(a.rows[1].head.period_end, day("2024-03-01"));
  EXPECT_EQ(a.rows[1].head.evaluated_to, day("2024-02-11"));
  EXPECT_EQ(a.rows[1].customers_end, 1u);  // c2; c1's window has passed
}

TEST(Retention, AsOfInsideADayCountsThatDay) {
  TestShop shop;
  auto morning = shop.make("c-1", "2024-01-10", 100), evening = shop.make("c-2", "2024-01-10", 100);
  morning.placed = calendar::Moment{{day("2024-01-10").number * calendar::kMsPerDay + 8 * 3'600'000}, false};
  evening.placed = calendar::Moment{{day("2024-01-10").number * calendar::kMsPerDay + 20 * 3'600'000}, false};
  shop.add(morning).add(evening).order("c-3", "2024-01-10", 100).order("c-4", "2024-01-11", 100);
  Question q = asked("2024-01-01", "2024-02-01");
  q.as_of = calendar::Instant{day("2024-01-10").number * calendar::kMsPerDay + 12 * 3'600'000};
  const RetentionRow row = only_row(shop.histories(), q);
  EXPECT_EQ(row.orders, 2u);  // c1's, and c3's, which has no time of day
  EXPECT_EQ(row.customers_end, 2u);
  EXPECT_EQ(row.head.evaluated_to, day("2024-01-11"));
}

TEST(Retention, APeriodWhoseLastDayIsStillRunningIsNotComplete) {
  const Histories h = TestShop().order("c-1", "2024-01-10", 100).histories();
  Question q = asked("2024-01-01", "2024-02-01");
  q.as_of = calendar::Instant{day("2024-01-31").number * calendar::kMsPerDay + 1};
  EXPECT_FALSE(only_row(h, q).head.complete);
  q.as_of = calendar::Instant{day("2024-02-01").number * calendar::kMsPerDay};
  EXPECT_TRUE(only_row(h, q).head.complete);
}

TEST(Retention, ARefundLowersRevenueOnlyOnceItIsKnown) {
  TestShop shop;
  auto o = shop.make("c-1", "2024-01-10", 1000);
  const calendar::Instant refunded{day("2024-02-10").number * calendar::kMsPerDay};
  const ledger::RefundPart part[] = {{"r", refunded, 400}};
  o.refunds = part;
  const Histories h = shop.add(o).order("c-2", "2024-05-01", 5).histories();
  Question q = asked("2024-01-01", "2024-02-01");
  q.as_of = refunded;  // not after the refund's instant
  EXPECT_EQ(only_row(h, q).revenue_minor, 1000);
  q.as_of = calendar::Instant{refunded.ms + 1};
  EXPECT_EQ(only_row(h, q).revenue_minor, 600);
  EXPECT_EQ(only_row(h, q).gross_minor, 1000);
}

TEST(Retention, ARefundInFullMakesTheOrderNoPurchaseFromThenOn) {
  TestShop shop;
  auto o = shop.make("c-1", "2024-01-10", 1000);
  o.refund_minor = 1000;
  o.refunded_at = calendar::Instant{day("2024-02-10").number * calendar::kMsPerDay};
  const Histories h = shop.add(o).order("c-2", "2024-05-01", 5).histories();
  Question q = asked("2024-01-01", "2024-02-01");
  q.as_of = calendar::Instant{day("2024-02-10").number * calendar::kMsPerDay};
  EXPECT_EQ(only_row(h, q).customers_end, 1u);
  q.as_of.reset();
  EXPECT_EQ(only_row(h, q).customers_end, 0u);
  EXPECT_EQ(only_row(h, q).gross_minor, 0);
}

// ---- The left edge.

TEST(Retention, WarmsUpForOneWindowAndSaysNewAtMostForFour) {
  TestShop shop;
  shop.order("c-1", "2024-01-01", 100).order("c-1", "2024-12-31", 100);
  const RetentionAnswer a = answer_retention(shop.histories(), {.window_days = 60}, {}).value();
  ASSERT_EQ(a.rows.size(), 12u);
  // January and February begin before 1 March (60 days on); March to August before 28 August.
  EXPECT_TRUE(a.rows[1].head.warming_up);
  EXPECT_FALSE(a.rows[2].head.warming_up);
  EXPECT_TRUE(a.rows[7].head.new_at_most);
  EXPECT_FALSE(a.rows[8].head.new_at_most);
}

TEST(Retention, ACustomerFileThatKnowsOfEarlierOrdersMakesThemNoNewCustomers) {
  TestShop shop;
  shop.order("c-1", "2024-01-10", 100).order("c-2", "2024-01-11", 100).order("c-3", "2024-01-12", 100);
  shop.known("c-1", "2019-05-05").known("c-2", "", 3).known("c-3", "2024-01-12");
  const RetentionRow row = only_row(shop.histories(), asked("2024-01-01", "2024-02-01"));
  EXPECT_EQ(row.new_customers, 1u);
  EXPECT_EQ(row.reactivated, 2u);
  EXPECT_TRUE(row.head.warming_up);
  EXPECT_FALSE(row.head.new_at_most);  // c3's first order is known
  EXPECT_EQ(row.returning_rate.n, 2u);
  EXPECT_EQ(row.returning_rate.d, 2u);
}

TEST(Retention, AHistoryThatIsTheShopsWholeLifeHasNoLeftEdge) {
  TestShop shop;
  shop.order("c-1", "2024-01-10", 100).order("c-2", "2024-01-11", 100);
  shop.known("c-1", "2024-01-10").known("c-2", "2024-01-11");
  const RetentionRow row = only_row(shop.histories(), asked("2024-01-01", "2024-02-01"));
  EXPECT_FALSE(row.head.warming_up);
  EXPECT_FALSE(row.head.new_at_most);
}

// A shop whose every order was cancelled looked like one whose every customer is known from their first order on.
TEST(Retention, AHistoryInWhichNobodyBoughtIsNobodysWholeLife) {
  TestShop shop;
  auto cancelled = shop.make("c-1", "2024-01-10", 100);
  cancelled.status = "cancelled";
  const RetentionRow row = only_row(shop.add(cancelled).histories(), asked("2024-01-01", "2024-02-01"));
  EXPECT_EQ(row.customers_end, 0u);
  EXPECT_TRUE(row.head.warming_up);
  EXPECT_TRUE(row.head.new_at_most);
}

// ---- Splits, bases, errors.

TEST(Retention, SplitsByTheFirstOrderSoThatThePartsSumToTheWhole) {
  TestShop shop;
  const auto from = [&shop](std::string_view who, std::string_view on, std::string_view source) {
    auto o = shop.make(who, on, 100);
    o.source = source;
    shop.add(o);
  };
  from("c-1", "2024-01-10", "mail");
  from("c-1", "2024-02-10", "search");  // c1 stays with mail
  from("c-2", "2024-01-11", "");
  from("c-3", "2024-02-12", "search");
  Question q = asked("2024-01-01", "2024-03-01");
  q.split = Split::kSource;
  const RetentionAnswer a = answer_retention(shop.histories(), {}, q).value();
  std::vector<std::tuple<calendar::Day, std::string, std::uint64_t>> rows;
  for (const RetentionRow& row : a.rows) rows.emplace_back(row.head.period_start, row.head.split, row.orders);
  EXPECT_EQ(rows, (decltype(rows){{day("2024-01-01"), "", 1},
                                  {day("2024-01-01"), "mail", 1},
                                  {day("2024-02-01"), "", 0},
                                  {day("2024-02-01"), "mail", 1},
                                  {day("2024-02-01"), "search", 1}}));
}

TEST(Retention, SubscriptionsCountFromTheFirstPaidDayUntilTheEnd) {
  TestShop shop;
  const auto subscribe = [&shop](std::string_view who, std::string_view start, std::string_view trial_end,
                                 std::string_view end, std::int64_t amount) -> timeline::Subscription {
    timeline::Subscription s;
    s.customer = shop.customer(who);
    s.start = day(start);
    if (!trial_end.empty()) s.trial_end = day(trial_end);
    if (!end.empty()) s.end = day(end);
    s.amount_minor = amount;
    return s;
  };
  auto paused = subscribe("c-1", "2023-06-01", "", "", 1000);
  paused.pauses.emplace_back(day("2024-01-20"), std::nullopt);
  shop.builder().add_subscription(paused);
  shop.builder().add_subscription(subscribe("c-2", "2023-06-01", "", "2024-01-15", 1000));
  shop.builder().add_subscription(subscribe("c-3", "2023-12-20", "2024-01-10", "", 1000));
  shop.builder().add_subscription(subscribe("c-4", "2024-01-20", "2024-02-20", "", 1000));
  shop.builder().add_subscription(subscribe("c-5", "2024-01-01", "2024-01-10", "2024-01-05", 1000));
  shop.builder().add_subscription(subscribe("c-6", "2023-06-01", "", "2024-01-10", 1000));
  shop.builder().add_subscription(subscribe("c-6", "2024-01-10", "", "", 2000));
  Question q = asked("2024-01-01", "2024-02-01");
  q.basis = Basis::kSubscriptions;
  q.as_of = calendar::Instant{day("2024-06-01").number * calendar::kMsPerDay};
  const RetentionRow row = only_row(shop.histories(), q);
  EXPECT_EQ(row.customers_start, 3u);  // c1, c2, c6
  EXPECT_EQ(row.retained, 2u);         // c1, c6
  EXPECT_EQ(row.lost, 1u);             // c2
  EXPECT_EQ(row.new_customers, 1u);    // c3
  EXPECT_EQ(row.paused, 1u);           // c1
  EXPECT_EQ(row.in_trial, 1u);         // c4
  EXPECT_EQ(row.trial_converted->n, 1u);
  EXPECT_EQ(row.trial_converted->d, 2u);  // c3 and c5
  EXPECT_DOUBLE_EQ(*row.gross_retention, 1.0 / 3);
  EXPECT_DOUBLE_EQ(*row.net_retention, 2.0 / 3);
  EXPECT_FALSE(row.head.warming_up);
}

TEST(Retention, ARelationLastsFromTheJoiningToTheLeaving) {
  TestShop shop;
  const std::uint32_t c1 = shop.customer("c-1"), c2 = shop.customer("c-2");
  shop.builder().add_joined({c1, day("2023-12-01"), 0});
  shop.builder().add_left({c1, day("2024-01-15"), 0});
  shop.builder().add_joined({c1, day("2024-03-01"), 0});
  shop.builder().add_joined({c2, day("2024-01-05"), 0});
  shop.builder().add_left({c2, day("2024-01-05"), 0});  // on one day the leaving holds
  Question q = asked("2024-01-01", "2024-04-01");
  q.basis = Basis::kRelation;
  q.as_of = calendar::Instant{day("2024-06-01").number * calendar::kMsPerDay};
  const RetentionAnswer a = answer_retention(shop.histories(), {}, q).value();
  EXPECT_EQ(a.rows[0].lost, 1u);
  EXPECT_EQ(a.rows[0].one_and_gone, 1u);
  EXPECT_EQ(a.rows[1].customers_end, 0u);
  EXPECT_EQ(a.rows[2].reactivated, 1u);
}

TEST(Retention, EventsOfTheChosenKindsMakeActive) {
  TestShop shop;
  const std::uint32_t c1 = shop.customer("c-1");
  shop.builder().add_event(c1, day("2024-01-05"), "Product Viewed");
  shop.builder().add_event(c1, day("2024-01-20"), "Email Opened");
  const Histories h = shop.histories();
  Question q = asked("2024-01-01", "2024-02-01", 10);
  q.basis = Basis::kEvents;
  q.as_of = calendar::Instant{day("2024-06-01").number * calendar::kMsPerDay};
  EXPECT_EQ(only_row(h, q).one_and_gone, 1u);
  q.window_days = 20;
  EXPECT_EQ(only_row(h, q).new_customers, 1u);
  q.kinds = {"Product Viewed"};
  EXPECT_EQ(only_row(h, q).one_and_gone, 1u);
  q.kinds = {"Product Sniffed"};
  EXPECT_EQ(answer_retention(h, {}, q).error().code, Errc::kInvalidArgument);
}

TEST(Retention, RefusesSpansOffTheGrainAndWindowsWithoutMeaning) {
  const Histories h = TestShop().order("c-1", "2024-01-10", 100).histories();
  EXPECT_EQ(answer_retention(h, {}, asked("2024-01-02", "2024-02-01")).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(answer_retention(h, {}, asked("2024-01-01", "2024-02-02")).error().code, Errc::kInvalidArgument);
  Question open = asked("2024-01-02", "2024-02-01");
  open.to.reset();
  EXPECT_EQ(answer_retention(h, {}, open).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(answer_cohorts(h, {}, open).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(answer_retention(h, {}, asked("2024-03-01", "2024-02-01")).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(answer_retention(h, {}, asked("2024-01-01", "2024-02-01", 0)).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(answer_retention(h, {}, asked("2024-01-01", "2024-02-01", 40'000)).error().code, Errc::kInvalidArgument);
}

TEST(Retention, AnEmptyShopHasNoRows) {
  const Histories h = TestShop().histories();
  EXPECT_TRUE(answer_retention(h, {}, {}).value().rows.empty());
  EXPECT_TRUE(answer_cohorts(h, {}, {}).value().rows.empty());
  EXPECT_TRUE(answer_value(h, {}, {}).value().rows.empty());
  EXPECT_TRUE(answer_cost(h, {}, {}).value().rows.empty());
  EXPECT_TRUE(answer_whatif(h, {}, {}).value().rows.empty());
  EXPECT_TRUE(answer_slipping(h, {}, {}).value().rows.empty());
  EXPECT_FALSE(answer_change(h, {}, {}).value().has_value());
  EXPECT_EQ(answer_claims(h, {}, {}).value().rows.size(), 5u);
  EXPECT_EQ(choose_window(h).days, 365);
}

// ---- Cohorts.

TEST(Cohorts, CountOnOnOrAfterAndActive) {
  TestShop shop;
  shop.order("c-1", "2024-01-10", 100).order("c-1", "2024-03-10", 50);
  shop.order("c-2", "2024-01-20", 200).order("c-3", "2024-02-01", 300).order("c-4", "2024-04-15", 1);
  const Histories h = shop.histories();
  Question q = asked("2024-01-01", "2024-03-01", 30);
  const auto customers = [&](CohortMode mode, std::size_t row) {
    q.mode = mode;
    const CohortAnswer answer = answer_cohorts(h, {}, q).value();
    std::vector<std::uint64_t> out;
    for (const CohortCell& cell : answer.rows.at(row).cells) out.push_back(cell.customers);
    return out;
  };
  using Cells = std::vector<std::uint64_t>;
  EXPECT_EQ(customers(CohortMode::kOn, 0), (Cells{2, 0, 1, 0}));
  EXPECT_EQ(customers(CohortMode::kOnOrAfter, 0), (Cells{2, 1, 1, 0}));
  EXPECT_EQ(customers(CohortMode::kActive, 0), (Cells{2, 0, 1, 0}));
  EXPECT_EQ(customers(CohortMode::kOn, 1), (Cells{1, 0, 0}));
  q.mode = CohortMode::kOn;
  const CohortAnswer a = answer_cohorts(h, {.window_days = 30}, q).value();
  EXPECT_EQ(a.rows[0].size, 2u);
  EXPECT_EQ(a.rows[0].cells[2].revenue_minor, 50);
  EXPECT_EQ(a.rows[0].cells[2].cumulative_revenue_minor, 350);
  EXPECT_TRUE(a.rows[0].cells[2].complete);
  EXPECT_FALSE(a.rows[0].cells[3].complete);
  EXPECT_TRUE(a.rows[0].warming_up);  // 1 January is before 10 January + 30 days
  EXPECT_EQ(a.means.at(0).cohorts, 0u);
}

TEST(Cohorts, MeansAreOverCompleteCellsPastTheLeftEdge) {
  TestShop shop;
  shop.order("c-8", "2023-11-30", 1);
  for (const char* who : {"a", "b", "c", "d"}) shop.order(who, "2024-01-10", 100);
  shop.order("a", "2024-02-10", 100);
  shop.order("e", "2024-02-10", 100).order("e", "2024-03-10", 100);
  shop.order("f", "2024-03-05", 1);
  const CohortAnswer a =
      answer_cohorts(shop.histories(), {.window_days = 30}, asked("2024-01-01", "2024-04-01")).value();
  ASSERT_EQ(a.means.size(), 3u);
  // k = 1: 1 of 4; February's cell 1 and all of March are unfinished.
  EXPECT_EQ(a.means[1].cohorts, 1u);
  EXPECT_DOUBLE_EQ(*a.means[1].weighted, 0.25);
  EXPECT_EQ(a.means[1].customers, 1u);
  EXPECT_EQ(a.means[1].size, 4u);
  EXPECT_EQ(a.means[0].cohorts, 2u);
  EXPECT_DOUBLE_EQ(*a.means[0].plain, 1.0);
  EXPECT_FALSE(a.means[2].plain.has_value());
}

}  // namespace
}  // namespace behoud::retention
