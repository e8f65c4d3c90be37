#include "timeline/internal/chosen_rows.h"

#include <map>

#include <fmt/format.h>

#include "base/together.h"
#include "ledger/order_sums.h"

namespace behoud::timeline {
namespace {

using calendar::Day;
using calendar::Instant;
using calendar::Moment;

using ledger::OrderSums;

struct Sum {
  std::uint64_t orders = 0;
  __int128 gross = 0;
  void add(const Sum& other) {
    orders += other.orders;
    gross += other.gross;
  }
};

// One stretch of the staged rows.
class Stretch {
 public:
  Stretch(const Intake& intake, const SettledOrders& orders, const OrderWorth& worth)
      : intake_(intake), staged_(intake.staged), orders_(orders), worth_(worth) {}

  void choose(std::uint32_t begin, std::uint32_t end, std::vector<Day>& day) {
    rows.reserve(end - begin);
    orders_.for_each(begin, end, [&](std::uint32_t row) { consider(row, day[row]); });
  }

  std::vector<std::uint32_t> rows, stepped, others;
  std::vector<LeftOutRow> left_out_rows;  // these two where a trace is kept
  std::vector<std::uint32_t> unconverted_rows;
  std::vector<LooseRefund> loose;
  std::map<std::pair<std::string, std::string>, Sum> left_out;  // by reason and status word
  std::map<std::uint8_t, Sum> unconverted;                      // by currency
  OrderSums sums;  // of all, counted or not: no sum of some can leave 64 bits
  // The row of the greatest amount, which cannot be right where the sums leave 64 bits.
  std::uint32_t greatest_row = kNoRow;
  std::uint64_t greatest = 0;
  bool any_foreign = false;
  std::optional<Day> first_day, last_day;  // with an order

 private:
  void consider(std::uint32_t row, Day& day) {
    const std::int64_t placed = staged_.placed[row];
    if (placed == kUnstated || !worth_.has_amount(row)) {
      if (placed != kUnstated) reach(day_of(row));
      ++left_out[{"incomplete", ""}].orders;
      trace({row, "incomplete", 0, placed != kUnstated ? std::optional(day_of(row)) : std::nullopt, 0});
      leave_out(row);
      return release_refunds(row);  // of an order that is not here
    }
    const std::int64_t gross = worth_.gross_of(row), total = worth_.total_of(row);
    if ((gross < 0 || total < 0) && worth_.standing_allows_refunds(row)) {
      ++left_out[{"negative", ""}].orders;  // its money is what it takes back, told where that lands
      trace({row, "negative", 0, std::nullopt, 0});
      return release_refunds(row);
    }
    day = day_of(row);
    reach(day);
    const std::uint8_t currency = staged_.currency[row];
    const std::string_view reason = worth_.left_out_reason(row);
    const std::optional<std::int64_t> converted = worth_.convert(gross, currency, day);
    sums.add(OrderSums::kGross, gross);
    sums.add(OrderSums::kTotal, total);
    sums.add(OrderSums::kTax, or_zero(staged_.tax[row]));
    sums.add(OrderSums::kShipping, or_zero(staged_.shipping[row]));
    sums.add(OrderSums::kDiscount, or_zero(staged_.discount[row]));
    sums.add(OrderSums::kUnits, or_zero(staged_.units[row]));
    sums.add(OrderSums::kItemCost, or_zero(staged_.item_cost[row]));
    sums.add(OrderSums::kCosted, or_zero(staged_.costed[row]));
    sums.add(OrderSums::kConverted, converted.value_or(0));
    const std::int64_t worth = converted.value_or(gross);
    const auto bits = static_cast<std::uint64_t>(worth);
    if (const std::uint64_t size = worth < 0 ? -bits : bits; size >= greatest) {
      greatest = size;
      greatest_row = row;
    }
    if (!reason.empty()) {
      left_out[{std::string(reason), std::string(intake_.status_words[staged_.status[row]])}].add(
          {1, converted.value_or(0)});
      trace({row, reason, staged_.status[row], day, converted.value_or(0)});
      return leave_out(row);
    }
    if (!converted) {
      unconverted[currency].add({1, gross});
      if (intake_.settings.trace != nullptr) unconverted_rows.push_back(row);
    }
    any_foreign = any_foreign || worth_.foreign(currency);
    if (worth_.may_have_steps(row)) stepped.push_back(row);
    rows.push_back(row);
  }

  Day day_of(std::uint32_t row) const {
    return intake_.settings.zone.day_of(Moment{Instant{staged_.placed[row]}, (staged_.flags[row] & kDateOnly) != 0});
  }
  void reach(Day day) {
    first_day = std::min(first_day.value_or(day), day);
    last_day = std::max(last_day.value_or(day), day);
  }

  void trace(const LeftOutRow& row) {
    if (intake_.settings.trace != nullptr) left_out_rows.push_back(row);
  }
  void leave_out(std::uint32_t row) {
    if (intake_.settings.keep_order_ids) others.push_back(row);
  }

