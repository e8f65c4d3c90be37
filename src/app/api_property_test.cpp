// Whatever is done to a shop over HTTP, and the same by commands to another: imports, dry runs, taking back, entered
// costs, settings. After each step every question has the same answer in both, to the byte.

#include <boost/json.hpp>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "app/book_routes.h"
#include "app/command.h"
#include "app/intake_routes.h"
#include "app/shop_routes.h"
#include "app/testing/fake_console.h"
#include "app/testing/process.h"
#include "base/file.h"
#include "http/router.h"
#include "http/target.h"

namespace behoud::app::testing {
namespace {

namespace json = boost::json;
using http::Method;

// A shop behind its routes, without sockets.
class OverHttp {
 public:
  explicit OverHttp(const std::string& data) : world_(fake_.world()) {
    shops_ = ServedShops::open(data, std::nullopt, world_).value();
    intake_ = Intake::open(*shops_, world_, {}).value();
    add_shop_routes(router_, *shops_);
    add_intake_routes(router_, *intake_);
    add_book_routes(router_, *intake_);
  }
  http::Response call(Method method, std::string_view target, std::string body = {}) {
    http::Request request;
    request.method = method;
    const auto parsed = http::parse_target(target).value();
    request.path = parsed.path;
    request.query = parsed.query;
    request.headers.add("Content-Type", "application/json");
    request.body = std::move(body);
    auto match = router_.match(method, request.path);
    EXPECT_NE(match.route, nullptr) << target;
    if (match.route == nullptr) return {};
    request.captures = std::move(match.captures);
    return match.route->handler(request);
  }
  std::string member(const http::Response& response, std::string_view name) {
    const auto value = json::parse(response.body);
    return std::string{value.at(name).as_string()};
  }
  // The job's state when it has ended.
  JobState wait(const http::Response& asked) {
    EXPECT_EQ(asked.status, 202) << asked.body;
    const std::string id = member(asked, "job");
    for (;;) {
      const Job job = intake_->jobs().find(id).value();
      if (has_ended(job.state)) return job.state;
      std::this_thread::yield();
    }
  }
  std::string answer(const std::string& question) {
    EXPECT_TRUE(shops_->home().warm.settled().has_value());
    return call(Method::kGet, "/api/v1/" + question).body;
  }

 private:
  FakeWorld fake_;
  World world_;
  std::unique_ptr<ServedShops> shops_;
  std::unique_ptr<Intake> intake_;
  http::Router router_;
};

class ByCommands {
 public:
  explicit ByCommands(std::string data) : data_(std::move(data)), world_(fake_.world()) {}
  struct Said {
    int code = 0;
    std::string out, note;
  };
  Said run(std::vector<std::string> words) {
    words.insert(words.end(), {"--data", data_});
    FakeConsole console;
    const int code = app::run(words, console, world_);
    return {code, console.said, console.noted};
  }

 private:
  std::string data_;
  FakeWorld fake_;
  World world_;
};

class Steps {
 public:
  Steps(unsigned seed, const std::string& folder)
      : random_(seed), folder_(folder), http_(folder + "/http"), commands_(folder + "/commands") {}

  void import_orders(bool dry_run) {
    std::string rows = "order,customer,date,amount,currency,status,source\n";
    for (int i = 0; i < 12; ++i) {
      rows += fmt::format("{},c{},2024-{:02}-{:02},{}.50,EUR,{},{}\n", below(20), below(6), 1 + below(12),
                          1 + below(28), 1 + below(90),
                          below(8) == 0   ? "refunded"
                          : below(8) == 0 ? "klaar"
                                          : "paid",
                          below(2) == 0 ? "mail" : "search");
    }
    import("orders", rows, dry_run);
  }
  void import_costs() {
    std::string rows = "from,amount,currency,purpose\n";
    for (int i = 0; i < 3; ++i) {
      rows += fmt::format("2024-{:02}-01,{}.00,EUR,{}\n", 1 + below(12), 1 + below(99),
                          below(2) == 0 ? "retention" : "acquisition");
    }
    import("costs", rows, false);
  }
  void undo() {
    const auto id = std::to_string(1 + below(imports_ + 1));
    const auto said = commands_.run({"imports", "undo", id});
    const auto asked = http_.call(Method::kPost, "/api/v1/imports/" + id + "/undo");
    const bool done = asked.status == 202 && http_.wait(asked) == JobState::kDone;
    EXPECT_EQ(done, said.code == 0) << id << said.note;
  }
  void enter_cost() {
    const auto [words, body] = any_cost();
    auto add = words;
    add.insert(add.begin(), {"costs", "add"});
    add.emplace_back("--json");
    const auto said = commands_.run(add);
    ASSERT_EQ(said.code, 0) << said.note;
    const auto made = http_.call(Method::kPost, "/api/v1/costs", body);
    ASSERT_EQ(made.status, 201) << made.body;
    costs_.emplace_back(std::string{json::parse(said.out).at("id").as_string()}, http_.member(made, "id"));
  }
  void change_cost() {
    if (costs_.empty()) return;
    const auto& [by_command, over_http] = costs_[static_cast<std::size_t>(below(static_cast<int>(costs_.size())))];
    const auto [words, body] = any_cost();
    const bool removes = below(3) == 0;
    std::vector<std::string> change{"costs", removes ? "remove" : "change", by_command};
    if (!removes) change.insert(change.end(), words.begin(), words.end());
    const auto said = commands_.run(change);
    const auto done =
        http_.call(removes ? Method::kDelete : Method::kPut, "/api/v1/costs/" + over_http, removes ? "" : body);
    EXPECT_EQ(done.status < 300, said.code == 0) << done.body << said.note;
  }
  void change_settings() {
    const int window = 30 * (1 + below(12));
    const int margin = 5 * below(20);
    const auto said =
        commands_.run({"settings", "--window", fmt::format("{}d", window), "--margin", fmt::format("{}%", margin),
                       "--status", below(2) == 0 ? "klaar=counts" : "klaar=no"});
    ASSERT_EQ(said.code, 0) << said.note;
    const auto done = http_.call(Method::kPatch, "/api/v1/settings",
                                 fmt::format(R"({{"window_days":{},"margin_rate":{},"statuses":{{"klaar":"{}"}}}})",
                                             window, margin / 100.0, last_ == 0 ? "counts" : "no"));
    ASSERT_EQ(done.status, 200) << done.body;
  }

