// The bridge of an import is that of a report of the same files, line by line, and it sums. Files are random: one or
// two of them that overlap, with and without order numbers, returns that name an order and returns that name none, a
// second currency, cancelled, test and unknown statuses, rows that cannot be read.

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "app/file_shop.h"
#include "app/folder_shop.h"
#include "app/import.h"
#include "app/testing/fake_console.h"
#include "app/testing/process.h"
#include "base/file.h"
#include "ledger/ledger.h"
#include "retention/answers.h"

namespace behoud::app::testing {
namespace {

constexpr calendar::Instant kNow{1'750'000'000'000};

std::string some_orders(bool ids, bool returns) {
  static const std::vector<std::string> statuses{"paid",       "pending", "cancelled", "refunded",
                                                 "on a cloud", "voided",  ""};
  static const std::vector<std::string> days{"2024-01-05", "2024-02-11", "2024-03-01", "2024-02-30", "2023-12-31"};
  static const std::vector<std::string> amounts{"10.00", "7.50", "0.00", "much", "12.25"};
  static const std::vector<std::string> currencies{"EUR", "USD"};
  std::string out = fmt::format("{}customer,date,amount,currency,status,tax,refund\n", ids ? "order_id," : "");
  out += fmt::format("{}anna-17,2024-01-05,10.00,EUR,paid,1.00,0.00\n", ids ? "1," : "");
  const auto rows = *rc::gen::container<std::vector<std::array<int, 8>>>(
      rc::gen::container<std::array<int, 8>>(rc::gen::inRange(0, 30)));
  const int mostly = *rc::gen::element(4, 12);
  for (const auto& r : rows) {
    const auto of = [mostly](const std::vector<std::string>& all, int n) {
      // Mostly the first, which is well.
      return n < mostly ? all[0] : all[static_cast<std::size_t>(n) % all.size()];
    };
    const bool back = returns && r[7] < 4;
    out += ids ? fmt::format("{},", r[0] + 2) : "";
    out += fmt::format("{},{},{},{},{},0.50,{}\n", r[1] % 9 == 0 ? "" : fmt::format("customer-{}", r[1] % 6),
                       of(days, r[2]), back ? "-3.00" : of(amounts, r[3]), of(currencies, r[5]),
                       back ? "paid" : of(statuses, r[4]), r[6] < 24 ? "0.00" : "2.00");
  }
  return out;
}

RC_GTEST_PROP(ImportBridge, IsThatOfAReportOfTheSameFiles, ()) {
  const TemporaryFolder folder;
  FakeWorld world;
  auto made = ledger::DataFolder::create(folder / "shop", false, environment_of(world.world()));
  RC_ASSERT(made.has_value());
  ledger::Ledger ledger = std::move(*ledger::Ledger::open(std::move(*made)));
  const int files = *rc::gen::inRange(1, 3);
  const bool ids = *rc::gen::inRange(0, 3) > 0, returns = *rc::gen::arbitrary<bool>();
  ImportRequest request;
  for (int i = 0; i < files; ++i) {
    const std::string path = folder / fmt::format("orders-{}.csv", i);
    RC_ASSERT(write_file(path, some_orders(ids, returns)).has_value());
    request.typed.push_back(path);
  }
  request.paths = request.typed;
  request.now = kNow;
  request.dry_run = *rc::gen::arbitrary<bool>();
  ImportSurroundings around;
  around.warn = [](std::string_view) {};
  around.progress = [](std::uint64_t, std::uint64_t) {};
  around.abandoned = [] { return false; };
  const auto imported = import_files(ledger, request, around);

  FileShopOptions options;
  options.files = request.paths;
  options.read.now = kNow;
  const auto reported = read_file_shop(options);
  RC_ASSERT(imported.has_value() == reported.has_value());
  if (!imported) return;
  const timeline::Histories& h = reported->histories;
  const auto as_of = retention::answer_retention(h, reported->settings, {}).value().basics.as_of;
  const auto bridge = retention::report::make_bridge(h, reported->facts, as_of).value();
  RC_ASSERT(retention::report::check(imported->bridge).has_value());
  RC_ASSERT(imported->bridge.find("unexplained") == nullptr);
  // One file states an order once, in however many rows.
  if (files == 1) RC_ASSERT(imported->bridge.find("same_order_again") == nullptr);
  RC_ASSERT(imported->bridge.lines.size() == bridge.lines.size());
  for (std::size_t i = 0; i < bridge.lines.size(); ++i) {
    RC_LOG() << bridge.lines[i].name << " and " << imported->bridge.lines[i].name << "\n";
    RC_ASSERT(imported->bridge.lines[i] == bridge.lines[i]);
  }
}

// The currency of a report's figures is that of its orders, however many refunds came in another.
TEST(ReportBridge, IsInTheCurrencyOfMostOrders) {
  const TemporaryFolder folder;
  const std::string path = folder / "orders.csv";
  ASSERT_TRUE(write_file(path,
                         "order_id,customer,date,amount,currency,tax\n"
                         "1,anna-17,2024-01-05,10.00,EUR,1.00\n"
                         "2,,2024-01-05,-3.00,USD,0.50\n"
                         "3,customer-1,2024-01-05,-3.00,USD,0.50\n"
                         "4,customer-1,2024-01-06,0.20,EUR,0.50\n")
                  .has_value());
  FileShopOptions options;
  options.files = {path};
  options.read.now = kNow;
  const auto shop = read_file_shop(options);
  ASSERT_TRUE(shop.has_value()) << shop.error().message;
  EXPECT_EQ(shop->histories.currency.code(), "EUR");
  EXPECT_EQ(shop->facts.currency.code(), "EUR");
  EXPECT_TRUE(shop->histories.unconverted.empty());
}

}  // namespace
}  // namespace behoud::app::testing
