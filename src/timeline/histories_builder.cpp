#include "timeline/histories_builder.h"

#include <algorithm>
#include <cassert>
#include <functional>
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

  // Remembers what a call without a Result could not say; finish() says it.
  void broken(const Error& e) {
    if (!first_error) first_error = e;
  }

  Result<Histories> finish(OrdersBeside* beside) {
    if (first_error) return std::unexpected(*first_error);
    TRY(intake.people.settle());
    Histories h;
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
      const auto matched = match_loose_refunds(std::move(intake.loose), intake, worth, orders, h);
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
    for (auto* acts : {&joined, &parted, &events}) std::stable_sort(acts->begin(), acts->end());
    h.subscriptions = std::move(subscriptions);
    h.relation_joined = std::move(joined);
    h.relation_left = std::move(parted);
    h.events = std::move(events);
    h.costs = std::move(costs);
  }

  Intake intake;
  std::optional<Error> first_error;
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
  if (impl_->intake.settings.keep_seqs) impl_->seqs.add(impl_->intake.staged.rows, seq);
  return impl_->intake.add(assertion, received);
}

Result<void> HistoriesBuilder::add_refund(ledger::IdentityRef customer, calendar::Moment at, money::Money refund,
                                          std::uint64_t seq) {
  assert(seq >= impl_->last_seq);
  impl_->last_seq = seq;
  TRY(impl_->intake.add_refund(customer, at, refund));
  Statements* const statements = impl_->intake.settings.statements;
  const std::uint32_t whose = impl_->intake.loose.back().customer;
  if (statements != nullptr && whose != kNoRow) statements->add(statements->refunds, whose, seq);
  return {};
}

std::uint32_t HistoriesBuilder::customer(ledger::IdentityRef identity) {
  const Result<std::uint32_t> found = impl_->intake.people.find_or_make(identity);
  if (!found) impl_->broken(found.error());
  return found.value_or(0);
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
void HistoriesBuilder::add_event(std::uint32_t customer, Day day, std::string_view kind) {
  const Result<Code> code = impl_->kinds.code(kind);
  if (!code) return impl_->broken(code.error());
  impl_->events.push_back({customer, day, *code});
}
void HistoriesBuilder::add_cost(CostEntry c) { impl_->costs.push_back(std::move(c)); }

void HistoriesBuilder::report_in(money::Currency currency) {
  if (!impl_->intake.settings.currency.known()) impl_->intake.settings.currency = currency;
}

Result<Histories> HistoriesBuilder::finish(OrdersBeside* beside) && { return impl_->finish(beside); }

}  // namespace behoud::timeline
