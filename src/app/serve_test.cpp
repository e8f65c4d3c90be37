// A server as people use it: started as a process, asked over HTTP, ended by a signal.

#include <boost/json.hpp>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "app/questions.h"
#include "app/routes.h"
#include "app/testing/fake_console.h"
#include "app/testing/process.h"
#include "app/testing/running_server.h"

namespace behoud::app::testing {
namespace {

class Serve : public ::testing::Test {
 protected:
  void SetUp() override {
    data_ = folder_ / "shop";
    const Ended made = run_behoud({"sample", "--customers", "300", "--seed", "4", "--data", data_});
    ASSERT_EQ(made.exit_code, 0) << made.err;
  }
  void start() {
    Start how;
    how.words = {"serve", "--data", data_, "--port", "0"};
    server_ = std::make_unique<Process>(how);
    ASSERT_TRUE(server_->wait_for("Ctrl-C"));
  }
  std::uint16_t port() const { return listening_port(server_->pid()); }

  TemporaryFolder folder_;
  std::string data_;
  std::unique_ptr<Process> server_;
};

TEST_F(Serve, AnswersWithTheBytesOfTheCommandsAndEndsOnASignal) {
  start();
  SignedInClient client(port(), make_token(data_, "read"));
  ASSERT_TRUE(client.connected());
  const auto health = client.get("/health");
  ASSERT_TRUE(health.has_value());
  EXPECT_EQ(health->status, 200);
  const auto word = boost::json::parse(health->body).as_object();
  EXPECT_EQ(word.at("status"), "ok");
  EXPECT_EQ(word.at("sample"), true);
  for (const QuestionSyntax& question : questions()) {
    const std::string name{question.name};
    std::vector<std::string> words{name, "--data", data_, "--format", "json"};
    std::string target = "/api/v1/" + name;
    if (name == "customers") {
      words.insert(words.end(), {"--behind", "buyers"});
      target += "?behind=buyers";
    }
    const Ended command = run_behoud(words);
    ASSERT_EQ(command.exit_code, 0) << command.err;
    const auto response = client.get(target);
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->status, 200) << response->body;
    EXPECT_EQ(response->body, command.out) << name;
    EXPECT_TRUE(boost::json::parse(response->body).as_object().contains("rows")) << name;
  }
  for (const char* language : {"en", "nl", "sv"}) {
    const auto page = client.get("/report", std::string("Accept-Language: ") + language + ",en;q=0.5\r\n");
    ASSERT_TRUE(page.has_value());
    EXPECT_EQ(page->status, 200);
    EXPECT_NE(page->body.find(std::string("<html lang=\"") + language), std::string::npos);
  }
  const auto report = client.get("/api/v1/report");
  ASSERT_TRUE(report.has_value());
  EXPECT_TRUE(boost::json::parse(report->body).is_object());
  const auto imports = client.get("/api/v1/imports");
  ASSERT_TRUE(imports.has_value());
  EXPECT_EQ(boost::json::parse(imports->body).at("rows").as_array().size(), 6U);
  server_->signal(SIGTERM);
  EXPECT_EQ(server_->wait().exit_code, 0);
}

TEST_F(Serve, SaysWhatIsWrongWithAQuestion) {
  start();
  SignedInClient client(port(), make_token(data_, "read"));
  const struct {
    const char* target;
    int status;
    const char* field;
  } cases[] = {{"/api/v1/retention?grain=fortnight", 400, "grain"},
               {"/api/v1/retention?from=2024-01-15&to=2024-03-01&grain=month", 400, ""},
               {"/api/v1/retention?graim=month", 400, "graim"},
               {"/api/v1/retentions", 404, ""},
               {"/report?grain=month&window=0d", 400, "window"}};
  for (const auto& c : cases) {
    const auto response = client.get(c.target);
    ASSERT_TRUE(response.has_value()) << c.target;
    EXPECT_EQ(response->status, c.status) << c.target << response->body;
    const auto error = boost::json::parse(response->body).as_object().at("error").as_object();
    EXPECT_FALSE(error.at("message").as_string().empty());
    if (*c.field != '\0') {
      EXPECT_EQ(error.at("field"), c.field) << response->body;
    }
  }
}

TEST_F(Serve, HoldsItsFolder) {
  start();
  Start again;
  again.words = {"serve", "--data", data_, "--port", "0"};
  const Ended second = run_behoud(again);
  EXPECT_EQ(second.exit_code, 5);
  EXPECT_NE(second.err.find(std::to_string(server_->pid())), std::string::npos) << "names who holds it: " << second.err;
}

TEST_F(Serve, NamesAPortThatIsTaken) {
  start();
  const std::string other = folder_ / "other";
  ASSERT_EQ(run_behoud({"sample", "--customers", "5", "--data", other}).exit_code, 0);
  const Ended second = run_behoud({"serve", "--data", other, "--port", std::to_string(port())});
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_NE(second.err.find(std::to_string(port())), std::string::npos) << second.err;
}

// The contract names every route, and no route that is not there.
TEST(OpenApi, NamesEveryRoute) {
  std::set<std::string> written;
  std::ifstream file(std::string(BEHOUD_SOURCE_DIR) + "/api/openapi.yaml");
  ASSERT_TRUE(file.good());
  bool paths = false;
  for (std::string line; std::getline(file, line);) {
    if (line == "paths:") {
      paths = true;
    } else if (paths && !line.empty() && line[0] != ' ' && line[0] != '#') {
      paths = false;
    } else if (paths && line.starts_with("  /") && line.ends_with(':')) {
      written.insert(line.substr(2, line.size() - 3));
    }
  }
  const TemporaryFolder folder;
  FakeWorld fake;
  const World world = fake.world();
  const auto shops = ServedShops::open(folder / "own", std::nullopt, world);
  ASSERT_TRUE(shops.has_value());
  access::Access access((*shops)->home().ledger, {world.now, world.steady_ms, world.entropy, access::kCheapPassword});
  const auto intake = Intake::open(**shops, world, {});
  ASSERT_TRUE(intake.has_value());
  http::Router router;
  add_all_routes(router, **shops, **intake, access, {[] { return std::string(); }, world.now});
  std::set<std::string> served;
  for (const http::Route& route : router.routes()) served.insert(route.pattern);
  EXPECT_EQ(written, served);
}

}  // namespace
}  // namespace behoud::app::testing
