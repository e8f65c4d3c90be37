#include "ledger/room_store.h"

#include <atomic>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "ledger/internal/faulty_disk.h"
#include "ledger/internal/testing.h"

namespace behoud::ledger {
namespace {

using namespace testing;

Ledger make(const std::string& path, Environment env = environment()) {
  auto folder = DataFolder::create(path, false, env);
  EXPECT_TRUE(folder.has_value());
  auto ledger = Ledger::open(std::move(*folder));
  EXPECT_TRUE(ledger.has_value());
  return std::move(*ledger);
}

Result<void> insert(RoomWriter& db, std::string_view email) {
  return db.run("INSERT INTO user(email, role, created_at) VALUES(?1, ?2, ?3)", {email, 3, 17});
}
std::int64_t users(const RoomStore& store) {
  std::int64_t count = -1;
  EXPECT_TRUE(store
                  .read([&](RoomReader& db) -> Result<void> {
                    TRY_ASSIGN(const auto n, db.integer("SELECT count(*) FROM user"));
                    count = n.value_or(-1);
                    return {};
                  })
                  .has_value());
  return count;
}

TEST(RoomStore, KeepsEveryTypeOfValue) {
  const TemporaryFolder t;
  Ledger ledger = make(t / "data");
  RoomStore store(ledger);
  const std::string bytes("\0\1\xff", 3);
  std::int64_t id = 0;
  ASSERT_TRUE(
      store
          .write([&](RoomWriter& db) -> Result<void> {
            TRY(db.run("INSERT INTO user(email, name, role, created_at, erased_at) VALUES(?1, ?2, ?3, ?4, ?5)",
                       {"owner@example.com", std::optional<std::string>(), 3, std::optional(17), std::nullopt}));
            id = db.inserted_id();
            TRY_ASSIGN(const auto changed, db.change("UPDATE user SET name = ?1", {std::string("O")}));
            EXPECT_EQ(changed, 1);
            return db.run("INSERT INTO session VALUES(?1, ?2, 5, 6)", {RoomBytes{bytes}, id});
          })
          .has_value());
  int rows = 0;
  ASSERT_TRUE(store
                  .read([&](RoomReader& db) -> Result<void> {
                    TRY(db.each("SELECT email, name, role, created_at, erased_at FROM user WHERE id = ?1", {id},
                                [&](const RoomRow& r) -> Result<void> {
                                  ++rows;
                                  EXPECT_EQ(r.text(0), "owner@example.com");
                                  EXPECT_EQ(r.maybe_text(1), "O");
                                  EXPECT_EQ(r.integer(2), 3);
                                  EXPECT_EQ(r.maybe(3), 17);
                                  EXPECT_TRUE(r.null(4));
                                  EXPECT_EQ(r.maybe_text(4), std::nullopt);
                                  return {};
                                }));
                    return db.each("SELECT hash FROM session WHERE hash = ?1", {RoomBytes{bytes}},
                                   [&](const RoomRow& r) -> Result<void> {
                                     ++rows;
                                     EXPECT_EQ(r.text(0), bytes);
                                     return {};
                                   });
                  })
                  .has_value());
  EXPECT_EQ(rows, 2);
}

TEST(RoomStore, AWriteThatFailsNeverWas) {
  const TemporaryFolder t;
  Ledger ledger = make(t / "data");
  RoomStore store(ledger);
  const std::int64_t revision = ledger.revision().value();
  const auto failed = store.write([&](RoomWriter& db) -> Result<void> {
    TRY(insert(db, "a@example.com"));
    return fail(Errc::kOutOfRange, "enough");
  });
  EXPECT_EQ(failed.error().code, Errc::kOutOfRange);
  const auto twice = store.write([&](RoomWriter& db) -> Result<void> {
    TRY(insert(db, "a@example.com"));
    return insert(db, "a@example.com");
  });
  EXPECT_EQ(twice.error().code, Errc::kConflict) << twice.error().message;
  EXPECT_EQ(twice.error().message.find("a@example.com"), std::string::npos) << "no value in a message";
  EXPECT_EQ(users(store), 0);
  EXPECT_TRUE(store.write([&](RoomWriter& db) { return insert(db, "a@example.com"); }).has_value());
  EXPECT_EQ(users(store), 1);
  EXPECT_EQ(ledger.revision().value(), revision) << "it says nothing about the shop";
}

TEST(RoomStore, NeedsALedgerThatMayBeWritten) {
  const TemporaryFolder t;
  {
    const Ledger made = make(t / "data");
  }
  auto ledger = Ledger::open(DataFolder::open(t / "data", Access::kRead, environment()).value());
  ASSERT_TRUE(ledger.has_value());
  RoomStore store(*ledger);
  EXPECT_EQ(store.write([](RoomWriter&) { return Result<void>{}; }).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(users(store), 0);
}

TEST(RoomStore, TellsThatSomethingWasWritten) {
  const TemporaryFolder t;
  Ledger ledger = make(t / "data");
  RoomStore one(ledger), other(ledger);
  const auto before = one.version();
  EXPECT_EQ(users(one), 0);
  EXPECT_EQ(one.version(), before);
  EXPECT_TRUE(other.write([](RoomWriter& db) { return insert(db, "a@example.com"); }).has_value());
  EXPECT_GT(one.version(), before);
  EXPECT_EQ(users(one), 1) << "and the reader sees it";
}

TEST(RoomStore, AReadSeesOneState) {
  const TemporaryFolder t;
  Ledger ledger = make(t / "data");
  RoomStore reading(ledger), writing(ledger);
  const auto count = [](RoomReader& db) { return db.integer("SELECT count(*) FROM user").value(); };
  ASSERT_TRUE(reading
                  .read([&](RoomReader& db) -> Result<void> {
                    EXPECT_EQ(count(db), 0);
                    TRY(writing.write([](RoomWriter& w) { return insert(w, "a@example.com"); }));
                    EXPECT_EQ(count(db), 0);
                    return {};
                  })
                  .has_value());
  EXPECT_EQ(users(reading), 1);
}

TEST(RoomStore, WritesAndReadsGoOnBesideAnImport) {
  const TemporaryFolder t;
  Environment env = environment();
  env.chunk_rows = 64;
  Ledger ledger = make(t / "data", env);
  RoomStore store(ledger);
  ImportMeta meta;
  meta.file_name = meta.sha256 = "big";
  auto import = ledger.begin_import(meta);
  ASSERT_TRUE(import.has_value());
  std::atomic<bool> done{false};
  std::atomic<int> added{0};
  std::thread importing([&] {
    OrderAssertion order;
    while (!done) {
      const std::string id = std::to_string(added++);
      order.order_id = id;
      if (!import->add(order)) break;
    }
  });
  // Each write is let in between two chunks of an import that never pauses: none waits for its end, which only comes
  // once they are all done.
  for (int i = 0; i < 20; ++i) {
    const std::string email = std::to_string(i) + "@example.com";
    ASSERT_TRUE(store.write([&](RoomWriter& db) { return insert(db, email); }).has_value());
    EXPECT_EQ(users(store), i + 1);
  }
  done = true;
  importing.join();
  const auto row = import->commit();
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->added, static_cast<std::uint64_t>(added.load()));
  EXPECT_EQ(users(store), 20);
}

TEST(RoomStore, GivesUpWaitingForOthersAndGoesOnAfterThem) {
  const TemporaryFolder t;
  Ledger ledger = make(t / "data");
  RoomStore hasty(ledger, std::chrono::milliseconds{1}), patient(ledger, std::chrono::hours{1});
  std::thread waiting;
  ASSERT_TRUE(patient
                  .write([&](RoomWriter& held) -> Result<void> {
                    for (int i = 0; i < 3; ++i) {
                      const auto refused = hasty.write([](RoomWriter& db) { return insert(db, "a@example.com"); });
                      EXPECT_TRUE(is_busy(refused.error())) << refused.error().message;
                      EXPECT_EQ(users(hasty), 0) << "reading waits for nobody";
                    }
                    // One that waits between those that gave up has its turn.
                    waiting = std::thread([&] {
                      EXPECT_TRUE(
                          patient.write([](RoomWriter& db) { return insert(db, "a@example.com"); }).has_value());
                    });
                    EXPECT_FALSE(hasty.write([](RoomWriter& db) { return insert(db, "b@example.com"); }).has_value());
                    return insert(held, "c@example.com");
                  })
                  .has_value());
  waiting.join();
  EXPECT_EQ(users(patient), 2);
  EXPECT_TRUE(hasty.write([](RoomWriter& db) { return insert(db, "b@example.com"); }).has_value());
  EXPECT_EQ(users(patient), 3);
}

TEST(RoomStore, SaysThatTheDiskIsFullAndGoesOnWhenThereIsRoom) {
  const TemporaryFolder t;
  FaultyDisk::lift();
  Ledger ledger = make(t / "data", environment(1, FaultyDisk::vfs()));
  RoomStore store(ledger);
  FaultyDisk::arm(Fault::kDiskFull, 1);
  const auto full = store.write([](RoomWriter& db) { return insert(db, "a@example.com"); });
  ASSERT_FALSE(full.has_value());
  EXPECT_EQ(full.error().code, Errc::kUnavailable);
  FaultyDisk::lift();
  EXPECT_EQ(users(store), 0);
  EXPECT_TRUE(store.write([](RoomWriter& db) { return insert(db, "a@example.com"); }).has_value());
  EXPECT_EQ(users(store), 1);
}

}  // namespace
}  // namespace behoud::ledger