  void step() {
    const int what = below(10);
    what < 3   ? import_orders(false)
    : what < 4 ? import_orders(true)
    : what < 5 ? import_costs()
    : what < 6 ? undo()
    : what < 8 ? enter_cost()
    : what < 9 ? change_cost()
               : change_settings();
  }
  void compare() {
    for (const char* question : {"retention", "cohorts", "value", "cost", "claims", "whatif"}) {
      EXPECT_EQ(http_.answer(question), commands_.run({question, "--format", "json"}).out) << question;
    }
    EXPECT_EQ(http_.answer("settings"), commands_.run({"settings", "--json"}).out);
  }

 private:
  int below(int n) { return last_ = std::uniform_int_distribution<int>(0, n - 1)(random_); }

  void import(const std::string& kind, const std::string& rows, bool dry_run) {
    const std::string path = folder_ + "/file.csv";
    ASSERT_TRUE(write_file(path, rows).has_value());
    std::vector<std::string> words{"import", kind, path, "--timezone", "Europe/Amsterdam"};
    if (dry_run) words.emplace_back("--dry-run");
    const auto said = commands_.run(words);
    ASSERT_EQ(said.code, 0) << said.note << rows;
    const auto uploaded = http_.call(Method::kPost, "/api/v1/uploads?name=file.csv", rows);
    ASSERT_EQ(uploaded.status, 201) << uploaded.body;
    const auto asked =
        http_.call(Method::kPost, "/api/v1/imports",
                   fmt::format(R"({{"uploads":["{}"],"kind":"{}","timezone":"Europe/Amsterdam","dry_run":{}}})",
                               http_.member(uploaded, "upload"), kind, dry_run));
    ASSERT_EQ(http_.wait(asked), JobState::kDone);
    if (!dry_run) ++imports_;
  }
  // The same cost for both: the command's options, and the body.
  std::pair<std::vector<std::string>, std::string> any_cost() {
    const int month = 1 + below(11);
    const int cents = below(100'000) - 1000;
    const std::string from = fmt::format("2024-{:02}-01", month);
    const std::string to = fmt::format("2024-{:02}-01", month + 1);
    const std::string purpose = below(2) == 0 ? "retention" : "acquisition";
    const std::string amount =
        fmt::format("{}{}.{:02}", cents < 0 ? "-" : "", std::abs(cents) / 100, std::abs(cents) % 100);
    return {{"--from", from, "--to", to, "--amount=" + amount, "--purpose", purpose, "--kind", "support"},
            fmt::format(R"({{"from":"{}","to":"{}","amount_minor":{},"purpose":"{}","kind":"support"}})", from, to,
                        cents, purpose)};
  }

  std::mt19937 random_;
  std::string folder_;
  OverHttp http_;
  ByCommands commands_;
  int imports_ = 0, last_ = 0;
  std::vector<std::pair<std::string, std::string>> costs_;
};

TEST(ApiProperty, AnyStepsOverHttpLeaveWhatTheSameStepsByCommandsLeave) {
  for (const unsigned seed : {1U, 2U, 3U, 4U}) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    const TemporaryFolder folder;
    Steps steps(seed, folder.path());
    steps.import_orders(false);
    steps.compare();
    for (int i = 0; i < 10 && !HasFailure(); ++i) {
      SCOPED_TRACE(fmt::format("step {}", i));
      steps.step();
      steps.compare();
    }
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace behoud::app::testing
