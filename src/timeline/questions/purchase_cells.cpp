#include "timeline/questions/purchase_cells.h"

#include <array>
#include <bit>

#include "base/huge_pages.h"
#include "base/prefetch.h"
#include "timeline/internal/count_table.h"

namespace behoud::timeline {
namespace {

constexpr std::size_t kLaidOutMin = std::size_t{1} << 16, kLaidOutMax = std::size_t{1} << 20;  // cells: 12 MB a thread
constexpr std::uint32_t kPlanesMin = 8, kPlanesMax = 256;

// Cells by key: a plane by (T, t_x) for each x that there is room for, and a hash table for those who bought more
// often. Planes that few customers have a cell in stay out of the cache's way, and what nobody touches costs nothing.
class Cells {
 public:
  // `ages` is one more than the greatest T. Nothing is laid out where there are no planes.
  Cells(std::uint32_t ages, std::uint32_t planes)
      : ages_(ages), planes_(planes), cells_(std::size_t{planes} * plane_of(ages)), memory_(memory_of(cells_)) {
    if (cells_ == 0) return;
    laid_out_ = reinterpret_cast<Cell*>(memory_.data());
    high_ = reinterpret_cast<std::uint32_t*>(laid_out_ + cells_);
  }
  static std::size_t plane_of(std::uint32_t ages) { return std::size_t{ages} * (ages + 1) / 2; }

  std::size_t place(std::uint32_t recency, std::uint32_t age, std::uint32_t repeats) const {
    return repeats * plane_of(ages_) + plane_of(age) + recency;
  }
  bool has_place(std::uint32_t repeats) const { return repeats < planes_; }
  void prefetch(std::size_t place) const { prefetch_line(laid_out_ + place); }
  void add(std::size_t place, std::int64_t spend) {
    Cell& cell = laid_out_[place];
    ++cell.count;
    const std::uint64_t sum = cell.low + static_cast<std::uint64_t>(spend);
    cell.low = static_cast<std::uint32_t>(sum);
    if (sum >> 32 != 0) [[unlikely]]
      high_[place] += static_cast<std::uint32_t>(sum >> 32);
  }
  CountTable& others() { return others_; }

  void merge(Cells& from) {
    for (std::size_t i = 0; i < cells_; ++i) {
      if (from.laid_out_[i].count == 0) continue;
      laid_out_[i].count += from.laid_out_[i].count - 1;
      add(i, from.sum(i));
    }
    if (others_.size() < from.others_.size()) std::swap(others_, from.others_);
    others_.merge(from.others_);
  }
  std::vector<PurchaseCell> finish() {
    std::vector<PurchaseCell> out;
    std::size_t used = others_.size(), i = 0;
    for (; i < cells_; ++i) used += laid_out_[i].count != 0;
    out.reserve(used);
    i = 0;
    for (std::uint32_t repeats = 0; repeats < planes_; ++repeats) {
      for (std::uint32_t age = 0; age < ages_; ++age) {
        for (std::uint32_t recency = 0; recency <= age; ++recency, ++i) {
          if (laid_out_[i].count != 0) out.push_back({repeats, recency, age, laid_out_[i].count, sum(i)});
        }
      }
    }
    others_.for_each([&](const CountTable::Slot& slot) {
      out.push_back({static_cast<std::uint32_t>(slot.key >> 32), static_cast<std::uint32_t>(slot.key >> 16 & 0xFFFF),
                     static_cast<std::uint32_t>(slot.key & 0xFFFF), slot.count, slot.sum});
    });
    return out;
  }

 private:
  // Eight bytes a cell: a plane of three years in weeks takes 100 kB, and those of a few repeats lie in a core's own
  // cache. The upper half of a sum changes with one customer in thousands.
  struct Cell {
    std::uint32_t count = 0, low = 0;
  };
  std::int64_t sum(std::size_t place) const {
    return static_cast<std::int64_t>(std::uint64_t{high_[place]} << 32 | laid_out_[place].low);
  }
  // In huge pages: of a small one that is read before it is written the other thread hears as well, which takes more
  // than all the counting.
  static ZeroedBytes memory_of(std::size_t cells) {
    const std::size_t bytes = cells * (sizeof(Cell) + sizeof(std::uint32_t));
    return {bytes, bytes >= kHugePageBytes / 2 ? 0 : bytes};
  }
  std::uint32_t ages_, planes_;
  std::size_t cells_;
  ZeroedBytes memory_;
  Cell* laid_out_ = nullptr;
  std::uint32_t* high_ = nullptr;
  CountTable others_;
};

struct Fold {
  const PurchaseQuestion& question;
  const Slice& slice;
  std::size_t codes;
  bool sees_all;  // as-of lies behind every order
  // unit_of[days] = days / unit_days: a load instead of a division
  std::vector<std::uint16_t> unit_of;
  std::uint32_t ages = 0, planes = 0;

