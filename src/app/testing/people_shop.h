#pragma once

// A shop in a real ledger, told order by order, for tests of what is said about its customers; and shops by chance,
// with what chance told of each customer kept beside it, for oracles.

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "app/customer_directory.h"
#include "app/testing/process.h"
#include "ledger/ledger.h"

namespace behoud::app::testing {

// What was stated of a customer, in the order in which it was.
struct Told {
  std::vector<std::string> emails, names, phones, orders;
  std::set<std::string> identities;
};

class PeopleShop {
 public:
  PeopleShop() {
    ledger::Environment environment{[this] { return calendar::Instant{now_ += 1000}; },
                                    [this] { return ++chance_ * 0x9e3779b97f4a7c15ULL; }, ""};
    auto folder = ledger::DataFolder::create(folder_ / "shop", false, environment);
    if (!folder) ADD_FAILURE() << folder.error().message;
    auto opened = ledger::Ledger::open(std::move(*folder));
    if (!opened) ADD_FAILURE() << opened.error().message;
    ledger_ = std::make_unique<ledger::Ledger>(std::move(*opened));
    ledger::SettingsChange settings;
    settings.zone = "Europe/Amsterdam";
    settings.currency = money::Currency::parse("EUR").value();
    settings.window_days = 90;
    EXPECT_TRUE(ledger_->change(settings).has_value());
  }

  ledger::Ledger& ledger() { return *ledger_; }

  // Imports what `tell` adds.
  template <class Tell>
  void import(ledger::ImportKind kind, Tell tell) {
    const std::string name = "file" + std::to_string(++files_);
    auto writer = ledger_->begin_import({.kind = kind, .file_name = name, .source = "", .sha256 = name, .options = ""});
    ASSERT_TRUE(writer.has_value()) << writer.error().message;
    tell(*writer);
    const auto done = writer->commit();
    ASSERT_TRUE(done.has_value()) << done.error().message;
  }
  void order(const ledger::OrderAssertion& order) {
    import(ledger::ImportKind::kOrders, [&](ledger::ImportWriter& w) { ASSERT_TRUE(w.add(order).has_value()); });
  }

  std::shared_ptr<const CustomerDirectory> directory(std::uint64_t bytes_max = std::uint64_t{1} << 30) {
    const auto snapshot = ledger_->snapshot();
    auto shop = read_folder_shop(*snapshot);
    EXPECT_TRUE(shop.has_value());
    auto made = CustomerDirectory::create(*snapshot, std::make_shared<const FolderShop>(std::move(*shop)), bytes_max);
    EXPECT_TRUE(made.has_value());
    return *made;
  }

 private:
  TemporaryFolder folder_;
  std::int64_t now_ = 1'709'251'200'000;
  std::uint64_t chance_ = 0;
  int files_ = 0;
  std::unique_ptr<ledger::Ledger> ledger_;
};

inline ledger::OrderAssertion make_order(std::string_view id, ledger::IdentityRef customer, std::string_view day,
                                         std::int64_t gross_minor) {
  ledger::OrderAssertion o;
  o.order_id = id;
  o.customer = customer;
  o.placed = calendar::Moment{{calendar::parse_day(day).value().number * calendar::kMsPerDay}, true};
  o.gross_minor = gross_minor;
  return o;
}
inline ledger::IdentityRef by_id(std::string_view id) { return {ledger::IdentitySpace::kCustomerId, id}; }

// A shop by chance: customers known by ids, e-mails and phones, with every kind of name, told of in several imports,
// some merged. `told` is by (namespace, key) as the directory knows them.
class ChanceShop {
 public:
  explicit ChanceShop(int imports = 3) {
    for (int i = 0; i < imports; ++i) more();
  }

  PeopleShop shop;
  std::vector<ledger::IdentityRef> identities() const {
    std::vector<ledger::IdentityRef> out;
    for (int i = 0; i < 14; ++i) out.push_back(identity(i));
    return out;
  }

