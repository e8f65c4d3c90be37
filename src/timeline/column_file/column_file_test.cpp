#include "timeline/column_file/column_file.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <thread>
#include <utility>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/testing/striking_calls.h"
#include "base/testing/temporary_folder.h"
#include "timeline/column_file/column_file_writer.h"

namespace behoud::timeline {
namespace {

namespace fs = std::filesystem;

FileMark mark_of(std::int64_t seq) {
  FileMark out;
  for (std::size_t i = 0; i < out.generation.size(); ++i) out.generation[i] = static_cast<std::uint8_t>(i * 17 + 1);
  out.seq = seq;
  out.settings = 0x1234;
  out.epoch_ms = 1'700'000'000'000;
  return out;
}

// A revision as plain values: the oracle of what a file must give back.
struct Values {
  std::uint16_t id;
  std::uint8_t width;
  std::string bytes;
  std::int64_t base = 0;
  std::uint64_t count() const { return width == 0 ? 5 : bytes.size() / width; }
  BlockData data() const {
    return {id,
            {.data = reinterpret_cast<const std::byte*>(bytes.data()), .count = count(), .base = base, .width = width}};
  }
};
struct Stretch {
  std::uint32_t customers, events, orders;
  std::vector<Values> columns;
};
std::vector<BlockData> data_of(const std::vector<Values>& columns) {
  std::vector<BlockData> out;
  for (const Values& c : columns) out.push_back(c.data());
  return out;
}
std::string text(const Column& c) { return {reinterpret_cast<const char*>(c.data), c.bytes()}; }

std::vector<Values> some_columns(std::mt19937_64& random) {
  std::vector<Values> out;
  for (std::uint16_t id = 0; id < 12; ++id) {
    if (random() % 3 == 0) continue;
    const auto width = static_cast<std::uint8_t>(random() % 5 == 0 ? 0 : 1 << random() % 4);
    std::string bytes(random() % 5 == 0 ? 0 : random() % 300 * width, '\0');
    for (char& b : bytes) b = static_cast<char>(random());
    out.push_back({id, width, std::move(bytes), static_cast<std::int64_t>(random())});
  }
  return out;
}
std::vector<Stretch> some_parts(std::mt19937_64& random) {
  std::vector<Stretch> out(random() % 5);
  for (Stretch& p : out) {
    p = {static_cast<std::uint32_t>(random() % 1000), static_cast<std::uint32_t>(random() % 100'000),
         static_cast<std::uint32_t>(random() % 1000), some_columns(random)};
  }
  return out;
}

Result<void> write(const std::string& folder, const std::vector<Stretch>& parts, const std::vector<Values>& shared,
                   std::int64_t seq, const ColumnFile* base = nullptr, const FileCalls& calls = system_calls()) {
  TRY_ASSIGN(ColumnFileWriter writer, ColumnFileWriter::begin(folder, mark_of(seq), base, calls));
  if (!shared.empty()) TRY(writer.share(data_of(shared)));
  for (const Stretch& p : parts) TRY(writer.add(p.customers, p.events, p.orders, data_of(p.columns)));
  return writer.commit();
}

void expect_holds(const ColumnFile& file, const std::vector<Stretch>& parts, const std::vector<Values>& shared) {
  const auto expect_columns = [](const std::vector<Values>& columns, const auto& column) {
    std::map<std::uint16_t, const Values*> by_id;
    for (const Values& c : columns) by_id[c.id] = &c;
    for (std::uint16_t id = 0; id < 14; ++id) {
      const Result<Column> got = column(id);
      ASSERT_TRUE(got.has_value()) << got.error().message;
      if (!by_id.contains(id)) {
        EXPECT_EQ(got->count, 0u) << "column " << id;
        continue;
      }
      EXPECT_EQ(got->width, by_id[id]->width);
      EXPECT_EQ(got->base, by_id[id]->base);
      EXPECT_EQ(got->count, by_id[id]->count());
      EXPECT_EQ(text(*got), by_id[id]->bytes) << "column " << id;
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(got->data) % kColumnAlignment, 0u);
      if (got->width != 0) {
        EXPECT_EQ(std::string(reinterpret_cast<const char*>(got->data) + got->bytes(), kColumnPadding),
                  std::string(kColumnPadding, '\0'));
      }
    }
  };
  ASSERT_EQ(file.head().segments.size(), parts.size());
  std::uint64_t first = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    EXPECT_EQ(file.head().segments[i].first_customer, first);
    EXPECT_EQ(file.head().segments[i].customers, parts[i].customers);
    EXPECT_EQ(file.head().segments[i].events, parts[i].events);
    EXPECT_EQ(file.head().segments[i].orders, parts[i].orders);
    first += parts[i].customers;
    expect_columns(parts[i].columns, [&](std::uint16_t id) { return file.column(i, id); });
  }
  expect_columns(shared, [&](std::uint16_t id) { return file.shared(id); });
}

std::string content(const std::string& path) { return read_file(path, kHeadBytesMax).value(); }
void put(const std::string& path, std::string_view bytes) { std::ofstream(path, std::ios::binary) << bytes; }
std::size_t files_in(const std::string& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

// Two segments and a dictionary, as few bytes as show everything.
std::vector<Stretch> small_parts() {
  return {{3, 5, 1, {{1, 4, "abcdefghijkl"}, {2, 1, "12345", -7}, {7, 8, "eight bytes here"}, {9, 0, "", 4}}},
          {2, 1, 0, {{1, 4, "wxyz"}}}};
}
std::vector<Values> small_shared() { return {{1, 1, "Order Completed"}, {2, 8, ""}}; }

RC_GTEST_PROP(ColumnFile, GivesBackWhatWasWritten, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  const TemporaryFolder folder;
  const std::vector<Stretch> parts = some_parts(random);
  const std::vector<Values> shared = some_columns(random);
  RC_ASSERT(write(folder.path(), parts, shared, 42).has_value());
  const auto file = ColumnFile::open(folder.path());
  RC_ASSERT(file.has_value());
  RC_ASSERT(file->head().mark == mark_of(42));
  RC_ASSERT(file->check_all().has_value());
  expect_holds(*file, parts, shared);
  RC_ASSERT(!::testing::Test::HasFailure());
  // A head is the only text of what it says.
  RC_ASSERT(encode(file->head()) == content(folder / "HEAD"));
}

// ---- Damage

TEST(ColumnFile, AnyFlippedByteIsNoticed) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write(folder.path(), small_parts(), small_shared(), 7));
  std::size_t flipped = 0;
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    const std::string path = entry.path().string(), good = content(path);
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (const char mask : {'\x01', '\x80'}) {
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ mask);
        put(path, bad);
        const auto file = ColumnFile::open(folder.path());
        const Result<void> checked = file ? file->check_all() : Result<void>(std::unexpected(file.error()));
        ASSERT_FALSE(checked.has_value()) << path << " byte " << i;
        const bool version = path.ends_with("HEAD") && i >= 8 && i < 12;
        EXPECT_EQ(checked.error().code, version ? Errc::kConflict : Errc::kCorrupt) << path << " byte " << i;
        EXPECT_EQ(checked.error().place.file, path);
        ++flipped;
      }
    }
    put(path, good);
  }
  EXPECT_GT(flipped, 1'000u);
  EXPECT_TRUE(ColumnFile::open(folder.path()).value().check_all());
}

