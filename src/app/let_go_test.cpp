// Files and reports that are removed while a job is at them: what only looks is stopped first, and has let go when the
// answer comes; what imports is not. The jobs are held open in a gate, so that nothing here hangs on time.

#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "app/intake.h"
#include "app/intake_routes.h"
#include "app/served_shops.h"
#include "app/testing/fake_console.h"
#include "base/testing/temporary_folder.h"
#include "http/target.h"

namespace behoud::app::testing {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const std::string kOrders =
    "order,customer,date,amount,currency\n"
    "1,a,2024-01-05,10.00,EUR\n2,b,2024-01-06,12.50,EUR\n3,a,2024-02-07,5.00,EUR\n";

class LettingGo : public ::testing::Test {
 protected:
  void SetUp() override {
    shops_ = ServedShops::open(folder_ / "own", std::nullopt, world_).value();
    intake_ = Intake::open(*shops_, world_, {}, [this](const Job& job, const JobRun& run) { hold(job, run); }).value();
    add_intake_routes(router_, *intake_);
  }
  void TearDown() override { open_ = true; }

  // The first job stays here: until it is told to stop, and where it is deaf until the gate is opened.
  void hold(const Job&, const JobRun& run) {
    if (open_) return;
    if (!held_.exchange(true)) at_gate_.set_value();
    while (!open_ && (deaf_ || !run.given_up())) std::this_thread::yield();
  }
  void wait_until_held() { at_gate_.get_future().wait(); }

  http::Response call(http::Method method, std::string_view target, std::string body = {}) {
    http::Request request;
    request.method = method;
    const auto parsed = http::parse_target(target);
    request.path = parsed->path;
    request.query = parsed->query;
    request.body = std::move(body);
    request.headers.set("Content-Type", "application/json");
    request.actor.user = "u";
    auto match = router_.match(method, request.path);
    request.captures = std::move(match.captures);
    return match.route->handler(request);
  }
  std::string asked(std::string_view target, const std::string& body, const char* member) {
    const http::Response answer = call(http::Method::kPost, target, body);
    EXPECT_LT(answer.status, 300) << answer.body;
    return std::string{json::parse(answer.body).at(member).as_string()};
  }
  std::string upload() { return asked("/api/v1/uploads?name=o.csv", kOrders, "upload"); }
  std::string report(const std::string& file) {
    return asked("/api/v1/reports", R"({"uploads":[")" + file + R"("],"timezone":"UTC"})", "job");
  }
  std::string import(const std::string& file, bool dry_run) {
    return asked("/api/v1/imports",
                 R"({"uploads":[")" + file + R"("],"kind":"orders","timezone":"UTC","dry_run":)" +
                     (dry_run ? "true}" : "false}"),
                 "job");
  }
  http::Response remove(const std::string& target) { return call(http::Method::kDelete, "/api/v1/" + target); }
  JobState state(const std::string& job) { return intake_->jobs().find(job)->state; }
  JobState ended(const std::string& job) {
    while (!has_ended(state(job))) std::this_thread::yield();
    return state(job);
  }
  // The files under a folder of the data folder.
  std::size_t files(const char* below) const {
    std::size_t n = 0;
    std::error_code error;
    for (fs::recursive_directory_iterator at(fs::path(folder_ / "own") / below, error), end; !error && at != end;
         at.increment(error)) {
      n += at->is_regular_file() ? 1 : 0;
    }
    return n;
  }
  static std::string reason(const http::Response& refused) {
    return std::string{json::parse(refused.body).at("error").at("reason").as_string()};
  }

  TemporaryFolder folder_;
  FakeWorld fake_;
  World world_ = fake_.world();
  std::promise<void> at_gate_;
  std::atomic<bool> held_{false}, open_{false}, deaf_{false};
  http::Router router_;
  std::unique_ptr<ServedShops> shops_;
  std::unique_ptr<Intake> intake_;
};

// It was 409, and the page offered to try again until the dry run had come to its end.
TEST_F(LettingGo, AFileIsRemovedFromUnderWhatOnlyLooksAtIt) {
  const std::string file = upload(), another = upload();
  const std::string tried = import(file, true), reported = report(file), of_another = report(another);
  wait_until_held();
  ASSERT_EQ(state(tried), JobState::kRunning);
  ASSERT_EQ(files("uploads"), 2U);
  const http::Response removed = remove("uploads/" + file);
  EXPECT_EQ(removed.status, 204) << removed.body;
  EXPECT_EQ(files("uploads"), 1U) << "when the answer comes it is gone";
  EXPECT_EQ(state(tried), JobState::kCancelled);
  EXPECT_EQ(state(reported), JobState::kCancelled);
  EXPECT_TRUE(intake_->jobs().needing(file)->empty());
  EXPECT_EQ(reason(remove("uploads/" + file)), "problem.upload_gone");
  open_ = true;
  EXPECT_EQ(ended(of_another), JobState::kDone) << "what is of other files goes on";
  EXPECT_EQ(ended(import(another, false)), JobState::kDone);
}

TEST_F(LettingGo, AReportThatIsBeingMadeIsStoppedAndNothingIsLeft) {
  const std::string file = upload(), runs = report(file), waits = report(file);
  wait_until_held();
  for (const std::string& job : {waits, runs}) {
    const http::Response removed = remove("reports/" + job);
    EXPECT_EQ(removed.status, 204) << removed.body;
    EXPECT_EQ(state(job), JobState::kCancelled);
    EXPECT_EQ(reason(remove("reports/" + job)), "problem.report_gone");
  }
  EXPECT_EQ(files("reports"), 0U);
  EXPECT_EQ(files("uploads"), 1U) << "the file is another matter";
  open_ = true;
  const std::string again = report(file);
  ASSERT_EQ(ended(again), JobState::kDone);
  EXPECT_EQ(files("reports"), 2U);
  EXPECT_EQ(remove("reports/" + again).status, 204);
  EXPECT_EQ(files("reports"), 0U);
  EXPECT_EQ(remove("reports/" + import(file, true)).status, 404) << "a job that makes no report is left alone";
}

TEST_F(LettingGo, AFileThatIsBeingImportedStaysAndNothingIsStoppedForIt) {
  const std::string file = upload(), imported = import(file, false), tried = import(file, true);
  wait_until_held();
  const http::Response refused = remove("uploads/" + file);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(reason(refused), "problem.upload_in_use");
  EXPECT_EQ(state(imported), JobState::kRunning);
  EXPECT_EQ(state(tried), JobState::kWaiting);
  EXPECT_EQ(files("uploads"), 1U);
  open_ = true;
  EXPECT_EQ(ended(imported), JobState::kDone);
  EXPECT_EQ(ended(tried), JobState::kFailed) << "its file went with the import";
}

TEST_F(LettingGo, OneThatDoesNotLetGoKeepsItsFileAndThatIsSaid) {
  deaf_ = true;
  const std::string file = upload(), reported = report(file);
  wait_until_held();
  for (const auto& refused : {intake_->remove_upload(file, std::chrono::milliseconds{1}),
                              intake_->remove_report(reported, std::chrono::milliseconds{1})}) {
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::kConflict);
    EXPECT_EQ(refused.error().why.reason, "problem.job_stopping");
  }
  EXPECT_EQ(files("uploads"), 1U);
  open_ = true;
  EXPECT_EQ(remove("uploads/" + file).status, 204);
  EXPECT_EQ(ended(reported), JobState::kCancelled) << "it was told to stop, and looked in the end";
  EXPECT_EQ(files("uploads") + files("reports"), 0U);
}

}  // namespace
}  // namespace behoud::app::testing
