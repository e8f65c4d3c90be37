// The program itself, from its first byte to its exit code: what every command has in common.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "app/testing/process.h"

namespace behoud::app::testing {
namespace {

TEST(Program, SpeaksOnStandardOutputAndEndsWithZero) {
  const Ended e = run_behoud({"version"});
  EXPECT_EQ(e.exit_code, 0);
  EXPECT_TRUE(e.out.starts_with("behoud "));
  EXPECT_EQ(e.err, "");
}

TEST(Program, AMistypedCommandIsUsage) {
  const Ended e = run_behoud({"reporting-for-duty"});
  EXPECT_EQ(e.exit_code, 2);
  EXPECT_EQ(e.out, "");
  EXPECT_NE(e.err.find("behoud help"), std::string::npos);
}

TEST(Program, AReaderThatHasGoneIsNoError) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ::close(ends[0]);
  Start start;
  start.words = {"help"};
  start.out_fd = ends[1];
  const Ended e = run_behoud(start);
  ::close(ends[1]);
  EXPECT_EQ(e.exit_code, 0);
  EXPECT_EQ(e.signal, 0);
  EXPECT_EQ(e.err, "");
}

TEST(Program, AnOutputThatCannotBeWrittenIsAnError) {
  Start closed;
  closed.words = {"help"};
  closed.close_out = true;
  const Ended c = run_behoud(closed);
  EXPECT_EQ(c.exit_code, 1);
  EXPECT_NE(c.err.find("cannot write to standard output"), std::string::npos);

  Start full;
  full.words = {"help"};
  full.out_fd = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  const Ended f = run_behoud(full);
  ::close(full.out_fd);
  EXPECT_EQ(f.exit_code, 1);
  EXPECT_NE(f.err.find("No space left"), std::string::npos);
}

TEST(Program, RunsWithoutAnyEnvironment) {
  Start start;
  start.words = {"help"};
  start.variables = {};
  EXPECT_EQ(run_behoud(start).exit_code, 0);
}

}  // namespace
}  // namespace behoud::app::testing
