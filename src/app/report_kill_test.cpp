// Reports of uploaded files when the server is killed, and when its disk is full: a report is there whole or not at
// all, nothing unfinished is left of it, nothing comes into the shop, and the same asked for again is made.

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "app/testing/api_client.h"
#include "app/testing/process.h"
#include "app/testing/running_server.h"
#include "base/file.h"
#include "base/testing/temporary_folder.h"

namespace behoud::app::testing {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class ReportFaults : public ::testing::Test {
 protected:
  void start(std::uint64_t file_bytes_max = 0) {
    server_ = std::make_unique<RunningServer>(std::vector<std::string>{"--data", data()}, file_bytes_max);
    ASSERT_TRUE(server_->ok());
    if (authorization_.empty()) authorization_ = ApiClient(*server_).authorization();
    api_ = std::make_unique<ApiClient>(server_->port(), authorization_);
  }
  std::string data() const { return folder_ / "own"; }
  const ApiClient& api() const { return *api_; }

  std::string upload_sample(int customers) {
    const std::string path = folder_ / "orders.csv";
    EXPECT_EQ(run_behoud({"sample", "--customers", std::to_string(customers), "--seed", "3", "--out", path}).exit_code,
              0);
    const auto bytes = read_file(path, 1 << 28);
    return bytes ? api().upload("orders.csv", *bytes) : std::string{};
  }
  // Of each day, so that the files are large and their writing takes a while.
  static std::string of_days(const std::string& upload) { return R"({"uploads":[")" + upload + R"("],"grain":"day"})"; }

  // The names of what lies under reports/.
  std::vector<std::string> files() const {
    std::vector<std::string> out;
    std::error_code error;
    for (fs::directory_iterator at(data() + "/reports", error), end; !error && at != end; at.increment(error)) {
      out.push_back(at->path().filename().string());
    }
    return out;
  }
  bool any_file(std::string_view ending) const {
    for (const std::string& name : files()) {
      if (name.ends_with(ending)) return true;
    }
    return false;
  }
  // One that is there is there in both its forms, and nothing else lies in the folder.
  void expect_whole(const std::string& when) const {
    for (const std::string& name : files()) {
      const fs::path path(name);
      ASSERT_TRUE(path.extension() == ".html" || path.extension() == ".json") << when << ": " << name;
      const std::string job = path.stem().string();
      for (const char* format : {"?format=html", ""}) {
        EXPECT_EQ(api().get("/api/v1/reports/" + job + format).status, 200) << when << ": " << name;
      }
    }
  }

