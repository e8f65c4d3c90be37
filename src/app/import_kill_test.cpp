// kill -9 while an import writes, alone and in a server: what was not finished is in no answer, and the same command
// again ends where an import that nobody disturbed ends.

#include <boost/json.hpp>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "app/testing/process.h"

namespace behoud::app::testing {
namespace {

namespace fs = std::filesystem;

class ImportKilled : public ::testing::Test {
 protected:
  void SetUp() override {
    orders_ = folder_ / "orders.csv";
    ASSERT_EQ(run_behoud({"sample", "--customers", "20000", "--out", orders_}).exit_code, 0);
    ASSERT_EQ(run_behoud({"import", "orders", orders_, "--data", folder_ / "whole"}).exit_code, 0);
    whole_ = rows(folder_ / "whole");
  }

  static std::string rows(const std::string& data) {
    const Ended e = run_behoud({"retention", "--data", data, "--format", "json"});
    EXPECT_EQ(e.exit_code, 0) << e.err;
    return e.exit_code == 0 ? boost::json::serialize(boost::json::parse(e.out).at("rows")) : e.err;
  }
  static std::uintmax_t bytes_in(const std::string& data) {
    std::uintmax_t sum = 0;
    std::error_code error;
    for (const char* name : {"behoud.db", "behoud.db-wal"}) {
      const auto size = fs::file_size(fs::path(data) / name, error);
      if (!error) sum += size;
    }
    return sum;
  }
  // Until the folder holds `bytes` more than `before`, or the process has ended.
  static void wait_until_written(const std::string& data, std::uintmax_t before, std::uintmax_t bytes,
                                 const Process& p) {
    while (bytes_in(data) < before + bytes && ::kill(p.pid(), 0) == 0) {
      // A child that ended and was not waited for can still be signalled: look at its state instead.
      std::error_code error;
      if (fs::read_symlink("/proc/" + std::to_string(p.pid()) + "/exe", error).empty() && error) return;
      std::this_thread::yield();
    }
  }

  TemporaryFolder folder_;
  std::string orders_, whole_;
};

TEST_F(ImportKilled, AtAnyInstantIsMadeWholeByTheSameCommand) {
  const std::uintmax_t all = bytes_in(folder_ / "whole");
  ASSERT_GT(all, 1U << 20U);
  for (int i = 0; i < 8; ++i) {
    const std::string data = folder_ / ("shop" + std::to_string(i));
    {
      Start start;
      start.words = {"import", "orders", orders_, "--data", data};
      Process import(start);
      wait_until_written(data, 0, all * static_cast<std::uintmax_t>(i + 1) / 9, import);
      import.signal(SIGKILL);
      import.wait();
    }
    const Ended again = run_behoud({"import", "orders", orders_, "--data", data, "--json"});
    ASSERT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(rows(data), whole_) << "killed at step " << i;
    const Ended examined = run_behoud({"doctor", "--data", data});
    EXPECT_EQ(examined.exit_code, 0) << examined.out;
  }
}

// On a machine with much else to do the import may have ended before it is killed, or been written but not yet told:
// whatever came of it, it is all of it or nothing, and who was told of success has it. Tried until the server was
// killed in the middle, which the last line asks for.
TEST_F(ImportKilled, InAServerIsToldToWhoAskedAndIsMadeWholeAfterIt) {
  const std::string few = folder_ / "few.csv", both = folder_ / "both";
  ASSERT_EQ(run_behoud({"sample", "--customers", "10", "--out", few}).exit_code, 0);
  ASSERT_EQ(run_behoud({"import", "orders", few, "--data", both, "--source", "few"}).exit_code, 0);
  const std::string before = rows(both);
  ASSERT_EQ(run_behoud({"import", "orders", orders_, "--data", both}).exit_code, 0);
  const std::string after = rows(both);
  ASSERT_NE(before, after);

  bool in_the_middle = false;
  for (int nth = 0; nth < 12 && !in_the_middle; ++nth) {
    const std::string data = folder_ / ("shop" + std::to_string(nth));
    ASSERT_EQ(run_behoud({"import", "orders", few, "--data", data, "--source", "few"}).exit_code, 0);
    Start serve;
    serve.words = {"serve", "--data", data, "--port", "0"};
    auto server = std::make_unique<Process>(serve);
    ASSERT_TRUE(server->wait_for("Ctrl-C"));
    Start start;
    start.words = {"import", "orders", orders_, "--data", data};
    const std::uintmax_t size = bytes_in(data);
    Process import(start);
    wait_until_written(data, size, 1U << 20U, import);
    server->signal(SIGKILL);
    server->wait();
    const Ended asked = import.wait();
    const std::string left = rows(data);
    if (asked.exit_code == 0) {
      EXPECT_EQ(left, after) << "success was told of what is not there";
    } else {
      EXPECT_FALSE(asked.err.empty()) << "the owner went away, and who asked was not told";
      EXPECT_TRUE(left == before || left == after) << "a part of what was not finished is in an answer: " << left;
      in_the_middle = left == before;
    }
    ASSERT_EQ(run_behoud(start).exit_code, 0);
    EXPECT_EQ(rows(data), after);
  }
  EXPECT_TRUE(in_the_middle) << "each import had ended before its server was killed";
}

TEST_F(ImportKilled, ByTheOneWhoAskedIsGivenUpByTheServer) {
  const std::string data = folder_ / "shop";
  ASSERT_EQ(run_behoud({"sample", "--customers", "10", "--out", folder_ / "few.csv"}).exit_code, 0);
  ASSERT_EQ(run_behoud({"import", "orders", folder_ / "few.csv", "--data", data, "--source", "few"}).exit_code, 0);
  Start serve;
  serve.words = {"serve", "--data", data, "--port", "0"};
  Process server(serve);
  ASSERT_TRUE(server.wait_for("Ctrl-C"));
  const std::uintmax_t size = bytes_in(data);
  Start start;
  start.words = {"import", "orders", orders_, "--data", data};
  {
    Process import(start);
    wait_until_written(data, size, 1U << 18U, import);
    import.signal(SIGKILL);
    import.wait();
  }
  // The server lives, and takes the import when it is asked for again: after it has given up the first.
  const Ended again = run_behoud(start);
  EXPECT_EQ(again.exit_code, 0) << again.err;
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait().exit_code, 0);
}

}  // namespace
}  // namespace behoud::app::testing
