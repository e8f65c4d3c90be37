// Backups that a server makes for whoever asks over HTTP: what is listed is whole, what is downloaded is the shop, and
// nobody fills the disk.

#include "app/backups.h"

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "app/testing/api_client.h"
#include "app/testing/process.h"
#include "app/testing/running_server.h"

namespace behoud::app::testing {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class BackupsOverHttp : public ::testing::Test {
 protected:
  void SetUp() override { start(); }
  void start() {
    api_.reset();
    server_ = std::make_unique<RunningServer>(std::vector<std::string>{"--data", data_});
    ASSERT_TRUE(server_->ok());
    api_ = std::make_unique<ApiClient>(*server_);
  }
  void import(const std::string& customers) {
    const std::string orders = folder_ / "orders.csv";
    ASSERT_EQ(run_behoud({"sample", "--customers", customers, "--out", orders}).exit_code, 0);
    ASSERT_EQ(run_behoud({"import", "orders", orders, "--data", data_}).exit_code, 0);
  }
  json::value made() const { return api_->wait_for_job(api_->call("POST", "/api/v1/backups").text_at("job")); }
  json::array listed() const { return api_->get("/api/v1/backups").at("rows").as_array(); }
  static std::string rows(const std::string& data) {
    const Ended e = run_behoud({"retention", "--data", data, "--format", "json"});
    EXPECT_EQ(e.exit_code, 0) << e.err;
    return e.exit_code == 0 ? json::serialize(json::parse(e.out).at("rows")) : e.err;
  }
  // The shop that the downloaded backup is, put back into a folder of its own.
  std::string restored(const std::string& id) {
    const Reply file = api_->get("/api/v1/backups/" + id);
    EXPECT_EQ(file.status, 200);
    const std::string path = folder_ / (id + ".db"), back = folder_ / ("back-" + id);
    std::ofstream(path, std::ios::binary) << file.text;
    const Ended e = run_behoud({"restore", path, "--data", back});
    EXPECT_EQ(e.exit_code, 0) << e.err;
    EXPECT_EQ(run_behoud({"doctor", "--data", back}).exit_code, 0);
    return rows(back);
  }

  TemporaryFolder folder_;
  std::string data_ = folder_ / "own";
  std::unique_ptr<RunningServer> server_;
  std::unique_ptr<ApiClient> api_;
};

TEST_F(BackupsOverHttp, AreTheShopAsItWasThen) {
  import("200");
  EXPECT_TRUE(listed().empty());
  const std::string before = rows(data_);
  const json::value job = made();
  ASSERT_EQ(job.at("state"), "done") << json::serialize(job);
  EXPECT_EQ(job.at("kind"), "backup");
  EXPECT_EQ(job.at("done"), job.at("total"));
  EXPECT_GT(job.at("total").as_int64(), 0);
  ASSERT_EQ(listed().size(), 1U);
  EXPECT_EQ(listed()[0], job.at("result"));
  const std::string id{job.at("result").at("id").as_string()};
  // What comes later is not in it.
  std::ofstream(folder_ / "more.csv") << "order,customer,date,amount,currency\nlate,c,2024-01-05,1.00,EUR\n";
  ASSERT_EQ(run_behoud({"import", "orders", folder_ / "more.csv", "--data", data_, "--source", "x"}).exit_code, 0);
  EXPECT_NE(rows(data_), before);
  EXPECT_EQ(restored(id), before);
  // A backup holds none of the others: the next is no larger by it than the ledger has grown.
  const json::value next = made();
  ASSERT_EQ(next.at("state"), "done");
  EXPECT_LT(next.at("result").at("bytes").as_int64(), 2 * job.at("result").at("bytes").as_int64());
  EXPECT_GT(next.at("result").at("revision").as_int64(), job.at("result").at("revision").as_int64());
  EXPECT_EQ(listed()[0], next.at("result")) << "the newest first";
  EXPECT_EQ(api_->call("DELETE", "/api/v1/backups/" + id).status, 204);
  EXPECT_EQ(api_->call("DELETE", "/api/v1/backups/" + id).status, 404);
  EXPECT_EQ(api_->get("/api/v1/backups/" + id).text_at("error.reason"), "problem.backup_gone");
  EXPECT_EQ(listed().size(), 1U);
  std::string log = run_behoud({"access", "audit", "--data", data_, "--json"}).out;
  for (const char* action : {"backup_made", "backup_downloaded", "backup_removed"}) {
    EXPECT_NE(log.find(action), std::string::npos) << action;
  }
}

TEST_F(BackupsOverHttp, AreGoneOnWithWhereADownloadBrokeOff) {
  const json::value job = made();
  ASSERT_EQ(job.at("state"), "done");
  const std::string target = "/api/v1/backups/" + std::string(job.at("result").at("id").as_string());
  const Reply whole = api_->get(target);
  ASSERT_EQ(whole.status, 200);
  const auto bytes = static_cast<std::size_t>(job.at("result").at("bytes").as_int64());
  ASSERT_EQ(whole.text.size(), bytes);
  EXPECT_NE(whole.head.find("filename=\"behoud-"), std::string::npos) << whole.head;
  const auto begin = whole.head.find("ETag: ") + 6;
  const std::string tag = whole.head.substr(begin, whole.head.find('\r', begin) - begin);
  for (const std::size_t at : {std::size_t{1}, bytes / 2, bytes - 1}) {
    const Reply rest =
        api_->call("GET", target, {}, "Range: bytes=" + std::to_string(at) + "-\r\nIf-Range: " + tag + "\r\n");
    EXPECT_EQ(rest.status, 206);
    EXPECT_TRUE(whole.text.substr(at) == rest.text) << at;
  }
  EXPECT_EQ(api_->call("GET", target, {}, "Range: bytes=0-3\r\nIf-Range: \"other\"\r\n").status, 200);
  EXPECT_EQ(api_->call("GET", target, {}, "Range: bytes=" + std::to_string(bytes) + "-\r\n").status, 416);
  EXPECT_EQ(api_->call("GET", target, {}, "If-None-Match: " + tag + "\r\n").status, 304);
}

TEST_F(BackupsOverHttp, AreNeverMoreThanMayBe) {
  for (std::size_t i = 0; i < kBackupsMax; ++i) ASSERT_EQ(made().at("state"), "done");
  ASSERT_EQ(listed().size(), kBackupsMax);
  const Reply refused = api_->call("POST", "/api/v1/backups");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.text_at("error.reason"), "problem.backups_full");
  const std::string oldest{listed().back().at("id").as_string()};
  ASSERT_EQ(api_->call("DELETE", "/api/v1/backups/" + oldest).status, 204);
  EXPECT_EQ(made().at("state"), "done");
  EXPECT_EQ(listed().size(), kBackupsMax);
}