  // One more import of orders, one of customers, and perhaps a merge.
  void more() {
    shop.import(ledger::ImportKind::kOrders, [&](ledger::ImportWriter& w) {
      for (std::int64_t n = below(12); n > 0; --n) {
        const int who = static_cast<int>(below(14));
        ledger::OrderAssertion o = make_order(any(kOrders), identity(who), "2024-01-01", below(5000));
        o.placed->at.ms += below(400) * calendar::kMsPerDay;
        if (below(3) == 0) o.alias = any(kAliases);
        if (below(8) == 0) o.customer = {};
        o.email = any(kEmails);
        o.name = any(kNames);
        o.phone = any(kPhones);
        if (below(6) == 0) o.status = "cancelled";
        if (below(5) == 0) o.refund_minor = below(3000);
        if (below(4) == 0) o.currency = money::Currency::parse("USD").value();
        o.source = any(kSources);
        o.country = any(kSources);
        ASSERT_TRUE(w.add(o).has_value());
        statements.push_back({o.customer, std::string(o.email), std::string(o.name), std::string(o.phone),
                              std::string(o.order_id), std::string(o.alias), false});
      }
      if (below(3) == 0) {
        const auto who = identity(static_cast<int>(below(14)));
        const calendar::Moment at{{(19800 + below(400)) * calendar::kMsPerDay}, false};
        ASSERT_TRUE(w.add(ledger::RefundRecord{who, at, {1 + below(900), money::Currency::parse("EUR").value()}, 0})
                        .has_value());
      }
    });
    shop.import(ledger::ImportKind::kCustomers, [&](ledger::ImportWriter& w) {
      for (std::int64_t n = below(5); n > 0; --n) {
        ledger::CustomerRecord r;
        r.id = identity(static_cast<int>(below(14)));
        r.email = any(kEmails);
        r.name = any(kNames);
        r.phone = any(kPhones);
        if (below(2) == 0) r.consent = below(2) == 0;
        ASSERT_TRUE(w.add(r).has_value());
        statements.push_back({r.id, std::string(r.email), std::string(r.name), std::string(r.phone), "", "", true});
      }
    });
    if (below(2) == 0) {
      const auto a = identity(static_cast<int>(below(14))), b = identity(static_cast<int>(below(14)));
      if (!(a == b)) (void)shop.ledger().merge(a, b);  // one of them may never have come
    }
  }

  struct Statement {
    ledger::IdentityRef customer;
    std::string email, name, phone, order, alias;
    bool record = false;  // of a customer file
  };
  std::vector<Statement> statements;

  static std::int64_t below(std::int64_t n) { return *rc::gen::inRange<std::int64_t>(0, n); }
  template <std::size_t N>
  static std::string_view any(const char* const (&texts)[N]) {
    return texts[static_cast<std::size_t>(below(static_cast<std::int64_t>(N)))];
  }
  static ledger::IdentityRef identity(int i) {
    using ledger::IdentitySpace;
    static const char* const keys[] = {"17", "18", "till:17", "é/ü?%#", "17", "a b"};
    static const char* const emails[] = {"jan@example.com", "jose@example.com", "18", "<script>@example.com"};
    static const char* const phones[] = {"+31612345678", "0031201234567", "17", "+4681234567"};
    if (i < 6) return {i == 4 ? IdentitySpace::kAnonymousId : IdentitySpace::kCustomerId, keys[i]};
    if (i < 10) return {IdentitySpace::kEmail, emails[i - 6]};
    return {IdentitySpace::kPhone, phones[i - 10]};
  }

  static constexpr const char* kOrders[] = {"1001", "1002", "1003", "A-7", "a-8", "#9", "B/1"};
  static constexpr const char* kAliases[] = {"5550001", "5550002", "A-7"};
  static constexpr const char* kEmails[] = {"", "", "Jan@Example.com", "jan.de.vries@example.com",
                                            "j\xC3\xB6@example.se"};
  static constexpr const char* kNames[] = {"",           "",          "Jan de Vries", "José Núñez",
                                           "<b>Jan</b>", "שָׁלוֹם כהן",  "🦊 Fox",       "李小龍",
                                           "O'Brien",    "Åsa Öberg", "ＪＡＮ",       "\xE2\x80\xAEsirv"};
  static constexpr const char* kPhones[] = {
      "", "", "+31 6 1234 5678", "0031-20-1234567", "08 123 45 67", "(020) 1234567"};
  static constexpr const char* kSources[] = {"", "NL", "SE"};
};

}  // namespace behoud::app::testing
