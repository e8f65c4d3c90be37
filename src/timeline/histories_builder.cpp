#include "timeline/histories_builder.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <numeric>
#include <optional>
#include <utility>

#include "timeline/internal/clustering.h"
#include "timeline/internal/intake.h"
#include "timeline/internal/loose_refunds.h"
#include "timeline/internal/orders_beside.h"
#include "timeline/internal/statements_taken.h"

namespace behoud::timeline {
namespace {

using calendar::Day;

// The orders whose money was taken back, before the columns that this is made from are gone.
void fill_steps(const std::map<std::uint32_t, std::vector<Taken>>& matched, const Intake& intake,
                const OrderWorth& worth, const Clustering& orders, std::vector<std::uint32_t> stepped, Histories& h) {
  for (const auto& [row, taken] : matched) stepped.push_back(row);
  std::sort(stepped.begin(), stepped.end());
  stepped.erase(std::unique(stepped.begin(), stepped.end()), stepped.end());
  for (const std::uint32_t row : stepped) {
    const std::size_t i = orders.place_of(row);
    const auto extra = matched.find(row);
    for (OrderStep step : worth.steps_of(row, extra != matched.end() ? extra->second : std::vector<Taken>{})) {
      step.order = static_cast<std::uint32_t>(i);
      step.refunded_minor = worth.convert(step.refunded_minor, intake.staged.currency[row], h.order_day[i]).value_or(0);
      h.steps.push_back(step);
    }
  }
  std::sort(h.steps.begin(), h.steps.end(), [](const OrderStep& a, const OrderStep& b) {
    return std::pair(a.order, a.at_ms) < std::pair(b.order, b.at_ms);
  });
}

// The seqs of staged rows, which ascend. Most rows' seqs follow each other: kept is where they do not.
class RowSeqs {
 public:
  void add(std::uint32_t row, std::uint64_t seq) {
    if (runs_.empty() || seq - runs_.back().second != row - runs_.back().first) runs_.emplace_back(row, seq);
  }
  std::uint64_t operator[](std::uint32_t row) const {
    const auto after = std::upper_bound(runs_.begin(), runs_.end(), row,
                                        [](std::uint32_t r, const auto& run) { return r < run.first; });
    const auto& [first, seq] = *std::prev(after);
    return seq + (row - first);
  }

 private:
  std::vector<std::pair<std::uint32_t, std::uint64_t>> runs_;  // from this row on
};

}  // namespace

struct HistoriesBuilder::Impl {
  explicit Impl(BuildSettings settings) : intake(std::move(settings)) {}

  bool takes_seqs() const { return intake.settings.keep_seqs || intake.settings.trace != nullptr; }

  // Remembers what a call without a Result could not say; finish() says it.
  void broken(const Error& e) {
    if (!first_error) first_error = e;
  }

  Result<Histories> finish(OrdersBeside* beside) {
    if (first_error) return std::unexpected(*first_error);
    TRY(intake.people.settle());
    Histories h;
    if (intake.settings.trace != nullptr) trace_people();
    {
      std::optional<StatementsTaken> taken;
      std::function<void(std::uint32_t)> chain;
      if (Statements* const to = intake.settings.statements; to != nullptr) {
        taken.emplace(intake, [this](std::uint32_t row) { return seqs[row]; }, *to);
        chain = [&taken](std::uint32_t head) { taken->take_chain(head); };
      }
      const SettledOrders settled(intake, chain);
      const OrderWorth worth(intake, settled);
      h.zone = intake.settings.zone;
      h.currency = worth.reporting();
      h.margin_rate_millionth = intake.settings.margin_rate_millionth;
      TRY_ASSIGN(ChosenRows chosen, choose_rows(intake, settled, worth, intake.loose, h));
      if (taken) taken->take_orders(settled, chosen);
      taken.reset();
      Clustering orders(intake, worth, chosen, h);
      if (intake.settings.keep_seqs) {
        h.order_seq.resize(orders.size());
        for (std::size_t i = 0; i < orders.size(); ++i) h.order_seq[i] = seqs[orders.row(i)];
      }
      std::vector<UnmatchedLoose> unmatched;
      const bool traced = intake.settings.trace != nullptr;
      TRY_ASSIGN(const MatchedRefunds matched,
                 match_loose_refunds(std::move(intake.loose), intake, worth, orders, h, traced ? &unmatched : nullptr));
      if (traced) trace_orders(chosen, worth, unmatched, orders);
      fill_steps(matched, intake, worth, orders, std::move(chosen.stepped), h);
      assert(beside == nullptr || intake.settings.keep_order_ids);
      if (beside != nullptr) *beside = orders_beside(matched, intake, worth, chosen, orders);
      orders.fill_columns();
    }
    std::move(intake.people).fill(h);
    fill_beside(h);
    return h;
  }

