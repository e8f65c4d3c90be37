// A data folder of each schema version that was ever released is kept in testdata/ledger/, and opened by every later
// program: upgraded, it says what it said. A folder is made once, when its version is released, and never again:
//
//   BEHOUD_WRITE_FIXTURE=1 build/debug/src/ledger/ledger_test --gtest_filter='Fixture.*'

#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ledger/doctor.h"
#include "ledger/internal/schema.h"
#include "ledger/internal/testing.h"
#include "ledger/ledger.h"
#include "ledger/room_store.h"

namespace behoud::ledger {
namespace {

using namespace testing;
using calendar::Day;
using calendar::Instant;

const std::string kFixtures = std::string(BEHOUD_SOURCE_DIR) + "/testdata/ledger";

template <class... Records>
void import(Ledger& ledger, ImportKind kind, const std::string& name, const Records&... records) {
  ImportMeta meta;
  meta.kind = kind;
  meta.file_name = meta.sha256 = name;
  auto writer = ledger.begin_import(meta);
  ASSERT_TRUE(writer.has_value()) << name << ": " << writer.error().message;
  const bool added[] = {writer->add(records).has_value()...};
  for (const bool ok : added) ASSERT_TRUE(ok);
  ASSERT_TRUE(writer->commit().has_value());
}

// What other rooms keep here.
void fill_rooms(Ledger& ledger) {
  RoomStore store(ledger);
  const auto written = store.write([](RoomWriter& db) -> Result<void> {
    TRY(db.run("INSERT INTO user VALUES(1, ?1, 'Owner', 3, '$argon2id$', 17, NULL)", {"owner@example.com"}));
    TRY(db.run("INSERT INTO user VALUES(2, NULL, NULL, 1, NULL, 18, 19)"));
    TRY(db.run("INSERT INTO session VALUES(?1, 1, 20, 21)", {RoomBytes{std::string(32, '\1')}}));
    TRY(db.run("INSERT INTO link VALUES(?1, 3, 1, 22, 23)", {RoomBytes{std::string(32, '\2')}}));
    TRY(db.run("INSERT INTO token VALUES(1, ?1, 'till', 2, 1, 24, 25, 26, 27)", {RoomBytes{std::string(32, '\3')}}));
    TRY(db.run("INSERT INTO audit VALUES(1, 28, 1, 1, 'token_made', 'token', 1, '{\"scope\":\"write\"}', 2)"));
    TRY(db.run("INSERT INTO upload VALUES('u_1', 'orders.csv', 29, 'sum', 30)"));
    TRY(db.run(
        "INSERT INTO job VALUES(1, 'j_1', 'import', 'orders.csv', '{}', 'done', 31, 32, 33, 34, 35, '{}', NULL)"));
    TRY(db.run("INSERT INTO kept_answer VALUES('key', 'sum', 202, '{}', 36)"));
    return db.run("INSERT INTO note VALUES(1, 'n_1', 18600, 'Autumn sale', 'campaign', 37)");
  });
  ASSERT_TRUE(written.has_value()) << written.error().message;
}

// The rows of other rooms' tables as they lie; nothing for a table that is empty.
Result<std::string> dump_rooms(Ledger& ledger) {
  static constexpr std::pair<const char*, const char*> kTables[] = {
      {"user",
       "SELECT id || ' ' || coalesce(email, '-') || ' ' || coalesce(name, '-') || ' ' || role || ' ' || "
       "coalesce(password, '-') || ' ' || created_at || ' ' || coalesce(erased_at, '-') FROM user ORDER BY id"},
      {"session", "SELECT hex(hash) || ' ' || user || ' ' || created_at || ' ' || seen_at FROM session"},
      {"link", "SELECT hex(hash) || ' ' || purpose || ' ' || user || ' ' || created_at || ' ' || expires_at FROM link"},
      {"token",
       "SELECT id || ' ' || hex(hash) || ' ' || name || ' ' || scope || ' ' || user || ' ' || created_at || ' ' || "
       "expires_at || ' ' || last_used_day || ' ' || revoked_at FROM token"},
      {"audit",
       "SELECT id || ' ' || at || ' ' || actor || ' ' || actor_id || ' ' || action || ' ' || subject || ' ' || "
       "subject_id || ' ' || detail || ' ' || times FROM audit"},
      {"upload", "SELECT id || ' ' || name || ' ' || bytes || ' ' || sha256 || ' ' || used_at FROM upload"},
      {"job",
       "SELECT number || ' ' || id || ' ' || kind || ' ' || title || ' ' || request || ' ' || state || ' ' || done || "
       "' ' || total || ' ' || asked_at || ' ' || started_at || ' ' || ended_at || ' ' || coalesce(result, '-') || ' ' "
       "|| coalesce(error, '-') FROM job"},
      {"kept_answer", "SELECT key || ' ' || asked || ' ' || status || ' ' || body || ' ' || at FROM kept_answer"},
      {"note", "SELECT number || ' ' || id || ' ' || day || ' ' || text || ' ' || kind || ' ' || at FROM note"}};
  std::string text;
  RoomStore store(ledger);
  const auto read = store.read([&](RoomReader& db) -> Result<void> {
    for (const auto& [table, sql] : kTables) {
      TRY(db.each(sql, {}, [&](const RoomRow& row) -> Result<void> {
        text += fmt::format("{} {}\n", table, row.text(0));
        return {};
      }));
    }
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return text;
}

// Something of everything: each kind, a repeat, a change, an undo, a merge, settings.
void fill(Ledger& ledger) {
  const auto eur = money::Currency::parse("EUR").value();
  OrderAssertion one;
  one.order_id = "1001";
  one.alias = "450789469";
  one.customer = {IdentitySpace::kEmail, "one@shop.example"};
  one.email = one.customer.value;
  one.name = "Customer One";
  one.placed = calendar::Moment{Instant{1'600'000'000'000}, false};
  one.status = "paid";
  one.currency = eur;
  one.gross_minor = 1000;
  one.total_minor = 1210;
  one.tax_minor = 210;
  one.units_milli = 1000;
  one.source = "newsletter";
  one.country = "NL";
  one.coupon = "SPRING";
  const OrderLine mug[] = {{"mug", "A mug", 1000, 1000}};
  one.lines = mug;
  one.line = 2;
  OrderAssertion two;
  two.order_id = "1002";
  two.customer = {IdentitySpace::kCustomerId, "c2"};
  two.phone = "+31201234567";
  two.placed = calendar::Moment{Instant{1'601'424'000'000}, true};
  two.updated_at = Instant{1'601'500'000'000};
  two.cancelled_at = Instant{1'601'600'000'000};
  two.gross_minor = -5;
  two.refund_minor = 3;
  two.refunded_at = Instant{1'601'700'000'000};
  two.shipping_minor = 495;
  two.discount_minor = 100;
  two.test = true;
  const OrderLine lines[] = {{"pen", "", 2500, 300}, {"", "wrapping", 1000, 0}};
  two.lines = lines;
  const RefundPart parts[] = {{"r1", Instant{1'601'700'000'000}, 2}, {"r2", std::nullopt, 1}};
  two.refunds = parts;
  two.line = 5;
  OrderAssertion changed = one;
  changed.status = "refunded";
  const RefundRecord refund{two.customer, {Instant{1'602'000'000'000}, true}, {250, eur}, 9};
  CustomerRecord customer;
  customer.id = two.customer;
  customer.email = "two@shop.example";
  customer.country = "BE";
  customer.language = "nl";
  customer.first_order = calendar::Moment{Instant{1'500'000'000'000}, true};
  customer.orders_before = 4;
  customer.consent = true;
  customer.unsubscribed_at = calendar::Moment{Instant{1'603'000'000'000}, false};
  const CostRecord cost{Day{18'600}, Day{18'631}, {10'000, eur}, "marketing", "acquisition", "spring", "a note", 2};
  const ItemRecord item{"mug", "A mug", "kitchen", money::Money{400, eur}, 2};
  const RateRecord rate{eur, {Day{18'600}, money::Currency::parse("USD").value(), 117'460, 5}, 2};
  SubscriptionRecord subscription;
  subscription.id = "S1";
  subscription.customer_space = two.customer.space;
  subscription.customer = two.customer.value;
  subscription.plan = "coffee";
  subscription.start = Day{18'600};
  subscription.trial_end = Day{18'614};
  subscription.pauses = {{Day{18'700}, Day{18'730}}, {Day{18'800}, std::nullopt}};
  subscription.amount = money::Money{1250, eur};
  subscription.interval_months = 1;
  EventRecord event;
  event.message_id = "m1";
  event.customer = {IdentitySpace::kAnonymousId, "visitor"};
  event.kind = "Product Viewed";
  event.at = {Instant{1'600'100'000'000}, false};
  event.properties = R"({"sku":"mug"})";
  EventRecord nameless = event;
  nameless.message_id = nameless.properties = "";

  import(ledger, ImportKind::kOrders, "first", one, two, refund);
  import(ledger, ImportKind::kOrders, "second", changed, two);
  import(ledger, ImportKind::kOrders, "second", changed, two);
  OrderAssertion taken_back = two;
  taken_back.order_id = "1003";
  import(ledger, ImportKind::kOrders, "third", taken_back);
  ASSERT_TRUE(ledger.undo_import(4).has_value());
  import(ledger, ImportKind::kCustomers, "customers", customer);
  import(ledger, ImportKind::kCosts, "costs", cost, cost);
  import(ledger, ImportKind::kItems, "items", item);
  import(ledger, ImportKind::kRates, "rates", rate);
  import(ledger, ImportKind::kSubscriptions, "subscriptions", subscription);
  import(ledger, ImportKind::kEvents, "events", event, nameless);
  SettingsChange settings;
  settings.zone = "Europe/Amsterdam";
  settings.currency = eur;
  settings.window_days = 90;
  settings.margin_rate_millionth = std::optional(400'000);
  settings.statuses["klaar"] = Standing::kCounts;
  settings.mappings["shape"] = "customer=#1";
  ASSERT_TRUE(ledger.change(settings).has_value());
  ASSERT_TRUE(ledger.merge(one.customer, two.customer).has_value());
  ImportMeta meta;
  meta.kind = ImportKind::kCosts;
  meta.file_name = meta.sha256 = "costs with rows that cannot be read";
  auto writer = ledger.begin_import(meta);
  ASSERT_TRUE(writer.has_value()) << writer.error().message;
  writer->keep_rejected({{"costs.csv", 3, "from", "ingest.reject.date", "yesterday"}, {"costs.csv", 5, "", "", ""}});
  ASSERT_TRUE(writer->commit().has_value());
  CostRecord entered = cost;
  ASSERT_TRUE(ledger.enter_cost("c_1", entered).has_value());
  ASSERT_TRUE(ledger.enter_cost("c_2", entered).has_value());
  entered.amount = {12'345, money::Currency::none()};
  entered.note = "as the invoice says";
  ASSERT_TRUE(ledger.restate_cost("c_1", entered).has_value());
  ASSERT_TRUE(ledger.take_cost_away("c_2").has_value());
  fill_rooms(ledger);
}

template <class T>
std::string number(const std::optional<T>& v) {
  return v ? std::to_string(*v) : "-";
}
std::string at(const std::optional<Instant>& t) { return t ? to_string(*t) : "-"; }
std::string at(const std::optional<calendar::Moment>& m) {
  return m ? (m->date_only ? "day " : "") + to_string(m->at) : "-";
}
std::string who(const IdentityRef& i) { return fmt::format("{}:{}", static_cast<int>(i.space), i.value); }

Result<std::string> dump(Ledger& ledger) {
  TRY_ASSIGN(const auto s, ledger.snapshot());
  std::string text = fmt::format("revision {}\n", s.revision());
  for (const ImportRow& i : s.imports()) {
    text += fmt::format("import {} {} {} state {} rows {} added {} changed {} repeated {} repeats {}\n", i.id,
                        name(i.meta.kind), i.meta.file_name, static_cast<int>(i.state), i.rows, i.added, i.changed,
                        i.repeated, number(i.repeats));
  }
  const auto order = [&](const StoredOrder& stored) -> Result<void> {
    const OrderAssertion& o = stored.order;
    text += fmt::format(
        "order {} at {} import {}: {} alias {} of {} now {} ({}, {}, {}) placed {} version {} status {} {} gross {} "
        "total {} tax {} shipping {} discount {} refund {} at {} cancelled {} units {} coupon {} source {} country {} "
        "test {} line {}",
        stored.seq, to_string(stored.received), stored.import, o.order_id, o.alias, who(o.customer),
        who(stored.customer), o.email, o.phone, o.name, at(o.placed), at(o.updated_at), o.status, o.currency.code(),
        number(o.gross_minor), number(o.total_minor), number(o.tax_minor), number(o.shipping_minor),
        number(o.discount_minor), number(o.refund_minor), at(o.refunded_at), at(o.cancelled_at), number(o.units_milli),
        o.coupon, o.source, o.country, o.test, o.line);
    for (const OrderLine& l : o.lines) {
      text += fmt::format(" [{} {} {} {}]", l.item, l.name, l.quantity_milli, l.amount_minor);
    }
    for (const RefundPart& r : o.refunds) text += fmt::format(" <{} {} {}>", r.id, at(r.at), r.minor);
    text += '\n';
    return {};
  };
  TRY(s.orders(order));
  const auto refund = [&](const RefundRecord& r, Seq seq) -> Result<void> {
    text += fmt::format("refund {} {} {} {} {} line {}\n", seq, who(r.customer), at(std::optional(r.at)),
                        r.amount.minor, r.amount.currency.code(), r.line);
    return {};
  };
  TRY(s.refunds(refund));
  const auto customer = [&](const CustomerRecord& c, const IdentityRef& now, Seq seq) -> Result<void> {
    text += fmt::format(
        "customer {} {} now {} ({}, {}, {}) {} {} {} first {} before {} consent {} {} unsubscribed {} {}\n", seq,
        who(c.id), who(now), c.email, c.phone, c.name, c.country, c.source, c.language, at(c.first_order),
        number(c.orders_before), number(c.consent), at(c.consent_at), number(c.unsubscribed), at(c.unsubscribed_at));
    return {};
  };
  TRY(s.customers(customer));
  const auto event = [&](const EventRecord& e, const IdentityRef& now, Seq seq) -> Result<void> {
    text += fmt::format("event {} {} {} now {} {} {} {}\n", seq, e.message_id, who(e.customer), who(now), e.kind,
                        at(std::optional(e.at)), e.properties);
    return {};
  };
  TRY(s.events(event));
  TRY_ASSIGN(const auto costs, s.costs());
  for (const CostRecord& c : costs) {
    text += fmt::format("cost {} {} {} {} {} {} {}\n", to_string(c.from), to_string(c.to), c.amount.minor, c.kind,
                        c.purpose, c.campaign, c.note);
  }
  for (const ImportRow& i : s.imports()) {
    TRY_ASSIGN(const auto rejected, ledger.rejected_rows(i.id));
    for (const RejectedRow& r : rejected) {
      text += fmt::format("rejected {} {} {} {} {} {}\n", i.id, r.file, r.line, r.column, r.reason, r.excerpt);
    }
  }
  TRY_ASSIGN(const auto items, s.items());
  for (const ItemRecord& i : items) {
    text += fmt::format("item {} {} {} {}\n", i.id, i.name, i.category, i.cost ? i.cost->minor : -1);
  }
  TRY_ASSIGN(const auto rates, s.rates());
  for (const RateRecord& r : rates) {
    text += fmt::format("rate {} {} {} {} e-{}\n", r.base.code(), r.rate.currency.code(), to_string(r.rate.day),
                        r.rate.mantissa, r.rate.scale);
  }
  TRY_ASSIGN(const auto subscriptions, s.subscriptions());
  for (const SubscriptionRecord& r : subscriptions) {
    text += fmt::format("subscription {} of {} {} from {} trial {} pauses {} every {} months for {}\n", r.id,
                        r.customer, r.plan, to_string(r.start.value_or(Day{})), to_string(r.trial_end.value_or(Day{})),
                        r.pauses.size(), r.interval_months, r.amount ? r.amount->minor : -1);
  }
  const Settings& settings = s.settings();
  text += fmt::format("settings {} {} {} {}", settings.zone.value_or("-"),
                      settings.currency.value_or(money::Currency()).code(), number(settings.window_days),
                      number(settings.margin_rate_millionth));
  for (const auto& [word, standing] : settings.statuses)
    text += fmt::format(" {}={}", word, static_cast<int>(standing));
  for (const auto& [shape, mapping] : settings.mappings) text += fmt::format(" {}={}", shape, mapping);
  TRY_ASSIGN(const std::string rooms, dump_rooms(ledger));
  return text + "\n" + rooms;
}

TEST(Fixture, WhatIsWrittenNowIsWhatTheNewestFixtureSays) {
  const TemporaryFolder t;
  auto folder = DataFolder::create(t / "data", false, environment());
  auto ledger = Ledger::open(std::move(*folder));
  fill(*ledger);
  const auto text = dump(*ledger);
  ASSERT_TRUE(text.has_value()) << text.error().message;
  const int version = internal::newest_version(internal::migrations());
  const std::string fixture = fmt::format("{}/v{}", kFixtures, version);
  if (std::getenv("BEHOUD_WRITE_FIXTURE")) {
    ASSERT_FALSE(std::filesystem::exists(fixture)) << "a released fixture never changes";
    ASSERT_TRUE(ledger->checkpoint().has_value());
    ledger = fail(Errc::kNotFound, "closed");
    std::filesystem::create_directories(fixture);
    std::filesystem::copy(t / "data/behoud.db", fixture + "/behoud.db");
    write_file(fixture + "/says.txt", *text);
  }
  EXPECT_EQ(*text, read_file(fixture + "/says.txt"));
}

TEST(Fixture, OfEveryVersionIsUpgradedAndSaysWhatItSaid) {
  for (int version = 1; version <= internal::newest_version(internal::migrations()); ++version) {
    const std::string fixture = fmt::format("{}/v{}", kFixtures, version);
    ASSERT_TRUE(std::filesystem::exists(fixture + "/behoud.db")) << version;
    for (const Access first : {Access::kRead, Access::kWrite}) {
      const TemporaryFolder t;
      copy_folder(fixture, t / "data");
      std::filesystem::permissions(t / "data", std::filesystem::perms(0700));
      {
        auto folder = DataFolder::open(t / "data", first, environment(5));
        ASSERT_TRUE(folder.has_value()) << folder.error().message;
        auto ledger = Ledger::open(std::move(*folder));
        ASSERT_TRUE(ledger.has_value()) << ledger.error().message;
        EXPECT_EQ(dump(*ledger).value(), read_file(fixture + "/says.txt"));
      }
      const auto findings = examine(t / "data", environment(6));
      for (const Finding& f : *findings) {
        EXPECT_TRUE(f.severity == Severity::kOk || f.key == "doctor.disk_low") << f.key << ": " << f.message;
      }
      auto folder = DataFolder::open(t / "data", Access::kWrite, environment(7));
      auto ledger = Ledger::open(std::move(*folder));
      OrderAssertion again;
      again.order_id = "1001";
      import(*ledger, ImportKind::kOrders, "after the upgrade", again);
      EXPECT_EQ(ledger->imports()->back().changed, 1u) << "it is known what was there";
    }
  }
}

}  // namespace
}  // namespace behoud::ledger
