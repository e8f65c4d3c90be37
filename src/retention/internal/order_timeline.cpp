#include "retention/internal/order_timeline.h"

#include <vector>

#include "base/huge_pages.h"
#include "base/together.h"

namespace behoud::retention {
namespace {

using timeline::Column;
using timeline::NamedColumn;
using timeline::Role;
using timeline::Segment;

// An array in fresh pages, so that it is aligned as columns are, with their padding behind it.
template <class T>
ZeroedArray<T> array_of(std::size_t size) {
  return ZeroedArray<T>(size + timeline::kColumnPadding / sizeof(T));
}
template <class T>
Column column_of(const ZeroedArray<T>& array, std::size_t size) {
  return {.data = reinterpret_cast<const std::byte*>(array.span().data()), .count = size, .width = sizeof(T)};
}

struct Memory {
  ZeroedArray<std::uint32_t> no_events, begin;  // the first is never written: its pages are the kernel's page of zeroes
  ZeroedArray<std::uint16_t> day, first_day, last_day;
};

}  // namespace

OrderTimeline::OrderTimeline(const timeline::Histories& h, const Purchases& purchases) {
  const std::size_t customers = purchases.customers(), orders = purchases.size();
  if (!purchases.first_day) return;
  auto scale = timeline::Scale::create(h.zone, h.zone.first_instant(*purchases.first_day),
                                       h.zone.first_instant(*purchases.last_day));
  if (!scale || *purchases.first_day < scale->epoch_day() || *purchases.last_day >= scale->day(scale->days())) return;
  auto memory = std::make_shared<Memory>();
  memory->no_events = array_of<std::uint32_t>(customers + 1);
  memory->begin = array_of<std::uint32_t>(customers + 1);
  memory->day = array_of<std::uint16_t>(orders);
  memory->first_day = array_of<std::uint16_t>(customers);
  memory->last_day = array_of<std::uint16_t>(customers);
  run_in_parts(customers, [&](std::size_t, std::size_t from, std::size_t end) {
    for (std::size_t c = from; c < end; ++c) {
      const std::uint32_t first = purchases.begin[c], behind = purchases.begin[c + 1];
      memory->begin[c + 1] = behind;
      for (std::uint32_t i = first; i < behind; ++i) {
        memory->day[i] = static_cast<std::uint16_t>(purchases.day[i] - scale->epoch_day());
      }
      memory->first_day[c] = first == behind ? timeline::kNoDay : memory->day[first];
      memory->last_day[c] = first == behind ? timeline::kNoDay : memory->day[behind - 1];
    }
  });
  const Segment::Shape shape{.customers = static_cast<std::uint32_t>(customers),
                             .orders = static_cast<std::uint32_t>(orders)};
  const std::vector<NamedColumn> columns{{Role::kEventBegin, 0, column_of(memory->no_events, customers + 1)},
                                         {Role::kOrderBegin, 0, column_of(memory->begin, customers + 1)},
                                         {Role::kOrderDay, 0, column_of(memory->day, orders)},
                                         {Role::kFirstDay, 0, column_of(memory->first_day, customers)},
                                         {Role::kLastDay, 0, column_of(memory->last_day, customers)}};
  // A segment that is made here as it must be.
  Segment segment = Segment::create(shape, columns, memory, Segment::Holds::kOrdersAlone).value();
  timeline_ = timeline::Timeline{.scale = *std::move(scale), .schema = {.kinds = {"order"}}, .parts = {}};
  timeline_->parts.push_back({.segment = std::move(segment)});
  memory_ = std::move(memory);
  bytes_ = orders * sizeof(std::uint16_t) + customers * (sizeof(std::uint32_t) + 2 * sizeof(std::uint16_t));
}

timeline::Timeline OrderTimeline::split_by(const Column& code, std::size_t codes) const {
  const Segment& whole = timeline_->parts[0].segment;
  std::vector<NamedColumn> columns = whole.columns();
  columns.push_back({Role::kCustomerDimension, 0, code});
  timeline::Timeline out{.scale = timeline_->scale, .schema = timeline_->schema, .parts = {}};
  out.schema.customer_dimensions = {"part"};
  out.customer_codes = {static_cast<std::uint32_t>(codes)};
  out.parts.push_back(
      {.segment = Segment::create(whole.shape(), columns, memory_, Segment::Holds::kOrdersAlone).value()});
  return out;
}

}  // namespace behoud::retention
