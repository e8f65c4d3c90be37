#include "timeline/segment.h"

#include <algorithm>
#include <string>

namespace behoud::timeline {
namespace {

struct Rule {
  std::string_view name;
  Grainage grainage;
  std::uint8_t widths;  // the sum of those allowed, 16 for width 0
  bool repeats;
};
constexpr std::uint8_t kAbsent = 16, kAny = 16 + 8 + 4 + 2 + 1, kCode = 16 + 4 + 2 + 1;
constexpr std::array<Rule, kRoles> kRules{{
    {"event_begin", Grainage::kCustomerAndOne, 4, false},
    {"order_begin", Grainage::kCustomerAndOne, 4, false},
    {"at", Grainage::kEvent, 4, false},
    {"ms", Grainage::kEvent, kAbsent + 2, false},
    {"kind", Grainage::kEvent, 1 + 2, false},
    {"seq", Grainage::kEvent, kAbsent + 4 + 8, false},
    {"date_only", Grainage::kEvent, kAbsent + 1, false},
    {"event_dimension", Grainage::kEvent, kCode, true},
    {"order_at", Grainage::kOrder, 4, false},
    {"order_day", Grainage::kOrder, 2, false},
    {"gross", Grainage::kOrder, kAny, false},
    {"order_measure", Grainage::kOrder, kAny, true},
    {"first_day", Grainage::kCustomer, 2, false},
    {"last_day", Grainage::kCustomer, 2, false},
    {"spend", Grainage::kCustomer, kAny, false},
    {"ordered", Grainage::kCustomer, kAbsent + 8, true},
    {"active", Grainage::kCustomer, kAbsent + 8, true},
    {"customer_dimension", Grainage::kCustomer, kCode, true},
    {"number", Grainage::kCustomer, kAbsent + 4, false},
    {"identity", Grainage::kCustomer, kAny, false},
}};
const Rule& rule_of(Role role) { return kRules[static_cast<std::size_t>(role)]; }

std::uint64_t rows_of(const Segment::Shape& shape, Grainage grainage) {
  switch (grainage) {
    case Grainage::kCustomer:
      return shape.customers;
    case Grainage::kCustomerAndOne:
      return std::uint64_t{shape.customers} + 1;
    case Grainage::kEvent:
      return shape.events;
    default:
      return shape.orders;
  }
}

std::unexpected<Error> damaged(Role role, std::string_view what) {
  return fail(Errc::kCorrupt, "a segment's column " + std::string(name_of(role)) + " " + std::string(what));
}

bool ascends_to(const std::uint32_t* begin, std::uint32_t customers, std::uint32_t rows) {
  bool fine = begin[0] == 0 && begin[customers] == rows;
  for (std::uint32_t i = 0; i < customers; ++i) fine &= begin[i] <= begin[i + 1];
  return fine;
}

}  // namespace

std::string_view name_of(Role role) { return rule_of(role).name; }
Grainage grainage_of(Role role) { return rule_of(role).grainage; }
bool may_have_width(Role role, std::uint8_t width) {
  return (rule_of(role).widths & (width == 0 ? kAbsent : width)) != 0;
}
bool may_repeat(Role role) { return rule_of(role).repeats; }

const Column& Segment::at_index(Role role, std::size_t k) const {
  const std::vector<Column>& columns = of(role);
  return k < columns.size() ? columns[k] : absent_[static_cast<std::size_t>(grainage_of(role))];
}

Result<Segment> Segment::create(Shape shape, const std::vector<NamedColumn>& columns,
                                std::shared_ptr<const void> memory, Holds holds) {
  Segment out;
  out.shape_ = shape;
  out.memory_ = std::move(memory);
  for (const Grainage g : {Grainage::kCustomer, Grainage::kCustomerAndOne, Grainage::kEvent, Grainage::kOrder}) {
    out.absent_[static_cast<std::size_t>(g)].count = rows_of(shape, g);
  }
  for (const NamedColumn& named : columns) {
    if (static_cast<std::size_t>(named.role) >= kRoles)
      return fail(Errc::kCorrupt, "a segment has a column of no known role");
    const Column& column = named.column;
    const bool width_known =
        column.width == 0 || column.width == 1 || column.width == 2 || column.width == 4 || column.width == 8;
    if (!width_known || !may_have_width(named.role, column.width))
      return damaged(named.role, "has a width that it cannot have");
    if (column.count != rows_of(shape, grainage_of(named.role)))
      return damaged(named.role, "has another number of rows");
    if (column.width != 0 && column.data == nullptr) return damaged(named.role, "has no bytes");
    if (reinterpret_cast<std::uintptr_t>(column.data) % kColumnAlignment != 0)
      return damaged(named.role, "lies across");
    if (column.width == 8 && column.base != 0) return damaged(named.role, "has a base beside eight bytes");
    const bool codes = named.role == Role::kEventDimension || named.role == Role::kCustomerDimension;
    if (codes && column.base != 0) return damaged(named.role, "has a base beside codes");
    auto& of_role = out.columns_[static_cast<std::size_t>(named.role)];
    if (named.index > 0 && !may_repeat(named.role)) return damaged(named.role, "is there twice");
    if (named.index < of_role.size() && of_role[named.index].width != 0) return damaged(named.role, "is there twice");
    while (of_role.size() <= named.index)
      of_role.push_back(out.absent_[static_cast<std::size_t>(grainage_of(named.role))]);
    of_role[named.index] = column;
  }
  for (std::size_t r = 0; r < kRoles; ++r) {
    const auto role = static_cast<Role>(r);
    const bool of_events = role == Role::kAt || role == Role::kKind || role == Role::kOrderAt;
    if (holds == Holds::kOrdersAlone && of_events && shape.events == 0) continue;
    if (!may_have_width(role, 0) && out.columns_[r].empty()) return damaged(role, "is missing");
  }
  return out;
}

std::size_t Segment::bytes() const {
  std::size_t sum = 0;
  for (const auto& of_role : columns_) {
    for (const Column& column : of_role) sum += column.bytes();
  }
  return sum;
}

std::vector<NamedColumn> Segment::columns() const {
  std::vector<NamedColumn> out;
  for (std::size_t r = 0; r < kRoles; ++r) {
    for (std::size_t k = 0; k < columns_[r].size(); ++k) {
      const Column& column = columns_[r][k];
      if (column.width == 0 && column.base == 0) continue;
      out.push_back({static_cast<Role>(r), static_cast<std::uint16_t>(k), column});
    }
  }
  return out;
}

Result<void> Segment::check(const Scale& scale) const {
  if (customers() == 0 && columns_[0].empty()) return {};
  if (!ascends_to(event_begin(), customers(), events()))
    return damaged(Role::kEventBegin, "does not ascend to its rows");
  if (!ascends_to(order_begin(), customers(), orders()))
    return damaged(Role::kOrderBegin, "does not ascend to its rows");
  std::uint32_t most = 0;
  for (std::uint32_t i = 0; i < events(); ++i) most = std::max(most, at()[i]);
  if (most > scale.seconds()) return damaged(Role::kAt, "lies beyond the scale");
  for (std::uint32_t i = 0; i < customers(); ++i) {
    for (std::uint32_t o = order_begin()[i]; o < order_begin()[i + 1]; ++o) {
      if (order_day()[o] >= scale.days()) return damaged(Role::kOrderDay, "lies beyond the scale");
      if (o > order_begin()[i] && order_day()[o] < order_day()[o - 1])
        return damaged(Role::kOrderDay, "does not ascend");
    }
    const bool none = order_begin()[i] == order_begin()[i + 1];
    const std::uint16_t first = none ? kNoDay : order_day()[order_begin()[i]];
    const std::uint16_t last = none ? kNoDay : order_day()[order_begin()[i + 1] - 1];
    if (first_day()[i] != first) return damaged(Role::kFirstDay, "is not that of the first order");
    if (last_day()[i] != last) return damaged(Role::kLastDay, "is not that of the last order");
  }
  return {};
}

}  // namespace behoud::timeline
