#pragma once

// A ledger in a folder of its own, in which anything may happen: for properties of what is derived from one. Small, but
// with orders said again, refunds with and without an order's name, customers, events, subscriptions, costs, rates,
// merges and their undoing, imports taken back, settings changed.

#include <cstdlib>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <rapidcheck.h>

#include "base/testing/temporary_folder.h"
#include "ledger/ledger.h"

namespace behoud::timeline {

class RandomLedger {
 public:
  // Ledgers of two chances have two generations.
  explicit RandomLedger(std::uint64_t chance = 1) {
    auto folder = ledger::DataFolder::create(path(), false, environment(chance));
    if (!folder) std::abort();
    ledger_.emplace(ledger::Ledger::open(std::move(*folder)).value());
  }

  // The clock is set, back or forth.
  void jump(std::int64_t ms) { *now_ += ms; }

  std::string path() const { return folder_ / "shop"; }
  std::string beside() const { return folder_ / "beside"; }  // for what the test keeps itself
  ledger::Ledger& ledger() { return *ledger_; }
  ledger::Snapshot snapshot() const { return ledger_->snapshot().value(); }

  // Imports what `add(writer)` says as one file.
  template <class Add>
  ledger::ImportId import(ledger::ImportKind kind, const Add& add) {
    ledger::ImportMeta meta;
    meta.kind = kind;
    meta.file_name = meta.sha256 = "file-" + std::to_string(++files_);
    auto writer = ledger_->begin_import(meta);
    RC_ASSERT(writer.has_value());
    add(*writer);
    const auto row = writer->commit();
    RC_ASSERT(row.has_value());
    imports_.push_back(row->id);
    return row->id;
  }

  // One thing happens, whatever it is.
  void anything() {
    switch (below(10)) {
      case 0:
      case 1:
      case 2:
        orders();
        break;
      case 3:
        events();
        break;
      case 4:
        customers();
        break;
      case 5:
        subscriptions_and_costs();
        break;
      case 6:
        merge();
        break;
      case 7:
        undo();
        break;
      case 8:
        rates();
        break;
      default:
        setting();
        break;
    }
  }

  void orders() {
    import(ledger::ImportKind::kOrders, [&](ledger::ImportWriter& writer) {
      for (std::int64_t i = below(12); i > 0; --i) {
        if (!said_.empty() && below(6) == 0) {  // the very same once more
          RC_ASSERT(writer.add(said_[index(said_.size())]).has_value());
          continue;
        }
        ledger::OrderAssertion o;
        o.order_id = text("o", 20);
        if (below(6) == 0) o.alias = below(2) == 0 ? text("a", 20) : text("o", 20);
        if (below(10) > 0) o.customer = customer();
        o.email = below(2) == 0 ? text("mail", 5) : "";
        if (below(12) > 0) o.placed = moment();
        if (below(3) == 0) o.updated_at = moment().at;
        static const char* const statuses[] = {"", "", "", "paid", "pending", "cancelled", "refunded", "odd"};
        o.status = statuses[below(8)];
        if (o.status == "cancelled" && below(2) == 0) o.cancelled_at = moment().at;
        o.currency = currency();
        if (below(12) > 0) o.gross_minor = below(2000) - 100;
        if (below(3) == 0) o.total_minor = o.gross_minor.value_or(0) + below(300);
        if (below(3) == 0) o.tax_minor = below(100);
        if (below(3) == 0) o.shipping_minor = below(100);
        if (below(3) == 0) o.discount_minor = below(100);
        if (below(3) == 0) o.units_milli = below(5) * 1000;
        if (below(6) == 0) o.refund_minor = below(2000);
        if (below(8) == 0) o.refunded_at = moment().at;
        o.coupon = word();
        o.source = word();
        o.country = word();
        std::vector<ledger::OrderLine>& lines = lines_.emplace_back();
        for (std::int64_t k = below(3); k > 0; --k) lines.push_back({text("item", 4), "", 1000 * below(3), below(500)});
        o.lines = lines;
        std::vector<ledger::RefundPart>& parts = parts_.emplace_back();
        if (below(8) == 0) parts.push_back({text("r", 5), moment().at, 1 + below(300)});
        o.refunds = parts;
        o.test = below(20) == 0;
        RC_ASSERT(writer.add(o).has_value());
        said_.push_back(o);
        if (below(6) == 0) {
          RC_ASSERT(writer.add(ledger::RefundRecord{customer(), moment(), {1 + below(300), currency()}}).has_value());
        }
      }
    });
  }
  void events() {
    import(ledger::ImportKind::kEvents, [&](ledger::ImportWriter& writer) {
      for (std::int64_t i = below(12); i > 0; --i) {
        static const char* const kinds[] = {"Product Viewed", "Email Opened", "Subscribed", "Unsubscribed", "order"};
        ledger::EventRecord e;
        if (below(4) > 0) e.message_id = text("m", 30);
        if (below(8) > 0) e.customer = customer();
        e.kind = kinds[below(5)];
        e.at = moment();
        e.source = word();
        e.campaign = word();
        RC_ASSERT(writer.add(e).has_value());
      }
    });
  }
  void customers() {
    import(ledger::ImportKind::kCustomers, [&](ledger::ImportWriter& writer) {
      for (std::int64_t i = below(5); i > 0; --i) {
        ledger::CustomerRecord c;
        c.id = customer();
        if (below(2) == 0) c.email = text("mail", 5);
        if (below(2) == 0) c.name = text("name", 5);
        c.country = word();
        c.source = word();
        c.language = word();
        if (below(3) == 0) c.first_order = moment();
        if (below(3) == 0) c.orders_before = static_cast<std::uint32_t>(below(4));
        if (below(3) == 0) c.consent = below(2) == 0;
        if (below(3) == 0) c.consent_at = moment();
        if (below(3) == 0) c.unsubscribed = below(2) == 0;
        if (below(3) == 0) c.unsubscribed_at = moment();
        RC_ASSERT(writer.add(c).has_value());
      }
    });
  }
  void subscriptions_and_costs() {
    import(ledger::ImportKind::kSubscriptions, [&](ledger::ImportWriter& writer) {
      for (std::int64_t i = below(4); i > 0; --i) {
        ledger::SubscriptionRecord s;
        s.id = text("s", 6);
        const ledger::IdentityRef who = customer();
        s.customer_space = who.space;
        s.customer = who.value;
        s.plan = word();
        s.reason = word();
        s.start = day();
        if (below(2) == 0) s.trial_end = *s.start + 14;
        if (below(2) == 0) s.end = *s.start + 100;
        if (below(2) == 0) s.pauses.emplace_back(*s.start + 20, std::nullopt);
        if (below(2) == 0) s.amount = money::Money{below(900), currency()};
        s.interval_months = static_cast<std::int32_t>(below(3));
        RC_ASSERT(writer.add(s).has_value());
      }
    });
    import(ledger::ImportKind::kCosts, [&](ledger::ImportWriter& writer) {
      for (std::int64_t i = below(4); i > 0; --i) {
        ledger::CostRecord c;
        c.from = day();
        c.to = c.from + 1 + static_cast<int>(below(40));
        c.amount = {below(5000), currency()};
        c.kind = "marketing";
        c.purpose = "retention";
        c.note = word();
        RC_ASSERT(writer.add(c).has_value());
      }
    });
    import(ledger::ImportKind::kItems, [&](ledger::ImportWriter& writer) {
      ledger::ItemRecord item;
      item.id = text("item", 4);
      item.cost = money::Money{below(90), currency()};
      RC_ASSERT(writer.add(item).has_value());
    });
  }
  void rates() {
    import(ledger::ImportKind::kRates, [&](ledger::ImportWriter& writer) {
      ledger::RateRecord r;
      r.base = money::Currency::parse("EUR").value();
      r.rate = {day(), money::Currency::parse("USD").value(), 1 + below(30), 1};
      RC_ASSERT(writer.add(r).has_value());
    });
  }
  void merge() {
    const ledger::IdentityRef a = customer(), b = customer();
    // Nobody may have come with them yet, or they may be one.
    below(3) == 0 ? (void)ledger_->unmerge(a, b) : (void)ledger_->merge(a, b);
  }
  // Of an import that was taken back already nothing comes.
  void undo() {
    if (!imports_.empty()) (void)ledger_->undo_import(imports_[index(imports_.size())]);
  }
  void setting() {
    ledger::SettingsChange change;
    static const char* const zones[] = {"UTC", "Europe/Amsterdam", "Australia/Lord_Howe", "America/St_Johns"};
    switch (below(5)) {
      case 0:
        change.zone = zones[below(4)];
        break;
      case 1:
        change.currency = currency();
        break;
      case 2:
        change.window_days = static_cast<int>(1 + below(400));
        break;
      case 3:
        change.margin_rate_millionth = std::optional<std::int32_t>(static_cast<std::int32_t>(below(1'000'000)));
        break;
      default:
        change.statuses["odd"] = ledger::Standing::kCounts;
        break;
    }
    RC_ASSERT(ledger_->change(change).has_value());
  }

