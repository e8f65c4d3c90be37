#pragma once

// The customers of a block that are asked of, code after code of a split: who counts words takes those of one code
// together, instead of looking up for each word where it belongs.

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "timeline/fold.h"

namespace behoud::timeline {

class ByCode {
 public:
  // `code`: the split's column, nullptr or of no width: all are of code 0. Keeps its memory from block to block.
  void read(const Block& block, const Column* code, std::size_t codes) {
    begin_.assign(codes + 1, 0);
    customers_.resize(block.end - block.begin);
    if (codes == 1 || code == nullptr || code->width == 0) {
      std::uint32_t* out = customers_.data();
      each(block, [&out](std::uint32_t i) { *out++ = i; });
      std::fill(begin_.begin() + 1, begin_.end(), static_cast<std::uint32_t>(out - customers_.data()));
      return;
    }
    with_stored(*code, [&](const auto* codes_of) {
      each(block, [&](std::uint32_t i) { ++begin_[static_cast<std::size_t>(codes_of[i]) + 1]; });
      for (std::size_t c = 0; c < codes; ++c) begin_[c + 1] += begin_[c];
      next_.assign(begin_.begin(), begin_.end() - 1);
      each(block, [&](std::uint32_t i) { customers_[next_[static_cast<std::size_t>(codes_of[i])]++] = i; });
    });
  }
  // Ascending.
  std::span<const std::uint32_t> of(std::size_t code) const {
    return {customers_.data() + begin_[code], customers_.data() + begin_[code + 1]};
  }

 private:
  template <class Visit>
  static void each(const Block& block, const Visit& visit) {
    if (block.included == nullptr) {
      for (std::uint32_t i = block.begin; i < block.end; ++i) visit(i);
      return;
    }
    for (std::uint32_t from = block.begin; from < block.end; from += 64) {
      for (std::uint64_t word = block.word(from); word != 0; word &= word - 1) {
        visit(from + static_cast<std::uint32_t>(std::countr_zero(word)));
      }
    }
  }

  std::vector<std::uint32_t> begin_, next_, customers_;
};

}  // namespace behoud::timeline
