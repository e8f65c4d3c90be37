// Every operation of api/openapi.yaml, asked of a real server: each answer is judged by the contract, field by field,
// and an operation that nobody asks for here is a fault. Who adds a route adds it to the contract and to kSteps.

#include <boost/json.hpp>
#include <map>
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

// One request and the status it must be answered with.
struct Step {
  const char* method;
  const char* target;
  const char* body;  // JSON, or a file, or nullptr
  int status;
  bool session = false;  // sent with the session that an earlier answer began, instead of the token
};
// In targets and bodies <link>, <user> and <row> stand for what earlier answers gave: behind the # of a link, the id of
// a user, and of another row; <upload>, <job>, <id> for members of those names.

const std::vector<Step> kSteps{
    {"GET", "/health", nullptr, 200},
    {"GET", "/", nullptr, 200},
    {"GET", "/metrics", nullptr, 200},
    {"GET", "/report?shop=sample&lang=nl", nullptr, 200},
    {"GET", "/api/openapi.yaml", nullptr, 200},
    {"GET", "/api/v1/shops", nullptr, 200},
    {"GET", "/api/v1/imports?shop=sample", nullptr, 200},
    {"GET", "/api/v1/report?shop=sample", nullptr, 200},
    {"GET", "/api/v1/report?shop=own", nullptr, 200},
    {"GET", "/api/v1/retention?shop=sample&grain=month", nullptr, 200},
    {"GET", "/api/v1/retention?shop=sample&basis=subscriptions&split=source", nullptr, 200},
    {"GET", "/api/v1/retention?shop=own", nullptr, 200},
    {"GET", "/api/v1/retention?shop=sample&explain=true", nullptr, 200},
    {"GET", "/api/v1/retention?shop=sample&explain=maybe", nullptr, 400},
    {"GET", "/api/v1/cohorts?shop=sample&explain=true", nullptr, 200},
    {"GET", "/api/v1/value?shop=own&explain=true", nullptr, 200},
    {"GET", "/api/v1/cost?shop=sample&explain=true", nullptr, 200},
    {"GET", "/api/v1/claims?shop=sample&explain=true", nullptr, 200},
    {"GET", "/api/v1/whatif?shop=sample&explain=true", nullptr, 200},
    {"GET", "/api/v1/report?shop=sample&explain=true", nullptr, 200},
    {"GET", "/api/v1/today?shop=sample&explain=true", nullptr, 200},
    {"GET", "/api/v1/customers?shop=sample&explain=true", nullptr, 200},
    {"GET", "/api/v1/customers?shop=sample&behind=buyers&explain=true", nullptr, 200},
    {"GET", "/api/v1/customers/c244?shop=sample&explain=true", nullptr, 200},
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
    {"GET", "/api/v1/cohorts?shop=sample&grain=quarter&compare=last_year&split=source", nullptr, 200},
    {"GET", "/api/v1/cohorts?shop=own&compare=previous", nullptr, 200},
    {"GET", "/api/v1/claims?shop=sample&compare=previous", nullptr, 200},
    {"GET", "/api/v1/claims?shop=own&compare=last_year", nullptr, 200},
    {"GET", "/api/v1/whatif?shop=sample&compare=last_year", nullptr, 200},
    {"GET", "/api/v1/whatif?shop=own&compare=previous", nullptr, 200},
    {"GET", "/api/v1/value?shop=sample&format=csv", nullptr, 200},
    {"GET", "/api/v1/imports?shop=sample&format=csv", nullptr, 200},
    {"GET", "/api/v1/definitions?lang=sv", nullptr, 200},
    {"GET", "/api/v1/customers?shop=sample", nullptr, 200},
    {"GET", "/api/v1/customers?shop=own&q=nobody", nullptr, 200},
    {"GET", "/api/v1/customers?shop=sample&q=a&sort=revenue&direction=asc&status=lapsed&limit=3", nullptr, 200},
    {"GET", "/api/v1/customers?shop=sample&behind=buyers&grain=year&limit=2", nullptr, 200},
    {"GET", "/api/v1/customers?shop=sample&cursor=broken", nullptr, 400},
    {"GET", "/api/v1/customers/c244?shop=sample&limit=3", nullptr, 200},
    {"GET", "/api/v1/customers/c244?shop=sample&format=csv", nullptr, 200},
    {"GET", "/api/v1/customers/c244?shop=sample&namespace=email", nullptr, 404},
    {"GET", "/api/v1/customers/c244?shop=own", nullptr, 404},
    {"GET", "/api/v1/customers/c244?shop=sample&cursor=h1", nullptr, 400},
    {"GET", "/api/v1/today?shop=sample&lang=nl", nullptr, 200},
    {"GET", "/api/v1/today?shop=sample&grain=quarter&lang=sv", nullptr, 200},
    {"GET", "/api/v1/today?shop=own", nullptr, 200},
    {"GET", "/api/v1/today?shop=sample&format=csv", nullptr, 200},
    {"GET", "/api/v1/today?shop=sample&lang=de", nullptr, 400},
    {"GET", "/api/v1/definitions?lang=de", nullptr, 400},
    {"GET", "/api/v1/definitions?format=csv", nullptr, 200},
    {"GET", "/api/v1/session", nullptr, 401},
    {"POST", "/api/v1/users", R"({"email":"e@example.com","name":"E","role":"editor"})", 201},
    {"POST", "/api/v1/users", R"({"email":"E@example.com","role":"viewer"})", 409},
    {"POST", "/api/v1/session/link/check", R"({"token":"<link>"})", 200},
    {"POST", "/api/v1/session/link", R"({"token":"<link>","password":"short"})", 400},
    {"POST", "/api/v1/session/link", R"({"token":"<link>","password":"correct horse"})", 200},
    {"POST", "/api/v1/session/link", R"({"token":"<link>","password":"correct horse"})", 404},
    {"GET", "/api/v1/session", nullptr, 200, true},
    {"GET", "/api/v1/users", nullptr, 403, true},
    {"POST", "/api/v1/session/password", R"({"current":"correct horse","password":"battery staple"})", 200, true},
    {"POST", "/api/v1/session", R"({"email":"e@example.com","password":"correct horse"})", 401},
    {"POST", "/api/v1/session", R"({"email":"e@example.com","password":"battery staple"})", 200},
    {"DELETE", "/api/v1/session", nullptr, 204, true},
    {"GET", "/api/v1/session", nullptr, 401, true},
    {"GET", "/api/v1/users", nullptr, 200},
    {"GET", "/api/v1/users?limit=1", nullptr, 200},
    {"PATCH", "/api/v1/users/<user>", R"({"role":"viewer"})", 200},
    {"PATCH", "/api/v1/users/77", R"({"role":"viewer"})", 404},
    {"POST", "/api/v1/users/<user>/link", nullptr, 201},
    {"POST", "/api/v1/tokens", R"({"name":"till","scope":"read","expires_at":"2100-01-01"})", 400},
    {"POST", "/api/v1/tokens", R"({"name":"till","scope":"read"})", 201},
    {"GET", "/api/v1/tokens", nullptr, 200},
    {"GET", "/api/v1/tokens?limit=1", nullptr, 200},
    {"DELETE", "/api/v1/tokens/<row>", nullptr, 204},
    {"DELETE", "/api/v1/users/<user>", nullptr, 204},
    {"GET", "/api/v1/audit?limit=2", nullptr, 200},
    {"GET", "/api/v1/audit?format=csv", nullptr, 200},
    {"GET", "/api/v1/audit?cursor=b", nullptr, 400},

    // Files in, and out again.
    {"POST", "/api/v1/uploads?name=orders.csv", "customer,date,amount\na,2024-01-05,10.00\nb,2999-01-01,1\n", 201},
    {"POST", "/api/v1/uploads/recognise", R"({"uploads":["<upload>"],"kind":"orders","lang":"sv"})", 200},
    {"POST", "/api/v1/reports", R"({"uploads":["<upload>"],"currency":"EUR","grain":"month","lang":"nl"})", 202},
    {"GET", "/api/v1/jobs/<job>/events", nullptr, 200},
    {"GET", "/api/v1/jobs/<job>", nullptr, 200},
    {"GET", "/api/v1/reports/<job>", nullptr, 200},
    {"GET", "/api/v1/reports/<job>?format=html", nullptr, 200},
    {"GET", "/api/v1/reports/<job>?format=csv", nullptr, 400},
    {"GET", "/api/v1/reports/j_0", nullptr, 404},
    {"DELETE", "/api/v1/reports/<job>", nullptr, 204},
    {"DELETE", "/api/v1/reports/<job>", nullptr, 404},
    {"POST", "/api/v1/reports", R"({"uploads":["<upload>"],"as_of":"someday"})", 400},
    {"POST", "/api/v1/imports",
     R"({"uploads":["<upload>"],"kind":"orders","currency":"EUR","map":{"customer":"customer"},"dry_run":true})", 202},
    {"GET", "/api/v1/jobs/<job>/events", nullptr, 200},
    {"GET", "/api/v1/jobs/<job>", nullptr, 200},
    {"POST", "/api/v1/imports",
     R"({"uploads":["<upload>"],"kind":"orders","currency":"EUR","timezone":"Europe/Amsterdam","statuses":{"x":"no"}})",
     202},
    {"GET", "/api/v1/jobs/<job>/events", nullptr, 200},
    {"GET", "/api/v1/jobs/<job>", nullptr, 200},
    {"POST", "/api/v1/uploads/recognise", R"({"uploads":["<upload>"],"kind":"orders"})", 404},
    {"GET", "/api/v1/imports", nullptr, 200},
    {"GET", "/api/v1/imports/1/rejected?lang=nl", nullptr, 200},
    {"GET", "/api/v1/imports/1/rejected?format=json", nullptr, 200},
    {"GET", "/api/v1/imports/9/rejected", nullptr, 404},
    {"POST", "/api/v1/imports/1/undo", nullptr, 202},
    {"GET", "/api/v1/jobs/<job>/events", nullptr, 200},
    {"GET", "/api/v1/jobs/<job>", nullptr, 200},
    {"POST", "/api/v1/imports/1/undo", nullptr, 202},
    {"GET", "/api/v1/jobs/<job>/events", nullptr, 200},
    {"GET", "/api/v1/jobs/<job>", nullptr, 200},
    {"DELETE", "/api/v1/jobs/<job>", nullptr, 200},
    {"GET", "/api/v1/jobs?limit=2", nullptr, 200},
    {"GET", "/api/v1/jobs?limit=0", nullptr, 400},
    {"POST", "/api/v1/uploads?name=dollars.csv", "order,customer,date,amount,currency\n$1,a,2024-02-05,9.00,USD\n",
     201},
    {"POST", "/api/v1/imports", R"({"uploads":["<upload>"],"kind":"orders","timezone":"Europe/Amsterdam"})", 202},
    {"GET", "/api/v1/jobs/<job>/events", nullptr, 200},
    {"GET", "/api/v1/value?shop=own", nullptr, 200},
    {"GET", "/api/v1/customers?shop=own&behind=buyers&from=2024-02-01&to=2024-03-01", nullptr, 200},
    {"POST", "/api/v1/uploads?name=other.csv", "a,b\n", 201},
    {"POST", "/api/v1/uploads/recognise", R"({"uploads":["<upload>"],"kind":"orders"})", 200},
    {"DELETE", "/api/v1/uploads/<upload>", nullptr, 204},
    {"DELETE", "/api/v1/uploads/<upload>", nullptr, 404},
    {"POST", "/api/v1/imports?shop=sample", R"({"uploads":["u_1"],"kind":"orders"})", 403},

    // What people keep about the shop themselves.
    {"GET", "/api/v1/settings", nullptr, 200},
    {"GET", "/api/v1/settings?shop=sample", nullptr, 200},
    {"PATCH", "/api/v1/settings", R"({"window_days":90,"margin_rate":0.35,"statuses":{"klaar":"counts"}})", 200},
    {"PATCH", "/api/v1/settings", R"({"margin_rate":null,"statuses":{"klaar":null}})", 200},
    {"PATCH", "/api/v1/settings", R"({"window_days":0})", 400},
    {"PATCH", "/api/v1/settings?shop=sample", R"({"window_days":1})", 403},
    {"GET", "/api/v1/costs?format=csv", nullptr, 200},
    {"POST", "/api/v1/costs", R"({"from":"2024-01-01","to":"2024-02-01","amount_minor":31000,"purpose":"retention"})",
     201},
    {"PUT", "/api/v1/costs/<id>", R"({"from":"2024-01-02","amount_minor":-5,"purpose":"acquisition","kind":"sales"})",
     200},
    {"GET", "/api/v1/costs?limit=1", nullptr, 200},
    {"GET", "/api/v1/costs?shop=sample&limit=2", nullptr, 200},
    {"GET", "/api/v1/costs?cursor=x", nullptr, 400},
    {"DELETE", "/api/v1/costs/<id>", nullptr, 204},
    {"DELETE", "/api/v1/costs/c_0", nullptr, 404},
    {"POST", "/api/v1/notes", R"({"day":"2024-01-01","text":"Sale","kind":"campaign"})", 201},
    {"GET", "/api/v1/notes", nullptr, 200},
    {"GET", "/api/v1/notes?shop=sample", nullptr, 200},
    {"GET", "/api/v1/notes?format=csv", nullptr, 200},
    {"DELETE", "/api/v1/notes/<id>", nullptr, 204},
    {"DELETE", "/api/v1/notes/<id>", nullptr, 404},
    {"GET", "/api/v1/export/orders?shop=sample", nullptr, 200},
    {"GET", "/api/v1/export/customers?shop=sample&format=parquet", nullptr, 200},
    {"GET", "/api/v1/export/events?shop=sample", nullptr, 200},
    {"GET", "/api/v1/export/secrets", nullptr, 404},
    {"POST", "/api/v1/backups", nullptr, 202},
    {"GET", "/api/v1/jobs/<job>/events", nullptr, 200},
    {"GET", "/api/v1/backups", nullptr, 200},
    {"GET", "/api/v1/backups/b_0", nullptr, 404},
    {"GET", "/api/v1/backups/<backup>", nullptr, 200},
    {"DELETE", "/api/v1/backups/<backup>", nullptr, 204},
    {"DELETE", "/api/v1/backups/<backup>", nullptr, 404},
    {"POST", "/api/v1/backups?shop=sample", nullptr, 403},
    {"GET", "/api/v1/doctor", nullptr, 200},
    {"GET", "/api/v1/audit?limit=1000", nullptr, 200},  // with everything that was done above
};

