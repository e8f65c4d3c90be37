#include "timeline/questions/period_activity.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <memory>

#include "timeline/internal/by_code.h"
#include "timeline/internal/customer_words.h"
#include "timeline/questions/period_marks.h"

namespace behoud::timeline {
namespace {

using calendar::Day;
using Answer = std::vector<std::vector<PeriodActivity>>;

// For a day d the point of an order on it: the first one after d. An order at point q is of period q - 1; 0 is before
// the first period, points.size() behind the last.
class Points {
 public:
  Points(const Scale& scale, const PeriodQuestion& question) : question_(question), epoch_(scale.epoch_day()) {
    for (std::uint32_t d = 0; d <= scale.days(); ++d) {
      const Day day = scale.day(d);
      of_day_.push_back({at(day), from(day + 1 + question.window_days)});
    }
  }
  struct OfDay {
    std::uint32_t point = 0, until = 0;  // an order on it makes active at the points [point, until)
  };
  const std::vector<OfDay>& of_day() const { return of_day_; }
  std::size_t size() const { return question_.points.size(); }
  std::size_t periods() const { return size() - 1; }
  // Of any day, laid out or not.
  std::uint32_t point_of(Day d) const {
    const std::int64_t i = std::int64_t{d.number} - epoch_.number;
    return i >= 0 && i < static_cast<std::int64_t>(of_day_.size()) ? of_day_[static_cast<std::size_t>(i)].point : at(d);
  }

 private:
  std::uint32_t at(Day d) const { return from(d + 1); }
  std::uint32_t from(Day d) const {
    return static_cast<std::uint32_t>(std::ranges::lower_bound(question_.points, d) - question_.points.begin());
  }
  const PeriodQuestion& question_;
  Day epoch_;
  std::vector<OfDay> of_day_;
};

// ---- By words: bit b of `points` is point b, bit b of the others is period b.

// What an order of a day says: its points, and its period.
using TwoWords = std::uint64_t __attribute__((vector_size(16)));
constexpr std::size_t kPoints = 0, kPeriod = 1;  // which word
struct DayWords {
  TwoWords words{};
};

// Of some customers, a word each.
struct CustomerWords {
  static constexpr std::uint32_t kMost = 1024;
  alignas(64) std::uint64_t active[kMost], ordered[kMost], again[kMost], born[kMost];
  alignas(64) std::uint64_t unknown[kMost], first[kMost];  // with `since` alone
};

enum Stream : std::size_t {
  kActive,
  kKept,
  kBorn,
  kNew,
  kOrdered,
  kAgain,
  kOrderedActive,
  // With `since` alone; else they follow from the others.
  kBornOrdered,
  kUnknown,
  kFirst,
  kStreams
};
using StreamCounts = std::array<BitCounts, kStreams>;

// Counts n customers; the words behind the last one, up to a multiple of 64, are 0.
template <bool kSince>
BEHOUD_INLINE void count_body(const CustomerWords& w, std::uint32_t n, StreamCounts& counts, Isa isa) {
  CarrySaveCounter counters[kSince ? kStreams : kBornOrdered];
  Words a[8], o[8], b[8], x[8];
  for (std::uint32_t i = 0; i < n; i += 64) {
    std::memcpy(a, w.active + i, sizeof a);
    std::memcpy(o, w.ordered + i, sizeof o);
    std::memcpy(b, w.born + i, sizeof b);
    counters[kActive].add(a);
    counters[kOrdered].add(o);
    counters[kBorn].add(b);
    for (int k = 0; k < 8; ++k) x[k] = a[k] & (a[k] >> 1);
    counters[kKept].add(x);
    for (int k = 0; k < 8; ++k) x[k] = b[k] & (a[k] >> 1);
    counters[kNew].add(x);
    for (int k = 0; k < 8; ++k) x[k] = o[k] & a[k];
    counters[kOrderedActive].add(x);
    std::memcpy(x, w.again + i, sizeof x);
    counters[kAgain].add(x);
    if constexpr (kSince) {
      for (int k = 0; k < 8; ++k) x[k] = b[k] & o[k];
      counters[kBornOrdered].add(x);
      std::memcpy(x, w.unknown + i, sizeof x);
      counters[kUnknown].add(x);
      std::memcpy(x, w.first + i, sizeof x);
      counters[kFirst].add(x);
    }
  }
  for (std::size_t s = 0; s < std::size(counters); ++s) counters[s].drain(counts[s], isa);
}

template <bool kSince>
void count_plain(const CustomerWords& w, std::uint32_t n, StreamCounts& counts) {
  count_body<kSince>(w, n, counts, Isa::kPlain);
}
#if BEHOUD_X86
template <bool kSince>
BEHOUD_AVX2 void count_avx2(const CustomerWords& w, std::uint32_t n, StreamCounts& counts) {
  count_body<kSince>(w, n, counts, Isa::kAvx2);
}
template <bool kSince>
BEHOUD_AVX512 void count_avx512(const CustomerWords& w, std::uint32_t n, StreamCounts& counts) {
  count_body<kSince>(w, n, counts, Isa::kAvx512);
}
#endif

template <bool kSince>
void count_words(const CustomerWords& w, std::uint32_t n, StreamCounts& counts, Isa isa) {
  switch (isa) {
#if BEHOUD_X86
    case Isa::kAvx512:
      return count_avx512<kSince>(w, n, counts);
    case Isa::kAvx2:
      return count_avx2<kSince>(w, n, counts);
#endif
    default:
      return count_plain<kSince>(w, n, counts);
  }
}

// What lies before the first period.
struct Before {
  std::uint64_t customers = 0, buyers = 0;
};

template <bool kSince>
class WordFold {
 public:
  WordFold(const Points& points, const PeriodQuestion& question, const Slice& slice, std::size_t codes)
      : points_(points), question_(question), slice_(slice), codes_(codes) {
    for (const Points::OfDay& day : points.of_day()) {
      words_.push_back({TwoWords{bits(day.until) & ~bits(day.point), period_bit(day.point)}});
    }
    words_.push_back({});  // of no order
    while (days_before_ < points.of_day().size() && points.of_day()[days_before_].point == 0) ++days_before_;
  }

