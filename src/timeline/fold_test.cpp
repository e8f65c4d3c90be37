#include "timeline/fold.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "timeline/random_histories.h"

namespace behoud::timeline {
namespace {

// The example of the header.
struct Loyal {
  using State = std::uint64_t;
  State empty() const { return 0; }
  void step(State& s, const CustomerView& c) const { s += c.orders() >= 2; }
  void merge(State& into, State&& from) const { into += from; }
  std::uint64_t finish(State&& s) const { return s; }
};

// A floating sum, whose value depends on the order of its terms.
struct Harmonic {
  using State = double;
  static constexpr bool kInOrder = true;
  State empty() const { return 0; }
  void step(State& s, const CustomerView& c) const { s += 1.0 / (1.0 + c.number()); }
  void merge(State& into, State&& from) const { into += from; }
  double finish(State&& s) const { return s; }
};

Timeline many(std::uint32_t customers) {
  const Scale scale = Scale::create(calendar::Zone::utc(), {calendar::civil(2024, 1, 1).number * calendar::kMsPerDay},
                                    {calendar::civil(2024, 2, 1).number * calendar::kMsPerDay})
                          .value();
  const Schema schema{.kinds = {"order"}};
  return {.scale = scale,
          .schema = schema,
          .parts = {{.segment = build_segment(scale, schema, {.count = customers}, {}).value()}}};
}

RC_GTEST_PROP(Fold, StepsOverEachCustomerOnce, ()) {
  const RandomHistories all = any_histories();
  const Timeline timeline = any_timeline(all);
  std::uint64_t loyal = 0, of_code_two = 0;
  for (const PlainHistory& h : plain_histories(all.scale.zone(), all.customers, all.events)) {
    const bool is = std::ranges::count(h.events, kOrder, &PlainEvent::kind) >= 2;
    loyal += is;
    of_code_two += is && h.dimensions[0] == 2;
  }
  RC_ASSERT(fold(timeline, Loyal{}) == loyal);
  RC_ASSERT(fold_split(timeline, Loyal{}, 0).at(2) == of_code_two);
  const Selection nobody{
      std::vector<std::vector<std::uint64_t>>(timeline.parts.size(), std::vector<std::uint64_t>(10))};
  RC_ASSERT(fold(timeline, Loyal{}, {.only = &nobody}) == 0U);
}

TEST(Fold, OfFloatingSumsIsTheSameOnAnyNumberOfThreads) {
  const Timeline timeline = many(5 * kBlockCustomers + 17);
  const double alone = fold(timeline, Harmonic{}, {.threads = 1});
  EXPECT_GT(alone, 12);
  for (int threads = 2; threads <= 5; ++threads) EXPECT_EQ(fold(timeline, Harmonic{}, {.threads = threads}), alone);
}

TEST(Fold, PassesAnExceptionOn) {
  struct Failing : Loyal {
    void step(State&, const CustomerView& c) const {
      if (c.number() == kBlockCustomers + 3) throw std::bad_alloc();
    }
  };
  EXPECT_THROW(fold(many(3 * kBlockCustomers), Failing{}), std::bad_alloc);
}

}  // namespace
}  // namespace behoud::timeline
