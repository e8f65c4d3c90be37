#include "retention/report/internal/words.h"

#include <vector>

#include "calendar/zone.h"

namespace behoud::retention::report::internal {

using language::Cents;
using language::Length;
using language::Sign;

Result<Words> Words::create(std::string_view language, const Basics& basics) {
  TRY_ASSIGN(const language::Language l, language::parse_language(language));
  money::Currency currency;
  if (!basics.currency.empty()) {
    TRY_ASSIGN(currency, money::Currency::parse(basics.currency));
  }
  // As-of is an excluded end: the instant before it lies in the last day that counts.
  calendar::Day last{};
  const auto zone = calendar::Zone::create(basics.zone.empty() ? "UTC" : basics.zone);
  if (zone) last = zone->day_of(calendar::Instant{basics.as_of.ms - 1});
  return Words(l, currency, last);
}

std::string Words::with(std::string_view key, const std::map<std::string, std::string>& arguments,
                        std::uint64_t count) const {
  if (!has(key)) return std::string(key);
  std::vector<Arg> args;
  args.reserve(arguments.size() + 1);
  for (const auto& [name, value] : arguments) args.emplace_back(name, value);
  if (!arguments.contains("count")) args.emplace_back("count", count);
  return catalogue_.text(key, args);
}

Said Words::said(std::string_view key, std::initializer_list<Arg> arguments,
                 const std::map<std::string_view, Number>& numbers) const {
  Said out;
  for (language::Piece& piece : catalogue_.pieces(key, {arguments.begin(), arguments.size()})) {
    const auto number = numbers.find(piece.argument);
    if (number != numbers.end()) {
      out.push_back({std::move(piece.text), number->second});
    } else if (!out.empty() && !out.back().number) {
      out.back().text += piece.text;
    } else {
      out.push_back({std::move(piece.text)});
    }
  }
  return out;
}

std::string Words::change(double share) const { return conventions().percent(share, 1, Sign::kAlways); }

std::string Words::points(double difference) const {
  const std::string text = conventions().decimal(difference * 100, 1);
  return difference * 1000 >= 0.5 ? "+" + text : text;
}

std::string Words::interval(const Rate& rate) const {
  if (!rate.low || !rate.high) return "";
  return (*this)("report.span", {{"low", conventions().decimal(*rate.low * 100, 1)}, {"high", percent(rate.high)}});
}

std::string Words::fraction(const Rate& rate) const {
  return (*this)("report.fraction", {{"n", count(rate.n)}, {"d", count(rate.d)}});
}

std::string Words::money(std::int64_t minor) const { return conventions().money(money::Money{minor, currency_}); }

std::string Words::money_in(std::int64_t minor, money::Currency c) const {
  return conventions().money(money::Money{minor, c});
}

std::string Words::money_whole(std::int64_t minor) const {
  return conventions().money(money::Money{minor, currency_}, Cents::kDrop);
}

std::string Words::signed_money_whole(std::int64_t minor) const {
  return conventions().money(money::Money{minor, currency_}, Cents::kDrop, Sign::kAlways);
}

std::string Words::money_short(std::int64_t minor) const {
  return conventions().compact(money::Money{minor, currency_});
}

std::string Words::mean(std::optional<double> minor) const { return conventions().money(minor, currency_); }

std::string Words::mean_whole(std::optional<double> minor) const {
  return conventions().money(minor, currency_, Cents::kDrop);
}

std::string Words::day(calendar::Day day) const { return conventions().day(day); }
std::string Words::day_short(calendar::Day day) const { return conventions().day(day, Length::kShort); }

std::string Words::day_of_answer(calendar::Day day) const {
  const auto date = calendar::ymd(day);
  if (date.year() != calendar::ymd(last_day_).year()) return conventions().day(day);
  const auto number = static_cast<unsigned>(date.day());
  return std::to_string(number) + " " + conventions().month_name(static_cast<unsigned>(date.month()));
}

std::string Words::period(const PeriodHead& head, calendar::Grain grain) const {
  const auto span = calendar::Period::create(head.period_start, head.period_end);
  return span ? conventions().period(grain, *span, Length::kLong) : day(head.period_start);
}

std::string Words::period_short(const PeriodHead& head, calendar::Grain grain) const {
  const auto span = calendar::Period::create(head.period_start, head.period_end);
  return span ? conventions().period(grain, *span) : day_short(head.period_start);
}

std::string Words::period_short(calendar::Day begin, calendar::Grain grain) const {
  const auto span = calendar::Period::create(begin, calendar::next(grain, begin, begin));
  return span ? conventions().period(grain, *span) : day_short(begin);
}

std::string Words::month(calendar::Day day) const {
  return conventions().month_name(static_cast<unsigned>(calendar::ymd(day).month()), Length::kShort);
}

}  // namespace behoud::retention::report::internal
