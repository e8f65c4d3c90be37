// What may go wrong under a ledger, at every instant: kill -9, a full disk, a failed write or sync, damaged files.

#include <csignal>
#include <filesystem>
#include <functional>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger/doctor.h"
#include "ledger/internal/faulty_disk.h"
#include "ledger/internal/sqlite.h"
#include "ledger/internal/testing.h"
#include "ledger/ledger.h"

namespace behoud::ledger {
namespace {

using namespace testing;

constexpr int kOrders = 400;

Environment small_chunks(std::uint64_t seed = 1) {
  Environment env = environment(seed, FaultyDisk::vfs());
  env.chunk_rows = 50;
  env.log_pages_max = 20;
  return env;
}

Result<Ledger> open(const std::string& path, Access access = Access::kWrite) {
  TRY_ASSIGN(auto folder, DataFolder::open(path, access, small_chunks(9)));
  return Ledger::open(std::move(folder));
}

// Two files that overlap: the second repeats, changes and adds.
ImportMeta meta(int file) {
  ImportMeta m;
  m.file_name = m.sha256 = fmt::format("file {}", file);
  return m;
}
Result<ImportRow> import(Ledger& ledger, int file) {
  TRY_ASSIGN(auto writer, ledger.begin_import(meta(file)));
  for (int i = file * kOrders / 2; i < file * kOrders / 2 + kOrders; ++i) {
    const std::string id = std::to_string(i), customer = fmt::format("c{}@x.example", i % 37);
    const std::string name = fmt::format("Customer {}", i % 41), coupon = fmt::format("code-{}", i);
    OrderAssertion o;
    o.order_id = id;
    o.customer = {IdentitySpace::kEmail, customer};
    o.email = customer;
    o.name = name;
    o.coupon = coupon;
    o.status = file == 1 && i % 3 == 0 ? "refunded" : "paid";
    o.gross_minor = i * 7;
    o.tax_minor = i;
    const OrderLine lines[] = {{coupon, "", 1000, 1}, {id, name, 2000, 2}};
    if (i % 4 == 0) o.lines = lines;
    TRY(writer.add(o));
  }
  SettingsChange settings;
  settings.zone = fmt::format("zone of file {}", file);
  return writer.commit(settings);
}

// All that answers are made from, as text.
Result<std::string> contents(const Ledger& ledger) {
  std::string text;
  TRY_ASSIGN(const auto snapshot, ledger.snapshot());
  const auto each = [&](const StoredOrder& s) -> Result<void> {
    const OrderAssertion& o = s.order;
    text += fmt::format("{} {} {} {} {} {} {} {}", o.order_id, o.customer.value, o.email, o.name, o.coupon, o.status,
                        o.gross_minor.value_or(-1), o.tax_minor.value_or(-1));
    for (const OrderLine& l : o.lines) {
      text += fmt::format(" ({} {} {} {})", l.item, l.name, l.quantity_milli, l.amount_minor);
    }
    text += '\n';
    return {};
  };
  TRY(snapshot.orders(each));
  text += snapshot.settings().zone.value_or("no zone");
  return text;
}
std::string must_contents(const std::string& path) {
  auto ledger = open(path);
  EXPECT_TRUE(ledger.has_value()) << (ledger ? "" : ledger.error().message);
  auto text = contents(*ledger);
  EXPECT_TRUE(text.has_value()) << (text ? "" : text.error().message);
  return text.value_or("");
}

Severity worst(const std::string& path) {
  const auto findings = examine(path, small_chunks());
  EXPECT_TRUE(findings.has_value());
  Severity s = Severity::kOk;
  for (const Finding& f : *findings) {
    if (f.key != "doctor.disk_low") s = std::max(s, f.severity);
  }
  return s;
}

// A folder with file 0 in it, and what it holds before and after file 1.
class Faults : public ::testing::Test {
 public:
  ~Faults() override { FaultyDisk::lift(); }

