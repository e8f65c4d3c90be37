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
  EXPECT_NE(refused.exit_code, kDone);
  EXPECT_NE(refused.err.find("mine.csv"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("--overwrite"), std::string::npos) << refused.err;
  EXPECT_EQ(read_file(out, 1000).value_or(""), "a year of work");
  EXPECT_EQ(run_behoud({"sample", "--customers", "5", "--out", out, "--overwrite"}).exit_code, kDone);
  EXPECT_NE(read_file(out, 1 << 20).value_or(""), "a year of work");
}

TEST(SampleCommand, AFolderThatIsNotThereIsNamed) {
  const TemporaryFolder folder;
  const Ended e = run_behoud({"sample", "--customers", "5", "--out", folder / "missing/x.csv"});
  EXPECT_EQ(e.exit_code, kBadInput);
  EXPECT_NE(e.err.find("missing/x.csv"), std::string::npos) << e.err;
}

}  // namespace
}  // namespace behoud::app::testing
