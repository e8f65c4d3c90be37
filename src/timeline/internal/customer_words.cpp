#include "timeline/internal/customer_words.h"

namespace behoud::timeline {

void WordCounts::add(std::size_t stream, const std::uint64_t* words, std::uint32_t n, const Column* code,
                     std::uint32_t from, Isa isa) {
  if (codes_ == 1 || code == nullptr || code->width == 0) {
    count_bits(words, n, of(0, stream), isa);
    return;
  }
  with_stored(*code, [&](const auto* codes) {
    for (std::uint32_t i = 0; i < n; ++i) {
      const std::size_t list = static_cast<std::size_t>(codes[from + i]) * streams_ + stream;
      waiting_[list * kWaiting + waits_[list]] = words[i];
      if (++waits_[list] == kWaiting) {
        count_bits(&waiting_[list * kWaiting], kWaiting, counts_[list], isa);
        waits_[list] = 0;
      }
    }
  });
}

void WordCounts::settle(Isa isa) {
  for (std::size_t list = 0; list < waits_.size(); ++list) {
    count_bits(&waiting_[list * kWaiting], waits_[list], counts_[list], isa);
    waits_[list] = 0;
  }
}

void WordCounts::merge(WordCounts&& from, Isa isa) {
  from.settle(isa);
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    for (std::size_t b = 0; b < 64; ++b) counts_[i][b] += from.counts_[i][b];
  }
}

}  // namespace behoud::timeline