 protected:
  Faults() {
    FaultyDisk::lift();
    {
      auto folder = DataFolder::create(t_ / "start", false, small_chunks());
      auto ledger = Ledger::open(std::move(*folder));
      EXPECT_TRUE(import(*ledger, 0).has_value());
      before_ = contents(*ledger).value();
    }
    copy_folder(t_ / "start", t_ / "whole");
    {
      auto ledger = open(t_ / "whole");
      EXPECT_TRUE(import(*ledger, 1).has_value());
      after_ = contents(*ledger).value();
    }
    EXPECT_NE(before_, after_);
  }
  // A fresh copy of the start, which has its own generation already.
  std::string fresh() {
    const std::string path = t_ / fmt::format("copy-{}", ++copies_);
    copy_folder(t_ / "start", path);
    EXPECT_TRUE(open(path).has_value());
    return path;
  }
  // Operations of file 1's import in a process of its own, from opening to closing.
  std::uint64_t operations_of(const std::function<void(const std::string&)>& work) {
    const std::string path = fresh();
    FaultyDisk::arm(Fault::kNone, 0);
    work(path);
    const auto n = FaultyDisk::operations();
    std::filesystem::remove_all(path);
    return n;
  }
  // Every instant, or as many as make the test take seconds.
  static std::uint64_t stride(std::uint64_t operations, std::uint64_t wanted) {
    return std::max<std::uint64_t>(1, operations / wanted);
  }

