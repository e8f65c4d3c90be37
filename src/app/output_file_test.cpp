#include "app/output_file.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "app/exit_code.h"
#include "app/testing/process.h"
#include "base/file.h"

namespace behoud::app::testing {
namespace {

constexpr std::string_view kOrders = "Order,Customer,Date,Total,Currency\n1,ann@example.com,2023-01-05,10.00,EUR\n";

class OutputFile : public ::testing::Test {
 protected:
  OutputFile() {
    EXPECT_TRUE(write_file(folder_ / "orders.csv", kOrders));
    const Ended made = run({"import", "orders", "orders.csv", "--data", "shop", "--timezone", "UTC"});
    EXPECT_EQ(made.exit_code, kDone) << made.err;
  }
  Ended run(std::vector<std::string> words) {
    Start start;
    start.words = std::move(words);
    start.folder = folder_.path();
    return run_behoud(start);
  }
  TemporaryFolder folder_;
};

// `report orders.csv --html orders.csv` left a page where the export was.
TEST_F(OutputFile, IsNoneOfTheFilesThatAreRead) {
  std::filesystem::create_symlink("orders.csv", folder_ / "link.csv");
  std::filesystem::create_hard_link(folder_ / "orders.csv", folder_ / "other.csv");
  for (const std::string out : {"orders.csv", "./orders.csv", "shop/../orders.csv", "link.csv", "other.csv"}) {
    const Ended e = run({"report", "orders.csv", "--html", out});
    EXPECT_EQ(e.exit_code, kUsage) << out;
    EXPECT_NE(e.err.find("--html: '" + out + "' is read here"), std::string::npos) << e.err;
    EXPECT_EQ(read_file(folder_ / "orders.csv", 1 << 20).value(), kOrders) << out;
  }
  const Ended nl = run({"report", "orders.csv", "--html", "orders.csv", "--lang", "nl"});
  EXPECT_NE(nl.err.find("het zou verloren gaan"), std::string::npos) << nl.err;
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(run({"report", "orders.csv", "--html", "report.html"}).exit_code, kDone)
        << "a report takes its own place";
  }
}

// `export --out shop/behoud.db` took the ledger's place.
TEST_F(OutputFile, IsNoDataFoldersOwn) {
  std::filesystem::create_symlink("shop/behoud.db", folder_ / "link.db");
  for (const std::string out :
       {"shop/behoud.db", "shop/behoud.db-wal", "shop/lock", "link.db", "shop/before-v3-1.db"}) {
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"export", "orders", "--data", "shop", "--out", out},
          {"export", "orders", "--data", "shop", "--format", "parquet", "--out", out},
          {"report", "--data", "shop", "--html", out},
          {"report", "orders.csv", "--html", out},
          {"sample", "--customers", "5", "--overwrite", "--out", out}}) {
      const Ended e = run(words);
      EXPECT_EQ(e.exit_code, kUsage) << words[0] << " " << out;
      EXPECT_NE(e.err.find("a data folder's own file"), std::string::npos) << e.err;
    }
  }
  EXPECT_EQ(run({"doctor", "--data", "shop"}).exit_code, kDone);
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(run({"export", "orders", "--data", "shop", "--out", "shop/orders.csv"}).exit_code, kDone);
  }
  EXPECT_EQ(run({"export", "orders", "--data", "shop", "--out", "before-sale.csv"}).exit_code, kDone)
      << "no data folder here";
}

// `--html /dev/full`, as root, left a page where the device was. A pipe stands for the device here.
TEST_F(OutputFile, IsNoDevice) {
  const std::string pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string out : {"pipe", "shop"}) {
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"report", "orders.csv", "--html", out},
          {"export", "orders", "--data", "shop", "--out", out},
          {"export", "customers", "--data", "shop", "--format", "parquet", "--out", out}}) {
      const Ended e = run(words);
      EXPECT_EQ(e.exit_code, kUsage) << words[0] << " " << out;
      EXPECT_NE(e.err.find("'" + out + "' is not a regular file"), std::string::npos) << e.err;
    }
  }
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
}

}  // namespace
}  // namespace behoud::app::testing
