#include "retention/report/bridge.h"

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ingest/mapping.h"
#include "retention/report/internal/made_up_report.h"
#include "retention/report/internal/random_shop.h"
#include "retention/test_shop.h"

namespace behoud::retention::report {
namespace {

using Kind = BridgeLine::Kind;

// The line of that name; an empty one where there is none, which no expectation holds for.
BridgeLine line(const Bridge& b, std::string_view name) {
  const BridgeLine* found = b.find(name);
  return found ? *found : BridgeLine{};
}

calendar::Instant end_of(const timeline::Histories& h) { return answer_retention(h, {}, {}).value().basics.as_of; }

ingest::BridgeStep step(std::string name, std::uint64_t count, std::string reason = {}) {
  ingest::BridgeStep s;
  s.name = std::move(name);
  s.count = count;
  s.reason = std::move(reason);
  return s;
}

TEST(Bridge, SumsFromTheRowsToTheRevenue) {
  TestShop shop;
  auto paid = shop.make("ann", "2024-01-03", 10'000);
  paid.total_minor = 12'600;
  paid.tax_minor = 2'100;
  paid.shipping_minor = 500;
  paid.discount_minor = 300;
  shop.add(paid);
  auto partly = shop.make("bob", "2024-01-04", 5'000);
  partly.refund_minor = 1'000;
  shop.add(partly);
  auto back = shop.make("cid", "2024-01-05", 4'000);
  back.refund_minor = 4'000;
  back.refunded_at = calendar::Instant{day("2024-01-06").number * calendar::kMsPerDay};
  shop.add(back);
  auto pending = shop.make("dee", "2024-01-05", 700);
  pending.status = "pending";
  shop.add(pending);
  auto nobody = shop.make("", "2024-01-05", 900);
  nobody.customer = {};
  shop.add(nobody);
  shop.order("eve", "2024-01-08", 100);
  const auto h = shop.histories();
  ingest::ReadFacts facts;
  facts.bridge = {
      step("rows", 12), step("title_rows", 1),    step("header_rows", 1), step("rejected", 2, "ingest.reject.date"),
      step("lines", 8), step("further_lines", 1), step("orders", 7),      step("anonymous", 1)};
  facts.bridge[3].lines = {4, 9};
  const Bridge b = make_bridge(h, facts, end_of(h)).value();
  ASSERT_TRUE(check(b)) << check(b).error().message;
  struct {
    const char* name;
    Kind kind;
    std::optional<std::int64_t> count, amount;
  } const expected[] = {{"rows", Kind::kTotal, 12, {}},
                        {"title_rows", Kind::kStep, -1, {}},
                        {"header_rows", Kind::kStep, -1, {}},
                        {"rejected", Kind::kStep, -2, {}},
                        {"lines", Kind::kTotal, 8, {}},
                        {"further_lines", Kind::kStep, -1, {}},
                        {"same_order_again", Kind::kStep, -1, {}},
                        {"orders", Kind::kTotal, 6, 20'700},
                        {"anonymous", Kind::kStep, -1, -900},
                        {"awaited", Kind::kStep, -1, -700},
                        {"refunded", Kind::kStep, -1, -4'000},
                        {"counted_orders", Kind::kTotal, 3, 15'100},
                        {"paid", Kind::kTotal, {}, 17'700},
                        {"tax", Kind::kStep, {}, -2'100},
                        {"shipping", Kind::kStep, {}, -500},
                        {"gross", Kind::kTotal, {}, 15'100},
                        {"discount", Kind::kAside, 1, 300},
                        {"refunds", Kind::kStep, 1, -1'000},
                        {"revenue", Kind::kTotal, {}, 14'100}};
  ASSERT_EQ(b.lines.size(), std::size(expected));
  for (std::size_t i = 0; i < b.lines.size(); ++i) {
    EXPECT_EQ(b.lines[i].name, expected[i].name) << i;
    EXPECT_EQ(b.lines[i].kind, expected[i].kind) << b.lines[i].name;
    EXPECT_EQ(b.lines[i].count, expected[i].count) << b.lines[i].name;
    EXPECT_EQ(b.lines[i].amount_minor, expected[i].amount) << b.lines[i].name;
  }
  EXPECT_EQ(line(b, "rejected").rows, (std::vector<std::uint64_t>{4, 9}));
  EXPECT_EQ(line(b, "rejected").reason, "ingest.reject.date");
  EXPECT_EQ(line(b, "awaited").detail, "pending");
  EXPECT_EQ(line(b, "further_lines").reason, "report.bridge.why.further_lines");
}

TEST(Bridge, SaysWhatNobodyCanExplain) {
  const auto h = TestShop().order("ann", "2024-01-03", 100).histories();
  ingest::ReadFacts facts;
  facts.bridge = {step("rows", 5), step("title_rows", 1), step("lines", 3), step("orders", 0)};
  const Bridge b = make_bridge(h, facts, end_of(h)).value();
  EXPECT_TRUE(check(b));
  std::vector<std::int64_t> unexplained;
  for (const BridgeLine& l : b.lines) {
    if (l.name == "unexplained") unexplained.push_back(*l.count);
  }
  EXPECT_EQ(unexplained, (std::vector<std::int64_t>{-1, -2}));
}

TEST(Bridge, OfADataFolderBeginsAtItsOrders) {
  const auto h = TestShop().order("ann", "2024-01-03", 100).histories();
  const Bridge b = make_bridge(h, {}, end_of(h)).value();
  EXPECT_EQ(b.lines.front().name, "orders");
  EXPECT_EQ(b.find("rows"), nullptr);
  EXPECT_TRUE(check(b));
}

TEST(Bridge, OfNothingIsNothing) {
  const Bridge b = make_bridge(timeline::Histories{}, {}, calendar::Instant{0}).value();
  EXPECT_TRUE(check(b));
  EXPECT_EQ(line(b, "counted_orders").count, 0);
  EXPECT_EQ(line(b, "revenue").amount_minor, 0);
}

TEST(Bridge, LeavesOutWhatComesAfterAsOf) {
  TestShop shop;
  shop.order("ann", "2024-01-03", 100).order("bob", "2024-02-03", 200);
  const auto h = shop.histories();
  const Bridge b = make_bridge(h, {}, calendar::Instant{day("2024-02-01").number * calendar::kMsPerDay}).value();
  EXPECT_TRUE(check(b));
  EXPECT_EQ(line(b, "after_as_of").count, -1);
  EXPECT_EQ(line(b, "after_as_of").amount_minor, -200);
  EXPECT_EQ(line(b, "counted_orders").count, 1);
}

TEST(Bridge, ASumBeyond64BitsIsAnErrorAndNoNumber) {
  TestShop shop;
  shop.order("ann", "2024-01-03", 1).order("bob", "2024-01-04", 1);
  auto h = shop.histories();
  h.gross_minor = {INT64_MAX - 1, INT64_MAX - 1};
  const auto b = make_bridge(h, {}, end_of(TestShop().order("ann", "2024-01-09", 1).histories()));
  ASSERT_FALSE(b);
  EXPECT_EQ(b.error().code, Errc::kOutOfRange);
}

TEST(Bridge, CheckNamesTheTotalThatDoesNotFollow) {
  Bridge b = internal::small_report().bridge;
  EXPECT_TRUE(check(b)) << check(b).error().message;
  EXPECT_TRUE(check(internal::large_report().bridge));
  const std::size_t orders = 5, revenue = b.lines.size() - 1;
  b.lines[orders].count = 901;
  EXPECT_EQ(check(b).error().code, Errc::kCorrupt);
  EXPECT_NE(check(b).error().message.find("orders"), std::string::npos);
  b.lines[orders].count = 900;
  b.lines[revenue].amount_minor = 1;
  EXPECT_NE(check(b).error().message.find("revenue"), std::string::npos);
}

RC_GTEST_PROP(Bridge, OfAnyShopSumsAndAgreesWithTheAnswers, ()) {
  const auto h = *internal::random_shop();
  const std::optional<calendar::Instant> asked = *rc::gen::element<std::optional<calendar::Instant>>(
      std::nullopt, calendar::Instant{day("2023-06-01").number * calendar::kMsPerDay},
      calendar::Instant{day("2024-01-15").number * calendar::kMsPerDay + 41'000'000});
  Question q;
  q.as_of = asked;
  const RetentionAnswer answer = answer_retention(h, {}, q).value();
  const Bridge b = make_bridge(h, {}, answer.basics.as_of).value();
  RC_ASSERT(check(b).has_value());
  RC_ASSERT(b.find("unexplained") == nullptr);
  std::uint64_t orders = 0;
  std::int64_t gross = 0, revenue = 0;
  for (const RetentionRow& row : answer.rows) {
    orders += row.orders;
    gross += row.gross_minor;
    revenue += row.revenue_minor;
  }
  RC_ASSERT(line(b, "counted_orders").count == static_cast<std::int64_t>(orders));
  RC_ASSERT(line(b, "gross").amount_minor == gross);
  RC_ASSERT(line(b, "revenue").amount_minor == revenue);
}

// ---- With a file in front of it

class Sink : public ingest::OrderSink {
 public:
  explicit Sink(timeline::HistoriesBuilder& b) : builder_(b) {}
  Result<void> order(const ledger::OrderAssertion& o) override { return builder_.add(o, {}, ++seq_); }
  Result<void> refund(const ingest::LooseRefund& r) override {
    return builder_.add_refund(r.customer, r.at, r.amount, ++seq_);
  }

 private:
  timeline::HistoriesBuilder& builder_;
  std::uint64_t seq_ = 0;
};

TEST(Bridge, OfAFileExplainsEveryRow) {
  const auto path = std::filesystem::temp_directory_path() / ("behoud_bridge_" + std::to_string(::getpid()) + ".csv");
  std::ofstream(path) << "Order,Customer,Date,Amount,Status\n"
                         "1,ann,2024-01-03,10.00,paid\n"
                         "1,ann,2024-01-03,2.50,paid\n"
                         "2,bob,2024-01-04,20.00,paid\n"
                         "3,,2024-01-05,30.00,paid\n"
                         "4,cid,2024-01-05,40.00,pending\n"
                         "5,dee,not a date,50.00,paid\n"
                         "2,bob,2024-01-09,-5.00,paid\n"
                         "9,eve,2024-01-09,-7.00,paid\n"
                         "6,bob,2024-02-04,1.00,mystery\n"
                         "7,fay,2024-03-01,1.00,paid\n";
  ingest::ReadOptions options;
  options.now = calendar::Instant{day("2024-06-01").number * calendar::kMsPerDay};
  timeline::HistoriesBuilder builder({});
  Sink sink(builder);
  const auto facts = ingest::read_orders({path.string()}, options, sink);
  std::filesystem::remove(path);
  ASSERT_TRUE(facts) << facts.error().message;
  const auto h = std::move(builder).finish().value();
  const Bridge b = make_bridge(h, *facts, end_of(h)).value();
  EXPECT_TRUE(check(b)) << check(b).error().message;
  EXPECT_EQ(b.find("unexplained"), nullptr);
  EXPECT_EQ(line(b, "rows").count, 11) << "with the header";
  EXPECT_EQ(line(b, "rejected").count, -1);
  EXPECT_EQ(line(b, "counted_orders").count, 3);
  EXPECT_EQ(line(b, "gross").amount_minor, 3'350);
  EXPECT_EQ(line(b, "revenue").amount_minor, 2'850);
  EXPECT_EQ(line(b, "anonymous").amount_minor, -3'000);
  EXPECT_EQ(line(b, "unknown_status").detail, "mystery");
}

// Every export whose figures were worked out by hand: the bridge explains each row of it, and ends where the hand did.
TEST(Bridge, OfEveryExportEndsInTheFiguresWorkedOutByHand) {
  const auto folder = std::filesystem::path(BEHOUD_SOURCE_DIR) / "testdata/exports";
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".expected.json")) continue;
    const std::string file = name.substr(0, name.size() - std::string(".expected.json").size());
    SCOPED_TRACE(file);
    ++files;
    std::ifstream in(entry.path());
    const boost::json::object expected =
        boost::json::parse(std::string{std::istreambuf_iterator<char>(in), {}}).as_object();
    const boost::json::object& asked = expected.at("options").as_object();
    const auto text = [&](const char* key) {
      return asked.contains(key) ? std::string(asked.at(key).as_string().c_str()) : std::string();
    };
    ingest::ReadOptions options;
    options.now = calendar::Instant{day("2025-01-01").number * calendar::kMsPerDay};
    timeline::BuildSettings settings;
    if (!text("zone").empty()) settings.zone = options.zone = calendar::Zone::create(text("zone")).value();
    if (!text("currency").empty()) options.currency = money::Currency::parse(text("currency")).value();
    if (!text("map").empty()) options.map = ingest::parse_mapping(text("map")).value();
    options.date_format = text("date_format");

    timeline::HistoriesBuilder builder(settings);
    Sink sink(builder);
    const auto facts = ingest::read_orders({(folder / file).string()}, options, sink);
    ASSERT_TRUE(facts) << facts.error().message;
    const auto h = std::move(builder).finish().value();
    // After everything: refunds that come later than the last order are known too.
    const Bridge b = make_bridge(h, *facts, options.now).value();
    EXPECT_TRUE(check(b)) << check(b).error().message;
    EXPECT_EQ(b.find("unexplained"), nullptr);
    const auto number = [&](const char* key) { return expected.at(key).to_number<std::int64_t>(); };
    EXPECT_EQ(line(b, "rows").count, number("rows"));
    EXPECT_EQ(line(b, "lines").count, number("lines"));
    EXPECT_EQ(line(b, "counted_orders").count, number("counted_orders"));
    EXPECT_EQ(line(b, "gross").amount_minor, number("gross_minor"));
    EXPECT_EQ(line(b, "revenue").amount_minor, number("revenue_minor"));
  }
  EXPECT_GE(files, 20);
}

}  // namespace
}  // namespace behoud::retention::report
