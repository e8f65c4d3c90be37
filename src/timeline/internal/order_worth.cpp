#include "timeline/internal/order_worth.h"

#include <algorithm>

#include "timeline/stated_worth.h"

namespace behoud::timeline {

using calendar::Day;
using calendar::Instant;
using ledger::Standing;
using money::Currency;

OrderWorth::OrderWorth(const Intake& intake, const SettledOrders& orders)
    : intake_(intake), staged_(intake.staged), orders_(orders), reporting_(intake.settings.currency) {
  if (!reporting_.known()) choose_currency();
}

void OrderWorth::choose_currency() {
  const std::vector<Currency>& currencies = intake_.currencies;
  std::vector<std::uint64_t> count(currencies.size(), 0);
  orders_.for_each(0, staged_.rows, [&](std::uint32_t row) { ++count[staged_.currency[row]]; });
  std::uint64_t most = 0;
  for (std::size_t i = 0; i < currencies.size(); ++i) {
    if (!currencies[i].known() || count[i] == 0) continue;
    if (count[i] > most || (count[i] == most && currencies[i].code() < reporting_.code())) {
      most = count[i];
      reporting_ = currencies[i];
    }
  }
}

std::optional<std::int64_t> OrderWorth::convert(std::int64_t minor, std::uint8_t currency, Day on) const {
  if (!foreign(currency)) return minor;
  if (intake_.settings.rates == nullptr) return std::nullopt;
  return intake_.settings.rates->convert({minor, intake_.currencies[currency]}, reporting_, on);
}

std::int64_t OrderWorth::gross_of(std::uint32_t row) const {
  if (staged_.gross[row] != kUnstated) return staged_.gross[row];
  return gross_stated({}, staged_.total[row], or_zero(staged_.tax[row]), or_zero(staged_.shipping[row]));
}

std::int64_t OrderWorth::total_of(std::uint32_t row) const {
  if (staged_.total[row] != kUnstated) return staged_.total[row];
  if (staged_.flags[row] & kTotalIsGross) return staged_.gross[row];
  return total_stated(staged_.gross[row], {}, or_zero(staged_.tax[row]), or_zero(staged_.shipping[row]));
}

bool OrderWorth::standing_allows_refunds(std::uint32_t row) const {
  return may_be_refund(intake_.statuses[staged_.status[row]], staged_.flags[row] & kTest);
}

bool OrderWorth::may_have_steps(std::uint32_t row) const {
  return (staged_.flags[row] & kRefunds) || or_zero(staged_.refund[row]) > 0 ||
         staged_.cancelled_at[row] != kUnstated || intake_.statuses[staged_.status[row]] == Standing::kRefunded;
}

std::vector<OrderStep> OrderWorth::steps_of(std::uint32_t row, const std::vector<Taken>& unnamed) const {
  const std::int64_t gross = gross_of(row), total = total_of(row);
  const std::vector<ledger::RefundStep> named = orders_.refunds_of(row);
  const auto ms = [](std::optional<Instant> t) { return t ? t->ms : kUnknownInstant; };
  const std::int64_t cancelled_at = staged_.cancelled_at[row];
  const bool all_refunded = intake_.statuses[staged_.status[row]] == Standing::kRefunded;
  std::int64_t all_refunded_at = staged_.refunded_at[row];
  if (all_refunded_at == kUnstated && !named.empty()) all_refunded_at = ms(named.back().at);

  std::vector<std::int64_t> instants;
  instants.reserve(named.size() + unnamed.size() + 2);
  for (const ledger::RefundStep& step : named) instants.push_back(ms(step.at));
  for (const Taken& part : unnamed) instants.push_back(part.at_ms);
  if (all_refunded) instants.push_back(all_refunded_at);
  if (cancelled_at != kUnstated) instants.push_back(cancelled_at);
  std::sort(instants.begin(), instants.end());
  instants.erase(std::unique(instants.begin(), instants.end()), instants.end());

  std::vector<OrderStep> steps;
  for (const std::int64_t at : instants) {
    __int128 refunded = 0;
    for (const ledger::RefundStep& step : named) {
      if (ms(step.at) <= at) refunded = step.refunded_minor;
    }
    for (const Taken& part : unnamed) refunded += part.at_ms <= at ? part.minor : 0;
    const bool in_full = (total > 0 && refunded >= total) || (all_refunded && all_refunded_at <= at);
    OrderStep step;
    step.at_ms = at;
    const bool cancelled = cancelled_at != kUnstated && cancelled_at <= at;
    step.counts = !in_full && !cancelled;
    if (in_full || (total <= 0 && refunded > 0)) {
      step.refunded_minor = gross;
    } else if (refunded > 0) {
      // Net x refund / total, half away from zero; no more than the whole.
      const auto net = money::mul_div(gross, static_cast<std::int64_t>(refunded), total);
      step.refunded_minor = std::min(net.value_or(gross), gross);
    }
    steps.push_back(step);
  }
  return steps;
}

std::int64_t OrderWorth::left_of(std::uint32_t row, Currency currency) const {
  const Currency own = intake_.currencies[staged_.currency[row]];
  if ((own.known() ? own : reporting_) != currency) return -1;
  const std::vector<OrderStep> steps = may_have_steps(row) ? steps_of(row, {}) : std::vector<OrderStep>{};
  if (!steps.empty() && !steps.back().counts) return -1;
  const std::vector<ledger::RefundStep> named = orders_.refunds_of(row);
  const std::int64_t left = total_of(row) - (named.empty() ? 0 : named.back().refunded_minor);
  return left > 0 ? left : -1;
}

std::string_view OrderWorth::left_out_reason(std::uint32_t row) const {
  const std::string_view by_status =
      left_out_by_status(intake_.statuses[staged_.status[row]], intake_.status_words[staged_.status[row]],
                         staged_.flags[row] & kTest, staged_.cancelled_at[row] != kUnstated);
  if (!by_status.empty()) return by_status;
  if (may_have_steps(row)) {
    const std::vector<OrderStep> steps = steps_of(row, {});
    if (!steps.empty() && steps.front().at_ms == kUnknownInstant && !steps.front().counts) return "refunded";
  }
  return intake_.people.customer_of_row[row] == kNoRow ? "anonymous" : "";
}

}  // namespace behoud::timeline
