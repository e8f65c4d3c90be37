#include "timeline/kept/kept_timeline.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/testing/striking_calls.h"
#include "timeline/kept/told_testing.h"
#include "timeline/random_ledger.h"

namespace behoud::timeline {
namespace {

namespace fs = std::filesystem;
using calendar::civil;
using ledger::IdentitySpace;
using ledger::ImportKind;

std::vector<Role> every_role() {
  std::vector<Role> out;
  for (std::size_t r = 0; r < kRoles; ++r) out.push_back(static_cast<Role>(r));
  return out;
}

// Everything a timeline's columns hold, byte for byte.
std::string bytes_of(const Timeline& t) {
  std::string out = t.scale.zone().name() + std::to_string(t.scale.epoch().ms) + "/" + std::to_string(t.revision);
  for (const Part& part : t.parts) {
    for (const NamedColumn& c : part.segment.columns()) {
      out += name_of(c.role);
      out.append(reinterpret_cast<const char*>(c.column.data), c.column.bytes());
    }
  }
  return out;
}

class KeptTimelineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ledger::SettingsChange change;
    change.currency = money::Currency::parse("EUR").value();
    ASSERT_TRUE(shop_.ledger().change(change));
    add_orders(20);
  }
  void add_orders(int n) {
    shop_.import(ImportKind::kOrders, [&](ledger::ImportWriter& writer) {
      for (int i = 0; i < n; ++i) {
        const std::string id = std::to_string(++orders_), who = std::to_string(orders_ % 7);
        ledger::OrderAssertion o;
        o.order_id = id;
        o.customer = {IdentitySpace::kCustomerId, who};
        o.placed = calendar::Moment{{(civil(2024, 1, 1).number + orders_) * calendar::kMsPerDay}, false};
        o.gross_minor = 100 + orders_;
        o.source = orders_ % 2 == 0 ? "mail" : "shop";
        ASSERT_TRUE(writer.add(o));
      }
    });
  }
  static KeptTimeline::Options options(std::uint64_t program = 1, const FileCalls& calls = system_calls()) {
    return {.made_by = program, .calls = &calls};
  }
  std::unique_ptr<KeptTimeline> open(KeptTimeline::Options options = {.made_by = 1}) {
    auto kept = KeptTimeline::open(shop_.beside(), [this] { return shop_.ledger().snapshot(); }, options);
    EXPECT_TRUE(kept.has_value());
    return std::move(*kept);
  }
  // What is given is what a rebuild gives.
  void expect_true(const KeptTimeline& kept) {
    const auto read = kept.to_read(every_role());
    ASSERT_TRUE(read.has_value());
    const Derived anew = derive(shop_.snapshot()).value();
    EXPECT_EQ(bytes_of(*read->timeline), bytes_of(anew.laid_out.timeline));
    EXPECT_EQ(*read->dictionaries, anew.laid_out.dictionaries);
  }
  // The same in words: customers may have other numbers, and words other codes.
  void expect_told(const KeptTimeline& kept) {
    const Derived anew = derive(shop_.snapshot()).value();
    EXPECT_EQ(told(kept, anew.rebuilt.histories), told(anew));
  }
  using Because = std::vector<NotKept>;

  RandomLedger shop_;
  int orders_ = 0;
};

TEST_F(KeptTimelineTest, IsOpenedAsLongAsTheLedgerStandsStill) {
  EXPECT_EQ(open()->account().derived_because, Because{NotKept::kMissing});
  const auto again = open();
  EXPECT_EQ(again->account().derived_because, Because{});
  expect_true(*again);
}

TEST_F(KeptTimelineTest, IsDerivedAnewForALedgerThatIsOlderOrAnother) {
  open();
  const ledger::Snapshot snapshot = shop_.snapshot();
  FileMark newer = mark_of(snapshot, 1);
  ++newer.seq;
  const LaidOut laid_out = derive(snapshot).value().laid_out;
  ASSERT_TRUE(write_timeline(shop_.beside(), newer, laid_out.timeline, laid_out.dictionaries));
  EXPECT_EQ(open()->account().derived_because, Because{NotKept::kNewer});
  FileMark other = mark_of(snapshot, 1);
  other.generation[3] ^= 1;
  ASSERT_TRUE(write_timeline(shop_.beside(), other, laid_out.timeline, laid_out.dictionaries));
  EXPECT_EQ(open()->account().derived_because, Because{NotKept::kOtherLedger});
}

TEST_F(KeptTimelineTest, IsDerivedAnewByAnotherProgram) {
  open(options(1));
  EXPECT_EQ(open(options(2))->account().derived_because, Because{NotKept::kOtherProgram});
  EXPECT_EQ(open(options(2))->account().derived_because, Because{});
}

