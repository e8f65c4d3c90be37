#pragma once

// A large array of zeros in pages of 2 MB where the system has them: random access to hundreds of megabytes otherwise
// spends most of its time walking page tables (measured in a virtual machine: 300 ns a lookup against 80). Its front
// can be given back while the rest is still read, so that growing by copying needs little more than the new array.

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

#include <sys/mman.h>

namespace behoud::ledger::internal {

template <class T>
  requires std::is_trivially_copyable_v<T>
class BigArray {
 public:
  BigArray() = default;
  explicit BigArray(std::size_t size) : size_(size) {
    void* at = ::mmap(nullptr, bytes(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) throw std::bad_alloc();
    data_ = static_cast<T*>(at);
    ::madvise(at, bytes(), MADV_HUGEPAGE);
  }
  BigArray(BigArray&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  BigArray& operator=(BigArray&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~BigArray() {
    if (data_) ::munmap(data_, bytes());
  }
  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }
  std::size_t size() const { return size_; }
  std::size_t bytes() const { return size_ * sizeof(T); }
  // The elements [0, i) are not needed any more: they may read as zero from now on.
  void drop_front(std::size_t i) {
    const std::size_t whole = i * sizeof(T) / kHuge * kHuge;
    if (whole > dropped_) ::madvise(reinterpret_cast<char*>(data_) + dropped_, whole - dropped_, MADV_DONTNEED);
    dropped_ = whole > dropped_ ? whole : dropped_;
  }

 private:
  static constexpr std::size_t kHuge = 2 << 20;
  T* data_ = nullptr;
  std::size_t size_ = 0, dropped_ = 0;
};

}  // namespace behoud::ledger::internal
