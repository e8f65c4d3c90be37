#pragma once

// Memory for big arrays that are read at random, in 2 MB pages where the kernel gives them: a table of 128 MB has
// 32,768 pages of 4 kB, far more than the processor's translation cache holds. A hint only: where the kernel says no,
// nothing changes but the speed. Fresh memory is zero, and pages that nobody touched cost nothing.

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <utility>
#include <vector>

#include <sys/mman.h>

#include "base/together.h"

namespace behoud {

inline constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;

// Sizes a vector, whose memory is in huge pages where it is large: filling it takes a fault for every 2 MB, not one for
// every 4 kB. Fresh memory takes the kernel a second a gigabyte to clear: two threads ask for it together.
template <class T>
void resize_huge(std::vector<T>& out, std::size_t size) {
  out.reserve(size);
  auto* const data = reinterpret_cast<char*>(out.data());
  // The whole huge pages in it.
  const std::size_t before =
      (kHugePageBytes - reinterpret_cast<std::uintptr_t>(data) % kHugePageBytes) % kHugePageBytes;
  const std::size_t bytes = size * sizeof(T), pages = bytes < before ? 0 : (bytes - before) / kHugePageBytes;
  if (pages > 0) (void)::madvise(data + before, pages * kHugePageBytes, MADV_HUGEPAGE);
  if (pages >= 8) {
    run_in_parts(pages, [begin = data + before](std::size_t, std::size_t first, std::size_t last) {
      // Kernels that do not know it give each page when it is touched.
      (void)::madvise(begin + first * kHugePageBytes, (last - first) * kHugePageBytes, MADV_POPULATE_WRITE);
    });
  }
  out.resize(size);
}

// `bytes` of zeroes. Huge pages are asked for from 4 MB on.
class ZeroedBytes {
 public:
  ZeroedBytes() = default;
  explicit ZeroedBytes(std::size_t bytes) : ZeroedBytes(bytes, bytes >= 2 * kHugePageBytes ? 0 : bytes) {}
  // The owner says from which byte on huge pages pay: 0 where all of it will be full, more where little may be used.
  ZeroedBytes(std::size_t bytes, std::size_t huge_from) : bytes_(bytes) {
    if (bytes == 0) return;
    const bool huge = huge_from < bytes;
    // An anonymous mapping may begin anywhere: room to begin it at a huge page.
    mapped_bytes_ = huge ? bytes + kHugePageBytes : bytes;
    mapped_ =
        ::mmap(nullptr, mapped_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped_ == MAP_FAILED) {
      mapped_ = nullptr;
      throw std::bad_alloc();
    }
    data_ = static_cast<char*>(mapped_);
    if (!huge) return;
    data_ += (kHugePageBytes - reinterpret_cast<std::size_t>(mapped_) % kHugePageBytes) % kHugePageBytes;
    huge_from = (huge_from + kHugePageBytes - 1) / kHugePageBytes * kHugePageBytes;
    if (huge_from < bytes) (void)::madvise(data_ + huge_from, bytes - huge_from, MADV_HUGEPAGE);
  }
  ZeroedBytes(ZeroedBytes&& other) noexcept { swap(other); }
  ZeroedBytes& operator=(ZeroedBytes&& other) noexcept {
    swap(other);
    return *this;
  }
  ~ZeroedBytes() {
    if (mapped_ != nullptr) ::munmap(mapped_, mapped_bytes_);
  }
  void swap(ZeroedBytes& other) noexcept {
    std::swap(mapped_, other.mapped_);
    std::swap(mapped_bytes_, other.mapped_bytes_);
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
  }

  char* data() { return data_; }
  const char* data() const { return data_; }
  std::size_t size() const { return bytes_; }

 private:
  void* mapped_ = nullptr;
  std::size_t mapped_bytes_ = 0;
  char* data_ = nullptr;
  std::size_t bytes_ = 0;
};

// `size` zeroes of a plain type.
template <class T>
class ZeroedArray {
 public:
  ZeroedArray() = default;
  explicit ZeroedArray(std::size_t size) : bytes_(size * sizeof(T)), size_(size) {}
  T& operator[](std::size_t i) { return reinterpret_cast<T*>(bytes_.data())[i]; }
  std::span<const T> span() const { return {reinterpret_cast<const T*>(bytes_.data()), size_}; }

 private:
  ZeroedBytes bytes_;
  std::size_t size_ = 0;
};

}  // namespace behoud
