#pragma once

// Bytes that live as long as the batch they belong to. Cost: one bump a copy; blocks are kept over reset().
// Thread-safety: none.

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace behoud::ledger::internal {

class Arena {
 public:
  char* allocate(std::size_t bytes, std::size_t align = 1) {
    std::size_t at = (used_ + align - 1) / align * align;
    if (blocks_.empty() || at + bytes > blocks_[current_].size) {
      next_block(bytes);
      at = 0;
    }
    used_ = at + bytes;
    return blocks_[current_].bytes.get() + at;
  }
  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* to = allocate(text.size());
    std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }
  // T is trivially copyable; what it points at is not copied.
  template <class T>
  std::span<T> copy(std::span<const T> values) {
    if (values.empty()) return {};
    auto* to = reinterpret_cast<T*>(allocate(values.size_bytes(), alignof(T)));
    std::uninitialized_copy(values.begin(), values.end(), to);
    return {to, values.size()};
  }
  // Gives back the end of what was allocated last.
  void give_back(std::size_t bytes) { used_ -= bytes; }
  void reset() { current_ = used_ = 0; }

 private:
  static constexpr std::size_t kBlock = 1 << 20;
  struct Block {
    std::unique_ptr<char[]> bytes;  // aligned as new aligns
    std::size_t size;
  };
  void next_block(std::size_t bytes) {
    while (!blocks_.empty() && current_ + 1 < blocks_.size()) {
      if (blocks_[++current_].size >= bytes) return;
    }
    const std::size_t size = bytes > kBlock ? bytes : kBlock;
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
    current_ = blocks_.size() - 1;
  }
  std::vector<Block> blocks_;
  std::size_t current_ = 0, used_ = 0;
};

}  // namespace behoud::ledger::internal
