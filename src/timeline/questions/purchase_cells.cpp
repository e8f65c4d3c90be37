#include "timeline/questions/purchase_cells.h"

#include <array>

#include "timeline/internal/count_table.h"

namespace behoud::timeline {
namespace {

struct Fold {
  const PurchaseQuestion& question;
  const Slice& slice;
  std::size_t codes;
  bool sees_all;  // as-of lies behind every order
  // unit_of[days] = days / unit_days: a load instead of a division
  std::vector<std::uint16_t> unit_of;

  using State = std::vector<CountTable>;
  State empty() const { return State(codes); }
  void merge(State& into, State&& from) const {
    for (std::size_t c = 0; c < codes; ++c) {
      if (into[c].size() < from[c].size()) std::swap(into[c], from[c]);
      into[c].merge(from[c]);
    }
  }
  std::vector<std::vector<PurchaseCell>> finish(State&& s) const {
    std::vector<std::vector<PurchaseCell>> out(codes);
    for (std::size_t c = 0; c < codes; ++c) {
      out[c].reserve(s[c].size());
      s[c].for_each([&](const CountTable::Slot& slot) {
        out[c].push_back({static_cast<std::uint32_t>(slot.key >> 32),
                          static_cast<std::uint32_t>(slot.key >> 16 & 0xFFFF),
                          static_cast<std::uint32_t>(slot.key & 0xFFFF), slot.count, slot.sum});
      });
    }
    return out;
  }

  std::uint64_t key_of(std::uint32_t orders, std::uint32_t first, std::uint32_t last) const {
    return std::uint64_t{orders - 1} << 32 | std::uint64_t{unit_of[last - first]} << 16 |
           unit_of[question.as_of_day - first];
  }

  void block(State& s, const Block& block) const {
    const Segment& segment = *block.segment;
    const Column* code = slice.split ? &segment.customer_dimension(*slice.split) : nullptr;
    const Column& spend = segment.spend();
    const std::uint32_t* begin = segment.order_begin();
    std::array<std::uint64_t, 64> keys{};
    std::array<std::int64_t, 64> spends{};
    std::array<std::uint32_t, 64> of_code{};
    for (std::uint32_t from = block.begin; from < block.end; from += 64) {
      std::size_t n = 0;
      const std::uint64_t word = block.word(from);
      const std::uint32_t stop = std::min(block.end, from + 64);
      for (std::uint32_t i = from; i < stop; ++i) {
        std::uint32_t orders = begin[i + 1] - begin[i];
        const bool in = (word >> (i - from) & 1) != 0 && orders > 0;
        if (!in) continue;
        if (sees_all) {
          keys[n] = key_of(orders, segment.first_day()[i], segment.last_day()[i]);
          spends[n] = spend[i];
        } else {
          const auto cell = purchases_of(CustomerView(segment, i), {question.as_of_day, 1});
          if (!cell) continue;
          const std::uint32_t first = segment.first_day()[i];
          keys[n] = key_of(cell->repeats + 1, first, first + cell->recency);
          spends[n] = cell->spend_minor;
        }
        of_code[n] = code == nullptr ? 0 : static_cast<std::uint32_t>((*code)[i]);
        s[of_code[n]].prefetch(keys[n]);
        ++n;
      }
      for (std::size_t k = 0; k < n; ++k) s[of_code[k]].add(keys[k], 1, spends[k]);
    }
  }
};

}  // namespace

std::optional<PurchaseCell> purchases_of(const CustomerView& customer, const PurchaseQuestion& question) {
  PurchaseCell cell;
  std::uint32_t orders = 0, last = 0;
  std::uint64_t spend = 0;
  for (; orders < customer.orders() && customer.order_day(orders) < question.as_of_day; ++orders) {
    last = customer.order_day(orders);
    spend += static_cast<std::uint64_t>(customer.gross(orders));
  }
  if (orders == 0) return std::nullopt;
  const std::uint32_t first = customer.order_day(0);
  return PurchaseCell{.repeats = orders - 1,
                      .recency = (last - first) / question.unit_days,
                      .age = (question.as_of_day - first) / question.unit_days,
                      .customers = 1,
                      .spend_minor = static_cast<std::int64_t>(spend)};
}

std::vector<std::vector<PurchaseCell>> purchase_cells(const Timeline& timeline, const PurchaseQuestion& question,
                                                      const Slice& slice) {
  Fold f{question, slice, slice.codes(timeline), timeline.ends_before(question.as_of_day), {}};
  for (std::uint32_t days = 0; days <= std::max(question.as_of_day, timeline.scale.days()); ++days) {
    f.unit_of.push_back(static_cast<std::uint16_t>(days / question.unit_days));
  }
  return fold(timeline, f, slice.options());
}

}  // namespace behoud::timeline
