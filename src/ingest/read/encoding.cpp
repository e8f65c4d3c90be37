#include "ingest/read/encoding.h"

#include <algorithm>
#include <array>

#include <emmintrin.h>
#include <fmt/core.h>

#include "base/text.h"

namespace behoud::ingest::read {
namespace {

constexpr std::size_t kSampleWindow = 64 * 1024;
constexpr std::size_t kSampleWindows = 32;

// WHATWG index of windows-1252 for 0x80..0x9F; the five unassigned bytes become U+FFFD, as in base/text.h.
constexpr std::array<std::uint16_t, 32> kC1{0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                            0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
                                            0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                            0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

std::uint8_t byte(char c) { return static_cast<std::uint8_t>(c); }

std::size_t ascii_prefix(std::string_view text, std::size_t i) {
  while (i + 16 <= text.size()) {
    const int high = _mm_movemask_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + i)));
    if (high != 0) return i + static_cast<std::size_t>(__builtin_ctz(static_cast<unsigned>(high)));
    i += 16;
  }
  while (i < text.size() && byte(text[i]) < 0x80) ++i;
  return i;
}

std::size_t encode(std::uint32_t code, char* out) {
  if (code < 0x80) {
    out[0] = static_cast<char>(code);
    return 1;
  }
  if (code < 0x800) {
    out[0] = static_cast<char>(0xC0 | (code >> 6));
    out[1] = static_cast<char>(0x80 | (code & 0x3F));
    return 2;
  }
  if (code < 0x10000) {
    out[0] = static_cast<char>(0xE0 | (code >> 12));
    out[1] = static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out[2] = static_cast<char>(0x80 | (code & 0x3F));
    return 3;
  }
  out[0] = static_cast<char>(0xF0 | (code >> 18));
  out[1] = static_cast<char>(0x80 | ((code >> 12) & 0x3F));
  out[2] = static_cast<char>(0x80 | ((code >> 6) & 0x3F));
  out[3] = static_cast<char>(0x80 | (code & 0x3F));
  return 4;
}

std::uint32_t windows_1252(char c) {
  const std::uint8_t b = byte(c);
  return b >= 0x80 && b < 0xA0 ? kC1[b - 0x80U] : b;
}

struct Tally {
  std::uint64_t sequences = 0, strays = 0;  // well-formed beyond ASCII; bytes that belong to none
  std::uint64_t zeros_even = 0, zeros_odd = 0, bytes = 0;
};

// A window may begin and end within a sequence: up to three continuation bytes at the start, and a sequence that wants
// more than is left at the end, are no strays.
void tally(std::string_view window, bool first, bool last, std::uint64_t offset, Tally& t) {
  t.bytes += window.size();
  for (std::size_t i = 0; i < window.size(); ++i) {
    if (window[i] == '\0') ++((offset + i) % 2 == 0 ? t.zeros_even : t.zeros_odd);
  }
  std::size_t i = 0;
  if (!first) {
    while (i < 3 && i < window.size() && (byte(window[i]) & 0xC0) == 0x80) ++i;
  }
  while ((i = ascii_prefix(window, i)) < window.size()) {
    const std::size_t n = utf8_sequence(window.substr(i));
    if (n == 0) {
      if (!last && window.size() - i < 4) return;
      ++t.strays;
      ++i;
    } else {
      ++t.sequences;
      i += n;
    }
  }
}

}  // namespace

std::string_view name(Encoding encoding) {
  switch (encoding) {
    case Encoding::kUtf8:
      return "UTF-8";
    case Encoding::kUtf8Bom:
      return "UTF-8-BOM";
    case Encoding::kUtf16Le:
      return "UTF-16LE";
    case Encoding::kUtf16Be:
      return "UTF-16BE";
    case Encoding::kWindows1252:
      return "windows-1252";
  }
  return "";
}

namespace {

std::unexpected<Error> odd_size(const Bytes& bytes) {
  return fail(Errc::kBadInput, fmt::format("{} ends in the middle of a UTF-16 character", bytes.name()),
              "The file is cut off, or damaged. Export it again.", {bytes.name(), 0, {}}, {"problem.file_cut_off"});
}

Result<EncodingGuess> utf16(const Bytes& bytes, Encoding encoding, std::uint32_t bom_bytes) {
  if (bytes.size() % 2 != 0) return odd_size(bytes);
  return EncodingGuess{encoding, bom_bytes};
}

}  // namespace

