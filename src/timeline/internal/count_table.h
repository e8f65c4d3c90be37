#pragma once

// Counts and sums by a 64-bit key: an open-addressed table with linear probing, at most half full. For folds whose
// cells are not known beforehand. ~0 is no key. Cost: a cache miss a key where the table is larger than the cache;
// prefetch a batch of keys first and it is some 5 ns.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/prefetch.h"

namespace behoud::timeline {

class CountTable {
 public:
  static constexpr std::uint64_t kNoKey = ~std::uint64_t{0};
  struct Slot {
    std::uint64_t key = kNoKey;
    std::uint64_t count = 0;
    std::int64_t sum = 0;
  };

  CountTable() : slots_(1024) {}
  void prefetch(std::uint64_t key) const { prefetch_line(&slots_[place_of(key)]); }
  void add(std::uint64_t key, std::uint64_t count, std::int64_t sum) {
    std::size_t i = place_of(key);
    while (slots_[i].key != key) {
      if (slots_[i].key == kNoKey) {
        if (2 * (used_ + 1) > slots_.size()) {
          grow();
          add(key, count, sum);
          return;
        }
        slots_[i].key = key;
        ++used_;
        break;
      }
      i = (i + 1) & (slots_.size() - 1);
    }
    slots_[i].count += count;
    slots_[i].sum += sum;
  }
  std::size_t size() const { return used_; }
  template <class Work>
  void for_each(const Work& work) const {
    for (const Slot& slot : slots_) {
      if (slot.key != kNoKey) work(slot);
    }
  }
  void merge(const CountTable& from) {
    from.for_each([&](const Slot& slot) { add(slot.key, slot.count, slot.sum); });
  }

 private:
  std::size_t place_of(std::uint64_t key) const {
    return static_cast<std::size_t>((key ^ key >> 29) * 0x9E3779B97F4A7C15ULL >> 20) & (slots_.size() - 1);
  }
  void grow() {
    std::vector<Slot> old(slots_.size() * 4);
    old.swap(slots_);
    used_ = 0;
    for (const Slot& slot : old) {
      if (slot.key != kNoKey) add(slot.key, slot.count, slot.sum);
    }
  }
  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace behoud::timeline
