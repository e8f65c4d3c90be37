#pragma once

// A column: `count` integers of one width, each the stored unsigned value plus `base` (a frame of reference: prices
// between 500 and 60,000 take two bytes). A view: the bytes lie in memory or in a mapped file, and somebody else
// (Segment::memory) keeps them alive.
//
// Invariants: width is 0, 1, 2, 4 or 8; of width 0 there are no bytes and every value is `base`: that is how a column
// that says nothing costs nothing. Bytes are little-endian, begin at a multiple of 64, and kColumnPadding bytes behind
// the last value can be read (what they hold means nothing), so that kernels may load whole vectors.

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

namespace behoud::timeline {

static_assert(std::endian::native == std::endian::little, "columns are little-endian, in memory and in files");

inline constexpr std::size_t kColumnAlignment = 64;
inline constexpr std::size_t kColumnPadding = 64;

struct Column {
  const std::byte* data = nullptr;
  std::uint64_t count = 0;
  std::int64_t base = 0;
  std::uint8_t width = 0;

  std::uint64_t raw(std::size_t i) const {
    assert(i < count);
    switch (width) {
      case 1:
        return as<std::uint8_t>()[i];
      case 2:
        return as<std::uint16_t>()[i];
      case 4:
        return as<std::uint32_t>()[i];
      case 8:
        return as<std::uint64_t>()[i];
      default:
        return 0;
    }
  }
  // Wraps as two's complement does: a column of width 8 has base 0.
  std::int64_t operator[](std::size_t i) const {
    return static_cast<std::int64_t>(raw(i) + static_cast<std::uint64_t>(base));
  }
  std::size_t bytes() const { return static_cast<std::size_t>(count) * width; }

  // The stored values; T is of the column's width.
  template <class T>
  const T* as() const {
    assert(width == sizeof(T));
    return reinterpret_cast<const T*>(data);
  }
};

// Calls work(pointer) with the stored values as const uint8_t*, uint16_t*, uint32_t* or uint64_t*, so that a loop over
// a column of any width is written once and compiled for each. A column of width 0 has no pointer: see to it first.
template <class Work>
decltype(auto) with_stored(const Column& column, Work&& work) {
  assert(column.width != 0);
  switch (column.width) {
    case 1:
      return work(column.as<std::uint8_t>());
    case 2:
      return work(column.as<std::uint16_t>());
    case 4:
      return work(column.as<std::uint32_t>());
    default:
      return work(column.as<std::uint64_t>());
  }
}

// The width that holds unsigned values up to `most`.
constexpr std::uint8_t width_of(std::uint64_t most) {
  if (most == 0) return 0;
  if (most <= 0xFF) return 1;
  if (most <= 0xFFFF) return 2;
  return most <= 0xFFFF'FFFF ? 4 : 8;
}

}  // namespace behoud::timeline