  struct State {
    std::vector<StreamCounts> counts;  // by code
    std::vector<Before> before;
    std::unique_ptr<CustomerWords> words;
    ByCode by_code;
  };
  State empty() const {
    State s;
    s.counts.resize(codes_);
    s.before.resize(codes_);
    s.words = std::make_unique<CustomerWords>();
    return s;
  }
  void merge(State& into, State&& from) const {
    for (std::size_t code = 0; code < codes_; ++code) {
      for (std::size_t s = 0; s < kStreams; ++s) {
        for (std::size_t b = 0; b < 64; ++b) into.counts[code][s][b] += from.counts[code][s][b];
      }
      into.before[code].customers += from.before[code].customers;
      into.before[code].buyers += from.before[code].buyers;
    }
  }

  void block(State& s, const Block& block) const {
    constexpr std::uint32_t kMost = CustomerWords::kMost;
    if (!slice_.split && block.included == nullptr) {
      for (std::uint32_t from = block.begin; from < block.end; from += kMost) {
        count(s, 0, *block.segment, std::min(kMost, block.end - from), [from](std::uint32_t k) { return from + k; });
      }
      return;
    }
    s.by_code.read(block, slice_.split ? &block.segment->customer_dimension(*slice_.split) : nullptr, codes_);
    for (std::size_t code = 0; code < codes_; ++code) {
      for (auto rest = s.by_code.of(code); !rest.empty();
           rest = rest.subspan(std::min<std::size_t>(kMost, rest.size()))) {
        count(s, code, *block.segment, static_cast<std::uint32_t>(std::min<std::size_t>(kMost, rest.size())),
              [rest](std::uint32_t k) { return rest[k]; });
      }
    }
  }

