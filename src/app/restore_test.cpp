// A backup that takes a ledger's place opens nothing to anybody: no session, no link, no token of then, and whoever was
// removed since is told about.

#include <boost/json.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/testing/api_client.h"
#include "app/testing/process.h"
#include "app/testing/running_server.h"

namespace behoud::app::testing {
namespace {

namespace json = boost::json;

class Restore : public ::testing::Test {
 protected:
  Ended run(std::vector<std::string> words) {
    words.insert(words.end(), {"--data", data_});
    return run_behoud(words);
  }
  // What a command prints where it prints one link.
  static std::string secret_of(const std::string& link) {
    const auto begin = link.find('#') + 1;
    return link.substr(begin, link.find_first_of("\"\n", begin) - begin);
  }
  static Reply claim(const ApiClient& nobody, const std::string& link, const std::string& email) {
    const std::string member = email.empty() ? "" : R"("email":")" + email + R"(",)";
    return nobody.call("POST", "/api/v1/session/link",
                       R"({"token":")" + secret_of(link) + R"(",)" + member + R"("password":"correct horse"})");
  }
  static std::string cookie_of(const Reply& in) {
    const auto begin = in.head.find("behoud_session=");
    EXPECT_NE(begin, std::string::npos) << in.head;
    return "Cookie: " + in.head.substr(begin, in.head.find(';', begin) - begin) + "\r\n";
  }

  TemporaryFolder folder_;
  std::string data_ = folder_ / "shop";
};

TEST_F(Restore, EndsSessionsLinksAndTokensAndTellsWhoIsBack) {
  std::string cookie;
  std::string unused;
  std::string token;
  {
    RunningServer server({"--data", data_});
    ASSERT_TRUE(server.ok());
    const ApiClient nobody(server.port(), "");
    const Reply in = claim(nobody, run({"access", "link"}).out, "owner@example.com");
    ASSERT_EQ(in.status, 200) << in.text;
    cookie = cookie_of(in);
    const Ended second = run({"access", "invite", "--email", "second@example.com", "--role", "viewer"});
    ASSERT_EQ(claim(nobody, second.out, "").status, 200);
    unused = run({"access", "invite", "--email", "third@example.com", "--role", "viewer"}).out;
    token = server.token();
    ASSERT_EQ(nobody.call("GET", "/api/v1/session", {}, cookie).status, 200);
    ASSERT_EQ(run({"backup", folder_ / "copy"}).exit_code, 0);
    ASSERT_EQ(run({"access", "remove", "2"}).exit_code, 0);
    EXPECT_EQ(server.stop().exit_code, 0);
  }
  // A copy that is looked at is no restoring: what was in it is.
  const Ended restored = run({"restore", folder_ / "copy", "--json"});
  ASSERT_EQ(restored.exit_code, 0) << restored.err;
  const json::value told = json::parse(restored.out);
  EXPECT_EQ(told.at("users"), 3);
  EXPECT_EQ(told.at("users_back"), (json::array{2}));
  EXPECT_EQ(told.at("sessions_ended"), 2);
  EXPECT_EQ(told.at("links_ended"), 1);
  EXPECT_EQ(told.at("tokens_revoked"), 1);

  const Ended audit = run({"access", "audit", "--json", "--limit", "1"});
  const json::value line = json::parse(audit.out).at("rows").at(0);
  EXPECT_EQ(line.at("action"), "restored");
  EXPECT_EQ(line.at("actor").at("kind"), "command");
  EXPECT_EQ(line.at("detail").at("tokens_revoked"), 1) << json::serialize(line);
  EXPECT_EQ(audit.out.find("example.com"), std::string::npos);

  RunningServer server({"--data", data_});
  ASSERT_TRUE(server.ok());
  const ApiClient nobody(server.port(), "");
  EXPECT_EQ(nobody.call("GET", "/api/v1/session", {}, cookie).status, 401);
  EXPECT_EQ(ApiClient(server.port(), authorization(token)).get("/api/v1/shops").status, 401);
  EXPECT_EQ(claim(nobody, unused, "").status, 404);
  const Reply in =
      nobody.call("POST", "/api/v1/session", R"({"email":"owner@example.com","password":"correct horse"})");
  EXPECT_EQ(in.status, 200) << "with the password of then: " << in.text;
}

TEST_F(Restore, SaysInWordsWhatItDidAndNothingOfUsersWhereThereAreNone) {
  ASSERT_EQ(run_behoud({"sample", "--customers", "5", "--seed", "1", "--data", data_}).exit_code, 0);
  ASSERT_EQ(run({"backup", folder_ / "bare"}).exit_code, 0);
  ASSERT_EQ(run({"access", "invite", "--email", "owner@example.com", "--role", "owner"}).exit_code, 0);
  ASSERT_EQ(run({"access", "token", "--name", "till", "--scope", "read"}).exit_code, 0);
  ASSERT_EQ(run({"backup", folder_ / "copy"}).exit_code, 0);
  const Ended bare = run({"restore", folder_ / "bare"});
  ASSERT_EQ(bare.exit_code, 0) << bare.err;
  EXPECT_EQ(bare.out.find("User"), std::string::npos) << bare.out;
  const Ended with = run_behoud({"restore", folder_ / "copy", "--data", folder_ / "elsewhere"});
  ASSERT_EQ(with.exit_code, 0) << with.err;
  EXPECT_NE(with.out.find("Users are those of the backup, 1 of them"), std::string::npos) << with.out;
  EXPECT_NE(with.out.find("tokens revoked: 1"), std::string::npos) << with.out;
  EXPECT_EQ(with.out.find("example.com"), std::string::npos);
}

// A damaged ledger is what restoring is for: that it cannot tell who was removed stops nothing.
TEST_F(Restore, NeedsNothingOfTheLedgerThatItReplaces) {
  ASSERT_EQ(run_behoud({"sample", "--customers", "5", "--seed", "1", "--data", data_}).exit_code, 0);
  ASSERT_EQ(run({"backup", folder_ / "copy"}).exit_code, 0);
  ASSERT_TRUE(std::filesystem::exists(data_ + "/behoud.db"));
  std::filesystem::resize_file(data_ + "/behoud.db", 5000);
  const Ended restored = run({"restore", folder_ / "copy", "--json"});
  ASSERT_EQ(restored.exit_code, 0) << restored.err;
  EXPECT_TRUE(json::parse(restored.out).at("users_back").as_array().empty());
  EXPECT_EQ(run({"doctor"}).exit_code, 0);
}

}  // namespace
}  // namespace behoud::app::testing