// What answers gave that later requests need.
class Kept {
 public:
  void take(const http::testing::RawResponse& answer) {
    if (const std::string cookie = answer.field("Set-Cookie"); !cookie.empty()) {
      cookie_ = cookie.substr(0, cookie.find(';'));
    }
    if (answer.status >= 300 || answer.field("Content-Type") != "application/json" || !answer.body.starts_with('{')) {
      return;
    }
    const auto object = boost::json::parse(answer.body).as_object();
    const auto keep = [&](const char* member, const char* name, const char* of) {
      const auto* outer = object.if_contains(member);
      const auto* inner =
          of == nullptr || outer == nullptr || !outer->is_object() ? outer : outer->get_object().if_contains(of);
      if (inner != nullptr && inner->is_string()) values_[name] = inner->get_string().c_str();
    };
    keep("user", "user", "id");
    keep("row", "row", "id");
    keep("csrf", "csrf", nullptr);
    keep("link", "link", nullptr);
    keep("upload", "upload", nullptr);
    keep("job", "job", nullptr);
    keep("id", "id", nullptr);
    // The first of the backups.
    const auto at = answer.body.find(R"({"id":"b_)");
    if (at != std::string::npos) values_["backup"] = answer.body.substr(at + 7, 34);
    if (auto& link = values_["link"]; link.find('#') != std::string::npos) link = link.substr(link.find('#') + 1);
  }
  std::string fill(std::string text) const {
    for (const auto& [name, value] : values_) {
      const std::string mark = "<" + name + ">";
      if (const auto at = text.find(mark); at != std::string::npos) text.replace(at, mark.size(), value);
    }
    return text;
  }
  std::string session() const { return fill("Cookie: " + cookie_ + "\r\nX-Behoud-CSRF: <csrf>\r\n"); }

