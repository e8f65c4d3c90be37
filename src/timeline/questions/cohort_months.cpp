#include "timeline/questions/cohort_months.h"

#include <bit>
#include <cstring>

#if BEHOUD_X86
#include <immintrin.h>
#endif

namespace behoud::timeline {
namespace {

// counts[(code * months + cohort) * months + month]
struct Table {
  std::vector<std::uint32_t> counts;
};

struct Fold {
  const Slice& slice;
  std::size_t codes;
  std::uint32_t months;
  using State = Table;

  State empty() const { return {std::vector<std::uint32_t>(codes * months * months)}; }
  void merge(State& into, State&& from) const {
    for (std::size_t i = 0; i < into.counts.size(); ++i) into.counts[i] += from.counts[i];
  }
  std::vector<CohortMonths> finish(State&& s) const {
    std::vector<CohortMonths> out;
    const std::size_t cells = std::size_t{months} * months;
    for (std::size_t c = 0; c < codes; ++c) {
      const auto begin = s.counts.begin() + static_cast<std::ptrdiff_t>(c * cells);
      out.push_back({months, {begin, begin + static_cast<std::ptrdiff_t>(cells)}});
    }
    return out;
  }
  void block(State& s, const Block& block) const;

 private:
  void month_by_month(State& s, const Block& block) const;
};

// The twin of the kernels below, and the way of splits into many parts.
void Fold::month_by_month(State& s, const Block& block) const {
  const Segment& segment = *block.segment;
  const std::size_t planes = segment.planes();
  const Column* code = slice.split ? &segment.customer_dimension(*slice.split) : nullptr;
  for (std::uint32_t i = block.begin; i < block.end; ++i) {
    if (!block.has(i)) continue;
    std::uint32_t* row = nullptr;  // of the customer's cohort
    for (std::size_t w = 0; w < planes; ++w) {
      std::uint64_t word = segment.ordered(w) == nullptr ? 0 : segment.ordered(w)[i];
      if (word == 0) continue;
      if (row == nullptr) {
        const std::size_t of_code = code == nullptr ? 0 : static_cast<std::size_t>((*code)[i]);
        row = s.counts.data() + (of_code * months + 64 * w + static_cast<std::size_t>(std::countr_zero(word))) * months;
      }
      for (; word != 0; word &= word - 1) ++row[64 * w + static_cast<std::size_t>(std::countr_zero(word))];
    }
  }
}

#if BEHOUD_X86
// Rows of 64 byte counters, one for each cohort, in four copies so that customers of one cohort that follow each other
// do not wait for each other's store. A byte holds 255 customers, then the copies are added to `counts`.
constexpr std::size_t kCopies = 4;

BEHOUD_AVX512 void add_rows(const std::uint8_t* rows, std::size_t cohorts, std::size_t stride, std::uint32_t* counts,
                            std::uint32_t months, std::uint32_t from_month) {
  const std::uint32_t width = std::min(64U, months - from_month);
  for (std::size_t c = 0; c < cohorts; ++c) {
    alignas(64) std::uint16_t sums[64];
    __m512i low = _mm512_setzero_si512(), high = low;
    for (std::size_t copy = 0; copy < kCopies; ++copy) {
      const std::uint8_t* row = rows + (copy * stride + c) * 64;
      low = _mm512_add_epi16(low, _mm512_cvtepu8_epi16(_mm256_load_si256(reinterpret_cast<const __m256i*>(row))));
      high =
          _mm512_add_epi16(high, _mm512_cvtepu8_epi16(_mm256_load_si256(reinterpret_cast<const __m256i*>(row + 32))));
    }
    _mm512_store_si512(sums, low);
    _mm512_store_si512(sums + 32, high);
    std::uint32_t* to = counts + c * months + from_month;
    for (std::uint32_t m = 0; m < width; m += 16) {
      const auto some = static_cast<__mmask16>(_bzhi_u32(0xFFFF, std::min(width - m, 16U)));
      const __m512i more = _mm512_cvtepu16_epi32(_mm256_load_si256(reinterpret_cast<const __m256i*>(sums + m)));
      _mm512_mask_storeu_epi32(to + m, some, _mm512_add_epi32(_mm512_maskz_loadu_epi32(some, to + m), more));
    }
  }
}

BEHOUD_INLINE BEHOUD_AVX512 void add_to_row(std::uint8_t* at, std::uint64_t bits) {
  const __m512i row = _mm512_load_si512(at);
  _mm512_store_si512(at, _mm512_mask_sub_epi8(row, bits, row, _mm512_set1_epi8(-1)));
}

// `word` gives the months of customer i, `row_of` the row that they are added to: plain functions, inlined here.
template <class Word, class Row>
BEHOUD_INLINE BEHOUD_AVX512 void add_plane(const Block& block, std::size_t cohorts, std::uint32_t months,
                                           std::uint32_t from_month, std::uint32_t* counts, const Word& word,
                                           const Row& row_of) {
  const std::size_t stride = cohorts + 1;  // the last is for customers of no cohort, whose word is 0
  std::vector<std::uint8_t> memory(kCopies * stride * 64 + 64);
  std::uint8_t* rows = memory.data() + (64 - reinterpret_cast<std::uintptr_t>(memory.data()) % 64) % 64;
  for (std::uint32_t i = block.begin; i < block.end;) {
    const std::uint32_t stop =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(block.end, std::uint64_t{i} + 255 * kCopies));
    for (; i + kCopies <= stop; i += kCopies) {
      for (std::uint32_t copy = 0; copy < kCopies; ++copy) {
        const std::uint64_t bits = word(i + copy);
        add_to_row(rows + (copy * stride + row_of(i + copy, bits)) * 64, bits);
      }
    }
    for (std::size_t copy = 0; i < stop; ++i, ++copy) {
      const std::uint64_t bits = word(i);
      add_to_row(rows + (copy * stride + row_of(i, bits)) * 64, bits);
    }
    add_rows(rows, cohorts, stride, counts, months, from_month);
    std::memset(rows, 0, kCopies * stride * 64);
  }
}

BEHOUD_AVX512 void add_one_plane(const Block& block, std::uint32_t months, std::uint32_t* counts) {
  const std::uint64_t* ordered = block.segment->ordered(0);
  if (ordered == nullptr) return;
  const auto row = [months](std::uint32_t, std::uint64_t bits) {
    return std::min<std::size_t>(static_cast<std::size_t>(std::countr_zero(bits)), months);
  };
  if (block.included == nullptr) {
    add_plane(block, months, months, 0, counts, [ordered](std::uint32_t i) { return ordered[i]; }, row);
  } else {
    const auto word = [&](std::uint32_t i) {
      const std::uint32_t k = i - block.begin;
      return ordered[i] & (0 - (block.included[k / 64] >> (k % 64) & 1));
    };
    add_plane(block, months, months, 0, counts, word, row);
  }
}

// Histories of over 64 months: who began when first, then plane after plane.
BEHOUD_AVX512 void add_planes(const Block& block, std::uint32_t months, std::uint32_t* counts) {
  const Segment& segment = *block.segment;
  std::vector<std::uint16_t> cohort(block.end - block.begin, static_cast<std::uint16_t>(months));
  for (std::size_t w = segment.planes(); w-- > 0;) {
    const std::uint64_t* ordered = segment.ordered(w);
    if (ordered == nullptr) continue;
    for (std::uint32_t i = block.begin; i < block.end; ++i) {
      const auto month = static_cast<std::uint16_t>(64 * w + static_cast<std::size_t>(std::countr_zero(ordered[i])));
      cohort[i - block.begin] = ordered[i] != 0 ? month : cohort[i - block.begin];
    }
  }
  for (std::size_t w = 0; w < segment.planes(); ++w) {
    const std::uint64_t* ordered = segment.ordered(w);
    if (ordered == nullptr) continue;
    const auto from_month = static_cast<std::uint32_t>(64 * w);
    const std::size_t cohorts = std::min<std::size_t>(months, from_month + 64);
    const auto row = [&](std::uint32_t i, std::uint64_t) {
      return std::min<std::size_t>(cohort[i - block.begin], cohorts);
    };
    const auto word = [&](std::uint32_t i) { return ordered[i] & (0 - static_cast<std::uint64_t>(block.has(i))); };
    add_plane(block, cohorts, months, from_month, counts, word, row);
  }
}

// A split's rows of a single plane: 64 counters of two bytes for each part and cohort, which hold a block.
static_assert(kBlockCustomers < 0x10000);
constexpr std::size_t kWideRowsMax = 2048;  // 256 kB: more would not stay near

template <class Codes>
BEHOUD_AVX512 void add_parts(const Block& block, std::size_t rows, std::uint32_t months, const Codes* code,
                             std::uint32_t* counts) {
  const std::uint64_t* ordered = block.segment->ordered(0);
  // The last row is of those whose word is 0.
  std::vector<std::uint16_t> memory((rows + 1) * 64 + 32);
  std::uint16_t* const row_of =
      memory.data() + (64 - reinterpret_cast<std::uintptr_t>(memory.data()) % 64) % 64 / sizeof(std::uint16_t);
  const __m512i minus_one = _mm512_set1_epi16(-1);
  for (std::uint32_t i = block.begin; i < block.end; ++i) {
    const std::uint64_t bits = ordered[i] & (0 - static_cast<std::uint64_t>(block.has(i)));
    const std::size_t row =
        bits == 0 ? rows : std::size_t{code[i]} * months + static_cast<std::size_t>(_tzcnt_u64(bits));
    std::uint16_t* const to = row_of + row * 64;
    const __m512i low = _mm512_load_si512(to), high = _mm512_load_si512(to + 32);
    _mm512_store_si512(to, _mm512_mask_sub_epi16(low, static_cast<__mmask32>(bits), low, minus_one));
    _mm512_store_si512(to + 32, _mm512_mask_sub_epi16(high, static_cast<__mmask32>(bits >> 32), high, minus_one));
  }
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::uint32_t m = 0; m < months; ++m) counts[row * months + m] += row_of[row * 64 + m];
  }
}
#endif

void Fold::block(State& s, const Block& block) const {
#if BEHOUD_X86
  const std::size_t rows = codes * months;
  if (slice.isa == Isa::kAvx512 && slice.split && months <= 64 && rows <= kWideRowsMax) {
    const Column& code = block.segment->customer_dimension(*slice.split);
    if (block.segment->ordered(0) == nullptr) return;
    if (code.width == 1) return add_parts(block, rows, months, code.as<std::uint8_t>(), s.counts.data());
    if (code.width == 2) return add_parts(block, rows, months, code.as<std::uint16_t>(), s.counts.data());
  }
  if (slice.isa == Isa::kAvx512 && !slice.split) {
    if (block.segment->planes() <= 1)
      add_one_plane(block, months, s.counts.data());
    else
      add_planes(block, months, s.counts.data());
    return;
  }
#endif
  month_by_month(s, block);
}

}  // namespace

std::vector<CohortMonths> cohort_months(const Timeline& timeline, const Slice& slice) {
  return fold(timeline, Fold{slice, slice.codes(timeline), timeline.scale.months()}, slice.options());
}

}  // namespace behoud::timeline
