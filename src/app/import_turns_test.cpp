// Imports that come at the same time: each waits for its turn, says so, and all land; who waits can give up.

#include <boost/json.hpp>
#include <filesystem>
#include <future>
#include <memory>
#include <mutex>
#include <optional>

#include <gtest/gtest.h>

#include "app/folder_shop.h"
#include "app/import.h"
#include "app/testing/fake_console.h"
#include "app/testing/process.h"
#include "base/file.h"

namespace behoud::app::testing {
namespace {

constexpr const char* kHead = "order_id,customer,date,amount,currency\n";

// An import on a thread of its own, up to where it says that it waits.
class Waiting {
 public:
  Waiting(ledger::Ledger& ledger, const std::string& path, std::function<bool()> abandoned = {}) {
    request_.typed = request_.paths = {path};
    request_.now = calendar::Instant{1'750'000'000'000};
    around_.warn = [this](std::string_view line) {
      const std::lock_guard lock(mutex_);
      warned_ += line;
      if (line.find("waits for its turn") != std::string_view::npos) stands_.set_value();
    };
    around_.abandoned = std::move(abandoned);
    done_ = std::async(std::launch::async, [this, &ledger] { return import_files(ledger, request_, around_); });
    stands_.get_future().wait();
  }
  Result<ImportOutcome> outcome() { return done_.get(); }
  std::string warned() {
    const std::lock_guard lock(mutex_);
    return warned_;
  }

 private:
  ImportRequest request_;
  ImportSurroundings around_;
  std::mutex mutex_;
  std::string warned_;
  std::promise<void> stands_;
  std::future<Result<ImportOutcome>> done_;
};

class ImportTurns : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& rows) {
    EXPECT_TRUE(write_file(folder_ / name, kHead + rows));
    return folder_ / name;
  }
  ledger::Ledger make() {
    auto folder = ledger::DataFolder::create(folder_ / "shop", false, environment_of(world_.world()));
    return std::move(*ledger::Ledger::open(std::move(*folder)));
  }
  TemporaryFolder folder_;
  FakeWorld world_;
};

TEST_F(ImportTurns, InOneProcessTheyGoOneAfterTheOther) {
  ledger::Ledger ledger = make();
  std::optional<ledger::ImportQueue::Turn> under_way = std::move(*ledger.import_queue().enter());
  Waiting euros(ledger, file("a.csv", "1,anna-17,2024-01-05,10.00,EUR\n2,bo-4,2024-01-20,20.00,EUR\n"));
  // Its amounts name no currency: it is the shop's, which the import before it sets.
  EXPECT_TRUE(write_file(folder_ / "b.csv", "order_id,customer,date,amount\n3,cleo-9,2024-02-02,5.00\n"));
  Waiting bare(ledger, folder_ / "b.csv");
  EXPECT_NE(euros.warned().find("1 before it"), std::string::npos) << euros.warned();
  EXPECT_NE(bare.warned().find("2 before it"), std::string::npos) << bare.warned();
  EXPECT_TRUE(ledger.imports()->empty()) << "nothing is begun before its turn";
  under_way.reset();
  const auto first = euros.outcome();
  const auto second = bare.outcome();
  ASSERT_TRUE(first) << first.error().message;
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(first->row.added, 2U);
  EXPECT_EQ(second->row.added, 1U);
  EXPECT_EQ(second->settings.currency->code(), "EUR");
  const auto shop = read_folder_shop(*ledger.snapshot());
  ASSERT_TRUE(shop);
  EXPECT_EQ(shop->histories.orders(), 3U);
}

TEST_F(ImportTurns, WhoWaitsCanGiveUpAndNothingOfItIsBegun) {
  ledger::Ledger ledger = make();
  std::optional<ledger::ImportQueue::Turn> under_way = std::move(*ledger.import_queue().enter());
  std::atomic<bool> gone{false};
  Waiting given_up(ledger, file("a.csv", "1,anna-17,2024-01-05,10.00,EUR\n"), [&] { return gone.load(); });
  Waiting patient(ledger, file("b.csv", "2,bo-4,2024-01-20,20.00,EUR\n"), [] { return false; });
  gone = true;
  const auto first = given_up.outcome();
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code, Errc::kUnavailable);
  EXPECT_NE(first.error().message.find("given up"), std::string::npos);
  under_way.reset();
  const auto second = patient.outcome();
  ASSERT_TRUE(second) << second.error().message;
  const auto imports = ledger.imports();
  ASSERT_EQ(imports->size(), 1U);
  EXPECT_EQ(imports->front().meta.file_name, "b.csv");
}

