#pragma once

// An exact map from texts to dense numbers, made for tens of millions of short keys (order ids, customer keys): open
// addressing over 8-byte slots, the texts themselves in an arena. Equal means equal byte for byte: a hash only leads
// there.
//
// Slot: the upper 32 bits of the hash as a tag, and 1 + the arena reference of the record in the lower 32; 0 is empty.
// A slot's place is the tag's upper bits, so that growing rereads slots in order and touches no text. Linear probing,
// at most 3/4 full. Record: number (u32), length (u16), bytes; at a multiple of 4, so that a u32 reference reaches 16
// GB.
//
// Cost: two cache misses a lookup in a big map (slot, record); prefetch() both ahead to hide them. About 8 / 0.55 + 10
// + length bytes a text. Not thread-safe.

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/huge_pages.h"
#include "base/prefetch.h"

namespace behoud::timeline {

// Mixes 8 bytes at a time by 128-bit multiplication, as wyhash does (github.com/wangyi-fudan/wyhash).
inline std::uint64_t hash_text(std::string_view text, std::uint64_t seed = 0) {
  const auto mix = [](std::uint64_t a, std::uint64_t b) {
    const auto product = static_cast<unsigned __int128>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  constexpr std::uint64_t k0 = 0xa0761d6478bd642fULL, k1 = 0xe7037ed1a0b428dbULL, k2 = 0x8ebc6af09c88c6e3ULL;
  const char* p = text.data();
  std::size_t left = text.size();
  std::uint64_t h = seed ^ k0;
  while (left > 16) {
    std::uint64_t a = 0, b = 0;
    std::memcpy(&a, p, 8);
    std::memcpy(&b, p + 8, 8);
    h = mix(a ^ k1, b ^ h);
    p += 16;
    left -= 16;
  }
  std::uint64_t a = 0, b = 0;
  if (left > 8) {
    std::memcpy(&a, p, 8);
    std::memcpy(&b, p + left - 8, 8);
  } else if (left >= 4) {
    std::uint32_t low = 0, high = 0;
    std::memcpy(&low, p, 4);
    std::memcpy(&high, p + left - 4, 4);
    a = low;
    b = high;
  } else if (left > 0) {
    a = static_cast<std::uint8_t>(p[0]) | static_cast<std::uint64_t>(static_cast<std::uint8_t>(p[left / 2])) << 8 |
        static_cast<std::uint64_t>(static_cast<std::uint8_t>(p[left - 1])) << 16;
  }
  return mix(k2 ^ text.size(), mix(a ^ k1, b ^ h));
}

class TextMap {
 public:
  static constexpr std::size_t kMaxTextBytes = 65'535;

  struct Found {
    std::uint32_t number = 0;
    std::uint32_t reference = 0;  // of the text: see text()
    bool inserted = false;
  };

  void prefetch_slot(std::uint64_t hash) const {
    if (slots_.size() > 0) slots_.prefetch(place_of(hash));
  }
  // Prefetches the record that `hash` leads to; its slot should be in cache by now.
  void prefetch_record(std::uint64_t hash) const {
    if (slots_.size() == 0) return;
    std::size_t place = place_of(hash);
    while (slots_[place] != 0 && slots_[place] >> 32 != hash >> 32) place = (place + 1) & (slots_.size() - 1);
    if (slots_[place] != 0) prefetch_line(at(reference_of(slots_[place])));
  }

  // The number of `text`, which is `fresh` when it is met for the first time. nullopt when the arena's 16 GB are full.
  // Requires text.size() <= kMaxTextBytes and hash == hash_text(text) with one seed for the whole map.
  std::optional<Found> find_or_insert(std::string_view text, std::uint64_t hash, std::uint32_t fresh) {
    if ((count_ + 1) * 4 > slots_.size() * 3) grow();
    const std::uint64_t tag = hash >> 32;
    std::size_t place = place_of(hash);
    while (slots_[place] != 0) {
      const std::uint64_t slot = slots_[place];
      if (slot >> 32 == tag) {
        const std::uint32_t reference = reference_of(slot);
        if (this->text(reference) == text) return Found{number(reference), reference, false};
      }
      place = (place + 1) & (slots_.size() - 1);
    }
    const std::optional<std::uint32_t> reference = store(text, fresh);
    if (!reference) return std::nullopt;
    slots_[place] = tag << 32 | (*reference + 1);
    ++count_;
    return Found{fresh, *reference, true};
  }

  std::optional<std::uint32_t> find(std::string_view text, std::uint64_t hash) const {
    if (slots_.size() == 0) return std::nullopt;
    const std::uint64_t tag = hash >> 32;
    for (std::size_t place = place_of(hash); slots_[place] != 0; place = (place + 1) & (slots_.size() - 1)) {
      const std::uint64_t slot = slots_[place];
      if (slot >> 32 == tag && this->text(reference_of(slot)) == text) return number(reference_of(slot));
    }
    return std::nullopt;
  }

  std::string_view text(std::uint32_t reference) const {
    const char* record = at(reference);
    std::uint16_t length = 0;
    std::memcpy(&length, record + 4, 2);
    return {record + 6, length};
  }
  std::size_t size() const { return count_; }

  // Keeps a text that is looked up by nobody beside the keys (a label); nullopt when the arena is full.
  std::optional<std::uint32_t> store(std::string_view text, std::uint32_t number) {
    const std::size_t bytes = (6 + text.size() + 3) & ~std::size_t{3};
    if (blocks_.empty() || used_ + bytes > kBlockBytes) {
      if (blocks_.size() == kBlocksMax) return std::nullopt;
      blocks_.emplace_back(kBlockBytes, blocks_.empty() ? kHugePageBytes : 0);
      used_ = 0;
    }
    char* record = blocks_.back().data() + used_;
    const auto length = static_cast<std::uint16_t>(text.size());
    std::memcpy(record, &number, 4);
    std::memcpy(record + 4, &length, 2);
    if (!text.empty()) std::memcpy(record + 6, text.data(), text.size());
    const auto reference = static_cast<std::uint32_t>(((blocks_.size() - 1) * kBlockBytes + used_) / 4);
    used_ += bytes;
    return reference;
  }

 private:
  static constexpr std::size_t kBlockBytes = std::size_t{4} << 20;
  static constexpr std::size_t kBlocksMax = (std::size_t{1} << 12) - 1;  // one short of 16 GB: reference + 1 fits

  static std::uint32_t reference_of(std::uint64_t slot) { return static_cast<std::uint32_t>(slot) - 1; }
  std::size_t place_of(std::uint64_t hash) const { return static_cast<std::size_t>(hash >> 32 << 32 >> shift_); }
  const char* at(std::uint32_t reference) const {
    const std::size_t byte = std::size_t{reference} * 4;
    return blocks_[byte / kBlockBytes].data() + byte % kBlockBytes;
  }
  std::uint32_t number(std::uint32_t reference) const {
    std::uint32_t n = 0;
    std::memcpy(&n, at(reference), 4);
    return n;
  }
  void grow() {
    Slots old(slots_.size() == 0 ? 1024 : slots_.size() * 2);
    std::swap(old, slots_);
    shift_ = 64 - static_cast<unsigned>(__builtin_ctzll(slots_.size()));
    for (std::size_t i = 0; i < old.size(); ++i) {
      const std::uint64_t slot = old[i];
      if (slot == 0) continue;
      std::size_t place = place_of(slot);
      while (slots_[place] != 0) place = (place + 1) & (slots_.size() - 1);
      slots_[place] = slot;
    }
  }

  // A power of two of them, zero at first.
  class Slots {
   public:
    Slots() = default;
    explicit Slots(std::size_t size) : bytes_(size * sizeof(std::uint64_t)) {}
    std::uint64_t& operator[](std::size_t i) { return reinterpret_cast<std::uint64_t*>(bytes_.data())[i]; }
    std::uint64_t operator[](std::size_t i) const { return reinterpret_cast<const std::uint64_t*>(bytes_.data())[i]; }
    std::size_t size() const { return bytes_.size() / sizeof(std::uint64_t); }
    void prefetch(std::size_t i) const { prefetch_line(bytes_.data() + i * sizeof(std::uint64_t)); }

   private:
    ZeroedBytes bytes_;
  };

  Slots slots_;
  unsigned shift_ = 64;
  std::size_t count_ = 0;
  std::vector<ZeroedBytes> blocks_;
  std::size_t used_ = 0;
};

}  // namespace behoud::timeline
