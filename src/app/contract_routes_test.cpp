// Every operation of api/openapi.yaml, asked of a real server: each answer is judged by the contract, field by field,
// and an operation that nobody asks for here is a fault. Who adds a route adds it to the contract and to kSteps.

#include <boost/json.hpp>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/testing/contract.h"
#include "app/testing/process.h"
#include "app/testing/running_server.h"
#include "http/testing/raw_client.h"

namespace behoud::app::testing {
namespace {

using http::testing::RawClient;

// One request and the status it must be answered with.
struct Step {
  const char* method;
  const char* target;
  const char* body;  // JSON, or nullptr
  int status;
};

const std::vector<Step> kSteps{
    {"GET", "/health", nullptr, 200},
    {"GET", "/?shop=sample&lang=nl", nullptr, 200},
    {"GET", "/api/openapi.yaml", nullptr, 200},
    {"GET", "/api/v1/shops", nullptr, 200},
    {"GET", "/api/openapi.yaml", nullptr, 200},
    {"GET", "/api/v1/imports?shop=sample", nullptr, 200},
    {"GET", "/api/v1/report?shop=sample", nullptr, 200},
    {"GET", "/api/v1/report?shop=own", nullptr, 200},
    {"GET", "/api/v1/retention?shop=sample&grain=month", nullptr, 200},
    {"GET", "/api/v1/retention?shop=sample&basis=subscriptions&split=source", nullptr, 200},
    {"GET", "/api/v1/retention?shop=own", nullptr, 200},
    {"GET", "/api/v1/retention?shop=sample&grain=fortnight", nullptr, 400},
    {"GET", "/api/v1/cohorts?shop=sample&grain=quarter&mode=on_or_after", nullptr, 200},
    {"GET", "/api/v1/cohorts?shop=sample&split=country", nullptr, 200},
    {"GET", "/api/v1/value?shop=sample", nullptr, 200},
    {"GET", "/api/v1/value?shop=own", nullptr, 200},
    {"GET", "/api/v1/cost?shop=sample&grain=year", nullptr, 200},
    {"GET", "/api/v1/claims?shop=sample", nullptr, 200},
    {"GET", "/api/v1/claims?shop=own", nullptr, 200},
    {"GET", "/api/v1/whatif?shop=sample&points=2.5", nullptr, 200},
    {"GET", "/api/v1/whatif?shop=own", nullptr, 200},
    {"GET", "/api/v1/customers?shop=sample&behind=buyers&grain=year", nullptr, 200},
    {"GET", "/api/v1/customers?shop=sample&behind=nobody", nullptr, 400},
    {"GET", "/api/v1/retention?shop=sample&grain=quarter&compare=last_year", nullptr, 200},
    {"GET", "/api/v1/value?shop=sample&grain=quarter&compare=previous", nullptr, 200},
    {"GET", "/api/v1/cost?shop=sample&grain=quarter&compare=previous", nullptr, 200},
    {"GET", "/api/v1/retention?shop=own&compare=previous", nullptr, 200},
    {"GET", "/api/v1/value?shop=sample&format=csv", nullptr, 200},
    {"GET", "/api/v1/imports?shop=sample&format=csv", nullptr, 200},
    {"GET", "/api/v1/definitions?lang=sv", nullptr, 200},
    {"GET", "/api/v1/definitions?lang=de", nullptr, 400},
};

TEST(OpenApi, SaysNothingThatHasNoMeaning) {
  const auto contract = Contract::load(std::string(BEHOUD_SOURCE_DIR) + "/api/openapi.yaml");
  ASSERT_TRUE(contract.has_value()) << contract.error().message << " in line " << contract.error().place.line;
  EXPECT_EQ(contract->faults_of_itself(), Faults{});
}

TEST(OpenApi, DescribesEveryAnswerOfEveryRoute) {
  const auto contract = Contract::load(std::string(BEHOUD_SOURCE_DIR) + "/api/openapi.yaml");
  ASSERT_TRUE(contract.has_value());
  const TemporaryFolder folder;
  ASSERT_EQ(run_behoud({"sample", "--customers", "300", "--seed", "4", "--data", folder / "sample"}).exit_code, 0);
  RunningServer server({"--data", folder / "own", "--sample", folder / "sample"});
  ASSERT_TRUE(server.ok());
  RawClient client(server.port());
  std::set<std::string> asked;
  for (const Step& step : kSteps) {
    const std::string what = std::string(step.method) + " " + step.target;
    std::string method = step.method;
    for (char& c : method) c = static_cast<char>(c - 'A' + 'a');
    const auto operation = contract->operation_of(method, step.target);
    ASSERT_TRUE(operation.has_value()) << what << " is not in the contract";
    const std::string body = step.body == nullptr ? "" : step.body;
    std::string request = what + " HTTP/1.1\r\nHost: localhost\r\n";
    if (step.body != nullptr) request += "Content-Type: application/json\r\n";
    if (step.body != nullptr) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    ASSERT_TRUE(client.send(request + "\r\n" + body)) << what;
    const auto answer = client.receive();
    ASSERT_TRUE(answer.has_value()) << what;
    EXPECT_EQ(answer->status, step.status) << what << " " << answer->body;
    if (step.status < 300) {
      EXPECT_EQ(contract->faults_of_request(*operation, step.target, body), Faults{}) << what;
      asked.insert(operation->method + " " + operation->path);
    }
    EXPECT_EQ(contract->faults_of_answer(*operation, answer->status, answer->field("Content-Type"), answer->body),
              Faults{})
        << what;
  }
  for (const Contract::Operation& operation : contract->operations()) {
    EXPECT_TRUE(asked.contains(operation.method + " " + operation.path))
        << operation.method << " " << operation.path << " is asked by no step of this test";
  }
}

}  // namespace
}  // namespace behoud::app::testing
