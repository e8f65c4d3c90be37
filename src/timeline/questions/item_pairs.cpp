#include "timeline/questions/item_pairs.h"

#include <algorithm>
#include <tuple>

#include "timeline/internal/count_table.h"

namespace behoud::timeline {
namespace {

struct Fold {
  const PairQuestion& question;
  const Schema& schema;
  struct State {
    CountTable pairs;
    std::uint64_t left_out = 0;
    std::vector<std::uint32_t> items{};  // of the customer in hand
  };
  State empty() const { return {}; }
  void merge(State& into, State&& from) const {
    into.pairs.merge(from.pairs);
    into.left_out += from.left_out;
  }
  void step(State& s, const CustomerView& c) const {
    if (c.orders() < 2) return;  // an order is one event, which has one item
    s.items.clear();
    for (std::uint32_t e = 0; e < c.events(); ++e) {
      if (c.kind(e) != schema.order_kind) continue;
      const std::uint32_t item = c.event_dimension(question.dimension, e);
      if (item != 0) s.items.push_back(item);
    }
    std::ranges::sort(s.items);
    s.items.erase(std::unique(s.items.begin(), s.items.end()), s.items.end());
    if (s.items.size() > question.items_max) {
      ++s.left_out;
      return;
    }
    for (std::size_t i = 0; i < s.items.size(); ++i) {
      for (std::size_t j = i + 1; j < s.items.size(); ++j) {
        s.pairs.add(std::uint64_t{s.items[i]} << 32 | s.items[j], 1, 0);
      }
    }
  }
  ItemPairs finish(State&& s) const {
    ItemPairs out;
    out.left_out = s.left_out;
    s.pairs.for_each([&](const CountTable::Slot& slot) {
      out.pairs.push_back(
          {static_cast<std::uint32_t>(slot.key >> 32), static_cast<std::uint32_t>(slot.key), slot.count});
    });
    const auto order = [](const ItemPair& p) { return std::tuple(~p.customers, p.a, p.b); };
    const std::size_t keep = std::min(question.top, out.pairs.size());
    std::ranges::partial_sort(out.pairs, out.pairs.begin() + static_cast<std::ptrdiff_t>(keep), {}, order);
    out.pairs.resize(keep);
    return out;
  }
};

}  // namespace

std::vector<ItemPairs> item_pairs(const Timeline& timeline, const PairQuestion& question, const Slice& slice) {
  const Fold f{question, timeline.schema};
  if (slice.split) return fold_split(timeline, f, *slice.split, slice.options());
  return {fold(timeline, f, slice.options())};
}

}  // namespace behoud::timeline