  using State = std::vector<Cells>;
  State empty() const {
    State out;
    for (std::size_t c = 0; c < codes; ++c) out.emplace_back(ages, planes);
    return out;
  }
  void merge(State& into, State&& from) const {
    for (std::size_t c = 0; c < codes; ++c) into[c].merge(from[c]);
  }
  std::vector<std::vector<PurchaseCell>> finish(State&& s) const {
    std::vector<std::vector<PurchaseCell>> out;
    for (Cells& cells : s) out.push_back(cells.finish());
    return out;
  }

  void block(State& s, const Block& block) const {
    const Segment& segment = *block.segment;
    const Column* code = slice.split ? &segment.customer_dimension(*slice.split) : nullptr;
    const Column& spend = segment.spend();
    for (std::uint32_t from = block.begin; from < block.end; from += 64) {
      const std::uint64_t word = block.word(from);
      const std::uint32_t n = std::min(64U, block.end - from);
      if (!sees_all) {
        for (std::uint64_t left = word; left != 0; left &= left - 1) {
          const std::uint32_t i = from + static_cast<std::uint32_t>(std::countr_zero(left));
          const auto cell = purchases_of(CustomerView(segment, i), question);
          if (cell) add(s[code == nullptr ? 0 : static_cast<std::size_t>((*code)[i])], *cell);
        }
        continue;
      }
      if (spend.width == 4 && code == nullptr) {
        const std::uint32_t* stored = spend.as<std::uint32_t>() + from;
        add_word(s, block, from, n, word, code, [&](std::uint32_t k) { return spend.base + std::int64_t{stored[k]}; });
      } else {
        add_word(s, block, from, n, word, code, [&](std::uint32_t k) { return spend[from + k]; });
      }
    }
  }

 private:
  static std::uint64_t key_of(const auto& cell) {
    return std::uint64_t{cell.repeats} << 32 | std::uint64_t{cell.recency} << 16 | cell.age;
  }

  static void add(Cells& cells, const PurchaseCell& cell) {
    if (cells.has_place(cell.repeats)) {
      cells.add(cells.place(cell.recency, cell.age, cell.repeats), cell.spend_minor);
    } else {
      cells.others().add(key_of(cell), 1, cell.spend_minor);
    }
  }

  // Up to 64 customers of whom the columns say all: those with orders are gathered without a branch, their cells
  // fetched from memory, then added to.
  template <class Spend>
  void add_word(State& s, const Block& block, std::uint32_t from, std::uint32_t n, std::uint64_t word,
                const Column* code, const Spend& spend) const {
    const std::uint32_t* begin = block.segment->order_begin() + from;
    const std::uint16_t* first_day = block.segment->first_day() + from;
    const std::uint16_t* last_day = block.segment->last_day() + from;
    std::array<std::uint8_t, 64> who{};
    std::uint32_t found = 0;
    for (std::uint32_t k = 0; k < n; ++k) {
      who[found] = static_cast<std::uint8_t>(k);
      found += static_cast<std::uint32_t>(word >> k & 1) & static_cast<std::uint32_t>(first_day[k] != kNoDay);
    }
    struct Found {
      std::size_t place = 0;
      std::uint32_t repeats = 0;
      std::uint16_t recency = 0, age = 0;
    };
    std::array<Found, 64> cells;
    for (std::uint32_t f = 0; f < found; ++f) {
      const std::uint32_t k = who[f];
      const std::uint32_t repeats = begin[k + 1] - begin[k] - 1;
      const std::uint16_t recency = unit_of[last_day[k] - std::uint32_t{first_day[k]}];
      const std::uint16_t age = unit_of[question.as_of_day - first_day[k]];
      Cells& of_code = s[code == nullptr ? 0 : static_cast<std::size_t>((*code)[from + k])];
      cells[f] = {of_code.place(recency, age, repeats), repeats, recency, age};
      if (of_code.has_place(repeats)) {
        of_code.prefetch(cells[f].place);
      } else {
        of_code.others().prefetch(key_of(cells[f]));
      }
    }
    for (std::uint32_t f = 0; f < found; ++f) {
      Cells& of_code = s[code == nullptr ? 0 : static_cast<std::size_t>((*code)[from + who[f]])];
      const Found& cell = cells[f];
      if (of_code.has_place(cell.repeats)) [[likely]] {
        of_code.add(cell.place, spend(who[f]));
      } else {
        of_code.others().add(key_of(cell), 1, spend(who[f]));
      }
    }
  }
};

}  // namespace

std::optional<PurchaseCell> purchases_of(const CustomerView& customer, const PurchaseQuestion& question) {
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
  f.ages = question.as_of_day / question.unit_days + 1;
  // No more cells than pay: clearing one and looking whether it was used takes as long as a few customers.
  const std::size_t cells = std::clamp(static_cast<std::size_t>(timeline.customers()) / 2, kLaidOutMin, kLaidOutMax);
  const std::size_t room = cells / (Cells::plane_of(f.ages) * f.codes);
  f.planes = room < kPlanesMin ? 0 : static_cast<std::uint32_t>(std::min<std::size_t>(room, kPlanesMax));
  return fold(timeline, f, slice.options());
}

}  // namespace behoud::timeline