  void fill_beside(Histories& h) {
    h.items = std::move(intake.items).take();
    h.coupons = std::move(intake.coupons).take();
    h.sources = std::move(intake.sources).take();
    h.countries = std::move(intake.countries).take();
    h.kinds = std::move(kinds).take();
    std::stable_sort(subscriptions.begin(), subscriptions.end(), [](const Subscription& a, const Subscription& b) {
      return std::pair(a.customer, a.start) < std::pair(b.customer, b.start);
    });
    if (intake.settings.trace != nullptr) trace_events();
    for (auto* acts : {&joined, &parted, &events}) std::stable_sort(acts->begin(), acts->end());
    h.subscriptions = std::move(subscriptions);
    h.relation_joined = std::move(joined);
    h.relation_left = std::move(parted);
    h.events = std::move(events);
    h.costs = std::move(costs);
  }

  void trace_orders(const ChosenRows& chosen, const OrderWorth& worth, const std::vector<UnmatchedLoose>& unmatched,
                    const Clustering& orders) {
    Trace& to = *intake.settings.trace;
    to.magnitude = chosen.magnitude;
    const Staging& staged = intake.staged;
    const auto state = [&to](Trace::Stated which, const auto& column) {
      if (!column.empty()) to.stated = static_cast<std::uint16_t>(to.stated | which);
    };
    state(Trace::kTax, staged.tax);
    state(Trace::kShipping, staged.shipping);
    state(Trace::kDiscount, staged.discount);
    state(Trace::kUnits, staged.units);
    state(Trace::kItemCost, staged.item_cost);
    state(Trace::kItem, staged.item);
    state(Trace::kCoupon, staged.coupon);
    state(Trace::kSource, staged.source);
    state(Trace::kCountry, staged.country);
    to.order_seq.resize(orders.size());
    for (std::size_t i = 0; i < orders.size(); ++i) to.order_seq[i] = to.number_of(seqs[orders.row(i)]);
    std::map<std::pair<std::string_view, Code>, std::uint32_t> whys;
    for (const LeftOutRow& o : chosen.left_out) {
      const auto [why, is_new] = whys.try_emplace({o.reason, o.word}, static_cast<std::uint32_t>(to.whys.size()));
      if (is_new) to.whys.push_back({std::string(o.reason), std::string(intake.status_words[o.word])});
      to.left_out.push_back({.gross_minor = o.gross_minor,
                             .seq = to.number_of(seqs[o.row]),
                             .why = why->second,
                             .day = o.day ? o.day->number : Trace::kNoDay});
    }
    for (const std::uint32_t row : chosen.unconverted) {
      to.unconverted.push_back(
          {worth.gross_of(row), to.number_of(seqs[row]), intake.currencies[intake.staged.currency[row]].packed()});
    }
    for (const UnmatchedLoose& refund : unmatched) {
      const bool of_row = LooseRefund::of_row(LooseRefund::row_of(refund.arrival)) == refund.arrival;
      const std::uint64_t seq =
          of_row ? seqs[LooseRefund::row_of(refund.arrival)] : loose_seqs[static_cast<std::uint32_t>(refund.arrival)];
      to.unmatched_refunds.push_back(
          {refund.minor, to.number_of(seq), refund.customer == kNoRow ? Trace::kOfNobody : refund.customer});
    }
  }

  // By whose orders and refunds there are, in the order in which they came, customers were numbered. Before the orders
  // are settled: who first spoke of one need not be whose it is.
  void trace_people() {
    Trace& to = *intake.settings.trace;
    constexpr std::uint64_t kNot = ~std::uint64_t{0};
    to.appeared.assign(intake.people.size(), kNot);
    const auto meet = [&](std::uint32_t customer, std::uint64_t seq) {
      if (customer != kNoRow) to.appeared[customer] = std::min(to.appeared[customer], seq);
    };
    for (std::uint32_t row = 0; row < intake.staged.rows; ++row) meet(intake.people.customer_of_row[row], seqs[row]);
    for (const auto& [customer, seq] : met_by_refund) meet(customer, seq);
    to.appeared.erase(std::ranges::find(to.appeared, kNot), to.appeared.end());
  }

