#pragma once

// How a call can fail. Every expected failure is a `Result<T>`; a broken invariant is an assert; exceptions are for
// out-of-memory and third-party edges, caught where they enter. An error names the offending input and, where there is
// one, the way out: `message` is the sentence a person reads first, `hint` what they can do about it. They are English
// and speak as the command line does; `why` is the same for a reader of another language, or of a page.
//
// Cost: an Error is two strings, a place and a reason; it is built on the failing path only. Thread-safety: plain
// values.

#include <concepts>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace behoud {

// The closed list of ways to fail. `http/` maps them to status codes, `app/` to exit codes, each in one table.
enum class Errc : std::uint8_t {
  kInvalidArgument,  // the caller asked for something that has no meaning: usage
  kBadInput,         // a file or a body that was given to us does not hold what it should
  kNotFound,
  kConflict,     // somebody else holds it, or it changed meanwhile
  kOutOfRange,   // a value or a size beyond a bound
  kCorrupt,      // our own files are damaged
  kUnavailable,  // disk full, fsync failed, network down: not now
};

// Where in an input something went wrong. Lines and columns are 1-based; 0 means "not known" or "the whole".
struct Place {
  std::string file;
  std::uint64_t line = 0;
  std::string column{};  // the column's header, or "#3" where there is none
  friend bool operator==(const Place&, const Place&) = default;
};

// Why it failed, for whoever says it in words of their own: a key of the texts in language/catalogue/problem.*.json,
// written out as a literal ("problem.file_empty"), and the values that its sentences name beside those of the place
// (file, line, column). Empty where only the message says it. A reason keeps its meaning for ever: programs go by it.
struct Why {
  struct Value {
    std::string name;
    std::variant<std::string, std::int64_t> value;

    Value(std::string_view name_, std::string_view text) : name(name_), value(std::string(text)) {}
    Value(std::string_view name_, std::integral auto number) : name(name_), value(static_cast<std::int64_t>(number)) {}
    friend bool operator==(const Value&, const Value&) = default;
  };

  std::string reason{};
  std::vector<Value> values{};
  friend bool operator==(const Why&, const Why&) = default;
};

struct Error {
  Errc code = Errc::kInvalidArgument;
  std::string message;
  std::string hint{};
  Place place{};
  Why why{};
  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Errc code, std::string message, std::string hint = {}, Place place = {},
                                   Why why = {}) {
  return std::unexpected<Error>(Error{code, std::move(message), std::move(hint), std::move(place), std::move(why)});
}

}  // namespace behoud

// TRY(expr): evaluates a Result<void>-like expression and returns its error, if any, from the enclosing function.
// TRY_ASSIGN(decl, expr): the same, and binds the value: `TRY_ASSIGN(const auto day, parse_day(text));`
#define BEHOUD_CONCAT_(a, b) a##b
#define BEHOUD_CONCAT(a, b) BEHOUD_CONCAT_(a, b)
#define TRY(expr)                                                                 \
  do {                                                                            \
    if (auto try_result = (expr); !try_result) {                                  \
      return ::std::unexpected<::behoud::Error>(::std::move(try_result).error()); \
    }                                                                             \
  } while (false)
#define TRY_ASSIGN_(tmp, decl, expr)                                             \
  auto tmp = (expr);                                                             \
  if (!tmp) return ::std::unexpected<::behoud::Error>(::std::move(tmp).error()); \
  decl = ::std::move(*tmp)
#define TRY_ASSIGN(decl, expr) TRY_ASSIGN_(BEHOUD_CONCAT(try_value_, __LINE__), decl, expr)