  Answer finish(State&& s) const {
    Answer out(codes_);
    for (std::size_t code = 0; code < codes_; ++code) {
      const StreamCounts& of = s.counts[code];
      std::uint64_t customers = s.before[code].customers, buyers = s.before[code].buyers;
      for (std::size_t p = 0; p < points_.periods(); ++p) {
        PeriodActivity row;
        row.customers_start = of[kActive][p];
        row.customers_end = of[kActive][p + 1];
        row.retained = of[kKept][p];
        row.lost = row.customers_start - row.retained;
        row.new_customers = of[kNew][p];
        row.one_and_gone = of[kBorn][p] - row.new_customers;
        row.reactivated = row.customers_end - row.retained - row.new_customers;
        row.unknown_newcomers = of[kSince ? kUnknown : kBorn][p];
        row.ordered_before = customers;
        row.buyers = of[kOrdered][p];
        row.repeaters = of[kAgain][p];
        row.returned = row.buyers - of[kSince ? kBornOrdered : kBorn][p];
        row.returned_active = of[kOrderedActive][p];
        customers += of[kBorn][p];
        buyers += of[kSince ? kFirst : kBorn][p];
        row.buyers_to_date = buyers;
        out[code].push_back(row);
      }
    }
    return out;
  }

 private:
  static std::uint64_t bits(std::uint32_t below) {
    return below >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << below) - 1;
  }
  std::uint64_t period_bit(std::uint32_t point) const {
    return point == 0 || point == points_.size() ? 0 : std::uint64_t{1} << (point - 1);
  }

  // n customers of one code, the k-th of them `who(k)`.
  template <class Who>
  void count(State& s, std::size_t code, const Segment& segment, std::uint32_t n, const Who& who) const {
    CustomerWords& w = *s.words;
    const std::uint32_t* begin = segment.order_begin();
    const std::uint16_t* day = segment.order_day();
    const DayWords* const of_day = words_.data();
    // Four orders at a time, those behind the last of no day: few customers have more, so that the loop seldom turns.
    const std::uint64_t no_days = (words_.size() - 1) * 0x0001'0001'0001'0001ULL;
    Before before;
    for (std::uint32_t k = 0; k < n; ++k) {
      const std::uint32_t i = who(k);
      std::uint32_t o = begin[i];
      const std::uint32_t end = begin[i + 1];
      const std::uint32_t first_day = o < end ? day[o] : static_cast<std::uint32_t>(words_.size() - 1);
      TwoWords all{}, twice{};
      for (; o < end; o += 4) {
        static constexpr std::uint64_t kKeep[5] = {0, 0xFFFF, 0xFFFF'FFFF, 0xFFFF'FFFF'FFFF, ~std::uint64_t{0}};
        const std::uint64_t keep = kKeep[std::min(end - o, 4U)];
        std::uint64_t days = 0;
        std::memcpy(&days, day + o, sizeof days);  // a column has padding behind it
        days = (days & keep) | (no_days & ~keep);
        for (int at = 0; at < 64; at += 16) {
          const TwoWords word = of_day[days >> at & 0xFFFF].words;
          twice |= all & word;
          all |= word;
        }
      }
      w.active[k] = all[kPoints];
      w.ordered[k] = all[kPeriod];
      w.again[k] = twice[kPeriod];
      const std::uint64_t first = of_day[first_day].words[kPeriod];
      const bool bought_before = first_day < days_before_;
      before.buyers += bought_before;
      if constexpr (kSince) {
        const std::uint32_t number = segment.number(i);
        const Day since = question_.since[number];
        const bool never = since == PeriodQuestion::kNever;
        const std::uint32_t point = never ? 0 : points_.point_of(since);
        w.born[k] = period_bit(point);
        w.unknown[k] = !question_.known.empty() && question_.known[number] != 0 ? 0 : w.born[k];
        w.first[k] = first;
        before.customers += !never && point == 0;
      } else {
        w.born[k] = first;
        before.customers += bought_before;
      }
    }
    const std::uint32_t whole = (n + 63) / 64 * 64;
    for (auto* words : {w.active, w.ordered, w.again, w.born, w.unknown, w.first})
      std::fill(words + n, words + whole, 0);
    count_words<kSince>(w, n, s.counts[code], slice_.isa);
    s.before[code].customers += before.customers;
    s.before[code].buyers += before.buyers;
  }

  const Points& points_;
  const PeriodQuestion& question_;
  const Slice& slice_;
  std::size_t codes_;
  std::vector<DayWords> words_;
  std::uint32_t days_before_ = 0;  // whose orders lie before the first period
};

// ---- By runs of points.

class RunFold {
 public:
  RunFold(const Points& points, const PeriodQuestion& question, const Slice& slice, std::size_t codes)
      : points_(points), question_(question), slice_(slice), codes_(codes) {}

