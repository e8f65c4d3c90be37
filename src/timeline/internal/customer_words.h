#pragma once

// What a kernel finds of each customer as words of 64 bits (months, or days), on the way to numbers of customers: one
// word a customer in each of a few streams, made for up to kChunk customers at a time, then counted by bit position and
// by part of the split.

#include <cstdint>
#include <vector>

#include "timeline/internal/bit_counter.h"
#include "timeline/questions/slice.h"

namespace behoud::timeline {

inline constexpr std::uint32_t kChunk = 2048;  // customers; divides kBlockCustomers

// counts[(code * streams + stream)][bit]
class WordCounts {
 public:
  // `adds`: whether add() is called at all; else of() is what is counted into.
  WordCounts(std::size_t codes, std::size_t streams, bool adds = true)
      : codes_(codes), streams_(streams), counts_(codes * streams) {
    if (codes > 1 && adds) {
      waiting_.resize(codes * streams * kWaiting);
      waits_.resize(codes * streams);
    }
  }
  // `words` of n customers; `code` is their split's column from row `from` on, nullptr without a split.
  void add(std::size_t stream, const std::uint64_t* words, std::uint32_t n, const Column* code, std::uint32_t from,
           Isa isa);
  void merge(WordCounts&& from, Isa isa);
  // Counts what waits; call before reading.
  void settle(Isa isa);
  const BitCounts& of(std::size_t code, std::size_t stream) const { return counts_[code * streams_ + stream]; }
  BitCounts& of(std::size_t code, std::size_t stream) { return counts_[code * streams_ + stream]; }

 private:
  static constexpr std::size_t kWaiting = 512;
  std::size_t codes_, streams_;
  std::vector<BitCounts> counts_;
  std::vector<std::uint64_t> waiting_;  // kWaiting words for each code and stream
  std::vector<std::uint32_t> waits_;
};

// Calls work(begin, n) for the chunks of a block, `begin` a customer of the segment.
template <class Work>
void for_chunks(const Block& block, const Work& work) {
  for (std::uint32_t begin = block.begin; begin < block.end; begin += kChunk)
    work(begin, std::min(kChunk, block.end - begin));
}

}  // namespace behoud::timeline
