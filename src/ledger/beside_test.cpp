// What goes on beside what: a dry run holds up nobody and is held up by nobody, an import lets short writes in between
// its rows, and who waits too long is told so. Asserted by the order of events: a call returns while another is open.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ledger/internal/testing.h"
#include "ledger/ledger.h"
#include "ledger/room_store.h"

namespace behoud::ledger {
namespace {

using namespace testing;

Environment patient_for(std::chrono::milliseconds patience) {
  Environment env = environment();
  env.write_patience = patience;
  return env;
}
Ledger make(const std::string& path, const Environment& env = environment()) {
  auto folder = DataFolder::create(path, false, env);
  EXPECT_TRUE(folder.has_value());
  auto ledger = Ledger::open(std::move(*folder));
  EXPECT_TRUE(ledger.has_value());
  return std::move(*ledger);
}

ImportMeta file(std::string name, ImportKind kind = ImportKind::kOrders, bool dry_run = false) {
  ImportMeta m;
  m.kind = kind;
  m.sha256 = "sum of " + name;
  m.file_name = std::move(name);
  m.dry_run = dry_run;
  return m;
}
ImportMeta trial(const ImportMeta& of) {
  ImportMeta m = of;
  m.dry_run = true;
  return m;
}
OrderAssertion order(std::string_view id, std::int64_t gross = 1000) {
  OrderAssertion o;
  o.order_id = id;
  o.customer = {IdentitySpace::kCustomerId, "c1"};
  o.status = "paid";
  o.gross_minor = gross;
  o.currency = *money::Currency::parse("EUR");
  o.placed = calendar::Moment{calendar::Instant{1'700'000'000'000}, false};
  return o;
}
CostRecord cost(std::int64_t minor) {
  CostRecord c;
  c.from = calendar::Day{19'000};
  c.to = calendar::Day{19'001};
  c.amount = {minor, *money::Currency::parse("EUR")};
  c.kind = "ads";
  c.purpose = "retention";
  return c;
}
ImportRow import(Ledger& ledger, const ImportMeta& meta, const std::vector<OrderAssertion>& orders) {
  auto writer = ledger.begin_import(meta);
  EXPECT_TRUE(writer.has_value());
  for (const OrderAssertion& o : orders) EXPECT_TRUE(writer->add(o).has_value());
  const auto row = writer->commit();
  EXPECT_TRUE(row.has_value());
  return *row;
}

TEST(Beside, ADryRunHoldsUpNobodyAndSeesWhatWasThereWhenItBegan) {
  const TemporaryFolder t;
  // Whoever had to wait at all would be refused.
  Ledger ledger = make(t / "data", patient_for(std::chrono::milliseconds{0}));
  RoomStore store(ledger, std::chrono::milliseconds{0});
  import(ledger, file("a"), {order("1"), order("2")});
  auto dry = ledger.begin_import(file("b", ImportKind::kOrders, true));
  ASSERT_TRUE(dry.has_value());
  std::vector<std::string> ids;
  for (int i = 0; i < 5000; ++i) ids.push_back("n" + std::to_string(i));
  for (const std::string& id : ids) ASSERT_TRUE(dry->add(order(id)).has_value());

  EXPECT_TRUE(store
                  .write([](RoomWriter& db) {
                    return db.run("INSERT INTO user(email, role, created_at) VALUES('a@example.com', 3, 17)");
                  })
                  .has_value());
  SettingsChange change;
  change.window_days = 90;
  EXPECT_TRUE(ledger.change(change).has_value());
  EXPECT_TRUE(ledger.enter_cost("c", cost(5)).has_value());
  EXPECT_TRUE(ledger.restate_cost("c", cost(6)).has_value());
  EXPECT_TRUE(ledger.take_cost_away("c").has_value());
  auto another = ledger.begin_import(file("b", ImportKind::kOrders, true));
  EXPECT_TRUE(another.has_value()) << "two dry runs at once";
  EXPECT_EQ(import(ledger, file("c"), {order("3")}).added, 1U);
  EXPECT_TRUE(ledger.undo_import(1).has_value());
  EXPECT_TRUE(ledger.checkpoint().has_value());

  for (const char* id : {"1", "2", "3"}) ASSERT_TRUE(dry->add(order(id)).has_value());
  for (const std::string& id : ids) ASSERT_TRUE(dry->add(order(id)).has_value());
  const auto row = dry->commit();
  ASSERT_TRUE(row.has_value()) << row.error().message;
  EXPECT_EQ(row->added, 5001U) << "order 3 came after it had begun";
  EXPECT_EQ(row->repeated, 5002U) << "orders 1 and 2 were there when it began, and its own rows count";
  EXPECT_EQ(row->rows, 10'003U);
  EXPECT_EQ(ledger.imports()->size(), 2U);
}

TEST(Beside, ADryRunIsHeldUpByNobody) {
  const TemporaryFolder t;
  Ledger ledger = make(t / "data");
  import(ledger, file("a"), {order("1")});
  RoomStore store(ledger);
  auto open = ledger.begin_import(file("open"));
  ASSERT_TRUE(open.has_value());
  ASSERT_TRUE(store
                  .write([&](RoomWriter&) -> Result<void> {
                    const ImportRow row =
                        import(ledger, file("b", ImportKind::kOrders, true), {order("1"), order("2")});
                    EXPECT_EQ(row.repeated, 1U);
                    EXPECT_EQ(row.added, 1U);
                    return {};
                  })
                  .has_value());
  // The import that was open is as it was.
  ASSERT_TRUE(open->add(order("9")).has_value());
  EXPECT_EQ(open->commit()->added, 1U);
}

TEST(Beside, ADryRunNeedsNoRightToWriteAndLeavesNoFile) {
  const TemporaryFolder t;
  const auto files = [&] {
    std::size_t n = 0;
    for (const auto& entry : std::filesystem::directory_iterator(t / "data")) n += entry.is_regular_file() ? 1 : 0;
    return n;
  };
  Ledger owner = make(t / "data");
  import(owner, file("a"), {order("1")});
  auto folder = DataFolder::open(t / "data", Access::kRead, environment());
  ASSERT_TRUE(folder.has_value());
  Ledger reader = std::move(*Ledger::open(std::move(*folder)));
  EXPECT_EQ(reader.begin_import(file("b")).error().code, Errc::kInvalidArgument);
  const std::size_t before = files();
  auto dry = reader.begin_import(file("b", ImportKind::kOrders, true));
  ASSERT_TRUE(dry.has_value());
  std::vector<std::string> ids;
  for (int i = 0; i < 20'000; ++i) ids.push_back("n" + std::to_string(i));
  for (const std::string& id : ids) ASSERT_TRUE(dry->add(order(id)).has_value());
  EXPECT_EQ(files(), before) << "also a kill would leave none";
  EXPECT_EQ(dry->commit()->added, 20'000U);
  EXPECT_EQ(files(), before);
}

TEST(Beside, ADryRunKeepsAnImportThatCanBeGoneOnWith) {
  const TemporaryFolder t;
  Environment env = environment();
  env.chunk_rows = 2;
  Ledger ledger = make(t / "data", env);
  {
    auto left = ledger.begin_import(file("a"));
    for (const char* id : {"1", "2", "3", "4", "5"}) ASSERT_TRUE(left->add(order(id)).has_value());
  }
  EXPECT_EQ(import(ledger, file("a", ImportKind::kOrders, true), {order("1"), order("2")}).added, 2U)
      << "what nobody may see is not there";
  auto again = ledger.begin_import(file("a"));
  ASSERT_TRUE(again.has_value());
  EXPECT_GT(again->resumed_rows(), 0U);
  for (const char* id : {"1", "2", "3", "4", "5"}) ASSERT_TRUE(again->add(order(id)).has_value());
  EXPECT_EQ(again->commit()->added, 5U);
}

TEST(Beside, AnImportLetsOthersInWhereItsChunkIsFarFromFull) {
  const TemporaryFolder t;
  Environment env = environment();
  env.chunk_rows = std::uint64_t{1} << 40;  // by itself it would be one chunk to its end
  env.write_patience = std::chrono::hours{1};
  Ledger ledger = make(t / "data", env);
  RoomStore store(ledger, std::chrono::hours{1});
  auto writer = ledger.begin_import(file("big"));
  ASSERT_TRUE(writer.has_value());
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> given{0};
  std::thread importing([&] {
    while (!done) {
      const std::string id = std::to_string(given++);
      if (!writer->add(order(id))) break;
    }
  });
  for (int i = 0; i < 5; ++i) {
    // The import never pauses, and ends only once all of these are done.
    const std::uint64_t before = given;
    while (given < before + 3000) std::this_thread::yield();
    SettingsChange change;
    change.window_days = 10 + i;
    EXPECT_TRUE(ledger.change(change).has_value());
    EXPECT_TRUE(ledger.enter_cost("c" + std::to_string(i), cost(i)).has_value());
    EXPECT_TRUE(store.write([](RoomWriter& db) { return db.run("UPDATE user SET name = 'x'"); }).has_value());
  }
  done = true;
  importing.join();
  const auto row = writer->commit();
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->added, given.load());
  EXPECT_EQ(ledger.settings()->window_days, 14);
}

TEST(Beside, WhoWaitsTooLongIsToldSoAndNothingOfItIsDone) {
  const TemporaryFolder t;
  Ledger ledger = make(t / "data", patient_for(std::chrono::milliseconds{1}));
  import(ledger, file("a"), {order("1")});
  ASSERT_TRUE(ledger.enter_cost("there", cost(1)).has_value());
  const auto revision = ledger.revision().value();
  RoomStore store(ledger);
  SettingsChange change;
  change.window_days = 90;
  const IdentityRef c1{IdentitySpace::kCustomerId, "c1"};
  const IdentityRef c2{IdentitySpace::kCustomerId, "c2"};
  const auto everything = [&] {
    const bool each[] = {is_busy(ledger.change(change).error()),
                         is_busy(ledger.enter_cost("c", cost(1)).error()),
                         is_busy(ledger.restate_cost("there", cost(2)).error()),
                         is_busy(ledger.take_cost_away("there").error()),
                         is_busy(ledger.merge(c1, c2).error()),
                         is_busy(ledger.unmerge(c1, c2).error()),
                         is_busy(ledger.undo_import(1).error()),
                         is_busy(ledger.checkpoint().error())};
    return std::ranges::count(each, true);
  };
  ASSERT_TRUE(store
                  .write([&](RoomWriter&) -> Result<void> {
                    EXPECT_EQ(everything(), 8);
                    return {};
                  })
                  .has_value());
  EXPECT_EQ(ledger.revision().value(), revision);
  EXPECT_TRUE(ledger.change(change).has_value());
  EXPECT_TRUE(ledger.undo_import(1).has_value());
}

TEST(Beside, WhatIsWrittenAlongIsThereWithTheImportOrBothAreNot) {
  const TemporaryFolder t;
  Ledger ledger = make(t / "data");
  RoomStore store(ledger);
  const auto notes = [&] {
    std::int64_t n = 0;
    EXPECT_TRUE(store
                    .read([&](RoomReader& db) -> Result<void> {
                      TRY_ASSIGN(const auto count, db.integer("SELECT count(*) FROM note"));
                      n = count.value_or(-1);
                      return {};
                    })
                    .has_value());
    return n;
  };
  const auto note = [](RoomWriter& db, const ImportRow& row) {
    EXPECT_TRUE(row.state != ImportState::kOpen);
    return db.run("INSERT INTO note(id, day, text, kind, at) VALUES(?1, 1, 'x', 'other', 1)",
                  {std::to_string(row.id) + (row.undone_at ? "u" : "")});
  };
  const auto no = [&](RoomWriter& db, const ImportRow& row) -> Result<void> {
    TRY(note(db, row));
    return fail(Errc::kUnavailable, "no");
  };
  {
    auto writer = ledger.begin_import(file("a"));
    ASSERT_TRUE(writer->add(order("1")).has_value());
    EXPECT_FALSE(writer->commit({}, no).has_value());
  }
  EXPECT_EQ(notes(), 0);
  EXPECT_EQ(ledger.imports()->front().state, ImportState::kOpen);
  auto again = ledger.begin_import(file("a"));
  ASSERT_TRUE(again->add(order("1")).has_value());
  const auto version = store.version();
  ASSERT_TRUE(again->commit({}, note).has_value());
  EXPECT_EQ(notes(), 1);
  EXPECT_GT(store.version(), version);
  EXPECT_FALSE(ledger.undo_import(1, no).has_value());
  EXPECT_EQ(notes(), 1);
  EXPECT_EQ(ledger.imports()->front().state, ImportState::kCommitted);
  ASSERT_TRUE(ledger.undo_import(1, note).has_value());
  EXPECT_EQ(notes(), 2);
  auto dry = ledger.begin_import(file("b", ImportKind::kOrders, true));
  ASSERT_TRUE(dry->commit({}, note).has_value());
  EXPECT_EQ(notes(), 2) << "a dry run writes nothing along";
}

// Whatever is there (imports, some taken back, some by the same rows) and whatever the file holds (repeats of its own
// rows, other names of an order, lines): a dry run counts what the import then does, to the unit.
RC_GTEST_PROP(Beside, ADryRunCountsWhatTheImportThenDoes, ()) {
  const TemporaryFolder t;
  Environment env = environment();
  env.chunk_rows = *rc::gen::inRange<std::uint64_t>(1, 40);  // also a batch, so that rows are looked up where they went
  auto folder = DataFolder::create(t / "data", false, env);
  Ledger ledger = std::move(*Ledger::open(std::move(*folder)));
  static const std::vector<std::string> ids{"", "a", "b", "c", "d", "e", "f", "g"};
  const OrderLine one[] = {{"item", "Thing", 1000, 500}};
  const OrderLine two[] = {{"item", "Thing", 1000, 500}, {"other", "", 2000, 500}};
  const auto some = [&](int least) {
    struct Given {
      ImportKind kind;
      std::vector<OrderAssertion> orders;
      std::vector<CustomerRecord> customers;
      std::vector<EventRecord> events;
    } out;
    out.kind = *rc::gen::element(ImportKind::kOrders, ImportKind::kOrders, ImportKind::kCustomers, ImportKind::kEvents);
    const int n = *rc::gen::inRange(least, 60);
    for (int i = 0; i < n; ++i) {
      const auto pick = [] { return static_cast<std::size_t>(*rc::gen::inRange(0, 8)); };
      if (out.kind == ImportKind::kOrders) {
        OrderAssertion o = order(ids[1 + pick() % 7], *rc::gen::inRange(1, 4));
        o.alias = ids[pick()];
        if (o.alias == o.order_id) o.alias = "";
        o.customer.value = ids[1 + pick() % 7];
        const int lines = *rc::gen::inRange(0, 3);
        if (lines == 1) o.lines = one;
        if (lines == 2) o.lines = two;
        out.orders.push_back(o);
      } else if (out.kind == ImportKind::kCustomers) {
        CustomerRecord c;
        c.id = {IdentitySpace::kCustomerId, ids[1 + pick() % 7]};
        c.name = ids[pick() % 3];
        out.customers.push_back(c);
      } else {
        EventRecord e;
        e.customer = {IdentitySpace::kCustomerId, ids[1 + pick() % 3]};
        e.kind = "page";
        e.message_id = ids[pick() % 4];
        e.at = {calendar::Instant{static_cast<std::int64_t>(1'700'000'000'000 + pick() % 3)}, false};
        out.events.push_back(e);
      }
    }
    return out;
  };
  const auto run = [&](const ImportMeta& meta, const auto& given) {
    auto writer = ledger.begin_import(meta);
    RC_ASSERT(writer.has_value());
    for (const auto& r : given.orders) RC_ASSERT(writer->add(r).has_value());
    for (const auto& r : given.customers) RC_ASSERT(writer->add(r).has_value());
    for (const auto& r : given.events) RC_ASSERT(writer->add(r).has_value());
    const auto row = writer->commit();
    RC_ASSERT(row.has_value());
    return *row;
  };
  const int before = *rc::gen::inRange(0, 4);
  for (int i = 0; i < before; ++i) {
    const auto given = some(0);
    const ImportRow row = run(file("before " + std::to_string(i), given.kind), given);
    if (*rc::gen::arbitrary<bool>()) RC_ASSERT(ledger.undo_import(row.id).has_value());
  }
  const auto given = some(1);
  // At times a file that was there before, whole or taken back.
  const ImportMeta meta = file(*rc::gen::arbitrary<bool>() ? "new" : "before 0", given.kind);
  const auto revision = ledger.revision().value();
  const ImportRow tried = run(trial(meta), given);
  RC_ASSERT(ledger.revision().value() == revision);
  const ImportRow done = run(meta, given);
  RC_ASSERT(tried.id == done.id);
  RC_ASSERT(tried.rows == done.rows);
  RC_ASSERT(tried.added == done.added);
  RC_ASSERT(tried.changed == done.changed);
  RC_ASSERT(tried.repeated == done.repeated);
  RC_ASSERT(tried.repeats == done.repeats);
}

}  // namespace
}  // namespace behoud::ledger
