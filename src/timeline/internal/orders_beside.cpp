#include "timeline/internal/orders_beside.h"

namespace behoud::timeline {
namespace {

// What is refunded of an order in all, in its own currency.
std::int64_t refunded_of(std::uint32_t row, const OrderWorth& worth, const std::vector<Taken>& unnamed) {
  const std::vector<OrderStep> steps = worth.steps_of(row, unnamed);
  return steps.empty() ? 0 : steps.back().refunded_minor;
}

OtherOrder other_order(std::uint32_t row, const Intake& intake, const OrderWorth& worth) {
  const Staging& staged = intake.staged;
  const std::uint8_t currency = staged.currency[row];
  const std::uint32_t customer = intake.people.customer_of_row[row];
  const bool placed = staged.placed[row] != kUnstated, valued = worth.has_amount(row);
  OtherOrder out;
  out.id = intake.names.id(row);
  out.reason = placed && valued ? worth.left_out_reason(row) : std::string_view("incomplete");
  out.customer = customer == kNoRow ? kNobody : customer;
  out.currency = intake.currencies[currency].known() ? intake.currencies[currency] : worth.reporting();
  if (placed) {
    out.at_ms = staged.placed[row];
    out.day = intake.settings.zone.day_of(
        calendar::Moment{calendar::Instant{out.at_ms}, (staged.flags[row] & kDateOnly) != 0});
  }
  if (valued) {
    out.stated_gross_minor = worth.gross_of(row);
    out.stated_refunded_minor = refunded_of(row, worth, {});
  }
  const auto converted = [&](std::int64_t minor) {
    if (minor == kUnstated || (!placed && worth.foreign(currency))) return kNoAmount;
    return worth.convert(minor, currency, out.day).value_or(kNoAmount);
  };
  out.gross_minor = converted(out.stated_gross_minor);
  out.refunded_minor = converted(out.stated_refunded_minor);
  out.tax_minor = converted(staged.tax[row]);
  out.shipping_minor = converted(staged.shipping[row]);
  out.discount_minor = converted(staged.discount[row]);
  out.units_milli = staged.units[row];
  out.item = staged.item[row];
  out.coupon = staged.coupon[row];
  out.source = staged.source[row];
  out.country = staged.country[row];
  return out;
}

}  // namespace

static_assert(kNoAmount == kUnstated);

OrdersBeside orders_beside(const std::map<std::uint32_t, std::vector<Taken>>& matched, const Intake& intake,
                           const OrderWorth& worth, const ChosenRows& chosen, const Clustering& orders) {
  OrdersBeside out;
  for (std::size_t i = 0; chosen.any_foreign && i < orders.size(); ++i) {
    const std::uint32_t row = orders.row(i);
    const std::uint8_t currency = intake.staged.currency[row];
    if (!worth.foreign(currency)) continue;
    const auto taken = matched.find(row);
    out.foreign.push_back({static_cast<std::uint32_t>(i), intake.currencies[currency], worth.gross_of(row),
                           refunded_of(row, worth, taken != matched.end() ? taken->second : std::vector<Taken>{})});
  }
  out.others.reserve(chosen.others.size());
  for (const std::uint32_t row : chosen.others) out.others.push_back(other_order(row, intake, worth));
  return out;
}

}  // namespace behoud::timeline
