#pragma once

// How the readers of a language write numbers, money and dates: 1,234.5 and 1.234,5 and 1 234,5; "€ 1.234,50" and
// "1 234,50 kr"; "1 March 2024", "1 maart 2024", "1 mars 2024". English is written as in Britain (day before month),
// since the shops are in Europe.
//
// Numbers and money follow CLDR by ICU. Dates are written from small tables of our own, the same bytes as CLDR's: ICU's
// date formats would look for the machine's time zone. Blanks inside a number are no-break spaces. Rounding is half
// away from zero on the shortest decimal form of a double. What has no value (NaN, an infinity, nullopt) is a dash,
// "–".
//
// Cost: about a microsecond a number; formats are made once and kept. Thread-safety: const calls may run together.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "calendar/day.h"
#include "calendar/period.h"
#include "language/language.h"
#include "money/money.h"

namespace behoud::language {

inline constexpr const char* kNoValue = "–";

enum class Length : std::uint8_t { kShort, kLong };
// Money in full, or in whole units of the currency where cents would only be noise ("€ 1.235").
enum class Cents : std::uint8_t { kKeep, kDrop };
enum class Sign : std::uint8_t { kNegative, kAlways };  // kAlways: "+1.2%" as well; zero has none

class Conventions {
 public:
  explicit Conventions(Language language);
  ~Conventions();
  Conventions(Conventions&&) noexcept;
  Conventions& operator=(Conventions&&) noexcept;

  Language language() const { return language_; }

  std::string integer(std::int64_t value, Sign sign = Sign::kNegative) const;
  std::string decimal(std::optional<double> value, int places) const;
  // A fraction as per cent: 0.8 is "80.0%".
  std::string percent(std::optional<double> fraction, int places = 1, Sign sign = Sign::kNegative) const;
  // Without a currency the bare number, at two decimals.
  std::string money(money::Money amount, Cents cents = Cents::kKeep, Sign sign = Sign::kNegative) const;
  // An average of minor units, which is not rounded before it is shown.
  std::string money(std::optional<double> minor, money::Currency currency, Cents cents = Cents::kKeep) const;
  // Two or three significant digits: "12K", "1.2M"; "12K" is "12 tn" in Swedish.
  std::string compact(std::int64_t value) const;
  std::string compact(money::Money amount) const;

  std::string day(calendar::Day d, Length length = Length::kLong) const;    // "1 March 2024", "1 Mar 2024"
  std::string numeric_day(calendar::Day d) const;                           // "01/03/2024", "1-3-2024", "2024-03-01"
  std::string month(calendar::Day d, Length length = Length::kLong) const;  // of a day in it: "March 2024", "Mar 2024"
  std::string month_name(unsigned month, Length length = Length::kLong) const;  // 1 to 12
  std::string days(const calendar::Period& p,
                   Length length = Length::kShort) const;  // with its last day: "1–28 Feb 2024"
  // The name of a period of a grain: "1 Mar 2024", "week 9, 2024", "Mar 2024", "Q1 2024", "2024", or its days.
  std::string period(calendar::Grain g, const calendar::Period& p, Length length = Length::kShort) const;

  std::string list(std::span<const std::string> items) const;  // "a, b and c"

 private:
  struct Formats;
  Language language_;
  std::unique_ptr<Formats> formats_;
};

}  // namespace behoud::language
