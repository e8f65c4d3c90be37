#include "ingest/amounts.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/text.h"

namespace behoud::ingest {
namespace {

constexpr std::array<std::int64_t, 19> kPowers = [] {
  std::array<std::int64_t, 19> p{};
  p[0] = 1;
  for (std::size_t i = 1; i < p.size(); ++i) p[i] = p[i - 1] * 10;
  return p;
}();
constexpr int kScaleMax = 18;
constexpr std::size_t kCellBytesMax = 128;

bool is_none_word(std::string_view s) {
  if (s == "-" || s == "--" || s == "\xE2\x80\x93" || s == "\xE2\x80\x94" || s == "\\N") return true;
  if (s.size() > 4 || s.size() < 3) return false;
  const std::string text = to_lower(s);
  return text == "n/a" || text == "null" || text == "none" || text == "nan";
}

// A number cut out of its cell.
struct Body {
  std::string_view digits;  // digits, '.', ',', and grouping signs; begins and ends with a digit or a mark
  std::string_view around;  // the one text before or behind it, if any
  bool negative = false;
};

std::size_t group_sign(std::string_view s) {  // blanks and apostrophes that part thousands
  if (s.empty()) return 0;
  if (s[0] == ' ' || s[0] == '\'') return 1;
  if (s.starts_with("\xC2\xA0")) return 2;
  if (s.starts_with("\xE2\x80\xAF") || s.starts_with("\xE2\x80\x89") || s.starts_with("\xE2\x80\x99")) return 3;
  return 0;
}
std::size_t minus_sign(std::string_view s) {
  if (s.starts_with('-')) return 1;
  return s.starts_with("\xE2\x88\x92") || s.starts_with("\xE2\x80\x93") ? 3 : 0;  // U+2212, en dash
}

std::string_view trim_wide(std::string_view s) {
  for (;;) {
    s = trim(s);
    if (s.starts_with("\xE2\x80\xAF") || s.starts_with("\xE2\x80\x89")) {
      s.remove_prefix(3);
    } else if (s.ends_with("\xE2\x80\xAF") || s.ends_with("\xE2\x80\x89")) {
      s.remove_suffix(3);
    } else {
      return s;
    }
  }
}

// A symbol, a code (known or not: who reads the currency says so), or a word that several currencies are called by.
bool is_currency_text(std::string_view s) {
  if (s.size() > 8) return false;
  const auto letter = [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; };
  if (s.size() == 3 && letter(s[0]) && letter(s[1]) && letter(s[2])) return to_lower(s) != "nan";
  for (const std::string_view known :
       {"$", "kr", "kr.", "\xC2\xA5", "Rs", "Rs.", "Fr", "Fr.", "lei", "din", "f", "\xC6\x92"}) {
    if (equal_ignoring_case(s, known)) return true;
  }
  return money::Currency::guess(s).known();
}

std::optional<Body> cut(std::string_view s) {
  Body body;
  if (s.size() >= 2 && s.front() == '(' && s.back() == ')') {
    body.negative = true;
    s = trim_wide(s.substr(1, s.size() - 2));
  }
  int minuses = 0;
  const auto front_sign = [&] {
    if (const std::size_t n = minus_sign(s); n > 0) {
      ++minuses;
      s = trim_wide(s.substr(n));
    } else if (s.starts_with('+')) {
      s = trim_wide(s.substr(1));
    }
  };
  front_sign();
  // What stands before the first digit, and behind the last.
  const auto first = std::find_if(s.begin(), s.end(), is_digit);
  if (first == s.end()) return std::nullopt;
  std::size_t begin = static_cast<std::size_t>(first - s.begin());
  if (begin > 0 && (s[begin - 1] == '.' || s[begin - 1] == ',') && (begin == 1 || s[begin - 2] == ' ')) --begin;
  std::string_view before = trim_wide(s.substr(0, begin));
  s = s.substr(begin);
  std::size_t end = s.size();
  while (end > 0 && !is_digit(s[end - 1])) --end;
  std::string_view behind = trim_wide(s.substr(end));
  body.digits = s.substr(0, end);
  if (!before.empty()) {  // "€ -12.50"
    if (before.ends_with('-')) {
      ++minuses;
      before = trim_wide(before.substr(0, before.size() - 1));
    } else if (before.ends_with("\xE2\x88\x92")) {
      ++minuses;
      before = trim_wide(before.substr(0, before.size() - 3));
    }
  }
  // "12,-", "12.-", "12:-", "12,--": whole units, as Dutch, German and Swedish prices are written.
  for (const std::string_view whole : {",--", ".--", ",-", ".-", ":-", ",\xE2\x80\x93", ".\xE2\x80\x93"}) {
    if (behind.starts_with(whole)) {
      behind = trim_wide(behind.substr(whole.size()));
      break;
    }
  }
  if (behind.starts_with('.') || behind.starts_with(',')) behind = trim_wide(behind.substr(1));  // "12."
  if (const std::size_t n = minus_sign(behind); n > 0) {                                         // "12.50-"
    ++minuses;
    behind = trim_wide(behind.substr(n));
  } else if (behind.ends_with('-')) {  // "12.50 EUR-"
    ++minuses;
    behind = trim_wide(behind.substr(0, behind.size() - 1));
  }
  if (minuses > 1 || (minuses == 1 && body.negative)) return std::nullopt;
  body.negative = body.negative || minuses == 1;
  if (!before.empty() && !behind.empty()) return std::nullopt;
  body.around = before.empty() ? behind : before;
  if (!body.around.empty() && !is_currency_text(body.around)) return std::nullopt;
  return body;
}

// Splits the digits at their marks and checks the groups. Fills `out` but for its sign.
AmountFault assemble(std::string_view s, char mark, Decimal& out) {
  const char thousands = mark == '.' ? ',' : '.';
  std::int64_t mantissa = 0;
  int scale = 0, group = 0, groups = 0;
  std::string_view sign;  // the grouping sign in use
  bool fraction = false, overflow = false, any = false;
  for (std::size_t i = 0; i < s.size();) {
    const char c = s[i];
    if (is_digit(c)) {
      any = true;
      const int digit = c - '0';
      if (overflow) {
        group += fraction ? 0 : 1;
        ++i;
        continue;
      }
      if (fraction) {
        if (scale < kScaleMax && mantissa <= (std::numeric_limits<std::int64_t>::max() - 9) / 10) {
          mantissa = mantissa * 10 + digit;
          ++scale;
        }
      } else {
        ++group;
        if (__builtin_mul_overflow(mantissa, std::int64_t{10}, &mantissa) ||
            __builtin_add_overflow(mantissa, std::int64_t{digit}, &mantissa)) {
          overflow = true;
        }
      }
      ++i;
      continue;
    }
    if (fraction) return AmountFault::kUnreadable;
    if (c == mark) {
      if (groups > 0 && group != 3) return AmountFault::kUnreadable;
      fraction = true;
      ++i;
      continue;
    }
    const std::size_t n = c == thousands ? 1 : group_sign(s.substr(i));
    if (n == 0) return AmountFault::kUnreadable;
    const std::string_view here = s.substr(i, n);
    // 1,234,567 and, as India writes it, 12,34,567: the first group has one to three digits, the others two or three.
    if (group < 1 || group > 3 || (groups > 0 && (group < 2 || here != sign))) return AmountFault::kUnreadable;
    sign = here;
    ++groups;
    group = 0;
    i += n;
  }
  if (!any) return AmountFault::kUnreadable;
  if (!fraction && groups > 0 && group != 3) return AmountFault::kUnreadable;
  if (overflow) return AmountFault::kRange;
  out.mantissa = mantissa;
  out.scale = scale;
  return AmountFault::kNone;
}

}  // namespace

std::optional<std::int64_t> Decimal::minor(int exponent) const {
  if (scale <= exponent) {
    std::int64_t out = 0;
    if (__builtin_mul_overflow(mantissa, kPowers[static_cast<std::size_t>(exponent - scale)], &out))
      return std::nullopt;
    return out;
  }
  const std::int64_t divisor = kPowers[static_cast<std::size_t>(scale - exponent)];
  const std::int64_t quotient = mantissa / divisor;
  const std::int64_t rest = mantissa % divisor;
  const std::int64_t twice = divisor - (rest < 0 ? -rest : rest);  // |rest| >= divisor - |rest|
  if ((rest < 0 ? -rest : rest) >= twice) return quotient + (mantissa < 0 ? -1 : 1);
  return quotient;
}

bool operator==(const Decimal& a, const Decimal& b) {
  if (a.scale == b.scale) return a.mantissa == b.mantissa;
  const Decimal& fine = a.scale > b.scale ? a : b;
  const Decimal& coarse = a.scale > b.scale ? b : a;
  std::int64_t scaled = 0;
  if (__builtin_mul_overflow(coarse.mantissa, kPowers[static_cast<std::size_t>(fine.scale - coarse.scale)], &scaled)) {
    return false;
  }
  return scaled == fine.mantissa;
}

AmountFault read_amount(std::string_view cell, char decimal_mark, Decimal& out, std::string_view& currency_text) {
  currency_text = {};
  // The commonest form first: digits, a mark, digits.
  {
    const char* p = cell.data();
    const char* const end = p + cell.size();
    const bool minus = p != end && *p == '-';
    if (minus) ++p;
    std::int64_t mantissa = 0;
    const char* const begin = p;
    const char* mark = nullptr;
    for (; p != end && p - begin < 18; ++p) {  // longer ones may not fit
      if (is_digit(*p)) {
        mantissa = mantissa * 10 + (*p - '0');
      } else if (*p == decimal_mark && mark == nullptr) {
        mark = p;
      } else {
        break;
      }
    }
    if (p == end && p != begin && is_digit(end[-1]) && is_digit(*begin)) {
      out.mantissa = minus ? -mantissa : mantissa;
      out.scale = mark == nullptr ? 0 : static_cast<std::int32_t>(end - mark - 1);
      return AmountFault::kNone;
    }
  }
  std::string_view s = trim_wide(cell);
  if (s.empty() || is_none_word(s)) return AmountFault::kBlank;
  if (s.size() > kCellBytesMax) return AmountFault::kUnreadable;
  if (s.front() == '\'') s.remove_prefix(1);  // as spreadsheets mark text
  const auto body = cut(s);
  if (!body) return AmountFault::kUnreadable;
  const AmountFault fault = assemble(body->digits, decimal_mark, out);
  if (fault != AmountFault::kNone) return fault;
  if (body->negative) out.mantissa = -out.mantissa;
  currency_text = body->around;
  return AmountFault::kNone;
}

void AmountEvidence::note(Seen& seen, std::string_view cell, std::uint64_t line, std::string_view column) {
  if (seen.count++ == 0) {
    seen.line = line;
    seen.column = std::string(column);
    seen.example = std::string(trim(cell).substr(0, 40));
  }
}

void AmountEvidence::add(std::string_view cell, std::uint64_t line, std::string_view column) {
  // The commonest forms first, once one of them has been seen: "12.50" and "12,50".
  if (cell.size() >= 4 && cell.size() <= 16) {
    const char mark = cell[cell.size() - 3];
    if ((mark == '.' || mark == ',') && decimal_[mark == '.' ? 0 : 1].count > 0) {
      bool plain = is_digit(cell[cell.size() - 1]) && is_digit(cell[cell.size() - 2]);
      for (std::size_t i = 0; plain && i + 3 < cell.size(); ++i) plain = is_digit(cell[i]);
      if (plain) {
        ++cells_;
        ++decimal_[mark == '.' ? 0 : 1].count;
        return;
      }
    }
  }
  const std::string_view s = trim_wide(cell);
  if (s.empty() || s.size() > kCellBytesMax || is_none_word(s)) return;
  // The marks between the first digit and the last; "kr." and "Rs." around them tell nothing.
  const auto from = std::find_if(s.begin(), s.end(), is_digit);
  if (from == s.end()) return;
  const auto to = std::find_if(s.rbegin(), s.rend(), is_digit).base();
  int dots = 0, commas = 0, digits = 0, before_last = 0, behind_last = 0;
  char last_mark = 0;
  const char first = *from;
  for (auto it = from; it != to; ++it) {
    if (is_digit(*it)) {
      ++digits;
      ++behind_last;
    } else if (*it == '.' || *it == ',') {
      (*it == '.' ? dots : commas)++;
      before_last = digits;
      behind_last = 0;
      last_mark = *it;
    }
  }
  ++cells_;
  const auto decimal = [&](char mark) { note(decimal_[mark == '.' ? 0 : 1], s, line, column); };
  const auto other = [](char mark) { return mark == '.' ? ',' : '.'; };
  if (dots + commas == 0) {
    if (digits >= 4 && s.find(' ') == std::string_view::npos) ++long_bare_;
    if (digits < 4 && std::any_of(from, to, [](char c) { return c > '0' && c <= '9'; })) ++this->column(column).small;
    return;
  }
  if (dots > 0 && commas > 0) {
    if ((last_mark == '.' ? dots : commas) == 1) decimal(last_mark);
    return;
  }
  if (dots + commas > 1) {
    if (behind_last == 3) decimal(other(last_mark));
    return;
  }
  if (behind_last != 3 || before_last > 3 || first == '0') {
    decimal(last_mark);
    return;
  }
  note(open_[last_mark == '.' ? 0 : 1], s, line, column);
  ++this->column(column).open;
}

AmountEvidence::Column& AmountEvidence::column(std::string_view name) {
  const auto it = std::find_if(columns_.begin(), columns_.end(), [&](const Column& c) { return c.name == name; });
  return it != columns_.end() ? *it : columns_.emplace_back(Column{std::string(name)});
}

void AmountEvidence::merge(const AmountEvidence& other) {
  const auto join = [](Seen& a, const Seen& b) {
    if (a.count == 0) {
      a = b;
    } else {
      a.count += b.count;
    }
  };
  cells_ += other.cells_;
  long_bare_ += other.long_bare_;
  for (const Column& theirs : other.columns_) {
    Column& ours = column(theirs.name);
    ours.open += theirs.open;
    ours.small += theirs.small;
  }
  for (int i = 0; i < 2; ++i) {
    join(decimal_[i], other.decimal_[i]);
    join(open_[i], other.open_[i]);
  }
}

Result<AmountEvidence::Decision> AmountEvidence::decide(const std::string& file, std::optional<int> exponent) const {
  const auto mixed = [&](const Seen& a, const Seen& b) {
    return fail(Errc::kBadInput,
                file + ": the amounts mix decimal marks: " + quoted(a.example) + " (line " + std::to_string(a.line) +
                    ") and " + quoted(b.example) + " (line " + std::to_string(b.line) + ")",
                "Export the file with one way of writing numbers, or split it.", Place{file, b.line, b.column},
                {"problem.amounts_mixed",
                 {{"first", a.example}, {"first_line", a.line}, {"second", b.example}, {"second_line", b.line}}});
  };
  const std::uint64_t dot = decimal_[0].count, comma = decimal_[1].count;
  if (dot + comma > 0) {
    const bool is_dot = dot >= comma;
    const std::uint64_t most = std::max(dot, comma);
    if (most * 5 < (dot + comma) * 4) return mixed(decimal_[is_dot ? 0 : 1], decimal_[is_dot ? 1 : 0]);
    return Decision{is_dot ? '.' : ',', false, std::min(dot, comma)};
  }
  if (open_[0].count == 0 && open_[1].count == 0) return Decision{'.', false, 0};
  if (open_[0].count > 0 && open_[1].count > 0) return mixed(open_[0], open_[1]);
  const char mark = open_[0].count > 0 ? '.' : ',';
  const char other = mark == '.' ? ',' : '.';
  if (exponent == 3) return Decision{mark, false, 0};
  if (exponent == 0) return Decision{other, false, 0};
  const bool whole =
      std::any_of(columns_.begin(), columns_.end(), [](const Column& c) { return c.open > 0 && c.small > 0; });
  if (whole && long_bare_ == 0) return Decision{other, true, 0};
  const Seen& open = open_[mark == '.' ? 0 : 1];
  const std::string in_column = open.column.empty() ? "" : " in column " + quoted(open.column);
  return fail(Errc::kBadInput,
              file + ": it cannot be told whether " + quoted(open.example) + " (line " + std::to_string(open.line) +
                  in_column + ") is more than a thousand or has three decimals",
              std::string("Say which mark is the decimal one: --decimal ") + other +
                  " (more than a thousand) or --decimal " + mark + " (three decimals).",
              Place{file, open.line, open.column}, {"problem.amounts_ambiguous", {{"value", open.example}}});
}

}  // namespace behoud::ingest