TEST(ColumnFile, AnyCutAndAnyAdditionIsNoticedWhenItIsOpened) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write(folder.path(), small_parts(), small_shared(), 7));
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    const std::string path = entry.path().string(), good = content(path);
    for (std::size_t size = 0; size <= good.size() + 3; ++size) {
      if (size == good.size()) continue;
      put(path, size < good.size() ? good.substr(0, size) : good + std::string(size - good.size(), 'x'));
      const auto file = ColumnFile::open(folder.path());
      ASSERT_FALSE(file.has_value()) << path << " of " << size << " bytes";
      EXPECT_EQ(file.error().code, Errc::kCorrupt);
      EXPECT_EQ(file.error().place.file, path);
    }
    put(path, good);
  }
}

TEST(ColumnFile, ADamagedColumnIsNeverGivenOutAndTheOthersAre) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write(folder.path(), small_parts(), small_shared(), 7));
  const auto good = ColumnFile::open(folder.path()).value();
  const SegmentEntry& segment = good.head().segments[0];
  const std::string path = folder / segment_file_name(segment.number);
  std::string bytes = content(path);
  bytes[segment.blocks[1].offset + 2] = '?';
  put(path, bytes);
  const auto file = ColumnFile::open(folder.path()).value();
  EXPECT_EQ(text(file.column(0, 1).value()), "abcdefghijkl");
  EXPECT_EQ(text(file.column(0, 7).value()), "eight bytes here");
  for (int again = 0; again < 2; ++again) EXPECT_EQ(file.column(0, 2).error().code, Errc::kCorrupt);
  EXPECT_EQ(file.check_all().error().place.file, path);
}