  void release_refunds(std::uint32_t row) {
    const std::int64_t placed = staged_.placed[row];
    const bool date_only = staged_.flags[row] & kDateOnly;
    const auto release = [&](std::int64_t at_ms, std::int64_t minor) {
      if (minor <= 0) return;
      LooseRefund refund;
      refund.customer = intake_.people.customer_of_row[row];
      refund.at = {Instant{at_ms}, date_only && at_ms == placed};
      refund.minor = minor;
      refund.currency = intake_.currencies[staged_.currency[row]];
      refund.arrival = LooseRefund::of_row(row);
      loose.push_back(refund);
    };
    std::int64_t before = 0;
    for (const ledger::RefundStep& step : orders_.refunds_of(row)) {
      release(step.at ? step.at->ms : placed, step.refunded_minor - before);
      before = step.refunded_minor;
    }
    if (worth_.has_amount(row) && placed != kUnstated) {
      const std::int64_t amount = std::min(worth_.total_of(row), worth_.gross_of(row));
      if (amount < 0) release(placed, -amount);
    }
  }

  const Intake& intake_;
  const Staging& staged_;
  const SettledOrders& orders_;
  const OrderWorth& worth_;
};

}  // namespace

namespace {

std::unexpected<Error> too_large(const Intake& intake, const OrderWorth& worth, const ChosenRows& chosen,
                                 std::uint32_t greatest_row) {
  std::string message = "together the amounts or the units of all orders are too large to count with";
  if (greatest_row != kNoRow) {
    const money::Currency own = intake.currencies[intake.staged.currency[greatest_row]];
    message += fmt::format(": the greatest amount is {} {}, of an order of {}",
                           money::to_decimal(worth.gross_of(greatest_row), own.exponent()), own.code(),
                           calendar::to_string(chosen.day[greatest_row]));
  }
  return fail(Errc::kOutOfRange, std::move(message),
              "undo the import that brought what cannot be right: `behoud imports` lists them", {},
              {"problem.shop_sum_too_large"});
}

}  // namespace

std::size_t ChosenRows::size() const {
  std::size_t n = 0;
  for (const auto& some : rows) n += some.size();
  return n;
}

Result<ChosenRows> choose_rows(const Intake& intake, const SettledOrders& orders, const OrderWorth& worth,
                               std::vector<LooseRefund>& loose, Histories& h) {
  ChosenRows out;
  resize_huge(out.day, intake.staged.rows);
  std::vector<Stretch> stretches(kParts, Stretch(intake, orders, worth));
  run_in_parts(intake.staged.rows, [&](std::size_t part, std::size_t begin, std::size_t end) {
    stretches[part].choose(static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), out.day);
  });
  std::map<std::pair<std::string, std::string>, Sum> left_out;
  std::map<std::string, std::pair<money::Currency, Sum>> unconverted;
  OrderSums sums;
  const Stretch* greatest = &stretches.front();
  for (Stretch& stretch : stretches) {
    for (const auto& [why, some] : stretch.left_out) left_out[why].add(some);
    for (const auto& [currency, some] : stretch.unconverted) {
      auto& [which, all] = unconverted[intake.currencies[currency].code()];
      which = intake.currencies[currency];
      all.add(some);
    }
    sums.add(stretch.sums);
    if (stretch.greatest > greatest->greatest) greatest = &stretch;
    if (stretch.first_day) {
      h.first_order_day = std::min(h.first_order_day.value_or(*stretch.first_day), *stretch.first_day);
      h.last_order_day = std::max(h.last_order_day.value_or(*stretch.last_day), *stretch.last_day);
    }
    out.any_foreign = out.any_foreign || stretch.any_foreign;
    out.stepped.insert(out.stepped.end(), stretch.stepped.begin(), stretch.stepped.end());
    out.others.insert(out.others.end(), stretch.others.begin(), stretch.others.end());
    loose.insert(loose.end(), stretch.loose.begin(), stretch.loose.end());
    out.left_out.insert(out.left_out.end(), stretch.left_out_rows.begin(), stretch.left_out_rows.end());
    out.unconverted.insert(out.unconverted.end(), stretch.unconverted_rows.begin(), stretch.unconverted_rows.end());
    out.rows.push_back(std::move(stretch.rows));
  }
  out.any_unconverted = !unconverted.empty();
  out.magnitude = sums.together();
  if (!sums.fit()) return too_large(intake, worth, out, greatest->greatest_row);
  for (const auto& [why, some] : left_out) {
    h.left_out.push_back({why.first, why.second, some.orders, static_cast<std::int64_t>(some.gross)});
  }
  for (const auto& [code, some] : unconverted) {
    h.unconverted.push_back({some.first, some.second.orders, static_cast<std::int64_t>(some.second.gross)});
  }
  return out;
}

}  // namespace behoud::timeline
