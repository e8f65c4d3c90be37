// `behoud access` as people type it: alone, and beside a server that holds the folder.

#include <boost/json.hpp>
#include <string>

#include <gtest/gtest.h>

#include "app/testing/process.h"
#include "app/testing/running_server.h"
#include "http/testing/raw_client.h"

namespace behoud::app::testing {
namespace {

using http::testing::RawClient;

class AccessCommand : public ::testing::Test {
 protected:
  Ended access(std::vector<std::string> words) {
    words.insert(words.begin(), "access");
    words.insert(words.end(), {"--data", data_});
    return run_behoud(words);
  }
  void make_folder() {
    ASSERT_EQ(run_behoud({"sample", "--customers", "5", "--seed", "1", "--data", data_}).exit_code, 0);
  }
  static std::optional<http::testing::RawResponse> post(RawClient& client, const std::string& path,
                                                        const std::string& body) {
    client.send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n\r\n" + body);
    return client.receive();
  }
  static std::string secret_of(const std::string& link) {
    const auto begin = link.find('#') + 1;
    return link.substr(begin, link.find_last_not_of('\n') + 1 - begin);
  }
  // Opens a link as a browser would; the e-mail is the first owner's.
  static int claim(RawClient& client, const std::string& link, const std::string& email) {
    const auto answer = post(
        client, "/api/v1/session/link",
        R"({"token":")" + secret_of(link) + R"(","email":")" + email + R"(","name":"","password":"correct horse"})");
    return answer ? answer->status : 0;
  }

  TemporaryFolder folder_;
  std::string data_ = folder_ / "shop";
};

TEST_F(AccessCommand, WorksWithoutAServer) {
  make_folder();
  EXPECT_EQ(access({"users"}).out, "nobody can sign in yet: behoud access link\n");
  const Ended link = access({"link", "--url", "https://behoud.example.com/"});
  ASSERT_EQ(link.exit_code, 0) << link.err;
  EXPECT_TRUE(link.out.starts_with("https://behoud.example.com/welcome#")) << link.out;
  const Ended token = access({"token", "--name", "till", "--scope", "read", "--expires", "2099-01-01"});
  EXPECT_EQ(token.exit_code, 2) << "ten years at most";
  EXPECT_NE(token.err.find("expires"), std::string::npos) << token.err;
  const Ended made = access({"token", "--name", "till", "--scope", "read", "--json"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const auto row = boost::json::parse(made.out).at("row");
  EXPECT_EQ(row.at("scope"), "read");
  const auto rows = boost::json::parse(access({"tokens", "--json"}).out).at("rows").as_array();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0], row);
  const Ended revoked = access({"revoke", row.at("id").as_string().c_str()});
  EXPECT_EQ(revoked.exit_code, 0) << revoked.err;
  EXPECT_NE(revoked.out.find("revoked"), std::string::npos) << revoked.out;
  const Ended audit = access({"audit"});
  EXPECT_NE(audit.out.find("token_revoked      token 1"), std::string::npos) << audit.out;
  EXPECT_EQ(boost::json::parse(access({"audit", "--limit", "2", "--json"}).out).at("rows").as_array().size(), 2U);
}

TEST_F(AccessCommand, WorksBesideAServerWhichKnowsAtOnce) {
  make_folder();
  RunningServer server({"--data", data_});
  ASSERT_TRUE(server.ok());
  RawClient client(server.port());
  const std::string here = "http://127.0.0.1:" + std::to_string(server.port()) + "/welcome#";

  // Lost before it was used, and lost after: each is a new link of the running server.
  const Ended first = access({"link"});
  ASSERT_TRUE(first.out.starts_with(here)) << first.out << first.err;
  ASSERT_EQ(claim(client, first.out, "owner@example.com"), 200);
  EXPECT_EQ(claim(client, first.out, "owner@example.com"), 404) << "a link opens once";
  const Ended reset = access({"link"});
  EXPECT_EQ(claim(client, reset.out, ""), 200) << reset.err;

  const Ended invited = access({"invite", "--email", "v@example.com", "--role", "viewer", "--json"});
  ASSERT_EQ(invited.exit_code, 0) << invited.err;
  ASSERT_EQ(claim(client, boost::json::parse(invited.out).at("link").as_string().c_str(), ""), 200);
  const Ended users = access({"change", "2", "--role", "owner", "--name", "Second", "--json"});
  ASSERT_EQ(users.exit_code, 0) << users.err;
  EXPECT_EQ(boost::json::parse(users.out).at("rows").at(1).at("name"), "Second");
  EXPECT_EQ(access({"link"}).exit_code, 2) << "there are two owners: whose?";
  EXPECT_EQ(access({"remove", "1"}).exit_code, 0);
  const Ended last = access({"remove", "2"});
  EXPECT_NE(last.exit_code, 0);
  EXPECT_NE(last.err.find("last owner"), std::string::npos) << last.err;

  const std::string token = make_token(data_, "read");
  const auto shops = [&] { return client.get("/api/v1/shops", authorization(token))->status; };
  EXPECT_EQ(shops(), 200);
  EXPECT_EQ(access({"revoke", "1"}).exit_code, 0);
  EXPECT_EQ(shops(), 401);
  EXPECT_EQ(run_behoud({"settings", "--window", "60d", "--data", data_}).exit_code, 0);
  const Ended audit = access({"audit", "--limit", "1"});
  EXPECT_NE(audit.out.find("settings_changed"), std::string::npos) << audit.out;
  EXPECT_NE(audit.out.find(R"({"changed":["window_days"]})"), std::string::npos) << audit.out;
  server.stop();
  // A server that starts where somebody can sign in prints no link.
  RunningServer again({"--data", data_});
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again.stop().err.find("welcome"), std::string::npos);
}

TEST_F(AccessCommand, SaysWhatIsWrong) {
  make_folder();
  const struct {
    std::vector<std::string> words;
    const char* says;
  } cases[] = {{{"user"}, "did you mean: behoud access users"},
               {{"users", "3"}, "one too many"},
               {{"remove"}, "needs a number"},
               {{"remove", "x"}, "needs a number"},
               {{"remove", "7"}, "no such user"},
               {{"revoke", "7"}, "no such token"},
               {{"invite", "--role", "viewer"}, "email"},
               {{"invite", "--email", "a@example.com"}, "role"},
               {{"invite", "--email", "a@example.com", "--role", "king"}, "role"},
               {{"invite", "--email", "nobody", "--role", "viewer"}, "email"},
               {{"token", "--scope", "read"}, "name"},
               {{"token", "--name", "x", "--scope", "all"}, "scope"},
               {{"token", "--name", "x", "--scope", "read", "--expires", "soon"}, "expires"},
               {{"link", "--email", "nobody@example.com"}, "no such user"}};
  for (const auto& c : cases) {
    const Ended e = access(c.words);
    EXPECT_NE(e.exit_code, 0) << c.says;
    EXPECT_NE(e.err.find(c.says), std::string::npos) << c.says << ": " << e.err;
    EXPECT_EQ(e.err.find("nobody@example.com"), std::string::npos) << "no address in a message";
  }
  const Ended nowhere = run_behoud({"access", "link", "--data", folder_ / "nothing"});
  EXPECT_NE(nowhere.exit_code, 0);
  EXPECT_NE(nowhere.err.find("there is no shop"), std::string::npos) << nowhere.err;
}

}  // namespace
}  // namespace behoud::app::testing
