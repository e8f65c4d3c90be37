#pragma once

// Writes one JSON document (RFC 8259) as it is told, member by member: the one way in which an answer of the product
// becomes JSON, so that the same answer is always the same bytes.
//
//   std::string out;
//   JsonWriter json(out);
//   json.begin_object().field("size", 12).key("cells").begin_array();
//   for (double r : rates) json.value(r);
//   json.end_array().end_object();
//
// Invariants: a key only in an object, a value only where one may stand, every begin has its end, depth at most 64;
// each is an assert. Members keep the order they are written in. The writer never looks back at `out`, so a caller may
// send what is there and clear it at any time.
//
// Texts: what is not UTF-8 becomes U+FFFD. Numbers: doubles as JavaScript writes them, the shortest digits that read
// back as the same double, plain between 1e-6 and 1e21 and with an exponent beyond; -0 is 0; NaN and infinities are
// null. 64-bit integers are written whole (a reader that has only doubles loses digits past 2^53). Thread-safety: none
// needed.

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace behoud {

struct JsonStyle {
  int indent = 0;         // blanks a level; 0 is one line without blanks
  bool for_html = false;  // '<', '>', '&', U+2028 and U+2029 as \u escapes: safe inside <script>
};

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out, JsonStyle style = {}) : out_(out), style_(style) {}

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(double number);
  template <std::same_as<bool> B>  // a template, so that pointers do not become true
  JsonWriter& value(B b) {
    return raw(b ? "true" : "false");
  }
  template <std::integral I>
    requires(!std::same_as<I, bool> && !std::same_as<I, char>)
  JsonWriter& value(I number) {
    if constexpr (std::signed_integral<I>) {
      return integer(static_cast<std::int64_t>(number));
    } else {
      return natural(static_cast<std::uint64_t>(number));
    }
  }
  JsonWriter& null() { return raw("null"); }
  JsonWriter& value(std::nullopt_t) { return null(); }
  template <class T>
  JsonWriter& value(const std::optional<T>& v) {
    return v ? value(*v) : null();
  }
  // What has a to_string of its own (a day, an instant) is that text.
  template <class T>
    requires requires(const T& v) {
      { to_string(v) } -> std::same_as<std::string>;
    }
  JsonWriter& value(const T& v) {
    return value(std::string_view(to_string(v)));
  }
  // A value that is JSON already.
  JsonWriter& raw(std::string_view json);

  template <class T>
  JsonWriter& field(std::string_view name, const T& v) {
    key(name);
    return value(v);
  }
  // A text that is not known when it is empty.
  JsonWriter& text_or_null(std::string_view name, std::string_view text) {
    key(name);
    return text.empty() ? null() : value(text);
  }

  bool complete() const { return depth_ == 0 && written_; }  // one whole value stands in the output

 private:
  static constexpr int kDepthMax = 64;

  JsonWriter& integer(std::int64_t number);
  JsonWriter& natural(std::uint64_t number);
  void begin(char bracket, bool object);
  void end(char bracket, bool object);
  void before_value();
  void new_line();
  void write_text(std::string_view text);

  std::string& out_;
  JsonStyle style_;
  std::uint64_t objects_ = 0;  // bit d: level d + 1 is an object
  int depth_ = 0;
  bool first_ = true;       // nothing stands in the current level yet
  bool after_key_ = false;  // a key waits for its value
  bool written_ = false;    // the document has its value
};

// A double as above, alone; "null" where it has no digits.
std::string json_number(double number);

}  // namespace behoud