// Whatever byte of whatever file is turned, at the start or at the first touch, the answer is the ledger's.
TEST_F(KeptTimelineTest, AnyByteTurnedIsNoticedAndMended) {
  open();
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(shop_.beside())) {
    if (entry.path().filename() != "lock") files.push_back(entry.path());
  }
  ASSERT_EQ(files.size(), 3U);  // the head, what is shared, one range
  const auto copy = shop_.beside() + "-whole";
  fs::copy(shop_.beside(), copy);
  int noticed = 0;
  for (const fs::path& file : files) {
    const std::string whole = read_file((fs::path(copy) / file.filename()).string(), 1 << 24).value();
    const std::size_t stride = std::max<std::size_t>(1, whole.size() / 60);
    for (std::size_t at = 0; at < whole.size(); at += stride) {
      fs::remove_all(shop_.beside());
      fs::copy(copy, shop_.beside());
      std::string bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
      std::ofstream(file, std::ios::binary) << bytes;
      const auto kept = open();
      ASSERT_TRUE(kept->check_all());
      expect_true(*kept);
      EXPECT_EQ(kept->account().derived_because.size(), 1U) << file << " at " << at;
      noticed += kept->account().derived_because == Because{NotKept::kDamaged};
      EXPECT_EQ(open()->account().derived_because, Because{}) << "it was written again";
    }
    for (const bool gone : {false, true}) {
      fs::remove_all(shop_.beside());
      fs::copy(copy, shop_.beside());
      gone ? (void)fs::remove(file) : fs::resize_file(file, whole.size() / 2);
      expect_true(*open());
    }
    if (HasFailure()) return;
  }
  EXPECT_GT(noticed, 100);
  fs::remove_all(copy);
}

// ---- The system says no, and kill -9

TEST_F(KeptTimelineTest, IsGivenWhereTheDiskIsFull) {
  strike.then = Struck::kNoSpace;
  strike.calls_left = 3;
  const auto kept = open(options(1, kStriking));
  ASSERT_TRUE(kept->account().not_written.has_value());
  EXPECT_EQ(kept->account().not_written->code, Errc::kUnavailable);
  expect_true(*kept);
  EXPECT_EQ(open()->account().derived_because.size(), 1U);
}

TEST_F(KeptTimelineTest, IsGivenWhileAnotherProcessWrites) {
  const auto lock = KeepLock::take(shop_.beside());
  ASSERT_TRUE(lock.has_value());
  EXPECT_FALSE(KeepLock::take(shop_.beside()).has_value());
  const auto kept = open();
  EXPECT_FALSE(kept->account().not_written.has_value());
  expect_true(*kept);
  EXPECT_EQ(open()->account().derived_because, Because{NotKept::kMissing}) << "nothing was written";
}

// ---- It goes on with the ledger while others read and write

TEST_F(KeptTimelineTest, AReaderKeepsItsRevisionThroughThreeWritings) {
  const auto kept = open();
  const auto before = kept->to_read(every_role()).value();
  const std::string then = bytes_of(*before.timeline);
  for (int i = 0; i < 3; ++i) {
    add_orders(5);
    ASSERT_TRUE(kept->follow());
    ASSERT_TRUE(kept->write());
    expect_told(*kept);
  }
  EXPECT_EQ(kept->account().writes, 3U);
  EXPECT_EQ(kept->account().tails, 3U);
  EXPECT_EQ(kept->account().events_written, 15U);
  EXPECT_EQ(bytes_of(*before.timeline), then);
  const auto again = open();
  EXPECT_EQ(again->account().derived_because, Because{});
  EXPECT_EQ(again->account().tails, 0U);
  expect_told(*again);
}

TEST_F(KeptTimelineTest, AFileReplacedUnderARunningOneIsNotBuiltUpon) {
  const auto kept = open();
  {
    // Another process goes further, and removes the files that its own head does not name.
    add_orders(5);
    const auto other = open();
    ASSERT_TRUE(other->write());
  }
  add_orders(5);
  ASSERT_TRUE(kept->follow());
  ASSERT_TRUE(kept->write());
  expect_told(*kept);
  EXPECT_EQ(open()->account().derived_because, Because{});
  fs::remove_all(shop_.beside());
  add_orders(5);
  ASSERT_TRUE(kept->follow());
  ASSERT_TRUE(kept->write());
  expect_told(*kept);
  const auto again = open();
  EXPECT_EQ(again->account().derived_because, Because{});
  expect_told(*again);
}

TEST_F(KeptTimelineTest, WhereTheDiskIsFullWhatCameIsReplayedByTheNextStart) {
  open();
  for (int at = 1;; ++at) {
    ASSERT_LT(at, 100);
    add_orders(1);
    strike.then = at % 2 == 0 ? Struck::kNoSpace : Struck::kFails;
    strike.calls_left = at;
    const auto kept = open(options(1, kStriking));
    EXPECT_EQ(kept->account().derived_because, Because{});
    const bool written = kept->write().has_value();
    EXPECT_EQ(kept->account().not_written.has_value(), !written);
    expect_told(*kept);
    if (written) break;
  }
}