  TemporaryFolder t_;
  int copies_ = 0;
  std::string before_, after_;
};

TEST_F(Faults, KilledAtAnyInstantOfAnImportItIsThereWholeOrNotAtAll) {
  const auto work = [](const std::string& path) {
    auto ledger = open(path);
    if (!ledger || !import(*ledger, 1)) ::_exit(1);
  };
  const auto operations = operations_of(work);
  ASSERT_GT(operations, 100u);
  int whole = 0, not_there = 0, resumed = 0, instants = 0;
  for (std::uint64_t at = 1; at <= operations; at += stride(operations, 200)) {
    const std::string path = fresh();
    const int status = in_child([&] {
      FaultyDisk::arm(Fault::kKill, at);
      work(path);
    });
    ASSERT_TRUE(WIFSIGNALED(status)) << at << " of " << operations;
    ++instants;
    {
      auto ledger = open(path);
      ASSERT_TRUE(ledger.has_value()) << at << ": " << ledger.error().message;
      const auto found = contents(*ledger);
      ASSERT_TRUE(found.has_value()) << at;
      (*found == after_ ? whole : not_there)++;
      ASSERT_TRUE(*found == after_ || *found == before_) << at;
      // Once more: goes on, or is a repeat; either way the very same ledger.
      auto writer = ledger->begin_import(meta(1));
      ASSERT_TRUE(writer.has_value()) << at << ": " << writer.error().message;
      resumed += writer->resumed_rows() > 0;
    }
    auto ledger = open(path);
    const auto again = import(*ledger, 1);
    ASSERT_TRUE(again.has_value()) << at << ": " << again.error().message;
    ASSERT_EQ(contents(*ledger).value(), after_) << at;
    ledger = fail(Errc::kNotFound, "closed");
    ASSERT_EQ(worst(path), Severity::kOk) << at;
    std::filesystem::remove_all(path);
  }
  EXPECT_GT(instants, 90);
  EXPECT_GT(whole, 0);
  EXPECT_GT(not_there, 0);
  EXPECT_GT(resumed, 10);
}

TEST_F(Faults, KilledWhileAnUnfinishedImportIsRemovedItIsRemovedNextTime) {
  const std::string start = fresh();
  const int killed = in_child([&] {
    FaultyDisk::arm(Fault::kKill, 60);
    auto ledger = open(start);
    if (!import(*ledger, 1)) ::_exit(1);
  });
  ASSERT_TRUE(WIFSIGNALED(killed));
  ASSERT_EQ(worst(start), Severity::kWarning) << "there is an unfinished import";
  const auto sweep = [](const std::string& path) {
    auto ledger = open(path);
    if (!ledger || !ledger->sweep_unfinished()) ::_exit(1);
  };
  for (std::uint64_t at = 1;; ++at) {
    const std::string path = t_ / fmt::format("sweep-{}", at);
    copy_folder(start, path);
    const int status = in_child([&] {
      FaultyDisk::arm(Fault::kKill, at);
      sweep(path);
    });
    if (WIFEXITED(status)) {
      EXPECT_EQ(WEXITSTATUS(status), 0);
      EXPECT_GT(at, 20u);
      break;
    }
    {
      auto ledger = open(path);
      ASSERT_TRUE(ledger.has_value()) << at;
      ASSERT_EQ(contents(*ledger).value(), before_) << at;
      const auto again = import(*ledger, 1);  // resumes it, or removes what is left and begins anew
      ASSERT_TRUE(again.has_value()) << at << ": " << again.error().message;
      ASSERT_EQ(contents(*ledger).value(), after_) << at;
    }
    ASSERT_EQ(worst(path), Severity::kOk) << at;
    std::filesystem::remove_all(path);
  }
}

TEST_F(Faults, KilledInAnUndoOrASettingItHappenedOrNot) {
  const std::function<void(Ledger&)> works[] = {
      [](Ledger& l) {
        if (!l.undo_import(1)) ::_exit(1);
      },
      [](Ledger& l) {
        SettingsChange c;
        c.zone = "after";
        if (!l.change(c)) ::_exit(1);
      },
      [](Ledger& l) {
        if (!l.merge({IdentitySpace::kEmail, "c1@x.example"}, {IdentitySpace::kEmail, "c2@x.example"})) ::_exit(1);
      }};
  for (const auto& work : works) {
    for (std::uint64_t at = 1;; ++at) {
      const std::string path = fresh();
      std::int64_t revision = 0;
      {
        auto ledger = open(path);
        revision = ledger->revision().value();
      }
      const int status = in_child([&] {
        auto ledger = open(path);
        FaultyDisk::arm(Fault::kKill, at);
        work(*ledger);
      });
      auto ledger = open(path);
      ASSERT_TRUE(ledger.has_value());
      const bool done = ledger->revision().value() != revision;
      ASSERT_EQ(ledger->revision().value() - revision, done ? 1 : 0);
      if (WIFEXITED(status)) {
        EXPECT_TRUE(done) << "what was answered is kept";
        EXPECT_GT(at, 1u);
        break;
      }
      ledger = fail(Errc::kNotFound, "closed");
      std::filesystem::remove_all(path);
    }
  }
}

TEST_F(Faults, AFullDiskStopsAnImportThatGoesOnOnceThereIsRoom) {
  const auto work = [](const std::string& path) {
    auto ledger = open(path);
    EXPECT_TRUE(import(*ledger, 1).has_value());
  };
  const auto operations = operations_of(work);
  int stopped = 0;
  for (const Fault fault : {Fault::kDiskFull, Fault::kDiskFullOnce, Fault::kWriteError}) {
    for (std::uint64_t at = 1; at <= operations; at += stride(operations, 40)) {
      const std::string path = fresh();
      {
        auto ledger = open(path);
        ASSERT_TRUE(ledger.has_value());
        FaultyDisk::arm(fault, at);
        const auto failed = import(*ledger, 1);
        if (!failed) {
          ++stopped;
          ASSERT_EQ(failed.error().code, Errc::kUnavailable) << failed.error().message;
          ASSERT_FALSE(failed.error().hint.empty() && fault != Fault::kWriteError) << failed.error().message;
          // Beside the full disk everything can be read as before.
          ASSERT_EQ(contents(*ledger).value(), before_) << at;
        }
        FaultyDisk::lift();
        const auto again = import(*ledger, 1);
        ASSERT_TRUE(again.has_value()) << at << ": " << again.error().message;
        ASSERT_EQ(contents(*ledger).value(), after_) << at;
      }
      ASSERT_EQ(worst(path), Severity::kOk) << at;
      std::filesystem::remove_all(path);
    }
  }
  EXPECT_GT(stopped, 30);
}

TEST_F(Faults, AFullDiskInACheckpointLosesNothing) {
  int stopped = 0;
  for (std::uint64_t at = 1; at < 150; at += 7) {
    const std::string path = fresh();
    {
      auto ledger = open(path);
      ASSERT_TRUE(ledger.has_value());
      // Only the database file is full, as far as one can tell them apart: the log takes everything.
      FaultyDisk::arm(Fault::kDiskFull, at, "behoud.db");
      const auto result = import(*ledger, 1);
      const auto checkpoint = ledger->checkpoint();
      if (FaultyDisk::struck()) {
        ++stopped;
        ASSERT_FALSE(checkpoint.has_value()) << at;
        EXPECT_EQ(checkpoint.error().code, Errc::kUnavailable);
      }
      ASSERT_EQ(contents(*ledger).value(), result ? after_ : before_) << at;
      FaultyDisk::lift();
      ASSERT_TRUE(ledger->checkpoint().has_value());
      ASSERT_TRUE(import(*ledger, 1).has_value());
      ASSERT_EQ(contents(*ledger).value(), after_) << at;
    }
    ASSERT_EQ(worst(path), Severity::kOk) << at;
    std::filesystem::remove_all(path);
  }
  EXPECT_GT(stopped, 10);
}

TEST_F(Faults, AfterAFailedSyncNothingMoreIsAccepted) {
  const auto work = [](const std::string& path) {
    auto ledger = open(path);
    EXPECT_TRUE(import(*ledger, 1).has_value());
  };
  const auto operations = operations_of(work);
  int stopped = 0, in_checkpoint = 0;
  for (std::uint64_t at = 1; at <= operations; at += stride(operations, 60)) {
    const std::string path = fresh();
    bool answered = false;
    {
      auto ledger = open(path);
      ASSERT_TRUE(ledger.has_value());
      FaultyDisk::arm(Fault::kSyncError, at);
      const auto result = import(*ledger, 1);
      answered = result.has_value();
      if (FaultyDisk::struck()) {
        ++stopped;
        in_checkpoint += answered;
        if (!answered) {
          EXPECT_EQ(result.error().code, Errc::kUnavailable) << result.error().message;
        }
        SettingsChange change;
        change.zone = "elsewhere";
        const auto refused = ledger->change(change);
        ASSERT_FALSE(refused.has_value()) << at;
        EXPECT_EQ(refused.error().code, Errc::kUnavailable);
        EXPECT_NE(refused.error().message.find("did not confirm"), std::string::npos) << refused.error().message;
        EXPECT_FALSE(ledger->begin_import(meta(2)).has_value());
        EXPECT_FALSE(ledger->undo_import(1).has_value());
        EXPECT_FALSE(ledger->checkpoint().has_value());
        EXPECT_TRUE(contents(*ledger).has_value()) << "reading goes on";
      }
    }
    EXPECT_EQ(FaultyDisk::operations_after_failed_sync(), 0u) << "not even the closing wrote anything";
    FaultyDisk::lift();
    auto ledger = open(path);
    ASSERT_TRUE(ledger.has_value());
    const auto found = contents(*ledger).value();
    ASSERT_TRUE(found == after_ || (found == before_ && !answered)) << at;
    ASSERT_TRUE(import(*ledger, 1).has_value());
    ASSERT_EQ(contents(*ledger).value(), after_);
    ledger = fail(Errc::kNotFound, "closed");
    std::filesystem::remove_all(path);
  }
  EXPECT_GT(stopped, 30);
  EXPECT_GT(in_checkpoint, 0);
}

// ---- Damaged files: an error, or the right answer; never a wrong one.

TEST_F(Faults, AFlippedByteIsNoticedOrDoesNotMatter) {
  const std::string path = fresh();
  {
    auto ledger = open(path);
    ASSERT_TRUE(ledger->checkpoint().has_value());
  }
  const std::string whole = read_file(path + "/behoud.db");
  ASSERT_GT(whole.size(), 100'000u);
  int noticed = 0, unread = 0;
  const auto flip = [&](std::size_t at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << at % 8));
    write_file(path + "/behoud.db", damaged);
    auto ledger = open(path, Access::kRead);
    Result<std::string> found = ledger ? contents(*ledger) : std::unexpected(ledger.error());
    if (found) {
      ASSERT_EQ(*found, before_) << "byte " << at;
      ++unread;
    } else {
      ASSERT_TRUE(found.error().code == Errc::kCorrupt || found.error().code == Errc::kNotFound)
          << "byte " << at << ": " << found.error().message;
      ++noticed;
    }
    if (ledger) ledger = fail(Errc::kNotFound, "closed");
    // The doctor always sees it.
    ASSERT_EQ(worst(path), Severity::kProblem) << "byte " << at;
  };
  for (std::size_t at = 0; at < 100; ++at) flip(at);  // the file's header, byte for byte
  for (std::size_t at = 101; at < whole.size(); at += 1973) flip(at);
  EXPECT_GT(noticed, 50);
  write_file(path + "/behoud.db", whole);
  EXPECT_EQ(must_contents(path), before_);
}

TEST_F(Faults, AFileCutOffIsNoticed) {
  const std::string path = fresh();
  {
    auto ledger = open(path);
    ASSERT_TRUE(ledger->checkpoint().has_value());
  }
  const std::string whole = read_file(path + "/behoud.db");
  for (std::size_t size = 1; size < whole.size(); size += 7919) {
    write_file(path + "/behoud.db", whole.substr(0, size));
    auto ledger = open(path, Access::kRead);
    const Result<std::string> found = ledger ? contents(*ledger) : std::unexpected(ledger.error());
    if (found) {
      ASSERT_EQ(*found, before_) << size;
    } else {
      ASSERT_EQ(found.error().code, Errc::kCorrupt) << size << ": " << found.error().message;
    }
    if (ledger) ledger = fail(Errc::kNotFound, "closed");
    ASSERT_EQ(worst(path), Severity::kProblem) << size;
  }
  write_file(path + "/behoud.db", "");
  EXPECT_EQ(open(path).error().code, Errc::kNotFound);
}

// ---- Backup and restore

TEST_F(Faults, ABackupBesideARunningImportIsRestoredAtTheSameRevision) {
  const std::string path = fresh();
  auto ledger = open(path);
  const auto revision = ledger->revision().value();
  auto writer = ledger->begin_import(meta(2));
  for (int i = 0; i < 300; ++i) {
    OrderAssertion o;
    const std::string id = std::to_string(i + 5000);
    o.order_id = id;
    ASSERT_TRUE(writer->add(o).has_value());
  }
  ASSERT_TRUE(ledger->backup(t_ / "backup").has_value());
  EXPECT_EQ(ledger->backup(t_ / "backup").error().code, Errc::kConflict);
  const auto generation = to_string(ledger->generation());
  ASSERT_TRUE(writer->abort().has_value());
  ASSERT_TRUE(import(*ledger, 1).has_value());
  EXPECT_EQ(restore(t_ / "backup", path, small_chunks()).error().code, Errc::kConflict) << "the folder is held";
  ledger = fail(Errc::kNotFound, "closed");

  ASSERT_TRUE(restore(t_ / "backup", path, small_chunks(77)).has_value());
  {
    auto restored = open(path);
    ASSERT_TRUE(restored.has_value());
    EXPECT_EQ(restored->revision().value(), revision);
    EXPECT_EQ(contents(*restored).value(), before_);
    EXPECT_NE(to_string(restored->generation()), generation) << "nothing derived from its future fits it";
    ASSERT_TRUE(import(*restored, 1).has_value());
    EXPECT_EQ(contents(*restored).value(), after_);
  }
  // What was replaced is kept, and is itself a backup.
  std::string kept;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    const std::string name = entry.path().filename();
    if (name.starts_with("before-restore-") && name.ends_with(".db")) kept = entry.path();
  }
  ASSERT_FALSE(kept.empty());
  ASSERT_TRUE(restore(kept, t_ / "new folder", small_chunks(78)).has_value());
  EXPECT_EQ(must_contents(t_ / "new folder"), after_);
}

