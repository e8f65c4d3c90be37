#include "timeline/segment.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "timeline/customer_view.h"
#include "timeline/random_histories.h"
#include "timeline/segment_builder.h"

namespace behoud::timeline {
namespace {

using calendar::civil;
using calendar::Instant;
using calendar::kMsPerDay;

Scale year_of_2024(const char* zone = "Europe/Amsterdam") {
  return Scale::create(calendar::Zone::create(zone).value(), {civil(2024, 1, 10).number * kMsPerDay},
                       {civil(2024, 12, 30).number * kMsPerDay})
      .value();
}

bool agree(const PlainHistory& plain, const CustomerView& view, const Scale& scale, const Schema& schema) {
  bool same = view.number() == plain.customer && view.events() == plain.events.size();
  std::vector<const PlainEvent*> orders;
  std::int64_t spend = 0;
  for (std::uint32_t i = 0; same && i < view.events(); ++i) {
    const PlainEvent& e = plain.events[i];
    same = view.at_ms(i) + scale.epoch().ms == e.at_ms && view.seq(i) == e.seq && view.kind(i) == e.kind &&
           view.date_only(i) == e.date_only && scale.day(view.event_day(scale, i)) == e.day &&
           view.event_dimension(0, i) == e.dimensions[0] && view.event_dimension(1, i) == 0 &&
           scale.instant(view.at(i)).ms / 1000 == e.at_ms / 1000;
    if (e.kind == schema.order_kind) orders.push_back(&e), spend += e.gross_minor;
  }
  std::ranges::stable_sort(orders, {}, [](const PlainEvent* e) { return e->day; });
  same = same && view.orders() == orders.size() && view.segment().spend()[view.index()] == spend;
  for (std::uint32_t i = 0; same && i < view.orders(); ++i) {
    same = scale.instant(view.order_at(i)).ms / 1000 == orders[i]->at_ms / 1000 &&
           scale.day(view.order_day(i)) == orders[i]->day && view.gross(i) == orders[i]->gross_minor &&
           view.order_measure(0, i) == 0 && view.order_measure(1, i) == orders[i]->measures[1];
  }
  if (!same) return false;
  const std::uint32_t first = orders.empty() ? kNoDay : view.order_day(0);
  const std::uint32_t last = orders.empty() ? kNoDay : view.order_day(view.orders() - 1);
  if (view.segment().first_day()[view.index()] != first || view.segment().last_day()[view.index()] != last)
    return false;
  for (std::uint32_t m = 0; m < scale.months(); ++m) {
    const auto bit = [&](const std::uint64_t* plane) { return (plane[view.index()] >> (m % 64) & 1) != 0; };
    bool ordered = false, active = false;
    const calendar::Day end = scale.day(scale.month_begin(m + 1));
    for (const PlainEvent* o : orders) {
      ordered |= scale.day(scale.month_begin(m)) <= o->day && o->day < end;
      active |= end - static_cast<int>(schema.window_days) <= o->day && o->day < end;
    }
    if (bit(view.segment().ordered(m / 64)) != ordered || bit(view.segment().active(m / 64)) != active) return false;
  }
  return view.dimension(0) == plain.dimensions[0] && view.dimension(1) == 0;
}

void a_segment_is_its_events(const RandomShape& shape) {
  const RandomHistories any = any_histories(shape);
  const Segment segment = build_segment(any.scale, any.schema, any.customers, any.events).value();
  const auto plain = plain_histories(any.scale.zone(), any.customers, any.events);
  RC_ASSERT(segment.customers() == plain.size());
  RC_ASSERT(segment.events() == any.events.size());
  RC_ASSERT(segment.check(any.scale).has_value());
  for (std::uint32_t i = 0; i < segment.customers(); ++i) {
    RC_ASSERT(agree(plain[i], CustomerView(segment, i), any.scale, any.schema));
  }
}
RC_GTEST_PROP(Segment, IsItsEvents, ()) { a_segment_is_its_events({}); }
RC_GTEST_PROP(Segment, IsItsEventsOverManyYears, ()) { a_segment_is_its_events({.days_max = 4000}); }

RC_GTEST_PROP(Segment, IsMadeAgainOfItsColumns, ()) {
  const RandomHistories any = any_histories();
  const Segment segment = build_segment(any.scale, any.schema, any.customers, any.events).value();
  const Segment again = Segment::create(segment.shape(), segment.columns(), nullptr).value();
  RC_ASSERT(again.bytes() == segment.bytes());
  for (std::uint32_t i = 0; i < segment.customers(); ++i) {
    const CustomerView a(segment, i), b(again, i);
    RC_ASSERT(a.events() == b.events());
    RC_ASSERT(a.dimension(0) == b.dimension(0));
    for (std::uint32_t e = 0; e < a.events(); ++e) {
      RC_ASSERT(a.at_ms(e) == b.at_ms(e));
      RC_ASSERT(a.seq(e) == b.seq(e));
    }
  }
}

TEST(Segment, TakesUnderSixteenBytesAnEvent) {
  const Scale scale = year_of_2024();
  const Schema schema{.kinds = {"page_view", "order"}, .order_kind = 1, .event_dimensions = {"item", "source"}};
  PlainEvents events;
  events.dimensions.resize(2);
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    events.customer.push_back(i % 300);
    events.at_ms.push_back(scale.instant(2000 * i).ms);
    events.seq.push_back(7'000'000'000 + i);
    events.kind.push_back(i % 5 == 0 ? 1 : 0);
    events.gross_minor.push_back(1000 + i);
    events.dimensions[0].push_back(i % 1000);
    events.dimensions[1].push_back(i % 10);
  }
  const Segment segment = build_segment(scale, schema, {.count = 300}, events).value();
  EXPECT_EQ(segment.orders(), 2000U);
  EXPECT_EQ(segment.seq().width, 4);  // of a frame of reference
  EXPECT_EQ(segment.gross().width, 2);
  EXPECT_EQ(segment.ms().width, 0);
  EXPECT_LT(static_cast<double>(segment.bytes()), 16.0 * segment.events());
}

TEST(Segment, OfNobodyAndOfNoEvents) {
  const Scale scale = year_of_2024();
  const Schema schema{.kinds = {"order"}};
  EXPECT_EQ(Segment().customers(), 0U);
  EXPECT_TRUE(Segment().check(scale).has_value());
  const Segment empty = build_segment(scale, schema, {}, {}).value();
  EXPECT_EQ(empty.customers(), 0U);
  EXPECT_TRUE(empty.check(scale).has_value());
  const Segment quiet = build_segment(scale, schema, {.first = 5, .count = 3}, {}).value();
  EXPECT_EQ(quiet.number(2), 7U);
  EXPECT_EQ(CustomerView(quiet, 2).events(), 0U);
  EXPECT_EQ(quiet.last_day()[2], kNoDay);
  EXPECT_EQ(quiet.spend()[2], 0);
}

TEST(Segment, KeepsADateOnlyOrderOnItsDayEverywhere) {
  for (const char* zone : {"America/New_York", "Europe/Amsterdam", "Pacific/Apia", "UTC"}) {
    const Scale scale = year_of_2024(zone);
    const Schema schema{.kinds = {"order"}};
    const std::int64_t first_of_month =
        civil(2024, 1, 1).number * kMsPerDay;  // before the day's first instant in the west
    const Segment s = build_segment(scale, schema, {.count = 1},
                                    {.customer = {0},
                                     .at_ms = {first_of_month},
                                     .seq = {},
                                     .kind = {},
                                     .date_only = {1},
                                     .gross_minor = {},
                                     .dimensions = {},
                                     .measures = {}})
                          .value();
    EXPECT_EQ(scale.day(s.order_day()[0]), civil(2024, 1, 1)) << zone;
    EXPECT_EQ(scale.day(CustomerView(s, 0).event_day(scale, 0)), civil(2024, 1, 1)) << zone;
  }
}

TEST(Segment, RefusesWhatItCannotHold) {
  const Scale scale = year_of_2024();
  const Schema schema{.kinds = {"view", "order"}, .order_kind = 1};
  const auto built = [&](PlainCustomers customers, PlainEvents events) {
    const auto result = build_segment(scale, schema, customers, events);
    return result ? "" : result.error().message;
  };
  const std::int64_t now = civil(2024, 3, 1).number * kMsPerDay;
  const auto events = [](std::uint32_t customer, std::int64_t at_ms, Kind kind) {
    PlainEvents out;
    out.customer = {customer}, out.at_ms = {at_ms}, out.kind = {kind};
    return out;
  };
  EXPECT_EQ(built({.count = 1}, events(0, now, 1)), "");
  EXPECT_EQ(built({.count = 1}, events(1, now, 1)), "customer 1 is not in the segment");
  EXPECT_EQ(built({.first = 3, .count = 1}, events(2, now, 1)), "customer 2 is not in the segment");
  EXPECT_EQ(built({.count = 2, .number = {3, 9}}, events(4, now, 1)), "customer 4 is not in the segment");
  EXPECT_EQ(built({.count = 2, .number = {9, 9}}, {}), "the numbers of a segment's customers do not ascend");
  EXPECT_EQ(built({.count = 1}, events(0, now, 2)), "there is no kind of event 2");
  EXPECT_EQ(built({.count = 1}, events(0, civil(2023, 12, 30).number * kMsPerDay, 1)), "an event lies off the scale");
  EXPECT_EQ(built({.count = 1}, events(0, civil(2025, 1, 3).number * kMsPerDay, 1)), "an event lies off the scale");
  PlainEvents crooked = events(0, now, 1);
  crooked.seq = {1, 2};
  EXPECT_EQ(built({.count = 1}, crooked), "a segment's columns are not of one length");
  PlainEvents rich = events(0, now, 1);
  rich.customer.push_back(0), rich.at_ms.push_back(now), rich.kind.push_back(1);
  rich.gross_minor = {std::numeric_limits<std::int64_t>::max(), 1};
  EXPECT_EQ(built({.count = 1}, rich), "a customer's orders sum to more than 64 bits hold");
}

TEST(Segment, NoticesColumnsThatDoNotFit) {
  const Scale scale = year_of_2024();
  const Schema schema{.kinds = {"order"}};
  PlainEvents events;
  for (std::uint32_t i = 0; i < 6; ++i) {
    events.customer.push_back(i % 2), events.at_ms.push_back(scale.instant(1'000'000 * (i + 1)).ms),
        events.seq.push_back(i);
  }
  const Segment good = build_segment(scale, schema, {.count = 2}, events).value();
  const auto with = [&](Role role, auto change) {
    std::vector<NamedColumn> columns = good.columns();
    for (NamedColumn& c : columns) {
      if (c.role == role) change(c);
    }
    const auto made = Segment::create(good.shape(), columns, nullptr);
    if (!made) return made.error().message;
    const auto checked = made->check(scale);
    return checked ? std::string{} : checked.error().message;
  };
  EXPECT_EQ(with(Role::kAt, [](NamedColumn&) {}), "");
  EXPECT_EQ(with(Role::kAt, [](NamedColumn& c) { ++c.column.count; }),
            "a segment's column at has another number of rows");
  EXPECT_EQ(with(Role::kAt, [](NamedColumn& c) { c.column.width = 2; }),
            "a segment's column at has a width that it cannot have");
  EXPECT_EQ(with(Role::kAt, [](NamedColumn& c) { c.column.width = 3; }),
            "a segment's column at has a width that it cannot have");
  EXPECT_EQ(with(Role::kAt, [](NamedColumn& c) { c.column.data = nullptr; }), "a segment's column at has no bytes");
  EXPECT_EQ(with(Role::kAt, [](NamedColumn& c) { c.column.data += 4; }), "a segment's column at lies across");
  EXPECT_EQ(with(Role::kAt, [](NamedColumn& c) { c.index = 1; }), "a segment's column at is there twice");
  EXPECT_EQ(with(Role::kSeq, [](NamedColumn& c) { c.role = Role::kAt; }), "a segment's column at is there twice");
  EXPECT_EQ(with(Role::kAt, [](NamedColumn& c) { c.role = Role::kSeq; }), "a segment's column seq is there twice");
  EXPECT_EQ(with(Role::kAt, [](NamedColumn& c) { c.role = static_cast<Role>(99); }),
            "a segment has a column of no known role");
  EXPECT_EQ(with(Role::kFirstDay, [](NamedColumn& c) { c.role = Role::kCustomerDimension; }),
            "a segment's column first_day is missing");
  alignas(64) std::uint64_t bytes[32] = {0xFFFF'FFFF'FFFF'FFFF, 0xFFFF'FFFF'FFFF'FFFF, 0xFFFF'FFFF'FFFF'FFFF};
  const auto spoilt = [&](NamedColumn& c) { c.column.data = reinterpret_cast<const std::byte*>(bytes); };
  EXPECT_EQ(with(Role::kEventBegin, spoilt), "a segment's column event_begin does not ascend to its rows");
  EXPECT_EQ(with(Role::kOrderBegin, spoilt), "a segment's column order_begin does not ascend to its rows");
  EXPECT_EQ(with(Role::kAt, spoilt), "a segment's column at lies beyond the scale");
  EXPECT_EQ(with(Role::kOrderDay, spoilt), "a segment's column order_day lies beyond the scale");
  EXPECT_EQ(with(Role::kFirstDay, spoilt), "a segment's column first_day is not that of the first order");
  EXPECT_EQ(with(Role::kLastDay, spoilt), "a segment's column last_day is not that of the last order");
}

RC_GTEST_PROP(Scale, AgreesWithTheZone, ()) {
  const RandomHistories any = any_histories({.events_max = 0, .days_max = 6000});
  const Scale& scale = any.scale;
  RC_ASSERT(scale.epoch().ms % 1000 == 0);
  RC_ASSERT(scale.month_begin(0) == 0U);
  for (int i = 0; i < 300; ++i) {
    auto at = *rc::gen::inRange<std::uint32_t>(0, scale.seconds());
    if (i % 2 == 0) {  // around a day's beginning
      const std::uint32_t near = scale.first_second(*rc::gen::inRange<std::uint32_t>(0, scale.days()));
      at = static_cast<std::uint32_t>(
          std::clamp<std::int64_t>(std::int64_t{near} + *rc::gen::inRange(-2, 3), 0, scale.seconds() - 1));
    }
    const calendar::Day day =
        std::clamp(scale.zone().day_of(scale.instant(at)), scale.epoch_day(), scale.day(scale.days() - 1));
    RC_ASSERT(scale.day(scale.day_of(at)) == day);
    const auto date = calendar::ymd(day);
    const calendar::Day month = civil(static_cast<int>(date.year()), static_cast<unsigned>(date.month()), 1);
    RC_ASSERT(scale.day(scale.month_begin(scale.month_of(at))) == month);
    RC_ASSERT(scale.month_of_day(scale.day_of(at)) == scale.month_of(at));
  }
}

TEST(Scale, HoldsOneHundredAndThirtySixYears) {
  const calendar::Zone utc = calendar::Zone::utc();
  const Instant first{civil(2000, 1, 1).number * kMsPerDay};
  const Scale scale = Scale::create(utc, first, {civil(2135, 1, 1).number * kMsPerDay}).value();
  EXPECT_EQ(scale.months(), 135U * 12 + 1);
  EXPECT_EQ(
      scale.day(scale.day_of(static_cast<std::uint32_t>(std::int64_t{civil(2134, 7, 9) - civil(2000, 1, 1)} * 86'400))),
      civil(2134, 7, 9));
  EXPECT_EQ(Scale::create(utc, first, {civil(2137, 1, 1).number * kMsPerDay}).error().code, Errc::kOutOfRange);
  EXPECT_EQ(Scale::create(utc, {civil(1989, 1, 1).number * kMsPerDay}, first).error().code, Errc::kOutOfRange);
  EXPECT_EQ(Scale::create(utc, first, {first.ms - 1}).error().code, Errc::kInvalidArgument);
}

TEST(Segment, OfOrdersAloneNeedsNoColumnsOfEvents) {
  const RandomHistories all{
      .scale = year_of_2024(), .schema = {.kinds = {"order"}}, .customers = {.count = 1}, .events = {}};
  PlainEvents events;
  events.customer = {0, 0};
  events.at_ms = {civil(2024, 2, 1).number * kMsPerDay, civil(2024, 3, 1).number * kMsPerDay};
  const Segment whole = build_segment(all.scale, all.schema, all.customers, events).value();
  const std::vector<std::uint32_t> no_events(64, 0);
  const auto* none =
      reinterpret_cast<const std::byte*>((reinterpret_cast<std::uintptr_t>(no_events.data()) + 63) / 64 * 64);
  std::vector<NamedColumn> columns{{Role::kEventBegin, 0, {.data = none, .count = 2, .width = 4}}};
  for (const NamedColumn& column : whole.columns()) {
    if (grainage_of(column.role) != Grainage::kEvent && column.role != Role::kEventBegin &&
        column.role != Role::kOrderAt) {
      columns.push_back(column);
    }
  }
  const Segment::Shape shape{.customers = 1, .orders = 2};
  EXPECT_EQ(Segment::create(shape, columns, nullptr).error().message, "a segment's column at is missing");
  const auto orders = Segment::create(shape, columns, nullptr, Segment::Holds::kOrdersAlone);
  ASSERT_TRUE(orders.has_value()) << orders.error().message;
  EXPECT_TRUE(orders->check(all.scale).has_value());
  EXPECT_EQ(CustomerView(*orders, 0).events(), 0);
  EXPECT_EQ(CustomerView(*orders, 0).order_day(1), whole.order_day()[1]);
  // With events there must be what is said of them.
  EXPECT_FALSE(
      Segment::create({.customers = 1, .events = 2, .orders = 2}, columns, nullptr, Segment::Holds::kOrdersAlone)
          .has_value());
  std::erase_if(columns, [](const NamedColumn& column) { return column.role == Role::kOrderDay; });
  EXPECT_EQ(Segment::create(shape, columns, nullptr, Segment::Holds::kOrdersAlone).error().message,
            "a segment's column order_day is missing");
}

}  // namespace
}  // namespace behoud::timeline
