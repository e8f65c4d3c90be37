// `behoud report FILE...`, the real program on real files.

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <gtest/gtest.h>

#include "app/exit_code.h"
#include "app/testing/process.h"
#include "base/file.h"

namespace behoud::app::testing {
namespace {

using boost::json::value;

constexpr std::string_view kOrders =
    "Order,Customer,Date,Total,Currency\n"
    "1,ann@example.com,2023-01-05,10.00,EUR\n"
    "2,bob@example.com,2023-01-06,20.00,EUR\n"
    "3,ann@example.com,2023-02-05,30.00,EUR\n"
    "4,cas@example.com,2023-03-07,40.00,EUR\n"
    "5,ann@example.com,2023-04-01,50.00,EUR\n";

class ReportCommand : public ::testing::Test {
 protected:
  std::string write(std::string_view name, std::string_view text) {
    const std::string path = folder_ / name;
    EXPECT_TRUE(write_file(path, text));
    return path;
  }
  Ended run(std::vector<std::string> words, std::map<std::string, std::string> variables = {{"LANG", "C.UTF-8"}}) {
    Start start;
    start.words = {"report"};
    start.words.insert(start.words.end(), words.begin(), words.end());
    start.variables = std::move(variables);
    start.folder = folder_.path();
    return run_behoud(start);
  }
  value json(std::vector<std::string> words) {
    words.emplace_back("--json");
    const Ended e = run(std::move(words));
    EXPECT_EQ(e.exit_code, kDone) << e.err;
    boost::system::error_code ec;
    value out = boost::json::parse(e.out, ec);
    EXPECT_FALSE(ec) << e.out;
    return out;
  }
  TemporaryFolder folder_;
};

TEST_F(ReportCommand, WhatTheFilesSayNothingOfIsNotCountedBy) {
  write("orders.csv", kOrders);
  for (const std::string basis : {"subscriptions", "relation", "events"}) {
    const Ended e = run({"orders.csv", "--basis", basis});
    EXPECT_EQ(e.exit_code, kUsage) << basis;
    EXPECT_EQ(e.out, "") << basis;
    EXPECT_NE(e.err.find("leave out --basis"), std::string::npos) << e.err;
  }
  const Ended dutch = run({"orders.csv", "--basis", "subscriptions"}, {{"LANG", "nl_NL.UTF-8"}});
  EXPECT_NE(dutch.err.find("Er zijn hier geen abonnementen"), std::string::npos) << dutch.err;
}

TEST_F(ReportCommand, TellsTheFiguresOfAFile) {
  write("orders.csv", kOrders);
  const value r = json({"orders.csv", "--window", "60d"});
  const value& rows = r.at("retention").at("rows");
  ASSERT_EQ(rows.as_array().size(), 4U);
  // 1 March: ann and bob ordered in the 60 days before; of the two ann is still active on 1 April, bob is not.
  const value& march = rows.at(2);
  EXPECT_EQ(march.at("period_start").as_string(), "2023-03-01");
  EXPECT_EQ(march.at("customers_start").as_int64(), 2);
  EXPECT_EQ(march.at("retained").as_int64(), 1);
  EXPECT_EQ(march.at("lost").as_int64(), 1);
  EXPECT_EQ(march.at("new").as_int64(), 1);
  EXPECT_EQ(march.at("revenue_minor").as_int64(), 4000);
  EXPECT_EQ(march.at("crr_strict").at("value").as_double(), 0.5);
  EXPECT_EQ(r.at("as_of").as_string(), "2023-04-02T00:00:00Z") << "the day after the last order";
}

TEST_F(ReportCommand, ThePageNamesTheFileAndStaysInItsLanguage) {
  write("orders.csv", kOrders);
  const Ended en = run({"orders.csv"});
  const Ended nl = run({"orders.csv"}, {{"LANG", "nl_NL.UTF-8"}});
  const Ended sv = run({"orders.csv", "--lang", "sv"}, {{"LANG", "nl_NL.UTF-8"}});
  for (const Ended* e : {&en, &nl, &sv}) {
    EXPECT_EQ(e->exit_code, kDone) << e->err;
    EXPECT_NE(e->out.find("orders.csv"), std::string::npos);
    EXPECT_EQ(e->err, "");
    EXPECT_EQ(e->out.find('\x1b'), std::string::npos) << "no colours where there is no terminal";
  }
  EXPECT_NE(en.out.find("Are we keeping our customers?"), std::string::npos);
  EXPECT_NE(nl.out, en.out);
  EXPECT_NE(sv.out, nl.out);
}

TEST_F(ReportCommand, WithoutAUtf8LocaleThePageIsAscii) {
  write("orders.csv", kOrders);
  for (const std::string lang : {"en", "nl", "sv"}) {
    const Ended e = run({"orders.csv", "--lang", lang}, {{"LC_ALL", "C"}});
    EXPECT_EQ(e.exit_code, kDone) << e.err;
    EXPECT_TRUE(std::ranges::all_of(e.out, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) << e.out;
  }
}

TEST_F(ReportCommand, HtmlIsOneFileThatAppearsWhole) {
  write("orders.csv", kOrders);
  const Ended e = run({"orders.csv", "--html", "report.html"});
  EXPECT_EQ(e.exit_code, kDone) << e.err;
  const auto html = read_file(folder_ / "report.html", 10 << 20);
  ASSERT_TRUE(html);
  EXPECT_NE(html->find("</html>"), std::string::npos);
  EXPECT_EQ(html->find("<script"), std::string::npos);
  EXPECT_NE(e.err.find("report.html"), std::string::npos);
  EXPECT_EQ(run({"orders.csv", "--html", "missing/report.html"}).exit_code, kBadInput);
}

TEST_F(ReportCommand, SeveralFilesAreOneShop) {
  const std::string text{kOrders};
  const auto half = text.find("3,ann");
  const std::string head = text.substr(0, text.find('\n') + 1);
  write("orders.csv", text);
  write("a.csv", text.substr(0, half));
  write("b.csv", head + text.substr(half));
  EXPECT_EQ(json({"a.csv", "b.csv"}).at("retention"), json({"orders.csv"}).at("retention"));
}

TEST_F(ReportCommand, AMappingMadeOnceIsRememberedByTheShapeOfTheFile) {
  write("odd.csv", "Q;W;E\nann;2023-01-05;10,00\nbob;2023-02-05;12,50\nann;2023-03-05;7,25\n");
  write("next.csv", "Q;W;E\ncas;2023-04-05;1,00\ncas;2023-05-05;2,00\n");
  const std::map<std::string, std::string> home{{"HOME", folder_.path()}};
  EXPECT_EQ(run({"next.csv", "--json"}, home).exit_code, kBadInput) << "no column says what it is";
  const Ended mapped = run({"odd.csv", "--json", "--map", "customer=Q,date=W,amount=E"}, home);
  ASSERT_EQ(mapped.exit_code, kDone) << mapped.err;
  const Ended next = run({"next.csv", "--json"}, home);
  EXPECT_EQ(next.exit_code, kDone) << next.err;
  EXPECT_NE(next.out.find("\"revenue_minor\":200"), std::string::npos);
}

TEST_F(ReportCommand, AMappingThatCannotBeKeptIsNoFailure) {
  write("odd.csv", "Q;W;E\nann;2023-01-05;10,00\nbob;2023-02-05;12,50\n");
  const Ended e = run({"odd.csv", "--map", "customer=#1,date=#2,amount=#3"}, {{"HOME", "/proc/nowhere"}});
  EXPECT_EQ(e.exit_code, kDone) << e.err;
  EXPECT_NE(e.err.find("not remembered"), std::string::npos);
}

TEST_F(ReportCommand, PositionsNeedNoHeader) {
  write("bare.txt", "0001 19970101 2 29.33\n0001 19970118 2 29.73\n0002 19970101 1 63.34\n");
  const value r = json({"bare.txt", "--map", "customer=#1,date=#2,quantity=#3,amount=#4"});
  EXPECT_EQ(r.at("retention").at("rows").at(0).at("orders").as_int64(), 3);
  EXPECT_EQ(r.at("retention").at("rows").at(0).at("revenue_minor").as_int64(), 12240);
}

TEST_F(ReportCommand, AShopsOwnStatusWordsAreBelieved) {
  write("orders.csv", "Order,Customer,Date,Total,Status\n1,ann,2023-01-05,10,shelved\n2,bob,2023-01-06,20,paid\n");
  const auto orders = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "orders.csv");
    return json(words).at("retention").at("rows").at(0).at("orders").as_int64();
  };
  EXPECT_EQ(orders({}), 1) << "an unknown word does not count";
  EXPECT_EQ(orders({"--status", "Shelved=counts"}), 2);
  EXPECT_EQ(orders({"--status", "shelved=counts", "--status", "paid=no"}), 1);
}

TEST_F(ReportCommand, BadInputNamesFileLineAndColumnAndIsNeverHalfShown) {
  write("empty.csv", "");
  write("header.csv", "Order,Customer,Date,Total\n");
  write("nothing.csv", "colour,shape\nred,round\nblue,square\n");
  write("ambiguous.csv", "Order,Customer,Date,Total\n1,ann,03/04/2024,10\n2,bob,05/06/2024,20\n");
  write("cut.csv", "Order,Customer,Date,Total\n1,ann,2024-01-01,10\n2,\"bo");
  write("nul.csv", std::string_view{"Order,Customer,Date,Total\n1,a\0n,2024-01-01,10\n", 46});
  for (const std::string file :
       {"empty.csv", "header.csv", "nothing.csv", "ambiguous.csv", "cut.csv", "nul.csv", "missing.csv", "."}) {
    const Ended e = run({file});
    EXPECT_EQ(e.exit_code, kBadInput) << file << e.err;
    EXPECT_EQ(e.out, "") << file;
    EXPECT_TRUE(e.err.starts_with("behoud: " + file)) << e.err;
    const Ended j = run({file, "--json"});
    EXPECT_EQ(j.exit_code, kBadInput);
    const value document = boost::json::parse(j.out);
    EXPECT_EQ(document.as_object().size(), 1U);
    EXPECT_FALSE(document.at("error").at("message").as_string().empty());
    EXPECT_EQ(document.at("error").at("file").as_string(), file);
  }
  EXPECT_NE(run({"ambiguous.csv"}).err.find("--date-format"), std::string::npos);
  EXPECT_EQ(run({"ambiguous.csv", "--date-format", "DMY"}).exit_code, kDone);
}

TEST_F(ReportCommand, MistakesAreFoundBeforeAFileIsOpened) {
  const struct {
    std::vector<std::string> words;
    std::string_view says;
  } cases[] = {{{}, "something is missing"},
               {{"x.csv", "--grain", "fortnight"}, "--grain"},
               {{"x.csv", "--timezone", "Mars/Base"}, "--timezone"},
               {{"x.csv", "--currency", "XYZ"}, "--currency"},
               {{"x.csv", "--map", "customer"}, "--map"},
               {{"x.csv", "--map", "colour=#1"}, "--map"},
               {{"x.csv", "--status", "paid"}, "--status"},
               {{"x.csv", "--status", "=no"}, "--status"},
               {{"x.csv", "--lang", "de"}, "--lang"},
               {{"x.csv", "--window", "never"}, "--window"},
               {{"x.csv", "--as-of", "soon"}, "--as-of"}};
  for (const auto& c : cases) {
    const Ended e = run(c.words);
    EXPECT_EQ(e.exit_code, kUsage) << c.says << e.err;
    EXPECT_NE(e.err.find(c.says), std::string::npos) << e.err;
  }
}

TEST_F(ReportCommand, HoldsTheTwoLawsOfTheDefinitionsOnTheSample) {
  const Ended made = run_behoud(
      {"sample", "--customers", "300", "--years", "3", "--out", folder_ / "sample.csv", "--shape", "shopify"});
  ASSERT_EQ(made.exit_code, kDone) << made.err;
  for (const std::string grain : {"month", "quarter", "28d"}) {
    std::vector<std::string> words{"sample.csv", "--timezone", "Europe/Amsterdam", "--grain", grain};
    if (grain == "28d") words.insert(words.end(), {"--from", "2023-01-02", "--to", "2025-12-01"});
    const value r = json(words);
    EXPECT_GT(r.at("retention").at("rows").as_array().size(), 5U);
    for (const value& row : r.at("retention").at("rows").as_array()) {
      const auto n = [&](std::string_view field) {
        return row.at(boost::json::string_view(field.data(), field.size())).as_int64();
      };
      EXPECT_EQ(n("customers_start"), n("retained") + n("lost"));
      EXPECT_EQ(n("customers_end"), n("retained") + n("new") + n("reactivated"));
    }
  }
}

}  // namespace
}  // namespace behoud::app::testing
