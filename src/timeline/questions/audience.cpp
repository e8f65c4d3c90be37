#include "timeline/questions/audience.h"

#include <algorithm>
#include <bit>

#include "timeline/internal/kind_masks.h"

namespace behoud::timeline {
namespace {

using Of = Condition::Of;

bool within(const Condition& c, std::int64_t value) { return c.least <= value && value <= c.most; }
std::uint32_t from_day(const Condition& c, std::uint32_t as_of) {
  return c.days == 0 || c.days >= as_of ? 0 : as_of - c.days;
}

// ---- One customer, looked at whole: every condition, exactly.

// Orders before as-of; days ascend.
std::uint32_t orders_before(const CustomerView& c, std::uint32_t day) {
  std::uint32_t n = c.orders();
  while (n > 0 && c.order_day(n - 1) >= day) --n;
  return n;
}

std::int64_t events_of(const Scale& scale, const CustomerView& c, const Condition& condition, std::uint32_t as_of) {
  std::int64_t n = 0;
  const std::uint32_t from = from_day(condition, as_of);
  for (std::uint32_t e = 0; e < c.events(); ++e) {
    if (c.kind(e) != condition.kind) continue;
    const std::uint32_t day = c.event_day(scale, e);
    n += from <= day && day < as_of;
  }
  return n;
}

// The history from its end: how many of `kind` before the first order (of a day before as-of) is met.
std::int64_t after_last_order(const Scale& scale, const CustomerView& c, const Condition& condition, Kind order_kind,
                              std::uint32_t as_of) {
  std::int64_t n = 0;
  for (std::uint32_t e = c.events(); e-- > 0;) {
    const Kind kind = c.kind(e);
    if (kind != condition.kind && kind != order_kind) continue;
    if (c.event_day(scale, e) >= as_of) continue;
    if (kind == order_kind) return n;
    n += kind == condition.kind;
  }
  return 0;
}

bool holds(const Scale& scale, const Schema& schema, const CustomerView& c, const Condition& condition,
           std::uint32_t as_of) {
  switch (condition.of) {
    case Of::kOrders:
    case Of::kSpend: {
      const std::uint32_t from = from_day(condition, as_of);
      std::int64_t orders = 0;
      std::uint64_t spend = 0;  // cannot overflow: the segment's builder saw to it for all of them
      for (std::uint32_t o = orders_before(c, as_of); o > 0 && c.order_day(o - 1) >= from; --o) {
        ++orders;
        if (condition.of == Of::kSpend) spend += static_cast<std::uint64_t>(c.gross(o - 1));
      }
      return within(condition, condition.of == Of::kOrders ? orders : static_cast<std::int64_t>(spend));
    }
    case Of::kEvents:
      return within(condition, events_of(scale, c, condition, as_of));
    case Of::kAfterLastOrder:
      return within(condition, after_last_order(scale, c, condition, schema.order_kind, as_of));
    case Of::kDimension:
      return within(condition, c.dimension(condition.dimension));
  }
  return false;
}

// ---- 64 customers at a time, for what a column says of each.

template <class Test>
BEHOUD_INLINE std::uint64_t word_of(std::uint32_t n, const Test& test) {
  std::uint64_t word = 0;
  for (std::uint32_t k = 0; k < n; ++k) word |= std::uint64_t{test(k)} << k;
  return word;
}

// A condition as bounds of the stored values of a column of up to four bytes.
struct Bounds {
  std::uint32_t least = 0, most = 0;  // of a stored value, both included
  bool none = false;
};
Bounds bounds_of(const Condition& c, std::int64_t base) {
  constexpr std::int64_t kMost = 0xFFFF'FFFF;
  // What a bound is of the stored values; they wrap nowhere, as a base beside four bytes is a value of the column.
  const auto stored = [&](std::int64_t bound, std::int64_t otherwise) {
    std::int64_t out = 0;
    return __builtin_sub_overflow(bound, base, &out) ? otherwise : out;
  };
  const std::int64_t least = stored(c.least, c.least < base ? 0 : kMost + 1);
  const std::int64_t most = stored(c.most, c.most < base ? -1 : kMost);
  if (least > kMost || most < 0 || least > most) return {.none = true};
  return {static_cast<std::uint32_t>(std::max<std::int64_t>(least, 0)),
          static_cast<std::uint32_t>(std::min(most, kMost))};
}

#if BEHOUD_X86
// The same of 64 customers at a time by vectors, for the columns that most conditions are decided by.
BEHOUD_AVX512 std::uint64_t codes_avx512(const std::uint8_t* code, std::uint32_t n, const Bounds& bounds) {
  if (bounds.least > 0xFF) return 0;
  const __m512i least = _mm512_set1_epi8(static_cast<char>(bounds.least)),
                most = _mm512_set1_epi8(static_cast<char>(std::min(bounds.most, 0xFFU)));
  const __mmask64 some = _bzhi_u64(~std::uint64_t{0}, n);
  const __m512i x = _mm512_maskz_loadu_epi8(some, code);
  return _mm512_mask_cmple_epu8_mask(_mm512_mask_cmpge_epu8_mask(some, x, least), x, most);
}

BEHOUD_AVX512 std::uint64_t codes_avx512(const std::uint16_t* code, std::uint32_t n, const Bounds& bounds) {
  if (bounds.least > 0xFFFF) return 0;
  const __m512i least = _mm512_set1_epi16(static_cast<short>(bounds.least)),
                most = _mm512_set1_epi16(static_cast<short>(std::min(bounds.most, 0xFFFFU)));
  std::uint64_t word = 0;
  for (std::uint32_t k = 0; k < n; k += 32) {
    const __mmask32 some = _bzhi_u32(0xFFFF'FFFF, n - k);
    const __m512i x = _mm512_maskz_loadu_epi16(some, code + k);
    word |= std::uint64_t{_mm512_mask_cmple_epu16_mask(_mm512_mask_cmpge_epu16_mask(some, x, least), x, most)} << k;
  }
  return word;
}

BEHOUD_AVX512 std::uint64_t between_avx512(const std::uint32_t* stored, std::uint32_t n, const Bounds& bounds) {
  const __m512i least = _mm512_set1_epi32(static_cast<int>(bounds.least)),
                most = _mm512_set1_epi32(static_cast<int>(bounds.most));
  std::uint64_t word = 0;
  for (std::uint32_t k = 0; k < n; k += 16) {
    const auto some = static_cast<__mmask16>(_bzhi_u32(0xFFFF, n - k));
    const __m512i x = _mm512_maskz_loadu_epi32(some, stored + k);
    const __mmask16 in = _mm512_mask_cmple_epu32_mask(_mm512_mask_cmpge_epu32_mask(some, x, least), x, most);
    word |= std::uint64_t{in} << k;
  }
  return word;
}

BEHOUD_AVX512 std::uint64_t silent_avx512(const std::uint16_t* last, std::uint32_t n, std::uint32_t since) {
  const __m512i from = _mm512_set1_epi16(static_cast<short>(since)),
                none = _mm512_set1_epi16(static_cast<short>(kNoDay));
  std::uint64_t word = 0;
  for (std::uint32_t k = 0; k < n; k += 32) {
    const __mmask32 some = _bzhi_u32(0xFFFF'FFFF, n - k);
    const __m512i x = _mm512_maskz_loadu_epi16(some, last + k);
    const __mmask32 in = _mm512_mask_cmplt_epu16_mask(some, x, from) | _mm512_mask_cmpeq_epu16_mask(some, x, none);
    word |= std::uint64_t{in} << k;
  }
  return word;
}

BEHOUD_AVX512 std::uint64_t at_least_avx512(const std::uint32_t* begin, const std::uint16_t* day, std::uint32_t n,
                                            std::uint32_t least, std::uint32_t since) {
  const __m512i leasts = _mm512_set1_epi32(static_cast<int>(least)), from = _mm512_set1_epi32(static_cast<int>(since));
  std::uint64_t word = 0;
  for (std::uint32_t k = 0; k < n; k += 16) {
    const auto some = static_cast<__mmask16>(_bzhi_u32(0xFFFF, n - k));
    const __m512i begins = _mm512_maskz_loadu_epi32(some, begin + k),
                  ends = _mm512_maskz_loadu_epi32(some, begin + k + 1);
    const __mmask16 enough = _mm512_mask_cmpge_epu32_mask(some, _mm512_sub_epi32(ends, begins), leasts);
    const __m512i row = _mm512_sub_epi32(ends, leasts);
    // Four bytes at the day's place, of which the lower two are the day: a column has padding behind it. Rows as signed
    // indices: a segment has under 2^31 orders, else this is not called.
    const __m512i days = _mm512_and_si512(_mm512_mask_i32gather_epi32(_mm512_setzero_si512(), enough, row, day, 2),
                                          _mm512_set1_epi32(0xFFFF));
    word |= std::uint64_t{_mm512_mask_cmpge_epu32_mask(enough, days, from)} << k;
  }
  return word;
}
#endif

// How a condition is decided, cheapest first.
enum class Way : std::uint8_t {
  kNever,      // of nobody
  kCode,       // the dimension's column
  kCountEver,  // the orders' begins
  kSpendEver,  // the spend column
  kSilent,     // the last day: no order in the last days
  kAtLeast,    // the day of the least-th order from the end
  kAfter,      // the last kinds of the history
  kLook,       // the customer's rows
};
struct Step {
  Way way;
  Condition condition;
};

// Knows that no order and no event lies at or behind as-of (`latest`), where the columns speak for as-of too.
Way way_of(const Condition& c, bool latest) {
  if (c.least > c.most) return Way::kNever;
  if (c.of == Of::kDimension) return Way::kCode;
  if (!latest) return Way::kLook;
  if (c.of == Of::kOrders && c.days == 0) return Way::kCountEver;
  if (c.of == Of::kSpend && c.days == 0) return Way::kSpendEver;
  if (c.of == Of::kOrders && c.least <= 0 && c.most == 0) return Way::kSilent;
  const bool no_most = c.most >= std::int64_t{0xFFFF'FFFF};
  if (c.of == Of::kOrders && c.least >= 1 && c.least < 0xFFFF'FFFF && no_most) return Way::kAtLeast;
  if (c.of == Of::kAfterLastOrder && c.least == 1 && no_most) return Way::kAfter;
  return Way::kLook;
}

#define BEHOUD_KERNEL "timeline/questions/audience_kernel.inc"
#include "timeline/internal/each_isa.inc"

class Fitting {
 public:
  Fitting(const Timeline& timeline, const Audience& question, const Slice& slice)
      : timeline_(timeline), question_(question), slice_(slice) {
    const bool latest = timeline.ends_before(question.as_of_day);
    for (const Condition& c : question.all) steps_.push_back({way_of(c, latest), c});
    std::ranges::stable_sort(steps_, {}, &Step::way);
  }

  // The words of the block's customers for whom all holds. What columns decide goes first, over the whole block; of
  // those who are left, whose rows are read, the rows are fetched from memory some words ahead.
  void words(const Block& block, std::uint64_t* out) const {
    const auto costly = std::ranges::find_if(steps_, [](const Step& step) { return step.way >= Way::kAfter; });
    const auto narrow = [&](auto begin, auto end, std::uint32_t from, std::uint64_t word) {
      for (auto step = begin; step != end && word != 0; ++step) word &= holds_for(block, *step, from, word);
      return word;
    };
    for (std::uint32_t from = block.begin; from < block.end; from += 64) {
      out[(from - block.begin) / 64] = narrow(steps_.begin(), costly, from, block.word(from));
    }
    if (costly == steps_.end()) return;
    for (std::uint32_t from = block.begin; from < block.end; from += 64) {
      constexpr std::uint32_t kAhead = 4 * 64;
      if (block.end - from > kAhead) fetch(*block.segment, from + kAhead, out[(from + kAhead - block.begin) / 64]);
      std::uint64_t& word = out[(from - block.begin) / 64];
      word = narrow(costly, steps_.end(), from, word);
    }
  }

 private:
  // The end of each history, which conditions are decided by first.
  static void fetch(const Segment& s, std::uint32_t from, std::uint64_t word) {
    const std::size_t width = s.kind().width;
    for (; word != 0; word &= word - 1) {
      const std::uint32_t end = s.event_begin()[from + static_cast<std::uint32_t>(std::countr_zero(word)) + 1];
      __builtin_prefetch(s.kind().data + (end - (end != 0)) * width);
    }
  }
  std::uint64_t holds_for(const Block& block, const Step& step, std::uint32_t from, std::uint64_t word) const;

  const Timeline& timeline_;
  const Audience& question_;
  const Slice& slice_;
  std::vector<Step> steps_;
};

std::uint64_t Fitting::holds_for(const Block& block, const Step& step, std::uint32_t from, std::uint64_t word) const {
  const Segment& s = *block.segment;
  const Condition& c = step.condition;
  const std::uint32_t n = std::min(64U, block.end - from);
  const std::uint32_t since = from_day(c, question_.as_of_day);
#if BEHOUD_X86
  if (slice_.isa == Isa::kAvx512) {
    if (step.way == Way::kSpendEver && s.spend().width == 4) {
      const Bounds bounds = bounds_of(c, s.spend().base);
      return bounds.none ? 0 : between_avx512(s.spend().as<std::uint32_t>() + from, n, bounds);
    }
    if (step.way == Way::kSilent && since <= 0xFFFF) return silent_avx512(s.last_day() + from, n, since);
    if (step.way == Way::kAtLeast && since <= 0xFFFF && s.orders() < 0x8000'0000) {
      return at_least_avx512(s.order_begin() + from, s.order_day(), n, static_cast<std::uint32_t>(c.least), since);
    }
  }
#endif
  switch (step.way) {
    case Way::kNever:
      return 0;
    case Way::kCode: {
      const Column& codes = s.customer_dimension(c.dimension);
      if (codes.width == 0) return within(c, 0) ? ~std::uint64_t{0} : 0;
      const Bounds bounds = bounds_of(c, 0);
      if (bounds.none) return 0;
#if BEHOUD_X86
      if (slice_.isa == Isa::kAvx512 && codes.width == 1)
        return codes_avx512(codes.as<std::uint8_t>() + from, n, bounds);
      if (slice_.isa == Isa::kAvx512 && codes.width == 2)
        return codes_avx512(codes.as<std::uint16_t>() + from, n, bounds);
#endif
      return with_stored(codes, [&](const auto* stored) {
        return word_of(n, [&](std::uint32_t k) {
          return static_cast<bool>(static_cast<int>(stored[from + k] >= bounds.least) &
                                   static_cast<int>(stored[from + k] <= bounds.most));
        });
      });
    }
    case Way::kCountEver: {
      const std::uint32_t* begin = s.order_begin() + from;
      return word_of(n, [&](std::uint32_t k) { return within(c, std::int64_t{begin[k + 1]} - begin[k]); });
    }
    case Way::kSpendEver: {
      const Column& spend = s.spend();
      if (spend.width == 0) return within(c, spend.base) ? ~std::uint64_t{0} : 0;
      return with_stored(spend, [&](const auto* stored) {
        const auto base = static_cast<std::uint64_t>(spend.base);
        return word_of(n,
                       [&](std::uint32_t k) { return within(c, static_cast<std::int64_t>(stored[from + k] + base)); });
      });
    }
    case Way::kSilent: {
      const std::uint16_t* last = s.last_day() + from;
      return word_of(n, [&](std::uint32_t k) { return last[k] < since || last[k] == kNoDay; });
    }
    case Way::kAtLeast: {
      const std::uint32_t* begin = s.order_begin() + from;
      const std::uint16_t* day = s.order_day();
      const auto least = static_cast<std::uint32_t>(c.least);
      // A column has padding behind it, not before: those with fewer orders look at row 0.
      return word_of(n, [&](std::uint32_t k) {
        const bool enough = begin[k + 1] - begin[k] >= least;
        const std::uint32_t row = enough ? begin[k + 1] - least : 0;
        return static_cast<bool>(static_cast<int>(enough) & static_cast<int>(day[row] >= since));
      });
    }
    case Way::kAfter: {
      const Kind order_kind = timeline_.schema.order_kind;
      if (c.kind == order_kind) return 0;
      if (s.kind().width == 2) return wide::after(s, from, word, c.kind, order_kind);
      switch (slice_.isa) {
#if BEHOUD_X86
        case Isa::kAvx512:
          return avx512::after(s, from, word, c.kind, order_kind);
        case Isa::kAvx2:
          return avx2::after(s, from, word, c.kind, order_kind);
#endif
        default:
          return plain::after(s, from, word, c.kind, order_kind);
      }
    }
    case Way::kLook: {
      std::uint64_t out = 0;
      for (std::uint64_t left = word; left != 0; left &= left - 1) {
        const auto k = static_cast<std::uint32_t>(std::countr_zero(left));
        out |=
            std::uint64_t{holds(timeline_.scale, timeline_.schema, CustomerView(s, from + k), c, question_.as_of_day)}
            << k;
      }
      return out;
    }
  }
  return 0;
}

}  // namespace

Result<Selection> audience(const Timeline& timeline, const Audience& question, const Slice& slice) {
  for (const Condition& c : question.all) {
    const bool by_kind = c.of == Of::kEvents || c.of == Of::kAfterLastOrder;
    if (by_kind && c.kind >= timeline.schema.kinds.size()) {
      return fail(Errc::kInvalidArgument, "there is no kind of event " + std::to_string(c.kind));
    }
    if (c.of == Of::kDimension && c.dimension >= timeline.schema.customer_dimensions.size()) {
      return fail(Errc::kInvalidArgument, "there is no customer dimension " + std::to_string(c.dimension));
    }
  }
  Selection out;
  for (const Part& part : timeline.parts) out.parts.emplace_back((std::size_t{part.segment.customers()} + 63) / 64);
  const Fitting fitting(timeline, question, slice);
  // A block's words are its own: threads write side by side.
  for_blocks(timeline, slice.options(), [&](std::size_t, std::size_t, const Block& block) {
    const auto part = static_cast<std::size_t>(
        std::ranges::find_if(timeline.parts, [&](const Part& p) { return &p.segment == block.segment; }) -
        timeline.parts.begin());
    fitting.words(block, out.parts[part].data() + block.begin / 64);
  });
  return out;
}

bool fits(const Scale& scale, const Schema& schema, const CustomerView& customer, const Audience& question) {
  return std::ranges::all_of(question.all,
                             [&](const Condition& c) { return holds(scale, schema, customer, c, question.as_of_day); });
}

}  // namespace behoud::timeline
