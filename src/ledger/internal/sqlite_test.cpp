#include "ledger/internal/sqlite.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/internal/backup.h"
#include "ledger/internal/faulty_disk.h"
#include "ledger/internal/guarded_vfs.h"
#include "ledger/internal/testing.h"

namespace behoud::ledger::internal {
namespace {

using testing::Fault;
using testing::FaultyDisk;
using testing::TemporaryFolder;

Database open(const std::string& path, Database::Mode mode, const std::string& vfs = "") {
  auto db = Database::open(path, mode, vfs);
  EXPECT_TRUE(db.has_value()) << (db ? "" : db.error().message);
  return std::move(*db);
}

void fill(Database& db, int rows) {
  ASSERT_TRUE(db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, text TEXT, number INTEGER, bytes BLOB)").has_value());
  auto insert = BulkInsert::prepare(db, "t", 4);
  ASSERT_TRUE(insert.has_value());
  std::vector<std::string> texts;
  std::vector<Cell> cells;
  for (int i = 0; i < rows; ++i) texts.push_back("row " + std::to_string(i));
  for (int i = 0; i < rows; ++i) {
    cells.push_back(Cell::of(std::int64_t{i} + 1));
    cells.push_back(Cell::text(texts[static_cast<std::size_t>(i)]));
    cells.push_back(i % 3 ? Cell::of(std::int64_t{i} * 1'000'000'000'000) : Cell());
    cells.push_back(Cell::blob(std::string_view("\0\1\2", 3)));
  }
  ASSERT_TRUE(insert->run(cells).has_value());
}

TEST(Sqlite, BulkRowsComeBackByScanAndByStatement) {
  const TemporaryFolder folder;
  auto db = open(folder / "x.db", Database::Mode::kCreate);
  fill(db, 1000);
  int seen = 0;
  const std::int64_t after[] = {0};
  const auto scanned = db.scan("id, text, number, bytes", "FROM t WHERE id > ?1", after, [&](const Row& row) {
    EXPECT_EQ(row.integer(0), seen + 1);
    EXPECT_EQ(row.bytes(1), "row " + std::to_string(seen));
    EXPECT_EQ(row.null(2), seen % 3 == 0);
    EXPECT_EQ(row.maybe(2).value_or(0), seen % 3 ? std::int64_t{seen} * 1'000'000'000'000 : 0);
    EXPECT_EQ(row.bytes(3), std::string_view("\0\1\2", 3));
    ++seen;
    return Result<void>{};
  });
  EXPECT_TRUE(scanned.has_value());
  EXPECT_EQ(seen, 1000);

  auto one = db.prepare("SELECT text, number, bytes FROM t WHERE id = ?1");
  ASSERT_TRUE(one.has_value());
  one->bind(1, 5);
  ASSERT_TRUE(one->step().value());
  EXPECT_TRUE(one->cell(0) == Cell::text("row 4"));
  EXPECT_TRUE(one->cell(1) == Cell::of(std::int64_t{4'000'000'000'000}));
  EXPECT_FALSE(one->cell(2) == Cell::text(std::string_view("\0\1\2", 3)));
  EXPECT_FALSE(one->step().value());
}

TEST(Sqlite, AnErrorOfTheCallbackStopsTheScanAndIsReturned) {
  const TemporaryFolder folder;
  auto db = open(folder / "x.db", Database::Mode::kCreate);
  fill(db, 100);
  int seen = 0;
  const auto scanned = db.scan("id", "FROM t", {}, [&](const Row&) -> Result<void> {
    if (++seen == 7) return fail(Errc::kNotFound, "enough");
    return {};
  });
  EXPECT_EQ(seen, 7);
  ASSERT_FALSE(scanned.has_value());
  EXPECT_EQ(scanned.error().code, Errc::kNotFound);
  EXPECT_EQ(scanned.error().message, "enough");
}

TEST(Sqlite, AScanInsideAScanReachesItsOwnCallback) {
  const TemporaryFolder folder;
  auto db = open(folder / "x.db", Database::Mode::kCreate);
  fill(db, 3);
  int pairs = 0;
  const auto inner = [&](const Row&) -> Result<void> {
    ++pairs;
    return {};
  };
  const auto outer = [&](const Row&) -> Result<void> { return db.scan("id", "FROM t", {}, inner); };
  EXPECT_TRUE(db.scan("id", "FROM t", {}, outer).has_value());
  EXPECT_EQ(pairs, 9);
}

TEST(Sqlite, ATransactionThatIsNotCommittedNeverWas) {
  const TemporaryFolder folder;
  auto db = open(folder / "x.db", Database::Mode::kCreate);
  fill(db, 3);
  {
    auto t = Transaction::begin(db);
    ASSERT_TRUE(t.has_value());
    EXPECT_TRUE(db.run("DELETE FROM t").has_value());
  }
  EXPECT_EQ(db.integer("SELECT count(*) FROM t").value(), 3);
  auto t = Transaction::begin(db);
  EXPECT_TRUE(db.run("DELETE FROM t WHERE id = ?1", 2).has_value());
  EXPECT_TRUE(t->commit().has_value());
  EXPECT_EQ(db.integer("SELECT count(*) FROM t").value(), 2);
}

TEST(Sqlite, ErrorsAreTyped) {
  const TemporaryFolder folder;
  EXPECT_EQ(Database::open(folder / "none.db", Database::Mode::kWrite, "").error().code, Errc::kNotFound);
  testing::write_file(folder / "text.db", std::string(20'000, 'x'));
  EXPECT_EQ(Database::open(folder / "text.db", Database::Mode::kWrite, "").error().code, Errc::kCorrupt);
  EXPECT_EQ(Database::open(folder / "x.db", Database::Mode::kCreate, "no such vfs").error().code,
            Errc::kInvalidArgument);

  auto db = open(folder / "busy.db", Database::Mode::kCreate);
  fill(db, 1);
  auto held = Transaction::begin(db);
  ASSERT_TRUE(held.has_value());
  auto second = open(folder / "busy.db", Database::Mode::kWrite);
  sqlite3_busy_timeout(second.handle(), 0);
  EXPECT_EQ(Transaction::begin(second).error().code, Errc::kConflict);
}

TEST(GuardedVfs, NoticesAFlippedByteInEveryPageThatIsRead) {
  const TemporaryFolder folder;
  const std::string path = folder / "x.db";
  {
    auto db = open(path, Database::Mode::kCreate);
    fill(db, 3000);
  }
  const std::string whole = testing::read_file(path);
  ASSERT_GT(whole.size(), 8192u * 8);
  const auto read_all = [&]() -> Result<void> {
    TRY_ASSIGN(auto db, Database::open(path, Database::Mode::kRead, ""));
    return db.scan("id, text, number, bytes", "FROM t", {}, [](const Row&) { return Result<void>{}; });
  };
  EXPECT_TRUE(read_all().has_value());
  // Every page, at places all over it, the checksum itself among them. (Page 1 begins with the header that is read
  // first.)
  for (std::size_t page = 0; page < whole.size() / 8192; ++page) {
    for (const std::size_t at : {std::size_t{30}, 100 + (page * 977) % 8000, std::size_t{8185}}) {
      std::string damaged = whole;
      damaged[page * 8192 + at] = static_cast<char>(damaged[page * 8192 + at] ^ 0x10);
      testing::write_file(path, damaged);
      const auto read = read_all();
      ASSERT_FALSE(read.has_value()) << "page " << page << " byte " << at;
      EXPECT_EQ(read.error().code, Errc::kCorrupt) << "page " << page << " byte " << at << ": " << read.error().message;
    }
  }
}

TEST(GuardedVfs, NoticesAPageInTheWrongPlaceAndAFileCutOff) {
  const TemporaryFolder folder;
  const std::string path = folder / "x.db";
  {
    auto db = open(path, Database::Mode::kCreate);
    fill(db, 3000);
  }
  const std::string whole = testing::read_file(path);
  const auto count = [&]() -> Result<std::optional<std::int64_t>> {
    TRY_ASSIGN(auto db, Database::open(path, Database::Mode::kRead, ""));
    return db.integer("SELECT sum(id) FROM t");
  };
  std::string swapped = whole;
  swapped.replace(3 * 8192, 8192, whole, 4 * 8192, 8192);
  testing::write_file(path, swapped);
  ASSERT_FALSE(count().has_value());
  EXPECT_EQ(count().error().code, Errc::kCorrupt);
  EXPECT_NE(count().error().message.find("page 4"), std::string::npos) << count().error().message;

  for (const std::size_t size : {whole.size() - 8192, whole.size() - 1, whole.size() / 2, std::size_t{8192},
                                 std::size_t{5000}, std::size_t{100}, std::size_t{50}}) {
    testing::write_file(path, whole.substr(0, size));
    const auto cut = count();
    ASSERT_FALSE(cut.has_value()) << size;
    EXPECT_EQ(cut.error().code, Errc::kCorrupt) << size << ": " << cut.error().message;
  }
}

TEST(GuardedVfs, AFailedSyncIsNeverTriedAgain) {
  const TemporaryFolder folder;
  const std::string path = folder / "x.db";
  {
    FaultyDisk::lift();
    auto db = open(path, Database::Mode::kCreate, FaultyDisk::vfs());
    fill(db, 10);
    FaultyDisk::arm(Fault::kSyncError, 1);
    const auto failed = db.run("INSERT INTO t(id) VALUES(100)");
    ASSERT_FALSE(failed.has_value());
    EXPECT_EQ(failed.error().code, Errc::kUnavailable);
    EXPECT_TRUE(FaultyDisk::struck());
    EXPECT_TRUE(db.poisoned());
    // Everything that would write is refused, also through another connection, also the checkpoint at the end.
    EXPECT_EQ(db.run("INSERT INTO t(id) VALUES(101)").error().code, Errc::kUnavailable);
    auto other = open(path, Database::Mode::kRead, FaultyDisk::vfs());
    EXPECT_TRUE(other.poisoned());
    EXPECT_EQ(other.integer("SELECT count(*) FROM t WHERE id <= 10").value(), 10);
    EXPECT_NE(sqlite3_wal_checkpoint_v2(db.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr), SQLITE_OK);
  }
  EXPECT_EQ(FaultyDisk::operations_after_failed_sync(), 0u);
  FaultyDisk::lift();
  auto again = open(path, Database::Mode::kWrite, FaultyDisk::vfs());
  EXPECT_FALSE(again.poisoned());
  EXPECT_EQ(again.integer("SELECT count(*) FROM t WHERE id <= 10").value(), 10);
  EXPECT_TRUE(again.run("INSERT INTO t(id) VALUES(102)").has_value());
}

// The folder of somebody else was answered with "attempt to write a readonly database", and its doctor said: restore
// the latest backup. (Who runs the tests may be root, whom nothing forbids, so the error is made.)
TEST(GuardedVfs, AFolderThatMayNotBeWrittenIsNamedWithAWayOut) {
  const TemporaryFolder t;
  const Database db = open(t / "a.db", Database::Mode::kCreate, "");
  for (const int code : {SQLITE_READONLY_DIRECTORY, SQLITE_READONLY_CANTINIT}) {
    const Error error = db.error(code, "reading");
    EXPECT_EQ(error.code, Errc::kUnavailable);
    EXPECT_NE(error.message.find("may not write to the data folder"), std::string::npos) << error.message;
    EXPECT_NE(error.hint.find("copy the folder"), std::string::npos) << error.hint;
    EXPECT_EQ(error.why.reason, "problem.folder_unusable");
  }
}

TEST(GuardedVfs, AFullDiskIsSaidAndWritingGoesOnOnceThereIsRoom) {
  const TemporaryFolder folder;
  FaultyDisk::lift();
  auto db = open(folder / "x.db", Database::Mode::kCreate, FaultyDisk::vfs());
  fill(db, 10);
  FaultyDisk::arm(Fault::kDiskFull, 1);
  const auto full = db.run("INSERT INTO t(id) VALUES(100)");
  ASSERT_FALSE(full.has_value());
  EXPECT_EQ(full.error().code, Errc::kUnavailable);
  EXPECT_NE(full.error().message.find("disk is full"), std::string::npos);
  FaultyDisk::lift();
  EXPECT_TRUE(db.run("INSERT INTO t(id) VALUES(100)").has_value());
  EXPECT_EQ(db.integer("SELECT count(*) FROM t").value(), 11);
}

TEST(Backup, CopiesWhatIsCommittedBesideAnOpenWriter) {
  const TemporaryFolder folder;
  auto db = open(folder / "x.db", Database::Mode::kCreate);
  fill(db, 3000);
  auto writer = open(folder / "x.db", Database::Mode::kWrite);
  auto t = Transaction::begin(writer);
  ASSERT_TRUE(writer.run("DELETE FROM t WHERE id <= 5").has_value());
  auto reader = open(folder / "x.db", Database::Mode::kRead);
  ASSERT_TRUE(copy_database(reader, folder / "copy.db", "").has_value());
  EXPECT_TRUE(t->commit().has_value());
  auto copy = open(folder / "copy.db", Database::Mode::kRead);
  EXPECT_EQ(copy.integer("SELECT count(*) FROM t").value(), 3000);
  EXPECT_EQ(copy_database(reader, folder / "copy.db", "").error().code, Errc::kConflict);
}

TEST(Backup, TellsHowFarItIsAndStopsWhereNobodyWantsIt) {
  const TemporaryFolder folder;
  auto db = open(folder / "x.db", Database::Mode::kCreate);
  fill(db, 300'000);  // more than a step
  std::vector<std::uint64_t> done;
  std::uint64_t all = 0;
  ASSERT_TRUE(copy_database(db, folder / "copy.db", "", [&](std::uint64_t now, std::uint64_t total) {
                done.push_back(now);
                all = total;
                return true;
              }).has_value());
  ASSERT_GT(done.size(), 1U);
  EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
  EXPECT_EQ(done.back(), all);
  EXPECT_EQ(all, std::filesystem::file_size(folder / "copy.db"));
  const auto refused = copy_database(db, folder / "other.db", "", [](std::uint64_t, std::uint64_t) { return false; });
  EXPECT_EQ(refused.error().code, Errc::kConflict);
  EXPECT_FALSE(std::filesystem::exists(folder / "other.db"));
  EXPECT_FALSE(std::filesystem::exists(folder / "other.db.part"));
  EXPECT_EQ(db.integer("SELECT count(*) FROM t").value(), 300'000) << "its reading has ended";
}

TEST(Backup, AFullDiskLeavesNoHalfCopy) {
  const TemporaryFolder folder;
  auto db = open(folder / "x.db", Database::Mode::kCreate);
  fill(db, 3000);
  for (std::uint64_t at = 1; at < 30; ++at) {
    FaultyDisk::arm(Fault::kDiskFull, at);
    const auto copied = copy_database(db, folder / "copy.db", FaultyDisk::vfs());
    ASSERT_EQ(copied.has_value(), !FaultyDisk::struck());
    if (!copied) {
      EXPECT_EQ(copied.error().code, Errc::kUnavailable) << copied.error().message;
      EXPECT_FALSE(std::filesystem::exists(folder / "copy.db"));
      EXPECT_FALSE(std::filesystem::exists(folder / "copy.db.part"));
    }
  }
  FaultyDisk::lift();
}

}  // namespace
}  // namespace behoud::ledger::internal
