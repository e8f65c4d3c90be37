#pragma once

// A segment: an immutable block of customers with all that is known of each, in columns clustered by customer. The same
// type serves the base (customers first, first + 1, ...) and the delta (customers here and there, named by `number`),
// and lies in memory (segment_builder.h) or in a mapped file.
//
// Shape. Customer i of n has the event rows [event_begin[i], event_begin[i + 1]), ascending by (instant to the ms,
// seq), and the order rows [order_begin[i], order_begin[i + 1]): the order projection, one row for each event of the
// order kind, ascending by (civil day, instant, seq), so that questions about orders read nothing else. (That is the
// events' own order, but where a source's date-only orders stand among others, in a zone west of Greenwich.) An order
// that was cancelled or refunded in full is an event of another kind: a purchase that counts is what the order kind
// means.
//
//   column            values                                      one for each  bytes
//   event_begin       row                                         customer + 1  4
//   order_begin       row                                         customer + 1  4
//   at                seconds from Scale::epoch                   event         4
//   ms                milliseconds of that second                 event         2, absent where all are 0
//   kind              Schema::kinds                               event         1, or 2 where there are over 256
//   seq               arrival: the ledger's                       event         4, or 8 where they span over 2^32
//   date_only         1: the source gave a day alone              event         1, absent where all are 0
//   event_dimension   a code of dimension k                       event         0 to 4
//   order_at          as `at`                                     order         4
//   order_day         civil day from Scale::epoch_day             order         2
//   gross             minor units of the shop's currency          order         0 to 8
//   order_measure     Schema::order_measures[k]                   order         0 to 8
//   first_day         of the first order; kNoDay: none            customer      2
//   last_day          of the last order; kNoDay: none             customer      2
//   spend             the orders' gross, summed                   customer      0 to 8
//   ordered           bit b of plane k: ordered in month 64k + b  customer      8 a plane
//   active            likewise: active at the month's end         customer      8 a plane
//   customer_dimension a code of dimension k                      customer      0 to 4
//   number            which customer                              customer      4, absent where it is first + i
//   identity          the ledger's identity                       customer      0 to 8
//
// "Active at the end of month m" is: an order on a day d with t - W <= d < t, t the first day of month m + 1.
// A segment of orders alone has no event rows, and neither at, kind nor order_at: what a read model of orders lends to
// the questions that read nothing else.
// Bytes: about 11 an event where every fifth is an order. Thread-safety: immutable, read from any thread; copying a
// Segment copies views and shares the memory.

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "timeline/column.h"
#include "timeline/scale.h"
#include "timeline/schema.h"

namespace behoud::timeline {

inline constexpr std::uint16_t kNoDay = 0xFFFF;

// Which column. The numbers go into files: never renumber, only add.
enum class Role : std::uint8_t {
  kEventBegin = 0,
  kOrderBegin = 1,
  kAt = 2,
  kMs = 3,
  kKind = 4,
  kSeq = 5,
  kDateOnly = 6,
  kEventDimension = 7,
  kOrderAt = 8,
  kOrderDay = 9,
  kGross = 10,
  kOrderMeasure = 11,
  kFirstDay = 12,
  kLastDay = 13,
  kSpend = 14,
  kOrdered = 15,
  kActive = 16,
  kCustomerDimension = 17,
  kNumber = 18,
  kIdentity = 19,
};
inline constexpr std::size_t kRoles = 20;
std::string_view name_of(Role role);

// What a column's values are one for each of, and the widths that it may have.
enum class Grainage : std::uint8_t { kCustomer, kCustomerAndOne, kEvent, kOrder };
Grainage grainage_of(Role role);
bool may_have_width(Role role, std::uint8_t width);
bool may_repeat(Role role);  // one for each dimension, measure or plane

struct NamedColumn {
  Role role = Role::kAt;
  std::uint16_t index = 0;  // the dimension, measure or plane; 0 of the others
  Column column;
};

class Segment {
 public:
  struct Shape {
    std::uint32_t first_customer = 0;  // the number of customer 0; where `number` is present, not above any of them
    std::uint32_t customers = 0;
    std::uint32_t events = 0;
    std::uint32_t orders = 0;
    friend bool operator==(const Shape&, const Shape&) = default;
  };

