#include "timeline/live/live_timeline.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <string>
#include <thread>
#include <utility>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "timeline/questions/oracle.h"
#include "timeline/random_histories.h"

namespace behoud::timeline {
namespace {

// Random histories of customers 0, 1, ..., with nothing in them that a segment does not keep.
RandomHistories numbered_histories() {
  RandomHistories out = any_histories({.customers_max = 20, .events_max = 150});
  PlainCustomers& c = out.customers;
  for (std::uint32_t& number : out.events.customer) {
    number = c.number.empty()
                 ? number - c.first
                 : static_cast<std::uint32_t>(std::ranges::lower_bound(c.number, number) - c.number.begin());
  }
  c.first = 0;
  c.number.clear();
  for (std::size_t row = 0; row < out.events.size(); ++row) {
    if (out.events.kind[row] == out.schema.order_kind) continue;
    out.events.gross_minor[row] = 0;
    out.events.measures[1][row] = 0;
  }
  return out;
}

// What is so at some moment: which of the rows have happened, and what is said of whom.
struct Truth {
  std::vector<bool> there;            // by row of all events
  std::vector<std::uint32_t> source;  // by customer: dimension 0
  std::uint32_t customers = 0;        // numbers below it are known
  std::vector<bool> gone;             // of those, who is nobody
};

PlainCustomers plain_customers(const Truth& truth, std::uint32_t first, std::uint32_t end) {
  PlainCustomers out;
  out.first = first;
  out.count = end - first;
  out.dimensions.resize(2);
  out.dimensions[0].assign(truth.source.begin() + first, truth.source.begin() + end);
  return out;
}

void expect_same(const Timeline& timeline, const RandomHistories& all, const Truth& truth) {
  const PlainEvents events = rows_of(all.events, [&](std::size_t row) { return truth.there[row]; });
  const auto plain = plain_histories(all.scale.zone(), plain_customers(truth, 0, truth.customers), events);
  ASSERT_EQ(timeline.customers() + static_cast<std::size_t>(std::count(truth.gone.begin(), truth.gone.end(), true)),
            plain.size());
  for (const PlainHistory& expected : plain) {
    EXPECT_EQ(is_somebody(timeline, expected.customer), !truth.gone[expected.customer]);
    if (truth.gone[expected.customer]) {
      EXPECT_FALSE(find_customer(timeline, expected.customer).has_value());
      continue;
    }
    const auto got = find_customer(timeline, expected.customer);
    ASSERT_TRUE(got.has_value()) << "customer " << expected.customer;
    ASSERT_EQ(got->events(), expected.events.size()) << "customer " << expected.customer;
    EXPECT_EQ(got->dimension(0), truth.source[expected.customer]);
    std::int64_t spend = 0;
    std::uint32_t orders = 0;
    for (std::uint32_t i = 0; i < got->events(); ++i) {
      const PlainEvent& e = expected.events[i];
      EXPECT_EQ(timeline.scale.epoch().ms + got->at_ms(i), e.at_ms);
      EXPECT_EQ(got->seq(i), e.seq);
      EXPECT_EQ(got->kind(i), e.kind);
      EXPECT_EQ(got->date_only(i), e.date_only);
      EXPECT_EQ(got->event_dimension(0, i), e.dimensions[0]);
      if (e.kind != timeline.schema.order_kind) continue;
      spend += e.gross_minor;
      ++orders;
    }
    EXPECT_EQ(got->orders(), orders);
    EXPECT_EQ(got->segment().spend()[got->index()], spend);
  }
}

// Column by column the bytes that building the range at once gives.
void expect_rebuilt(const Timeline& timeline, const RandomHistories& all, const Truth& truth) {
  std::uint32_t first = 0;
  for (const Part& part : timeline.parts) {
    for (std::uint32_t i = 0; i < part.segment.customers(); ++i) EXPECT_EQ(part.is_hidden(i), truth.gone[first + i]);
    const std::uint32_t end = first + part.segment.customers();
    const PlainEvents events = rows_of(all.events, [&](std::size_t row) {
      return truth.there[row] && all.events.customer[row] >= first && all.events.customer[row] < end;
    });
    const Segment built = build_segment(all.scale, all.schema, plain_customers(truth, first, end), events).value();
    ASSERT_EQ(part.segment.shape(), built.shape());
    const auto got = part.segment.columns(), expected = built.columns();
    ASSERT_EQ(got.size(), expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      const auto bytes = [](const Column& c) { return std::string(reinterpret_cast<const char*>(c.data), c.bytes()); };
      EXPECT_EQ(got[i].role, expected[i].role);
      EXPECT_EQ(got[i].column.width, expected[i].column.width);
      EXPECT_EQ(got[i].column.base, expected[i].column.base);
      EXPECT_TRUE(bytes(got[i].column) == bytes(expected[i].column)) << name_of(got[i].role);
    }
    first = end;
  }
  EXPECT_EQ(first, truth.customers);
}

RC_GTEST_PROP(LiveTimeline, IsWhatIsBuiltAtOnceWhateverHappenedInBetween, ()) {
  const auto in = [](std::int64_t from, std::int64_t to) { return *rc::gen::inRange<std::int64_t>(from, to); };
  const RandomHistories all = numbered_histories();
  const std::uint32_t everybody_there = all.customers.count;
  Truth truth{.there = std::vector<bool>(all.events.size()),
              .source = std::vector<std::uint32_t>(everybody_there),
              .customers = static_cast<std::uint32_t>(in(0, everybody_there + 1)),
              .gone = std::vector<bool>(everybody_there)};

  // The base: some customers, some of their events, up to three ranges.
  Timeline base{.scale = all.scale, .schema = all.schema, .parts = {}, .customer_codes = {4, 1}, .event_codes = {6, 1}};
  for (std::uint32_t c = 0; c < truth.customers; ++c) truth.source[c] = all.customers.dimensions[0][c];
  for (std::size_t row = 0; row < all.events.size(); ++row) {
    truth.there[row] = all.events.customer[row] < truth.customers && in(0, 2) == 0;
  }
  std::vector<std::uint32_t> bounds{0, static_cast<std::uint32_t>(in(0, truth.customers + 1)), truth.customers};
  if (truth.customers == 0) bounds = {0};
  for (std::size_t b = 0; b + 1 < bounds.size(); ++b) {
    const PlainEvents events = rows_of(all.events, [&](std::size_t row) {
      return truth.there[row] && all.events.customer[row] >= bounds[b] && all.events.customer[row] < bounds[b + 1];
    });
    const PlainCustomers customers = plain_customers(truth, bounds[b], bounds[b + 1]);
    base.parts.push_back({.segment = build_segment(all.scale, all.schema, customers, events).value()});
  }
  LiveTimeline live(std::move(base));
  std::vector<std::pair<std::shared_ptr<const Timeline>, Truth>> readers;
  readers.emplace_back(live.snapshot(), truth);

  Truth waiting = truth;  // with what was appended and not published
  std::int64_t revision = 0;
  const auto write = [&] {
    switch (in(0, 5)) {
      case 0:
      case 1: {  // some events that did not happen yet, of customers known or next
        std::vector<bool> chosen(all.events.size());
        std::uint32_t customers = waiting.customers;
        std::size_t count = 0;
        const std::int64_t many = in(1, 12);
        for (std::size_t row = 0; row < all.events.size() && static_cast<std::int64_t>(count) < many; ++row) {
          if (waiting.there[row] || all.events.customer[row] > customers || in(0, 3) != 0) continue;
          chosen[row] = true;
          waiting.gone[all.events.customer[row]] = false;
          ++count;
          customers = std::max(customers, all.events.customer[row] + 1);
        }
        RC_ASSERT(live.append(rows_of(all.events, [&](std::size_t row) { return chosen[row]; })).has_value());
        for (std::size_t row = 0; row < chosen.size(); ++row) {
          if (chosen[row]) waiting.there[row] = true;
        }
        waiting.customers = customers;
        break;
      }
      case 2: {  // another past for some customers
        if (waiting.customers == 0) break;
        PlainCustomers customers;
        customers.dimensions.resize(2);
        std::vector<std::uint32_t> gone;
        for (std::uint32_t c = 0; c < waiting.customers; ++c) {
          if (in(0, 4) != 0) continue;
          waiting.gone[c] = in(0, 4) == 0;
          if (waiting.gone[c]) {
            gone.push_back(c);
            waiting.source[c] = 0;
            for (std::size_t row = 0; row < all.events.size(); ++row) {
              if (all.events.customer[row] == c) waiting.there[row] = false;
            }
            continue;
          }
          customers.number.push_back(c);
          waiting.source[c] = static_cast<std::uint32_t>(in(0, 9));
          customers.dimensions[0].push_back(waiting.source[c]);
          const bool erased = in(0, 4) == 0;
          for (std::size_t row = 0; row < all.events.size(); ++row) {
            if (all.events.customer[row] == c) waiting.there[row] = !erased && in(0, 2) == 0;
          }
        }
        customers.count = static_cast<std::uint32_t>(customers.number.size());
        const PlainEvents events = rows_of(all.events, [&](std::size_t row) {
          return waiting.there[row] && std::ranges::binary_search(customers.number, all.events.customer[row]);
        });
        RC_ASSERT(live.replace(customers, events, ++revision, gone).has_value());
        truth = waiting;
        break;
      }
      default:
        RC_ASSERT(live.publish(++revision).has_value());
        truth = waiting;
    }
  };
  for (std::int64_t step = in(0, 40); step > 0; --step) {
    if (in(0, 4) == 0) {
      const auto range = static_cast<std::size_t>(in(0, static_cast<std::int64_t>(live.ranges()) + 1));
      const auto meanwhile = [&] {
        for (std::int64_t more = in(0, 4); more > 0; --more) write();
      };
      RC_ASSERT(live.compact(range, meanwhile).has_value());
    } else {
      write();
    }
    readers.emplace_back(live.snapshot(), truth);
  }
  for (const auto& [snapshot, then] : readers) expect_same(*snapshot, all, then);

  RC_ASSERT(live.publish(++revision).has_value());
  RC_ASSERT(live.waiting() == 0u);
  for (std::size_t range = live.ranges() + 1; range-- > 0;) RC_ASSERT(live.compact(range).has_value());
  RC_ASSERT(live.due().empty());
  RC_ASSERT(live.snapshot()->revision == revision);
  expect_rebuilt(*live.snapshot(), all, waiting);
  RC_ASSERT(!::testing::Test::HasFailure());
}

// Questions as of the end that the base knew, or of a later one: what came since is in them, and lies before the end
// that the snapshot knows.
RC_GTEST_PROP(LiveTimeline, KnowsALaterEndWhenLaterEventsCome, ()) {
  const auto in = [](std::int64_t from, std::int64_t to) { return *rc::gen::inRange<std::int64_t>(from, to); };
  const RandomHistories all = numbered_histories();
  const auto day_of = [&](std::size_t row) {
    const bool of_a_day = !all.events.date_only.empty() && all.events.date_only[row] != 0;
    const calendar::Day day = all.scale.zone().day_of(calendar::Moment{{all.events.at_ms[row]}, of_a_day});
    return static_cast<std::uint32_t>(std::max(0, day - all.scale.epoch_day()));
  };
  Timeline base{.scale = all.scale, .schema = all.schema, .parts = {}, .customer_codes = {4, 1}, .event_codes = {6, 1}};
  const bool is_known = in(0, 8) != 0;
  auto end = static_cast<std::uint32_t>(in(0, all.scale.days() + 1));
  if (is_known) base.end_day = end;
  const PlainEvents early = rows_of(all.events, [&](std::size_t row) { return day_of(row) < end; });
  base.parts.push_back({.segment = build_segment(all.scale, all.schema, all.customers, early).value()});
  LiveTimeline live(std::move(base));

  for (std::int64_t revision = 1; end < all.scale.days(); ++revision) {
    const std::uint32_t from = end;
    end = static_cast<std::uint32_t>(in(from + 1, all.scale.days() + 1));
    const PlainEvents more =
        rows_of(all.events, [&](std::size_t row) { return from <= day_of(row) && day_of(row) < end; });
    RC_ASSERT(live.append(more).has_value());
    RC_ASSERT(live.publish(revision).has_value());
    if (in(0, 3) == 0) RC_ASSERT(live.compact(0).has_value());
    const auto now = live.snapshot();
    if (is_known) {
      RC_ASSERT(now->end_day <= end);
    } else {
      RC_ASSERT(now->end_day == 0xFFFF'FFFFU);
    }
    const PlainEvents there = rows_of(all.events, [&](std::size_t row) { return day_of(row) < end; });
    const oracle::Shop shop{all.scale, all.schema, plain_histories(all.scale.zone(), all.customers, there)};
    for (const std::uint32_t as_of : {from, std::min(now->end_day, all.scale.days()), end}) {
      const PurchaseQuestion purchases{.as_of_day = as_of, .unit_days = 7};
      auto cells = purchase_cells(*now, purchases).front();
      std::ranges::sort(cells);
      RC_ASSERT(cells == oracle::purchase_cells(shop, purchases));
      using Of = Condition::Of;
      for (const Condition& c : {Condition{.of = Of::kOrders, .least = 2}, Condition{.of = Of::kSpend, .least = 300},
                                 Condition{.of = Of::kOrders, .least = 0, .most = 0, .days = 45},
                                 Condition{.of = Of::kOrders, .least = 1, .days = 45},
                                 Condition{.of = Of::kAfterLastOrder, .least = 1, .kind = kCart}}) {
        const Audience question{.as_of_day = as_of, .all = {c}};
        std::vector<std::uint32_t> who = numbers(*now, audience(*now, question).value());
        std::ranges::sort(who);
        RC_ASSERT(who == oracle::audience(shop, question));
      }
    }
  }
}

Schema two_kinds() {
  return {.kinds = {"view", "order"},
          .order_kind = 1,
          .customer_dimensions = {},
          .event_dimensions = {},
          .order_measures = {},
          .window_days = 30};
}
Timeline nothing_yet() {
  const calendar::Instant from{calendar::civil(2024, 1, 1).number * calendar::kMsPerDay};
  return {.scale = Scale::create(calendar::Zone::utc(), from, from, 300).value(), .schema = two_kinds(), .parts = {}};
}
PlainEvents event(std::uint32_t customer, int day, std::uint64_t seq = 0, Kind kind = 1) {
  return {.customer = {customer},
          .at_ms = {(calendar::civil(2024, 1, 1).number + std::int64_t{day}) * calendar::kMsPerDay},
          .seq = {seq},
          .kind = {kind},
          .gross_minor = {100}};
}

TEST(LiveTimeline, RefusesABatchWholeOrTakesIt) {
  LiveTimeline live(nothing_yet());
  const struct {
    PlainEvents batch;
    Errc code;
    const char* why;
  } cases[] = {{event(0, 1, 0, 2), Errc::kInvalidArgument, "no such kind"},
               {event(7, 1), Errc::kInvalidArgument, "numbers 0 to 6 are nobody"},
               {event(0, -1), Errc::kOutOfRange, "before the scale"},
               {event(0, 4000), Errc::kOutOfRange, "behind the scale"},
               {{.customer = {0, 0}, .at_ms = {0}}, Errc::kInvalidArgument, "an instant is missing"}};
  for (const auto& c : cases) {
    const Result<void> taken = live.append(c.batch);
    ASSERT_FALSE(taken.has_value()) << c.why;
    EXPECT_EQ(taken.error().code, c.code) << c.why;
    EXPECT_EQ(live.waiting(), 0u) << c.why;
    const Result<void> replaced = live.replace({.count = 1}, c.batch, 1);
    ASSERT_FALSE(replaced.has_value()) << c.why;
    EXPECT_EQ(live.snapshot()->customers(), 0u) << c.why;
  }
  EXPECT_EQ(live.extend({.kinds = {"order", "view"}}).error().code, Errc::kInvalidArgument);
  ASSERT_TRUE(live.append(event(0, 1)));
  EXPECT_EQ(live.snapshot()->events(), 0u) << "not before it is published";
  ASSERT_TRUE(live.publish(5));
  EXPECT_EQ(live.snapshot()->events(), 1u);
  EXPECT_EQ(live.snapshot()->revision, 5);
}

TEST(LiveTimeline, ItsSchemaGrowsWhileItLives) {
  LiveTimeline live(nothing_yet());
  ASSERT_TRUE(live.append(event(0, 1)));
  ASSERT_TRUE(live.publish(1));
  ASSERT_TRUE(live.compact(0));
  Schema more = two_kinds();
  more.kinds.resize(400, "rare");
  more.event_dimensions = {"campaign"};
  ASSERT_TRUE(live.extend(more));
  PlainEvents late = event(0, 0, 1, 399);
  late.dimensions = {{7}};
  ASSERT_TRUE(live.append(late));
  ASSERT_TRUE(live.publish(2));
  const auto snapshot = live.snapshot();
  const CustomerView c = find_customer(*snapshot, 0).value();
  ASSERT_EQ(c.events(), 2u);
  EXPECT_EQ(c.kind(0), 399) << "late events take their place";
  EXPECT_EQ(c.event_dimension(0, 0), 7u);
  EXPECT_EQ(c.kind(1), 1);
  EXPECT_EQ(c.event_dimension(0, 1), 0u);
  EXPECT_EQ(snapshot->event_codes.at(0), 8u);
}

TEST(LiveTimeline, OfPartsOfTheDeltaThereAreFew) {
  LiveTimeline live(nothing_yet());
  std::size_t most = 0;
  for (std::uint32_t i = 0; i < 600; ++i) {
    ASSERT_TRUE(live.append(event(i % 200, static_cast<int>(i % 300), i)));
    ASSERT_TRUE(live.publish(i));
    most = std::max(most, live.snapshot()->parts.size());
  }
  EXPECT_LE(most, 3u * 5u) << "three of each size, and 4^5 is beyond 600";
  EXPECT_EQ(live.snapshot()->customers(), 200u);
  EXPECT_EQ(live.due(), std::vector<std::size_t>{0}) << "those who are new";
  ASSERT_TRUE(live.compact(0));
  EXPECT_EQ(live.snapshot()->parts.size(), 1u);
  EXPECT_EQ(live.snapshot()->events(), 600u);
  EXPECT_EQ(live.revision().versions, std::vector<std::uint64_t>{1});
  ASSERT_TRUE(live.compact(0));
  EXPECT_EQ(live.revision().versions, std::vector<std::uint64_t>{1}) << "nothing was touched since";
}

// A writer, a compactor and readers at once: every snapshot holds exactly the events up to its revision.
TEST(LiveTimeline, ReadersSeeWholeRevisionsWhileOthersWriteAndCompact) {
  LiveTimeline live(nothing_yet());
  constexpr std::uint32_t kEvents = 3'000, kCustomers = 100;
  std::atomic<bool> done = false;
  std::thread compactor([&] {
    while (!done) {
      for (const std::size_t range : live.due()) EXPECT_TRUE(live.compact(range));
    }
  });
  std::vector<std::thread> readers;
  for (int r = 0; r < 2; ++r) {
    readers.emplace_back([&] {
      std::int64_t last = 0;
      while (!done) {
        const auto snapshot = live.snapshot();
        EXPECT_GE(snapshot->revision, last);
        last = snapshot->revision;
        std::uint64_t events = 0, seqs = 0;
        for (const Part& part : snapshot->parts) {
          for (std::uint32_t i = 0; i < part.segment.customers(); ++i) {
            if (part.is_hidden(i)) continue;
            const CustomerView c(part.segment, i);
            events += c.events();
            for (std::uint32_t e = 0; e < c.events(); ++e) seqs += c.seq(e);
          }
        }
        const auto n = static_cast<std::uint64_t>(last);
        EXPECT_EQ(events, n);
        EXPECT_EQ(seqs, n == 0 ? 0 : n * (n - 1) / 2) << "seqs 0 to " << n << ", each once";
      }
    });
  }
  for (std::uint32_t i = 0; i < kEvents; ++i) {
    EXPECT_TRUE(live.append(event(i % kCustomers, static_cast<int>(i * 7 % 300), i)));
    if (i % 10 == 9) {
      EXPECT_TRUE(live.publish(i + 1));
    }
  }
  done = true;
  compactor.join();
  for (std::thread& t : readers) t.join();
  EXPECT_EQ(live.snapshot()->customers(), kCustomers);
}

}  // namespace
}  // namespace behoud::timeline
