// One shop, three exports: whatever shape a shop's orders come in, the figures are the same to the byte.

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "app/file_shop.h"
#include "base/json_writer.h"
#include "retention/answer_json.h"
#include "sample/shop.h"
#include "sample/shop_file.h"

namespace behoud::app {
namespace {

namespace fs = std::filesystem;

class SampleShapes : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("behoud-shapes-" + std::to_string(getpid()));
    fs::create_directories(folder_);
    sample::Plan plan;
    plan.customers = 600;
    plan.seed = 20260101;
    plan.behaviour = false;
    shop_ = sample::make_shop(plan).value();
  }
  void TearDown() override { fs::remove_all(folder_); }

  FileShop read(sample::Shape shape) {
    const calendar::Zone zone = calendar::Zone::create("Europe/Amsterdam").value();
    const std::string path = (folder_ / "orders.csv").string();
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    EXPECT_TRUE(sample::write_shop(shop_, shape, zone, [&](std::string_view part) -> Result<void> {
      out.write(part.data(), static_cast<std::streamsize>(part.size()));
      return {};
    }));
    out.close();
    FileShopOptions options;
    options.files = {path};
    options.read.zone = zone;
    options.read.now = calendar::Instant{shop_.plan.until.number * calendar::kMsPerDay};
    auto read = read_file_shop(options);
    EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().message);
    return std::move(read).value();
  }

  template <class Answer>
  static std::string json(const Result<Answer>& answer) {
    EXPECT_TRUE(answer.has_value()) << (answer ? "" : answer.error().message);
    std::string text;
    JsonWriter writer(text);
    if (answer) retention::write_json(writer, *answer);
    return text;
  }

  fs::path folder_;
  sample::Shop shop_;
};

TEST_F(SampleShapes, GiveTheSameRetentionAndCohortsToTheByte) {
  const FileShop plain = read(sample::Shape::kPlain);
  ASSERT_GT(plain.histories.orders(), 1500U);
  const std::string retention = json(retention::answer_retention(plain.histories, plain.settings, {}));
  const std::string cohorts = json(retention::answer_cohorts(plain.histories, plain.settings, {}));
  for (const sample::Shape shape : {sample::Shape::kShopify, sample::Shape::kWooCommerce}) {
    const FileShop other = read(shape);
    EXPECT_EQ(other.settings.window_days, plain.settings.window_days);
    EXPECT_EQ(json(retention::answer_retention(other.histories, other.settings, {})), retention);
    EXPECT_EQ(json(retention::answer_cohorts(other.histories, other.settings, {})), cohorts);
  }
}

// The revenue of the files is the revenue that the shop was made with, order by order in cents.
TEST_F(SampleShapes, GiveTheRevenueThatTheShopWasMadeWith) {
  std::int64_t revenue = 0;
  std::uint64_t orders = 0;
  for (const sample::Order& o : shop_.orders) {
    if (o.status != sample::Status::kPaid && o.status != sample::Status::kPartiallyRefunded) continue;
    const std::int64_t gross = o.subtotal_minor - o.tax_minor;
    const std::int64_t total = o.total_minor();
    revenue += gross - (total > 0 ? (2 * gross * o.refund_minor + total) / (2 * total) : 0);
    ++orders;
  }
  for (const sample::Shape shape : {sample::Shape::kPlain, sample::Shape::kShopify, sample::Shape::kWooCommerce}) {
    const FileShop shop = read(shape);
    const auto answer = retention::answer_retention(shop.histories, shop.settings, {});
    ASSERT_TRUE(answer.has_value());
    std::int64_t sum = 0;
    std::uint64_t count = 0;
    for (const auto& row : answer->rows) {
      sum += row.revenue_minor;
      count += row.orders;
    }
    EXPECT_EQ(sum, revenue);
    EXPECT_EQ(count, orders);
  }
}

}  // namespace
}  // namespace behoud::app
