#include "timeline/internal/intake.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace behoud::timeline {

using calendar::Instant;
using ledger::OrderAssertion;

namespace {

// E-mail, else name, for people to read; nothing when it is the key itself.
std::string_view label_of(const OrderAssertion& a) {
  const std::string_view label = a.email.empty() ? a.name : a.email;
  return label == a.customer.value || label.size() > kLabelBytesMax ? std::string_view{} : label;
}

// Readers and the ledger's writer refuse such a text (ledger/bounds.h): only a ledger from before they did holds one.
// Says which order it is, by what is not personal of it.
std::unexpected<Error> too_long(const OrderAssertion& a, std::string_view what) {
  std::string message =
      fmt::format("{} of the order {} is longer than {} bytes", what, quoted(a.order_id), kTextBytesMax);
  if (a.line != 0) message += fmt::format("; it began on line {} of its file", a.line);
  return std::unexpected(
      Error{Errc::kOutOfRange, std::move(message), "undo the import that brought it: `behoud imports` lists them", {}});
}

// What of the order is too long, but for its lines and refunds.
std::optional<std::string_view> what_is_too_long(const OrderAssertion& a) {
  const auto over = [](std::string_view text) { return text.size() > kTextBytesMax; };
  if (over(a.order_id)) return "the id";
  if (over(a.alias)) return "the other id";
  if (over(a.customer.value)) return "the customer's key";
  if (over(a.status)) return "the status";
  if (over(a.coupon)) return "the coupon";
  if (over(a.source)) return "the source";
  if (over(a.country)) return "the country";
  return std::nullopt;
}

}  // namespace

Intake::Intake(BuildSettings build_settings) : settings(std::move(build_settings)) {
  statuses.emplace_back(ledger::Standing::kCounts);  // no status word: every order counts
  for (const auto& [item, cost] : settings.item_costs) {
    if (item.size() > kTextBytesMax) continue;  // no line can name it
    costed_items_.find_or_insert(item, hash_text(item), static_cast<std::uint32_t>(unit_costs_.size()));
    unit_costs_.push_back(cost);
  }
}

Result<void> Intake::add(const OrderAssertion& a, Instant received) {
  if (staged.rows >= kRowsMax) return fail(Errc::kOutOfRange, "more than 4,294,967,294 statements about orders");
  if (const auto what = what_is_too_long(a)) return too_long(a, *what);
  if ((a.placed && !in_range(a.placed->at)) || !in_range(a.refunded_at) || !in_range(a.cancelled_at)) {
    return fail(Errc::kOutOfRange, kBadMoment);
  }
  const std::uint32_t row = staged.rows;
  TRY_ASSIGN(const Code status, status_of(a.status));
  TRY_ASSIGN(const std::uint8_t currency, number_of(a.currency));
  TRY_ASSIGN(const Code coupon, coupons.code(a.coupon));
  TRY_ASSIGN(const Code source, sources.code(a.source));
  TRY_ASSIGN(const Code country, countries.code(a.country));

  std::uint8_t flags = 0;
  if (a.placed) staged.placed.set(row, a.placed->at.ms);
  if (a.placed && a.placed->date_only) {
    flags |= kDateOnly;
    any_date_only = true;
  }
  if (a.test) flags |= kTest;
  if (!a.lines.empty()) {
    flags |= kLines;
    TRY(add_lines(row, a));
  }
  if (!a.refunds.empty()) {
    flags |= kRefunds;
    TRY(add_refund_parts(row, a));
  }
  staged.status.set(row, status);
  staged.currency.set(row, currency);
  const auto set = [row](auto& column, std::optional<std::int64_t> value) {
    if (value) column.set(row, *value);
  };
  const auto set_instant = [row](auto& column, std::optional<Instant> value) {
    if (value) column.set(row, value->ms);
  };
  set(staged.gross, a.gross_minor);
  if (a.total_minor && a.total_minor == a.gross_minor) {
    flags |= kTotalIsGross;
  } else {
    set(staged.total, a.total_minor);
  }
  staged.flags.set(row, flags);
  set(staged.tax, a.tax_minor);
  set(staged.shipping, a.shipping_minor);
  set(staged.discount, a.discount_minor);
  set(staged.refund, a.refund_minor);
  set(staged.units, a.units_milli);
  set_instant(staged.updated_at, a.updated_at);
  set_instant(staged.refunded_at, a.refunded_at);
  set_instant(staged.cancelled_at, a.cancelled_at);
  staged.coupon.set(row, coupon);
  staged.source.set(row, source);
  staged.country.set(row, country);
  if (staged.received_ms.empty() || staged.received_ms.back().second != received.ms) {
    staged.received_ms.emplace_back(row, received.ms);
  }
  // The same name twice says nothing.
  if (!names.add(a.order_id, a.alias == a.order_id ? std::string_view{} : a.alias)) {
    return fail(Errc::kOutOfRange, kTooMuchText);
  }
  ++staged.rows;
  return people.meet(row, a.customer, label_of(a));
}

