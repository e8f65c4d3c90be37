#pragma once

// The report's sentences and figures in one language, for one shop: texts of the catalogue, and numbers, money, dates
// and periods as that language's readers write them, in the shop's currency. All rounding of the report happens here.
//
// What cannot be told is an en dash. Amounts carry the currency's sign, or none where no currency is known.

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "language/catalogue.h"
#include "retention/answers.h"
#include "retention/report/internal/said.h"

namespace behoud::retention::report::internal {

using language::Arg;

class Words {
 public:
  // Errors: kInvalidArgument (a language we do not have).
  static Result<Words> create(std::string_view language, const Basics& basics);

  std::string_view language() const { return language::code(catalogue_.language()); }  // the lang attribute
  std::string operator()(std::string_view key, std::initializer_list<Arg> arguments = {}) const {
    return catalogue_.text(key, arguments);
  }
  // The same in parts: the values of the arguments in `numbers` are numbers, the others words.
  Said said(std::string_view key, std::initializer_list<Arg> arguments,
            const std::map<std::string_view, Number>& numbers) const;
  bool has(std::string_view key) const { return catalogue_.has(key); }
  // The text of a key that came from elsewhere (a notice, a reason), or the key itself where there is none.
  std::string or_key(std::string_view key) const { return has(key) ? catalogue_.text(key) : std::string(key); }
  // A notice: its own arguments, and `count`.
  std::string with(std::string_view key, const std::map<std::string, std::string>& arguments,
                   std::uint64_t count) const;
  std::string none() const { return language::kNoValue; }

  std::string count(std::uint64_t n) const { return conventions().integer(static_cast<std::int64_t>(n)); }
  std::string integer(std::int64_t n) const { return conventions().integer(n); }
  std::string signed_integer(std::int64_t n) const { return conventions().integer(n, language::Sign::kAlways); }
  std::string decimal(std::optional<double> v, int places) const { return conventions().decimal(v, places); }
  std::string percent(std::optional<double> share, int places = 1) const {
    return conventions().percent(share, places);
  }
  std::string change(double share) const;                             // +4.0%
  std::string points(double difference) const;                        // of two shares, in percentage points: +1.2
  std::string interval(const Rate& rate) const;                       // 71.1–86.7%; "" where there is none
  std::string fraction(const Rate& rate) const;                       // 80 / 100
  std::string money(std::int64_t minor) const;                        // €1,234.50
  std::string money_in(std::int64_t minor, money::Currency c) const;  // of another currency than the shop's
  std::string money_whole(std::int64_t minor) const;                  // €1,235
  std::string signed_money_whole(std::int64_t minor) const;           // +€1,235
  std::string money_short(std::int64_t minor) const;                  // €1.2K
  std::string mean(std::optional<double> minor) const;                // an average: €1,234.50
  std::string mean_whole(std::optional<double> minor) const;          // €1,235
  std::string day(calendar::Day day) const;                           // 1 January 2024
  std::string day_short(calendar::Day day) const;                     // 1 Jan 2024
  std::string day_of_answer(calendar::Day day) const;  // without the year where it is the last counted day's
  std::string period(const PeriodHead& head, calendar::Grain grain) const;        // March 2024; 3–9 March 2024
  std::string period_short(const PeriodHead& head, calendar::Grain grain) const;  // Mar 2024
  std::string period_short(calendar::Day begin, calendar::Grain grain) const;     // of a calendar grain
  std::string month(calendar::Day day) const;                                     // Mar
  calendar::Day last_day() const { return last_day_; }                            // the last civil day that counts

 private:
  Words(language::Language language, money::Currency currency, calendar::Day last_day)
      : catalogue_(language), currency_(currency), last_day_(last_day) {}
  const language::Conventions& conventions() const { return catalogue_.conventions(); }
  language::Catalogue catalogue_;
  money::Currency currency_;
  calendar::Day last_day_;
};

}  // namespace behoud::retention::report::internal
