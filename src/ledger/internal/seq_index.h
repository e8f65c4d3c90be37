#pragma once

// What finds the statements about a key without an index in the database: open-addressing tables of 8 bytes an entry,
// filled by one scan of the ledger when an import begins. docs/adr/0003-finding-repeats-without-an-index.md says why,
// with figures.
//
// SeqIndex holds (36 bits of a keyed hash of the key, 38 bits of seq) in 64: the first 10 bits of the hash choose a
// partition, the other 26 stand in the entry and choose the first slot in it. A lookup gives candidates, which the
// caller verifies against the ledger's row, so the answer is exact; at 10^7 entries one lookup in 7,000 looks at a row
// in vain. Several entries of one key may stand side by side; the greatest seq is the newest.
//
// CodeIndex maps 96 bits of a keyed hash to a number (a dictionary code, an identity). Its hits are not verified: among
// 10^7 keys two agree with probability 6 x 10^-16, and nobody without the key can look for two that do.
//
// Both double when two thirds full. Thread-safety: none.

#include <array>
#include <cassert>
#include <cstdint>
#include <memory>

#include "base/hash.h"
#include "base/prefetch.h"
#include "ledger/internal/big_array.h"

namespace behoud::ledger::internal {

class SeqIndex {
 public:
  static constexpr std::uint64_t kSeqMax = (std::uint64_t{1} << 38) - 1;

  // Calls `each(seq)` for every entry whose hash may be this one.
  template <class Each>
  void candidates(std::uint64_t hash, Each&& each) const {
    const std::uint64_t* slots = partition(hash);
    const std::uint64_t tag = tag_of(hash);
    for (std::size_t i = slot_of(tag);; i = (i + 1) & (capacity_ - 1)) {
      const std::uint64_t entry = slots[i];
      if (entry == 0) return;
      if (entry >> 38 == tag) each(entry & kSeqMax);
    }
  }

  void insert(std::uint64_t hash, std::uint64_t seq) {
    assert(seq > 0 && seq <= kSeqMax);
    std::uint32_t& used = used_[hash >> 54];
    // A partition is watched by itself: small ones fill unevenly.
    if ((used + 1) * 8 > capacity_ * 7 || (total_ + 1) * 3 > capacity_ * kPartitions * 2) grow();
    put(partition(hash), tag_of(hash) << 38 | seq);
    ++used;
    ++total_;
  }

  // Makes the entry (hash, from) say `to`; false where there is none.
  bool replace(std::uint64_t hash, std::uint64_t from, std::uint64_t to) {
    std::uint64_t* slots = partition(hash);
    const std::uint64_t entry = tag_of(hash) << 38 | from;
    for (std::size_t i = slot_of(tag_of(hash)); slots[i] != 0; i = (i + 1) & (capacity_ - 1)) {
      if (slots[i] != entry) continue;
      slots[i] = tag_of(hash) << 38 | to;
      return true;
    }
    return false;
  }

  void prefetch(std::uint64_t hash) const { prefetch_line(partition(hash) + slot_of(tag_of(hash))); }
  std::size_t bytes() const { return slots_.bytes(); }
  std::size_t size() const { return total_; }

 private:
  static constexpr std::size_t kPartitions = 1024;
  static std::uint64_t tag_of(std::uint64_t hash) { return hash >> 28 & 0x3ff'ffff; }
  std::size_t slot_of(std::uint64_t tag) const { return static_cast<std::size_t>(tag * capacity_ >> 26); }
  std::uint64_t* partition(std::uint64_t hash) { return &slots_[(hash >> 54) * capacity_]; }
  const std::uint64_t* partition(std::uint64_t hash) const { return &slots_[(hash >> 54) * capacity_]; }
  void put(std::uint64_t* slots, std::uint64_t entry) {
    std::size_t i = slot_of(entry >> 38);
    while (slots[i] != 0) i = (i + 1) & (capacity_ - 1);
    slots[i] = entry;
  }
  void grow() {
    BigArray<std::uint64_t> old(capacity_ * 2 * kPartitions);
    std::swap(old, slots_);
    const std::size_t before = capacity_;
    capacity_ *= 2;
    for (std::size_t p = 0; p < kPartitions; ++p) {
      for (std::size_t i = p * before; i < (p + 1) * before; ++i) {
        if (old[i] != 0) put(&slots_[p * capacity_], old[i]);
      }
      old.drop_front((p + 1) * before);
    }
  }

  std::size_t capacity_ = 64;                               // of a partition; a power of two
  BigArray<std::uint64_t> slots_{capacity_ * kPartitions};  // partition after partition: tag << 38 | seq; 0 is empty
  std::array<std::uint32_t, kPartitions> used_{};
  std::uint64_t total_ = 0;
};

class CodeIndex {
 public:
  // 0 where the hash is not there.
  std::uint32_t find(Hash128 hash) const {
    for (std::size_t i = slot_of(hash.low);; i = (i + 1) & (capacity() - 1)) {
      const Entry& e = slots_[i];
      if (e.code == 0) return 0;
      if (e.low == hash.low && e.high == static_cast<std::uint32_t>(hash.high)) return e.code;
    }
  }
  // Requires code > 0 and a hash that is not there.
  void insert(Hash128 hash, std::uint32_t code) {
    assert(code > 0);
    if ((total_ + 1) * 3 > capacity() * 2) grow();
    put({hash.low, static_cast<std::uint32_t>(hash.high), code});
    ++total_;
  }
  // How often it was called for this hash, this time included.
  std::uint32_t count(Hash128 hash) {
    for (std::size_t i = slot_of(hash.low); slots_[i].code != 0; i = (i + 1) & (capacity() - 1)) {
      Entry& e = slots_[i];
      if (e.low == hash.low && e.high == static_cast<std::uint32_t>(hash.high)) return ++e.code;
    }
    insert(hash, 1);
    return 1;
  }
  void prefetch(Hash128 hash) const { prefetch_line(&slots_[slot_of(hash.low)]); }
  std::size_t bytes() const { return slots_.bytes(); }

 private:
  struct Entry {
    std::uint64_t low;
    std::uint32_t high, code;  // code 0 is empty
  };
  static_assert(sizeof(Entry) == 16);
  std::size_t capacity() const { return slots_.size(); }
  std::size_t slot_of(std::uint64_t low) const { return static_cast<std::size_t>(low >> shift_); }
  void put(const Entry& entry) {
    std::size_t i = slot_of(entry.low);
    while (slots_[i].code != 0) i = (i + 1) & (capacity() - 1);
    slots_[i] = entry;
  }
  void grow() {
    BigArray<Entry> old(capacity() * 2);
    std::swap(old, slots_);
    --shift_;
    for (std::size_t i = 0; i < old.size(); ++i) {
      if (old[i].code != 0) put(old[i]);
      if (i % (1 << 17) == 0) old.drop_front(i);
    }
  }

  int shift_ = 52;  // 64 less the logarithm of the capacity
  BigArray<Entry> slots_{4096};
  std::uint64_t total_ = 0;
};

}  // namespace behoud::ledger::internal
