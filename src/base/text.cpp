#include "base/text.h"

#include <charconv>
#include <cstring>

namespace behoud {
namespace {

// Windows-1252, 0x80..0x9F; 0 is a hole.
constexpr char32_t kWindows1252[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                       0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                       0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                       0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

// Code points up to U+FFFF, which is all that the table above needs.
void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

struct Sequence {
  std::size_t length = 0;  // bytes that belong together: the sequence, or the maximal ill-formed part
  bool well_formed = false;
};

// Unicode 15, table 3-7. Requires a non-empty text.
Sequence first_sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {1, true};
  std::size_t length = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return {1, false};
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size() || byte(i) < low || byte(i) > high) return {i, false};
    low = 0x80;
    high = 0xBF;
  }
  return {length, true};
}

// How many bytes at the front are ASCII, counted in words of eight: most text is.
std::size_t ascii_words(std::string_view text) {
  std::size_t n = 0;
  for (; n + 8 <= text.size(); n += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + n, sizeof word);
    if ((word & 0x8080808080808080) != 0) break;
  }
  return n;
}

// The bytes of one blank at the beginning (or end) of a text, 0 for none.
std::size_t blank_at_front(std::string_view text) {
  if (text.empty()) return 0;
  if (is_blank(text.front())) return 1;
  if (text.starts_with("\xC2\xA0")) return 2;
  return text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
}
std::size_t blank_at_back(std::string_view text) {
  if (text.empty()) return 0;
  if (is_blank(text.back())) return 1;
  if (text.ends_with("\xC2\xA0")) return 2;
  return text.ends_with("\xEF\xBB\xBF") ? 3 : 0;
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (const std::size_t n = blank_at_front(text)) text.remove_prefix(n);
  while (const std::size_t n = blank_at_back(text)) text.remove_suffix(n);
  return text;
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

std::size_t utf8_sequence(std::string_view text) {
  if (text.empty()) return 0;
  const Sequence s = first_sequence(text);
  return s.well_formed ? s.length : 0;
}

std::size_t ill_formed_part(std::string_view text) { return first_sequence(text).length; }

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    text.remove_prefix(ascii_words(text));
    if (text.empty()) break;
    const Sequence s = first_sequence(text);
    if (!s.well_formed) return false;
    text.remove_prefix(s.length);
  }
  return true;
}

std::string repair_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t plain = ascii_words(text);
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const Sequence s = first_sequence(text);
    out += s.well_formed ? text.substr(0, s.length) : kReplacement;
    text.remove_prefix(s.length);
  }
  return out;
}

std::string latin1_to_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    char32_t point = byte;
    if (byte >= 0x80 && byte < 0xA0) point = kWindows1252[byte - 0x80];
    if (byte != 0 && point == 0) point = 0xFFFD;
    append_utf8(out, point);
  }
  return out;
}

std::string normalise_email(std::string_view text) { return to_lower(trim(text)); }

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
  }
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || last != end) return std::nullopt;
  return value;
}

std::string quoted(std::string_view text, std::size_t bytes_max) {
  std::string out = "'";
  while (!text.empty()) {
    const Sequence s = first_sequence(text);
    if (out.size() - 1 + s.length > bytes_max) {
      out += "...";
      break;
    }
    const auto byte = static_cast<unsigned char>(text.front());
    // C1 controls are two bytes, C2 80..C2 9F; terminals obey some of them.
    const bool control =
        byte < 0x20 || byte == 0x7F || (byte == 0xC2 && s.length == 2 && static_cast<unsigned char>(text[1]) < 0xA0);
    out += s.well_formed && !control ? text.substr(0, s.length) : kReplacement;
    text.remove_prefix(s.length);
  }
  out += '\'';
  return out;
}

}  // namespace behoud
