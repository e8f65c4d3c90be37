#pragma once

// An allocator that asks the kernel for 2 MB pages behind big arrays that are read at random: a table of 128 MB has
// 32,768 pages of 4 kB, far more than the processor's translation cache holds. A hint only: where the kernel says no,
// nothing changes but the speed (building 10 M orders: 25 % less time with it).

#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>

#include <sys/mman.h>

namespace behoud::timeline {

inline constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;

template <class T>
struct HugePages {
  using value_type = T;
  HugePages() = default;
  template <class U>
  HugePages(const HugePages<U>&) {}

  T* allocate(std::size_t n) {
    const std::size_t bytes = n * sizeof(T);
    if (bytes < 2 * kHugePageBytes) return static_cast<T*>(::operator new(bytes));
    const std::size_t whole = (bytes + kHugePageBytes - 1) / kHugePageBytes * kHugePageBytes;
    void* memory = std::aligned_alloc(kHugePageBytes, whole);
    if (memory == nullptr) throw std::bad_alloc();
    (void)::madvise(memory, whole, MADV_HUGEPAGE);
    return static_cast<T*>(memory);
  }
  void deallocate(T* p, std::size_t n) {
    if (n * sizeof(T) < 2 * kHugePageBytes) {
      ::operator delete(p);
    } else {
      std::free(p);
    }
  }
  friend bool operator==(HugePages, HugePages) { return true; }
};

template <class T>
using HugeVector = std::vector<T, HugePages<T>>;

}  // namespace behoud::timeline