Result<EncodingGuess> guess_encoding(const Bytes& bytes) {
  std::string window(kSampleWindow, '\0');
  const std::uint64_t size = bytes.size();
  // The windows are spread evenly, the first at the start and the last at the end.
  const std::uint64_t step =
      size <= kSampleWindow * kSampleWindows ? kSampleWindow : (size - kSampleWindow) / (kSampleWindows - 1);
  Tally t;
  for (std::uint64_t at = 0; at < size; at += step) {
    TRY_ASSIGN(const std::size_t n, bytes.read_at(at, window));
    const std::string_view text(window.data(), n);
    if (at == 0) {
      if (text.starts_with("\xEF\xBB\xBF")) return EncodingGuess{Encoding::kUtf8Bom, 3};
      if (text.starts_with(std::string_view("\xFF\xFE\0\0", 4)) ||
          text.starts_with(std::string_view("\0\0\xFE\xFF", 4))) {
        return fail(Errc::kBadInput, fmt::format("{} is in UTF-32, which is not read", bytes.name()),
                    "Save it as CSV in UTF-8.", {bytes.name(), 0, {}}, {"problem.encoding_utf32"});
      }
      if (text.starts_with("\xFF\xFE")) return utf16(bytes, Encoding::kUtf16Le, 2);
      if (text.starts_with("\xFE\xFF")) return utf16(bytes, Encoding::kUtf16Be, 2);
    }
    tally(text, at == 0, at + n >= size, at, t);
    if (at + n >= size) break;
  }
  // Latin text in UTF-16 has a zero in nearly every pair; a third is far above what a stray NUL makes, and the other
  // half of the pairs must have next to none.
  if (t.zeros_odd > 0 && t.zeros_odd * 6 >= t.bytes && t.zeros_even * 20 <= t.zeros_odd) {
    return utf16(bytes, Encoding::kUtf16Le, 0);
  }
  if (t.zeros_even > 0 && t.zeros_even * 6 >= t.bytes && t.zeros_odd * 20 <= t.zeros_even) {
    return utf16(bytes, Encoding::kUtf16Be, 0);
  }
  if (t.strays > t.sequences) return EncodingGuess{Encoding::kWindows1252, 0};
  return EncodingGuess{Encoding::kUtf8, 0};
}

std::size_t valid_utf8_prefix(std::string_view text) {
  std::size_t i = 0;
  while ((i = ascii_prefix(text, i)) < text.size()) {
    const std::size_t n = utf8_sequence(text.substr(i));
    if (n == 0) return i;
    i += n;
  }
  return i;
}

void append_as_utf8(std::string_view bytes, bool strict1252, std::string& out) {
  std::size_t i = 0;
  while (i < bytes.size()) {
    const std::size_t plain = ascii_prefix(bytes, i);
    out.append(bytes.substr(i, plain - i));
    i = plain;
    if (i == bytes.size()) return;
    const std::size_t n = strict1252 ? 0 : utf8_sequence(bytes.substr(i));
    if (n == 0) {
      append_code_point(windows_1252(bytes[i]), out);
      ++i;
    } else {
      out.append(bytes.substr(i, n));
      i += n;
    }
  }
}

void append_code_point(std::uint32_t code, std::string& out) {
  char text[4];
  out.append(text, encode(code, text));
}

TextStream::TextStream(const Bytes& bytes, EncodingGuess guess, std::uint64_t offset)
    : bytes_(bytes), guess_(guess), offset_(offset) {}

Result<std::size_t> TextStream::read(char* out, std::size_t capacity) {
  const bool little = guess_.encoding == Encoding::kUtf16Le;
  if (!little && guess_.encoding != Encoding::kUtf16Be) {
    TRY_ASSIGN(const std::size_t n, bytes_.read_at(offset_, {out, capacity}));
    offset_ += n;
    return n;
  }
  // Two bytes become at most three (a surrogate pair, four bytes, becomes four).
  raw_.resize(capacity / 3 * 2);
  TRY_ASSIGN(const std::size_t n, bytes_.read_at(offset_, raw_));
  if (n == 0) return std::size_t{0};
  const bool last = offset_ + n >= bytes_.size();
  if (n % 2 != 0 && last) return odd_size(bytes_);
  const auto unit = [&](std::size_t i) -> std::uint32_t {
    const std::uint32_t a = byte(raw_[i]), b = byte(raw_[i + 1]);
    return little ? a | (b << 8) : b | (a << 8);
  };
  std::size_t i = 0, done = 0;
  while (i + 2 <= n) {
    std::uint32_t code = unit(i);
    if (code >= 0xD800 && code < 0xDC00) {
      if (i + 4 > n && !last) break;  // its other half comes with the next read
      const std::uint32_t next = i + 4 <= n ? unit(i + 2) : 0;
      if (next >= 0xDC00 && next < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + (next - 0xDC00);
        i += 2;
      } else {
        code = 0xFFFD;
      }
    } else if (code >= 0xDC00 && code < 0xE000) {
      code = 0xFFFD;
    }
    i += 2;
    done += encode(code, out + done);
  }
  offset_ += i;
  return done;
}

}  // namespace behoud::ingest::read
