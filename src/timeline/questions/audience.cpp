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
      for (std::uint32_t o = orders_before(c, as_of); o-- > 0 && c.order_day(o) >= from;) {
        ++orders;
        if (condition.of == Of::kSpend) spend += static_cast<std::uint64_t>(c.gross(o));
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

namespace plain {
using Kinds = PlainKinds;
using KindWidth = std::uint8_t;
#include "timeline/questions/audience_kernel.inc"
}  // namespace plain
namespace wide {
using Kinds = WideKinds;
using KindWidth = std::uint16_t;
#include "timeline/questions/audience_kernel.inc"
}  // namespace wide
#if BEHOUD_X86
BEHOUD_BEGIN_AVX2
namespace avx2 {
using Kinds = Avx2Kinds;
using KindWidth = std::uint8_t;
#include "timeline/questions/audience_kernel.inc"
}  // namespace avx2
BEHOUD_END_TARGET
BEHOUD_BEGIN_AVX512
namespace avx512 {
using Kinds = Avx512Kinds;
using KindWidth = std::uint8_t;
#include "timeline/questions/audience_kernel.inc"
}  // namespace avx512
BEHOUD_END_TARGET
#endif

class Fitting {
 public:
  Fitting(const Timeline& timeline, const Audience& question, const Slice& slice)
      : timeline_(timeline), question_(question), slice_(slice) {
    const bool latest = timeline.ends_before(question.as_of_day);
    for (const Condition& c : question.all) steps_.push_back({way_of(c, latest), c});
    std::ranges::stable_sort(steps_, {}, &Step::way);
  }

  // The word of the 64 customers from `from` on, of those in `word`.
  std::uint64_t word(const Block& block, std::uint32_t from, std::uint64_t word) const {
    for (const Step& step : steps_) {
      if (word == 0) return 0;
      word &= holds_for(block, step, from, word);
    }
    return word;
  }

 private:
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
  switch (step.way) {
    case Way::kNever:
      return 0;
    case Way::kCode: {
      const Column& codes = s.customer_dimension(c.dimension);
      return word_of(n, [&](std::uint32_t k) { return within(c, codes[from + k]); });
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
    for (std::uint32_t from = block.begin; from < block.end; from += 64) {
      out.parts[part][from / 64] = fitting.word(block, from, block.word(from));
    }
  });
  return out;
}

bool fits(const Scale& scale, const Schema& schema, const CustomerView& customer, const Audience& question) {
  return std::ranges::all_of(question.all,
                             [&](const Condition& c) { return holds(scale, schema, customer, c, question.as_of_day); });
}

}  // namespace behoud::timeline
