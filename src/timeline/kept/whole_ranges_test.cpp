#include "timeline/kept/whole_ranges.h"

#include <map>

#include <gtest/gtest.h>

#include "timeline/live/live_timeline.h"

namespace behoud::timeline {
namespace {

constexpr std::uint32_t kRange = 4;

class WholeRangesTest : public ::testing::Test {
 protected:
  static Timeline nobody() {
    const calendar::Instant epoch = calendar::Zone::utc().first_instant(calendar::civil(2024, 1, 1));
    Schema schema;
    schema.kinds = {"order", "view"};
    return {.scale = Scale::create(calendar::Zone::utc(), epoch, {epoch.ms + 300 * calendar::kMsPerDay}).value(),
            .schema = schema,
            .parts = {}};
  }
  static void happen(LiveTimeline& live, std::uint32_t customer, std::map<std::uint32_t, std::uint32_t>& counts) {
    static std::uint64_t seq = 0;
    PlainEvents events;
    events.customer = {customer};
    events.at_ms = {live.snapshot()->scale.epoch().ms + static_cast<std::int64_t>(++seq) * 1000};
    events.seq = {seq};
    events.kind = {1};
    ASSERT_TRUE(live.append(events));
    ASSERT_TRUE(live.publish(static_cast<std::int64_t>(seq)));
    ++counts[customer];
  }
  using Sizes = std::vector<std::uint32_t>;
  static Sizes sizes(const Timeline& t) {
    Sizes out;
    std::uint32_t next = 0;
    for (const Part& part : t.parts) {
      EXPECT_TRUE(part.hidden.empty());
      EXPECT_FALSE(part.segment.names_customers());
      EXPECT_EQ(part.segment.shape().first_customer, next);
      next += part.segment.customers();
      out.push_back(part.segment.customers());
    }
    return out;
  }
  static void expect_counts(const Timeline& t, const std::map<std::uint32_t, std::uint32_t>& counts) {
    EXPECT_EQ(t.customers(), counts.size());
    for (const auto& [customer, count] : counts) EXPECT_EQ(find_customer(t, customer)->events(), count) << customer;
  }
  using Kept = std::vector<std::optional<std::size_t>>;
  std::map<std::uint32_t, std::uint32_t> counts_;
};

TEST_F(WholeRangesTest, OfNobodyIsNothing) {
  const WholeRanges whole = whole_ranges(LiveTimeline(nobody()).revision(), kRange).value();
  EXPECT_TRUE(whole.timeline.parts.empty());
  EXPECT_TRUE(whole.kept.empty());
}

TEST_F(WholeRangesTest, FillTheLastRangeBeforeTheNextIsBegun) {
  LiveTimeline first(nobody());
  for (std::uint32_t c = 0; c < 6; ++c) happen(first, c, counts_);
  const WholeRanges six = whole_ranges(first.revision(), kRange).value();
  EXPECT_EQ(sizes(six.timeline), (Sizes{4, 2}));
  EXPECT_EQ(six.kept, (Kept{std::nullopt, std::nullopt}));
  expect_counts(six.timeline, counts_);

  LiveTimeline second(six.timeline);
  for (std::uint32_t c = 6; c < 13; ++c) happen(second, c, counts_);
  const WholeRanges thirteen = whole_ranges(second.revision(), kRange).value();
  EXPECT_EQ(sizes(thirteen.timeline), (Sizes{4, 4, 4, 1}));
  EXPECT_EQ(thirteen.kept, (Kept{0, std::nullopt, std::nullopt, std::nullopt}));
  expect_counts(thirteen.timeline, counts_);

  LiveTimeline third(thirteen.timeline);
  EXPECT_LT(bytes_made_anew(third.revision()), 10'000U) << "nothing but what every file has";
  happen(third, 5, counts_);
  const WholeRanges touched = whole_ranges(third.revision(), kRange).value();
  EXPECT_EQ(sizes(touched.timeline), (Sizes{4, 4, 4, 1}));
  EXPECT_EQ(touched.kept, (Kept{0, std::nullopt, 2, 3}));
  expect_counts(touched.timeline, counts_);

  // One who is new in the range that is not full.
  LiveTimeline fourth(touched.timeline);
  happen(fourth, 13, counts_);
  const WholeRanges grown = whole_ranges(fourth.revision(), kRange).value();
  EXPECT_EQ(sizes(grown.timeline), (Sizes{4, 4, 4, 2}));
  EXPECT_EQ(grown.kept, (Kept{0, 1, 2, std::nullopt}));
  expect_counts(grown.timeline, counts_);
}

// A number that is nobody's makes its range anew once, to take out what it had, and not again.
TEST_F(WholeRangesTest, LeaveNumbersThatAreNobodysWhereTheyStand) {
  LiveTimeline first(nobody());
  for (std::uint32_t c = 0; c < 6; ++c) happen(first, c, counts_);
  LiveTimeline second(whole_ranges(first.revision(), kRange).value().timeline);
  const std::uint32_t gone[] = {1, 5};
  ASSERT_TRUE(second.replace({}, {}, 100, gone));
  counts_.erase(1);
  counts_.erase(5);
  const WholeRanges without = whole_ranges(second.revision(), kRange).value();
  EXPECT_EQ(without.kept, (Kept{std::nullopt, std::nullopt}));
  expect_counts(without.timeline, counts_);
  EXPECT_EQ(without.timeline.events(), 4U) << "what they had is no longer there";
  LiveTimeline third(without.timeline);
  happen(third, 5, counts_);
  const WholeRanges again = whole_ranges(third.revision(), kRange).value();
  EXPECT_EQ(again.kept, (Kept{0, std::nullopt})) << "who comes back is somebody again";
  expect_counts(again.timeline, counts_);
}

TEST_F(WholeRangesTest, TakeARangeThatWasCompactedAsItIsAndNotForTheFiles) {
  LiveTimeline first(nobody());
  for (std::uint32_t customer = 0; customer < 8; ++customer) happen(first, customer, counts_);
  LiveTimeline second(whole_ranges(first.revision(), kRange).value().timeline);
  ASSERT_EQ(second.ranges(), 2U);
  happen(second, 5, counts_);
  ASSERT_TRUE(second.compact(1));
  const LiveTimeline::Revision now = second.revision();
  EXPECT_EQ(now.versions, (std::vector<std::uint64_t>{0, 1}));
  const WholeRanges whole = whole_ranges(now, kRange).value();
  EXPECT_EQ(whole.kept, (Kept{0, std::nullopt}));
  EXPECT_EQ(whole.timeline.parts[1].segment.columns().front().column.data,
            now.timeline->parts[1].segment.columns().front().column.data)
      << "it was made anew once more";
  EXPECT_GT(bytes_made_anew(now), now.timeline->parts[1].segment.bytes());
  expect_counts(whole.timeline, counts_);
}

}  // namespace
}  // namespace behoud::timeline
