#include "timeline/questions/month_activity.h"

#include <cstring>
#include <memory>

#include "timeline/internal/customer_words.h"

#if BEHOUD_X86
#include <immintrin.h>
#endif

namespace behoud::timeline {
namespace {

// The streams that are counted; the rest follows from them.
enum Stream : std::size_t { kEnd, kRetained, kNewActive, kBorn, kStreams };

// Of a chunk of customers, plane after plane: the words of each stream.
struct ChunkWords {
  alignas(64) std::uint64_t words[kStreams][kChunk];
  alignas(64) std::uint64_t before[kChunk];  // all ones: ordered in an earlier plane
  alignas(64) std::uint64_t carry[kChunk];   // active at the end of the plane before
};

// n is a multiple of 8. `active` and `ordered` are those of the plane.
BEHOUD_INLINE void words_body(const std::uint64_t* active, const std::uint64_t* ordered, std::uint32_t n,
                              ChunkWords& c) {
  for (std::uint32_t i = 0; i < n; i += 8) {
    Words e, o, before, carry;
    std::memcpy(&e, active + i, 64);
    std::memcpy(&o, ordered + i, 64);
    std::memcpy(&before, c.before + i, 64);
    std::memcpy(&carry, c.carry + i, 64);
    const Words retained = e & (e << 1 | carry);
    const Words born = o & -o & ~before;
    const Words fresh = born & e;
    carry = e >> 63;
    before |= reinterpret_cast<Words>(o != 0);
    std::memcpy(c.words[kEnd] + i, &e, 64);
    std::memcpy(c.words[kRetained] + i, &retained, 64);
    std::memcpy(c.words[kNewActive] + i, &fresh, 64);
    std::memcpy(c.words[kBorn] + i, &born, 64);
    std::memcpy(c.before + i, &before, 64);
    std::memcpy(c.carry + i, &carry, 64);
  }
}

// The same for a single plane, counted at once: nothing is written but the counters.
BEHOUD_INLINE void count_body(const std::uint64_t* active, const std::uint64_t* ordered, std::uint32_t n,
                              const std::uint64_t* included, std::array<BitCounts, kStreams>& counts, Isa isa) {
  CarrySaveCounter ends, kept, fresh, births;
  Words e[8], o[8], x[8];
  for (std::uint32_t i = 0; i < n; i += 64) {
    if (i + 64 <= n) {
      std::memcpy(e, active + i, sizeof e);
      std::memcpy(o, ordered + i, sizeof o);
    } else {
      std::memset(e, 0, sizeof e);
      std::memset(o, 0, sizeof o);
      std::memcpy(e, active + i, (n - i) * sizeof(std::uint64_t));
      std::memcpy(o, ordered + i, (n - i) * sizeof(std::uint64_t));
    }
    if (included != nullptr) {
      const Words bit{1, 2, 4, 8, 16, 32, 64, 128};
      for (int k = 0; k < 8; ++k) {
        const auto mask = reinterpret_cast<Words>((bit & (included[i / 64] >> (8 * k))) != 0);
        e[k] &= mask;
        o[k] &= mask;
      }
    }
    ends.add(e);
    for (int k = 0; k < 8; ++k) x[k] = e[k] & (e[k] << 1);
    kept.add(x);
    for (int k = 0; k < 8; ++k) o[k] &= -o[k];
    births.add(o);
    for (int k = 0; k < 8; ++k) o[k] &= e[k];
    fresh.add(o);
  }
  ends.drain(counts[kEnd], isa);
  kept.drain(counts[kRetained], isa);
  fresh.drain(counts[kNewActive], isa);
  births.drain(counts[kBorn], isa);
}

// Which months an order of a day is active at the end of: bit b of reach[day] for month 64 plane + b.
std::vector<std::uint64_t> reach_of(const Scale& scale, std::uint32_t window_days, std::size_t plane) {
  std::vector<std::uint64_t> reach(scale.days() + 1);
  for (std::uint32_t day = 0; day < scale.days(); ++day) {
    for (std::uint32_t m = scale.month_of_day(day);
         m < scale.months() && scale.month_begin(m + 1) <= std::uint64_t{day} + window_days; ++m) {
      if (m / 64 == plane) reach[day] |= std::uint64_t{1} << (m % 64);
    }
  }
  return reach;
}

BEHOUD_INLINE void active_body(const Segment& segment, const std::uint64_t* reach, std::uint32_t from, std::uint32_t n,
                               std::uint64_t* out) {
  const std::uint32_t* begin = segment.order_begin() + from;
  const std::uint16_t* day = segment.order_day();
  for (std::uint32_t i = 0; i < n; ++i) {
    std::uint64_t word = 0;
    for (std::uint32_t o = begin[i]; o < begin[i + 1]; ++o) word |= reach[day[o]];
    out[i] = word;
  }
}

void words_plain(const std::uint64_t* a, const std::uint64_t* o, std::uint32_t n, ChunkWords& c) {
  words_body(a, o, n, c);
}
void count_plain(const std::uint64_t* a, const std::uint64_t* o, std::uint32_t n, const std::uint64_t* in,
                 std::array<BitCounts, kStreams>& counts) {
  count_body(a, o, n, in, counts, Isa::kPlain);
}
#if BEHOUD_X86
BEHOUD_AVX2 void words_avx2(const std::uint64_t* a, const std::uint64_t* o, std::uint32_t n, ChunkWords& c) {
  words_body(a, o, n, c);
}
BEHOUD_AVX512 void words_avx512(const std::uint64_t* a, const std::uint64_t* o, std::uint32_t n, ChunkWords& c) {
  words_body(a, o, n, c);
}
BEHOUD_AVX2 void count_avx2(const std::uint64_t* a, const std::uint64_t* o, std::uint32_t n, const std::uint64_t* in,
                            std::array<BitCounts, kStreams>& counts) {
  count_body(a, o, n, in, counts, Isa::kAvx2);
}
BEHOUD_AVX512 void count_avx512(const std::uint64_t* a, const std::uint64_t* o, std::uint32_t n,
                                const std::uint64_t* in, std::array<BitCounts, kStreams>& counts) {
  count_body(a, o, n, in, counts, Isa::kAvx512);
}

// Eight orders at a time: most customers are one gather, and no branch depends on how many orders they have.
BEHOUD_AVX512 void active_avx512(const Segment& segment, const std::uint64_t* reach, std::uint32_t from,
                                 std::uint32_t n, std::uint64_t* out) {
  const std::uint32_t* begin = segment.order_begin() + from;
  const std::uint16_t* day = segment.order_day();
  for (std::uint32_t i = 0; i < n; ++i) {
    std::uint32_t o = begin[i];
    const std::uint32_t end = begin[i + 1];
    __m512i word = _mm512_setzero_si512();
    do {
      const auto some = static_cast<__mmask8>(_bzhi_u32(0xFF, std::min(end - o, 8U)));
      const __m128i days = _mm_maskz_loadu_epi16(some, day + o);
      word = _mm512_or_si512(
          word, _mm512_mask_i32gather_epi64(_mm512_setzero_si512(), some, _mm256_cvtepu16_epi32(days), reach, 8));
      o += 8;
    } while (o < end);
    out[i] = static_cast<std::uint64_t>(_mm512_reduce_or_epi64(word));
  }
}
#endif

// A single plane's words of each part of a split, until there are enough of a part to be counted at once.
struct WaitingWords {
  WaitingWords() = default;
  // Many parts wait with few words each, so that they take no more memory than the few do.
  explicit WaitingWords(std::size_t codes)
      : each(codes <= 256 ? 512 : 64), active(codes * each), ordered(codes * each), waits(codes) {}