  static std::int64_t below(std::int64_t n) { return *rc::gen::inRange<std::int64_t>(0, n); }

 private:
  ledger::Environment environment(std::uint64_t chance) {
    ledger::Environment out;
    out.now = [now = now_] { return calendar::Instant{*now += 1000}; };
    out.entropy = [n = chance]() mutable { return n = n * 6'364'136'223'846'793'005ULL + 1; };
    return out;
  }
  static std::size_t index(std::size_t size) {
    return static_cast<std::size_t>(below(static_cast<std::int64_t>(size)));
  }
  std::string_view text(const char* what, std::int64_t of) {
    return texts_.emplace_back(std::string(what) + "-" + std::to_string(below(of)));
  }
  static std::string_view word() {
    static const char* const words[] = {"", "mail", "search", "shop"};
    return words[below(4)];
  }
  static money::Currency currency() {
    static const char* const codes[] = {"EUR", "EUR", "EUR", "USD"};
    return below(8) == 0 ? money::Currency::none() : money::Currency::parse(codes[below(4)]).value();
  }
  ledger::IdentityRef customer() {
    return {below(4) == 0 ? ledger::IdentitySpace::kEmail : ledger::IdentitySpace::kCustomerId, text("c", 6)};
  }
  static calendar::Day day() { return calendar::civil(2023, 12, 1) + static_cast<int>(below(120)); }
  static calendar::Moment moment() {
    const std::int64_t midnight = day().number * calendar::kMsPerDay;
    if (below(4) == 0) return {{midnight}, true};
    // Often on the same few seconds, so that arrival decides.
    return {{midnight + (below(2) == 0 ? below(3) * 1000 : below(calendar::kMsPerDay))}, false};
  }

  TemporaryFolder folder_;
  std::shared_ptr<std::int64_t> now_ = std::make_shared<std::int64_t>(1'709'251'200'000);
  std::optional<ledger::Ledger> ledger_;
  std::deque<std::string> texts_;
  std::deque<std::vector<ledger::OrderLine>> lines_;
  std::deque<std::vector<ledger::RefundPart>> parts_;
  std::vector<ledger::OrderAssertion> said_;
  std::vector<ledger::ImportId> imports_;
  int files_ = 0;
};

}  // namespace behoud::timeline
