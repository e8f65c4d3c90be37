#pragma once

// Columns of the staged rows. A column takes no memory until a row states something in it, and then as few bytes a row
// as its values need: each block of rows is as narrow as what was said in it, and is widened when a value comes that
// does not fit. Memory that is not touched need not be cleared, and what is narrow is read sooner.
//
// Absent is zero bytes, so that fresh memory is a column of rows that state nothing. Cost: an access is a block's
// address and its width, which hardly ever differs from the last one's. Not thread-safe but for reading.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <vector>

#include "base/huge_pages.h"

namespace behoud::timeline {

inline constexpr std::int64_t kUnstated = std::numeric_limits<std::int64_t>::min();
inline constexpr std::uint32_t kNoRow = 0xffffffff;

// The rows of a block: of a byte a row it is one huge page.
inline constexpr unsigned kColumnBlockBits = 21;
inline constexpr std::size_t kColumnBlockRows = std::size_t{1} << kColumnBlockBits;

namespace column_memory {

// A block's first 2 MB lie in small pages when it is the column's first: a small shop touches little of it.
inline ZeroedBytes block(std::size_t bytes, bool first) { return {bytes, first ? kHugePageBytes : std::size_t{0}}; }

}  // namespace column_memory

// Values of a fixed width.
template <class T, T kAbsent>
class Column {
  static_assert(std::is_unsigned_v<T>);

 public:
  T operator[](std::size_t row) const {
    const std::size_t b = row >> kColumnBlockBits;
    if (b >= blocks_.size() || blocks_[b].size() == 0) return kAbsent;
    return static_cast<T>(reinterpret_cast<const T*>(blocks_[b].data())[row % kColumnBlockRows] + kAbsent);
  }
  void set(std::size_t row, T value) {
    const std::size_t b = row >> kColumnBlockBits;
    if (b >= blocks_.size() || blocks_[b].size() == 0) {
      if (value == kAbsent) return;
      if (b >= blocks_.size()) blocks_.resize(b + 1);
      blocks_[b] = column_memory::block(kColumnBlockRows * sizeof(T), b == 0);
    }
    reinterpret_cast<T*>(blocks_[b].data())[row % kColumnBlockRows] = static_cast<T>(value - kAbsent);
  }
  bool empty() const { return blocks_.empty(); }
  void free() { std::vector<ZeroedBytes>().swap(blocks_); }

 private:
  std::vector<ZeroedBytes> blocks_;
};

// Codes of a dictionary, 0 for none: a byte a row, two or four.
class CodeColumn {
 public:
  std::uint32_t operator[](std::size_t row) const {
    const std::size_t b = row >> kColumnBlockBits, i = row % kColumnBlockRows;
    if (b >= blocks_.size()) return 0;
    const Block& block = blocks_[b];
    switch (block.width) {
      case 0:
        return 0;
      case 1:
        return block.as<std::uint8_t>()[i];
      case 2:
        return block.as<std::uint16_t>()[i];
      default:
        return block.as<std::uint32_t>()[i];
    }
  }
  void set(std::size_t row, std::uint32_t value) {
    const std::size_t b = row >> kColumnBlockBits, i = row % kColumnBlockRows;
    if (b >= blocks_.size()) {
      if (value == 0) return;
      blocks_.resize(b + 1);
    }
    Block& block = blocks_[b];
    if (const unsigned width = width_of(value); width > block.width) {
      widen(block, std::max(width, b > 0 ? blocks_[b - 1].width : 1), b == 0);
    }
    switch (block.width) {
      case 0:
        return;
      case 1:
        block.as<std::uint8_t>()[i] = static_cast<std::uint8_t>(value);
        return;
      case 2:
        block.as<std::uint16_t>()[i] = static_cast<std::uint16_t>(value);
        return;
      default:
        block.as<std::uint32_t>()[i] = value;
    }
  }
  bool empty() const { return blocks_.empty(); }
  void free() { std::vector<Block>().swap(blocks_); }

 private:
  struct Block {
    unsigned width = 0;  // bytes a row; 0: none states anything
    ZeroedBytes bytes;
    template <class T>
    T* as() {
      return reinterpret_cast<T*>(bytes.data());
    }
    template <class T>
    const T* as() const {
      return reinterpret_cast<const T*>(bytes.data());
    }
  };

  static unsigned width_of(std::uint32_t value) { return value == 0 ? 0 : value < 0x100 ? 1 : value < 0x10000 ? 2 : 4; }
  static void widen(Block& block, unsigned width, bool first) {
    Block wide{width, column_memory::block(kColumnBlockRows * width, first)};
    for (std::size_t i = 0; i < kColumnBlockRows && block.width > 0; ++i) {
      const std::uint32_t value = block.width == 1 ? block.as<std::uint8_t>()[i] : block.as<std::uint16_t>()[i];
      if (value == 0) continue;  // leave the page as it is
      if (width == 2) {
        wide.as<std::uint16_t>()[i] = static_cast<std::uint16_t>(value);
      } else {
        wide.as<std::uint32_t>()[i] = value;
      }
    }
    block = std::move(wide);
  }