TEST_F(Faults, ADamagedBackupReplacesNothing) {
  const std::string path = fresh();
  {
    auto ledger = open(path);
    ASSERT_TRUE(ledger->backup(t_ / "backup").has_value());
  }
  EXPECT_EQ(restore(t_ / "nowhere", path, small_chunks()).error().code, Errc::kNotFound);
  const std::string whole = read_file(t_ / "backup/behoud.db");
  for (std::size_t at = 5000; at < whole.size(); at += 30'011) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    write_file(t_ / "backup/behoud.db", damaged);
    const auto restored = restore(t_ / "backup", path, small_chunks());
    ASSERT_FALSE(restored.has_value()) << at;
    EXPECT_EQ(restored.error().code, Errc::kCorrupt) << restored.error().message;
    ASSERT_EQ(must_contents(path), before_);
  }
  write_file(t_ / "backup/behoud.db", whole);
  ASSERT_TRUE(restore(t_ / "backup", path, small_chunks()).has_value());
}

// It was replaced by its own copy; and a second restore within one second left a `restored.db` behind.
TEST_F(Faults, ALedgerIsNotRestoredFromItself) {
  const std::string path = fresh();
  {
    auto ledger = open(path);
    ASSERT_TRUE(ledger->backup(t_ / "backup").has_value());
  }
  std::filesystem::create_directory_symlink(path, t_ / "link");
  for (const std::string& source : {path, path + "/behoud.db", t_ / "link"}) {
    const auto restored = restore(source, path, small_chunks(90));
    ASSERT_FALSE(restored.has_value()) << source;
    EXPECT_EQ(restored.error().code, Errc::kInvalidArgument) << restored.error().message;
  }
  // The clock of these tests stands still, so that the second finds the name taken.
  ledger::Environment still = small_chunks(91);
  still.now = [] { return calendar::Instant{1'700'000'000'000}; };
  ASSERT_TRUE(restore(t_ / "backup", path, still).has_value());
  const auto again = restore(t_ / "backup", path, still);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, Errc::kConflict) << again.error().message;
  EXPECT_FALSE(std::filesystem::exists(path + "/restored.db"));
  EXPECT_EQ(must_contents(path), before_);
}