  TemporaryFolder folder_;
  std::string authorization_;
  std::unique_ptr<RunningServer> server_;
  std::unique_ptr<ApiClient> api_;
};

TEST_F(ReportFaults, AServerThatIsKilledLeavesAReportWholeOrNotAtAll) {
  start();
  const std::string upload = upload_sample(3'000);
  ASSERT_FALSE(upload.empty());
  const json::value undisturbed =
      api().wait_for_job(api().call("POST", "/api/v1/reports", of_days(upload)).text_at("job"));
  ASSERT_EQ(undisturbed.at("state"), "done") << json::serialize(undisturbed);
  const std::string first{undisturbed.at("result").at("report").as_string()};
  const std::string html = api().get(first + "?format=html").text, plain = api().get(first).text;
  ASSERT_GT(html.size() + plain.size(), 1U << 20U);
  ASSERT_EQ(api().call("DELETE", first).status, 204);
  ASSERT_TRUE(files().empty());

  const auto job_state = [this](const std::string& job) { return api().get("/api/v1/jobs/" + job).text_at("state"); };
  // While it reads, as its page begins, when its page alone is there, and when both are.
  const std::pair<const char*, std::function<bool(const std::string&)>> moments[] = {
      {"reading", [&](const std::string& job) { return job_state(job) != "waiting"; }},
      {"the page begun", [&](const std::string&) { return any_file(".part") || any_file(".html"); }},
      {"the page", [&](const std::string&) { return any_file(".html"); }},
      {"both", [&](const std::string&) { return any_file(".json"); }}};
  int interrupted = 0, nth = 0;
  for (const auto& [when, reached] : moments) {
    const std::string key = "Idempotency-Key: k" + std::to_string(nth++) + "\r\n";
    const Reply asked = api().call("POST", "/api/v1/reports", of_days(upload), key);
    ASSERT_EQ(asked.status, 202) << asked.text;
    const std::string job = asked.text_at("job");
    while (!reached(job)) std::this_thread::yield();
    server_->kill();
    start();
    // One that was killed before its beginning was written down begins now.
    const std::string now{api().wait_for_job(job).at("state").as_string()};
    ASSERT_TRUE(now == "interrupted" || now == "done") << when << ": " << now;
    interrupted += now == "interrupted" ? 1 : 0;
    expect_whole(when);
    const int there = api().get("/api/v1/reports/" + job).status;
    EXPECT_TRUE(now == "interrupted" || there == 200) << when << ": what was told to be done is not there";
    EXPECT_EQ(api().get("/api/v1/reports/" + job + "?format=html").status, there) << when;
    EXPECT_EQ(api().call("POST", "/api/v1/reports", of_days(upload), key).text, asked.text)
        << "the same key is given the same job";
    // Asked for again, it is what it would have been.
    const json::value again = api().wait_for_job(api().call("POST", "/api/v1/reports", of_days(upload)).text_at("job"));
    ASSERT_EQ(again.at("state"), "done") << when << json::serialize(again);
    const std::string made{again.at("result").at("report").as_string()};
    EXPECT_EQ(api().get(made + "?format=html").text, html) << when;
    EXPECT_EQ(api().get(made).text, plain) << when;
    EXPECT_TRUE(api().get("/api/v1/imports").at("rows").as_array().empty()) << when;
    for (const std::string& name : files()) {
      if (name.ends_with(".json")) {
        EXPECT_EQ(api().call("DELETE", "/api/v1/reports/" + name.substr(0, name.size() - 5)).status, 204) << when;
      }
    }
    EXPECT_TRUE(files().empty()) << when;
  }
  EXPECT_GT(interrupted, 0) << "each report was made before its server was killed";
}

TEST_F(ReportFaults, WhatAKilledServerLeftIsSweptAtTheNextStart) {
  start();
  const std::string upload = upload_sample(30);
  const json::value made = api().wait_for_job(api().call("POST", "/api/v1/reports", of_days(upload)).text_at("job"));
  ASSERT_EQ(made.at("state"), "done");
  const std::string whole{made.at("result").at("report").as_string()};
  const std::string page_alone = "j_" + std::string(32, 'a'), removed = "j_" + std::string(32, 'b');
  for (const std::string& name :
       {page_alone + ".html", removed + ".json", page_alone + ".json.7-1.part", std::string("notes.txt")}) {
    ASSERT_TRUE(write_file(data() + "/reports/" + name, "customers").has_value());
  }
  EXPECT_EQ(api().get("/api/v1/reports/" + page_alone + "?format=html").status, 404) << "its other form never came";
  server_->kill();
  start();
  std::vector<std::string> left = files();
  std::ranges::sort(left);
  const std::string job = whole.substr(whole.rfind('/') + 1);
  EXPECT_EQ(left, (std::vector<std::string>{job + ".html", job + ".json", "notes.txt"})) << "only what is ours";
  EXPECT_EQ(api().get(whole).status, 200);
}

TEST_F(ReportFaults, AFullDiskIsNamedAndLeavesNothing) {
  start();
  const std::string upload = upload_sample(30);
  const json::value first = api().wait_for_job(api().call("POST", "/api/v1/reports", of_days(upload)).text_at("job"));
  ASSERT_EQ(first.at("state"), "done") << json::serialize(first);
  const std::string whole{first.at("result").at("report").as_string()};
  const std::string html = api().get(whole + "?format=html").text, plain = api().get(whole).text;
  // The database has room, these files have not.
  std::uint64_t database = 0;
  for (const char* name : {"behoud.db", "behoud.db-wal"}) {
    std::error_code error;
    const auto size = fs::file_size(data() + "/" + name, error);
    if (!error) database = std::max<std::uint64_t>(database, size);
  }
  const std::uint64_t larger = std::max(html.size(), plain.size());
  ASSERT_GT(larger, 2 * database) << html.size() << " " << plain.size();
  EXPECT_EQ(server_->stop().exit_code, 0);

  // Nothing fits; the smaller does, and the larger in part.
  for (const std::uint64_t bytes : {std::min(html.size(), plain.size()) / 2, larger - 1}) {
    const std::uint64_t room = std::max<std::uint64_t>(bytes, database + (1U << 17U));
    start(room);
    const std::vector<std::string> before = files();
    const json::value job = api().wait_for_job(api().call("POST", "/api/v1/reports", of_days(upload)).text_at("job"));
    ASSERT_EQ(job.at("state"), "failed") << room << json::serialize(job);
    const std::string error = json::serialize(job.at("error"));
    EXPECT_NE(error.find("the report: cannot write: File too large"), std::string::npos) << error;
    EXPECT_EQ(job.at("error").at("reason"), "problem.file_not_kept") << "in the reader's language";
    EXPECT_EQ(error.find(data()), std::string::npos) << "whoever asked knows no folder of the server: " << error;
    EXPECT_EQ(files(), before) << "nothing is left of it";
    EXPECT_EQ(api().get(whole).text, plain) << "what was there is there";
    // A smaller one has room.
    const json::value small = api().wait_for_job(
        api().call("POST", "/api/v1/reports", R"({"uploads":[")" + upload + R"("],"grain":"year"})").text_at("job"));
    EXPECT_EQ(small.at("state"), "done") << json::serialize(small);
    EXPECT_EQ(api().call("DELETE", std::string(small.at("result").at("report").as_string())).status, 204);
    EXPECT_EQ(server_->stop().exit_code, 0);
  }
  start();
  const json::value again = api().wait_for_job(api().call("POST", "/api/v1/reports", of_days(upload)).text_at("job"));
  ASSERT_EQ(again.at("state"), "done") << json::serialize(again);
  EXPECT_EQ(api().get(std::string(again.at("result").at("report").as_string())).text, plain);
}

}  // namespace
}  // namespace behoud::app::testing
