// kill -9 to a server in the middle of an upload, of an import, of saving settings: what was acknowledged is there
// afterwards, nothing is there twice, and the list of jobs says what became of each.

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "app/folder_shop.h"
#include "app/testing/api_client.h"
#include "app/testing/process.h"
#include "app/testing/running_server.h"
#include "ledger/room_store.h"

namespace behoud::app::testing {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class IntakeKilled : public ::testing::Test {
 protected:
  void start() {
    server_ = std::make_unique<RunningServer>(std::vector<std::string>{"--data", data()});
    ASSERT_TRUE(server_->ok());
    if (authorization_.empty()) authorization_ = ApiClient(*server_).authorization();
    api_ = std::make_unique<ApiClient>(server_->port(), authorization_);
  }
  std::string data() const { return folder_ / "own"; }
  const ApiClient& api() const { return *api_; }

  std::string make_orders(int customers) {
    const std::string path = folder_ / "orders.csv";
    EXPECT_EQ(run_behoud({"sample", "--customers", std::to_string(customers), "--out", path}).exit_code, 0);
    std::ostringstream bytes;
    bytes << std::ifstream(path).rdbuf();
    return bytes.str();
  }
  std::string rows(const std::string& folder) const {
    const Ended e = run_behoud({"retention", "--data", folder, "--format", "json"});
    EXPECT_EQ(e.exit_code, 0) << e.err;
    return e.exit_code == 0 ? json::serialize(json::parse(e.out).at("rows")) : e.err;
  }
  std::uintmax_t bytes_in_ledger() const {
    std::uintmax_t sum = 0;
    for (const char* name : {"behoud.db", "behoud.db-wal"}) {
      std::error_code error;
      const auto size = fs::file_size(fs::path(data()) / name, error);
      if (!error) sum += size;
    }
    return sum;
  }
  // Somewhere between the beginning of the job's writing and its end. What the ledger's size says is asked for often,
  // the server seldom: it has something else to do.
  void wait_until_written(std::uintmax_t bytes, const std::string& job) const {
    for (int i = 1; bytes_in_ledger() < bytes; ++i) {
      std::this_thread::yield();
      if (i % 20'000 == 0 && state(job) == "done") return;
    }
  }
  std::string import_of(const std::string& upload) const {
    return R"({"uploads":[")" + upload + R"("],"kind":"orders","timezone":"Europe/Amsterdam"})";
  }
  // The state of the job in the list.
  std::string state(const std::string& job) const {
    const Reply list = api().get("/api/v1/jobs");
    for (const json::value& row : list.at("rows").as_array()) {
      if (row.at("id").as_string() == job) return std::string{row.at("state").as_string()};
    }
    return "not listed";
  }

  World world_ = real_world();
  TemporaryFolder folder_;
  std::string authorization_;
  std::unique_ptr<RunningServer> server_;
  std::unique_ptr<ApiClient> api_;
};

TEST_F(IntakeKilled, InAnUploadLeavesNothingOfItAndKeepsThoseThatWereWhole) {
  start();
  const std::string whole = api().upload("whole.csv", "customer,date,amount,currency\na,2024-01-01,1.00,EUR\n");
  const auto files = [&] {
    std::size_t n = 0;
    for (const auto& entry : fs::recursive_directory_iterator(data() + "/uploads"))
      n += entry.is_regular_file() ? 1 : 0;
    return n;
  };
  http::testing::RawClient client(server_->port());
  client.send("POST /api/v1/uploads?name=half.csv HTTP/1.1\r\nHost: localhost\r\n" + authorization_ +
              "Content-Length: 8000000\r\n\r\n" + std::string(4'000'000, 'x'));
  while (files() < 2) std::this_thread::yield();
  server_->kill();
  start();
  EXPECT_EQ(files(), 1U);
  const Reply seen =
      api().call("POST", "/api/v1/uploads/recognise", R"({"uploads":[")" + whole + R"("],"kind":"orders"})");
  EXPECT_EQ(seen.status, 200) << seen.text;
  const Reply asked = api().call("POST", "/api/v1/imports", import_of(whole));
  EXPECT_EQ(api().wait_for_job(asked.text_at("job")).at("state"), "done");
}

TEST_F(IntakeKilled, InAnImportIsListedAsInterruptedAndEndsWhenAskedForAgain) {
  const std::string orders = make_orders(50'000);
  ASSERT_EQ(run_behoud({"import", "orders", folder_ / "orders.csv", "--data", folder_ / "whole", "--timezone",
                        "Europe/Amsterdam"})
                .exit_code,
            0);
  const std::string whole = rows(folder_ / "whole");
  start();
  const std::string empty = rows(data());
  const std::string upload = api().upload("orders.csv", orders);
  const std::string few = api().upload("few.csv", "customer,date,amount,currency\nz,2024-01-01,1.00,EUR\n");
  for (int i = 1; i <= 3; ++i) {
    const std::uintmax_t before = bytes_in_ledger();
    const Reply asked =
        api().call("POST", "/api/v1/imports", import_of(upload), "Idempotency-Key: k" + std::to_string(i) + "\r\n");
    ASSERT_EQ(asked.status, 202) << asked.text;
    const std::string job = asked.text_at("job");
    wait_until_written(before + (1U << 19U), job);
    server_->kill();
    // All or nothing; that it was all is seen the first time never, as it is killed early.
    const std::string now = rows(data());
    ASSERT_TRUE(now == empty || (i > 1 && now == whole)) << now;
    start();
    EXPECT_EQ(state(job), now == empty ? "interrupted" : "done");
    EXPECT_EQ(api()
                  .call("POST", "/api/v1/imports", import_of(upload), "Idempotency-Key: k" + std::to_string(i) + "\r\n")
                  .text,
              asked.text)
        << "the same key is given the same job";
  }
  const Reply again = api().call("POST", "/api/v1/imports", import_of(upload));
  const json::value job = api().wait_for_job(again.text_at("job"));
  ASSERT_EQ(job.at("state"), "done") << json::serialize(job);
  EXPECT_EQ(rows(data()), whole);
  const json::value imports = api().get("/api/v1/imports").at("rows");
  EXPECT_EQ(imports.at(0).at("id"), 1) << "it went on where it was";
  for (std::size_t i = 1; i < imports.as_array().size(); ++i) {
    EXPECT_EQ(imports.at(i).at("repeats"), 1) << "killed behind its commit, it was there already";
  }
  EXPECT_EQ(api().call("DELETE", "/api/v1/uploads/" + few).status, 204) << "what nobody imported is still there";
}

// kill -9 between an import's commit and the end of its job: the job is done, as the data is in; also an undo.
TEST_F(IntakeKilled, BehindItsCommitAJobIsDoneWithItsBridge) {
  const std::string orders = make_orders(30'000);
  start();
  const auto committed = [&](ledger::ImportState state) {
    const auto ledger = open_ledger(data(), ledger::Access::kRead, world_);
    const auto imports = ledger ? ledger->imports() : std::unexpected(ledger.error());
    return imports && !imports->empty() && imports->back().state == state;
  };
  // What the database says of the job, which nobody serves now.
  const auto job_state = [&](const std::string& job) {
    auto ledger = open_ledger(data(), ledger::Access::kRead, world_);
    std::string out;
    EXPECT_TRUE(ledger.has_value());
    EXPECT_TRUE(ledger::RoomStore(*ledger)
                    .read([&](ledger::RoomReader& db) {
                      return db.each("SELECT state FROM job WHERE id = ?1", {job},
                                     [&](const ledger::RoomRow& row) -> Result<void> {
                                       out = row.text(0);
                                       return {};
                                     });
                    })
                    .has_value());
    return out;
  };
  // Of the log, but for the links that a server whose folder has no owner makes as it starts.
  const auto newest_deed = [&]() -> std::string {
    const Reply log = api().get("/api/v1/audit?limit=10");
    for (const json::value& row : log.at("rows").as_array()) {
      if (row.at("action") != "link_made") return std::string{row.at("action").as_string()};
    }
    return "";
  };
  int hits = 0;
  for (int i = 0; i < 5 && hits == 0; ++i) {
    // Another file each time, as the one before may be in.
    const std::string upload = api().upload("orders.csv", orders + std::string(static_cast<std::size_t>(i), '\n'));
    const Reply tried =
        api().call("POST", "/api/v1/imports",
                   R"({"uploads":[")" + upload + R"("],"kind":"orders","timezone":"Europe/Amsterdam","dry_run":true})");
    const json::value bridge = api().wait_for_job(tried.text_at("job")).at("result").at("bridge");
    const std::size_t before = api().get("/api/v1/imports").at("rows").as_array().size();
    const std::string key = "Idempotency-Key: k" + std::to_string(i) + "\r\n";
    const Reply asked = api().call("POST", "/api/v1/imports", import_of(upload), key);
    const std::string job = asked.text_at("job");
    while (!committed(ledger::ImportState::kCommitted)) std::this_thread::yield();
    server_->kill();
    const std::string found = job_state(job);
    start();
    EXPECT_FALSE(api().get("/api/v1/settings").at("window_days").is_null()) << "the kill may have come before it";
    const Reply seen = api().get("/api/v1/jobs/" + job);
    ASSERT_EQ(seen.text_at("state"), "done") << seen.text;
    EXPECT_EQ(seen.at("result").at("bridge"), bridge);
    EXPECT_EQ(api().get("/api/v1/imports").at("rows").as_array().size(), before + 1);
    EXPECT_EQ(api().call("POST", "/api/v1/imports", import_of(upload), key).text, asked.text);
    EXPECT_EQ(newest_deed(), "import");

    const Reply undo = api().call("POST", "/api/v1/imports/" + std::to_string(before + 1) + "/undo", "{}");
    ASSERT_EQ(undo.status, 202) << undo.text;
    while (!committed(ledger::ImportState::kUndone)) std::this_thread::yield();
    server_->kill();
    hits += found == "running" && job_state(undo.text_at("job")) == "running" ? 1 : 0;
    start();
    const Reply undone = api().get("/api/v1/jobs/" + undo.text_at("job"));
    ASSERT_EQ(undone.text_at("state"), "done") << undone.text;
    EXPECT_EQ(undone.at("result").at("rows").at(0).at("state"), "undone");
    EXPECT_EQ(newest_deed(), "undo");
  }
  EXPECT_EQ(hits, 1) << "the instant was never met";
}

TEST_F(IntakeKilled, JobsThatWaitedAreDoneAfterTheStart) {
  const std::string orders = make_orders(20'000);
  start();
  const std::string large = api().upload("orders.csv", orders);
  const std::string small = api().upload("few.csv", "customer,date,amount,currency\nz,2024-01-01,1.00,EUR\n");
  const std::string first = api().call("POST", "/api/v1/imports", import_of(large)).text_at("job");
  while (state(first) == "waiting") std::this_thread::yield();
  const std::string second = api().call("POST", "/api/v1/imports", import_of(small)).text_at("job");
  const Reply used = api().call("DELETE", "/api/v1/uploads/" + small);
  server_->kill();
  EXPECT_EQ(used.status, 409) << used.text;
  start();
  EXPECT_EQ(state(first), "interrupted");
  const json::value job = api().wait_for_job(second);
  EXPECT_EQ(job.at("state"), "done") << json::serialize(job);
  EXPECT_EQ(api().get("/api/v1/imports").at("rows").as_array().size(), 1U);
}

TEST_F(IntakeKilled, AnImportThatIsCancelledLeavesNothing) {
  const std::string orders = make_orders(20'000);
  start();
  const std::string large = api().upload("orders.csv", orders);
  const std::string small = api().upload("few.csv", "customer,date,amount,currency\nz,2024-01-01,1.00,EUR\n");
  const std::string first = api().call("POST", "/api/v1/imports", import_of(large)).text_at("job");
  const std::string second = api().call("POST", "/api/v1/imports", import_of(small)).text_at("job");
  EXPECT_EQ(api().call("DELETE", "/api/v1/jobs/" + second).text_at("state"), "cancelled") << "it waited";
  EXPECT_EQ(api().call("DELETE", "/api/v1/jobs/" + first).status, 200);
  EXPECT_EQ(api().wait_for_job(first).at("state"), "cancelled");
  EXPECT_EQ(state(second), "cancelled");
  EXPECT_TRUE(api().get("/api/v1/imports").at("rows").as_array().empty());
  EXPECT_EQ(api().get("/api/v1/doctor").at("healthy"), true);
  // Asked for again, as if nothing had been.
  const Reply again = api().call("POST", "/api/v1/imports", import_of(large));
  EXPECT_EQ(api().wait_for_job(again.text_at("job")).at("state"), "done");
  EXPECT_EQ(api().call("DELETE", "/api/v1/jobs/" + first).text_at("state"), "cancelled") << "ended, it stays as it is";
}

TEST_F(IntakeKilled, AServerThatIsEndedInterruptsAndGoesOnLater) {
  const std::string orders = make_orders(50'000);
  start();
  const std::string upload = api().upload("orders.csv", orders);
  const std::uintmax_t before = bytes_in_ledger();
  const std::string job = api().call("POST", "/api/v1/imports", import_of(upload)).text_at("job");
  wait_until_written(before + (1U << 19U), job);
  EXPECT_EQ(server_->stop().exit_code, 0);
  start();
  EXPECT_EQ(state(job), "interrupted");
  const Reply again = api().call("POST", "/api/v1/imports", import_of(upload));
  EXPECT_EQ(api().wait_for_job(again.text_at("job")).at("state"), "done");
}

TEST_F(IntakeKilled, WhatWasSavedAndAcknowledgedIsThere) {
  start();
  ASSERT_EQ(api().import("orders", "o.csv", "customer,date,amount,currency\nz,2024-01-01,1.00,EUR\n").at("state"),
            "done");
  for (int round = 1; round <= 4; ++round) {
    int acknowledged = 0;
    int asked = 0;
    std::thread saving([&] {
      for (int i = 1; i <= 500; ++i) {
        asked = i;
        const std::string window = std::to_string(round * 600 + i);
        const Reply reply = api().call("PATCH", "/api/v1/settings", R"({"window_days":)" + window + "}");
        if (reply.status != 200) return;
        acknowledged = i;
        const Reply cost = api().call("POST", "/api/v1/costs",
                                      R"({"from":"2024-01-01","purpose":"retention","amount_minor":)" + window + "}",
                                      "Idempotency-Key: " + window + "\r\n");
        if (cost.status != 201) return;
      }
    });
    const std::uintmax_t before = bytes_in_ledger();
    while (bytes_in_ledger() < before + (static_cast<std::uintmax_t>(round) << 16U)) std::this_thread::yield();
    server_->kill();
    saving.join();
    ASSERT_GT(acknowledged, 0);
    start();
    const json::value window = api().get("/api/v1/settings").at("window_days");
    EXPECT_GE(window.as_int64(), round * 600 + acknowledged);
    EXPECT_LE(window.as_int64(), round * 600 + asked);
    // The last cost again, with its key: it is there once, whether or not it had been before.
    const std::string last = std::to_string(round * 600 + acknowledged);
    EXPECT_EQ(
        api()
            .call("POST", "/api/v1/costs", R"({"from":"2024-01-01","purpose":"retention","amount_minor":)" + last + "}",
                  "Idempotency-Key: " + last + "\r\n")
            .status,
        201);
    std::size_t equal = 0;
    std::string cursor;
    do {
      const Reply page = api().get("/api/v1/costs?limit=1000" + cursor);
      for (const json::value& row : page.at("rows").as_array()) {
        equal += json::serialize(row.at("amount_minor")) == last ? 1 : 0;
      }
      cursor = page.at("next").is_null() ? "" : "&cursor=" + page.text_at("next");
    } while (!cursor.empty());
    EXPECT_EQ(equal, 1U);
  }
}

}  // namespace
}  // namespace behoud::app::testing