TEST(ColumnFile, MissingSwappedAndForeignFilesAreNamed) {
  const TemporaryFolder folder;
  EXPECT_EQ(ColumnFile::open(folder.path()).error().code, Errc::kNotFound) << "nothing was written yet";
  // Two segments of one shape and the same bytes: only their names tell them apart.
  const std::vector<Stretch> twins{{2, 2, 0, {{1, 4, "abcdefgh"}}}, {2, 2, 0, {{1, 4, "abcdefgh"}}}};
  ASSERT_TRUE(write(folder.path(), twins, {}, 7));
  const std::string one = folder / segment_file_name(1), two = folder / segment_file_name(2);
  fs::rename(one, folder / "aside");
  EXPECT_EQ(ColumnFile::open(folder.path()).error().code, Errc::kCorrupt) << "a segment is gone";
  fs::copy_file(two, one);
  EXPECT_EQ(ColumnFile::open(folder.path()).error().place.file, one) << "another segment's bytes";
  fs::remove(one);
  fs::rename(folder / "aside", one);
  EXPECT_TRUE(ColumnFile::open(folder.path()).has_value());
}

// ---- Revisions

TEST(ColumnFile, AReaderKeepsItsRevisionThroughThreeMore) {
  const TemporaryFolder folder;
  std::vector<Stretch> parts = small_parts();
  ASSERT_TRUE(write(folder.path(), parts, small_shared(), 1));
  std::vector<std::pair<ColumnFile, std::vector<Stretch>>> readers;
  readers.emplace_back(ColumnFile::open(folder.path()).value(), parts);
  for (std::int64_t seq = 2; seq <= 4; ++seq) {
    // The first segment changes, the second is kept.
    const ColumnFile& base = readers.back().first;
    parts[0].columns[0].bytes += "more";
    auto writer = ColumnFileWriter::begin(folder.path(), mark_of(seq), &base).value();
    writer.keep_shared();
    ASSERT_TRUE(writer.add(parts[0].customers, parts[0].events, parts[0].orders, data_of(parts[0].columns)));
    writer.keep(1);
    ASSERT_TRUE(writer.commit());
    EXPECT_GT(writer.bytes_written(), 0u);
    readers.emplace_back(ColumnFile::open(folder.path(), &base).value(), parts);
    EXPECT_EQ(files_in(folder.path()), 4u) << "a head, what is shared, two segments";
  }
  for (std::size_t i = 0; i < readers.size(); ++i) {
    EXPECT_EQ(readers[i].first.head().mark.seq, static_cast<std::int64_t>(i) + 1);
    EXPECT_EQ(readers[i].first.head().write, i + 1);
    expect_holds(readers[i].first, readers[i].second, small_shared());
  }
  EXPECT_EQ(readers[0].first.column(1, 1)->data, readers[3].first.column(1, 1)->data)
      << "a kept segment is mapped once";
}

TEST(ColumnFile, AWriterWithoutACommitLeavesNothing) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write(folder.path(), small_parts(), small_shared(), 1));
  const std::size_t before = files_in(folder.path());
  {
    auto writer = ColumnFileWriter::begin(folder.path(), mark_of(2)).value();
    ASSERT_TRUE(writer.add(1, 1, 0, data_of(small_parts()[1].columns)));
    EXPECT_EQ(files_in(folder.path()), before + 1);
  }
  EXPECT_EQ(files_in(folder.path()), before);
  expect_holds(ColumnFile::open(folder.path()).value(), small_parts(), small_shared());
}

TEST(ColumnFile, ANumberIsNeverGivenTwice) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write(folder.path(), small_parts(), {}, 1));
  fs::remove(folder / "HEAD");
  ASSERT_TRUE(write(folder.path(), small_parts(), {}, 2)) << "the head was lost: all is written anew";
  const auto file = ColumnFile::open(folder.path()).value();
  EXPECT_EQ(file.head().segments[0].number, 3u);
  EXPECT_EQ(files_in(folder.path()), 3u) << "the old files are gone";
}

