#include "base/json_writer.h"

#include <array>
#include <cassert>
#include <charconv>
#include <cmath>

#include "base/text.h"

namespace behoud {
namespace {

// The longest is a sign, 17 digits, a point, and five zeros after "0." or an exponent; 21 digits in front of the point.
constexpr std::size_t kNumberBytesMax = 32;

// Lays the shortest digits out as ECMA-262 (2023), section 6.1.6.1.20, does.
std::string_view write_number(double number, std::array<char, kNumberBytesMax>& buffer) {
  if (!std::isfinite(number)) return "null";
  if (number == 0) return "0";
  std::array<char, kNumberBytesMax> scientific;  // d[.ddd]e[+-]xx
  const auto written = std::to_chars(scientific.data(), scientific.data() + scientific.size(), std::fabs(number),
                                     std::chars_format::scientific);
  const std::string_view text(scientific.data(), static_cast<std::size_t>(written.ptr - scientific.data()));
  const std::size_t e = text.find('e');
  std::array<char, 17> digits;
  int count = 0;
  for (const char c : text.substr(0, e)) {
    if (c != '.') digits[static_cast<std::size_t>(count++)] = c;
  }
  int exponent = 0;
  const char* exponent_text = text.data() + e + (text[e + 1] == '+' ? 2 : 1);
  std::from_chars(exponent_text, text.data() + text.size(), exponent);

  char* p = buffer.data();
  const auto put = [&](char c) { *p++ = c; };
  const auto put_digits = [&](int from, int to) {
    for (int i = from; i < to; ++i) put(i < count ? digits[static_cast<std::size_t>(i)] : '0');
  };
  if (number < 0) put('-');
  const int point = exponent + 1;  // the value is 0.digits x 10^point
  if (point > 21 || point <= -6) {
    put_digits(0, 1);
    if (count > 1) {
      put('.');
      put_digits(1, count);
    }
    put('e');
    put(exponent < 0 ? '-' : '+');
    p = std::to_chars(p, buffer.data() + buffer.size(), exponent < 0 ? -exponent : exponent).ptr;
  } else if (point <= 0) {
    put('0');
    put('.');
    for (int i = point; i < 0; ++i) put('0');
    put_digits(0, count);
  } else {
    put_digits(0, point);
    if (count > point) {
      put('.');
      put_digits(point, count);
    }
  }
  return {buffer.data(), static_cast<std::size_t>(p - buffer.data())};
}

constexpr char kHex[] = "0123456789abcdef";

}  // namespace

std::string json_number(double number) {
  std::array<char, kNumberBytesMax> buffer;
  return std::string(write_number(number, buffer));
}

void JsonWriter::new_line() {
  if (style_.indent == 0) return;
  out_ += '\n';
  out_.append(static_cast<std::size_t>(depth_) * static_cast<std::size_t>(style_.indent), ' ');
}

void JsonWriter::before_value() {
  assert((depth_ > 0 || !written_) && "a document is one value");
  if (after_key_) {
    after_key_ = false;
  } else if (depth_ > 0) {
    assert((objects_ >> (depth_ - 1) & 1) == 0 && "in an object a value needs a key");
    if (!first_) out_ += ',';
    new_line();
  }
  first_ = false;
  written_ = true;
}

void JsonWriter::begin(char bracket, bool object) {
  before_value();
  assert(depth_ < kDepthMax && "nested too deeply");
  out_ += bracket;
  const std::uint64_t bit = std::uint64_t{1} << depth_;
  objects_ = object ? objects_ | bit : objects_ & ~bit;
  ++depth_;
  first_ = true;
}

void JsonWriter::end(char bracket, bool object) {
  assert(depth_ > 0 && "an end without a begin");
  assert((objects_ >> (depth_ - 1) & 1) == (object ? 1 : 0) && "the end of another kind of bracket");
  assert(!after_key_ && "a key without a value");
  --depth_;
  if (!first_) new_line();
  out_ += bracket;
  first_ = false;
}

JsonWriter& JsonWriter::begin_object() {
  begin('{', true);
  return *this;
}
JsonWriter& JsonWriter::end_object() {
  end('}', true);
  return *this;
}
JsonWriter& JsonWriter::begin_array() {
  begin('[', false);
  return *this;
}
JsonWriter& JsonWriter::end_array() {
  end(']', false);
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  assert(depth_ > 0 && (objects_ >> (depth_ - 1) & 1) == 1 && "a key stands in an object");
  assert(!after_key_ && "a key without a value");
  if (!first_) out_ += ',';
  new_line();
  write_text(name);
  out_ += style_.indent == 0 ? ":" : ": ";
  first_ = false;
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  before_value();
  write_text(text);
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  std::array<char, kNumberBytesMax> buffer;
  return raw(write_number(number, buffer));
}

JsonWriter& JsonWriter::integer(std::int64_t number) {
  std::array<char, kNumberBytesMax> buffer;
  const char* end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  return raw({buffer.data(), static_cast<std::size_t>(end - buffer.data())});
}

JsonWriter& JsonWriter::natural(std::uint64_t number) {
  std::array<char, kNumberBytesMax> buffer;
  const char* end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  return raw({buffer.data(), static_cast<std::size_t>(end - buffer.data())});
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  before_value();
  out_ += json;
  return *this;
}

void JsonWriter::write_text(std::string_view text) {
  const auto escape = [&](unsigned c) {
    out_ += "\\u00";
    out_ += kHex[c >> 4];
    out_ += kHex[c & 15];
  };
  out_ += '"';
  std::size_t begin = 0;  // of the run that goes out as it is
  std::size_t i = 0;
  const auto flush = [&] { out_.append(text, begin, i - begin); };
  while (i < text.size()) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x80) {
      const std::string_view rest = text.substr(i);
      const std::size_t length = utf8_sequence(rest);
      const bool line_separator = rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9");
      if (length != 0 && !(style_.for_html && line_separator)) {
        i += length;
        continue;
      }
      flush();
      if (length == 0) {
        out_ += kReplacement;
        i += ill_formed_part(rest);
      } else {
        out_ += text[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
        i += length;
      }
      begin = i;
      continue;
    }
    const bool markup = style_.for_html && (c == '<' || c == '>' || c == '&');
    if (c >= 0x20 && c != '"' && c != '\\' && !markup) {
      ++i;
      continue;
    }
    flush();
    switch (c) {
      case '"':
        out_ += "\\\"";
        break;
      case '\\':
        out_ += "\\\\";
        break;
      case '\b':
        out_ += "\\b";
        break;
      case '\f':
        out_ += "\\f";
        break;
      case '\n':
        out_ += "\\n";
        break;
      case '\r':
        out_ += "\\r";
        break;
      case '\t':
        out_ += "\\t";
        break;
      default:
        escape(c);
    }
    begin = ++i;
  }
  flush();
  out_ += '"';
}

}  // namespace behoud
