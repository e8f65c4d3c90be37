#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "timeline/questions/oracle.h"
#include "timeline/random_histories.h"
#include "timeline/testing_isas.h"

// Every question of the engine against its slow oracle: on random timelines in parts with a delta, filtered and split,
// with each set of instructions, and on all histories up to a small size.

namespace behoud::timeline {
namespace {

struct Asked {
  std::uint32_t window_days = 30;
  PurchaseQuestion purchases{};
  Audience audience{};
  FunnelQuestion funnel{};
  ReturnQuestion returns{};
  PathQuestion path{};
  PairQuestion pairs{};
};

// The first question whose answer is not the oracle's; "" when all are. `shops` has one shop a code of the split.
std::string first_difference(const Timeline& t, const std::vector<oracle::Shop>& shops, const Asked& asked,
                             const Slice& slice) {
  const auto cohorts = cohort_months(t, slice);
  const auto own = month_activity(t, {}, slice), other = month_activity(t, asked.window_days, slice);
  auto cells = purchase_cells(t, asked.purchases, slice);
  const auto steps = funnel(t, asked.funnel, slice).value();
  const auto returns = return_days(t, asked.returns, slice).value();
  const auto ways = paths(t, asked.path, slice).value();
  const auto pairs = item_pairs(t, asked.pairs, slice);
  std::vector<std::uint32_t> fitting = numbers(t, audience(t, asked.audience, slice).value());
  std::ranges::sort(fitting);
  std::vector<std::uint32_t> should_fit;
  for (std::size_t code = 0; code < shops.size(); ++code) {
    const oracle::Shop& shop = shops[code];
    std::ranges::sort(cells[code]);
    if (!(cohorts[code] == oracle::cohort_months(shop))) return "cohort_months";
    if (own[code] != oracle::month_activity(shop, t.schema.window_days)) return "month_activity, own window";
    if (other[code] != oracle::month_activity(shop, asked.window_days)) return "month_activity, other window";
    if (cells[code] != oracle::purchase_cells(shop, asked.purchases)) return "purchase_cells";
    if (!(steps[code] == oracle::funnel(shop, asked.funnel))) return "funnel";
    if (!(returns[code] == oracle::return_days(shop, asked.returns))) return "return_days";
    if (ways[code] != oracle::paths(shop, asked.path)) return "paths";
    if (!(pairs[code] == oracle::item_pairs(shop, asked.pairs))) return "item_pairs";
    std::ranges::copy(oracle::audience(shop, asked.audience), std::back_inserter(should_fit));
  }
  std::ranges::sort(should_fit);
  return fitting == should_fit ? "" : "audience";
}

Asked any_question(const RandomHistories& all) {
  const auto in = [](std::int64_t from, std::int64_t to) { return *rc::gen::inRange<std::int64_t>(from, to); };
  const auto kind = [&] { return static_cast<Kind>(in(0, 5)); };
  const auto as_of = [&] {
    return static_cast<std::uint32_t>(in(0, 2) == 0 ? all.scale.days() + in(0, 3) : in(0, all.scale.days() + 1));
  };
  Asked out;
  out.window_days = static_cast<std::uint32_t>(*rc::gen::element<std::int64_t>(1, 2, 28, 45, 365, 100'000));
  out.purchases = {.as_of_day = as_of(),
                   .unit_days = static_cast<std::uint32_t>(*rc::gen::element<std::int64_t>(1, 7, 30))};
  out.funnel.steps.clear();
  const std::int64_t steps = in(0, 3) == 0 ? in(2, 9) : 3;
  for (std::int64_t s = 0; s < steps; ++s)
    out.funnel.steps.push_back(in(0, 2) == 0 ? static_cast<Kind>(s % 4) : kind());
  out.funnel.window_seconds =
      static_cast<std::uint32_t>(*rc::gen::element<std::int64_t>(0, 3600, 7 * 86'400, 60 * 86'400, 0xFFFF'FFFF));
  out.returns = {.first = kind(),
                 .days = static_cast<std::uint32_t>(*rc::gen::element<std::int64_t>(1, 30, 63)),
                 .as_of_day = as_of()};
  out.path = {.from = kind(), .length = static_cast<std::size_t>(in(1, 5))};
  out.pairs = {.dimension = static_cast<std::size_t>(in(0, 2)),
               .items_max = static_cast<std::size_t>(in(1, 7)),
               .top = static_cast<std::size_t>(in(1, 20))};
  out.audience.as_of_day = as_of();
  const std::int64_t conditions = in(0, 5);
  for (std::int64_t i = 0; i < conditions; ++i) {
    Condition c;
    c.of = static_cast<Condition::Of>(in(0, 5));
    c.days = static_cast<std::uint32_t>(*rc::gen::element<std::int64_t>(0, 0, 1, 45, 180, 100'000));
    c.kind = kind();
    c.dimension = static_cast<std::size_t>(in(0, 2));
    if (in(0, 4) != 0) c.least = in(-1, 4);
    if (in(0, 2) == 0) c.most = in(0, 5);
    if (c.of == Condition::Of::kSpend && in(0, 2) == 0) c.least = in(0, 50'000);
    out.audience.all.push_back(c);
  }
  return out;
}

void agrees_with_the_oracle(const RandomShape& shape) {
  const RandomHistories all = any_histories(shape);
  const Timeline timeline = any_timeline(all);
  const Asked asked = any_question(all);
  std::vector<PlainHistory> histories = plain_histories(all.scale.zone(), all.customers, all.events);
  RC_ASSERT(timeline.customers() == histories.size());

  Selection only = everybody(timeline);
  Slice slice{.threads = *rc::gen::inRange(1, 4)};
  if (*rc::gen::inRange(0, 2) == 0) {
    for (auto& words : only.parts) {
      for (std::uint64_t& word : words) word &= *rc::gen::arbitrary<std::uint64_t>();
    }
    std::vector<std::uint32_t> kept = numbers(timeline, only);
    RC_ASSERT(kept.size() == count(only));
    std::ranges::sort(kept);
    std::erase_if(histories, [&](const PlainHistory& h) { return !std::ranges::binary_search(kept, h.customer); });
    slice.only = &only;
  }
  std::vector<oracle::Shop> shops;
  if (*rc::gen::inRange(0, 2) == 0) {
    slice.split = 0;
    for (std::uint32_t code = 0; code < 4; ++code) {
      oracle::Shop& shop = shops.emplace_back(oracle::Shop{all.scale, all.schema, {}});
      std::ranges::copy_if(histories, std::back_inserter(shop.histories),
                           [&](const PlainHistory& h) { return h.dimensions[0] == code; });
    }
  } else {
    shops.push_back({all.scale, all.schema, histories});
  }
  for (const Isa isa : isas_here()) {
    slice.isa = isa;
    RC_ASSERT(first_difference(timeline, shops, asked, slice) == "");
  }
}

RC_GTEST_PROP(Questions, AgreeWithTheOracle, ()) { agrees_with_the_oracle({}); }
RC_GTEST_PROP(Questions, AgreeOnHistoriesOfHundredsOfEvents, ()) {
  agrees_with_the_oracle({.customers_max = 3, .events_max = 500, .days_max = 60});
}
RC_GTEST_PROP(Questions, AgreeOnHistoriesOfElevenYears, ()) { agrees_with_the_oracle({.days_max = 4000}); }
RC_GTEST_PROP(Questions, AgreeOnManyCustomers, ()) {
  agrees_with_the_oracle({.customers_max = 300, .events_max = 900, .days_max = 90, .date_only = false, .ms = false});
}

// All histories of up to three events of four kinds at four instants, two of them in one month and second.
TEST(Questions, AgreeOnEveryHistoryOfThreeEvents) {
  const calendar::Zone zone = calendar::Zone::create("Europe/Amsterdam").value();
  const std::int64_t noon = calendar::civil(2024, 3, 30).number * calendar::kMsPerDay + calendar::kMsPerDay / 2;
  // The second before the month ends (in summer time since this morning), its end, and a week later.
  const std::int64_t instants[] = {noon, noon + 1'000'000,
                                   calendar::civil(2024, 3, 31).number * calendar::kMsPerDay + 22 * 3600'000,
                                   noon + 7 * calendar::kMsPerDay};
  const Scale scale = Scale::create(zone, {instants[0]}, {instants[3]}).value();
  const Schema schema{.kinds = {"page_view", "product_view", "cart", "order"},
                      .order_kind = kOrder,
                      .customer_dimensions = {"source"},
                      .event_dimensions = {"item", "campaign"},
                      .window_days = 2};
  Asked asked;
  asked.window_days = 1;
  asked.purchases = {.as_of_day = scale.days(), .unit_days = 1};
  asked.funnel.steps = {kProduct, kCart, kOrder};
  asked.returns = {.first = kView, .days = 9, .as_of_day = scale.days()};
  asked.path = {.from = kView};
  asked.audience = {.as_of_day = scale.days(),
                    .all = {{.of = Condition::Of::kOrders, .least = 1},
                            {.of = Condition::Of::kAfterLastOrder, .least = 1, .kind = kCart}}};
  int histories = 0;
  for (int n = 0; n <= 3; ++n) {
    const int ways = 1 << (4 * n);
    for (int way = 0; way < ways; ++way) {
      const PlainCustomers customers{.count = 1, .dimensions = {{0}}};
      PlainEvents events;
      events.dimensions.resize(2);
      for (int e = 0; e < n; ++e) {
        const auto choice = static_cast<std::size_t>(way >> (4 * e) & 15);
        events.customer.push_back(0);
        events.at_ms.push_back(instants[choice / 4]);
        events.seq.push_back(static_cast<std::uint64_t>(e));
        events.kind.push_back(static_cast<Kind>(choice % 4));
        events.gross_minor.push_back(100 * (e + 1));
        events.dimensions[0].push_back(static_cast<std::uint32_t>(e + 1));
        events.dimensions[1].push_back(0);
      }
      const Timeline timeline{.scale = scale,
                              .schema = schema,
                              .parts = {{.segment = build_segment(scale, schema, customers, events).value()}},
                              .customer_codes = {1},
                              .event_codes = {4, 1}};
      const std::vector<oracle::Shop> shops{{scale, schema, plain_histories(zone, customers, events)}};
      ASSERT_EQ(first_difference(timeline, shops, asked, {.threads = 1}), "")
          << "history " << way << " of " << n << " events";
      ++histories;
    }
  }
  EXPECT_EQ(histories, 1 + 16 + 256 + 4096);
}

// A customer of thousands of orders: what is left of their rows does not fit the eight bits that some instructions
// count with.
TEST(Questions, AgreeOnACustomerOfThousandsOfEvents) {
  const calendar::Zone zone = calendar::Zone::create("Europe/Amsterdam").value();
  const std::int64_t begin = calendar::civil(2024, 10, 20).number * calendar::kMsPerDay;
  const Scale scale = Scale::create(zone, {begin}, {begin + 40 * calendar::kMsPerDay}).value();
  const Schema schema{.kinds = {"page_view", "product_view", "cart", "order"},
                      .order_kind = kOrder,
                      .customer_dimensions = {"source"},
                      .event_dimensions = {"item", "campaign"},
                      .window_days = 5};
  const PlainCustomers customers{.count = 1, .dimensions = {{0}}};
  for (const std::uint32_t n : {256U, 272U, 512U, 4000U}) {
    PlainEvents events;
    events.dimensions = {std::vector<std::uint32_t>(n, 1), std::vector<std::uint32_t>(n)};
    for (std::uint32_t e = 0; e < n; ++e) {
      events.customer.push_back(0);
      events.at_ms.push_back(begin + std::int64_t{e} * 38 * 86'400 / n * 1000);
      events.seq.push_back(e);
      events.kind.push_back(e == 0 ? kView : kOrder);
      events.gross_minor.push_back(100);
    }
    Asked asked;
    asked.window_days = 9;
    asked.purchases = {.as_of_day = scale.days(), .unit_days = 1};
    asked.funnel.steps = {kView, kOrder, kOrder};
    asked.returns = {.first = kView, .days = 31, .as_of_day = scale.days()};
    asked.audience = {.as_of_day = scale.days(), .all = {{.of = Condition::Of::kOrders, .least = 200, .days = 50}}};
    const Timeline timeline{.scale = scale,
                            .schema = schema,
                            .parts = {{.segment = build_segment(scale, schema, customers, events).value()}},
                            .customer_codes = {1},
                            .event_codes = {2, 1}};
    const std::vector<oracle::Shop> shops{{scale, schema, plain_histories(zone, customers, events)}};
    for (const Isa isa : isas_here()) {
      EXPECT_EQ(first_difference(timeline, shops, asked, {.threads = 1, .isa = isa}), "") << n << " events";
    }
  }
}

// More customers of a part than wait to be counted together, and parts enough for codes of two bytes.
TEST(Questions, AgreeOnSplitsOfThousandsOfCustomers) {
  const calendar::Zone zone = calendar::Zone::create("Europe/Amsterdam").value();
  const std::int64_t begin = calendar::civil(2024, 1, 20).number * calendar::kMsPerDay;
  const Scale scale = Scale::create(zone, {begin}, {begin + 100 * calendar::kMsPerDay}).value();
  const Schema schema{.kinds = {"order"}, .customer_dimensions = {"source"}, .event_dimensions = {}, .window_days = 20};
  constexpr std::uint32_t kCustomers = 5000, kMonthsWindow = 45;
  for (const std::uint32_t codes : {2U, 300U}) {
    PlainCustomers customers{.count = kCustomers, .dimensions = {{}}};
    PlainEvents events;
    for (std::uint32_t c = 0; c < kCustomers; ++c) {
      customers.dimensions[0].push_back(c % 3 == 0 ? c / 3 % codes : codes - 1);
      for (std::uint32_t n = c % 4; n > 0; --n) {
        events.customer.push_back(c);
        events.at_ms.push_back(begin + std::int64_t{c * 7919 + n * 104'729} % 100 * calendar::kMsPerDay);
        events.gross_minor.push_back(100);
      }
    }
    const Timeline timeline{.scale = scale,
                            .schema = schema,
                            .parts = {{.segment = build_segment(scale, schema, customers, events).value()}},
                            .customer_codes = {codes},
                            .event_codes = {}};
    std::vector<oracle::Shop> shops(codes, oracle::Shop{scale, schema, {}});
    for (PlainHistory& history : plain_histories(zone, customers, events)) {
      shops[history.dimensions[0]].histories.push_back(std::move(history));
    }
    for (const Isa isa : isas_here()) {
      const Slice slice{.threads = 2, .split = 0, .isa = isa};
      const auto cohorts = cohort_months(timeline, slice);
      const auto own = month_activity(timeline, {}, slice), other = month_activity(timeline, kMonthsWindow, slice);
      for (std::uint32_t code = 0; code < codes; ++code) {
        ASSERT_EQ(cohorts[code], oracle::cohort_months(shops[code])) << code;
        ASSERT_EQ(own[code], oracle::month_activity(shops[code], schema.window_days)) << code;
        ASSERT_EQ(other[code], oracle::month_activity(shops[code], kMonthsWindow)) << code;
      }
      for (const auto& [least, most] :
           {std::pair{0, 0}, {1, 1}, {1, 280}, {257, 1000}, {-5, 0}, {-5, -1}, {70'000, 80'000}}) {
        const Audience between{.as_of_day = scale.days(),
                               .all = {{.of = Condition::Of::kDimension, .least = least, .most = most}}};
        std::vector<std::uint32_t> fitting;
        for (const oracle::Shop& shop : shops)
          std::ranges::copy(oracle::audience(shop, between), std::back_inserter(fitting));
        std::ranges::sort(fitting);
        ASSERT_EQ(numbers(timeline, audience(timeline, between, {.isa = isa}).value()), fitting)
            << least << " to " << most;
      }
    }
  }
}

RC_GTEST_PROP(Timeline, FindsEveryCustomerOnce, ()) {
  const RandomHistories all = any_histories();
  const Timeline timeline = any_timeline(all);
  const auto histories = plain_histories(all.scale.zone(), all.customers, all.events);
  for (const PlainHistory& plain : histories) {
    const auto found = find_customer(timeline, plain.customer);
    RC_ASSERT(found.has_value());
    RC_ASSERT(found->number() == plain.customer);
    RC_ASSERT(found->events() == plain.events.size());
    for (std::uint32_t e = 0; e < found->events(); ++e) RC_ASSERT(found->seq(e) == plain.events[e].seq);
  }
  RC_ASSERT(!find_customer(timeline, histories.back().customer + 1).has_value());
  RC_ASSERT((all.customers.first == 0 || !find_customer(timeline, all.customers.first - 1).has_value()));
}

RC_GTEST_PROP(Audience, FitsIsTheSameAskedAlone, ()) {
  const RandomHistories all = any_histories();
  const Timeline timeline = any_timeline(all);
  const Audience question = any_question(all).audience;
  const std::vector<std::uint32_t> fitting = numbers(timeline, audience(timeline, question).value());
  std::size_t n = 0;
  for (const std::uint32_t number : numbers(timeline, everybody(timeline))) {
    const bool is_in = std::ranges::find(fitting, number) != fitting.end();
    RC_ASSERT(fits(timeline.scale, timeline.schema, *find_customer(timeline, number), question) == is_in);
    n += is_in;
  }
  RC_ASSERT(n == fitting.size());
}

TEST(Questions, RefuseWhatHasNoMeaning) {
  const Scale scale = Scale::create(calendar::Zone::utc(), {calendar::civil(2024, 1, 1).number * calendar::kMsPerDay},
                                    {calendar::civil(2024, 2, 1).number * calendar::kMsPerDay})
                          .value();
  const Timeline timeline{.scale = scale, .schema = {.kinds = {"order"}}, .parts = {}};
  EXPECT_EQ(funnel(timeline, {.steps = {0}}).error().message, "a funnel has two to eight steps");
  EXPECT_EQ(funnel(timeline, {.steps = std::vector<Kind>(9)}).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(return_days(timeline, {.days = 0}).error().message, "returns are asked for on day 1 to at most 63");
  EXPECT_EQ(return_days(timeline, {.days = 64}).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(paths(timeline, {.length = 0}).error().message, "a path has one to four steps");
  EXPECT_EQ(paths(timeline, {.length = 5}).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(audience(timeline, {.all = {{.of = Condition::Of::kEvents, .kind = 1}}}).error().message,
            "there is no kind of event 1");
  EXPECT_EQ(audience(timeline, {.all = {{.of = Condition::Of::kDimension}}}).error().message,
            "there is no customer dimension 0");
  // And a timeline of nobody answers.
  EXPECT_EQ(cohort_months(timeline)[0].months, 2U);
  EXPECT_EQ(month_activity(timeline)[0].size(), 2U);
  EXPECT_TRUE(purchase_cells(timeline, {.as_of_day = 40})[0].empty());
  EXPECT_EQ(count(audience(timeline, {}).value()), 0U);
}

}  // namespace
}  // namespace behoud::timeline
