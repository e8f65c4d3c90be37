#include "retention/internal/shop.h"

#include <algorithm>
#include <array>

#include "base/together.h"

namespace behoud::retention {

using calendar::Day;

Result<Shop> Shop::open(const Source& source, const ShopSettings& s, const Question& q) {
  const timeline::Histories& h = source.histories;
  Shop shop;
  shop.histories = &h;
  shop.window_days = q.window_days.value_or(s.window_days);
  shop.view = source.at(q.as_of);
  shop.now = shop.view->now();
  shop.purchases = &shop.view->purchases();
  TRY_ASSIGN(shop.population, Population::create(h, *shop.view, q.basis, shop.window_days, q.kinds));
  shop.first_day = shop.purchases->history_start;
  shop.basics = {.as_of = shop.now.at,
                 .revision = h.revision,
                 .history_start = shop.first_day,
                 .window_days = shop.window_days,
                 .basis = q.basis,
                 .grain = q.grain,
                 .zone = h.zone.name(),
                 .currency = h.currency.code(),
                 .as_of_known = shop.now.known};
  return shop;
}

Result<Basics> basics_of(const Source& source, const ShopSettings& s, const Question& q) {
  TRY_ASSIGN(Shop shop, Shop::open(source, s, q));
  return std::move(shop.basics);
}

const OrderTimeline& Shop::orders() const {
  return view->shared<OrderTimeline>([this] { return OrderTimeline(*histories, *purchases); });
}

std::optional<Day> Shop::first_known_day() const {
  if (basics.basis == Basis::kOrders || !population->first_since()) return first_day;
  return std::min(first_day.value_or(*population->first_since()), *population->first_since());
}

Result<Axis> Shop::axis(const Question& q) const { return Axis::create(q, first_known_day(), now); }

bool Shop::warming_up(Day a) const {
  const auto edge = population->left_edge();
  return edge && !population->whole_life() && a < *edge + window_days;
}

bool Shop::new_may_be_old(Day a) const {
  const auto edge = population->left_edge();
  return edge && !population->whole_life() && a < *edge + 4 * window_days;
}

PeriodHead Shop::head(const Axis& axis, int p) const {
  const calendar::Period& period = axis.periods()[static_cast<std::size_t>(p)];
  PeriodHead head;
  head.period_start = period.begin();
  head.period_end = period.end();
  head.complete = axis.complete(p);
  if (!head.complete) head.evaluated_to = axis.points()[static_cast<std::size_t>(p) + 1];
  head.warming_up = warming_up(period.begin());
  head.new_at_most = new_may_be_old(period.begin());
  return head;
}

SplitOf::SplitOf(const Shop& shop, Split split) {
  const timeline::Histories& h = *shop.histories;
  if (split == Split::kNone) {
    names_.emplace_back();
    return;
  }
  const std::vector<timeline::Code>* codes = nullptr;
  const timeline::Texts* texts = nullptr;
  switch (split) {
    case Split::kSource:
      codes = &h.source;
      texts = &h.sources;
      break;
    case Split::kCountry:
      codes = &h.country;
      texts = &h.countries;
      break;
    case Split::kItem:
      codes = &h.item;
      texts = &h.items;
      break;
    case Split::kCoupon:
    case Split::kNone:
      codes = &h.coupon;
      texts = &h.coupons;
      break;
  }
  const auto own_part =
      std::make_shared<ZeroedArray<std::uint32_t>>(h.customers() + timeline::kColumnPadding / sizeof(std::uint32_t));
  ZeroedArray<std::uint32_t>& part_of = *own_part;
  std::vector<std::uint32_t> part_of_code(texts->size(), 0);
  std::array<std::vector<std::uint8_t>, kParts> seen;
  run_in_parts(h.customers(), [&](std::size_t stretch, std::size_t begin, std::size_t end) {
    seen[stretch].assign(texts->size(), 0);
    for (std::size_t c = begin; c < end; ++c) {
      const std::uint32_t first = shop.purchases->begin[c];
      if (first == shop.purchases->begin[c + 1] || codes->empty()) continue;
      part_of[c] = (*codes)[shop.purchases->row(first)];
      seen[stretch][part_of[c]] = 1;
    }
  });
  for (const auto& own : seen) {
    for (std::size_t code = 0; code < own.size(); ++code) part_of_code[code] |= own[code];
  }
  part_of_code[0] = 1;
  std::vector<timeline::Code> used;
  for (timeline::Code code = 0; code < part_of_code.size(); ++code) {
    if (part_of_code[code]) used.push_back(code);
  }
  std::sort(used.begin(), used.end(),
            [texts](timeline::Code a, timeline::Code b) { return (*texts)[a] < (*texts)[b]; });
  for (std::uint32_t part = 0; part < used.size(); ++part) {
    names_.push_back((*texts)[used[part]]);
    part_of_code[used[part]] = part;
  }
  run_in_parts(h.customers(), [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t c = begin; c < end; ++c) part_of[c] = part_of_code[part_of[c]];
  });
  part_ = own_part;
}

std::optional<timeline::Column> SplitOf::column() const {
  if (!part_) return std::nullopt;
  const auto all = part_->span();
  return timeline::Column{.data = reinterpret_cast<const std::byte*>(all.data()),
                          .count = all.size() - timeline::kColumnPadding / sizeof(std::uint32_t),
                          .width = sizeof(std::uint32_t)};
}

std::optional<std::size_t> SplitOf::find(std::string_view name) const {
  const auto at = std::lower_bound(names_.begin(), names_.end(), name);
  if (at == names_.end() || *at != name) return std::nullopt;
  return static_cast<std::size_t>(at - names_.begin());
}

Result<void> check_cells(std::size_t cells) {
  if (cells <= kCellsMax) return {};
  return fail(Errc::kOutOfRange, "the answer would have more than 4,000,000 cells",
              "ask for a coarser grain, a shorter span, or no split");
}

}  // namespace behoud::retention
