#include "timeline/questions/funnel.h"

#include <algorithm>
#include <bit>

#include "timeline/internal/customer_words.h"
#include "timeline/internal/kind_masks.h"

namespace behoud::timeline {
namespace {

// What a kernel is given. Times are in units of `window`: seconds, or milliseconds where the segment has any.
struct Run {
  const Segment& segment;
  const Scale& scale;
  const Kind* steps;
  std::uint64_t window;
  std::size_t planes;
  std::uint64_t* words;  // [step * planes + plane][kChunk]
};

constexpr std::uint64_t kNever = std::uint64_t{1} << 60;  // later than any instant and window

// kNone: later than any.
struct Seconds {
  static constexpr std::uint32_t kNone = 0xFFFF'FFFF;  // Scale::seconds() lies below it
  const std::uint32_t* at;
  BEHOUD_INLINE std::uint32_t operator()(std::uint32_t row) const { return at[row]; }
  // That of a row, or another: without a branch.
  BEHOUD_INLINE std::uint32_t either(bool has, std::uint32_t row, const std::uint32_t& otherwise) const {
    return *(has ? at + row : &otherwise);
  }
};
struct Milliseconds {
  static constexpr std::uint64_t kNone = kNever;
  const std::uint32_t* at;
  const std::uint16_t* ms;
  BEHOUD_INLINE std::uint64_t operator()(std::uint32_t row) const { return std::uint64_t{at[row]} * 1000 + ms[row]; }
  BEHOUD_INLINE std::uint64_t either(bool has, std::uint32_t row, const std::uint64_t& otherwise) const {
    const std::uint64_t there = (*this)(row);
    return has ? there : otherwise;
  }
};

#define BEHOUD_KERNEL "timeline/questions/funnel_kernel.inc"
#include "timeline/internal/each_isa.inc"

// Date-only events of step 1 keep their own month: the months are made again, row by row. Rare, so plain.
void chunk_of_dates(const Run& run, std::size_t n, const Block& block, std::uint32_t from, std::uint32_t count) {
  const Segment& segment = run.segment;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!block.has(from + i)) continue;
    const CustomerView c(segment, from + i);
    std::uint64_t next[kFunnelStepsMax][kFunnelStepsMax];  // as `later` above, with chunks of one event
    for (auto& row : next) std::ranges::fill(row, kNever);
    for (std::uint32_t e = c.events(); e-- > 0;) {
      const auto t = static_cast<std::uint64_t>(c.at_ms(e));
      const Kind kind = c.kind(e);
      if (kind == run.steps[0]) {
        const std::uint32_t month = run.scale.month_of_day(c.event_day(run.scale, e));
        const std::uint64_t bit = std::uint64_t{1} << (month % 64);
        std::uint64_t* word = run.words + month / 64 * kChunk + i;
        *word |= bit;
        for (std::size_t s = 1; s < n; ++s) {
          if (next[1][s] - t <= run.window) word[s * run.planes * kChunk] |= bit;
        }
      }
      for (std::size_t s = 1; s < n; ++s) {
        if (kind != run.steps[s]) continue;
        next[s][s] = t;
        for (std::size_t j = s + 1; j < n; ++j) next[s][j] = next[s + 1][j];
      }
    }
  }
}

struct Fold {
  const FunnelQuestion& question;
  const Slice& slice;
  std::size_t codes;
  std::uint32_t months;
  std::size_t planes() const { return (months + 63) / 64; }
  std::size_t steps() const { return question.steps.size(); }

  struct State {
    WordCounts counts;  // stream: step * planes + plane
    std::vector<std::uint64_t> words;
  };
  State empty() const { return {{codes, steps() * planes()}, std::vector<std::uint64_t>(steps() * planes() * kChunk)}; }
  void merge(State& into, State&& from) const { into.counts.merge(std::move(from.counts), slice.isa); }
  std::vector<FunnelMonths> finish(State&& s) const {
    s.counts.settle(slice.isa);
    std::vector<FunnelMonths> out(codes);
    for (std::size_t code = 0; code < codes; ++code) {
      for (std::uint32_t m = 0; m < months; ++m) {
        auto& row = out[code].reached.emplace_back();
        for (std::size_t step = 0; step < steps(); ++step) {
          row.push_back(s.counts.of(code, step * planes() + m / 64)[m % 64]);
        }
      }
    }
    return out;
  }

  void block(State& s, const Block& block) const {
    const Segment& segment = *block.segment;
    const bool dates = segment.date_only().width != 0;
    const bool in_ms = dates || segment.ms().width != 0;
    const Run run{
        segment,  *block.scale,  question.steps.data(), std::uint64_t{question.window_seconds} * (in_ms ? 1000 : 1),
        planes(), s.words.data()};
    const Column* code = slice.split ? &segment.customer_dimension(*slice.split) : nullptr;
    for_chunks(block, [&](std::uint32_t from, std::uint32_t n) {
      std::ranges::fill(s.words, 0);
      if (dates) {
        chunk_of_dates(run, steps(), block, from, n);
      } else if (segment.kind().width == 2) {
        wide::chunk(run, steps(), block, from, n);
      } else {
        switch (slice.isa) {
#if BEHOUD_X86
          case Isa::kAvx512:
            avx512::chunk(run, steps(), block, from, n);
            break;
          case Isa::kAvx2:
            avx2::chunk(run, steps(), block, from, n);
            break;
#endif
          default:
            plain::chunk(run, steps(), block, from, n);
            break;
        }
      }
      for (std::size_t k = 0; k < steps() * planes(); ++k)
        s.counts.add(k, &s.words[k * kChunk], n, code, from, slice.isa);
    });
  }
};

}  // namespace

Result<std::vector<FunnelMonths>> funnel(const Timeline& timeline, const FunnelQuestion& question, const Slice& slice) {
  if (question.steps.size() < 2 || question.steps.size() > kFunnelStepsMax) {
    return fail(Errc::kInvalidArgument, "a funnel has two to eight steps");
  }
  return fold(timeline, Fold{question, slice, slice.codes(timeline), timeline.scale.months()}, slice.options());
}

}  // namespace behoud::timeline
