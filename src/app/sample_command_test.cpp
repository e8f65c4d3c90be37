#include <gtest/gtest.h>

#include "app/exit_code.h"
#include "app/testing/process.h"
#include "base/file.h"

namespace behoud::app::testing {
namespace {

TEST(SampleCommand, TheSameNumbersMakeTheSameFileInEachShape) {
  const TemporaryFolder folder;
  for (const std::string shape : {"plain", "shopify", "woocommerce", "events"}) {
    const auto make = [&](const std::string& name, const std::string& seed) {
      const Ended e = run_behoud(
          {"sample", "--customers", "50", "--years", "2", "--seed", seed, "--out", folder / name, "--shape", shape});
      EXPECT_EQ(e.exit_code, kDone) << e.err;
      EXPECT_EQ(e.out, "");
      return *read_file(folder / name, 64 << 20);
    };
    const std::string first = make(shape + "-a", "1");
    EXPECT_GT(first.size(), 5000U) << shape;
    EXPECT_EQ(first, make(shape + "-b", "1")) << shape;
    EXPECT_NE(first, make(shape + "-c", "2")) << shape;
  }
}

TEST(SampleCommand, MistakesAreUsageAndLeaveNoFile) {
  const TemporaryFolder folder;
  const std::string out = folder / "x.csv";
  const struct {
    std::vector<std::string> words;
    std::string_view says;
  } cases[] = {{{"sample"}, "--out FILE"},
               {{"sample", "--out", out, "--customers", "0"}, "--customers: '0' is not a number from 1 to"},
               {{"sample", "--out", out, "--years", "31"}, "--years"},
               {{"sample", "--out", out, "--seed", "-1"}, "--seed"},
               {{"sample", "--out", out, "--shape", "magento"}, "--shape"}};
  for (const auto& c : cases) {
    const Ended e = run_behoud(c.words);
    EXPECT_EQ(e.exit_code, kUsage) << c.says;
    EXPECT_NE(e.err.find(c.says), std::string::npos) << e.err;
    EXPECT_FALSE(read_file(out, 1000)) << "nothing was written";
  }
}

TEST(SampleCommand, NothingIsOverwrittenUnlessThatIsSaid) {
  const TemporaryFolder folder;
  const std::string out = folder / "mine.csv";
  ASSERT_TRUE(write_file(out, "a year of work"));
  const Ended refused = run_behoud({"sample", "--customers", "5", "--out", out});
  EXPECT_EQ(refused.exit_code, kUsage) << "5 would say that another process holds a folder";
  EXPECT_NE(refused.err.find("mine.csv"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("--overwrite"), std::string::npos) << refused.err;
  EXPECT_EQ(read_file(out, 1000).value_or(""), "a year of work");
  EXPECT_EQ(run_behoud({"sample", "--customers", "5", "--out", out, "--overwrite"}).exit_code, kDone);
  EXPECT_NE(read_file(out, 1 << 20).value_or(""), "a year of work");
}

// A second sample went into the first: 300 customers, of whom a few had the orders of others, told of as 10.
TEST(SampleCommand, AFolderHoldsOneSample) {
  const TemporaryFolder folder;
  const std::string data = folder / "shop";
  const auto make = [&](const char* seed) {
    return run_behoud({"sample", "--customers", "20", "--years", "1", "--seed", seed, "--data", data});
  };
  ASSERT_EQ(make("1").exit_code, kDone);
  const std::string first = run_behoud({"export", "orders", "--data", data}).out;
  EXPECT_EQ(make("1").exit_code, kDone) << "the very shop";
  const Ended other = make("2");
  EXPECT_EQ(other.exit_code, kUsage);
  EXPECT_NE(other.err.find("holds another sample shop"), std::string::npos) << other.err;
  EXPECT_EQ(run_behoud({"export", "orders", "--data", data}).out, first);
  EXPECT_EQ(run_behoud({"sample", "--customers", "5", "--data", folder / "b", "--shape", "shopify"}).exit_code, kUsage);
}

TEST(SampleCommand, AFolderThatIsNotThereIsNamed) {
  const TemporaryFolder folder;
  const Ended e = run_behoud({"sample", "--customers", "5", "--out", folder / "missing/x.csv"});
  EXPECT_EQ(e.exit_code, kBadInput);
  EXPECT_NE(e.err.find("missing/x.csv"), std::string::npos) << e.err;
}

}  // namespace
}  // namespace behoud::app::testing
