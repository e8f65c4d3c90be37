#include "retention/report/internal/cells.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/text.h"

namespace behoud::retention::report::internal {

namespace {

int width_of(UChar32 c) {
  if (c == 0xAD) return 1;  // terminals print the soft hyphen
  switch (u_charType(c)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
      return 0;
    default:
      break;
  }
  const int wide = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return wide == U_EA_WIDE || wide == U_EA_FULLWIDTH ? 2 : 1;
}

// Steers a terminal, or the direction of its line.
bool is_steering(UChar32 c) {
  switch (u_charType(c)) {
    case U_CONTROL_CHAR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
    case U_SURROGATE:
    case U_UNASSIGNED:
    case U_PRIVATE_USE_CHAR:
      return true;
    default:
      break;
  }
  return u_hasBinaryProperty(c, UCHAR_BIDI_CONTROL);
}

// The next character of well-formed UTF-8.
UChar32 take(std::string_view& text) {
  const std::size_t length = utf8_sequence(text);
  if (length == 0) {
    text.remove_prefix(1);
    return 0xFFFD;
  }
  const auto byte = [&](std::size_t i) { return static_cast<UChar32>(static_cast<unsigned char>(text[i])); };
  // The lead byte gives 7, 5, 4 or 3 bits, each further one 6.
  UChar32 c = length == 1 ? byte(0) : byte(0) & (0x7F >> length);
  for (std::size_t i = 1; i < length; ++i) c = (c << 6) | (byte(i) & 0x3F);
  text.remove_prefix(length);
  return c;
}

void append(std::string& out, UChar32 c) {
  char buffer[4];
  std::int32_t n = 0;
  U8_APPEND_UNSAFE(buffer, n, c);
  out.append(buffer, static_cast<std::size_t>(n));
}

const char* own_ascii(UChar32 c) {
  switch (c) {
    case 0xA0:
    case 0x202F:
    case 0x2009:
      return " ";
    case 0x2013:
    case 0x2014:
    case 0x2212:
      return "-";
    case 0x2026:
      return "...";
    case 0xB7:
      return "|";
    case 0x2192:
      return "->";
    case 0x20AC:
      return "EUR";
    case 0xA3:
      return "GBP";
    case 0xA5:
      return "JPY";
    case 0x25B2:
      return "^";
    case 0x25BC:
      return "v";
    case 0xD7:
      return "x";
    case 0x2018:
    case 0x2019:
      return "'";
    case 0x201C:
    case 0x201D:
      return "\"";
    case 0x2265:
      return ">=";
    case 0x2264:
      return "<=";
    default:
      return nullptr;
  }
}

std::string to_ascii(std::string_view text) {
  bool plain = true;
  std::string ours;
  for (std::string_view rest = text; !rest.empty();) {
    const UChar32 c = take(rest);
    if (const char* known = own_ascii(c)) {
      ours += known;
      // "€12" is read as "EUR 12".
      const bool sign = c == 0x20AC || c == 0xA3 || c == 0xA5;
      if (sign && !rest.empty() && (is_digit(rest[0]) || rest[0] == '-')) ours += ' ';
    } else {
      append(ours, c);
      plain = plain && c < 0x80;
    }
  }
  if (!plain) {
    // Made once: a transliterator costs milliseconds.
    static const std::unique_ptr<icu::Transliterator> latin = [] {
      UErrorCode status = U_ZERO_ERROR;
      return std::unique_ptr<icu::Transliterator>(
          icu::Transliterator::createInstance("Any-Latin; Latin-ASCII", UTRANS_FORWARD, status));
    }();
    if (latin) {
      icu::UnicodeString wide = icu::UnicodeString::fromUTF8(ours);
      latin->transliterate(wide);
      ours.clear();
      wide.toUTF8String(ours);
    }
  }
  std::string out;
  for (std::string_view rest = ours; !rest.empty();) {
    const UChar32 c = take(rest);
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (width_of(c) > 0) {
      out += '?';
    }
  }
  return out;
}

}  // namespace

int Cells::width(std::string_view text) {
  int sum = 0;
  while (!text.empty()) sum += width_of(take(text));
  return sum;
}

std::string Cells::shown(std::string_view text) const {
  const std::string repaired = repair_utf8(text);
  std::string out;
  for (std::string_view rest = repaired; !rest.empty();) {
    const UChar32 c = take(rest);
    if (c == '\t' || c == '\n') {
      out += ' ';
    } else if (is_steering(c)) {
      out += utf8_ ? kReplacement : "?";
    } else {
      append(out, c);
    }
  }
  return utf8_ ? out : to_ascii(out);
}

std::string Cells::fit(std::string_view text, int columns, Side side) const {
  std::string out = shown(text);
  int used = width(out);
  if (used > columns) {
    const std::string_view dots = width(ellipsis()) <= columns ? ellipsis() : "";
    const int room = std::max(0, columns - width(dots));
    std::string cut;
    used = 0;
    for (std::string_view rest = out; !rest.empty();) {
      const UChar32 c = take(rest);
      if (used + width_of(c) > room) break;
      used += width_of(c);
      append(cut, c);
    }
    out = cut + std::string(dots);
    used = width(out);
  }
  const std::string pad(static_cast<std::size_t>(std::max(0, columns - used)), ' ');
  return side == Side::kLeft ? out + pad : pad + out;
}

std::vector<std::string> Cells::wrap(std::string_view text, int columns) const {
  const std::string safe = shown(text);
  std::vector<std::string> lines;
  std::string line;
  int used = 0;
  const auto flush = [&] {
    lines.push_back(std::move(line));
    line.clear();
    used = 0;
  };
  for (std::size_t at = 0; at < safe.size();) {
    const std::size_t end = std::min(safe.find(' ', at), safe.size());
    std::string_view word = std::string_view(safe).substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    const int wide = width(word);
    if (used > 0 && used + 1 + wide > columns) flush();
    if (wide > columns) {
      while (!word.empty()) {
        std::string_view peek = word;
        const UChar32 c = take(peek);
        if (used > 0 && used + width_of(c) > columns) flush();
        append(line, c);
        used += width_of(c);
        word = peek;
      }
      continue;
    }
    if (used > 0) {
      line += ' ';
      ++used;
    }
    line += word;
    used += wide;
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string Cells::bar(double part, double whole, int columns) const {
  if (columns <= 0) return "";
  const double share = whole > 0 ? std::clamp(part / whole, 0.0, 1.0) : 0;
  std::string out;
  if (!utf8_) {
    int n = static_cast<int>(std::lround(share * columns));
    if (share > 0) n = std::max(n, 1);
    out.assign(static_cast<std::size_t>(n), '#');
    out.append(static_cast<std::size_t>(columns - n), ' ');
    return out;
  }
  // In eighths of a cell: ▏▎▍▌▋▊▉█ are U+258F down to U+2588.
  int eighths = static_cast<int>(std::lround(share * columns * 8));
  if (share > 0) eighths = std::max(eighths, 1);
  int cells = 0;
  for (; eighths >= 8; eighths -= 8, ++cells) append(out, 0x2588);
  if (eighths > 0) {
    append(out, 0x2590 - eighths);
    ++cells;
  }
  out.append(static_cast<std::size_t>(columns - cells), ' ');
  return out;
}

std::string Cells::blocks(int columns, char kind) const {
  std::string out;
  for (int i = 0; i < columns; ++i) {
    if (utf8_) {
      append(out, kind == 'k' ? 0x2588 : kind == 'l' ? 0x2591 : kind == 'n' ? 0x2592 : 0x2593);
    } else {
      out += kind == 'k' ? '#' : kind == 'l' ? '.' : kind == 'n' ? '+' : '=';
    }
  }
  return out;
}

std::string Cells::spark(const std::vector<double>& values, double low, double high) const {
  std::string out;
  for (const double v : values) {
    if (!std::isfinite(v)) {
      out += ' ';
      continue;
    }
    const double share = high > low ? std::clamp((v - low) / (high - low), 0.0, 1.0) : 0.5;
    const int level = std::min(7, static_cast<int>(share * 8));
    if (utf8_) {
      append(out, 0x2581 + level);
    } else {
      out += "_.:-=+*#"[level];
    }
  }
  return out;
}

std::string Cells::rule(int columns) const {
  std::string out;
  for (int i = 0; i < columns; ++i) out += utf8_ ? "─" : "-";
  return out;
}

}  // namespace behoud::retention::report::internal
