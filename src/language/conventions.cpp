#include "language/conventions.h"

#include <array>
#include <cassert>
#include <cmath>
#include <map>
#include <mutex>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unicode/listformatter.h>
#include <unicode/numberformatter.h>

namespace behoud::language {
namespace {

namespace number = icu::number;
using calendar::Day;
using calendar::Grain;
using calendar::Period;

// CLDR 42, format style, Gregorian calendar; the tests compare them with ICU's.
struct Words {
  const char* locale;
  std::array<const char*, 12> months, months_short;
  const char* quarter;
  const char* week;  // {0} the number, {1} the year
};
constexpr Words kWords[] = {
    {"en_GB",
     {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December"},
     {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"},
     "Q",
     "week {0}, {1}"},
    {"nl_NL",
     {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
      "december"},
     {"jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"},
     "K",
     "week {0} {1}"},
    {"sv_SE",
     {"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
      "december"},
     {"jan.", "feb.", "mars", "apr.", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec."},
     "K",
     "vecka {0} {1}"}};

const Words& words(Language l) { return kWords[static_cast<std::size_t>(l)]; }

int year_of(Day d) { return static_cast<int>(ymd(d).year()); }
unsigned month_of(Day d) { return static_cast<unsigned>(ymd(d).month()); }
unsigned day_of_month(Day d) { return static_cast<unsigned>(ymd(d).day()); }

std::string utf8(const icu::UnicodeString& text) {
  std::string out;
  return text.toUTF8String(out);
}

UNumberSignDisplay display(Sign sign) { return sign == Sign::kAlways ? UNUM_SIGN_EXCEPT_ZERO : UNUM_SIGN_NEGATIVE; }

}  // namespace

struct Conventions::Formats {
  icu::Locale locale;
  number::LocalizedNumberFormatter plain;
  std::unique_ptr<icu::ListFormatter> list;

  // Formats by what they depend on: the currency (0 for none), and a small number for the rest. A format counts its
  // calls and compiles itself after a few, so it is used under the lock too; it is held for a third of a microsecond.
  std::mutex mutex;
  std::map<std::pair<std::uint32_t, int>, number::LocalizedNumberFormatter> kept;

  // `value` is a double, or a decimal in text where it must be exact.
  template <class Make, class Value>
  std::string write(std::uint32_t currency, int shape, Make make, const Value& value) {
    const std::lock_guard lock(mutex);
    const auto key = std::pair(currency, shape);
    auto it = kept.find(key);
    if (it == kept.end()) it = kept.emplace(key, make()).first;
    UErrorCode status = U_ZERO_ERROR;
    std::string out;
    if constexpr (std::is_same_v<Value, double>) {
      out = utf8(it->second.formatDouble(value, status).toString(status));
    } else {
      out = utf8(it->second.formatDecimal(value, status).toString(status));
    }
    assert(U_SUCCESS(status));
    return out;
  }
  number::LocalizedNumberFormatter in(money::Currency currency) const {
    if (!currency.known()) return plain;
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString code = icu::UnicodeString::fromUTF8(currency.code());
    return plain.unit(icu::CurrencyUnit(code.getTerminatedBuffer(), status));
  }
};

Conventions::Conventions(Language language) : language_(language), formats_(std::make_unique<Formats>()) {
  Formats& f = *formats_;
  f.locale = icu::Locale(words(language).locale);
  f.plain = number::NumberFormatter::withLocale(f.locale).roundingMode(UNUM_ROUND_HALFUP);
  UErrorCode status = U_ZERO_ERROR;
  f.list.reset(icu::ListFormatter::createInstance(f.locale, status));
  assert(U_SUCCESS(status));
}
Conventions::~Conventions() = default;
Conventions::Conventions(Conventions&&) noexcept = default;
Conventions& Conventions::operator=(Conventions&&) noexcept = default;

std::string Conventions::integer(std::int64_t value, Sign sign) const {
  const auto make = [&] { return formats_->plain.sign(display(sign)); };
  return formats_->write(0, static_cast<int>(sign), make, std::to_string(value));
}

std::string Conventions::decimal(std::optional<double> value, int places) const {
  assert(places >= 0 && places <= 15);
  if (!value || !std::isfinite(*value)) return kNoValue;
  const auto make = [&] {
    return formats_->plain.precision(number::Precision::fixedFraction(places)).sign(UNUM_SIGN_NEGATIVE);
  };
  return formats_->write(0, 100 + places, make, *value);
}

std::string Conventions::percent(std::optional<double> fraction, int places, Sign sign) const {
  assert(places >= 0 && places <= 9);
  if (!fraction || !std::isfinite(*fraction)) return kNoValue;
  const auto make = [&] {
    return formats_->plain.unit(icu::NoUnit::percent())
        .scale(number::Scale::powerOfTen(2))
        .precision(number::Precision::fixedFraction(places))
        .sign(display(sign));
  };
  return formats_->write(0, 200 + static_cast<int>(sign) * 10 + places, make, *fraction);
}

std::string Conventions::money(money::Money amount, Cents cents, Sign sign) const {
  // CLDR's own number of decimals differs from ISO 4217's for some currencies, so it is always given.
  const int places = cents == Cents::kDrop ? 0 : amount.currency.exponent();
  const auto make = [&] {
    return formats_->in(amount.currency).precision(number::Precision::fixedFraction(places)).sign(display(sign));
  };
  return formats_->write(amount.currency.packed(), 1000 + static_cast<int>(sign) * 10 + places, make,
                         money::to_decimal(amount.minor, amount.currency.exponent()));
}

std::string Conventions::money(std::optional<double> minor, money::Currency currency, Cents cents) const {
  if (!minor || !std::isfinite(*minor)) return kNoValue;
  // ICU moves the decimal point of the shortest decimal form, so that the one rounding is ours.
  const int exponent = currency.exponent();
  const auto make = [&] {
    return formats_->in(currency)
        .precision(number::Precision::fixedFraction(cents == Cents::kDrop ? 0 : exponent))
        .scale(number::Scale::powerOfTen(-exponent))
        .sign(UNUM_SIGN_NEGATIVE);
  };
  return formats_->write(currency.packed(), 2000 + static_cast<int>(cents), make, *minor);
}

std::string Conventions::compact(std::int64_t value) const {
  const auto make = [&] { return formats_->plain.notation(number::Notation::compactShort()); };
  return formats_->write(0, 300, make, std::to_string(value));
}

std::string Conventions::compact(money::Money amount) const {
  const auto make = [&] {
    return formats_->in(amount.currency).notation(number::Notation::compactShort()).sign(UNUM_SIGN_NEGATIVE);
  };
  return formats_->write(amount.currency.packed(), 301, make,
                         money::to_decimal(amount.minor, amount.currency.exponent()));
}

std::string Conventions::month_name(unsigned month, Length length) const {
  assert(month >= 1 && month <= 12);
  const Words& w = words(language_);
  return (length == Length::kLong ? w.months : w.months_short)[month - 1];
}

std::string Conventions::day(Day d, Length length) const {
  return fmt::format("{} {} {}", day_of_month(d), month_name(month_of(d), length), year_of(d));
}

std::string Conventions::numeric_day(Day d) const {
  switch (language_) {
    case Language::en:
      return fmt::format("{:02}/{:02}/{}", day_of_month(d), month_of(d), year_of(d));
    case Language::nl:
      return fmt::format("{}-{}-{}", day_of_month(d), month_of(d), year_of(d));
    case Language::sv:
      break;
  }
  return to_string(d);
}

std::string Conventions::month(Day d, Length length) const {
  return fmt::format("{} {}", month_name(month_of(d), length), year_of(d));
}

std::string Conventions::days(const Period& p, Length length) const {
  const Day first = p.begin();
  const Day last = p.end() - 1;
  if (first == last) return day(first, length);
  if (year_of(first) != year_of(last)) return day(first, length) + " – " + day(last, length);
  if (month_of(first) != month_of(last)) {
    return fmt::format("{} {} – {}", day_of_month(first), month_name(month_of(first), length), day(last, length));
  }
  return fmt::format("{}–{}", day_of_month(first), day(last, length));
}

std::string Conventions::period(Grain g, const Period& p, Length length) const {
  const Day first = p.begin();
  switch (g.unit) {
    case Grain::Unit::kDay:
      return day(first, length);
    case Grain::Unit::kWeek: {
      // An ISO week belongs to the year that its Thursday is in.
      const Day thursday = first + 3;
      const int number = (thursday - calendar::civil(year_of(thursday), 1, 1)) / 7 + 1;
      return fmt::format(fmt::runtime(words(language_).week), number, year_of(thursday));
    }
    case Grain::Unit::kMonth:
      return month(first, length);
    case Grain::Unit::kQuarter:
      return fmt::format("{}{} {}", words(language_).quarter, (month_of(first) + 2) / 3, year_of(first));
    case Grain::Unit::kYear:
      return fmt::format("{}", year_of(first));
    case Grain::Unit::kDays:
    case Grain::Unit::kWeeks:
    case Grain::Unit::kMonths:
      break;
  }
  return days(p, length);
}

std::string Conventions::list(std::span<const std::string> items) const {
  std::vector<icu::UnicodeString> texts;
  for (const std::string& item : items) texts.push_back(icu::UnicodeString::fromUTF8(item));
  icu::UnicodeString out;
  UErrorCode status = U_ZERO_ERROR;
  formats_->list->format(texts.data(), static_cast<std::int32_t>(texts.size()), out, status);
  assert(U_SUCCESS(status));
  return utf8(out);
}

}  // namespace behoud::language