 private:
  std::string cookie_;
  std::map<std::string, std::string> values_;
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
  SignedInClient client(server);
  std::set<std::string> asked;
  Kept kept;
  for (const Step& step : kSteps) {
    const std::string target = kept.fill(step.target);
    const std::string what = std::string(step.method) + " " + target;
    std::string method = step.method;
    for (char& c : method) c = static_cast<char>(c - 'A' + 'a');
    const auto operation = contract->operation_of(method, target);
    ASSERT_TRUE(operation.has_value()) << what << " is not in the contract";
    const std::string body = step.body == nullptr ? "" : kept.fill(step.body);
    std::string request =
        what + " HTTP/1.1\r\nHost: localhost\r\n" + (step.session ? kept.session() : client.authorization());
    if (step.body != nullptr) {
      request += body.starts_with('{') ? "Content-Type: application/json\r\n" : "Content-Type: text/csv\r\n";
    }
    if (step.body != nullptr) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    ASSERT_TRUE(client.send(request + "\r\n" + body)) << what;
    const auto answer = client.receive();
    ASSERT_TRUE(answer.has_value()) << what;
    kept.take(*answer);
    EXPECT_EQ(answer->status, step.status) << what << " " << answer->body;
    if (step.status < 300) {
      EXPECT_EQ(contract->faults_of_request(*operation, target, body), Faults{}) << what;
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