// What a kill right behind the commit of the first import leaves: orders without a window.
TEST_F(ImportTurns, AWindowThatAKillLeftOpenIsSettledFromWhatWasThere) {
  ledger::Ledger ledger = make();
  ASSERT_TRUE(settle_window(ledger).has_value());
  EXPECT_EQ(ledger.settings()->window_days, std::nullopt) << "where there are no orders, nothing chooses";
  {
    ledger::ImportMeta meta;
    meta.file_name = "a.csv";
    meta.sha256 = "a";
    auto writer = ledger.begin_import(meta);
    ASSERT_TRUE(writer.has_value());
    for (int i = 0; i < 40; ++i) {  // of four customers, each every three days: 36 gaps
      const std::string id = std::to_string(i);
      const std::string customer = "c" + std::to_string(i % 4);
      ledger::OrderAssertion order;
      order.order_id = id;
      order.customer = {ledger::IdentitySpace::kCustomerId, customer};
      order.placed = calendar::Moment{{(calendar::civil(2024, 1, 1) + 3 * (i / 4)).number * calendar::kMsPerDay}, true};
      order.currency = *money::Currency::parse("EUR");
      order.gross_minor = order.total_minor = 1000;
      ASSERT_TRUE(writer->add(order).has_value());
    }
    ledger::SettingsChange first;
    first.zone = "UTC";
    first.currency = *money::Currency::parse("EUR");
    ASSERT_TRUE(writer->commit(first).has_value());
  }
  ASSERT_EQ(ledger.settings()->window_days, std::nullopt);
  // Ten times as many orders half a year apart: of all of them another window would be chosen.
  std::string rows;
  for (int i = 0; i < 400; ++i) {
    rows += "n" + std::to_string(i) + ",n" + std::to_string(i / 4) + ",202" + std::to_string(i % 4 / 2) +
            (i % 2 == 0 ? "-01" : "-06") + "-15,10.00,EUR\n";
  }
  ImportRequest request;
  request.typed = request.paths = {file("b.csv", rows)};
  request.now = calendar::Instant{1'750'000'000'000};
  request.dry_run = true;
  ImportSurroundings around;
  around.warn = [](std::string_view) {};
  ASSERT_TRUE(import_files(ledger, request, around).has_value());
  EXPECT_EQ(ledger.settings()->window_days, std::nullopt) << "a dry run leaves no trace";
  request.dry_run = false;
  const auto next = import_files(ledger, request, around);
  ASSERT_TRUE(next.has_value()) << next.error().message;
  EXPECT_EQ(next->settings.window_days, 30);
  EXPECT_EQ(next->window_proposed_days, 365);
  const auto revision = ledger.settings_revision();
  ASSERT_TRUE(settle_window(ledger).has_value());
  EXPECT_EQ(ledger.settings_revision(), revision) << "what is settled stays";
}

TEST_F(ImportTurns, InAServerBothLand) {
  const std::string data = folder_ / "shop";
  ASSERT_EQ(
      run_behoud({"import", "orders", file("first.csv", "0,anna-17,2024-01-01,1.00,EUR\n"), "--data", data}).exit_code,
      0);
  std::vector<std::string> files;
  constexpr int kFiles = 4;
  constexpr int kOrders = 3000;
  for (int f = 0; f < kFiles; ++f) {
    std::string rows;
    for (int i = 0; i < kOrders; ++i) {
      const int id = 1 + f * kOrders + i;
      rows += std::to_string(id) + ",customer-" + std::to_string(id % 700) + ",2024-02-" + (i % 2 ? "10" : "20") +
              ",1.00,EUR\n";
    }
    files.push_back(file("part" + std::to_string(f) + ".csv", rows));
  }
  Start serve;
  serve.words = {"serve", "--data", data, "--port", "0"};
  Process server(serve);
  ASSERT_TRUE(server.wait_for("Ctrl-C"));
  std::vector<std::unique_ptr<Process>> imports;
  for (const std::string& path : files) {
    Start import;
    import.words = {"import", "orders", path, "--data", data, "--json"};
    imports.push_back(std::make_unique<Process>(import));
  }
  for (auto& import : imports) {
    const Ended e = import->wait();
    ASSERT_EQ(e.exit_code, 0) << e.err;
    EXPECT_EQ(boost::json::parse(e.out).at("import").at("added"), kOrders);
  }
  const Ended answered = run_behoud({"retention", "--data", data, "--format", "json"});
  ASSERT_EQ(answered.exit_code, 0) << answered.err;
  std::int64_t orders = 0;
  std::int64_t revenue = 0;
  const auto answer = boost::json::parse(answered.out);
  for (const auto& row : answer.at("rows").as_array()) {
    orders += row.at("orders").to_number<std::int64_t>();
    revenue += row.at("revenue_minor").to_number<std::int64_t>();
  }
  EXPECT_EQ(orders, 1 + kFiles * kOrders);
  EXPECT_EQ(revenue, 100 * (1 + kFiles * kOrders));
  server.signal(15);
  EXPECT_EQ(server.wait().exit_code, 0);
}

}  // namespace
}  // namespace behoud::app::testing
