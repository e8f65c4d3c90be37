#pragma once

// A thin structured log: a sentence that is always the same for the same kind of happening, and named values beside it.
//
//   log.info("import committed", {{"import", 12}, {"rows", 70000}, {"ms", 412}});
//   2024-03-01T09:30:00.125Z info "import committed" import=12 rows=70000 ms=412             (Form::kText)
//   {"at":"2024-03-01T09:30:00.125Z","level":"info","event":"import committed","import":12}  (Form::kJson)
//
// No personal data: what belongs to a person is held in a Personal<T>, which no field, no stream and no formatter
// takes; the code that may show it says reveal(), which is easy to find and to question. Values from outside are
// quoted, so that nobody writes a line of their own into the log. A line goes out in one call of the sink.
//
// Thread-safety: any number of threads may log; the sink is called by one at a time.

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <fmt/core.h>

namespace behoud {

// A value that belongs to a person (an e-mail, a name, a phone number). It can be compared and moved about, not
// printed.
template <class T>
class Personal {
 public:
  Personal() = default;
  explicit Personal(T value) : value_(std::move(value)) {}
  // For the few places that are meant to show it: the owner's own output, the message to that person.
  const T& reveal() const { return value_; }
  friend bool operator==(const Personal&, const Personal&) = default;
  friend auto operator<=>(const Personal&, const Personal&) = default;
  template <class Stream>
    requires std::is_base_of_v<std::ios_base, Stream>
  friend Stream& operator<<(Stream&, const Personal&) = delete;

 private:
  T value_{};
};

class Log {
 public:
  enum class Level : std::uint8_t { kDebug, kInfo, kWarning, kError };
  enum class Form : std::uint8_t { kText, kJson };

  struct Field {
    using Value = std::variant<std::int64_t, std::uint64_t, double, bool, std::string_view>;
    template <class T>
    Field(std::string_view name_, const T& value_) : name(name_), value(make(value_)) {}
    template <class T>
    Field(std::string_view, const Personal<T>&) = delete;  // personal data does not go into a log
    std::string_view name;                                 // a bare word: a-z, 0-9, _
    Value value;

   private:
    template <class T>
    static Value make(const T& v) {
      if constexpr (std::is_same_v<T, bool>) {
        return v;
      } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
        return std::int64_t{v};
      } else if constexpr (std::is_integral_v<T>) {
        return std::uint64_t{v};
      } else if constexpr (std::is_floating_point_v<T>) {
        return static_cast<double>(v);
      } else {
        return std::string_view(v);
      }
    }
  };
  using Fields = std::initializer_list<Field>;

  // `now_ms` is the time in milliseconds since 1970 UTC; `write` gets one line with its newline.
  Log(std::function<void(std::string_view)> write, std::function<std::int64_t()> now_ms, Level least = Level::kInfo,
      Form form = Form::kText);
  // The sink that most want: standard error, one write(2) a line.
  static void to_standard_error(std::string_view line);

  void debug(std::string_view event, Fields fields = {}) { write(Level::kDebug, event, fields); }
  void info(std::string_view event, Fields fields = {}) { write(Level::kInfo, event, fields); }
  void warning(std::string_view event, Fields fields = {}) { write(Level::kWarning, event, fields); }
  void error(std::string_view event, Fields fields = {}) { write(Level::kError, event, fields); }
  void write(Level level, std::string_view event, Fields fields);

 private:
  std::function<void(std::string_view)> write_;
  std::function<std::int64_t()> now_ms_;
  Level least_;
  Form form_;
  std::mutex mutex_;
};

}  // namespace behoud

// fmt refuses a type without a formatter; this says why.
template <class T>
struct fmt::formatter<behoud::Personal<T>> {
  formatter() = delete;
};
