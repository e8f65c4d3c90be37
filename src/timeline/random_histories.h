#pragma once

// Random histories for the tests of the engine: few customers and many, instants that crowd on a few moments (ties) and
// around clock changes, several kinds, repeated rows, date-only rows, dimensions and measures, any zone.

#include <algorithm>

#include <rapidcheck.h>

#include "timeline/plain_history.h"
#include "timeline/scale.h"
#include "timeline/segment_builder.h"
#include "timeline/timeline.h"

namespace behoud::timeline {

inline constexpr Kind kView = 0, kProduct = 1, kCart = 2, kOrder = 3, kLetter = 4;

struct RandomHistories {
  Scale scale;
  Schema schema;
  PlainCustomers customers;
  PlainEvents events;
};

struct RandomShape {
  int customers_max = 12;
  int events_max = 120;
  int days_max = 500;
  bool date_only = true;
  bool ms = true;
};

inline RandomHistories any_histories(RandomShape shape = {}) {
  const auto in = [](std::int64_t from, std::int64_t to) { return *rc::gen::inRange<std::int64_t>(from, to); };
  // Amsterdam and New York change their clocks, St. John's by half an hour and once at 00:01, Apia lost a day in 2011.
  const char* zones[] = {"UTC", "Europe/Amsterdam", "America/New_York", "America/St_Johns", "Pacific/Apia"};
  const calendar::Zone zone = calendar::Zone::create(zones[static_cast<std::size_t>(in(0, 5))]).value();
  const std::int64_t days = in(1, shape.days_max);
  const std::int64_t first_ms =
      calendar::civil(2011, static_cast<unsigned>(in(9, 13)), static_cast<unsigned>(in(1, 29))).number *
      calendar::kMsPerDay;
  const std::int64_t last_ms = first_ms + days * calendar::kMsPerDay;

  RandomHistories out{.scale = Scale::create(zone, {first_ms}, {last_ms}, static_cast<int>(in(0, 40))).value(),
                      .schema = {},
                      .customers = {},
                      .events = {}};
  out.schema = {.kinds = {"page_view", "product_view", "cart", "order", "letter"},
                .order_kind = kOrder,
                .customer_dimensions = {"source", "country"},
                .event_dimensions = {"item", "campaign"},
                .order_measures = {"tax", "units"},
                .window_days = static_cast<std::uint32_t>(*rc::gen::element<std::int64_t>(1, 7, 30, 90, 400))};
  if (in(0, 8) == 0) out.schema.kinds.resize(300, "rare");  // two bytes a kind

  PlainCustomers& c = out.customers;
  c.first = static_cast<std::uint32_t>(in(0, 3) * 1000);
  c.count = static_cast<std::uint32_t>(in(1, shape.customers_max + 1));
  if (in(0, 3) == 0) {
    for (std::uint32_t i = 0; i < c.count; ++i)
      c.number.push_back(c.first + 3 * i + static_cast<std::uint32_t>(in(0, 3)));
  }
  c.dimensions.resize(2);
  for (std::uint32_t i = 0; i < c.count; ++i) c.dimensions[0].push_back(static_cast<std::uint32_t>(in(0, 4)));

  const std::int64_t n = in(0, shape.events_max + 1);
  const bool with_ms = shape.ms && in(0, 2) == 0, with_dates = shape.date_only && in(0, 3) == 0;
  const std::int64_t price_max = *rc::gen::element<std::int64_t>(1, 200, 100'000, 20'000'000'000);
  PlainEvents& e = out.events;
  e.dimensions.resize(2);
  e.measures.resize(2);
  std::vector<std::int64_t> moments;  // that events come back to: ties
  for (int i = 0; i < 4; ++i) moments.push_back(in(first_ms / 1000, last_ms / 1000) * 1000);
  for (std::int64_t i = 0; i < n; ++i) {
    const bool date_only = with_dates && in(0, 3) == 0;
    std::int64_t at =
        in(0, 4) == 0 ? moments[static_cast<std::size_t>(in(0, 4))] : in(first_ms / 1000, last_ms / 1000) * 1000;
    if (with_ms && !date_only) at += in(0, 4) == 0 ? in(0, 1000) : 0;
    if (in(0, 6) == 0)
      at = std::clamp(at / calendar::kMsPerDay * calendar::kMsPerDay + in(-2, 3) * 1800'000, first_ms, last_ms);
    if (date_only) at = at / calendar::kMsPerDay * calendar::kMsPerDay;
    const auto place = static_cast<std::uint32_t>(in(0, in(0, 2) == 0 ? 1 : c.count));
    e.customer.push_back(c.number.empty() ? c.first + place : c.number[place]);
    e.at_ms.push_back(at);
    e.seq.push_back(static_cast<std::uint64_t>(1000 + i));
    e.kind.push_back(static_cast<Kind>(in(0, 5)));
    e.date_only.push_back(date_only);
    e.gross_minor.push_back(in(0, price_max));
    e.dimensions[0].push_back(static_cast<std::uint32_t>(in(0, 6)));
    e.measures[1].push_back(in(-5, 5));
  }
  if (!with_dates) e.date_only.clear();
  // Rows come in any order.
  for (std::size_t i = e.size(); i > 1; --i) {
    const auto j = static_cast<std::size_t>(in(0, static_cast<std::int64_t>(i)));
    const auto swap_in = [&](auto& v) {
      if (!v.empty()) std::swap(v[i - 1], v[j]);
    };
    swap_in(e.customer), swap_in(e.at_ms), swap_in(e.seq), swap_in(e.kind), swap_in(e.date_only),
        swap_in(e.gross_minor);
    swap_in(e.dimensions[0]), swap_in(e.measures[1]);
  }
  return out;
}

// The rows of `events` for which `keep` says so.
template <class Keep>
PlainEvents rows_of(const PlainEvents& events, const Keep& keep) {
  PlainEvents out;
  out.dimensions.resize(events.dimensions.size());
  out.measures.resize(events.measures.size());
  for (std::size_t row = 0; row < events.size(); ++row) {
    if (!keep(row)) continue;
    const auto copy = [row](const auto& from, auto& to) {
      if (!from.empty()) to.push_back(from[row]);
    };
    copy(events.customer, out.customer);
    copy(events.at_ms, out.at_ms);
    copy(events.seq, out.seq);
    copy(events.kind, out.kind);
    copy(events.date_only, out.date_only);
    copy(events.gross_minor, out.gross_minor);
    for (std::size_t k = 0; k < events.dimensions.size(); ++k) copy(events.dimensions[k], out.dimensions[k]);
    for (std::size_t k = 0; k < events.measures.size(); ++k) copy(events.measures[k], out.measures[k]);
  }
  return out;
}

// The customers from place `from` up to `to` for whom `keep` says so, by place.
template <class Keep>
PlainCustomers customers_of(const PlainCustomers& all, std::uint32_t from, std::uint32_t to, bool name_them,
                            const Keep& keep) {
  PlainCustomers out;
  out.first = all.first + from;
  out.dimensions.resize(all.dimensions.size());
  for (std::uint32_t i = from; i < to; ++i) {
    if (!keep(i)) continue;
    ++out.count;
    if (name_them || !all.number.empty()) out.number.push_back(all.number.empty() ? all.first + i : all.number[i]);
    for (std::size_t k = 0; k < all.dimensions.size(); ++k) {
      if (!all.dimensions[k].empty()) out.dimensions[k].push_back(all.dimensions[k][i]);
    }
  }
  return out;
}

// The same histories as a timeline of a few parts: a base in up to three ranges and, for some customers, a history that
// is out of date there, hidden, and replaced whole in a delta.
inline Timeline any_timeline(const RandomHistories& all) {
  const auto in = [](std::int64_t from, std::int64_t to) { return *rc::gen::inRange<std::int64_t>(from, to); };
  const PlainCustomers& c = all.customers;
  const auto number_of = [&](std::uint32_t i) { return c.number.empty() ? c.first + i : c.number[i]; };
  std::vector<bool> touched(c.count);
  const bool with_delta = in(0, 2) == 0;
  for (std::uint32_t i = 0; i < c.count; ++i) touched[i] = with_delta && in(0, 3) == 0;
  std::vector<std::uint32_t> bounds{0, static_cast<std::uint32_t>(in(0, c.count + 1)),
                                    static_cast<std::uint32_t>(in(0, c.count + 1)), c.count};
  std::ranges::sort(bounds);

  Timeline out{.scale = all.scale, .schema = all.schema, .parts = {}, .customer_codes = {4, 1}, .event_codes = {6, 1}};
  for (std::size_t b = 0; b + 1 < bounds.size(); ++b) {
    const PlainCustomers customers =
        customers_of(c, bounds[b], bounds[b + 1], false, [](std::uint32_t) { return true; });
    const PlainEvents events = rows_of(all.events, [&](std::size_t row) {
      for (std::uint32_t i = bounds[b]; i < bounds[b + 1]; ++i) {
        if (number_of(i) == all.events.customer[row]) return !touched[i] || row % 3 == 0;
      }
      return false;
    });
    Part part{.segment = build_segment(all.scale, all.schema, customers, events).value()};
    if (with_delta) {
      part.hidden.resize((customers.count + 63) / 64);
      for (std::uint32_t i = 0; i < customers.count; ++i) {
        if (touched[bounds[b] + i]) part.hidden[i / 64] |= std::uint64_t{1} << (i % 64);
      }
    }
    out.parts.push_back(std::move(part));
  }
  if (with_delta) {
    const PlainCustomers customers = customers_of(c, 0, c.count, true, [&](std::uint32_t i) { return touched[i]; });
    const PlainEvents events = rows_of(all.events, [&](std::size_t row) {
      return std::ranges::binary_search(customers.number, all.events.customer[row]);
    });
    out.parts.push_back({.segment = build_segment(all.scale, all.schema, customers, events).value()});
  }
  return out;
}

}  // namespace behoud::timeline