// A damaged ledger is what restore is for.
TEST_F(Faults, ADamagedLedgerIsReplacedByItsBackup) {
  const std::string path = fresh();
  {
    auto ledger = open(path);
    ASSERT_TRUE(ledger->backup(t_ / "backup").has_value());
  }
  write_file(path + "/behoud.db", std::string(100'000, '?'));
  EXPECT_EQ(open(path).error().code, Errc::kCorrupt);
  ASSERT_TRUE(restore(t_ / "backup", path, small_chunks()).has_value());
  EXPECT_EQ(must_contents(path), before_);
}

// ---- Doctor

class Doctor : public Faults {
 protected:
  std::map<std::string, Finding> examine_it(const std::string& path) {
    std::map<std::string, Finding> by_key;
    const auto findings = examine(path, small_chunks());
    EXPECT_TRUE(findings.has_value());
    for (const Finding& f : *findings) {
      EXPECT_FALSE(f.message.empty());
      if (f.severity == Severity::kWarning || f.severity == Severity::kProblem) {
        EXPECT_FALSE(f.way_out.empty()) << f.key;
      }
      by_key[f.key] = f;
    }
    return by_key;
  }
};

TEST_F(Doctor, FindsNothingWrongWithAHealthyFolderAndChangesNothing) {
  const std::string path = fresh();
  const std::string bytes = read_file(path + "/behoud.db");
  auto found = examine_it(path);
  for (const char* key : {"doctor.folder", "doctor.lock", "doctor.pages", "doctor.schema", "doctor.structure",
                          "doctor.rows", "doctor.place", "doctor.imports"}) {
    EXPECT_TRUE(found.contains(key)) << key;
    EXPECT_EQ(found[key].severity, Severity::kOk) << key;
  }
  EXPECT_EQ(read_file(path + "/behoud.db"), bytes);
  EXPECT_EQ(examine(t_ / "nowhere", small_chunks()).error().code, Errc::kNotFound);
}

TEST_F(Doctor, NamesWhatIsWrong) {
  std::filesystem::create_directory(t_ / "empty");
  std::filesystem::permissions(t_ / "empty", std::filesystem::perms(0755));
  EXPECT_TRUE(examine_it(t_ / "empty").contains("doctor.no_ledger"));
  EXPECT_TRUE(examine_it(t_ / "empty").contains("doctor.folder_open"));

  const std::string path = fresh();
  {
    auto ledger = open(path);
    EXPECT_EQ(examine_it(path)["doctor.held"].args["pid"], std::to_string(::getpid()));
  }
  copy_folder(path, t_ / "copied");
  EXPECT_TRUE(examine_it(t_ / "copied").contains("doctor.copied"));

  const int status = in_child([&] {
    auto ledger = open(path);
    FaultyDisk::arm(Fault::kKill, 60);
    if (!import(*ledger, 1)) ::_exit(1);
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  auto found = examine_it(path);
  EXPECT_TRUE(found.contains("doctor.died"));
  EXPECT_EQ(found["doctor.unfinished"].args["file"], "file 1");
  FaultyDisk::lift();
  {
    EXPECT_EQ(open(path)->sweep_unfinished().value(), 1);
  }

  {
    auto db = internal::Database::open(path + "/behoud.db", internal::Database::Mode::kWrite, "");
    const auto deleted = db->run("DELETE FROM contact WHERE id = (SELECT max(id) FROM contact)");
    ASSERT_TRUE(deleted.has_value()) << deleted.error().message;
  }
  EXPECT_EQ(examine_it(path)["doctor.rows"].severity, Severity::kProblem);
  {
    auto db = internal::Database::open(path + "/behoud.db", internal::Database::Mode::kWrite, "");
    ASSERT_TRUE(db->run("DELETE FROM identity WHERE id = 3").has_value());
  }
  EXPECT_EQ(examine_it(path)["doctor.structure"].severity, Severity::kProblem);

  std::string bytes = read_file(path + "/behoud.db");
  bytes[3 * 8192 + 17] ^= 1;
  write_file(path + "/behoud.db", bytes);
  EXPECT_EQ(examine_it(path)["doctor.page_damaged"].args["pages"], "4");

  const std::string newer = fresh();
  {
    auto db = internal::Database::open(newer + "/behoud.db", internal::Database::Mode::kWrite, "");
    ASSERT_TRUE(db->run("INSERT INTO migration VALUES(9999, 0)").has_value());
  }
  EXPECT_EQ(examine_it(newer)["doctor.newer"].args["found"], "9999");
}

}  // namespace
}  // namespace behoud::ledger
