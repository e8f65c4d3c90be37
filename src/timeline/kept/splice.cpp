#include "timeline/kept/splice.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "base/huge_pages.h"
#include "base/together.h"

namespace behoud::timeline {
namespace {

// Adds what `texts` lacks of `others`; gives the code of each of those.
std::vector<Code> joined(Texts& texts, const Texts& others) {
  std::vector<Code> out(others.size());
  if (others.size() <= 1) return out;
  // What is known by its text stays where it is while others come.
  texts.by_code.reserve(texts.size() + others.size());
  std::unordered_map<std::string_view, Code> known;
  for (Code code = 0; code < texts.size(); ++code) known.emplace(texts[code], code);
  for (Code code = 1; code < others.size(); ++code) {
    const auto found = known.find(others[code]);
    out[code] = found != known.end() ? found->second : static_cast<Code>(texts.size());
    if (found == known.end()) texts.by_code.emplace_back(others[code]);  // each word is once in `others`
  }
  return out;
}

}  // namespace

Splice::Splice(TracedHistories then, TracedHistories anew, std::vector<Piece> pieces,
               std::span<const std::uint32_t> left)
    : then_(then), anew_(anew), pieces_(std::move(pieces)) {
  of_piece_.resize(pieces_.size());
  of_then_.assign(then_.histories.customers(), kNobody);
  std::uint32_t at = 0;
  const std::vector<std::uint64_t>& appeared = then_.trace.appeared;
  for (std::size_t p = 0; p < pieces_.size(); ++p) {
    const auto place = std::lower_bound(appeared.begin() + at, appeared.end(), pieces_[p].appeared);
    const auto before = static_cast<std::uint32_t>(place - appeared.begin());
    take_over(at, before, left);
    at = before;
    add({.from = pieces_[p].from, .customer = pieces_[p].customer, .customers = 1, .piece = p});
    of_piece_[p] = customers_ - 1;
  }
  take_over(at, static_cast<std::uint32_t>(then_.histories.customers()), left);
}

void Splice::take_over(std::uint32_t begin, std::uint32_t end, std::span<const std::uint32_t>& left) {
  while (begin < end) {
    while (!left.empty() && left.front() < begin) left = left.subspan(1);
    const std::uint32_t until = left.empty() ? end : std::min(end, left.front());
    if (begin < until) {
      for (std::uint32_t c = begin; c < until; ++c) of_then_[c] = customers_ + (c - begin);
      add({.from = From::kThen, .customer = begin, .customers = until - begin});
    }
    begin = until < end ? until + 1 : end;
  }
}

void Splice::add(Run run) {
  run.to = customers_;
  run.to_row = rows_;
  if (run.from != From::kNothing) {
    const Histories& h = source(run.from);
    run.row = h.order_begin[run.customer];
    run.rows = h.order_begin[run.customer + run.customers] - run.row;
  }
  customers_ += run.customers;
  rows_ += run.rows;
  runs_.push_back(run);
}

template <class T>
void Splice::lay(bool present, const std::vector<T>& then, const std::vector<T>& anew, T absent, std::vector<T>& out,
                 const std::vector<Code>* code_of_anew) const {
  if (!present) return;
  resize_huge(out, rows_);
  for (const Run& run : runs_) {
    if (run.rows == 0) continue;
    const std::vector<T>& from = run.from == From::kAnew ? anew : then;
    const auto to = out.begin() + static_cast<std::ptrdiff_t>(run.to_row);
    if (from.empty()) {
      std::fill_n(to, run.rows, absent);
      continue;
    }
    const auto first = from.begin() + static_cast<std::ptrdiff_t>(run.row);
    if (run.from == From::kAnew && code_of_anew != nullptr) {
      if constexpr (std::is_same_v<T, Code>) {
        std::transform(first, first + static_cast<std::ptrdiff_t>(run.rows), to,
                       [&](Code code) { return (*code_of_anew)[code]; });
      }
    } else {
      std::copy_n(first, run.rows, to);
    }
  }
}

void Splice::fill_customers(Histories& h, Trace& trace) const {
  h.order_begin.resize(customers_ + 1);
  h.customer_space.resize(customers_);
  h.customer_key.resize(customers_);
  h.customer_label.resize(customers_);
  h.known_since.resize(customers_);
  h.orders_before.resize(customers_);
  trace.appeared.resize(customers_);
  run_in_parts(customers_, [&](std::size_t, std::size_t begin, std::size_t end) {
    auto run =
        std::upper_bound(runs_.begin(), runs_.end(), begin, [](std::size_t c, const Run& r) { return c < r.to; });
    if (run != runs_.begin()) --run;
    for (; run != runs_.end() && run->to < end; ++run) {
      const Histories& from = source(run->from);
      const std::size_t last = std::min<std::size_t>(end, run->to + run->customers);
      for (std::size_t c = std::max<std::size_t>(begin, run->to); c < last; ++c) {
        const std::size_t s = run->customer + (c - run->to);
        h.order_begin[c + 1] = static_cast<std::uint32_t>(run->to_row + run->rows);
        if (run->from == From::kNothing) {
          h.customer_space[c] = pieces_[run->piece].space;
          h.customer_key[c] = pieces_[run->piece].key;
          trace.appeared[c] = pieces_[run->piece].appeared;
          continue;
        }
        h.order_begin[c + 1] = static_cast<std::uint32_t>(run->to_row + (from.order_begin[s + 1] - run->row));
        h.customer_space[c] = from.customer_space[s];
        h.customer_key[c] = from.customer_key[s];
        h.customer_label[c] = from.customer_label[s];
        h.known_since[c] = from.known_since[s];
        h.orders_before[c] = from.orders_before[s];
        trace.appeared[c] = run->piece == kNoPiece ? then_.trace.appeared[s] : pieces_[run->piece].appeared;
      }
    }
  });
}

void Splice::fill_steps(Histories& h) const {
  h.steps.reserve(then_.histories.steps.size() + anew_.histories.steps.size());
  for (const Run& run : runs_) {
    if (run.rows == 0) continue;
    const std::vector<OrderStep>& from = source(run.from).steps;
    auto step = std::ranges::lower_bound(from, run.row, {}, &OrderStep::order);
    for (; step != from.end() && step->order < run.row + run.rows; ++step) {
      OrderStep& out = h.steps.emplace_back(*step);
      out.order = static_cast<std::uint32_t>(run.to_row + (step->order - run.row));
    }
  }
}

void Splice::fill(Histories& h, Trace& trace, bool any_unconverted) const {
  const Histories &then = then_.histories, &anew = anew_.histories;
  trace.stated = static_cast<std::uint16_t>(then_.trace.stated | anew_.trace.stated);
  const auto states = [&trace](Trace::Stated which) { return (trace.stated & which) != 0; };
  h.items = then.items;
  h.coupons = then.coupons;
  h.sources = then.sources;
  h.countries = then.countries;
  const std::vector<Code> items = joined(h.items, anew.items), coupons = joined(h.coupons, anew.coupons),
                          sources = joined(h.sources, anew.sources), countries = joined(h.countries, anew.countries);
  constexpr std::int64_t kNone = 0;
  const bool dates = !then.date_only.empty() || !anew.date_only.empty();
  const std::vector<std::function<void()>> tasks = {
      [&] { fill_customers(h, trace); },
      [&] { lay(true, then.order_at, anew.order_at, calendar::Instant{}, h.order_at); },
      [&] { lay(true, then.gross_minor, anew.gross_minor, kNone, h.gross_minor); },
      [&] { lay(states(Trace::kTax), then.tax_minor, anew.tax_minor, kNone, h.tax_minor); },
      [&] { lay(states(Trace::kShipping), then.shipping_minor, anew.shipping_minor, kNone, h.shipping_minor); },
      [&] { lay(states(Trace::kDiscount), then.discount_minor, anew.discount_minor, kNone, h.discount_minor); },
      [&] { lay(states(Trace::kUnits), then.units_milli, anew.units_milli, kNone, h.units_milli); },
      [&] { lay(states(Trace::kItemCost), then.item_cost_minor, anew.item_cost_minor, kNone, h.item_cost_minor); },
      [&] {
        lay(states(Trace::kItemCost), then.costed_gross_minor, anew.costed_gross_minor, kNone, h.costed_gross_minor);
      },
      [&] { lay(true, then.order_day, anew.order_day, calendar::Day{}, h.order_day); },
      [&] { lay(true, then_.trace.order_seq, anew_.trace.order_seq, Code{0}, trace.order_seq); },
      [&] { lay(states(Trace::kItem), then.item, anew.item, Code{0}, h.item, &items); },
      [&] { lay(states(Trace::kCoupon), then.coupon, anew.coupon, Code{0}, h.coupon, &coupons); },
      [&] { lay(states(Trace::kSource), then.source, anew.source, Code{0}, h.source, &sources); },
      [&] { lay(states(Trace::kCountry), then.country, anew.country, Code{0}, h.country, &countries); },
      [&] { lay(dates, then.date_only, anew.date_only, std::uint8_t{0}, h.date_only); },
      [&] { lay(any_unconverted, then.converted, anew.converted, std::uint8_t{1}, h.converted); },
      [&] { fill_steps(h); },
  };
  run_together(tasks);
  if (std::ranges::none_of(h.date_only, [](std::uint8_t alone) { return alone != 0; })) h.date_only = {};
}

std::vector<std::uint32_t> Splice::laid(std::span<const std::uint32_t> of_then,
                                        std::span<const std::uint32_t> of_pieces) const {
  std::vector<std::uint32_t> out(customers_);
  for (std::size_t c = 0; c < of_then_.size(); ++c) {
    if (of_then_[c] != kNobody) out[of_then_[c]] = of_then[c];
  }
  for (std::size_t p = 0; p < pieces_.size(); ++p) out[of_piece_[p]] = of_pieces[p];
  return out;
}

}  // namespace behoud::timeline
