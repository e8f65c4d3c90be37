#pragma once

// What finds the statements about a key without an index in the database: open-addressing tables of 8 bytes an entry,
// filled by one scan of the ledger when an import begins. ADR 0003 says why, with figures.
//
// SeqIndex holds (36 bits of a keyed hash of the key, 40 bits of seq). A lookup gives candidates, which the caller
// verifies against the ledger's row: the answer is exact, and at 10^7 entries one lookup in 7,000 looks at a row in
// vain. Several entries of one key may stand side by side; the greatest seq is the newest.
//
// CodeIndex maps 96 bits of a keyed hash to a number (a dictionary code, an identity). Its hits are not verified: among
// 10^7 keys two agree with probability 6 x 10^-16, and nobody without the key can look for two that do.
//
// Both are cut into 4,096 partitions by the hash's first bits, each growing by half on its own, so that there is never
// a second whole table while growing. Load is 0.53 to 0.8. Thread-safety: none.

#include <array>
#include <cassert>
#include <cstdint>
#include <memory>

#include "base/hash.h"

namespace behoud::ledger::internal {

inline constexpr std::uint64_t kSeqMax = (std::uint64_t{1} << 40) - 1;

class SeqIndex {
 public:
  // Calls `each(seq)` for every entry whose hash may be this one.
  template <class Each>
  void candidates(std::uint64_t hash, Each&& each) const {
    const Partition& p = partitions_[hash >> 52];
    if (p.capacity == 0) return;
    const std::uint64_t tag = tag_of(hash);
    for (std::uint32_t i = slot_of(tag, p.capacity);; i = i + 1 == p.capacity ? 0 : i + 1) {
      const std::uint64_t entry = p.slots[i];
      if (entry == 0) return;
      if (entry >> 40 == tag) each(entry & kSeqMax);
    }
  }

  void insert(std::uint64_t hash, std::uint64_t seq) {
    assert(seq > 0 && seq <= kSeqMax);
    Partition& p = partitions_[hash >> 52];
    if ((p.used + 1) * 5 > p.capacity * 4) grow(p);
    put(p, tag_of(hash) << 40 | seq);
    ++p.used;
  }

  // Makes the entry (hash, from) say `to`; false where there is none.
  bool replace(std::uint64_t hash, std::uint64_t from, std::uint64_t to) {
    Partition& p = partitions_[hash >> 52];
    if (p.capacity == 0) return false;
    const std::uint64_t entry = tag_of(hash) << 40 | from;
    for (std::uint32_t i = slot_of(tag_of(hash), p.capacity); p.slots[i] != 0; i = i + 1 == p.capacity ? 0 : i + 1) {
      if (p.slots[i] != entry) continue;
      p.slots[i] = tag_of(hash) << 40 | to;
      return true;
    }
    return false;
  }

  void prefetch(std::uint64_t hash) const {
    const Partition& p = partitions_[hash >> 52];
    if (p.capacity != 0) __builtin_prefetch(&p.slots[slot_of(tag_of(hash), p.capacity)]);
  }

  std::size_t bytes() const {
    std::size_t sum = sizeof *this;
    for (const Partition& p : partitions_) sum += p.capacity * sizeof(std::uint64_t);
    return sum;
  }

 private:
  struct Partition {
    std::unique_ptr<std::uint64_t[]> slots;  // tag << 40 | seq; 0 is empty
    std::uint32_t capacity = 0, used = 0;
  };
  static std::uint64_t tag_of(std::uint64_t hash) { return hash >> 28 & 0xff'ffff; }
  static std::uint32_t slot_of(std::uint64_t tag, std::uint32_t capacity) {
    return static_cast<std::uint32_t>(tag * capacity >> 24);
  }
  static void put(Partition& p, std::uint64_t entry) {
    std::uint32_t i = slot_of(entry >> 40, p.capacity);
    while (p.slots[i] != 0) i = i + 1 == p.capacity ? 0 : i + 1;
    p.slots[i] = entry;
  }
  static void grow(Partition& p) {
    Partition bigger;
    bigger.capacity = p.capacity < 8 ? 8 : p.capacity + p.capacity / 2;
    bigger.slots = std::make_unique<std::uint64_t[]>(bigger.capacity);
    bigger.used = p.used;
    for (std::uint32_t i = 0; i < p.capacity; ++i) {
      if (p.slots[i] != 0) put(bigger, p.slots[i]);
    }
    p = std::move(bigger);
  }

  std::array<Partition, 4096> partitions_;
};

class CodeIndex {
 public:
  // 0 where the hash is not there.
  std::uint32_t find(Hash128 hash) const {
    const Partition& p = partitions_[hash.low >> 52];
    if (p.capacity == 0) return 0;
    for (std::uint32_t i = slot_of(hash.low, p.capacity);; i = i + 1 == p.capacity ? 0 : i + 1) {
      const Entry& e = p.slots[i];
      if (e.code == 0) return 0;
      if (e.low == hash.low && e.high == static_cast<std::uint32_t>(hash.high)) return e.code;
    }
  }
  // Requires code > 0 and a hash that is not there.
  void insert(Hash128 hash, std::uint32_t code) {
    assert(code > 0);
    Partition& p = partitions_[hash.low >> 52];
    if ((p.used + 1) * 5 > p.capacity * 4) grow(p);
    put(p, {hash.low, static_cast<std::uint32_t>(hash.high), code});
    ++p.used;
  }
  // One more than before: counts how often a hash was seen. The first time gives 1.
  std::uint32_t count(Hash128 hash) {
    Partition& p = partitions_[hash.low >> 52];
    if (p.capacity != 0) {
      for (std::uint32_t i = slot_of(hash.low, p.capacity); p.slots[i].code != 0; i = i + 1 == p.capacity ? 0 : i + 1) {
        Entry& e = p.slots[i];
        if (e.low == hash.low && e.high == static_cast<std::uint32_t>(hash.high)) return ++e.code;
      }
    }
    insert(hash, 1);
    return 1;
  }

  std::size_t bytes() const {
    std::size_t sum = sizeof *this;
    for (const Partition& p : partitions_) sum += p.capacity * sizeof(Entry);
    return sum;
  }

 private:
  struct Entry {
    std::uint64_t low = 0;
    std::uint32_t high = 0, code = 0;  // code 0 is empty
  };
  static_assert(sizeof(Entry) == 16);
  struct Partition {
    std::unique_ptr<Entry[]> slots;
    std::uint32_t capacity = 0, used = 0;
  };
  static std::uint32_t slot_of(std::uint64_t low, std::uint32_t capacity) {
    return static_cast<std::uint32_t>((low >> 20 & 0xffff'ffff) * capacity >> 32);
  }
  static void put(Partition& p, const Entry& entry) {
    std::uint32_t i = slot_of(entry.low, p.capacity);
    while (p.slots[i].code != 0) i = i + 1 == p.capacity ? 0 : i + 1;
    p.slots[i] = entry;
  }
  static void grow(Partition& p) {
    Partition bigger;
    bigger.capacity = p.capacity < 8 ? 8 : p.capacity + p.capacity / 2;
    bigger.slots = std::make_unique<Entry[]>(bigger.capacity);
    bigger.used = p.used;
    for (std::uint32_t i = 0; i < p.capacity; ++i) {
      if (p.slots[i].code != 0) put(bigger, p.slots[i]);
    }
    p = std::move(bigger);
  }

  std::array<Partition, 4096> partitions_;
};

}  // namespace behoud::ledger::internal
