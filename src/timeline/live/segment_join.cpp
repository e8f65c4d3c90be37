#include "timeline/live/segment_join.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <limits>
#include <string>
#include <tuple>

#include "timeline/customer_view.h"

namespace behoud::timeline {
namespace {

std::int64_t last_ms(const CustomerView& c) { return c.at_ms(c.events() - 1); }

// Whether everything in b came behind everything in a.
bool is_behind(const CustomerView& b, const CustomerView& a) {
  if (a.events() == 0 || b.events() == 0) return true;
  const bool rows = std::tuple(last_ms(a), a.seq(a.events() - 1)) <= std::tuple(b.at_ms(0), b.seq(0));
  return rows && (a.orders() == 0 || b.orders() == 0 || a.order_day(a.orders() - 1) <= b.order_day(0));
}

struct Bounds {
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t most = std::numeric_limits<std::int64_t>::min();
  void take(std::int64_t low, std::int64_t high) {
    least = std::min(least, low);
    most = std::max(most, high);
  }
};

void take_bounds(Bounds& bounds, const Column& column, std::uint32_t first, std::uint32_t count) {
  if (count == 0) return;
  if (column.width == 0) return bounds.take(column.base, column.base);
  with_stored(column, [&]<class T>(const T* stored) {
    // Of eight bytes the stored value is the value, sign and all; of fewer it is counted from the base.
    if constexpr (sizeof(T) == 8) {
      const auto* values = reinterpret_cast<const std::int64_t*>(stored) + first;
      std::int64_t low = values[0], high = values[0];
      for (std::uint32_t i = 1; i < count; ++i) low = std::min(low, values[i]), high = std::max(high, values[i]);
      bounds.take(low, high);
    } else {
      T low = stored[first], high = low;
      for (std::uint32_t i = 1; i < count; ++i) {
        low = std::min(low, stored[first + i]), high = std::max(high, stored[first + i]);
      }
      bounds.take(static_cast<std::int64_t>(low) + column.base, static_cast<std::int64_t>(high) + column.base);
    }
  });
}

template <class To>
void copy_rows(To* to, std::int64_t base, const Column& column, std::uint32_t first, std::uint32_t count) {
  const auto across = static_cast<std::uint64_t>(column.base) - static_cast<std::uint64_t>(base);
  if (column.width == 0) {
    std::fill_n(to, count, static_cast<To>(across));
    return;
  }
  with_stored(column, [&]<class From>(const From* stored) {
    if constexpr (sizeof(From) == sizeof(To)) {
      if (across == 0) {
        std::memcpy(to, stored + first, std::size_t{count} * sizeof(To));
        return;
      }
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      to[i] = static_cast<To>(static_cast<std::uint64_t>(stored[first + i]) + across);
    }
  });
}

// Calls work(T*) for the width, so that what is written to is known before the rows are walked.
template <class Work>
void with_width(std::byte* to, std::uint8_t width, const Work& work) {
  switch (width) {
    case 1:
      return work(reinterpret_cast<std::uint8_t*>(to));
    case 2:
      return work(reinterpret_cast<std::uint16_t*>(to));
    case 4:
      return work(reinterpret_cast<std::uint32_t*>(to));
    case 8:
      return work(reinterpret_cast<std::uint64_t*>(to));
    default:
      return;
  }
}

}  // namespace

std::uint32_t SegmentJoin::source_of(const Segment* segment) {
  if (last_source_ != kNobody && sources_[last_source_] == segment) return last_source_;
  if (sources_.empty()) sources_.push_back(nullptr);
  const auto found = std::ranges::find(sources_.begin() + 1, sources_.end(), segment);
  last_source_ = static_cast<std::uint32_t>(found - sources_.begin());
  if (found == sources_.end()) sources_.push_back(segment);
  return last_source_;
}

template <class Work>
void SegmentJoin::for_each(const Stretches& stretches, const std::vector<Column>& columns, const Work& work) {
  constexpr std::size_t kAhead = 12;
  for (std::size_t i = 0; i < stretches.size(); ++i) {
    if (i + kAhead < stretches.size()) {
      const Stretch& ahead = stretches[i + kAhead];
      const Column& column = columns[ahead.source];
      const std::byte* const begin = column.data + std::size_t{ahead.first} * column.width;
      if (column.width != 0) {
        prefetch_line(begin);
        prefetch_line(begin + 64);
      }
    }
    work(columns[stretches[i].source], stretches[i]);
  }
}

void SegmentJoin::extend(Stretches& stretches, std::uint32_t source, std::uint32_t first, std::uint32_t count) {
  if (count == 0) return;
  if (!stretches.empty()) {
    Stretch& last = stretches.back();
    if (last.source == source && (source == kNobody || last.first + last.count == first)) {
      last.count += count;
      return;
    }
  }
  stretches.push_back({source, first, count});
}

void SegmentJoin::add_rows(Place place, std::uint32_t source) {
  const CustomerView c(*place.segment, place.index);
  extend(event_rows_, source, c.event_row(0), c.events());
  extend(order_rows_, source, c.order_row(0), c.orders());
  events_ += c.events();
  orders_ += c.orders();
}

void SegmentJoin::close(std::uint32_t number) {
  assert(numbers_.empty() || numbers_.back() < number);
  numbers_.push_back(number);
  event_begin_.push_back(static_cast<std::uint32_t>(events_));
  order_begin_.push_back(static_cast<std::uint32_t>(orders_));
}

void SegmentJoin::add(std::uint32_t number) {
  extend(customer_rows_, kNobody, 0, 1);
  close(number);
}

void SegmentJoin::add(std::uint32_t number, Place place) {
  const std::uint32_t source = source_of(place.segment);
  extend(customer_rows_, source, place.index, 1);
  add_rows(place, source);
  close(number);
}

void SegmentJoin::add(std::uint32_t number, Place place, Place came) {
  const std::uint32_t source = source_of(place.segment);
  extend(customer_rows_, source, place.index, 1);
  both_.push_back({customers(), place, came});
  const CustomerView before(*place.segment, place.index), after(*came.segment, came.index);
  if (is_behind(after, before)) {
    add_rows(place, source);
    add_rows(came, source_of(came.segment));
  } else {
    interleave(place, came);
  }
  close(number);
}

// Events ascend by (instant, seq); orders by (day, instant, seq), which is the order of their events but where a
// date-only one stands elsewhere.
void SegmentJoin::interleave(Place place, Place came) {
  struct Order {
    std::uint32_t day = 0, source = 0, row = 0;
  };
  struct Side {
    CustomerView view;
    std::uint32_t source = 0;
    std::vector<std::uint32_t> order_of{};  // by event of the order kind, in turn: its order
    std::uint32_t next = 0, next_order = 0;
    bool is_done() const { return next == view.events(); }
    auto key() const { return std::tuple(view.at_ms(next), view.seq(next)); }
  };
  const auto side = [this](Place at) {
    Side out{.view = CustomerView(*at.segment, at.index), .source = source_of(at.segment)};
    // Orders stand by day; among those of a day as their events do.
    std::vector<std::uint32_t> by_day, days;
    for (std::uint32_t i = 0; i < out.view.events(); ++i) {
      if (out.view.kind(i) != schema_.order_kind) continue;
      by_day.push_back(static_cast<std::uint32_t>(days.size()));
      days.push_back(out.view.event_day(scale_, i));
    }
    assert(days.size() == out.view.orders());
    std::ranges::stable_sort(by_day, {}, [&days](std::uint32_t n) { return days[n]; });
    out.order_of.resize(by_day.size());
    for (std::uint32_t o = 0; o < by_day.size(); ++o) out.order_of[by_day[o]] = o;
    return out;
  };
  Side a = side(place), b = side(came);
  std::vector<Order> orders;
  while (!a.is_done() || !b.is_done()) {
    Side& next = a.is_done() || (!b.is_done() && b.key() < a.key()) ? b : a;
    extend(event_rows_, next.source, next.view.event_row(next.next), 1);
    if (next.view.kind(next.next) == schema_.order_kind) {
      const std::uint32_t order = next.order_of[next.next_order++];
      orders.push_back({next.view.order_day(order), next.source, next.view.order_row(order)});
    }
    ++next.next;
  }
  std::ranges::stable_sort(orders, {}, &Order::day);
  for (const Order& order : orders) extend(order_rows_, order.source, order.row, 1);
  events_ += a.view.events() + b.view.events();
  orders_ += orders.size();
}

// Each customer's, of both places together.
Result<void> SegmentJoin::sum_spend() {
  spend_.resize(customers());
  const std::vector<Column> from = columns(Role::kSpend, 0);
  std::int64_t* to = spend_.data();
  for_each(customer_rows_, from, [&to](const Column& column, const Stretch& stretch) {
    copy_rows(reinterpret_cast<std::uint64_t*>(to), 0, column, stretch.first, stretch.count);
    to += stretch.count;
  });
  for (const Both& both : both_) {
    std::int64_t& spend = spend_[both.customer];
    if (__builtin_add_overflow(spend, both.came.segment->spend()[both.came.index], &spend)) {
      return fail(Errc::kOutOfRange, "a customer's orders sum to more than 64 bits hold");
    }
  }
  return {};
}

// A role's column in each source. Of nobody every value is 0.
std::vector<Column> SegmentJoin::columns(Role role, std::uint16_t index) const {
  std::vector<Column> out(1);
  for (std::size_t s = 1; s < sources_.size(); ++s) out.push_back(sources_[s]->column(role, index));
  return out;
}

void SegmentJoin::draft(Role role, std::uint16_t index, const Stretches& stretches, std::uint64_t count) {
  const std::vector<Column> from = columns(role, index);
  Bounds bounds;
  for_each(stretches, from, [&bounds](const Column& column, const Stretch& stretch) {
    take_bounds(bounds, column, stretch.first, stretch.count);
  });
  if (count == 0) bounds = {0, 0};
  layout_.add(role, index, count, bounds.least, bounds.most);
}

// In the order in which build_segment lays columns out, and those that it would.
void SegmentJoin::lay_out(bool names) {
  const std::uint64_t customers = numbers_.size();
  const auto all = [this](Role role, std::size_t count, const Stretches& rows, std::uint64_t of) {
    for (std::size_t k = 0; k < count; ++k) draft(role, static_cast<std::uint16_t>(k), rows, of);
  };
  layout_.add(Role::kEventBegin, 0, customers + 1, 4);
  layout_.add(Role::kOrderBegin, 0, customers + 1, 4);
  layout_.add(Role::kAt, 0, events_, 4);
  draft(Role::kMs, 0, event_rows_, events_);
  layout_.add(Role::kKind, 0, events_, kind_width(schema_));
  draft(Role::kSeq, 0, event_rows_, events_);
  draft(Role::kDateOnly, 0, event_rows_, events_);
  all(Role::kEventDimension, schema_.event_dimensions.size(), event_rows_, events_);
  layout_.add(Role::kOrderAt, 0, orders_, 4);
  layout_.add(Role::kOrderDay, 0, orders_, 2);
  draft(Role::kGross, 0, order_rows_, orders_);
  all(Role::kOrderMeasure, schema_.order_measures.size(), order_rows_, orders_);
  layout_.add(Role::kFirstDay, 0, customers, 2);
  layout_.add(Role::kLastDay, 0, customers, 2);
  const auto [least, most] = spend_.empty() ? std::ranges::minmax_result<std::int64_t>{} : std::ranges::minmax(spend_);
  layout_.add(Role::kSpend, 0, customers, least, most);
  for (std::uint16_t w = 0; w < planes_of(scale_); ++w) {
    layout_.add(Role::kOrdered, w, customers, 8);
    layout_.add(Role::kActive, w, customers, 8);
  }
  all(Role::kCustomerDimension, schema_.customer_dimensions.size(), customer_rows_, customers);
  if (names) layout_.add(Role::kNumber, 0, customers, 4);
  draft(Role::kIdentity, 0, customer_rows_, customers);
  layout_.place();
}

void SegmentJoin::fill() {
  const auto copy = [this](const Draft& draft, const Stretches& stretches) {
    const std::vector<Column> from = columns(draft.role, draft.index);
    with_width(layout_.data(draft), draft.width, [&]<class To>(To* to) {
      for_each(stretches, from, [&](const Column& column, const Stretch& stretch) {
        copy_rows(to, draft.base, column, stretch.first, stretch.count);
        to += stretch.count;
      });
    });
  };
  const auto put = [this](const Draft& draft, const auto& values) {
    with_width(layout_.data(draft), draft.width, [&]<class To>(To* to) {
      for (const auto value : values) {
        *to++ = static_cast<To>(static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(draft.base));
      }
    });
  };
  for (const Draft& draft : layout_.drafts()) {
    switch (grainage_of(draft.role)) {
      case Grainage::kCustomerAndOne:
        put(draft, draft.role == Role::kEventBegin ? event_begin_ : order_begin_);
        break;
      case Grainage::kEvent:
        copy(draft, event_rows_);
        break;
      case Grainage::kOrder:
        copy(draft, order_rows_);
        break;
      case Grainage::kCustomer:
        if (draft.role == Role::kSpend) {
          put(draft, spend_);
        } else if (draft.role == Role::kNumber) {
          put(draft, numbers_);
        } else {
          copy(draft, customer_rows_);
        }
        break;
    }
  }
  fill_days();
}

// First and last days of those who are nobody's copy, and what two places say together.
void SegmentJoin::fill_days() {
  auto *const first_day = layout_.values<std::uint16_t>(Role::kFirstDay), *const last_day =
                                                                              layout_.values<std::uint16_t>(
                                                                                  Role::kLastDay);
  std::uint32_t customer = 0;
  for (const Stretch& stretch : customer_rows_) {
    if (stretch.source == kNobody) {
      std::fill_n(first_day + customer, stretch.count, kNoDay);
      std::fill_n(last_day + customer, stretch.count, kNoDay);
    }
    customer += stretch.count;
  }
  for (const Both& both : both_) {
    const Segment& came = *both.came.segment;
    if (came.first_day()[both.came.index] == kNoDay) continue;
    const std::uint32_t i = both.customer;
    const bool had_none = first_day[i] == kNoDay;
    first_day[i] = std::min(first_day[i], came.first_day()[both.came.index]);  // kNoDay is the greatest
    last_day[i] = had_none ? came.last_day()[both.came.index] : std::max(last_day[i], came.last_day()[both.came.index]);
    for (std::uint16_t w = 0; w < planes_of(scale_); ++w) {
      const auto join = [&](Role role, const std::uint64_t* plane) {
        if (plane != nullptr) layout_.values<std::uint64_t>(role, w)[i] |= plane[both.came.index];
      };
      join(Role::kOrdered, came.ordered(w));
      join(Role::kActive, came.active(w));
    }
  }
}

Result<Segment> SegmentJoin::join(bool names) {
  if (events_ > 0xFFFF'FFFE) return fail(Errc::kOutOfRange, "a segment holds fewer than 2^32 events");
  if (sources_.empty()) sources_.push_back(nullptr);
  TRY(sum_spend());
  lay_out(names);
  fill();
  return layout_.segment({.first_customer = numbers_.empty() ? 0 : numbers_.front(),
                          .customers = customers(),
                          .events = static_cast<std::uint32_t>(events_),
                          .orders = static_cast<std::uint32_t>(orders_)});
}

Result<Segment> SegmentJoin::named() && { return join(true); }

Result<Segment> SegmentJoin::range() && {
  assert(numbers_.empty() || numbers_.back() - numbers_.front() + 1 == customers());
  return join(false);
}

}  // namespace behoud::timeline
