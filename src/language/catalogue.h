#pragma once

// Every sentence that people read, in their language. The texts are ICU MessageFormat patterns in
// src/language/catalogue/<area>.<lang>.json, one file an area and language, so that areas grow apart:
//
//   report.en.json   { "report.kept": "You kept {kept, plural, one {# customer} other {# customers}} of {start}." }
//   report.nl.json   { "report.kept": "Je hield {kept, plural, one {# klant} other {# klanten}} van de {start}." }
//
// and stand in the binary: there are no files at run time. A key begins with its area; its arguments are named. The
// tests of this folder fail when a language lacks a key, an argument or a plural form that another has, when a key that
// the source asks for is missing, and when one is never asked for. So write a key out as a literal, in a call of text()
// or in a table, and never put one together from parts.
//
//   const Catalogue c(Language::nl);
//   c.text("report.kept", {{"kept", 80}, {"start", 100}});            // numbers as the language writes them
//   c.text("report.since", {{"day", civil(2024, 3, 1)}, {"amount", Money{123450, eur}}, {"rate", Percent{0.8}}});
//
// Only an integer may stand in a plural; everything else arrives as written text. Texts are plain: escaping is for who
// puts them into HTML. Cost: a text is parsed on first use and kept; then a few microseconds. Thread-safety: const
// calls may run together.

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "calendar/day.h"
#include "language/conventions.h"
#include "language/language.h"
#include "money/money.h"

namespace behoud::language {

// How a value is to be written, where its type alone does not say.
struct Percent {
  std::optional<double> fraction;  // 0.8 is 80.0%; nullopt is a dash
  int places = 1;
};
struct Decimal {
  std::optional<double> value;
  int places = 1;
};
struct ShortDay {
  calendar::Day day;
};
struct WholeMoney {  // without cents
  money::Money amount;
};

struct Arg {
  using Value = std::variant<std::string, std::int64_t, double, money::Money, WholeMoney, calendar::Day, ShortDay,
                             Percent, Decimal>;

  template <class T>
  Arg(std::string_view name_, T&& value_) : name(name_), value(make(std::forward<T>(value_))) {}

  std::string_view name;
  Value value;  // a double is written with one decimal

 private:
  template <class T>
  static Value make(T&& v) {
    using Plain = std::remove_cvref_t<T>;
    static_assert(!std::is_same_v<Plain, bool>, "a bool is a word in a select: pass it as text");
    if constexpr (std::is_integral_v<Plain>) {
      return static_cast<std::int64_t>(v);
    } else if constexpr (std::is_convertible_v<T, std::string_view>) {
      return std::string(std::string_view(v));
    } else {
      return Value(std::forward<T>(v));
    }
  }
};

// A part of a text: words, or one value as it is written there and the name of its argument.
struct Piece {
  std::string text;
  std::string argument;  // "" of words
  friend bool operator==(const Piece&, const Piece&) = default;
};

class Catalogue {
 public:
  explicit Catalogue(Language language);
  ~Catalogue();
  Catalogue(Catalogue&&) noexcept;
  Catalogue& operator=(Catalogue&&) noexcept;

  Language language() const { return conventions_.language(); }
  const Conventions& conventions() const { return conventions_; }

  // Requires that the key exists and that `args` holds every argument of its text (more are allowed): a mistake in the
  // source, so an assert, and the key itself where asserts are off.
  std::string text(std::string_view key, std::initializer_list<Arg> args = {}) const;
  std::string text(std::string_view key, std::span<const Arg> args) const;
  // The same text in parts, for who makes something of its values: joined they are text(). No two that follow each
  // other are words, and none is empty. What a plural or a select says without writing its value is words.
  std::vector<Piece> pieces(std::string_view key, std::span<const Arg> args) const;

  bool has(std::string_view key) const;
  std::vector<std::string> keys() const;  // ascending
  // The names of the arguments in the text of `key`, ascending, each as "name" or "name:plural" or "name:select".
  std::vector<std::string> arguments(std::string_view key) const;

 private:
  struct Messages;
  struct Written;
  Conventions conventions_;
  std::unique_ptr<Messages> messages_;
};

}  // namespace behoud::language
