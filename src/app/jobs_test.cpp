// Jobs without a server: their order, their states on disk, and who is told of what. And uploads that nobody came back
// for, requests that two send at once, cursors that somebody made up.

#include "app/jobs.h"

#include <atomic>
#include <filesystem>
#include <future>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "app/folder_shop.h"
#include "app/kept_answers.h"
#include "app/random_id.h"
#include "app/route_answers.h"
#include "app/testing/fake_console.h"
#include "app/testing/process.h"
#include "app/uploads.h"
#include "http/page.h"

namespace behoud::app::testing {
namespace {

class JobsTest : public ::testing::Test {
 protected:
  JobsTest() : world_(fake_.world()) {
    auto folder = ledger::DataFolder::create(folder_ / "data", false, environment_of(world_));
    ledger_ = std::make_unique<ledger::Ledger>(ledger::Ledger::open(std::move(*folder)).value());
  }
  std::unique_ptr<Jobs> open(Jobs::Work work) { return Jobs::open(*ledger_, world_, std::move(work)).value(); }
  static Job ended(Jobs& jobs, const std::string& id) {
    for (;;) {
      const Job job = jobs.find(id).value();
      if (has_ended(job.state)) return job;
      std::this_thread::yield();
    }
  }

  TemporaryFolder folder_;
  FakeWorld fake_;
  World world_;
  std::unique_ptr<ledger::Ledger> ledger_;
};

TEST_F(JobsTest, AreDoneOneAfterTheOtherInTheOrderOfAsking) {
  std::atomic<int> at_once{0};
  std::string order;
  const auto jobs = open([&](const Job& job, JobRun&) -> Result<std::string> {
    EXPECT_EQ(++at_once, 1);
    order += job.title;
    --at_once;
    return R"({"of":")" + job.title + "\"}\n";
  });
  std::vector<std::string> ids;
  for (const char* title : {"a", "b", "c"}) ids.push_back(jobs->add("import", title, "{}")->id);
  const Job last = ended(*jobs, ids[2]);
  EXPECT_EQ(last.state, JobState::kDone);
  EXPECT_EQ(order, "abc");
  EXPECT_NE(job_json(last).find(R"("result":{"of":"c"},"error":null)"), std::string::npos) << job_json(last);
  const auto first_page = jobs->list({"", 2}).value();
  ASSERT_EQ(first_page.size(), 2U);
  EXPECT_EQ(first_page[0].title + first_page[1].title, "cb");
  const auto second_page = jobs->list({std::to_string(first_page[1].number), 2}).value();
  ASSERT_EQ(second_page.size(), 1U);
  EXPECT_EQ(second_page[0].title, "a");
  EXPECT_EQ(jobs->find("j_0").error().code, Errc::kNotFound);
  EXPECT_EQ(jobs->list({"x", 2}).error().code, Errc::kInvalidArgument);
}

TEST_F(JobsTest, NameTheFilesThatTheyAreOf) {
  for (const auto& [request, uploads] :
       {std::pair(R"({"by":{},"asked":{"uploads":["u_1","u_2"]}})", R"(["u_1","u_2"])"),
        {R"({"by":{},"undo":7})", "[]"},
        {R"({"asked":{"uploads":"u_1"}})", "[]"},
        {R"({"asked":{"uploads":[7]}})", "[]"},
        {"[", "[]"}}) {
    Job job;
    job.request = request;
    EXPECT_NE(job_json(job).find("\"uploads\":" + std::string(uploads) + ",\"state\":"), std::string::npos)
        << job_json(job);
  }
}

TEST_F(JobsTest, TellWhatWentWrongAndGoOn) {
  const auto jobs = open([&](const Job& job, JobRun&) -> Result<std::string> {
    if (job.title == "throws") throw std::bad_alloc();
    if (job.title == "fails") return fail(Errc::kBadInput, "no columns", "name them", {"o.csv", 3, "date"});
    return "{}";
  });
  const Job failed = ended(*jobs, jobs->add("import", "fails", "{}")->id);
  EXPECT_EQ(failed.state, JobState::kFailed);
  EXPECT_EQ(failed.error,
            R"({"code":"bad_input","message":"no columns","field":"date","hint":"name them","file":"o.csv","line":3})");
  EXPECT_EQ(ended(*jobs, jobs->add("import", "throws", "{}")->id).state, JobState::kFailed);
  EXPECT_EQ(ended(*jobs, jobs->add("import", "fine", "{}")->id).state, JobState::kDone);
}

TEST_F(JobsTest, ShowTheirProgressAndWakeWhoFollows) {
  std::promise<void> seen;
  const auto jobs = open([&](const Job&, JobRun& run) -> Result<std::string> {
    run.progress(5, 10);
    seen.get_future().wait();
    return "{}";
  });
  const std::string id = jobs->add("import", "a", "{}")->id;
  for (Job job = jobs->find(id).value(); job.done != 5; job = jobs->find(id).value()) std::this_thread::yield();
  EXPECT_EQ(jobs->find(id)->state, JobState::kRunning);
  EXPECT_EQ(jobs->find(id)->total, 10U);
  std::promise<void> woken;
  jobs->wake_when_changed(id, http::Wake(std::make_shared<const std::function<void()>>([&] { woken.set_value(); })));
  seen.set_value();
  woken.get_future().wait();
  EXPECT_EQ(ended(*jobs, id).done, 5U);
}

TEST_F(JobsTest, AreCancelledWhereTheyAre) {
  std::promise<void> begun;
  const auto jobs = open([&](const Job& job, JobRun& run) -> Result<std::string> {
    EXPECT_EQ(job.title, "runs") << "one that was cancelled is never begun";
    begun.set_value();
    while (!run.given_up()) std::this_thread::yield();
    EXPECT_TRUE(run.cancelled());
    return fail(Errc::kUnavailable, "given up");
  });
  const std::string runs = jobs->add("import", "runs", R"({"uploads":["u_1"]})")->id;
  const std::string waits = jobs->add("import", "waits", "{}")->id;
  begun.get_future().wait();
  ASSERT_EQ(jobs->needing("u_1")->size(), 1U);
  EXPECT_EQ(jobs->needing("u_1")->front().id, runs);
  EXPECT_TRUE(jobs->needing("u_2")->empty());
  EXPECT_EQ(jobs->cancel(waits)->state, JobState::kCancelled);
  EXPECT_TRUE(jobs->cancel(runs).has_value());
  EXPECT_EQ(ended(*jobs, runs).state, JobState::kCancelled);
  EXPECT_EQ(jobs->find(waits)->state, JobState::kCancelled);
  EXPECT_EQ(jobs->cancel(waits)->state, JobState::kCancelled) << "twice is once";
  EXPECT_TRUE(jobs->needing("u_1")->empty());
}

TEST_F(JobsTest, AreStoppedWhenTheyHaveLetGo) {
  std::promise<void> begun, released;
  auto release = released.get_future().share();
  std::atomic<bool> let_go{false};
  const auto jobs = open([&](const Job& job, JobRun& run) -> Result<std::string> {
    if (job.title == "deaf") {
      begun.set_value();
      release.wait();
      return "{}";
    }
    while (!run.given_up()) std::this_thread::yield();
    let_go = true;
    return fail(Errc::kUnavailable, "given up");
  });
  const std::string runs = jobs->add("report", "runs", "{}")->id;
  const std::string deaf = jobs->add("report", "deaf", "{}")->id;
  const std::string waits = jobs->add("report", "waits", "{}")->id;
  EXPECT_EQ(jobs->stop(runs, std::chrono::minutes{1})->state, JobState::kCancelled);
  EXPECT_TRUE(let_go);
  EXPECT_EQ(jobs->stop(runs, std::chrono::minutes{1})->state, JobState::kCancelled) << "twice is once";
  begun.get_future().wait();
  EXPECT_EQ(jobs->stop(waits, std::chrono::minutes{1})->state, JobState::kCancelled) << "it waits for no other";
  // One that does not look is not waited for without an end, and what it makes is made.
  EXPECT_EQ(jobs->stop(deaf, std::chrono::milliseconds{1})->state, JobState::kRunning);
  released.set_value();
  EXPECT_EQ(jobs->stop(deaf, std::chrono::minutes{1})->state, JobState::kDone);
  EXPECT_EQ(jobs->stop("j_0", std::chrono::minutes{1}).error().code, Errc::kNotFound);
}

TEST_F(JobsTest, OutliveTheirServer) {
  std::string runs, waits;
  {
    std::promise<void> begun;
    const auto jobs = open([&](const Job&, JobRun& run) -> Result<std::string> {
      begun.set_value();
      while (!run.given_up()) std::this_thread::yield();
      EXPECT_FALSE(run.cancelled()) << "a server that ends cancels nothing";
      return fail(Errc::kUnavailable, "given up");
    });
    runs = jobs->add("import", "runs", "{}")->id;
    waits = jobs->add("import", "waits", R"({"a":1})")->id;
    begun.get_future().wait();
  }
  std::string done;
  const auto jobs = open([&](const Job& job, JobRun&) -> Result<std::string> {
    done += job.request;
    return "{}";
  });
  EXPECT_EQ(ended(*jobs, waits).state, JobState::kDone);
  EXPECT_EQ(done, R"({"a":1})");
  EXPECT_EQ(jobs->find(runs)->state, JobState::kInterrupted);
  EXPECT_TRUE(jobs->find(runs)->ended_at.has_value());
}

TEST_F(JobsTest, WhatWasKeptWithWhatTheyDidIsTrueWhateverFailsBehindIt) {
  ledger::RoomStore store(*ledger_);
  const auto jobs = open([&](const Job& job, JobRun& run) -> Result<std::string> {
    const auto written = store.write([&](ledger::RoomWriter& db) -> Result<void> {
      TRY(run.keep(db, R"({"kept":1})"));
      if (job.title == "never") return fail(Errc::kUnavailable, "the disk is full");
      return {};
    });
    EXPECT_EQ(written.has_value(), job.title != "never");
    return fail(Errc::kUnavailable, "what came behind it");
  });
  const Job kept = ended(*jobs, jobs->add("import", "kept", "{}")->id);
  EXPECT_EQ(kept.state, JobState::kDone);
  EXPECT_EQ(kept.result, R"({"kept":1})");
  EXPECT_EQ(kept.error, "");
  const Job never = ended(*jobs, jobs->add("import", "never", "{}")->id);
  EXPECT_EQ(never.state, JobState::kFailed);
  EXPECT_EQ(never.result, "");
}

TEST_F(JobsTest, ThatWereRunningAtAKillAreDoneWhereTheirResultIsOnDisk) {
  ledger::RoomStore store(*ledger_);
  ASSERT_TRUE(store
                  .write([](ledger::RoomWriter& db) -> Result<void> {
                    for (const char* id : {"j_with", "j_without"}) {
                      TRY(db.run(
                          "INSERT INTO job(id, kind, title, request, state, done, total, asked_at, started_at, "
                          "result) VALUES(?1, 'import', 'a', '{}', 'running', 1, 2, 3, 4, ?2)",
                          {id, std::string_view(id) == "j_with" ? std::optional<std::string>("{}") : std::nullopt}));
                    }
                    return {};
                  })
                  .has_value());
  const auto jobs = open([](const Job&, JobRun&) -> Result<std::string> { return "{}"; });
  EXPECT_EQ(jobs->find("j_with")->state, JobState::kDone);
  EXPECT_TRUE(jobs->find("j_with")->ended_at.has_value());
  EXPECT_EQ(jobs->find("j_without")->state, JobState::kInterrupted);
}

TEST_F(JobsTest, OfTwoRequestsWithOneKeyTheSecondWaitsForTheFirst) {
  KeptAnswers answers(*ledger_, world_);
  http::Request request;
  request.method = http::Method::kPost;
  request.path = "/x";
  request.body = "{}";
  request.headers.add("Idempotency-Key", "k");
  std::atomic<int> done{0};
  const auto ask = [&](const http::Request& r) {
    return answers.once(r, [&](const KeptAnswers::Slot* slot) {
      EXPECT_NE(slot, nullptr);
      return http::Response{201, "application/json", "{\"n\":" + std::to_string(++done) + "}", {}};
    });
  };
  std::vector<std::future<http::Response>> all;
  for (int i = 0; i < 8; ++i) all.push_back(std::async(std::launch::async, ask, request));
  for (auto& one : all) EXPECT_EQ(one.get().body, "{\"n\":1}");
  EXPECT_EQ(done, 1);
  http::Request other = request;
  other.actor.user = "7";
  EXPECT_EQ(ask(other).body, "{\"n\":2}") << "keys belong to who asks";
  other.body = "{ }";
  EXPECT_EQ(ask(other).status, 422);
  fake_.now.ms += std::int64_t{8} * 86'400'000;
  EXPECT_EQ(ask(request).body, "{\"n\":3}") << "kept for a week";
  // What failed may be tried again.
  http::Request failing = request;
  failing.headers.set("Idempotency-Key", "f");
  int tries = 0;
  const auto fails_once = [&] {
    return answers.once(failing, [&](const KeptAnswers::Slot*) {
      return http::Response{++tries == 1 ? 503 : 201, "application/json", "{}", {}};
    });
  };
  EXPECT_EQ(fails_once().status, 503);
  EXPECT_EQ(fails_once().status, 201);
  EXPECT_EQ(fails_once().status, 201);
  EXPECT_EQ(tries, 2);
}

TEST_F(JobsTest, UploadsThatNobodyCameBackForGoAfterADay) {
  const auto uploads = Uploads::open(*ledger_, world_).value();
  http::Request request;
  request.body = "a,b\n";
  const std::string first = uploads->add("first.csv", request)->id;
  const std::string needed = uploads->add("needed.csv", request)->id;
  fake_.now.ms += 20 * 3'600'000;
  const std::string second = uploads->add("second.csv", request)->id;
  EXPECT_EQ(uploads->find(second)->name, "second.csv");
  fake_.now.ms += 5 * 3'600'000;
  EXPECT_EQ(uploads->sweep([&](const std::string& id) { return id == needed; }).value(), 1);
  EXPECT_EQ(uploads->find(first).error().code, Errc::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(folder_ / ("data/uploads/" + first)));
  EXPECT_TRUE(uploads->find(needed).has_value());
  EXPECT_TRUE(uploads->find(second).has_value());
}

TEST(Refusal, WhoWaitedTooLongIsToldWhenToComeAgain) {
  const http::Response busy = refusal(ledger::busy("the customers are still being read").error());
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(busy.headers.find("Retry-After"), "1");
  EXPECT_NE(busy.body.find(R"("code":"busy")"), std::string::npos) << busy.body;
  const http::Response other = refusal({Errc::kUnavailable, "a page is damaged", "", {}});
  EXPECT_EQ(other.status, 503);
  EXPECT_FALSE(other.headers.find("Retry-After").has_value());
  EXPECT_NE(other.body.find(R"("code":"unavailable")"), std::string::npos) << other.body;
}

TEST(Page, CursorsAreOurOwnOrRefused) {
  const std::vector<std::string> keys{"", "7", "-19000/12", std::string("\0\xff", 2)};
  for (const std::string& key : keys) EXPECT_EQ(http::key_of(http::cursor_of(key)).value(), key);
  for (const char* wrong : {"", "c7", "x77", "cgg", "c 1"}) EXPECT_FALSE(http::key_of(wrong).has_value()) << wrong;
  EXPECT_FALSE(http::key_of(std::string(5001, 'c')).has_value());
}

TEST(RandomId, IsHexadecimalAndNeverAPath) {
  FakeWorld fake;
  const World world = fake.world();
  const std::string id = random_id("u_", world);
  EXPECT_TRUE(is_id("u_", id)) << id;
  for (const char* wrong : {"", "u_", "u_..", "u_/x", "j_00", "u_0G", "u_A"}) EXPECT_FALSE(is_id("u_", wrong)) << wrong;
}

}  // namespace
}  // namespace behoud::app::testing
