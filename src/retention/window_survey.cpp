#include "retention/window_survey.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/together.h"
#include "retention/internal/purchases.h"
#include "retention/internal/window_counts.h"

namespace behoud::retention {

using calendar::Day;
using ledger::IdentityRef;
using ledger::OrderAssertion;
using ledger::Standing;

namespace {

// Total or gross, or what the other parts of the order make of one, is below zero. More orders are than are read as
// such: a difference of unlike parts is not looked at.
bool perhaps_negative(const OrderAssertion& o) {
  const auto below = [](std::optional<std::int64_t> minor) { return minor.value_or(0) < 0; };
  if (below(o.gross_minor) || below(o.total_minor) || below(o.tax_minor) || below(o.shipping_minor)) return true;
  if (o.gross_minor || !o.total_minor) return false;
  return *o.total_minor - o.tax_minor.value_or(0) < o.shipping_minor.value_or(0);
}

}  // namespace

WindowSurvey::WindowSurvey(calendar::Zone zone, std::map<std::string, Standing, std::less<>> statuses)
    : zone_(std::move(zone)), statuses_(std::move(statuses)) {}
WindowSurvey::WindowSurvey(WindowSurvey&&) noexcept = default;
WindowSurvey::~WindowSurvey() = default;

void WindowSurvey::order(const OrderAssertion& o) {
  if (unsure_) return;
  if (!o.placed || (!o.gross_minor && !o.total_minor) || !o.alias.empty() || perhaps_negative(o)) {
    unsure_ = true;
    return;
  }
  if (o.status != word_) {
    word_.assign(o.status);
    const auto own = statuses_.find(word_);
    const bool overridden = own != statuses_.end() && !word_.empty();
    standing_ = overridden ? own->second : ledger::standing_of(word_);
  }
  const bool plain = standing_ == Standing::kCounts && !o.test && o.refunds.empty() &&
                     o.refund_minor.value_or(0) <= 0 && !o.cancelled_at;
  if (plain) {
    const Day day = zone_.day_of(*o.placed);
    last_ = std::max(last_.value_or(day), day);
    if (o.customer.space == ledger::IdentitySpace::kNone) return;
    return add(o.customer, day);
  }
  if (!others_) {
    timeline::BuildSettings settings;
    settings.zone = zone_;
    settings.statuses = statuses_;
    others_.emplace(std::move(settings));
  }
  if (!others_->add(o, calendar::Instant{0}, ++other_orders_)) unsure_ = true;
}

void WindowSurvey::add(IdentityRef customer, Day day) {
  const std::uint64_t hash = table_hash(HashKey{static_cast<std::uint64_t>(customer.space), 0}, customer.value);
  List& list = lists_[hash >> 56];
  if (list.size % List::kBlock == 0) list.blocks.push_back(std::make_unique_for_overwrite<OrderDay[]>(List::kBlock));
  list.blocks.back()[list.size++ % List::kBlock] = {static_cast<std::uint32_t>(hash),
                                                    static_cast<std::uint32_t>(hash >> 32), day};
}

// The days on which the orders that were set apart count, as seen after the last order of all.
bool WindowSurvey::add_others() {
  if (!others_) return true;
  const auto built = std::move(*others_).finish();
  if (!built) return false;
  const timeline::Histories& h = *built;
  std::optional<Day> last = last_;
  if (h.last_order_day) last = std::max(last.value_or(*h.last_order_day), *h.last_order_day);
  if (!last) return true;
  const Purchases purchases(h, as_of(h, zone_.first_instant(*last + 1)));
  for (std::size_t c = 0; c < purchases.customers(); ++c) {
    for (const Day day : purchases.days_of(c)) add({h.customer_space[c], h.customer_key[c]}, day);
  }
  return true;
}

std::optional<WindowChoice> WindowSurvey::choose() && {
  if (unsure_ || !add_others()) return std::nullopt;
  std::vector<WindowCounts> counts(kParts);
  run_in_parts(kLists, [&](std::size_t part, std::size_t begin, std::size_t end) {
    std::vector<OrderDay> days;
    for (std::size_t l = begin; l < end; ++l) {
      days.clear();
      for (std::size_t i = 0; i < lists_[l].size; ++i)
        days.push_back(lists_[l].blocks[i / List::kBlock][i % List::kBlock]);
      lists_[l].blocks.clear();
      std::sort(days.begin(), days.end());
      for (std::size_t i = 1; i < days.size(); ++i) {
        const OrderDay &a = days[i - 1], &b = days[i];
        const bool same = a.customer_low == b.customer_low && a.customer_high == b.customer_high;
        if (same && a.day != b.day) counts[part].add(b.day - a.day);
      }
    }
  });
  for (std::size_t part = 1; part < kParts; ++part) counts[0].add(counts[part]);
  return counts[0].choose();
}

}  // namespace behoud::retention