  std::size_t each = 0;
  std::vector<std::uint64_t> active, ordered;  // [code * each + i], i < waits[code]
  std::vector<std::uint32_t> waits;
};

struct Fold {
  const Slice& slice;
  const Scale& scale;
  std::size_t codes;
  std::size_t planes;
  std::vector<std::vector<std::uint64_t>> reach;  // by plane; empty: the shop's own window

  struct State {
    WordCounts counts;  // stream: plane * kStreams + stream
    std::unique_ptr<ChunkWords> chunk;
    std::vector<std::uint64_t> active, ordered;
    WaitingWords waiting;
  };
  bool parted() const { return planes == 1 && slice.split.has_value(); }
  State empty() const {
    State s{{codes, planes * kStreams, !parted()}, nullptr, {}, {}, {}};
    s.chunk = std::make_unique<ChunkWords>();
    s.active.resize(kChunk);
    s.ordered.resize(kChunk);
    if (parted()) s.waiting = WaitingWords(codes);
    return s;
  }
  void merge(State& into, State&& from) const {
    settle(from);
    into.counts.merge(std::move(from.counts), slice.isa);
  }
  std::vector<std::vector<MonthActivity>> finish(State&& s) const;
  void block(State& s, const Block& block) const;

 private:
  void count_at_once(State& s, std::size_t code, const std::uint64_t* active, const std::uint64_t* ordered,
                     std::uint32_t n, const std::uint64_t* included) const;
  void count_waiting(State& s, std::size_t code) const;
  void settle(State& s) const;
  void count_parted(State& s, const Block& block) const;
  void make_active(const Segment& segment, std::size_t plane, std::uint32_t from, std::uint32_t n,
                   std::uint64_t* out) const;
};

void Fold::count_at_once(State& s, std::size_t code, const std::uint64_t* active, const std::uint64_t* ordered,
                         std::uint32_t n, const std::uint64_t* included) const {
  std::array<BitCounts, kStreams> counts{};
  switch (slice.isa) {
#if BEHOUD_X86
    case Isa::kAvx512:
      count_avx512(active, ordered, n, included, counts);
      break;
    case Isa::kAvx2:
      count_avx2(active, ordered, n, included, counts);
      break;
#endif
    default:
      count_plain(active, ordered, n, included, counts);
      break;
  }
  for (std::size_t k = 0; k < kStreams; ++k) {
    for (std::size_t b = 0; b < 64; ++b) s.counts.of(code, k)[b] += counts[k][b];
  }
}

void Fold::count_waiting(State& s, std::size_t code) const {
  WaitingWords& waiting = s.waiting;
  count_at_once(s, code, &waiting.active[code * waiting.each], &waiting.ordered[code * waiting.each],
                waiting.waits[code], nullptr);
  waiting.waits[code] = 0;
}

void Fold::settle(State& s) const {
  for (std::size_t code = 0; code < s.waiting.waits.size(); ++code) {
    if (s.waiting.waits[code] > 0) count_waiting(s, code);
  }
}

// A split's words of a single plane: the two that all streams are made of go to their part.
void Fold::count_parted(State& s, const Block& block) const {
  const Segment& segment = *block.segment;
  const Column& code = segment.customer_dimension(*slice.split);
  if (segment.ordered(0) == nullptr) return;  // nobody ordered
  WaitingWords& waiting = s.waiting;
  if (reach.empty() && segment.active(0) == nullptr) std::ranges::fill(s.active, 0);
  for_chunks(block, [&](std::uint32_t from, std::uint32_t n) {
    const std::uint64_t* const ordered = segment.ordered(0) + from;
    const std::uint64_t* active = s.active.data();
    if (!reach.empty()) {
      make_active(segment, 0, from, n, s.active.data());
    } else if (segment.active(0) != nullptr) {
      active = segment.active(0) + from;
    }
    std::uint64_t *const to_active = waiting.active.data(), *const to_ordered = waiting.ordered.data();
    std::uint32_t* const waits = waiting.waits.data();
    const std::size_t each = waiting.each;
    const auto take = [=, this, &s](std::size_t of, std::uint32_t i) {
      const std::uint32_t at = waits[of]++;
      to_active[of * each + at] = active[i];
      to_ordered[of * each + at] = ordered[i];
      if (at + 1 == each) count_waiting(s, of);
    };
    const auto take_all = [&](const auto& code_of) {
      for (std::uint32_t i = 0; i < n; ++i) {
        if (block.has(from + i)) take(code_of(from + i), i);
      }
    };
    if (code.width == 0) return take_all([](std::uint32_t) { return std::size_t{0}; });
    with_stored(code, [&](const auto* codes_of) {
      take_all([codes_of](std::uint32_t i) { return static_cast<std::size_t>(codes_of[i]); });
    });
  });
}

void Fold::make_active(const Segment& segment, std::size_t plane, std::uint32_t from, std::uint32_t n,
                       std::uint64_t* out) const {
#if BEHOUD_X86
  if (slice.isa == Isa::kAvx512) return active_avx512(segment, reach[plane].data(), from, n, out);
#endif
  active_body(segment, reach[plane].data(), from, n, out);
}

void Fold::block(State& s, const Block& block) const {
  const Segment& segment = *block.segment;
  if (planes == 1 && !slice.split && reach.empty() && segment.active(0) != nullptr && segment.ordered(0) != nullptr) {
    count_at_once(s, 0, segment.active(0) + block.begin, segment.ordered(0) + block.begin, block.end - block.begin,
                  block.included);
    return;
  }
  if (parted()) return count_parted(s, block);
  const Column* code = slice.split ? &segment.customer_dimension(*slice.split) : nullptr;
  for_chunks(block, [&](std::uint32_t from, std::uint32_t n) {
    ChunkWords& c = *s.chunk;
    std::memset(c.before, 0, sizeof c.before);
    std::memset(c.carry, 0, sizeof c.carry);
    for (std::size_t w = 0; w < planes; ++w) {
      const auto take = [&](const std::uint64_t* plane, std::vector<std::uint64_t>& to) {
        if (plane == nullptr)
          std::ranges::fill(to, 0);
        else
          std::copy_n(plane + from, n, to.begin());
        std::fill(to.begin() + n, to.begin() + (n + 7) / 8 * 8, 0);
      };
      take(segment.ordered(w), s.ordered);
      if (reach.empty()) {
        take(segment.active(w), s.active);
      } else {
        make_active(segment, w, from, n, s.active.data());
        std::fill(s.active.begin() + n, s.active.begin() + (n + 7) / 8 * 8, 0);
      }
      if (block.included != nullptr) {
        for (std::uint32_t i = 0; i < n; ++i) {
          const std::uint64_t mask = 0 - static_cast<std::uint64_t>(block.has(from + i));
          s.active[i] &= mask;
          s.ordered[i] &= mask;
        }
      }
      if (planes == 1) {
        count_at_once(s, 0, s.active.data(), s.ordered.data(), n, nullptr);
        return;
      }
      const std::uint32_t whole = (n + 7) / 8 * 8;
      switch (slice.isa) {
#if BEHOUD_X86
        case Isa::kAvx512:
          words_avx512(s.active.data(), s.ordered.data(), whole, c);
          break;
        case Isa::kAvx2:
          words_avx2(s.active.data(), s.ordered.data(), whole, c);
          break;
#endif
        default:
          words_plain(s.active.data(), s.ordered.data(), whole, c);
          break;
      }
      for (std::size_t k = 0; k < kStreams; ++k) s.counts.add(w * kStreams + k, c.words[k], n, code, from, slice.isa);
    }
  });
}

std::vector<std::vector<MonthActivity>> Fold::finish(State&& s) const {
  settle(s);
  s.counts.settle(slice.isa);
  std::vector<std::vector<MonthActivity>> out(codes);
  for (std::size_t code = 0; code < codes; ++code) {
    std::uint64_t start = 0;
    for (std::uint32_t m = 0; m < scale.months(); ++m) {
      const auto of = [&](Stream stream) { return s.counts.of(code, m / 64 * kStreams + stream)[m % 64]; };
      MonthActivity row;
      row.customers_start = start;
      row.customers_end = of(kEnd);
      row.new_customers = of(kNewActive);
      row.one_and_gone = of(kBorn) - of(kNewActive);
      row.retained = of(kRetained);
      row.lost = row.customers_start - row.retained;
      row.reactivated = row.customers_end - row.retained - row.new_customers;
      start = row.customers_end;
      out[code].push_back(row);
    }
  }
  return out;
}

}  // namespace

std::vector<std::vector<MonthActivity>> month_activity(const Timeline& timeline,
                                                       std::optional<std::uint32_t> window_days, const Slice& slice) {
  Fold f{slice, timeline.scale, slice.codes(timeline), (timeline.scale.months() + 63) / 64, {}};
  if (window_days && *window_days != timeline.schema.window_days) {
    for (std::size_t w = 0; w < f.planes; ++w) f.reach.push_back(reach_of(timeline.scale, *window_days, w));
  }
  return fold(timeline, f, slice.options());
}

}  // namespace behoud::timeline
