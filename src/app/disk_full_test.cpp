// A disk that is full at any moment of an import, by the real program: the error is named, nothing half is seen, and
// the same command goes on once there is room. Two ways to run out of room: a file system of few kilobytes, and files
// that may not grow (ulimit -f), which needs no rights.

#include <boost/json.hpp>
#include <filesystem>

#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>

#include "app/testing/process.h"
#include "base/file.h"

namespace behoud::app::testing {
namespace {

namespace fs = std::filesystem;

std::string rows(const std::string& data) {
  const Ended e = run_behoud({"retention", "--data", data, "--format", "json", "--window", "90d"});
  EXPECT_EQ(e.exit_code, 0) << e.err;
  return e.exit_code == 0 ? boost::json::serialize(boost::json::parse(e.out).at("rows")) : e.err;
}
std::uintmax_t size_of(const std::string& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? 0 : size;
}

class DiskFull : public ::testing::Test {
 protected:
  void SetUp() override {
    orders_ = folder_ / "orders.csv";
    ASSERT_EQ(run_behoud({"sample", "--customers", "4000", "--out", orders_}).exit_code, 0);
    ASSERT_EQ(run_behoud({"import", "orders", orders_, "--data", folder_ / "whole"}).exit_code, 0);
    whole_ = rows(folder_ / "whole");
    bytes_ = size_of(folder_ / "whole/behoud.db");
    ASSERT_GT(bytes_, 200'000U);
  }
  static void tells_of_the_disk(const Ended& e, const std::string& when) {
    EXPECT_EQ(e.exit_code, 1) << when << e.err;
    EXPECT_EQ(e.signal, 0) << when << e.err;
    EXPECT_TRUE(e.err.find("disk is full") != std::string::npos || e.err.find("No space left") != std::string::npos ||
                e.err.find("may not grow") != std::string::npos)
        << when << ": " << e.err;
  }
  TemporaryFolder folder_;
  std::string orders_, whole_;
  std::uintmax_t bytes_ = 0;
};

TEST_F(DiskFull, FilesThatMayNotGrowStopAnImportAnywhereAndItGoesOnAfterwards) {
  int stopped = 0;
  // From a few bytes to all of it: in steps that grow, so that the making of the folder is met often.
  for (std::uintmax_t limit = 1000; limit < 2 * bytes_; limit += 3000 + limit / 4) {
    const std::string data = folder_ / ("limit" + std::to_string(limit));
    Start start;
    start.words = {"import", "orders", orders_, "--data", data};
    start.file_bytes_max = limit;
    const Ended e = run_behoud(start);
    const std::string when = "limit " + std::to_string(limit);
    if (e.exit_code != 0) {
      ++stopped;
      tells_of_the_disk(e, when);
      // Nothing of it is in an answer.
      const Ended asked = run_behoud({"retention", "--data", data, "--format", "json"});
      if (asked.exit_code == 0) {
        EXPECT_TRUE(boost::json::parse(asked.out).at("rows").as_array().empty()) << when;
      } else {
        EXPECT_EQ(asked.exit_code, 3) << when << asked.err << "no shop there yet";
      }
    }
    start.file_bytes_max = 0;
    const Ended again = run_behoud(start);
    ASSERT_EQ(again.exit_code, 0) << when << again.err;
    EXPECT_EQ(rows(data), whole_) << when;
    EXPECT_EQ(run_behoud({"doctor", "--data", data}).exit_code, 0) << when;
    fs::remove_all(data);
  }
  EXPECT_GT(stopped, 8);
}

// In a name space of its own a user may mount a file system as small as they like, where the system allows that.
class SmallDisk : public DiskFull {
 protected:
  static Ended shell(const std::string& script) {
    TemporaryFolder folder;
    const std::string out = folder / "out", err = folder / "err";
    const std::string line = "unshare -Urm sh -c '" + script + "' >" + out + " 2>" + err;
    const int status = std::system(line.c_str());  // NOLINT(cert-env33-c): a test's own words
    Ended e;
    e.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    e.out = read_file(out, 1 << 20).value_or("");
    e.err = read_file(err, 1 << 20).value_or("");
    return e;
  }
};

TEST_F(SmallDisk, StopsAnImportAnywhereAndItGoesOnAfterwards) {
  const std::string disk = folder_ / "disk";
  fs::create_directory(disk);
  if (shell("mount -t tmpfs -o size=64k none " + disk).exit_code != 0) {
    GTEST_SKIP() << "this system lets no user mount a file system of their own";
  }
  const std::string program = BEHOUD_BINARY;
  const std::string data = disk + "/shop";
  int stopped = 0;
  for (std::uintmax_t kilobytes = 8; kilobytes < 3 * bytes_ / 1024; kilobytes += 20 + kilobytes / 3) {
    const std::string when = std::to_string(kilobytes) + " kB";
    const Ended e = shell("mount -t tmpfs -o size=" + std::to_string(kilobytes) + "k none " + disk + " && { " +   //
                          program + " import orders " + orders_ + " --data " + data + " >/dev/null; echo $?; " +  //
                          "mount -o remount,size=64m " + disk + " && " +                                          //
                          "{ " + program + " retention --data " + data + " --format json --window 90d >" +
                          folder_ / "before.json" + " 2>/dev/null; " + program + " import orders " + orders_ +
                          " --data " + data + " >/dev/null 2>&1 && " +  //
                          program + " retention --data " + data + " --format json --window 90d >" +
                          folder_ / "after.json" + " && " + program + " doctor --data " + data + " >/dev/null; }; }");
    ASSERT_EQ(e.exit_code, 0) << when << e.err;
    const auto after = boost::json::parse(*read_file(folder_ / "after.json", 1 << 26));
    EXPECT_EQ(boost::json::serialize(after.at("rows")), whole_) << when;
    const int code = std::stoi(e.out);
    if (code == 0) continue;
    ++stopped;
    Ended first = e;
    first.exit_code = code;
    tells_of_the_disk(first, when);
    const std::string before = *read_file(folder_ / "before.json", 1 << 26);
    if (!before.empty() && !boost::json::parse(before).as_object().contains("error")) {
      EXPECT_TRUE(boost::json::parse(before).at("rows").as_array().empty()) << when;
    }
  }
  EXPECT_GT(stopped, 4);
}

}  // namespace
}  // namespace behoud::app::testing
