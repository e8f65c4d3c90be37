#include "timeline/live/segment_join.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "timeline/random_histories.h"

namespace behoud::timeline {
namespace {

std::string bytes_of(const Segment& s) {
  std::string out;
  for (const NamedColumn& named : s.columns()) {
    out += std::string(name_of(named.role)) + ' ' + std::to_string(named.index) + ' ' +
           std::to_string(named.column.base) + ' ' + std::to_string(named.column.width) + ':' +
           std::string(reinterpret_cast<const char*>(named.column.data), named.column.bytes()) + '\n';
  }
  return out;
}

std::vector<std::uint32_t> numbers_of(const PlainCustomers& c) {
  std::vector<std::uint32_t> out = c.number;
  for (std::uint32_t i = 0; out.size() < c.count; ++i) out.push_back(c.first + i);
  return out;
}

// Some of the customers in a segment of their own, and what came of some later in another, whatever the instants.
RC_GTEST_PROP(SegmentJoin, GivesTheBytesThatBuildingAtOnceGives, ()) {
  const auto in = [](std::int64_t from, std::int64_t to) { return *rc::gen::inRange<std::int64_t>(from, to); };
  RandomHistories all = any_histories();
  for (std::size_t row = 0; row < all.events.size(); ++row) {
    if (all.events.kind[row] == all.schema.order_kind) continue;
    all.events.gross_minor[row] = 0, all.events.measures[1][row] = 0;
  }
  const std::vector<std::uint32_t> numbers = numbers_of(all.customers);
  const std::uint32_t n = all.customers.count;
  const bool in_order = in(0, 2) == 0;
  const std::uint64_t late_from = 1000 + static_cast<std::uint64_t>(in(0, 121));
  std::vector<bool> late(all.events.size());
  for (std::size_t row = 0; row < late.size(); ++row) {
    late[row] = in_order ? all.events.seq[row] >= late_from : in(0, 4) == 0;
  }
  // Where each customer's first rows are: in segment 0, 1 or 2. Of whom nothing is said or came, maybe in none.
  std::vector<std::int64_t> where(n);
  for (auto& at : where) at = in(0, 3);
  std::vector<Segment> segments;
  std::vector<SegmentJoin::Place> places(n);
  segments.reserve(4);
  const auto place_of = [&](std::uint32_t number) {
    return static_cast<std::uint32_t>(std::ranges::lower_bound(numbers, number) - numbers.begin());
  };
  for (std::int64_t s = 0; s < 3; ++s) {
    const PlainCustomers some = customers_of(all.customers, 0, n, true, [&](std::uint32_t i) { return where[i] == s; });
    const PlainEvents rows = rows_of(
        all.events, [&](std::size_t row) { return !late[row] && where[place_of(all.events.customer[row])] == s; });
    segments.push_back(build_segment(all.scale, all.schema, some, rows).value());
    for (std::uint32_t i = 0; i < some.count; ++i) places[place_of(some.number[i])] = {&segments.back(), i};
  }
  PlainCustomers came = customers_of(all.customers, 0, n, true, [&](std::uint32_t) { return in(0, 2) == 0; });
  for (auto& dimension : came.dimensions) dimension.assign(dimension.size(), 0);
  std::vector<SegmentJoin::Place> later(n);
  const auto comes = [&](std::uint32_t number) { return std::ranges::binary_search(came.number, number); };
  segments.push_back(
      build_segment(all.scale, all.schema, came,
                    rows_of(all.events, [&](std::size_t row) { return late[row] && comes(all.events.customer[row]); }))
          .value());
  for (std::uint32_t i = 0; i < came.count; ++i) later[place_of(came.number[i])] = {&segments.back(), i};

  const bool as_range = all.customers.number.empty() && in(0, 2) == 0;
  PlainCustomers expected = customers_of(all.customers, 0, n, !as_range, [](std::uint32_t) { return true; });
  SegmentJoin join(all.scale, all.schema);
  std::vector<bool> unknown(n);
  for (std::uint32_t i = 0; i < n; ++i) {
    unknown[i] = later[i].segment == nullptr && in(0, 6) == 0;
    if (unknown[i]) {
      join.add(numbers[i]);
      for (auto& dimension : expected.dimensions) {
        if (!dimension.empty()) dimension[i] = 0;
      }
    } else if (later[i].segment == nullptr) {
      join.add(numbers[i], places[i]);
    } else {
      join.add(numbers[i], places[i], later[i]);
    }
  }
  const PlainEvents rows = rows_of(all.events, [&](std::size_t row) {
    const std::uint32_t i = place_of(all.events.customer[row]);
    return !unknown[i] && (!late[row] || comes(numbers[i]));
  });
  const Segment built = build_segment(all.scale, all.schema, expected, rows).value();
  const Segment joined = (as_range ? std::move(join).range() : std::move(join).named()).value();
  RC_ASSERT(joined.shape() == built.shape());
  RC_ASSERT(bytes_of(joined) == bytes_of(built));
  RC_CLASSIFY(as_range, "a range");
  RC_CLASSIFY(in_order, "late ones have later seqs");
}

TEST(SegmentJoin, OfNobodyIsASegmentOfNobody) {
  const calendar::Instant at{1'700'000'000'000};
  const Scale scale = Scale::create(calendar::Zone::create("UTC").value(), at, at, 0).value();
  const Schema schema;
  const Segment none = SegmentJoin(scale, schema).named().value();
  EXPECT_EQ(none.customers(), 0U);
  EXPECT_EQ(none.events(), 0U);
}

TEST(SegmentJoin, ASpendBeyondSixtyFourBitsIsRefused) {
  const calendar::Instant at{1'700'000'000'000};
  const Scale scale = Scale::create(calendar::Zone::create("UTC").value(), at, at, 40).value();
  Schema schema;
  schema.kinds = {"order"};
  PlainCustomers one;
  one.count = 1;
  one.number = {7};
  PlainEvents order;
  order.customer = {7};
  order.at_ms = {at.ms};
  order.seq = {1};
  order.kind = {0};
  order.gross_minor = {INT64_MAX};
  const Segment before = build_segment(scale, schema, one, order).value();
  order.gross_minor = {1};
  const Segment came = build_segment(scale, schema, one, order).value();
  SegmentJoin join(scale, schema);
  join.add(7, {&before, 0}, {&came, 0});
  const Result<Segment> joined = std::move(join).named();
  ASSERT_FALSE(joined);
  EXPECT_EQ(joined.error().code, Errc::kOutOfRange);
}

}  // namespace
}  // namespace behoud::timeline
