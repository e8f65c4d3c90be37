#include "ingest/order_account.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/text.h"
#include "ingest/hash.h"

namespace behoud::ingest {
namespace {

constexpr std::size_t kExcerptBytes = 80;

}  // namespace

std::string excerpt_of(std::string_view cell) {
  std::string_view s = trim(cell);
  if (s.size() > kExcerptBytes) {
    s = s.substr(0, kExcerptBytes);
    while (!s.empty() && (static_cast<unsigned char>(s.back()) & 0xC0U) == 0x80U) s.remove_suffix(1);
    if (!s.empty() && static_cast<unsigned char>(s.back()) >= 0xC0U) s.remove_suffix(1);
  }
  return std::string(s);
}

void OrderAccount::Step::add(std::uint64_t line) {
  ++count;
  if (lines.size() < 20) lines.push_back(line);
}

void OrderAccount::reject(const std::string& file, std::uint64_t line, std::string column, std::string_view reason,
                          std::string_view excerpt) {
  ++rejected_count_;
  auto it = rejected_by_reason_.find(reason);
  if (it == rejected_by_reason_.end()) it = rejected_by_reason_.emplace(std::string(reason), Step{}).first;
  it->second.add(line);
  if (rejected_.size() < 100'000) {
    rejected_.push_back({Place{file, line, std::move(column)}, std::string(reason), excerpt_of(excerpt)});
  }
}

void OrderAccount::count_row(std::string_view step, std::uint64_t line) {
  auto it = steps_.find(step);
  if (it == steps_.end()) it = steps_.emplace(std::string(step), Step{}).first;
  it->second.add(line);
}

void OrderAccount::notice(const std::string& key, std::map<std::string, std::string> args, std::uint64_t count) {
  std::string id = key;
  for (const auto& [name, value] : args) id.append("\n").append(name).append("=").append(value);
  if (notices_.size() >= kNoticesMax && !notices_.contains(id)) return;  // an unknown currency a row is a broken file
  Notice& n = notices_[id];
  n.key = key;
  n.args = std::move(args);
  n.count += count;
}

void OrderAccount::bare_sign(SharedSign sign, const std::string& file, std::uint64_t line) {
  if (!signs_.contains(sign)) signs_.emplace(sign, Place{file, line, {}});
}

Result<void> OrderAccount::check_signs(money::Currency currency) const {
  const auto refused = [](SharedSign sign, const Place& at, const std::string& other) {
    const std::string said(written(sign));
    return fail(
        Errc::kBadInput,
        at.file + ": the amounts are in two currencies, " + quoted(said) + " (line " + std::to_string(at.line) +
            ") and " + quoted(other) + ", and no column says which each is in",
        "Add a column with the currency, or say which one counts, as --currency EUR: rows in another are rejected.", at,
        {"problem.currency_signs", {{"sign", said}, {"other", other}}});
  };
  for (const auto& [sign, at] : signs_) {
    if (!may_bear(currency, sign)) return refused(sign, at, currency.code());
  }
  if (signs_.size() > 1)
    return refused(signs_.begin()->first, signs_.begin()->second, std::string(written(signs_.rbegin()->first)));
  return {};
}

void OrderAccount::order(const ledger::OrderAssertion& order, const SettledMoney& money, std::uint64_t lines) {
  ++orders_;
  lines_ += lines;
  if (last_sums_ == nullptr || last_currency_ != order.currency.packed()) {
    last_currency_ = order.currency.packed();
    last_sums_ = &sums_[last_currency_];
  }
  all_.add(order);
  Sums& s = *last_sums_;
  ++s.orders;
  if (s.step.lines.size() < 20) s.step.lines.push_back(order.line);
  const std::int64_t tax = order.tax_minor.value_or(0), shipping = order.shipping_minor.value_or(0);
  s.billed += money.total;
  s.gross += money.gross;
  s.tax += tax;
  s.shipping += shipping;
  const __int128 other = static_cast<__int128>(money.total) - money.gross - tax - shipping;
  s.other += other;
  s.others += other != 0 ? 1 : 0;
  s.taxed += tax != 0 ? 1 : 0;
  s.shipped += shipping != 0 ? 1 : 0;
  s.discount += order.discount_minor.value_or(0);
  s.discounted += order.discount_minor.value_or(0) != 0 ? 1 : 0;
  s.refunds += order.refund_minor.value_or(0);
  s.refunded += order.refund_minor.value_or(0) != 0 ? 1 : 0;
  if (order.customer.space == ledger::IdentitySpace::kNone) {
    anonymous_.add(order.line);
  } else if (order.customer.space == ledger::IdentitySpace::kCustomerId && !order.email.empty()) {
    count_key(order);
  }
  const std::int64_t at = order.placed->at.ms;
  if (order.placed->date_only) {
    first_day_ms_ = std::min(first_day_ms_, at);
    last_day_ms_ = std::max(last_day_ms_, at);
  } else {
    first_ms_ = std::min(first_ms_, at);
    last_ms_ = std::max(last_ms_, at);
  }
}

void OrderAccount::refund(money::Money amount, std::uint64_t line) {
  all_.add(ledger::OrderSums::kRefunds, amount.minor);
  Sums& s = sums_[amount.currency.packed()];
  s.refunds += amount.minor;
  ++s.refunded;
  if (s.step.lines.size() < 20) s.step.lines.push_back(line);
}

Result<void> OrderAccount::check_sums() const {
  if (all_.fit()) return {};
  const Place& at = greatest_at_;
  return fail(Errc::kOutOfRange,
              "together the amounts are too large to count with; the greatest is on line " + std::to_string(at.line) +
                  (at.column.empty() ? "" : ", column " + quoted(at.column)),
              "Correct that amount, or leave its row out.", at, {"problem.sum_too_large"});
}

void OrderAccount::count_key(const ledger::OrderAssertion& order) {
  constexpr std::size_t kKeys = 1024, kEmails = 21;
  const std::uint64_t hash = hash_bytes(order.customer.value);
  auto it = keys_.find(hash);
  if (it == keys_.end()) {
    if (keys_.size() >= kKeys) {
      for (auto i = keys_.begin(); i != keys_.end();) i = --i->second.count == 0 ? keys_.erase(i) : std::next(i);
      return;
    }
    it = keys_.emplace(hash, Key{std::string(order.customer.value), 0, {}}).first;
  }
  Key& key = it->second;
  ++key.count;
  if (key.emails.size() >= kEmails) return;
  const std::uint64_t email = hash_bytes(order.email);
  if (std::find(key.emails.begin(), key.emails.end(), email) == key.emails.end()) key.emails.push_back(email);
}

const OrderAccount::Sums* OrderAccount::most(std::uint64_t Sums::* of, money::Currency& currency) const {
  const Sums* most = nullptr;
  for (const auto& [packed, sums] : sums_) {
    if (packed == 0 || sums.*of <= (most == nullptr ? 0 : most->*of)) continue;
    most = &sums;
    currency = money::Currency::from_packed(packed);
  }
  return most;
}

Result<void> OrderAccount::finish(ReadFacts& facts, const calendar::Zone& zone) {
  // The currency that most orders have, of equals the first by code; where no order states one, that of most refunds.
  const Sums* main = most(&Sums::orders, facts.currency);
  TRY(check_signs(facts.currency));
  static const Sums kNothing;
  if (main == nullptr) {
    most(&Sums::refunded, facts.currency);
    const auto bare = sums_.find(0);
    main = bare == sums_.end() ? &kNothing : &bare->second;
  }
  const auto step = [&](std::string name, std::uint64_t count, const std::vector<std::uint64_t>& lines = {},
                        std::string reason = {}) {
    BridgeStep s;
    s.name = std::move(name);
    s.count = count;
    s.reason = std::move(reason);
    s.lines = lines;
    facts.bridge.push_back(std::move(s));
  };
  const auto counted = [&](const char* name) -> const Step& {
    static const Step kNone;
    const auto it = steps_.find(name);
    return it == steps_.end() ? kNone : it->second;
  };
  std::uint64_t rows = lines_ + rejected_count_;
  for (const char* name : {"title_rows", "header_rows", "blank_rows", "total_rows", "refund_rows"}) {
    rows += counted(name).count;
  }
  step("rows", rows);
  for (const char* name : {"title_rows", "header_rows", "blank_rows", "total_rows"}) {
    if (counted(name).count > 0) step(name, counted(name).count, counted(name).lines);
  }
  for (const auto& [reason, of_reason] : rejected_by_reason_) {
    step("rejected", of_reason.count, of_reason.lines, reason);
  }
  if (counted("refund_rows").count > 0) step("refund_rows", counted("refund_rows").count, counted("refund_rows").lines);
  step("lines", lines_);
  if (lines_ > orders_) step("further_lines", lines_ - orders_);
  step("orders", orders_);
  if (anonymous_.count > 0) step("anonymous", anonymous_.count, anonymous_.lines);
  const Step& without = counted("refunds_without_order");
  if (without.count > 0) step("refunds_without_order", without.count, without.lines);

  TRY(check_sums());
  // What was billed less its parts is made of several sums, each of which fits.
  const auto money_step = [&](std::string name, std::uint64_t count, __int128 minor) -> Result<void> {
    if (minor > std::numeric_limits<std::int64_t>::max() || minor < std::numeric_limits<std::int64_t>::min()) {
      return fail(Errc::kOutOfRange, "the sum of all " + name + " does not fit in 64 bits",
                  "Correct the greatest amount, or leave its row out.", greatest_at_, {"problem.sum_too_large"});
    }
    step(std::move(name), count);
    facts.bridge.back().minor = static_cast<std::int64_t>(minor);
    return {};
  };
  TRY(money_step("billed", main->orders, main->billed));
  if (main->taxed > 0) TRY(money_step("tax", main->taxed, main->tax));
  if (main->shipped > 0) TRY(money_step("shipping", main->shipped, main->shipping));
  if (main->others > 0) TRY(money_step("other", main->others, main->other));
  TRY(money_step("gross", main->orders, main->gross));
  if (main->discounted > 0) TRY(money_step("discount", main->discounted, main->discount));
  if (main->refunded > 0) TRY(money_step("refunds", main->refunded, main->refunds));
  for (const auto& [packed, sums] : sums_) {
    if (&sums == main) continue;
    TRY(money_step("foreign", sums.orders, sums.gross));
    facts.bridge.back().detail = money::Currency::from_packed(packed).code();
    facts.bridge.back().lines = sums.step.lines;
  }

  // By file in the order they came, then by line: an order whose rows lie apart is rejected late.
  std::map<std::string_view, std::size_t> files;
  for (const Rejected& r : rejected_) files.emplace(r.place.file, files.size());
  std::vector<std::pair<std::pair<std::size_t, std::uint64_t>, std::size_t>> order;
  order.reserve(rejected_.size());
  for (std::size_t i = 0; i < rejected_.size(); ++i) {
    order.push_back({{files.at(rejected_[i].place.file), rejected_[i].place.line}, i});
  }
  std::sort(order.begin(), order.end());
  facts.rejected.reserve(order.size());
  for (const auto& [key, i] : order) facts.rejected.push_back(std::move(rejected_[i]));
  facts.rejected_count = rejected_count_;
  facts.sums = all_;
  facts.greatest_amount = greatest_at_;
  facts.rows = rows;
  facts.orders = orders_;
  for (auto& [hash, key] : keys_) {
    if (key.emails.size() > 20 && key.count * 100 > orders_) {
      notice("ingest.notice.shared_customer_key", {{"customer", key.id}}, key.count);
    }
  }
  for (auto& [id, n] : notices_) facts.notices.push_back(std::move(n));
  const auto widen = [&](calendar::Day day) {
    if (!facts.first_day || day < *facts.first_day) facts.first_day = day;
    if (!facts.last_day || day > *facts.last_day) facts.last_day = day;
  };
  if (first_ms_ <= last_ms_) {
    widen(zone.day_of(calendar::Instant{first_ms_}));
    widen(zone.day_of(calendar::Instant{last_ms_}));
  }
  if (first_day_ms_ <= last_day_ms_) {
    widen(zone.day_of(calendar::Moment{{first_day_ms_}, true}));
    widen(zone.day_of(calendar::Moment{{last_day_ms_}, true}));
  }
  return {};
}

}  // namespace behoud::ingest