TEST_F(BackupsOverHttp, ListNothingThatIsNoBackup) {
  server_->kill();
  const std::string all = data_ + "/backups";
  fs::create_directories(all + "/making");
  std::ofstream(all + "/making/behoud.db.part") << "half";
  const std::string id = "b_" + std::string(32, '0');
  std::ofstream(all + "/" + id + "0.db") << "an id too long";
  std::ofstream(all + "/b_xyz.db") << "not hexadecimal";
  std::ofstream(folder_ / "secret") << "elsewhere";
  fs::create_symlink(folder_ / "secret", all + "/" + id + ".db");
  start();
  EXPECT_TRUE(listed().empty());
  EXPECT_FALSE(fs::exists(all + "/making"));
  for (const std::string& name : {id, std::string("..%2Fbehoud"), std::string("making"), std::string("b_xyz")}) {
    EXPECT_EQ(api_->get("/api/v1/backups/" + name).status, 404) << name;
    EXPECT_EQ(api_->call("DELETE", "/api/v1/backups/" + name).status, 404) << name;
  }
  EXPECT_TRUE(fs::exists(folder_ / "secret"));
}

// kill -9 while a backup is written, at one instant and another: what is listed afterwards is whole.
TEST_F(BackupsOverHttp, OfAKilledServerAreListedWholeOrNotAtAll) {
  import("20000");
  const std::string before = rows(data_);
  bool in_the_middle = false;
  for (int nth = 0; nth < 8 && !in_the_middle; ++nth) {
    const std::string job = api_->call("POST", "/api/v1/backups").text_at("job");
    ASSERT_FALSE(job.empty());
    const std::string part = data_ + "/backups/making/behoud.db.part";
    std::error_code error;
    while (fs::file_size(part, error) < (1U << 20U) || error) {
      if (const std::string now = api_->get("/api/v1/jobs/" + job).text_at("state");
          now != "waiting" && now != "running")
        break;
    }
    server_->kill();
    in_the_middle = fs::exists(data_ + "/backups/making");
    start();
    EXPECT_FALSE(fs::exists(data_ + "/backups/making"));
    for (const auto& row : listed()) {
      const std::string id{row.at("id").as_string()};
      EXPECT_EQ(restored(id), before);
      EXPECT_EQ(api_->call("DELETE", "/api/v1/backups/" + id).status, 204);
    }
  }
  EXPECT_TRUE(in_the_middle) << "each backup was made before its server was killed";
  EXPECT_EQ(made().at("state"), "done") << "and the next one is made";
}

TEST(BackupId, SaysWhenAndOfWhichRevision) {
  const auto read = read_backup_id("b_018bcfe56800000000000011deadbeef");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->made_at.ms, 1'700'000'000'000);
  EXPECT_EQ(read->revision, 17);
  EXPECT_EQ(download_name(*read), "behoud-2023-11-14T2213-r17.db");
  for (const char* other : {"", "b_", "b_018bcfe56800000000000011deadbee", "b_018bcfe56800000000000011deadbeef0",
                            "u_018bcfe56800000000000011deadbeef", "b_018bcfe5680000000000001xdeadbeef",
                            "b_018BCFE56800000000000011DEADBEEF"}) {
    EXPECT_FALSE(read_backup_id(other).has_value()) << other;
  }
}

}  // namespace
}  // namespace behoud::app::testing