  enum class Holds : std::uint8_t { kHistories, kOrdersAlone };

  Segment() = default;  // of nobody
  // Lays the columns out by role. A role that is not given is absent: all its values are 0. `memory` keeps the bytes
  // alive. Errors: kCorrupt, naming the column: twice, of the wrong count or width, or missing though it must be there.
  // Reads none of the bytes: see check().
  static Result<Segment> create(Shape shape, const std::vector<NamedColumn>& columns,
                                std::shared_ptr<const void> memory, Holds holds = Holds::kHistories);

  const Shape& shape() const { return shape_; }
  std::uint32_t customers() const { return shape_.customers; }
  std::uint32_t events() const { return shape_.events; }
  std::uint32_t orders() const { return shape_.orders; }
  std::size_t bytes() const;  // of all columns, without padding

  const std::uint32_t* event_begin() const { return only(Role::kEventBegin).as<std::uint32_t>(); }
  const std::uint32_t* order_begin() const { return only(Role::kOrderBegin).as<std::uint32_t>(); }
  const std::uint32_t* at() const { return only(Role::kAt).as<std::uint32_t>(); }
  const std::uint32_t* order_at() const { return only(Role::kOrderAt).as<std::uint32_t>(); }
  const std::uint16_t* order_day() const { return only(Role::kOrderDay).as<std::uint16_t>(); }
  const std::uint16_t* first_day() const { return only(Role::kFirstDay).as<std::uint16_t>(); }
  const std::uint16_t* last_day() const { return only(Role::kLastDay).as<std::uint16_t>(); }
  const Column& kind() const { return only(Role::kKind); }
  const Column& ms() const { return only(Role::kMs); }
  const Column& seq() const { return only(Role::kSeq); }
  const Column& date_only() const { return only(Role::kDateOnly); }
  const Column& gross() const { return only(Role::kGross); }
  const Column& spend() const { return only(Role::kSpend); }
  const Column& identity() const { return only(Role::kIdentity); }
  // Planes of 64 months each; nullptr of a plane in which nobody has a bit.
  std::size_t planes() const { return std::max(of(Role::kOrdered).size(), of(Role::kActive).size()); }
  const std::uint64_t* ordered(std::size_t plane) const { return plane_of(Role::kOrdered, plane); }
  const std::uint64_t* active(std::size_t plane) const { return plane_of(Role::kActive, plane); }
  const Column& event_dimension(std::size_t k) const { return at_index(Role::kEventDimension, k); }
  const Column& order_measure(std::size_t k) const { return at_index(Role::kOrderMeasure, k); }
  const Column& customer_dimension(std::size_t k) const { return at_index(Role::kCustomerDimension, k); }
  bool names_customers() const { return only(Role::kNumber).width != 0; }  // else they are first_customer + i
  // The number of customer i: its place among all customers of the timeline.
  std::uint32_t number(std::size_t i) const {
    const Column& numbers = only(Role::kNumber);
    return numbers.width == 0 ? shape_.first_customer + static_cast<std::uint32_t>(i) : numbers.as<std::uint32_t>()[i];
  }

  // Any column; one that is absent is all 0. Requires an index below 2^16.
  const Column& column(Role role, std::size_t index = 0) const { return at_index(role, index); }
  // Every column that has bytes, by (role, index): what a file stores.
  std::vector<NamedColumn> columns() const;

  // Reads what other columns are found by: that begins ascend to the number of rows and days lie on the scale. For
  // bytes that come from outside; O(customers + orders). Errors: kCorrupt.
  Result<void> check(const Scale& scale) const;

 private:
  const std::vector<Column>& of(Role role) const { return columns_[static_cast<std::size_t>(role)]; }
  const Column& only(Role role) const { return at_index(role, 0); }
  const Column& at_index(Role role, std::size_t k) const;
  const std::uint64_t* plane_of(Role role, std::size_t plane) const {
    const Column& column = at_index(role, plane);
    return column.width == 0 ? nullptr : column.as<std::uint64_t>();
  }

  Shape shape_;
  std::array<std::vector<Column>, kRoles> columns_;
  std::array<Column, 4> absent_{};      // by Grainage: what a column that is not there looks like
  std::shared_ptr<const void> memory_;  // shared: snapshots, readers and the file that it is mapped from
};

}  // namespace behoud::timeline
