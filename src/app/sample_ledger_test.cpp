// The sample shop kept in a ledger against the same shop written to a file: two ways through the house, one figure.

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "app/file_shop.h"
#include "base/json_writer.h"
#include "ledger/ledger.h"
#include "retention/answer_json.h"
#include "sample/shop.h"
#include "sample/shop_file.h"
#include "sample/shop_store.h"
#include "timeline/rebuild.h"

namespace behoud::app {
namespace {

namespace fs = std::filesystem;

ledger::Environment environment() {
  return {[now = std::int64_t{1'767'225'600'000}]() mutable { return calendar::Instant{now += 1000}; },
          [state = std::uint64_t{7}]() mutable { return state = state * 6364136223846793005U + 1442695040888963407U; },
          ""};
}

class SampleLedger : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("behoud-sample-ledger-" + std::to_string(getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    sample::Plan plan;
    plan.customers = 500;
    plan.seed = 11;
    shop_ = sample::make_shop(plan).value();
  }
  void TearDown() override { fs::remove_all(folder_); }

  ledger::Ledger ledger(const char* name, bool sample) {
    auto folder = ledger::DataFolder::create((folder_ / name).string(), sample, environment());
    EXPECT_TRUE(folder.has_value()) << (folder ? "" : folder.error().message);
    return ledger::Ledger::open(std::move(folder).value()).value();
  }

  fs::path folder_;
  sample::Shop shop_;
};

std::string rows(const timeline::Histories& histories, const retention::ShopSettings& settings) {
  const auto answer = retention::answer_retention(histories, settings, {});
  EXPECT_TRUE(answer.has_value()) << (answer ? "" : answer.error().message);
  std::string text;
  JsonWriter writer(text);
  if (answer) retention::write_json(writer, *answer);
  return text.substr(text.find("\"rows\""));
}

TEST_F(SampleLedger, AnswersAsTheShopsFileDoes) {
  auto kept = ledger("kept", true);
  std::uint64_t last = 0;
  ASSERT_TRUE(sample::keep_shop(shop_, kept, [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_LT(last, done);
    EXPECT_LE(done, total);
    last = done;
  }));
  const auto snapshot = kept.snapshot();
  ASSERT_TRUE(snapshot.has_value());
  EXPECT_EQ(snapshot->count(ledger::ImportKind::kOrders).value(), shop_.orders.size());
  EXPECT_EQ(snapshot->count(ledger::ImportKind::kEvents).value(), shop_.events.size());
  EXPECT_EQ(snapshot->count(ledger::ImportKind::kSubscriptions).value(), shop_.subscriptions.size());
  EXPECT_EQ(snapshot->count(ledger::ImportKind::kCustomers).value(), shop_.plan.customers);
  const auto histories = timeline::rebuild(*snapshot);
  ASSERT_TRUE(histories.has_value()) << (histories ? "" : histories.error().message);
  EXPECT_TRUE(histories->histories.is_sample);
  EXPECT_EQ(histories->histories.subscriptions.size(), shop_.subscriptions.size());

  const std::string path = (folder_ / "orders.csv").string();
  std::ofstream out(path, std::ios::binary);
  ASSERT_TRUE(sample::write_shop(shop_, sample::Shape::kPlain, calendar::Zone::utc(),
                                 [&](std::string_view part) -> Result<void> {
                                   out.write(part.data(), static_cast<std::streamsize>(part.size()));
                                   return {};
                                 }));
  out.close();
  FileShopOptions options;
  options.files = {path};
  options.read.zone = calendar::Zone::create("Europe/Amsterdam").value();
  options.read.now = calendar::Instant{shop_.plan.until.number * calendar::kMsPerDay};
  const auto file = read_file_shop(options);
  ASSERT_TRUE(file.has_value()) << (file ? "" : file.error().message);
  EXPECT_EQ(rows(histories->histories, file->settings), rows(file->histories, file->settings));
}

TEST_F(SampleLedger, IsKeptOnceHoweverOftenItIsAskedFor) {
  auto kept = ledger("kept", true);
  ASSERT_TRUE(sample::keep_shop(shop_, kept, {}));
  ASSERT_TRUE(sample::keep_shop(shop_, kept, {}));
  EXPECT_EQ(kept.snapshot()->count(ledger::ImportKind::kOrders).value(), shop_.orders.size());
  EXPECT_EQ(kept.snapshot()->count(ledger::ImportKind::kEvents).value(), shop_.events.size());
}

TEST_F(SampleLedger, NeverMixesWithAShopOfItsOwn) {
  auto own = ledger("own", false);
  const auto kept = sample::keep_shop(shop_, own, {});
  ASSERT_FALSE(kept.has_value());
  EXPECT_EQ(kept.error().code, Errc::kConflict);
  EXPECT_EQ(own.snapshot()->count(ledger::ImportKind::kOrders).value(), 0U);
}

}  // namespace
}  // namespace behoud::app