  std::vector<Block> blocks_;
};

// Numbers of 64 bits, kUnstated for none: four bytes a row as long as a block's numbers lie within 2^31 units of its
// base, else eight. Amounts are counted in ones from 0; instants in seconds from the block's first, where that is a
// whole second, so that 68 years fit.
template <bool kInstants>
class NumberColumn {
 public:
  std::int64_t operator[](std::size_t row) const {
    const std::size_t b = row >> kColumnBlockBits, i = row % kColumnBlockRows;
    if (b >= blocks_.size()) return kUnstated;
    const Block& block = blocks_[b];
    if (block.width == 4) {
      const std::uint32_t kept = reinterpret_cast<const std::uint32_t*>(block.bytes.data())[i];
      return kept == 0 ? kUnstated : unpack(block, kept);
    }
    return block.width == 0 ? kUnstated : signed_of(reinterpret_cast<const std::uint64_t*>(block.bytes.data())[i]);
  }
  void set(std::size_t row, std::int64_t value) {
    const std::size_t b = row >> kColumnBlockBits, i = row % kColumnBlockRows;
    if (b >= blocks_.size() || blocks_[b].width == 0) {
      if (value == kUnstated) return;
      if (b >= blocks_.size()) blocks_.resize(b + 1);
      begin(blocks_[b], value, b == 0, b > 0 && blocks_[b - 1].width == 8);
    }
    Block& block = blocks_[b];
    if (block.width == 4) {
      std::uint32_t packed = 0;
      if (value == kUnstated || pack(block, value, packed)) {
        reinterpret_cast<std::uint32_t*>(block.bytes.data())[i] = packed;
        return;
      }
      widen(block, b == 0);
    }
    reinterpret_cast<std::uint64_t*>(block.bytes.data())[i] = bits_of(value);
  }
  bool empty() const { return blocks_.empty(); }
  void free() { std::vector<Block>().swap(blocks_); }

 private:
  struct Block {
    unsigned width = 0;     // bytes a row; 0: none states anything
    std::int64_t base = 0;  // of instants
    std::int64_t unit = 1;  // of instants: 1,000 or 1 ms
    ZeroedBytes bytes;
  };

  // kUnstated is zero, both ways.
  static std::uint64_t bits_of(std::int64_t value) {
    return static_cast<std::uint64_t>(value) ^ (std::uint64_t{1} << 63);
  }
  static std::int64_t signed_of(std::uint64_t bits) {
    return static_cast<std::int64_t>(bits ^ (std::uint64_t{1} << 63));
  }

  static void begin(Block& block, std::int64_t value, bool first, bool wide) {
    block.width = wide ? 8 : 4;
    block.base = kInstants ? value : 0;
    block.unit = kInstants && value % 1000 == 0 ? 1000 : 1;
    block.bytes = column_memory::block(kColumnBlockRows * block.width, first);
  }
  static bool pack(const Block& block, std::int64_t value, std::uint32_t& packed) {
    if (kInstants) {
      if (__builtin_sub_overflow(value, block.base, &value)) return false;
      if (block.unit == 1000) {
        const std::int64_t seconds = value / 1000;
        if (seconds * 1000 != value) return false;
        value = seconds;
      }
    }
    constexpr std::int64_t kHalf = std::int64_t{1} << 31;
    if (value <= -kHalf || value >= kHalf) return false;
    packed = static_cast<std::uint32_t>(value + kHalf);  // never 0
    return true;
  }
  static std::int64_t unpack(const Block& block, std::uint32_t packed) {
    const std::int64_t value = static_cast<std::int64_t>(packed) - (std::int64_t{1} << 31);
    return kInstants ? block.base + value * block.unit : value;
  }
  static void widen(Block& block, bool first) {
    ZeroedBytes wide = column_memory::block(kColumnBlockRows * 8, first);
    for (std::size_t i = 0; i < kColumnBlockRows; ++i) {
      const std::uint32_t packed = reinterpret_cast<const std::uint32_t*>(block.bytes.data())[i];
      if (packed == 0) continue;  // leave the page as it is
      reinterpret_cast<std::uint64_t*>(wide.data())[i] = bits_of(unpack(block, packed));
    }
    block.bytes = std::move(wide);
    block.width = 8;
  }

  std::vector<Block> blocks_;
};

using MoneyColumn = NumberColumn<false>;
using InstantColumn = NumberColumn<true>;

}  // namespace behoud::timeline
