// One server with two shops: which one a request is about.

#include <boost/json.hpp>

#include <gtest/gtest.h>

#include "app/testing/process.h"
#include "app/testing/running_server.h"
#include "http/testing/raw_client.h"

namespace behoud::app::testing {
namespace {

boost::json::object json(const std::optional<http::testing::RawResponse>& response) {
  if (!response) {
    ADD_FAILURE() << "no response";
    return {};
  }
  return boost::json::parse(response->body).as_object();
}

class ServedShopsTest : public ::testing::Test {
 protected:
  void make_sample(const std::string& data) {
    const Ended made = run_behoud({"sample", "--customers", "60", "--seed", "4", "--data", data});
    ASSERT_EQ(made.exit_code, 0) << made.err;
  }
  TemporaryFolder folder_;
};

TEST_F(ServedShopsTest, AnEmptyOwnShopIsMadeBesideASample) {
  make_sample(folder_ / "sample");
  RunningServer server({"--data", folder_ / "own", "--sample", folder_ / "sample"});
  ASSERT_TRUE(server.ok());
  SignedInClient client(server);
  const auto shops = json(client.get("/api/v1/shops")).at("rows").as_array();
  ASSERT_EQ(shops.size(), 2U);
  EXPECT_EQ(boost::json::serialize(shops[0]),
            R"({"shop":"own","sample":false,"state":"empty","revision":0,"orders":0,"customers":0,"zone":null,)"
            R"("currency":null,"history_start":null,"as_of":null})");
  EXPECT_EQ(shops[1].at("shop"), "sample");
  EXPECT_EQ(shops[1].at("sample"), true);
  EXPECT_EQ(shops[1].at("state"), "ok");
  EXPECT_EQ(shops[1].at("customers"), 60);
  EXPECT_EQ(shops[1].at("currency"), "EUR");
  const auto sample = client.get("/api/v1/retention?shop=sample&grain=year");
  ASSERT_TRUE(sample.has_value());
  EXPECT_EQ(sample->body,
            run_behoud({"retention", "--data", folder_ / "sample", "--grain", "year", "--format", "json"}).out);
  // Without a word it is the own shop, which has nothing yet.
  EXPECT_TRUE(json(client.get("/api/v1/retention")).at("rows").as_array().empty());
  EXPECT_EQ(client.get("/api/v1/retention")->body, client.get("/api/v1/retention?shop=own")->body);
}

TEST_F(ServedShopsTest, AWordThatIsNoShopIsAnError) {
  RunningServer server({"--data", folder_ / "own"});
  ASSERT_TRUE(server.ok());
  SignedInClient client(server);
  const auto wrong = client.get("/api/v1/retention?shop=theirs");
  ASSERT_TRUE(wrong.has_value());
  EXPECT_EQ(wrong->status, 400);
  EXPECT_EQ(json(wrong).at("error").at("field"), "shop");
  const auto missing = client.get("/api/v1/retention?shop=sample");
  ASSERT_TRUE(missing.has_value());
  EXPECT_EQ(missing->status, 404);
  EXPECT_NE(std::string(json(missing).at("error").at("hint").as_string()).find("--sample"), std::string::npos);
}

TEST_F(ServedShopsTest, ASampleAloneIsServedAsOne) {
  make_sample(folder_ / "sample");
  RunningServer server({"--data", folder_ / "sample"});
  ASSERT_TRUE(server.ok());
  SignedInClient client(server);
  const auto shops = json(client.get("/api/v1/shops")).at("rows").as_array();
  ASSERT_EQ(shops.size(), 1U);
  EXPECT_EQ(shops[0].at("shop"), "sample");
  EXPECT_EQ(client.get("/api/v1/retention?shop=own")->status, 404);
  EXPECT_EQ(client.get("/api/v1/retention")->body, client.get("/api/v1/retention?shop=sample")->body);
}

TEST_F(ServedShopsTest, FoldersThatDoNotFitAreNamed) {
  make_sample(folder_ / "sample");
  const Ended both = run_behoud({"serve", "--data", folder_ / "sample", "--sample", folder_ / "sample"});
  EXPECT_EQ(both.exit_code, 2) << both.err;
  const Ended none = run_behoud({"serve", "--data", folder_ / "own", "--sample", folder_ / "nothing"});
  EXPECT_NE(none.exit_code, 0);
  EXPECT_NE(none.err.find("behoud sample"), std::string::npos) << none.err;
  const Ended own = run_behoud({"serve", "--data", folder_ / "other", "--sample", folder_ / "own"});
  EXPECT_EQ(own.exit_code, 2) << own.err;
}

}  // namespace
}  // namespace behoud::app::testing
