#pragma once

// Numbers in few bytes: 7 bits a byte, the least first, the high bit set on all but the last (LEB128). Signed numbers
// are zigzag-coded first. Reading checks every bound: a damaged text gives nullopt, never a read past its end.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

namespace behoud::ledger::internal {

// To a place with room for it (10 bytes a number, those and its own a text); each gives the place after it.
inline char* put_varint(char* to, std::uint64_t v) {
  for (; v >= 0x80; v >>= 7) *to++ = static_cast<char>(v | 0x80);
  *to++ = static_cast<char>(v);
  return to;
}
inline char* put_signed(char* to, std::int64_t v) {
  return put_varint(to, static_cast<std::uint64_t>(v) << 1 ^ static_cast<std::uint64_t>(v >> 63));
}
inline char* put_text(char* to, std::string_view text) {
  to = put_varint(to, text.size());
  return std::copy(text.begin(), text.end(), to);
}

// Each takes what it reads off the front of `from`.
inline std::optional<std::uint64_t> take_varint(std::string_view& from) {
  if (!from.empty() && static_cast<unsigned char>(from.front()) < 0x80) {
    const auto v = static_cast<unsigned char>(from.front());
    from.remove_prefix(1);
    return v;
  }
  std::uint64_t v = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (from.empty()) return std::nullopt;
    const auto byte = static_cast<unsigned char>(from.front());
    from.remove_prefix(1);
    if (shift == 63 && byte > 1) return std::nullopt;
    v |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return v;
  }
  return std::nullopt;
}
inline std::optional<std::int64_t> take_signed(std::string_view& from) {
  const auto v = take_varint(from);
  if (!v) return std::nullopt;
  return static_cast<std::int64_t>(*v >> 1 ^ (~(*v & 1) + 1));
}
inline std::optional<std::string_view> take_text(std::string_view& from) {
  const auto size = take_varint(from);
  if (!size || *size > from.size()) return std::nullopt;
  const std::string_view text = from.substr(0, static_cast<std::size_t>(*size));
  from.remove_prefix(text.size());
  return text;
}

}  // namespace behoud::ledger::internal
