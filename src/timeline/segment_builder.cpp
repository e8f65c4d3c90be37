#include "timeline/segment_builder.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <string>

#include "timeline/internal/segment_layout.h"

namespace behoud::timeline {
namespace {

class Builder {
 public:
  Builder(const Scale& scale, const Schema& schema, const PlainCustomers& customers, const PlainEvents& events)
      : scale_(scale), schema_(schema), customers_(customers), events_(events) {}

  Result<Segment> build() {
    TRY(look_over());
    TRY(cluster());
    sort_within_customers();
    TRY(find_orders());
    lay_out();
    fill();
    return finish();
  }

 private:
  Result<void> look_over();
  Result<void> cluster();
  void sort_within_customers();
  Result<void> find_orders();
  void lay_out();
  void fill();
  Result<Segment> finish();

  // The place of a customer's number in this segment.
  std::optional<std::uint32_t> place_of(std::uint32_t number) const {
    if (customers_.number.empty()) {
      if (number < customers_.first || number - customers_.first >= customers_.count) return std::nullopt;
      return number - customers_.first;
    }
    const auto found = std::ranges::lower_bound(customers_.number, number);
    if (found == customers_.number.end() || *found != number) return std::nullopt;
    return static_cast<std::uint32_t>(found - customers_.number.begin());
  }
  std::int64_t rel_ms(std::uint32_t row) const { return events_.at_ms[row] - scale_.epoch().ms; }
  bool is_date_only(std::uint32_t row) const { return !events_.date_only.empty() && events_.date_only[row] != 0; }
  std::uint32_t day_of(std::uint32_t row) const {
    if (!is_date_only(row)) return scale_.day_of(static_cast<std::uint32_t>(rel_ms(row) / 1000));
    return static_cast<std::uint32_t>(events_.at_ms[row] / calendar::kMsPerDay - scale_.epoch_day().number);
  }

  // A draft of values that are fetched one by one; nothing is kept where all are 0.
  template <class Value>
  void draft_values(Role role, std::uint16_t index, std::uint64_t count, const Value& value) {
    std::int64_t least = 0, most = 0;
    if (count > 0) {
      least = std::numeric_limits<std::int64_t>::max();
      most = std::numeric_limits<std::int64_t>::min();
    }
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::int64_t v = value(i);
      least = std::min(least, v);
      most = std::max(most, v);
    }
    layout_.add(role, index, count, least, most);
  }
  template <class Value>
  void store(const Draft& d, const Value& value) {
    std::byte* out = layout_.data(d);
    const auto write = [&]<class T>(T*) {
      T* to = reinterpret_cast<T*>(out);
      for (std::uint64_t i = 0; i < d.count; ++i) {
        to[i] = static_cast<T>(static_cast<std::uint64_t>(value(i)) - static_cast<std::uint64_t>(d.base));
      }
    };
    switch (d.width) {
      case 1:
        write(static_cast<std::uint8_t*>(nullptr));
        break;
      case 2:
        write(static_cast<std::uint16_t*>(nullptr));
        break;
      case 4:
        write(static_cast<std::uint32_t*>(nullptr));
        break;
      case 8:
        write(static_cast<std::uint64_t*>(nullptr));
        break;
      default:
        break;
    }
  }
  template <class Row>
  void store_by_rows(const Draft& d, std::span<const std::uint32_t> rows, const Row& value) {
    store(d, [&](std::uint64_t i) { return static_cast<std::int64_t>(value(rows[i])); });
  }
  void fill_planes();