  using State = std::vector<PeriodMarks>;  // [code * (points + 1) + point]
  State empty() const { return State(codes_ * (points_.size() + 1)); }
  void merge(State& into, State&& from) const {
    for (std::size_t i = 0; i < into.size(); ++i) into[i].add(from[i]);
  }

  void block(State& s, const Block& block) const {
    const Segment& segment = *block.segment;
    const Column* code = slice_.split ? &segment.customer_dimension(*slice_.split) : nullptr;
    for (std::uint32_t from = block.begin; from < block.end; from += 64) {
      for (std::uint64_t word = block.word(from); word != 0; word &= word - 1) {
        const std::uint32_t i = from + static_cast<std::uint32_t>(std::countr_zero(word));
        const std::size_t of_code = code == nullptr ? 0 : static_cast<std::size_t>(code->raw(i));
        step(s.data() + of_code * (points_.size() + 1), segment, i);
      }
    }
  }

  Answer finish(State&& s) const {
    Answer out(codes_);
    for (std::size_t code = 0; code < codes_; ++code) {
      const std::size_t points = points_.size() + 1;
      out[code] = activity_of(std::span(s).subspan(code * points, points), points_.periods());
    }
    return out;
  }

 private:
  void step(PeriodMarks* marks, const Segment& segment, std::uint32_t i) const {
    std::uint32_t o = segment.order_begin()[i];
    const std::uint32_t end = segment.order_begin()[i + 1];
    const std::uint16_t* const day = segment.order_day();
    const Points::OfDay* const of_day = points_.of_day().data();
    std::uint32_t since = 0;
    bool known = false;
    if (question_.since.empty()) {
      if (o == end) return;
      since = of_day[day[o]].point;
    } else {
      const std::uint32_t number = segment.number(i);
      if (question_.since[number] == PeriodQuestion::kNever) return;
      since = points_.point_of(question_.since[number]);
      known = !question_.known.empty() && question_.known[number] != 0;
    }
    ++marks[since].since;
    ++marks[since].ordered_since;  // here who became a customer is who ordered, or had
    marks[since].unknown_since += !known;
    if (o == end) return;
    const std::uint32_t first = of_day[day[o]].point;
    ++marks[first].first_orders;
    marks[first].bought_since += first == since;
    const auto tell_run = [&](std::uint32_t begin, std::uint32_t behind) {
      if (begin >= behind) return;
      ++marks[begin].runs_begin;
      ++marks[behind].runs_end;
      marks[begin].fresh += begin == since;
    };
    std::uint32_t run_begin = first, run_end = first, before = 0xFFFF'FFFF, nth = 0;
    bool active = false;  // at the first order nobody was
    for (; o < end; ++o) {
      const auto [point, until] = of_day[day[o]];
      const bool anew = point != before;
      nth = anew ? 1 : nth + 1;
      marks[point].buyers += anew;
      marks[point].repeaters += nth == 2;
      marks[point].returned_active += anew && active && run_end >= point;
      if (run_end < point) {
        tell_run(run_begin, run_end);
        run_begin = point;
      }
      run_end = until;
      before = point;
      active = true;
    }
    tell_run(run_begin, run_end);
  }

  const Points& points_;
  const PeriodQuestion& question_;
  const Slice& slice_;
  std::size_t codes_;
};

}  // namespace

Answer period_activity(const Timeline& timeline, const PeriodQuestion& question, const Slice& slice, PeriodWay way) {
  assert(question.points.size() >= 2 && question.window_days >= 1);
  const Points points(timeline.scale, question);
  const std::size_t codes = slice.codes(timeline);
  if (way == PeriodWay::kRuns || points.periods() > kWordPeriods || codes > kWordCodes) {
    return fold(timeline, RunFold(points, question, slice, codes), slice.options());
  }
  if (question.since.empty()) return fold(timeline, WordFold<false>(points, question, slice, codes), slice.options());
  return fold(timeline, WordFold<true>(points, question, slice, codes), slice.options());
}

}  // namespace behoud::timeline
