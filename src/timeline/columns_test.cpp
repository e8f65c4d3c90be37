#include "timeline/internal/columns.h"

#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::timeline {
namespace {

// Rows of several blocks, and some that come again.
rc::Gen<std::size_t> rows() {
  return rc::gen::map(rc::gen::pair(rc::gen::inRange<std::size_t>(0, 4), rc::gen::inRange<std::size_t>(0, 20)),
                      [](const auto& at) { return at.first * kColumnBlockRows + at.second; });
}

template <class Columns, class T>
void holds(Columns& column, const std::vector<std::pair<std::size_t, T>>& written, T absent) {
  std::map<std::size_t, T> expected;
  for (const auto& [row, value] : written) {
    column.set(row, value);
    expected[row] = value;
  }
  for (std::size_t block = 0; block < 5; ++block) {
    for (std::size_t i = 0; i < 24; ++i) {
      const std::size_t row = block * kColumnBlockRows + i;
      const auto at = expected.find(row);
      RC_ASSERT(column[row] == (at == expected.end() ? absent : at->second));
    }
  }
  bool any = false;
  for (const auto& [row, value] : written) any = any || value != absent;
  RC_ASSERT(column.empty() == !any);
  column.free();
  RC_ASSERT(column.empty());
  RC_ASSERT(column[0] == absent);
}

RC_GTEST_PROP(Columns, OfAmountsHoldWhatWasSaid, ()) {
  constexpr std::int64_t kHalf = std::int64_t{1} << 31;
  const auto amount = rc::gen::oneOf(
      rc::gen::inRange<std::int64_t>(-1000, 1000), rc::gen::arbitrary<std::int64_t>(),
      rc::gen::element<std::int64_t>(+kUnstated, kUnstated + 1, -kHalf, -kHalf + 1, kHalf - 1, kHalf, INT64_MAX));
  MoneyColumn column;
  holds(column, *rc::gen::container<std::vector<std::pair<std::size_t, std::int64_t>>>(rc::gen::pair(rows(), amount)),
        kUnstated);
}

RC_GTEST_PROP(Columns, OfInstantsHoldWhatWasSaid, ()) {
  const std::int64_t now = 1'700'000'000'000;
  const auto second = rc::gen::map(rc::gen::inRange<std::int64_t>(-200'000'000, 200'000'000),
                                   [now](std::int64_t s) { return now + 1000 * s; });
  const auto instant =
      rc::gen::oneOf(second, second, rc::gen::inRange<std::int64_t>(now - 5000, now + 5000),
                     rc::gen::element<std::int64_t>(+kUnstated, kUnstated + 1, -2'208'988'800'000, INT64_MAX));
  InstantColumn column;
  holds(column, *rc::gen::container<std::vector<std::pair<std::size_t, std::int64_t>>>(rc::gen::pair(rows(), instant)),
        kUnstated);
}

RC_GTEST_PROP(Columns, OfCodesHoldWhatWasSaid, ()) {
  const auto code = rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(0, 300), rc::gen::arbitrary<std::uint32_t>(),
                                   rc::gen::element<std::uint32_t>(0, 255, 256, 65'535, 65'536, 0xffffffff));
  CodeColumn column;
  holds(column, *rc::gen::container<std::vector<std::pair<std::size_t, std::uint32_t>>>(rc::gen::pair(rows(), code)),
        std::uint32_t{0});
}

RC_GTEST_PROP(Columns, OfRowsHoldWhatWasSaid, ()) {
  const auto row =
      rc::gen::oneOf(rc::gen::arbitrary<std::uint32_t>(), rc::gen::element<std::uint32_t>(0, kNoRow, kNoRow - 1));
  Column<std::uint32_t, kNoRow> column;
  holds(column, *rc::gen::container<std::vector<std::pair<std::size_t, std::uint32_t>>>(rc::gen::pair(rows(), row)),
        kNoRow);
}

}  // namespace
}  // namespace behoud::timeline
