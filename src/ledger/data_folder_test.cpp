#include "ledger/data_folder.h"

#include <array>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger/internal/faulty_disk.h"
#include "ledger/internal/meta.h"
#include "ledger/internal/schema.h"
#include "ledger/internal/testing.h"

namespace behoud::ledger {
namespace {

using internal::Database;
using internal::Migration;
using testing::environment;
using testing::TemporaryFolder;

internal::Meta meta_of(const std::string& folder) {
  auto db = Database::open(folder + "/behoud.db", Database::Mode::kRead, "");
  EXPECT_TRUE(db.has_value());
  auto meta = internal::read_meta(*db);
  EXPECT_TRUE(meta.has_value());
  return *meta;
}

TEST(DataFolder, IsMadeOnceAndForItsOwnerAlone) {
  const TemporaryFolder t;
  EXPECT_FALSE(DataFolder::holds_ledger(t / "data"));
  EXPECT_EQ(DataFolder::open(t / "data", Access::kRead, environment()).error().code, Errc::kNotFound);
  EXPECT_EQ(DataFolder::open(t / "data", Access::kWrite, environment()).error().code, Errc::kNotFound);
  {
    auto folder = DataFolder::create(t / "data", true, environment());
    ASSERT_TRUE(folder.has_value()) << folder.error().message;
    EXPECT_EQ(folder->access(), Access::kWrite);
    EXPECT_EQ(DataFolder::owner(t / "data"), ::getpid());
  }
  EXPECT_EQ(DataFolder::owner(t / "data"), std::nullopt);
  EXPECT_TRUE(DataFolder::holds_ledger(t / "data"));
  EXPECT_EQ(DataFolder::create(t / "data", true, environment()).error().code, Errc::kConflict);
  struct stat st{};
  ASSERT_EQ(::stat((t / "data").c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 0777, 0700u);
  EXPECT_TRUE(meta_of(t / "data").sample);
  EXPECT_EQ(DataFolder::create(t / "no/such/parent", false, environment()).error().code, Errc::kNotFound);
}

TEST(DataFolder, ASecondOwnerIsToldThePidOfTheFirstWhileReadersGoIn) {
  const TemporaryFolder t;
  auto owner = DataFolder::create(t / "data", false, environment());
  ASSERT_TRUE(owner.has_value());
  const auto second = DataFolder::open(t / "data", Access::kWrite, environment());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, Errc::kConflict);
  EXPECT_NE(second.error().message.find(fmt::format("PID {}", ::getpid())), std::string::npos);
  EXPECT_TRUE(DataFolder::open(t / "data", Access::kRead, environment()).has_value());

  const int status = testing::in_child([&] {
    const auto in_another_process = DataFolder::open(t / "data", Access::kWrite, environment());
    if (in_another_process || in_another_process.error().code != Errc::kConflict) ::_exit(1);
    if (!DataFolder::open(t / "data", Access::kRead, environment())) ::_exit(2);
    if (DataFolder::owner(t / "data") != ::getppid()) ::_exit(3);
  });
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

TEST(DataFolder, TheLockOfAProcessThatDiedHoldsNothing) {
  const TemporaryFolder t;
  {
    ASSERT_TRUE(DataFolder::create(t / "data", false, environment()).has_value());
  }
  const int status = testing::in_child([&] {
    auto folder = DataFolder::open(t / "data", Access::kWrite, environment());
    ::kill(::getpid(), SIGKILL);
  });
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_FALSE(testing::read_file(t / "data/lock").empty()) << "the dead owner's PID is still there";
  EXPECT_EQ(DataFolder::owner(t / "data"), std::nullopt);
  EXPECT_TRUE(DataFolder::open(t / "data", Access::kWrite, environment()).has_value());
}

TEST(DataFolder, ACopyIsANewGenerationAndAMovedFolderIsNot) {
  const TemporaryFolder t;
  {
    ASSERT_TRUE(DataFolder::create(t / "data", false, environment(1)).has_value());
  }
  const std::string original = meta_of(t / "data").generation;
  {
    ASSERT_TRUE(DataFolder::open(t / "data", Access::kWrite, environment(2)).has_value());
  }
  EXPECT_EQ(meta_of(t / "data").generation, original);

  std::filesystem::rename(t / "data", t / "moved");
  {
    ASSERT_TRUE(DataFolder::open(t / "moved", Access::kWrite, environment(3)).has_value());
  }
  EXPECT_EQ(meta_of(t / "moved").generation, original);

  for (const Access access : {Access::kWrite, Access::kRead}) {
    const std::string copy = t / (access == Access::kRead ? "copy-read" : "copy-write");
    testing::copy_folder(t / "moved", copy);
    {
      ASSERT_TRUE(DataFolder::open(copy, access, environment(4)).has_value());
    }
    EXPECT_NE(meta_of(copy).generation, original);
    EXPECT_EQ(meta_of(t / "moved").generation, original);
    const std::string given = meta_of(copy).generation;
    {
      ASSERT_TRUE(DataFolder::open(copy, access, environment(5)).has_value());
    }
    EXPECT_EQ(meta_of(copy).generation, given) << "a copy gets its generation once";
  }
}

TEST(DataFolder, OfANewerVersionIsRefusedAndLeftAlone) {
  const TemporaryFolder t;
  {
    ASSERT_TRUE(DataFolder::create(t / "data", false, environment()).has_value());
  }
  {
    auto db = Database::open(t / "data/behoud.db", Database::Mode::kWrite, "");
    ASSERT_TRUE(db->run("INSERT INTO migration VALUES(9999, 0)").has_value());
  }
  const std::string before = testing::read_file(t / "data/behoud.db");
  for (const Access access : {Access::kWrite, Access::kRead}) {
    const auto opened = DataFolder::open(t / "data", access, environment());
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::kUnavailable);
    EXPECT_NE(opened.error().message.find("newer Behoud: its schema is 9999"), std::string::npos);
  }
  EXPECT_EQ(testing::read_file(t / "data/behoud.db"), before);
}

TEST(DataFolder, WithAFileThatIsNoLedgerIsRefused) {
  const TemporaryFolder t;
  std::filesystem::create_directory(t / "data");
  testing::write_file(t / "data/behoud.db", std::string(50'000, 'x'));
  EXPECT_EQ(DataFolder::open(t / "data", Access::kWrite, environment()).error().code, Errc::kCorrupt);
  std::filesystem::remove(t / "data/behoud.db");
  {
    auto db = Database::open(t / "data/behoud.db", Database::Mode::kCreate, "");
    ASSERT_TRUE(db->execute("CREATE TABLE somebody_elses(x)").has_value());
  }
  EXPECT_EQ(DataFolder::open(t / "data", Access::kWrite, environment()).error().code, Errc::kCorrupt);
  EXPECT_EQ(DataFolder::create(t / "data", false, environment()).error().code, Errc::kCorrupt);
}

TEST(DataFolder, KilledWhileItIsMadeIsMadeAnewOrWasMade) {
  using testing::Fault;
  using testing::FaultyDisk;
  int made_anew = 0, was_made = 0;
  for (std::uint64_t at = 1;; ++at) {
    const TemporaryFolder t;
    const int status = testing::in_child([&] {
      FaultyDisk::arm(Fault::kKill, at);
      auto made = DataFolder::create(t / "data", false, environment(1, FaultyDisk::vfs()));
      ::_exit(made ? 0 : 1);
    });
    if (WIFEXITED(status)) {
      EXPECT_EQ(WEXITSTATUS(status), 0);
      break;
    }
    auto opened = DataFolder::open(t / "data", Access::kWrite, environment(2));
    if (opened) {
      ++was_made;
    } else {
      ASSERT_EQ(opened.error().code, Errc::kNotFound) << at << ": " << opened.error().message;
      ++made_anew;
      auto made = DataFolder::create(t / "data", false, environment(3));
      ASSERT_TRUE(made.has_value()) << at << ": " << made.error().message;
    }
    EXPECT_EQ(meta_of(t / "data").next_seq, 1);
  }
  EXPECT_GT(made_anew, 3);
  EXPECT_GT(was_made, 0);
}

// ---- Migrations, with steps of our own: schema 1 is the only one there is.

constexpr std::array kSteps{Migration{1, "CREATE TABLE a(x); INSERT INTO a VALUES(1)"},
                            Migration{2, "CREATE TABLE b(x); INSERT INTO b SELECT x + 1 FROM a"},
                            Migration{3, "CREATE TABLE c(x); INSERT INTO c SELECT x + 1 FROM b"}};

TEST(Migration, RunsWhatIsMissingInOrderAndKeepsACopyBeforeEach) {
  const TemporaryFolder t;
  auto db = Database::open(t / "x.db", Database::Mode::kCreate, "");
  ASSERT_TRUE(db.has_value());
  std::vector<int> copied;
  const auto copy = [&](int version) -> Result<void> {
    copied.push_back(version);
    return {};
  };
  EXPECT_EQ(internal::schema_version(*db).value(), 0);
  ASSERT_TRUE(internal::migrate(*db, std::span(kSteps).first(1), 5, copy).has_value());
  EXPECT_EQ(internal::schema_version(*db).value(), 1);
  EXPECT_TRUE(copied.empty());
  ASSERT_TRUE(internal::migrate(*db, kSteps, 6, copy).has_value());
  EXPECT_EQ(copied, (std::vector<int>{2, 3}));
  EXPECT_EQ(db->integer("SELECT x FROM c").value(), 3);
  ASSERT_TRUE(internal::migrate(*db, kSteps, 7, copy).has_value());
  EXPECT_EQ(copied.size(), 2u);
  EXPECT_EQ(internal::migrate(*db, std::span(kSteps).first(2), 7, copy).error().code, Errc::kUnavailable);
}

TEST(Migration, ThatFailsLeavesTheVersionBefore) {
  const TemporaryFolder t;
  constexpr std::array kBroken{kSteps[0], Migration{2, "CREATE TABLE b(x); INSERT INTO nowhere VALUES(1)"}};
  auto db = Database::open(t / "x.db", Database::Mode::kCreate, "");
  const auto copy = [](int) -> Result<void> { return {}; };
  EXPECT_FALSE(internal::migrate(*db, kBroken, 5, copy).has_value());
  EXPECT_EQ(internal::schema_version(*db).value(), 1);
  EXPECT_EQ(db->integer("SELECT count(*) FROM sqlite_schema WHERE name = 'b'").value(), 0);
  // No copy, no migration.
  const auto no_copy = [](int) -> Result<void> { return fail(Errc::kUnavailable, "the disk is full"); };
  EXPECT_FALSE(internal::migrate(*db, kSteps, 5, no_copy).has_value());
  EXPECT_EQ(internal::schema_version(*db).value(), 1);
}

}  // namespace
}  // namespace behoud::ledger
