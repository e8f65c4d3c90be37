#pragma once

// Amounts of money and quantities as exports write them: `1234.50`, `1.234,50`, `1 234,50 kr`, `€ 12,-`, `(12.50)`,
// `12.50-`, `EUR 1'234.50`. Which mark is the decimal one is decided once over all money columns of a file: every cell
// is shown to an AmountEvidence, which then decides a mark, by which amounts are read.
//
// Deciding. A cell tells when it holds both marks (the last one is decimal), one of them twice (thousands), or one of
// them not before exactly three digits, or after a zero alone or over three digits (decimal). When both marks are told
// to be decimal by different cells, the one with four in five of the telling cells is; below that the file mixes them,
// which is an error naming a line of each. When no cell tells but some hold "1.234", a currency without cents (JPY)
// makes the mark thousands, one with three decimals (KWD) decimal. Else it is thousands, and a notice says so, where
// the same column writes amounts below a thousand without a mark ("950") and none above: who writes three decimals
// writes them there too, and no amount in cents has three of them by itself. Anything else cannot be told, and a guess
// would make every number a thousand times too large or too small: it is an error that asks.
//
// A Decimal is exact: mantissa / 10^scale. Digits beyond 18 significant ones behind the mark are cut off; they cannot
// change a rounding to the minor unit, save of ties beyond the 18th digit.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "money/money.h"

namespace behoud::ingest {

struct Decimal {
  std::int64_t mantissa = 0;
  std::int32_t scale = 0;  // 0..18
  bool negative() const { return mantissa < 0; }
  // In minor units at `exponent`, half away from zero; nullopt when that is beyond 64 bits.
  std::optional<std::int64_t> minor(int exponent) const;
  // The same value, whatever the scale.
  friend bool operator==(const Decimal& a, const Decimal& b);
};

enum class AmountFault : std::uint8_t { kNone, kBlank, kUnreadable, kRange };

// kBlank: empty, "-", "–", "n/a", "null", "none", "nan". `currency_text`: what stood around the number, "" mostly.
AmountFault read_amount(std::string_view cell, char decimal_mark, Decimal& out, std::string_view& currency_text);
inline AmountFault read_amount(std::string_view cell, char decimal_mark, Decimal& out) {
  std::string_view text;
  return read_amount(cell, decimal_mark, out, text);
}

class AmountEvidence {
 public:
  // `column` is for the errors.
  void add(std::string_view cell, std::uint64_t line, std::string_view column = {});
  void merge(const AmountEvidence& other);
  std::uint64_t cells() const { return cells_; }
  bool tells() const { return decimal_[0].count + decimal_[1].count > 0; }
  struct Decision {
    char mark = '.';
    bool guessed = false;  // by the rule for "1.234"
    std::uint64_t against = 0;
  };
  // `exponent`: of the file's currency where it is known. Errors: kBadInput (mixed; it cannot be told).
  Result<Decision> decide(const std::string& file, std::optional<int> exponent) const;

 private:
  struct Seen {
    std::uint64_t count = 0, line = 0;
    std::string example, column;
  };
  struct Column {
    std::string name;
    std::uint64_t open = 0;   // "1.234", "1,234"
    std::uint64_t small = 0;  // "950"
  };
  Column& column(std::string_view name);
  static void note(Seen& seen, std::string_view cell, std::uint64_t line, std::string_view column);
  std::uint64_t cells_ = 0;
  Seen decimal_[2];              // cells that tell that '.' (0) or ',' (1) is the decimal mark
  Seen open_[2];                 // "1.234", "1,234"
  std::uint64_t long_bare_ = 0;  // "1234"
  std::vector<Column> columns_;  // those that hold one of the two
};

}  // namespace behoud::ingest
