#pragma once

// What HistoriesBuilder holds until finish(): one row an assertion, in order of arrival, in columns that cost nothing
// until a source states something in them. Rows of one order are chained from its first row (`next`); a row that no
// other follows is the order's state as it stands. Whose a row is stands in People, what it is called in OrderNames.

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "base/huge_pages.h"

namespace behoud::timeline {

inline constexpr std::int64_t kUnstated = std::numeric_limits<std::int64_t>::min();
inline constexpr std::uint32_t kNoRow = 0xffffffff;

// A column that begins with the first row that states something; rows it does not reach hold `kAbsent`. In blocks of
// 2 MB, so that it grows without copying.
template <class T, T kAbsent>
class Column {
 public:
  T operator[](std::size_t row) const { return row < size_ ? at(row) : kAbsent; }
  void set(std::size_t row, T value) {
    if (row >= size_) {
      if (value == kAbsent) return;
      while (size_ < row) append(kAbsent);
      append(value);
    } else {
      at(row) = value;
    }
  }
  bool empty() const { return size_ == 0; }
  void free() { *this = Column(); }

 private:
  static constexpr std::size_t kBlockRows = kHugePageBytes / sizeof(T);

  T& at(std::size_t row) { return reinterpret_cast<T*>(blocks_[row / kBlockRows].data())[row % kBlockRows]; }
  const T& at(std::size_t row) const {
    return reinterpret_cast<const T*>(blocks_[row / kBlockRows].data())[row % kBlockRows];
  }
  void append(T value) {
    // The first block may stay nearly empty; a later one follows a full one.
    if (size_ % kBlockRows == 0) blocks_.emplace_back(kHugePageBytes, size_ > 0);
    ++size_;
    at(size_ - 1) = value;
  }

  std::vector<ZeroedBytes> blocks_;
  std::size_t size_ = 0;
};

using MoneyColumn = Column<std::int64_t, kUnstated>;
using InstantColumn = Column<std::int64_t, kUnstated>;
using CodeColumn = Column<std::uint32_t, 0>;

enum StagedFlag : std::uint8_t {
  kDateOnly = 1,
  kTest = 2,
  kLines = 4,         // the assertion states lines
  kRefunds = 8,       // the assertion states refund parts
  kFollowed = 16,     // another row of the same order follows
  kTotalIsGross = 32  // the total is stated, and is the gross
};

struct StagedRefund {
  std::uint32_t row = 0;
  std::uint32_t id = kNoRow;  // reference of its text; kNoRow: without an id
  std::int64_t at_ms = kUnstated;
  std::int64_t minor = 0;
};

struct Staging {
  std::uint32_t rows = 0;
  InstantColumn placed;
  Column<std::uint8_t, 0> flags;
  Column<std::uint16_t, 0> status;
  Column<std::uint8_t, 0> currency;  // number of the currency in order of appearance; 0: none
  MoneyColumn gross, total, tax, shipping, discount, refund;
  InstantColumn updated_at, refunded_at, cancelled_at;
  MoneyColumn units;
  CodeColumn item, coupon, source, country;
  MoneyColumn item_cost, costed, lines_total;  // of the lines: their cost; amount of those with a cost; of all
  Column<std::uint32_t, kNoRow> next;
  std::vector<StagedRefund> refunds;                                // ascending by row
  std::vector<std::pair<std::uint32_t, std::int64_t>> received_ms;  // from this row on
};

}  // namespace behoud::timeline
