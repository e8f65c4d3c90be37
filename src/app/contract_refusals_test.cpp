// What every operation of api/openapi.yaml answers beside what was asked for: nobody who asks, a parameter that is
// none, an answer that the reader has. Each is described, and the contract says of each GET that it may be 304.

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "app/testing/contract.h"
#include "app/testing/process.h"
#include "app/testing/running_server.h"
#include "http/testing/raw_client.h"

namespace behoud::app::testing {
namespace {

class ContractRefusals : public ::testing::Test {
 protected:
  void SetUp() override {
    auto loaded = Contract::load(std::string(BEHOUD_SOURCE_DIR) + "/api/openapi.yaml");
    ASSERT_TRUE(loaded.has_value());
    contract_.emplace(std::move(*loaded));
    ASSERT_EQ(run_behoud({"sample", "--customers", "50", "--data", folder_ / "own"}).exit_code, 0);
    server_.emplace(std::vector<std::string>{"--data", folder_ / "own"});
    ASSERT_TRUE(server_->ok());
  }
  static std::string target_of(std::string path) {
    const std::map<std::string, std::string> captured{{"{what}", "orders"}, {"{id}", "1"}};
    for (const auto& [name, value] : captured) {
      if (const auto at = path.find(name); at != std::string::npos) path.replace(at, name.size(), value);
    }
    return path;
  }
  // Asks, and judges the answer by what the contract says of it.
  http::testing::RawResponse ask(const Contract::Operation& operation, const std::string& target,
                                 const std::string& fields) {
    std::string method = operation.method;
    for (char& c : method) c = static_cast<char>(c - 'a' + 'A');
    const std::string what = method + " " + target;
    const bool has_body = method == "POST" || method == "PUT" || method == "PATCH";
    http::testing::RawClient client(server_->port());
    client.send(what + " HTTP/1.1\r\nHost: localhost\r\n" + fields +
                (has_body ? "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}" : "\r\n"));
    const auto answer = client.receive();
    EXPECT_TRUE(answer.has_value()) << what;
    if (!answer) return {};
    EXPECT_EQ(contract_->faults_of_answer(operation, answer->status, answer->field("Content-Type"), answer->body),
              Faults{})
        << what << " " << answer->status;
    return *answer;
  }

  const TemporaryFolder folder_;
  std::optional<Contract> contract_;
  std::optional<RunningServer> server_;
};

// What is open to all, and what has no parameters because it is no part of the API proper.
bool is_open(const std::string& path) { return path == "/health" || path.starts_with("/api/v1/session"); }
bool is_beside_the_api(const std::string& path) { return !path.starts_with("/api/v1/"); }

TEST_F(ContractRefusals, WhoeverIsNotKnownIsRefusedAsItSays) {
  for (const Contract::Operation& operation : contract_->operations()) {
    if (is_open(operation.path) || operation.path == "/") continue;
    const auto answer = ask(operation, target_of(operation.path), "");
    EXPECT_EQ(answer.status, 401) << operation.method << " " << operation.path;
  }
}

TEST_F(ContractRefusals, NoParameterIsIgnored) {
  const std::string token = authorization(server_->token());
  for (const Contract::Operation& operation : contract_->operations()) {
    if (is_beside_the_api(operation.path)) continue;
    const auto answer = ask(operation, target_of(operation.path) + "?no_such=1", token);
    EXPECT_EQ(answer.status, 400) << operation.method << " " << operation.path;
    EXPECT_TRUE(answer.body.contains("no_such") || answer.body.contains("no-such"))
        << operation.method << " " << operation.path << " " << answer.body;
  }
}

TEST_F(ContractRefusals, WhoHasAnAnswerAlreadyIsToldSo) {
  const std::string token = authorization(server_->token());
  int known = 0;
  for (const Contract::Operation& operation : contract_->operations()) {
    if (operation.method != "get" || operation.path == "/metrics") continue;  // which differs each time
    const std::string target = target_of(operation.path);
    const auto first = ask(operation, target, token);
    const std::string tag = first.field("ETag");
    if (first.status != 200 || tag.empty()) continue;
    const auto again = ask(operation, target, token + "If-None-Match: \"x\", " + tag + "\r\n");
    EXPECT_EQ(again.status, 304) << target;
    EXPECT_EQ(again.body, "") << target;
    // What a 200 would say of who may keep it, and for whom (RFC 9110, 15.4.5).
    for (const char* field : {"ETag", "Vary", "Cache-Control"}) {
      EXPECT_EQ(again.field(field), first.field(field)) << target << " " << field;
      EXPECT_NE(first.field(field), "") << target << " " << field;
    }
    ++known;
  }
  EXPECT_GT(known, 20);
}

}  // namespace
}  // namespace behoud::app::testing
