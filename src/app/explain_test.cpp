#include "app/explain.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <gtest/gtest.h>

#include "app/testing/process.h"
#include "base/file.h"

namespace behoud::app::testing {
namespace {

class Explain : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string orders = "order_id,customer,date,amount,currency\n";
    for (int i = 1; i <= 12; ++i) {
      orders +=
          std::to_string(i) + ",c" + std::to_string(i % 4) + ",2024-0" + std::to_string(1 + i % 6) + "-05,10.00,EUR\n";
    }
    ASSERT_TRUE(write_file(folder_ / "orders.csv", orders));
    const Ended imported = run_behoud({"import", "orders", folder_ / "orders.csv", "--data", folder_ / "shop"});
    ASSERT_EQ(imported.exit_code, 0) << imported.err;
  }
  TemporaryFolder folder_;
};

TEST_F(Explain, SaysOnStandardErrorWhatAnAnswerTook) {
  const Ended plain = run_behoud({"retention", "--data", folder_ / "shop", "--json"});
  for (const std::vector<std::string>& words : {std::vector<std::string>{"retention"},
                                                {"cohorts"},
                                                {"value"},
                                                {"today"},
                                                {"customers"},
                                                {"customers", "--behind", "buyers"},
                                                {"customer", "c1"},
                                                {"report"}}) {
    std::vector<std::string> all = words;
    all.insert(all.end(), {"--data", folder_ / "shop", "--json", "--explain"});
    const Ended ended = run_behoud(all);
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_NO_THROW((void)boost::json::parse(ended.out)) << words[0];
    const auto said = boost::json::parse(ended.err);
    EXPECT_GT(said.at("revision").as_int64(), 0);
    EXPECT_EQ(said.at("customers").as_int64(), 4);
    EXPECT_EQ(said.at("orders").as_int64(), 12);
    EXPECT_EQ(said.at("events").as_int64(), 0);
    EXPECT_GT(said.at("bytes").as_int64(), 12 * 20);
    EXPECT_GE(said.at("threads").as_int64(), 1);
    EXPECT_GE(said.at("read_ms").as_int64(), 0);
    EXPECT_GE(said.at("answer_ms").as_int64(), 0);
    EXPECT_EQ(said.at("histories").as_string(), "rebuilt");
    EXPECT_EQ(said.at("why").as_string(), "missing");
    if (words[0] == "retention") {
      EXPECT_EQ(ended.out, plain.out) << "the answer stays what it is";
    }
  }
  EXPECT_EQ(plain.err.find("revision"), std::string::npos);
}

TEST_F(Explain, SpeaksInWordsBesideATable) {
  const Ended ended = run_behoud({"retention", "--data", folder_ / "shop", "--explain"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_NE(ended.err.find("4 customers, 12 orders, 0 events in "), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("rebuilt from the ledger (what was kept: missing)"), std::string::npos) << ended.err;
}

TEST_F(Explain, IsOfADataFolder) {
  const Ended ended = run_behoud({"report", folder_ / "orders.csv", "--explain"});
  EXPECT_EQ(ended.exit_code, 2);
}

}  // namespace
}  // namespace behoud::app::testing
