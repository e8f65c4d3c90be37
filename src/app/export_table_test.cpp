#include "app/export_table.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "app/folder_shop.h"
#include "app/testing/people_shop.h"
#include "sample/shop_store.h"

namespace behoud::app {
namespace {

namespace fs = std::filesystem;

// A sample shop in a ledger, read back.
class ExportTables : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("behoud-export-" + std::to_string(getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    sample::Plan plan;
    plan.customers = 120;
    plan.seed = 5;
    made_ = sample::make_shop(plan).value();
    World world;
    world.now = [] { return calendar::Instant{1'767'300'000'000}; };
    world.entropy = [state = std::uint64_t{3}]() mutable { return state = state * 6364136223846793005U + 1; };
    auto data = ledger::DataFolder::create((folder_ / "shop").string(), true, environment_of(world));
    ASSERT_TRUE(data.has_value());
    auto ledger = ledger::Ledger::open(std::move(*data));
    ASSERT_TRUE(ledger.has_value());
    ASSERT_TRUE(sample::keep_shop(made_, *ledger, {}));
    ledger_.emplace(std::move(*ledger));
    snapshot_ = std::make_shared<const ledger::Snapshot>(ledger_->snapshot().value());
    shop_ = read_folder_shop(*snapshot_).value();
    directory_ =
        CustomerDirectory::create(*snapshot_, std::make_shared<const FolderShop>(read_folder_shop(*snapshot_).value()))
            .value();
    orders_ = timeline::rebuild_every_order(*snapshot_).value();
  }
  void TearDown() override {
    snapshot_.reset();
    ledger_.reset();
    fs::remove_all(folder_);
  }

  static std::string csv(const ExportTable& table) {
    std::string text;
    EXPECT_TRUE(write_csv(table, [&](std::string_view bytes) -> Result<void> {
      text.append(bytes);
      return {};
    }));
    return text;
  }
  // The first row of a query over the Parquet file of `table`, as integers.
  std::vector<std::int64_t> query(const ExportTable& table, const std::string& select) {
    const std::string path = (folder_ / "table.parquet").string();
    const auto written = write_parquet(table, path);
    EXPECT_TRUE(written.has_value()) << (written ? "" : written.error().message);
    ingest::DuckOptions options;
    options.files = {path};
    auto duck = ingest::DuckDb::open(options).value();
    auto rows = duck.query(select + " FROM read_parquet(" + ingest::duck_text(path) + ")");
    EXPECT_TRUE(rows.has_value()) << (rows ? "" : rows.error().message);
    std::vector<std::int64_t> out;
    if (!rows || !rows->next().value_or(false)) return out;
    for (std::size_t c = 0; c < rows->names().size(); ++c) out.push_back(rows->integer(0, c));
    return out;
  }

  fs::path folder_;
  sample::Shop made_;
  std::optional<ledger::Ledger> ledger_;
  std::shared_ptr<const ledger::Snapshot> snapshot_;
  FolderShop shop_;
  std::shared_ptr<const CustomerDirectory> directory_;
  timeline::EveryOrder orders_;
};

std::size_t lines(const std::string& text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }

TEST_F(ExportTables, HaveARowForEachOrderCustomerAndEvent) {
  std::uint64_t left_out = 0;
  for (const timeline::LeftOut& l : shop_.histories.left_out) left_out += timeline::of_orders(l) ? l.orders : 0;
  EXPECT_EQ(lines(csv(orders_table(orders_))), shop_.histories.orders() + left_out + 1);
  EXPECT_EQ(lines(csv(customers_table(directory_))), shop_.histories.customers() + 1);
  EXPECT_EQ(lines(csv(events_table(snapshot_))), made_.events.size() + 1);
}

// The exported orders sum to what the retention answer says, by DuckDB.
TEST_F(ExportTables, SumToTheAnswers) {
  const auto answer = retention::answer_retention(shop_.histories, shop_.settings, {});
  ASSERT_TRUE(answer.has_value());
  std::int64_t orders = 0, gross = 0, revenue = 0;
  for (const auto& row : answer->rows) {
    orders += static_cast<std::int64_t>(row.orders);
    gross += row.gross_minor;
    revenue += row.revenue_minor;
  }
  ASSERT_GT(orders, 100);
  EXPECT_EQ(query(orders_table(orders_),
                  "SELECT (count(*) FILTER (counts))::BIGINT, (sum(gross_minor) FILTER (counts))::BIGINT, "
                  "sum(revenue_minor)::BIGINT"),
            (std::vector<std::int64_t>{orders, gross, revenue}));
  EXPECT_EQ(query(customers_table(directory_),
                  "SELECT sum(orders)::BIGINT, sum(gross_minor)::BIGINT, sum(revenue_minor)::BIGINT"),
            (std::vector<std::int64_t>{orders, gross, revenue}));
}

TEST_F(ExportTables, GiveEventsWithTheirKindsAndProperties) {
  std::int64_t views = 0;
  for (const sample::Event& e : made_.events) views += e.kind == sample::Kind::kProductViewed ? 1 : 0;
  EXPECT_EQ(query(events_table(snapshot_),
                  "SELECT (count(*) FILTER (kind = 'Product Viewed' AND properties LIKE '%sku%'))::BIGINT, "
                  "(count(DISTINCT customer) > 50)::BIGINT"),
            (std::vector<std::int64_t>{views, 1}));
}

TEST_F(ExportTables, EndWhenTheirReaderDoes) {
  ExportTable table = events_table(snapshot_);
  std::vector<ExportCell> row(table.columns.size());
  ASSERT_TRUE(table.next(row).value());
  const auto stopped =
      write_csv(table, [](std::string_view) -> Result<void> { return fail(Errc::kUnavailable, "disk full"); });
  ASSERT_FALSE(stopped.has_value());
  EXPECT_EQ(stopped.error().code, Errc::kUnavailable);
}

// What a customer file said of somebody's country and source stayed behind: they were those of the first order, or
// none.
TEST(ExportCustomers, SayWhatWasStatedOfThemElseOfTheirFirstOrder) {
  testing::PeopleShop shop;
  for (const char* id : {"both", "orders"}) {
    auto order = testing::make_order(std::string("1-") + id, testing::by_id(id), "2024-01-10", 1000);
    order.country = "SE";
    order.source = "search";
    shop.order(order);
  }
  shop.import(ledger::ImportKind::kCustomers, [](ledger::ImportWriter& w) {
    for (const char* id : {"both", "told"}) {
      ledger::CustomerRecord record;
      record.id = testing::by_id(id);
      record.country = "NL";
      record.source = "friend";
      ASSERT_TRUE(w.add(record).has_value());
    }
  });
  std::map<std::string, std::string> ends;  // of each customer's row
  const auto kept = [&](std::string_view bytes) -> Result<void> {
    std::istringstream lines{std::string(bytes)};
    for (std::string line; std::getline(lines, line);) {
      while (line.ends_with('\r')) line.pop_back();
      const std::size_t last = line.rfind(','), before = line.rfind(',', last - 1);
      ends[line.substr(0, line.find(','))] = line.substr(before + 1);
    }
    return {};
  };
  ASSERT_TRUE(write_csv(customers_table(shop.directory()), kept).has_value());
  EXPECT_EQ(
      ends,
      (std::map<std::string, std::string>{
          {"customer", "source,country"}, {"both", "friend,NL"}, {"told", "friend,NL"}, {"orders", "search,SE"}}));
}

// A name of a product that is a formula is a text in the file, not a command to a spreadsheet.
TEST(ExportCsv, DisarmsFormulas) {
  timeline::EveryOrder orders;
  timeline::Histories& h = orders.histories;
  h.order_begin = {0, 1};
  h.customer_space = {ledger::IdentitySpace::kCustomerId};
  h.customer_key = {"=cmd()"};
  h.customer_label = {""};
  h.order_at = {calendar::Instant{0}};
  h.order_day = {calendar::Day{0}};
  h.gross_minor = {-500};
  h.item = h.coupon = h.source = h.country = {0};
  std::string text;
  ASSERT_TRUE(write_csv(orders_table(orders), [&](std::string_view bytes) -> Result<void> {
    text.append(bytes);
    return {};
  }));
  EXPECT_NE(text.find(",\"'=cmd()\","), std::string::npos) << text;
  EXPECT_NE(text.find(",-500,"), std::string::npos) << "a negative number stays a number: " << text;
}

}  // namespace
}  // namespace behoud::app
