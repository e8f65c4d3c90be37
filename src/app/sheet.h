#pragma once

// An answer as a sheet of typed cells: what CSV and the table in a terminal are both written from, so that a number can
// only differ in how it is written.
//
// CSV has every digit: rates as five columns (crr, crr_n, crr_d, crr_low, crr_high), money in minor units, nothing for
// what is absent. The table is for people: rates in per cent with one decimal, money in units of the currency, "-" for
// what is absent. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "money/money.h"
#include "retention/answers.h"

namespace behoud::app {

struct Minor {  // money; a mean of money need not be whole
  std::optional<double> value;
};
struct WholeMinor {
  std::int64_t value = 0;
};
using Cell = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, calendar::Day, Minor,
                          WholeMinor, retention::Rate>;

struct Sheet {
  struct Column {
    std::string name;
    bool is_rate = false;
  };
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;  // each as long as columns
};

// What a cell is when there is a value, else nothing.
template <class T>
Cell cell_or_nothing(const std::optional<T>& value) {
  return value ? Cell{*value} : Cell{};
}

std::string to_csv(const Sheet& sheet);

struct TableStyle {
  money::Currency currency;
  bool utf8 = true;
};
// Aligned columns, numbers to the right, a header line and a rule under it.
std::string to_table(const Sheet& sheet, const TableStyle& style);

}  // namespace behoud::app
