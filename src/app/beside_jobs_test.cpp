// What people do while a large file is tried or imported, over HTTP, with the real program: they sign in, change
// settings, enter costs and notes, and are answered before the job has come to its end. And who may follow a job: not
// who has signed out, was removed, or whose token was revoked.

#include <boost/json.hpp>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "app/testing/api_client.h"
#include "app/testing/process.h"
#include "app/testing/running_server.h"

namespace behoud::app::testing {
namespace {

namespace json = boost::json;

class BesideJobs : public ::testing::Test {
 protected:
  explicit BesideJobs(std::string customers = "60000") : customers_(std::move(customers)) {}
  void SetUp() override {
    const std::string path = folder_ / "orders.csv";
    ASSERT_EQ(run_behoud({"sample", "--customers", customers_, "--out", path}).exit_code, 0);
    std::ostringstream bytes;
    bytes << std::ifstream(path).rdbuf();
    server_ = std::make_unique<RunningServer>(std::vector<std::string>{"--data", data_});
    ASSERT_TRUE(server_->ok());
    api_ = std::make_unique<ApiClient>(*server_);
    upload_ = api_->upload("orders.csv", bytes.str());
    ASSERT_FALSE(upload_.empty());
  }
  const ApiClient& api() const { return *api_; }
  ApiClient nobody() const { return {server_->port(), ""}; }
  std::string ask(bool dry_run, const std::string& source = {}) const {
    return api()
        .call("POST", "/api/v1/imports",
              R"({"uploads":[")" + upload_ + R"("],"kind":"orders","timezone":"Europe/Amsterdam",)" +
                  (source.empty() ? "" : R"("source":")" + source + R"(",)") + R"("dry_run":)" +
                  (dry_run ? "true}" : "false}"))
        .text_at("job");
  }
  std::string state(const std::string& job) const { return api().get("/api/v1/jobs/" + job).text_at("state"); }
  bool is_under_way(const std::string& job) const {
    const Reply seen = api().get("/api/v1/jobs/" + job);
    return seen.text_at("state") == "running" && json::serialize(seen.at("done")) != "0";
  }
  // The session's cookie and its CSRF header.
  std::string signed_in(const std::string& email) const {
    const Ended link = run_behoud({"access", "invite", "--email", email, "--role", "owner", "--data", data_});
    EXPECT_EQ(link.exit_code, 0) << link.err;
    const auto begin = link.out.find('#') + 1;
    const std::string secret = link.out.substr(begin, link.out.find('\n', begin) - begin);
    Reply in =
        nobody().call("POST", "/api/v1/session/link", R"({"token":")" + secret + R"(","password":"correct horse"})");
    // A password is dear to compute: on a machine with much else to do the client may have gone before it is done.
    for (int i = 0; i < 6 && in.status == 0; ++i) {
      in = nobody().call("POST", "/api/v1/session", R"({"email":")" + email + R"(","password":"correct horse"})");
    }
    EXPECT_EQ(in.status, 200) << in.text;
    return fields_of(in);
  }
  static std::string fields_of(const Reply& in) {
    const auto begin = in.head.find("behoud_session=");
    EXPECT_NE(begin, std::string::npos) << in.head;
    return "Cookie: " + in.head.substr(begin, in.head.find(';', begin) - begin) +
           "\r\nX-Behoud-CSRF: " + in.text_at("csrf") + "\r\n";
  }
  // What people write, one after the other; each is answered with success.
  static constexpr int kWrites = 5;
  void write(int which, int nth) {
    const std::string n = std::to_string(nth);
    switch (which) {
      case 0: {
        const Reply in =
            nobody().call("POST", "/api/v1/session", R"({"email":"owner@example.com","password":"correct horse"})");
        ASSERT_EQ(in.status, 200) << in.text;
        session_ = fields_of(in);
        return;
      }
      case 1:
        ASSERT_EQ(api().call("PATCH", "/api/v1/settings", R"({"window_days":)" + std::to_string(60 + nth) + "}").status,
                  200);
        return;
      case 2:
        ASSERT_EQ(api()
                      .call("POST", "/api/v1/costs",
                            R"({"from":"2024-01-01","purpose":"retention","currency":"EUR","amount_minor":)" + n + "}",
                            "Idempotency-Key: cost" + n + "\r\n")
                      .status,
                  201);
        return;
      case 3:
        ASSERT_EQ(api()
                      .call("POST", "/api/v1/notes", R"({"day":"2024-01-01","text":"n","kind":"other"})",
                            "Idempotency-Key: note" + n + "\r\n")
                      .status,
                  201);
        return;
      default:
        ASSERT_EQ(nobody().call("DELETE", "/api/v1/session", {}, session_).status, 204);
    }
  }