  // The events' seqs in the order that they are about to be brought into.
  void trace_events() {
    std::vector<std::uint32_t> order(events.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::stable_sort(order, {}, [this](std::uint32_t i) { return events[i]; });
    Trace& to = *intake.settings.trace;
    to.event_seq.reserve(order.size());
    for (const std::uint32_t i : order) to.event_seq.push_back(to.number_of(event_seqs[i]));
  }

  Intake intake;
  std::optional<Error> first_error;
  std::vector<std::uint64_t> loose_seqs, event_seqs;  // these three where a trace is kept
  std::vector<std::pair<std::uint32_t, std::uint64_t>> met_by_refund;
  std::uint64_t last_seq = 0;
  RowSeqs seqs;
  Dictionary kinds;
  std::vector<Subscription> subscriptions;
  std::vector<Act> joined, parted, events;
  std::vector<CostEntry> costs;
};

HistoriesBuilder::HistoriesBuilder(BuildSettings settings) : impl_(std::make_unique<Impl>(std::move(settings))) {}
HistoriesBuilder::HistoriesBuilder(HistoriesBuilder&&) noexcept = default;
HistoriesBuilder::~HistoriesBuilder() = default;

Result<void> HistoriesBuilder::add(const ledger::OrderAssertion& assertion, calendar::Instant received,
                                   std::uint64_t seq) {
  assert(seq >= impl_->last_seq);
  impl_->last_seq = seq;
  if (impl_->takes_seqs()) impl_->seqs.add(impl_->intake.staged.rows, seq);
  return impl_->intake.add(assertion, received);
}

Result<void> HistoriesBuilder::add_refund(ledger::IdentityRef customer, calendar::Moment at, money::Money refund,
                                          std::uint64_t seq) {
  assert(seq >= impl_->last_seq);
  impl_->last_seq = seq;
  TRY(impl_->intake.add_refund(customer, at, refund));
  Statements* const statements = impl_->intake.settings.statements;
  const std::uint32_t whose = impl_->intake.loose.back().customer;
  if (impl_->intake.settings.trace != nullptr) {
    impl_->loose_seqs.push_back(seq);
    if (whose != kNoRow) impl_->met_by_refund.emplace_back(whose, seq);
  }
  if (statements != nullptr && whose != kNoRow) statements->add(statements->refunds, whose, seq);
  return {};
}

std::uint32_t HistoriesBuilder::customer(ledger::IdentityRef identity) {
  const Result<std::uint32_t> found = impl_->intake.people.find_or_make(identity);
  if (!found) impl_->broken(found.error());
  return found.value_or(0);
}

std::uint32_t HistoriesBuilder::customers() {
  if (const auto settled = impl_->intake.people.settle(); !settled) impl_->broken(settled.error());
  return static_cast<std::uint32_t>(impl_->intake.people.size());
}

void HistoriesBuilder::describe(std::uint32_t customer, std::string_view label, std::optional<Day> known_since,
                                std::uint32_t orders_before) {
  People& people = impl_->intake.people;
  if (customer >= people.size()) return;
  if (!label.empty()) {
    if (const auto set = people.set_label(customer, label); !set) impl_->broken(set.error());
  }
  people.describe(customer, known_since, orders_before);
}

void HistoriesBuilder::add_subscription(Subscription s) { impl_->subscriptions.push_back(std::move(s)); }
void HistoriesBuilder::add_joined(Act a) { impl_->joined.push_back(a); }
void HistoriesBuilder::add_left(Act a) { impl_->parted.push_back(a); }
void HistoriesBuilder::add_event(std::uint32_t customer, Day day, std::string_view kind, std::uint64_t seq) {
  const Result<Code> code = impl_->kinds.code(kind);
  if (!code) return impl_->broken(code.error());
  impl_->events.push_back({customer, day, *code});
  if (impl_->intake.settings.trace != nullptr) impl_->event_seqs.push_back(seq);
}
void HistoriesBuilder::add_cost(CostEntry c) { impl_->costs.push_back(std::move(c)); }

void HistoriesBuilder::report_in(money::Currency currency) {
  if (!impl_->intake.settings.currency.known()) impl_->intake.settings.currency = currency;
}

Result<Histories> HistoriesBuilder::finish(OrdersBeside* beside) && { return impl_->finish(beside); }

}  // namespace behoud::timeline
