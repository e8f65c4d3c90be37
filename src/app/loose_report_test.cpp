// Reports of uploaded files over HTTP, against the command's of the same files under the same names, by the real
// program on both sides.

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "app/kept_reports.h"
#include "app/testing/api_client.h"
#include "app/testing/process.h"
#include "app/testing/running_server.h"
#include "base/file.h"
#include "base/testing/temporary_folder.h"

namespace behoud::app::testing {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class LooseReports : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(run_behoud({"sample", "--customers", "300", "--seed", "7", "--out", folder_ / "orders.csv"}).exit_code,
              0);
    std::ofstream(folder_ / "odd \"name\".csv")
        << "Nr;Klant;Datum;Bedrag\n1;anna;03-04-2024;12,50\n2;bea;05-04-2024;much\n3;anna;31-05-2024;7,00\n";
    server_ = std::make_unique<RunningServer>(std::vector<std::string>{"--data", data_});
    ASSERT_TRUE(server_->ok());
    api_ = std::make_unique<ApiClient>(*server_);
  }
  std::string upload(const std::string& name) {
    const auto bytes = read_file(folder_ / name, 1 << 26);
    return bytes ? api_->upload(name, *bytes) : std::string{};
  }
  // `more`: further members, each behind a comma.
  static std::string asking(const std::vector<std::string>& uploads, const std::string& more = {}) {
    return R"({"uploads":)" + json::serialize(json::value_from(uploads)) + more + "}";
  }
  json::value made(const std::string& asked) {
    const Reply reply = api_->call("POST", "/api/v1/reports", asked);
    EXPECT_EQ(reply.status, 202) << reply.text;
    return api_->wait_for_job(reply.text_at("job"));
  }
  static std::string target(const json::value& job) { return std::string(job.at("result").at("report").as_string()); }

  TemporaryFolder folder_;
  std::string data_ = folder_ / "own";
  std::unique_ptr<RunningServer> server_;
  std::unique_ptr<ApiClient> api_;
};

TEST_F(LooseReports, SayWhatTheCommandSaysOfTheSameFiles) {
  const std::string orders = upload("orders.csv"), odd = upload("odd \"name\".csv");
  ASSERT_FALSE(orders.empty());
  ASSERT_FALSE(odd.empty());
  const struct {
    std::string asked;
    std::vector<std::string> words;
  } cases[] = {
      {asking({orders}), {"orders.csv"}},
      {asking({orders}, R"(,"grain":"quarter","window":"60d","timezone":"Europe/Amsterdam","lang":"nl")"),
       {"orders.csv", "--grain", "quarter", "--window", "60d", "--timezone", "Europe/Amsterdam", "--lang", "nl"}},
      {asking({odd},
              R"(,"map":"customer=Klant,date=Datum,amount=Bedrag","currency":"EUR","date_format":"DMY","lang":"sv")"),
       {"odd \"name\".csv", "--map", "customer=Klant,date=Datum,amount=Bedrag", "--currency", "EUR", "--date-format",
        "DMY", "--lang", "sv"}},
      {asking({orders, odd}, R"(,"decimal":",","date_format":"DMY","as_of":"2024-06-01")"),
       {"orders.csv", "odd \"name\".csv", "--decimal", ",", "--date-format", "DMY", "--as-of", "2024-06-01"}}};
  int done = 0;
  for (const auto& one : cases) {
    const json::value job = made(one.asked);
    const std::string& what = one.asked;
    Start start;
    start.folder = folder_.path();
    start.words = {"report", "--json", "--html", "page.html"};
    for (const std::string& word : one.words) start.words.push_back(word);
    const Ended told = run_behoud(start);
    if (told.exit_code != 0) {
      // What the command refuses is refused in its words.
      ASSERT_EQ(job.at("state"), "failed") << what << told.err;
      const std::string message{job.at("error").at("message").as_string()};
      EXPECT_NE(told.err.find(message), std::string::npos) << message << "\n" << told.err;
      continue;
    }
    ++done;
    ASSERT_EQ(job.at("state"), "done") << json::serialize(job);
    EXPECT_EQ(job.at("kind"), "report");
    EXPECT_GT(job.at("result").at("orders").as_int64(), 0);
    EXPECT_EQ(api_->get(target(job)).text, told.out) << what;
    EXPECT_EQ(api_->get(target(job) + "?format=html").text, read_file(folder_ / "page.html", 1 << 26).value()) << what;
    fs::remove(folder_ / "page.html");
  }
  EXPECT_GE(done, 3);
  // Nothing came into the shop, and the uploads stay.
  EXPECT_TRUE(api_->get("/api/v1/imports").at("rows").as_array().empty());
  EXPECT_EQ(made(asking({orders})).at("state"), "done");
}

TEST_F(LooseReports, SayWhatIsWrong) {
  const std::string orders = upload("orders.csv"), odd = upload("odd \"name\".csv");
  const auto refused = [&](const std::string& asked) { return api_->call("POST", "/api/v1/reports", asked); };
  EXPECT_EQ(refused(asking({})).text_at("error.field"), "uploads");
  EXPECT_EQ(refused(asking({"u_0"})).status, 404);
  for (const auto& [member, more] : std::vector<std::pair<std::string, std::string>>{{"kind", R"(,"kind":"orders")"},
                                                                                     {"as_of", R"(,"as_of":"someday")"},
                                                                                     {"window", R"(,"window":"0d")"},
                                                                                     {"lang", R"(,"lang":"de")"}}) {
    const Reply said = refused(asking({orders}, more));
    EXPECT_EQ(said.status, 400) << said.text;
    EXPECT_EQ(said.text_at("error.field"), member) << said.text;
  }
  // A file that cannot be read is named as it was uploaded.
  const json::value job = made(asking({odd}, R"(,"map":"customer=Klant,date=Day,amount=Bedrag")"));
  EXPECT_EQ(job.at("state"), "failed");
  const std::string error = json::serialize(job.at("error"));
  EXPECT_EQ(error.find(data_), std::string::npos) << error;
  EXPECT_EQ(api_->get("/api/v1/reports/j_00").text_at("error.reason"), "problem.report_gone");
  EXPECT_EQ(api_->get("/api/v1/reports/..%2Fbehoud.db").status, 404);
}

TEST_F(LooseReports, AreKeptWhileTheyAreAmongTheNewest) {
  const std::string odd = upload("odd \"name\".csv");
  const std::string asked = asking({odd}, R"(,"currency":"EUR","date_format":"DMY")");
  const json::value first = made(asked);
  ASSERT_EQ(first.at("state"), "done") << json::serialize(first);
  for (std::size_t i = 1; i < kReportsMax; ++i) ASSERT_EQ(made(asked).at("state"), "done");
  EXPECT_EQ(api_->get(target(first)).status, 200);
  const json::value last = made(asked);
  EXPECT_EQ(api_->get(target(first)).status, 404);
  EXPECT_EQ(api_->get(target(last)).status, 200);
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(data_ + "/reports")) files += entry.is_regular_file() ? 1 : 0;
  EXPECT_EQ(files, 2 * kReportsMax);
}

}  // namespace
}  // namespace behoud::app::testing
