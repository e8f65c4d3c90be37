#include "base/file.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/testing/temporary_folder.h"

namespace behoud {
namespace {

namespace fs = std::filesystem;

class FileTest : public ::testing::Test {
 protected:
  std::string path(const char* name) const { return (folder_ / name).string(); }
  std::size_t files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), {})); }

  TemporaryFolder temporary_;
  fs::path folder_{temporary_.path()};
};

std::string content(const std::string& path) { return read_file(path, 1 << 24).value(); }

TEST_F(FileTest, IsReadWhole) {
  const std::string bytes = std::string("a\0b\r\n", 5) + std::string(700'000, 'x');
  ASSERT_TRUE(write_file(path("f"), bytes));
  EXPECT_EQ(content(path("f")), bytes);
  ASSERT_TRUE(write_file(path("empty"), ""));
  EXPECT_EQ(content(path("empty")), "");
  EXPECT_EQ(read_file(path("f"), bytes.size()).value(), bytes) << "exactly the bound";
  EXPECT_FALSE(read_file("/proc/self/status", 1 << 20).value().empty()) << "a file that says it has 0 bytes";
}

TEST_F(FileTest, ReadingRefusesWhatItMust) {
  ASSERT_TRUE(write_file(path("f"), "12345"));
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  const struct {
    std::string path;
    Errc code;
  } cases[] = {{path("f"), Errc::kOutOfRange},
               {path("none"), Errc::kNotFound},
               {path("f") + "/x", Errc::kNotFound},
               {folder_.string(), Errc::kInvalidArgument},
               {path("pipe"), Errc::kInvalidArgument}};
  for (const auto& c : cases) {
    const auto got = read_file(c.path, 4);
    ASSERT_FALSE(got.has_value()) << c.path;
    EXPECT_EQ(got.error().code, c.code) << c.path;
    EXPECT_EQ(got.error().place.file, c.path);
  }
  EXPECT_EQ(read_file("/proc/self/status", 4).error().code, Errc::kOutOfRange)
      << "the bound holds although the size says 0";
  EXPECT_EQ(read_file("/proc/self/mem", 4).error().code, Errc::kUnavailable) << "an error while reading";
}

TEST_F(FileTest, AWrittenFileReplacesTheOldOneAtOnce) {
  ASSERT_TRUE(write_file(path("f"), "old"));
  auto file = AtomicFile::create(path("f")).value();
  ASSERT_TRUE(file.append("new "));
  ASSERT_TRUE(file.append(std::string(600'000, 'y')));
  EXPECT_EQ(file.size(), 600'004u);
  EXPECT_EQ(content(path("f")), "old") << "until the commit";
  AtomicFile moved = std::move(file);
  ASSERT_TRUE(moved.commit());
  EXPECT_EQ(content(path("f")), "new " + std::string(600'000, 'y'));
  EXPECT_EQ(files(), 1u) << "no temporary file is left";
  EXPECT_FALSE(moved.commit().has_value()) << "once";
}

TEST_F(FileTest, WithoutACommitNothingIsLeft) {
  {
    auto file = AtomicFile::create(path("f")).value();
    ASSERT_TRUE(file.append("half"));
  }
  EXPECT_EQ(files(), 0u);
}

TEST_F(FileTest, TwoWritersOfOneNameDoNotMix) {
  auto a = AtomicFile::create(path("f")).value();
  auto b = AtomicFile::create(path("f")).value();
  ASSERT_TRUE(a.append("aaaa"));
  ASSERT_TRUE(b.append("bb"));
  ASSERT_TRUE(b.commit());
  ASSERT_TRUE(a.commit());
  EXPECT_EQ(content(path("f")), "aaaa");
  EXPECT_EQ(files(), 1u);
}

TEST_F(FileTest, AFolderThatIsNotThereIsNotFound) {
  const auto file = AtomicFile::create(path("none/f"));
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().code, Errc::kNotFound);
  EXPECT_EQ(file.error().place.file, path("none/f"));
}

// ---- The system says no

ssize_t disk_full(int, const void*, std::size_t) {
  errno = ENOSPC;
  return -1;
}
ssize_t one_byte_or_interrupted(int fd, const void* bytes, std::size_t) {
  static int calls = 0;
  if (++calls % 2 == 0) {
    errno = EINTR;
    return -1;
  }
  return ::write(fd, bytes, 1);
}
int sync_fails(int) {
  errno = EIO;
  return -1;
}
int folder_syncs = 0;
int sync_of_a_folder_fails(int fd) {
  struct stat status{};
  if (::fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
    ++folder_syncs;
    errno = EIO;
    return -1;
  }
  return ::fsync(fd);
}
int rename_fails(const char*, const char*) {
  errno = EACCES;
  return -1;
}

TEST_F(FileTest, WhenTheSystemSaysNoTheOldFileStays) {
  const FileCalls& good = system_calls();
  const struct {
    FileCalls calls;
    const char* words;
    const char* why;
  } cases[] = {{{disk_full, good.sync, good.rename}, "No space left", "disk full"},
               {{good.write, sync_fails, good.rename}, "safe on the disk", "fsync fails"},
               {{good.write, good.sync, rename_fails}, "in its place", "rename fails"}};
  for (const auto& c : cases) {
    ASSERT_TRUE(write_file(path("f"), "old"));
    const auto written = write_file(path("f"), "new", c.calls);
    ASSERT_FALSE(written.has_value()) << c.why;
    EXPECT_EQ(written.error().code, Errc::kUnavailable) << c.why;
    EXPECT_NE(written.error().message.find(c.words), std::string::npos) << written.error().message;
    EXPECT_EQ(written.error().place.file, path("f"));
    EXPECT_FALSE(written.error().hint.empty());
    EXPECT_EQ(content(path("f")), "old") << c.why;
    EXPECT_EQ(files(), 1u) << c.why << ": no temporary file is left";
  }
}

TEST_F(FileTest, AFailedFsyncIsNeverTriedAgain) {
  const FileCalls calls{system_calls().write, sync_fails, system_calls().rename};
  auto file = AtomicFile::create(path("f"), calls).value();
  ASSERT_TRUE(file.append("x"));
  ASSERT_FALSE(file.commit().has_value());
  EXPECT_EQ(file.commit().error().code, Errc::kUnavailable);
  EXPECT_EQ(file.append("y").error().code, Errc::kUnavailable);
  EXPECT_EQ(files(), 0u);
}

TEST_F(FileTest, AFolderThatCannotBeSyncedIsAnErrorToo) {
  folder_syncs = 0;
  const auto written =
      write_file(path("f"), "new", {system_calls().write, sync_of_a_folder_fails, system_calls().rename});
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().code, Errc::kUnavailable);
  EXPECT_EQ(folder_syncs, 1);
}

TEST_F(FileTest, ShortWritesAndInterruptionsAreGoneOnWith) {
  ASSERT_TRUE(
      write_file(path("f"), "a few bytes", {one_byte_or_interrupted, system_calls().sync, system_calls().rename}));
  EXPECT_EQ(content(path("f")), "a few bytes");
}

// ---- Mapping

TEST_F(FileTest, IsMapped) {
  ASSERT_TRUE(write_file(path("f"), "bytes"));
  MappedFile a = MappedFile::open(path("f")).value();
  EXPECT_EQ(a.bytes(), "bytes");
  ASSERT_TRUE(write_file(path("f"), "others"));
  EXPECT_EQ(a.bytes(), "bytes") << "a replaced file stays as it was for who has it open";
  MappedFile b = MappedFile::open(path("f")).value();
  a = std::move(b);
  EXPECT_EQ(a.bytes(), "others");
  const MappedFile c = std::move(a);
  EXPECT_EQ(c.bytes(), "others");
  ASSERT_TRUE(write_file(path("empty"), ""));
  EXPECT_EQ(MappedFile::open(path("empty")).value().bytes(), "");
  EXPECT_EQ(MappedFile::open(path("none")).error().code, Errc::kNotFound);
  EXPECT_EQ(MappedFile::open(folder_.string()).error().code, Errc::kInvalidArgument);
}

}  // namespace
}  // namespace behoud