// What is taken back while the file is written is in what is written, and in no answer after.
TEST_F(KeptTimelineTest, AnImportTakenBackDuringAWritingIsGoneAfterIt) {
  static ledger::Ledger* taking_back;
  static bool taken_back;
  taking_back = &shop_.ledger();
  taken_back = false;
  constexpr FileCalls kTakesBack{[](int fd, const void* bytes, std::size_t size) {
                                   if (!taken_back) {
                                     taken_back = true;
                                     EXPECT_TRUE(taking_back->undo_import(1));
                                   }
                                   return ::write(fd, bytes, size);
                                 },
                                 [](int fd) { return ::fsync(fd); },
                                 [](const char* from, const char* to) { return std::rename(from, to); }};
  open();
  add_orders(5);
  const auto kept = open(options(1, kTakesBack));
  ASSERT_TRUE(kept->write());
  ASSERT_TRUE(taken_back);
  const auto next = open();
  EXPECT_EQ(next->account().derived_because, Because{});
  EXPECT_EQ(next->account().tails, 1U);
  expect_told(*next);
  ASSERT_TRUE(kept->follow());
  EXPECT_EQ(kept->account().derived_because, Because{});
  expect_told(*kept);
}

// Imports bring five orders each: nobody ever sees four of them.
TEST_F(KeptTimelineTest, WhoReadsSeesWholeRevisionsWhileOthersFollowAndWrite) {
  const auto kept = open();
  std::atomic<bool> done = false;
  std::vector<std::thread> others;
  for (int reader = 0; reader < 2; ++reader) {
    others.emplace_back([&] {
      std::int64_t last = 0;
      while (!done) {
        const auto now = kept->to_read(every_role());
        ASSERT_TRUE(now.has_value());
        EXPECT_GE(now->timeline->revision, last);
        last = now->timeline->revision;
        std::uint64_t events = 0;
        for (const Part& part : now->timeline->parts) {
          for (std::uint32_t i = 0; i < part.segment.customers(); ++i) {
            if (part.is_hidden(i)) continue;
            const CustomerView c(part.segment, i);
            events += c.events();
            for (std::uint32_t e = 0; e < c.events(); ++e) {
              EXPECT_FALSE(now->dictionaries->event[kSource].at(c.event_dimension(kSource, e)).empty());
            }
          }
        }
        EXPECT_EQ(events % 5, 0U);
      }
    });
  }
  others.emplace_back([&] {
    while (!done) EXPECT_TRUE(kept->write());
  });
  others.emplace_back([&] {
    while (!done) EXPECT_TRUE(kept->check_all());
  });
  for (int i = 0; i < 12; ++i) {
    add_orders(5);
    EXPECT_TRUE(kept->follow());
  }
  done = true;
  for (std::thread& other : others) other.join();
  EXPECT_EQ(kept->account().tails, 12U);
  EXPECT_EQ(kept->account().derived_because, Because{NotKept::kMissing});
  expect_told(*kept);
}

TEST_F(KeptTimelineTest, WritesNoMoreThan200BytesForAnEventThatCame) {
  const auto kept = open();
  std::uint64_t events = 0;
  for (int round = 0; round < 40; ++round) {
    shop_.import(ImportKind::kEvents, [&](ledger::ImportWriter& writer) {
      for (int i = 0; i < 50; ++i, ++events) {
        const std::string who = std::to_string(events % 7);
        ledger::EventRecord e;
        e.customer = {IdentitySpace::kCustomerId, who};
        e.kind = "Product Viewed";
        e.at = {{civil(2024, 1, 2).number * calendar::kMsPerDay + static_cast<std::int64_t>(events)}, false};
        ASSERT_TRUE(writer.add(e));
      }
    });
    ASSERT_TRUE(kept->follow());
  }
  const KeptTimeline::Account account = kept->account();
  EXPECT_EQ(account.replayed.rows, events);
  EXPECT_GT(account.writes, 3U);
  EXPECT_GT(account.events_written, events / 2);
  RecordProperty("bytes_an_event", std::to_string(account.bytes_written / account.events_written));
  EXPECT_LE(account.bytes_written, 200 * account.events_written);
  expect_told(*kept);
}

TEST_F(KeptTimelineTest, KilledAtAnyCallTheNextStartIsRight) {
  open();
  const auto copy = shop_.beside() + "-whole";
  fs::copy(shop_.beside(), copy);
  add_orders(5);
  bool done = false;
  int killed = 0;
  for (int at = 1; !done; ++at) {
    ASSERT_LT(at, 100);
    fs::remove_all(shop_.beside());
    fs::copy(copy, shop_.beside());
    const pid_t child = ::fork();
    if (child == 0) {
      strike.then = Struck::kDies;
      strike.calls_left = at;
      const auto kept =
          KeptTimeline::open(shop_.beside(), [this] { return shop_.ledger().snapshot(); }, options(1, kStriking));
      ::_exit(kept.has_value() && (*kept)->write() && !(*kept)->account().not_written ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    done = WIFEXITED(status);
    killed += !done;
    const auto kept = open();
    EXPECT_EQ(kept->account().derived_because, Because{});
    if (done) {
      EXPECT_EQ(WEXITSTATUS(status), 0);
      EXPECT_EQ(kept->account().tails, 0U) << "what came was written";
    }
    expect_told(*kept);
  }
  EXPECT_GT(killed, 5);
  fs::remove_all(copy);
}

}  // namespace
}  // namespace behoud::timeline