  const Scale& scale_;
  const Schema& schema_;
  const PlainCustomers& customers_;
  const PlainEvents& events_;
  std::vector<std::uint32_t> place_;  // of each row's customer; let go of after clustering
  std::vector<std::uint32_t> event_begin_, order_begin_;
  std::vector<std::uint32_t> rows_;        // event rows in the segment's order
  std::vector<std::uint32_t> order_rows_;  // those of orders
  std::vector<std::int64_t> spend_;
  SegmentLayout layout_;
};

Result<void> Builder::look_over() {
  const std::size_t n = events_.size();
  if (n > 0xFFFF'FFFE) return fail(Errc::kOutOfRange, "a segment holds fewer than 2^32 events");
  const auto of_length = [](const auto& v, std::size_t length) { return v.empty() || v.size() == length; };
  bool fine = events_.at_ms.size() == n && of_length(events_.seq, n) && of_length(events_.kind, n) &&
              of_length(events_.date_only, n) && of_length(events_.gross_minor, n) &&
              of_length(customers_.number, customers_.count) && of_length(customers_.identity, customers_.count);
  for (const auto& d : events_.dimensions) fine = fine && of_length(d, n);
  for (const auto& m : events_.measures) fine = fine && of_length(m, n);
  for (const auto& d : customers_.dimensions) fine = fine && of_length(d, customers_.count);
  if (!fine) return fail(Errc::kInvalidArgument, "a segment's columns are not of one length");
  if (customers_.count == 0xFFFF'FFFF) return fail(Errc::kOutOfRange, "a segment holds fewer than 2^32 customers");
  if (!std::ranges::is_sorted(customers_.number, std::ranges::less_equal{})) {
    return fail(Errc::kInvalidArgument, "the numbers of a segment's customers do not ascend");
  }
  return {};
}

// Counts each customer's events, then puts every row into its customer's place: stable.
Result<void> Builder::cluster() {
  const std::size_t n = events_.size();
  place_.resize(n);
  event_begin_.assign(std::size_t{customers_.count} + 1, 0);
  for (std::size_t row = 0; row < n; ++row) {
    const auto place = place_of(events_.customer[row]);
    if (!place)
      return fail(Errc::kInvalidArgument,
                  "customer " + std::to_string(events_.customer[row]) + " is not in the segment");
    if (!events_.kind.empty() && events_.kind[row] >= schema_.kinds.size()) {
      return fail(Errc::kInvalidArgument, "there is no kind of event " + std::to_string(events_.kind[row]));
    }
    const std::int64_t ms = rel_ms(static_cast<std::uint32_t>(row));
    const bool day_fits =
        !is_date_only(static_cast<std::uint32_t>(row)) ||
        (events_.at_ms[row] / calendar::kMsPerDay >= scale_.epoch_day().number &&
         events_.at_ms[row] / calendar::kMsPerDay < scale_.epoch_day().number + std::int64_t{scale_.days()});
    if (ms < 0 || ms / 1000 > scale_.seconds() || !day_fits)
      return fail(Errc::kOutOfRange, "an event lies off the scale");
    place_[row] = *place;
    ++event_begin_[*place + 1];
  }
  for (std::size_t i = 0; i < customers_.count; ++i) event_begin_[i + 1] += event_begin_[i];
  std::vector<std::uint32_t> next(event_begin_.begin(), event_begin_.end() - 1);
  rows_.resize(n);
  for (std::size_t row = 0; row < n; ++row) rows_[next[place_[row]]++] = static_cast<std::uint32_t>(row);
  place_ = {};
  return {};
}

void Builder::sort_within_customers() {
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    if (events_.at_ms[a] != events_.at_ms[b]) return events_.at_ms[a] < events_.at_ms[b];
    return !events_.seq.empty() && events_.seq[a] < events_.seq[b];
  };
  for (std::size_t i = 0; i < customers_.count; ++i) {
    const auto begin = rows_.begin() + event_begin_[i];
    const auto end = rows_.begin() + event_begin_[i + 1];
    if (!std::is_sorted(begin, end, before)) std::stable_sort(begin, end, before);
  }
}

Result<void> Builder::find_orders() {
  order_begin_.assign(std::size_t{customers_.count} + 1, 0);
  spend_.assign(customers_.count, 0);
  for (std::size_t i = 0; i < customers_.count; ++i) {
    for (std::uint32_t e = event_begin_[i]; e < event_begin_[i + 1]; ++e) {
      const std::uint32_t row = rows_[e];
      if ((events_.kind.empty() ? 0 : events_.kind[row]) != schema_.order_kind) continue;
      order_rows_.push_back(row);
      const std::int64_t gross = events_.gross_minor.empty() ? 0 : events_.gross_minor[row];
      if (__builtin_add_overflow(spend_[i], gross, &spend_[i])) {
        return fail(Errc::kOutOfRange, "a customer's orders sum to more than 64 bits hold");
      }
    }
    order_begin_[i + 1] = static_cast<std::uint32_t>(order_rows_.size());
    if (events_.date_only.empty()) continue;
    std::stable_sort(order_rows_.begin() + order_begin_[i], order_rows_.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return day_of(a) < day_of(b); });
  }
  return {};
}

void Builder::lay_out() {
  const std::uint64_t n = rows_.size(), orders = order_rows_.size(), customers = customers_.count;
  layout_.add(Role::kEventBegin, 0, customers + 1, 4);
  layout_.add(Role::kOrderBegin, 0, customers + 1, 4);
  layout_.add(Role::kAt, 0, n, 4);
  draft_values(Role::kMs, 0, n, [&](std::uint64_t i) { return rel_ms(static_cast<std::uint32_t>(i)) % 1000; });
  layout_.add(Role::kKind, 0, n, kind_width(schema_));
  if (!events_.seq.empty()) {
    draft_values(Role::kSeq, 0, n, [&](std::uint64_t i) { return static_cast<std::int64_t>(events_.seq[i]); });
  }
  if (!events_.date_only.empty()) {
    draft_values(Role::kDateOnly, 0, n, [&](std::uint64_t i) { return events_.date_only[i] != 0; });
  }
  for (std::size_t k = 0; k < events_.dimensions.size(); ++k) {
    if (events_.dimensions[k].empty()) continue;
    draft_values(Role::kEventDimension, static_cast<std::uint16_t>(k), n,
                 [&](std::uint64_t i) { return std::int64_t{events_.dimensions[k][i]}; });
  }
  layout_.add(Role::kOrderAt, 0, orders, 4);
  layout_.add(Role::kOrderDay, 0, orders, 2);
  if (!events_.gross_minor.empty()) {
    draft_values(Role::kGross, 0, orders, [&](std::uint64_t i) { return events_.gross_minor[order_rows_[i]]; });
  }
  for (std::size_t k = 0; k < events_.measures.size(); ++k) {
    if (events_.measures[k].empty()) continue;
    draft_values(Role::kOrderMeasure, static_cast<std::uint16_t>(k), orders,
                 [&](std::uint64_t i) { return events_.measures[k][order_rows_[i]]; });
  }
  layout_.add(Role::kFirstDay, 0, customers, 2);
  layout_.add(Role::kLastDay, 0, customers, 2);
  draft_values(Role::kSpend, 0, customers, [&](std::uint64_t i) { return spend_[i]; });
  for (std::uint16_t w = 0; w < planes_of(scale_); ++w) {
    layout_.add(Role::kOrdered, w, customers, 8);
    layout_.add(Role::kActive, w, customers, 8);
  }
  for (std::size_t k = 0; k < customers_.dimensions.size(); ++k) {
    if (customers_.dimensions[k].empty()) continue;
    draft_values(Role::kCustomerDimension, static_cast<std::uint16_t>(k), customers,
                 [&](std::uint64_t i) { return std::int64_t{customers_.dimensions[k][i]}; });
  }
  if (!customers_.number.empty()) layout_.add(Role::kNumber, 0, customers, 4);
  if (!customers_.identity.empty()) {
    draft_values(Role::kIdentity, 0, customers,
                 [&](std::uint64_t i) { return static_cast<std::int64_t>(customers_.identity[i]); });
  }
  layout_.place();
}

void Builder::fill() {
  for (const Draft& d : layout_.drafts()) {
    switch (d.role) {
      case Role::kEventBegin:
        store(d, [&](std::uint64_t i) { return std::int64_t{event_begin_[i]}; });
        break;
      case Role::kOrderBegin:
        store(d, [&](std::uint64_t i) { return std::int64_t{order_begin_[i]}; });
        break;
      case Role::kAt:
        store_by_rows(d, rows_, [&](std::uint32_t row) { return rel_ms(row) / 1000; });
        break;
      case Role::kMs:
        store_by_rows(d, rows_, [&](std::uint32_t row) { return rel_ms(row) % 1000; });
        break;
      case Role::kKind:
        store_by_rows(d, rows_, [&](std::uint32_t row) { return events_.kind.empty() ? 0 : events_.kind[row]; });
        break;
      case Role::kSeq:
        store_by_rows(d, rows_, [&](std::uint32_t row) { return events_.seq[row]; });
        break;
      case Role::kDateOnly:
        store_by_rows(d, rows_, [&](std::uint32_t row) { return is_date_only(row); });
        break;
      case Role::kEventDimension:
        store_by_rows(d, rows_, [&](std::uint32_t row) { return events_.dimensions[d.index][row]; });
        break;
      case Role::kOrderAt:
        store_by_rows(d, order_rows_, [&](std::uint32_t row) { return rel_ms(row) / 1000; });
        break;
      case Role::kOrderDay:
        store_by_rows(d, order_rows_, [&](std::uint32_t row) { return day_of(row); });
        break;
      case Role::kGross:
        store_by_rows(d, order_rows_, [&](std::uint32_t row) { return events_.gross_minor[row]; });
        break;
      case Role::kOrderMeasure:
        store_by_rows(d, order_rows_, [&](std::uint32_t row) { return events_.measures[d.index][row]; });
        break;
      case Role::kFirstDay:
        store(d, [&](std::uint64_t i) -> std::int64_t {
          return order_begin_[i] == order_begin_[i + 1] ? kNoDay : day_of(order_rows_[order_begin_[i]]);
        });
        break;
      case Role::kLastDay:
        store(d, [&](std::uint64_t i) -> std::int64_t {
          return order_begin_[i] == order_begin_[i + 1] ? kNoDay : day_of(order_rows_[order_begin_[i + 1] - 1]);
        });
        break;
      case Role::kSpend:
        store(d, [&](std::uint64_t i) { return spend_[i]; });
        break;
      case Role::kOrdered:
      case Role::kActive:
        break;  // both below, in one pass
      case Role::kCustomerDimension:
        store(d, [&](std::uint64_t i) { return std::int64_t{customers_.dimensions[d.index][i]}; });
        break;
      case Role::kNumber:
        store(d, [&](std::uint64_t i) { return std::int64_t{customers_.number[i]}; });
        break;
      case Role::kIdentity:
        store(d, [&](std::uint64_t i) { return static_cast<std::int64_t>(customers_.identity[i]); });
        break;
    }
  }
  fill_planes();
}

void Builder::fill_planes() {
  std::vector<std::uint64_t*> ordered, active;
  const std::uint16_t* order_day = nullptr;
  for (const Draft& d : layout_.drafts()) {
    if (d.role == Role::kOrdered) ordered.push_back(reinterpret_cast<std::uint64_t*>(layout_.data(d)));
    if (d.role == Role::kActive) active.push_back(reinterpret_cast<std::uint64_t*>(layout_.data(d)));
    if (d.role == Role::kOrderDay) order_day = reinterpret_cast<const std::uint16_t*>(layout_.data(d));
  }
  for (std::size_t i = 0; i < customers_.count; ++i) {
    for (std::uint32_t o = order_begin_[i]; o < order_begin_[i + 1]; ++o) {
      const std::uint32_t day = order_day[o];
      std::uint32_t m = scale_.month_of_day(day);
      ordered[m / 64][i] |= std::uint64_t{1} << (m % 64);
      // At the start of the days day + 1 to day + W: of those the first days of months.
      for (; m < scale_.months() && scale_.month_begin(m + 1) <= std::uint64_t{day} + schema_.window_days; ++m) {
        active[m / 64][i] |= std::uint64_t{1} << (m % 64);
      }
    }
  }
}

Result<Segment> Builder::finish() {
  const Segment::Shape shape{.first_customer = customers_.number.empty() ? customers_.first : customers_.number.front(),
                             .customers = customers_.count,
                             .events = static_cast<std::uint32_t>(rows_.size()),
                             .orders = static_cast<std::uint32_t>(order_rows_.size())};
  return layout_.segment(shape);
}

}  // namespace

Result<Segment> build_segment(const Scale& scale, const Schema& schema, const PlainCustomers& customers,
                              const PlainEvents& events) {
  return Builder(scale, schema, customers, events).build();
}

}  // namespace behoud::timeline