  std::string session_;
  std::string customers_;
  TemporaryFolder folder_;
  std::string data_ = folder_ / "own";
  std::unique_ptr<RunningServer> server_;
  std::unique_ptr<ApiClient> api_;
  std::string upload_;
};

// A file that takes many times as long as what people do meanwhile, of which a password is the dearest.
class BesideLongJobs : public BesideJobs {
 protected:
  BesideLongJobs() : BesideJobs("300000") {}
};

// Each write is answered while the job is under way, before it and after it. Where a job ends meanwhile (a machine with
// much else to do may not run this test for as long as that takes), the write is tried again beside another: a file
// that is imported again under another source takes as long.
TEST_F(BesideLongJobs, PeopleAreAnsweredBeforeADryRunAndAnImportHaveEnded) {
  signed_in("owner@example.com");
  ASSERT_EQ(api().call("PATCH", "/api/v1/settings", R"({"currency":"EUR","zone":"Europe/Amsterdam"})").status, 200);
  int nth = 0, imports = 0;
  for (const bool dry_run : {true, false}) {
    int beside = 0;  // the writes before it were answered beside a job
    for (int jobs = 0; jobs < 6 && beside < kWrites; ++jobs) {
      const std::string job = ask(dry_run, "till" + std::to_string(jobs));
      ASSERT_FALSE(job.empty());
      for (std::string now = state(job); now == "waiting" || now == "running"; now = state(job)) {
        if (is_under_way(job)) break;
      }
      while (beside < kWrites && is_under_way(job)) {
        ASSERT_NO_FATAL_FAILURE(write(beside, ++nth));
        if (!is_under_way(job)) break;
        ++beside;
      }
      const json::value ended = api().wait_for_job(job);
      ASSERT_EQ(ended.at("state"), "done") << json::serialize(ended);
      imports += dry_run ? 0 : 1;
    }
    EXPECT_EQ(beside, kWrites) << "the jobs ended before people were answered";
  }
  // All of it is there, beside the orders.
  EXPECT_GE(api().get("/api/v1/settings").at("window_days").as_int64(), 60);
  EXPECT_GE(api().get("/api/v1/costs").at("rows").as_array().size(), 2U);
  EXPECT_GE(api().get("/api/v1/notes").at("rows").as_array().size(), 2U);
  EXPECT_EQ(api().get("/api/v1/imports").at("rows").as_array().size(), static_cast<std::size_t>(imports));
}

TEST_F(BesideJobs, ADryRunShowsTheBridgeOfTheImport) {
  json::value told[2];
  for (const bool dry_run : {true, false}) {
    const json::value job = api().wait_for_job(ask(dry_run));
    ASSERT_EQ(job.at("state"), "done") << json::serialize(job);
    told[dry_run ? 0 : 1] = job.at("result");
  }
  EXPECT_EQ(told[0].at("bridge"), told[1].at("bridge"));
  for (const char* count : {"rows", "added", "changed", "repeated"}) {
    EXPECT_EQ(told[0].at("import").at(count), told[1].at("import").at(count)) << count;
  }
}

// A stream that is open when its reader may read no longer: one last event, and the end, though the job goes on.
TEST_F(BesideJobs, AStreamOfNewsEndsWithTheRightToReadIt) {
  const std::string first = signed_in("first@example.com");
  const std::string second = signed_in("second@example.com");
  const Ended made = run_behoud({"access", "token", "--name", "till", "--scope", "read", "--data", data_, "--json"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const json::value token = json::parse(made.out);
  const std::string bearer = authorization(std::string{token.at("token").as_string()});

  const std::string running = ask(false);
  const std::string waiting = ask(true);  // has no news of its own until the first has ended
  struct Followed {
    std::unique_ptr<http::testing::RawClient> client;
    std::string text;
  };
  const auto follow = [&](const std::string& fields) {
    Followed out{std::make_unique<http::testing::RawClient>(server_->port()), {}};
    out.client->send("GET /api/v1/jobs/" + waiting + "/events HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
    const auto head = out.client->receive(true);
    EXPECT_TRUE(head && head->status == 200);
    out.text = out.client->receive_chunk().value_or("");
    EXPECT_NE(out.text.find(R"("state":"waiting")"), std::string::npos) << out.text;
    return out;
  };
  Followed followed[] = {follow(first), follow(second), follow(bearer)};
  EXPECT_EQ(nobody().call("DELETE", "/api/v1/session", {}, first).status, 204);
  EXPECT_EQ(run_behoud({"access", "remove", "2", "--data", data_}).exit_code, 0);
  const std::string id = json::serialize(token.at("row").at("id"));
  EXPECT_EQ(api().call("DELETE", "/api/v1/tokens/" + id.substr(1, id.size() - 2)).status, 204);
  for (Followed& f : followed) {
    std::optional<std::string> chunk;
    while ((chunk = f.client->receive_chunk()) && !chunk->empty()) f.text += *chunk;
    EXPECT_TRUE(chunk.has_value()) << "it was cut short instead of ended: " << f.text;
    EXPECT_NE(f.text.find("event: signed_out\ndata: {\"error\""), std::string::npos) << f.text;
    EXPECT_EQ(f.text.find(R"("state":"done")"), std::string::npos) << "it ended with the job, not with the right";
  }
  EXPECT_EQ(nobody().call("GET", "/api/v1/jobs/" + waiting + "/events", {}, first).status, 401) << "asked for again";
  EXPECT_EQ(api().wait_for_job(running).at("state"), "done");
}

}  // namespace
}  // namespace behoud::app::testing