Result<void> Intake::add_refund(ledger::IdentityRef customer, calendar::Moment at, money::Money refund) {
  if (refund.minor <= 0) return fail(Errc::kInvalidArgument, "a refund's amount is not above 0");
  if (!in_range(at.at)) return fail(Errc::kOutOfRange, kBadMoment);
  LooseRefund out;
  if (customer.space != ledger::IdentitySpace::kNone) {
    TRY_ASSIGN(out.customer, people.find_or_make(customer));
  }
  out.at = at;
  out.minor = refund.minor;
  out.currency = refund.currency;
  out.arrival = LooseRefund::before_row(staged.rows, loose.size());
  loose.push_back(out);
  return {};
}

Result<Code> Intake::status_of(std::string_view word) {
  TRY_ASSIGN(const Code code, status_words.code(word));
  while (statuses.size() < status_words.size()) {
    const std::string_view fresh = status_words[static_cast<Code>(statuses.size())];
    const auto own = settings.statuses.find(fresh);
    statuses.push_back(own != settings.statuses.end() ? own->second : ledger::standing_of(fresh));
  }
  return code;
}

std::optional<std::uint8_t> Intake::find(money::Currency currency) const {
  for (std::size_t i = 0; i < currencies.size(); ++i) {
    if (currencies[i] == currency) return static_cast<std::uint8_t>(i);
  }
  return std::nullopt;
}

Result<std::uint8_t> Intake::number_of(money::Currency currency) {
  if (const auto known = find(currency)) return *known;
  if (currencies.size() > 255) return fail(Errc::kOutOfRange, "more than 255 currencies");
  currencies.push_back(currency);
  return static_cast<std::uint8_t>(currencies.size() - 1);
}

Result<void> Intake::add_lines(std::uint32_t row, const OrderAssertion& a) {
  const ledger::OrderLine* greatest = nullptr;
  __int128 all = 0, costed = 0, cost = 0;
  bool any_costed = false;
  for (const ledger::OrderLine& line : a.lines) {
    all += line.amount_minor;
    if (!line.item.empty() && (greatest == nullptr || line.amount_minor > greatest->amount_minor ||
                               (line.amount_minor == greatest->amount_minor && line.item < greatest->item))) {
      greatest = &line;
    }
    if (unit_costs_.empty() || line.item.size() > kTextBytesMax) continue;
    if (const auto costed_item = costed_items_.find(line.item, hash_text(line.item))) {
      TRY_ASSIGN(const std::int64_t line_cost, money::mul_div(unit_costs_[*costed_item], line.quantity_milli, 1000));
      cost += line_cost;
      costed += line.amount_minor;
      any_costed = true;
    }
  }
  if (greatest != nullptr) {
    if (greatest->item.size() > kTextBytesMax) return too_long(a, "an item");
    TRY_ASSIGN(const Code item, items.code(greatest->item));
    staged.item.set(row, item);
  }
  if (any_costed) {
    if (!fits(all) || !fits(costed) || !fits(cost)) {
      return fail(Errc::kOutOfRange, "the lines of an order sum beyond 64 bits");
    }
    staged.item_cost.set(row, static_cast<std::int64_t>(cost));
    staged.costed.set(row, static_cast<std::int64_t>(costed));
    staged.lines_total.set(row, static_cast<std::int64_t>(all));
  }
  return {};
}

Result<void> Intake::add_refund_parts(std::uint32_t row, const OrderAssertion& a) {
  for (const ledger::RefundPart& part : a.refunds) {
    if (!in_range(part.at)) return fail(Errc::kOutOfRange, kBadMoment);
    StagedRefund r;
    r.row = row;
    r.at_ms = part.at ? part.at->ms : kUnstated;
    r.minor = part.minor;
    if (!part.id.empty()) {
      if (part.id.size() > kTextBytesMax) return too_long(a, "the id of a refund");
      const auto found = refund_ids.find_or_insert(part.id, hash_text(part.id), 0);
      if (!found) return fail(Errc::kOutOfRange, kTooMuchText);
      r.id = found->reference;
    }
    staged.refunds.push_back(r);
  }
  return {};
}

}  // namespace behoud::timeline
