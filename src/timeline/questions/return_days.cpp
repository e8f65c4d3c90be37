#include "timeline/questions/return_days.h"

#include <bit>

#include "timeline/internal/customer_words.h"
#include "timeline/internal/kind_masks.h"

namespace behoud::timeline {
namespace {

enum Stream : std::size_t { kCould, kDid, kStreams };

// What a day of a first event is followed by, so that an event's day is a division of its seconds by 86,400: at most
// one day in the question's span begins off the clock of the first (a change of the zone's clock), and all after it as
// much.
struct Span {
  std::uint32_t start = 0;            // the day's first second
  std::uint32_t bound = 0xFFFF'FFFF;  // from this second on ...
  std::uint32_t shift = 0;            // ... days begin so much later (wraps)
  std::uint32_t before_max =
      0xFFFF'FFFF;         // before it no more seconds since `start` than these, so that a day of 25 hours is one
  bool is_regular = true;  // false: it takes the clock
};
std::vector<Span> spans_of(const Scale& scale, std::uint32_t days) {
  std::vector<Span> out(scale.days());
  for (std::uint32_t d = 0; d < scale.days(); ++d) {
    Span& span = out[d];
    span.start = scale.first_second(d);
    for (std::uint32_t j = 1; j <= days + 1 && d + j <= scale.days(); ++j) {
      const std::uint32_t off = scale.first_second(d + j) - span.start - j * 86'400;
      if (off == span.shift) continue;
      span.is_regular = span.is_regular && span.bound == 0xFFFF'FFFF;
      span.bound = scale.first_second(d + j);
      span.shift = off;
      span.before_max = j * 86'400 - 1;
    }
  }
  return out;
}

struct Run {
  const Segment& segment;
  const Scale& scale;
  const ReturnQuestion& question;
  const Span* spans;     // by day; of up to 31 days
  std::uint64_t* could;  // bit N: day N lies before as-of
  std::uint64_t* did;    // bit N: there was an event on it
};

BEHOUD_INLINE std::uint64_t possible_days(const Run& run, std::uint32_t first_day) {
  const std::uint32_t left = run.question.as_of_day - first_day;  // days of which the first is day 0
  return first_bits(std::min(left, run.question.days + 1));
}

#define BEHOUD_KERNEL "timeline/questions/return_days_kernel.inc"
#include "timeline/internal/each_isa.inc"

// Where some events are of a day alone, the days do not follow from the seconds, nor ascend with them.
void chunk_of_dates(const Run& run, const Block& block, std::uint32_t from, std::uint32_t n) {
  for (std::uint32_t i = 0; i < n; ++i) {
    run.could[i] = run.did[i] = 0;
    if (!block.has(from + i)) continue;
    const CustomerView c(run.segment, from + i);
    std::uint32_t e = 0;
    while (e < c.events() && c.kind(e) != run.question.first) ++e;
    if (e == c.events()) continue;
    const std::uint32_t first_day = c.event_day(run.scale, e);
    if (first_day >= run.question.as_of_day) continue;
    run.could[i] = possible_days(run, first_day);
    run.did[i] = 1;
    // Also from the beginning: an earlier event may be of a later day.
    for (std::uint32_t other = 0; other < c.events(); ++other) {
      const std::uint32_t day = c.event_day(run.scale, other);
      if (day > first_day && day - first_day <= run.question.days) run.did[i] |= std::uint64_t{1} << (day - first_day);
    }
    run.did[i] &= run.could[i];
  }
}

struct Fold {
  const ReturnQuestion& question;
  const Slice& slice;
  std::size_t codes;
  std::vector<Span> spans;

  struct State {
    WordCounts counts;
    std::vector<std::uint64_t> words;
  };
  State empty() const { return {{codes, kStreams}, std::vector<std::uint64_t>(kStreams * kChunk)}; }
  void merge(State& into, State&& from) const { into.counts.merge(std::move(from.counts), slice.isa); }
  std::vector<ReturnDays> finish(State&& s) const {
    s.counts.settle(slice.isa);
    std::vector<ReturnDays> out(codes);
    for (std::size_t code = 0; code < codes; ++code) {
      for (std::uint32_t n = 0; n <= question.days; ++n) {
        out[code].customers.push_back(s.counts.of(code, kCould)[n]);
        out[code].returned.push_back(s.counts.of(code, kDid)[n]);
      }
    }
    return out;
  }

  void block(State& s, const Block& block) const {
    const Segment& segment = *block.segment;
    const Run run{segment,        *block.scale,           question, spans.empty() ? nullptr : spans.data(),
                  s.words.data(), s.words.data() + kChunk};
    const Column* code = slice.split ? &segment.customer_dimension(*slice.split) : nullptr;
    for_chunks(block, [&](std::uint32_t from, std::uint32_t n) {
      if (segment.date_only().width != 0) {
        chunk_of_dates(run, block, from, n);
      } else if (segment.kind().width == 2) {
        wide::chunk(run, block, from, n);
      } else {
        switch (slice.isa) {
#if BEHOUD_X86
          case Isa::kAvx512:
            avx512::chunk(run, block, from, n);
            break;
          case Isa::kAvx2:
            avx2::chunk(run, block, from, n);
            break;
#endif
          default:
            plain::chunk(run, block, from, n);
            break;
        }
      }
      s.counts.add(kCould, run.could, n, code, from, slice.isa);
      s.counts.add(kDid, run.did, n, code, from, slice.isa);
    });
  }
};

}  // namespace

Result<std::vector<ReturnDays>> return_days(const Timeline& timeline, const ReturnQuestion& question,
                                            const Slice& slice) {
  if (question.days == 0 || question.days > kReturnDaysMax) {
    return fail(Errc::kInvalidArgument, "returns are asked for on day 1 to at most 63");
  }
  Fold f{question, slice, slice.codes(timeline), {}};
  if (question.days <= 31) f.spans = spans_of(timeline.scale, question.days);
  return fold(timeline, f, slice.options());
}

}  // namespace behoud::timeline