TEST(ColumnFile, ReadersThatOpenWhileAWriterWritesFindOneRevision) {
  const TemporaryFolder folder;
  const auto parts_of = [](char c) {
    return std::vector<Stretch>{{1, 1, 1, {{1, 1, std::string(200, c)}}}, {1, 1, 0, {{1, 1, std::string(300, c)}}}};
  };
  ASSERT_TRUE(write(folder.path(), parts_of('a'), {}, 0));
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (std::int64_t seq = 1; seq <= 60; ++seq) {
      const auto base = ColumnFile::open(folder.path());
      EXPECT_TRUE(write(folder.path(), parts_of(static_cast<char>('a' + seq % 26)), {}, seq, &*base));
    }
    done = true;
  });
  std::int64_t last = 0;
  std::optional<ColumnFile> before;
  while (!done) {
    auto file = ColumnFile::open(folder.path(), before ? &*before : nullptr);
    // Where eight heads were written over within one opening, the reader is told, and asks again.
    if (!file) {
      EXPECT_EQ(file.error().message, "a segment of the timeline is missing");
      continue;
    }
    EXPECT_GE(file->head().mark.seq, last);
    last = file->head().mark.seq;
    expect_holds(*file, parts_of(static_cast<char>('a' + last % 26)), {});
    before = std::move(*file);
  }
  writer.join();
}

TEST(ColumnFile, ThreadsThatTouchABlockFirstAllFindItWhole) {
  const TemporaryFolder folder;
  const std::vector<Stretch> parts{{1, 1, 0, {{1, 1, std::string(100'000, 'a')}, {2, 8, std::string(80'000, 'b')}}}};
  ASSERT_TRUE(write(folder.path(), parts, {}, 0));
  const auto file = ColumnFile::open(folder.path()).value();
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) readers.emplace_back([&] { expect_holds(file, parts, {}); });
  for (std::thread& t : readers) t.join();
}

// ---- The system says no, and kill -9

// What stands in the folder is the old revision or the new one, whole.
void expect_one_of(const std::string& folder, const std::vector<Stretch>& old_parts,
                   const std::vector<Stretch>& new_parts) {
  const auto file = ColumnFile::open(folder);
  ASSERT_TRUE(file.has_value()) << file.error().message;
  ASSERT_TRUE(file->head().mark.seq == 1 || file->head().mark.seq == 2);
  expect_holds(*file, file->head().mark.seq == 1 ? old_parts : new_parts, small_shared());
}

TEST(ColumnFile, WhereverTheDiskFillsOrASyncFailsTheOldRevisionStands) {
  std::vector<Stretch> changed = small_parts();
  changed[0].columns[1].bytes = "54321";
  for (const Struck what : {Struck::kNoSpace, Struck::kFails}) {
    bool done = false;
    for (int at = 1; !done; ++at) {
      ASSERT_LT(at, 100);
      const TemporaryFolder folder;
      ASSERT_TRUE(write(folder.path(), small_parts(), small_shared(), 1));
      const auto base = ColumnFile::open(folder.path()).value();
      strike.then = what;
      strike.calls_left = at;
      const Result<void> written = write(folder.path(), changed, small_shared(), 2, &base, kStriking);
      done = written.has_value();
      if (!done) {
        EXPECT_EQ(written.error().code, Errc::kUnavailable);
      }
      expect_one_of(folder.path(), small_parts(), changed);
      // The next writer tidies up and goes on.
      const auto now = ColumnFile::open(folder.path()).value();
      ASSERT_TRUE(write(folder.path(), changed, small_shared(), 2, &now));
      EXPECT_EQ(files_in(folder.path()), 4u);
    }
  }
}

TEST(ColumnFile, KilledAtAnyCallItIsTheOldRevisionOrTheNewOne) {
  std::vector<Stretch> changed = small_parts();
  changed[1].events = 9;
  bool done = false;
  int killed = 0;
  for (int at = 1; !done; ++at) {
    ASSERT_LT(at, 100);
    const TemporaryFolder folder;
    ASSERT_TRUE(write(folder.path(), small_parts(), small_shared(), 1));
    const auto base = ColumnFile::open(folder.path()).value();
    const pid_t child = ::fork();
    if (child == 0) {
      strike.then = Struck::kDies;
      strike.calls_left = at;
      ::_exit(write(folder.path(), changed, small_shared(), 2, &base, kStriking) ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    done = WIFEXITED(status);
    if (done) {
      EXPECT_EQ(WEXITSTATUS(status), 0);
    } else {
      ++killed;
    }
    expect_one_of(folder.path(), small_parts(), changed);
    const auto now = ColumnFile::open(folder.path()).value();
    ASSERT_TRUE(write(folder.path(), changed, small_shared(), 2, &now));
    EXPECT_EQ(files_in(folder.path()), 4u) << "what a killed writer left is gone";
  }
  EXPECT_GT(killed, 10);
}

}  // namespace
}  // namespace behoud::timeline
