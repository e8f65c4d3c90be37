// `behoud import`, `imports`, `settings`, `backup`, `restore` and `doctor`, the real program on real folders.

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <csignal>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "app/exit_code.h"
#include "app/testing/process.h"
#include "base/file.h"

namespace behoud::app::testing {
namespace {

using boost::json::value;

constexpr std::string_view kHead = "Order,Customer,Date,Total,Currency,Status\n";
constexpr std::string_view kFirst =
    "1,ann@example.com,2023-01-05,10.00,EUR,paid\n"
    "2,bob@example.com,2023-01-06,20.00,EUR,paid\n"
    "3,ann@example.com,2023-02-05,30.00,EUR,pending\n";
// Overlaps the first: order 3 was paid meanwhile, order 4 is new.
constexpr std::string_view kSecond =
    "2,bob@example.com,2023-01-06,20.00,EUR,paid\n"
    "3,ann@example.com,2023-02-05,30.00,EUR,paid\n"
    "4,cas@example.com,2023-03-07,40.00,EUR,paid\n";

class ImportCommand : public ::testing::Test {
 protected:
  std::string write(std::string_view name, std::string text) {
    const std::string path = folder_ / name;
    EXPECT_TRUE(write_file(path, text));
    return path;
  }
  std::string orders(std::string_view name, std::string_view rows) {
    return write(name, std::string{kHead} + std::string{rows});
  }
  Ended run(std::vector<std::string> words) {
    Start start;
    start.words = std::move(words);
    start.variables = {{"LANG", "C.UTF-8"}, {"BEHOUD_DATA", folder_ / "data"}};
    start.folder = folder_.path();
    return run_behoud(start);
  }
  value json(std::vector<std::string> words) {
    words.emplace_back("--json");
    const Ended e = run(std::move(words));
    EXPECT_EQ(e.exit_code, kDone) << e.err << e.out;
    boost::system::error_code ec;
    value out = boost::json::parse(e.out, ec);
    EXPECT_FALSE(ec) << e.out;
    return out;
  }
  // Every figure of the shop, without the revision.
  std::string figures() {
    std::string out;
    for (const std::string question : {"retention", "cohorts", "value", "cost", "claims"}) {
      value v = json({question, "--window", "90d"});
      v.as_object().erase("revision");
      out += boost::json::serialize(v) + "\n";
    }
    return out;
  }
  TemporaryFolder folder_;
};

TEST_F(ImportCommand, OneRowThatCouldNotBeReadIsOneRow) {
  const std::string bad = "9,zoe@example.com,2023-01-09,abc,EUR,paid\n";
  EXPECT_NE(
      run({"import", "orders", orders("one.csv", std::string{kFirst} + bad)}).out.find("\n1 row could not be read.\n"),
      std::string::npos);
  EXPECT_NE(run({"import", "orders", orders("two.csv", std::string{kFirst} + bad + bad)})
                .out.find("\n2 rows could not be read.\n"),
            std::string::npos);
}

// The bridge was in the reader's language, and the sentences around it in English.
TEST_F(ImportCommand, TellsWhatItDidInTheReadersLanguage) {
  const std::string file = orders("orders.csv", std::string{kFirst} + "9,zoe@example.com,2023-01-09,abc,EUR,paid\n");
  const std::string nl = run({"import", "orders", file, "--lang", "nl"}).out;
  for (const char* said : {" bestellingen: ", " nieuw, 0 gewijzigd, 0 al bekend (import 1).", "De winkel: dagen in ",
                           "een tabel, csv", "1 rij was niet te lezen.", "Allemaal: "}) {
    EXPECT_NE(nl.find(said), std::string::npos) << said << "\n" << nl;
  }
  EXPECT_NE(run({"import", "orders", file, "--lang", "nl"}).out.find("is precies het bestand van import 1"),
            std::string::npos);
  const std::string sv = run({"import", "orders", file, "--lang", "sv", "--dry-run"}).out;
  EXPECT_NE(sv.find("En provkörning: inget skrevs."), std::string::npos) << sv;
  for (const char* english : {" new, ", "The shop", "could not be read", "All of them", "nothing"}) {
    EXPECT_EQ(nl.find(english), std::string::npos) << english;
    EXPECT_EQ(sv.find(english), std::string::npos) << english;
  }
}

TEST_F(ImportCommand, AStatusThatIsNotKnownIsListedWithItsCountAndAskedAbout) {
  const std::string file = orders("words.csv",
                                  "1,ann@example.com,2023-01-05,50.00,EUR,paid\n"
                                  "2,bob@example.com,2023-01-06,5.00,EUR,Wobbly\n"
                                  "3,bob@example.com,2023-01-07,5.00,EUR,paid\n"
                                  "4,bob@example.com,2023-01-08,5.00,EUR,wobbly\n");
  for (const bool dry : {true, false}) {
    std::vector<std::string> words{"import", "orders", file, "--data", folder_ / "my shop"};
    if (dry) words.emplace_back("--dry-run");
    const value said = json(words);
    const auto& notices = said.at("notices").as_array();
    ASSERT_EQ(notices.size(), 1U) << boost::json::serialize(said);
    EXPECT_EQ(notices[0].at("key"), "ingest.notice.unknown_status");
    EXPECT_EQ(notices[0].at("count"), 2);
    EXPECT_EQ(boost::json::serialize(notices[0].at("subjects")), R"(["wobbly"])");
    const std::string text{notices[0].at("text").as_string()};
    EXPECT_TRUE(text.starts_with("“wobbly” is no status we know: 2 orders with it count in no figure")) << text;
    EXPECT_TRUE(text.ends_with("behoud settings --status wobbly=counts --data '" + (folder_ / "my shop") + "'"))
        << text;
  }
  // For a person, in their language.
  const Ended dutch = run({"import", "orders", file, "--lang", "nl"});
  EXPECT_NE(dutch.out.find("“wobbly” is geen status die we kennen: 2 bestellingen ermee tellen nergens mee"),
            std::string::npos)
      << dutch.out;
  // What was said to mean something is asked about no more, in the same import or a later one.
  const value answered = json({"import", "orders", file, "--status", "wobbly=counts", "--data", folder_ / "told"});
  EXPECT_TRUE(answered.at("notices").as_array().empty());
  const std::string later = orders("later.csv", "5,ann@example.com,2023-02-05,50.00,EUR,wobbly\n");
  EXPECT_TRUE(json({"import", "orders", later, "--data", folder_ / "told"}).at("notices").as_array().empty());
}

TEST_F(ImportCommand, TheFirstImportMakesTheShop) {
  orders("a.csv", kFirst);
  const value r = json({"import", "orders", "a.csv", "--timezone", "Europe/Amsterdam"});
  EXPECT_EQ(r.at("import").at("id").as_int64(), 1);
  EXPECT_EQ(r.at("import").at("added").as_int64(), 3);
  EXPECT_EQ(r.at("settings").at("timezone").as_string(), "Europe/Amsterdam");
  EXPECT_EQ(r.at("settings").at("currency").as_string(), "EUR") << "from the file";
  EXPECT_EQ(r.at("settings").at("window_days").as_int64(), 365) << "too few gaps to tell";
  EXPECT_EQ(r.at("rejected").at("count").as_int64(), 0);
  const value settings = json({"settings"});
  EXPECT_EQ(settings.at("currency").as_string(), "EUR");
  EXPECT_EQ(settings.at("window_days").as_int64(), 365);
}

TEST_F(ImportCommand, GivesTheFiguresThatTheReportOfTheFileGives) {
  orders("a.csv", kSecond);
  json({"import", "orders", "a.csv"});
  const value file = json({"report", "a.csv", "--window", "90d"});
  for (const std::string question : {"retention", "value", "cost", "claims"}) {
    value kept = json({question, "--window", "90d"});
    value read = file.at(question);
    for (value* v : {&kept, &read}) v->as_object().erase("revision");
    EXPECT_EQ(kept, read) << question;
  }
}

TEST_F(ImportCommand, TheFoldersReportHasTheFiguresOfTheFiles) {
  orders("a.csv", kSecond);
  json({"import", "orders", "a.csv"});
  const value file = json({"report", "a.csv", "--window", "90d"});
  const value folder = json({"report", "--data", "data", "--window", "90d"});
  EXPECT_EQ(folder.at("retention").at("rows"), file.at("retention").at("rows"));
  EXPECT_EQ(folder.at("cohorts").at("on").at("rows"), file.at("cohorts").at("on").at("rows"));
  EXPECT_NE(run({"report", "--data", "data"}).out.find("Are we keeping our customers?"), std::string::npos);
  EXPECT_EQ(run({"report", "a.csv", "--data", "data"}).exit_code, kUsage);
  EXPECT_EQ(run({"report", "--data", "data", "--map", "customer=#1,date=#2,amount=#3"}).exit_code, kUsage);
  EXPECT_EQ(run({"report", "--data", "nothing"}).exit_code, kBadInput);
}

TEST_F(ImportCommand, TheSameFileTwiceAddsNothing) {
  orders("a.csv", kFirst);
  json({"import", "orders", "a.csv"});
  const std::string before = figures();
  const value again = json({"import", "orders", "a.csv"});
  EXPECT_EQ(again.at("import").at("repeats").as_int64(), 1);
  EXPECT_EQ(again.at("import").at("added").as_int64(), 0);
  EXPECT_EQ(figures(), before);
  std::filesystem::copy(folder_ / "a.csv", folder_ / "renamed.csv");
  EXPECT_EQ(json({"import", "orders", "renamed.csv"}).at("import").at("repeats").as_int64(), 1) << "by what is in it";
}

TEST_F(ImportCommand, ReorderedColumnsAreTheSameOrders) {
  orders("a.csv", kFirst);
  write("b.csv",
        "Status,Total,Currency,Order,Date,Customer\n"
        "paid,10.00,EUR,1,2023-01-05,ann@example.com\n"
        "paid,20.00,EUR,2,2023-01-06,bob@example.com\n"
        "pending,30.00,EUR,3,2023-02-05,ann@example.com\n");
  json({"import", "orders", "a.csv"});
  const std::string before = figures();
  const value again = json({"import", "orders", "b.csv"});
  EXPECT_EQ(again.at("import").at("added").as_int64(), 0);
  EXPECT_EQ(again.at("import").at("repeated").as_int64(), 3);
  EXPECT_EQ(figures(), before);
}

TEST_F(ImportCommand, AnOverlappingExportAddsWhatIsNewAndTakesOverWhatHasChanged) {
  orders("a.csv", kFirst);
  orders("b.csv", kSecond);
  json({"import", "orders", "a.csv"});
  const value second = json({"import", "orders", "b.csv"});
  EXPECT_EQ(second.at("import").at("added").as_int64(), 1);
  EXPECT_EQ(second.at("import").at("changed").as_int64(), 1);
  EXPECT_EQ(second.at("import").at("repeated").as_int64(), 1);
}

TEST_F(ImportCommand, AfterAAndBUndoingALeavesThatOfBAlone) {
  orders("a.csv", kFirst);
  orders("b.csv", kSecond);
  json({"import", "orders", "a.csv"});
  json({"import", "orders", "b.csv"});
  const Ended undone = run({"imports", "undo", "1"});
  EXPECT_EQ(undone.exit_code, kDone) << undone.err;
  const std::string both = figures();
  std::filesystem::remove_all(folder_ / "data");
  json({"import", "orders", "b.csv"});
  EXPECT_EQ(figures(), both);
}

TEST_F(ImportCommand, ImportsAreListedAndTakenBackOnce) {
  orders("a.csv", kFirst);
  json({"import", "orders", "a.csv", "--source", "web"});
  const value list = json({"imports"});
  ASSERT_EQ(list.at("rows").as_array().size(), 1U);
  EXPECT_EQ(list.at("rows").at(0).at("source").as_string(), "web");
  EXPECT_EQ(list.at("rows").at(0).at("state").as_string(), "committed");
  EXPECT_EQ(json({"imports", "undo", "1"}).at("rows").at(0).at("state").as_string(), "undone");
  EXPECT_EQ(json({"imports"}).at("rows").at(0).at("state").as_string(), "undone");
  EXPECT_EQ(run({"imports", "undo", "1"}).exit_code, kUsage) << "taken back already";
  EXPECT_EQ(run({"imports", "undo", "9"}).exit_code, kBadInput) << "there is none";
  for (const std::vector<std::string>& words : {std::vector<std::string>{"imports", "undo"},
                                                {"imports", "undo", "x"},
                                                {"imports", "redo", "1"},
                                                {"imports", "undo", "0"}}) {
    EXPECT_EQ(run(words).exit_code, kUsage);
  }
  const Ended table = run({"imports"});
  EXPECT_NE(table.out.find("a.csv"), std::string::npos);
}

// What was taken back, and the zone that was assumed, were told in English whatever --lang said.
TEST_F(ImportCommand, TellsOfTheZoneAndOfWhatIsTakenBackInTheReadersLanguage) {
  const std::string file = orders("a.csv", kFirst);
  const struct {
    std::string lang;
    const char *zone, *undone, *missing, *folder;
  } languages[] = {
      {"en", "The shop’s time zone is not said", "Import 1 (a.csv) is taken back", "no such file", "folder"},
      {"nl", "De tijdzone van de winkel is niet genoemd", "Import 1 (a.csv) is teruggenomen",
       "Dit bestand bestaat niet.", "Dit is een map"},
      {"sv", "Butikens tidszon är inte angiven", "Import 1 (a.csv) är tillbakatagen", "Den filen finns inte.",
       "Det här är en mapp"}};
  for (const auto& l : languages) {
    const std::string data = folder_ / l.lang;
    const Ended in = run({"import", "orders", file, "--data", data, "--lang", l.lang});
    EXPECT_NE(in.err.find(l.zone), std::string::npos) << in.err;
    const Ended undone = run({"imports", "undo", "1", "--data", data, "--lang", l.lang});
    EXPECT_NE(undone.out.find(l.undone), std::string::npos) << undone.out;
    const Ended missing = run({"import", "orders", "missing.csv", "--data", data, "--lang", l.lang});
    EXPECT_EQ(missing.exit_code, kBadInput);
    EXPECT_NE(missing.err.find(l.missing), std::string::npos) << missing.err;
    const Ended of_folder = run({"import", "orders", data, "--data", data, "--lang", l.lang});
    EXPECT_EQ(of_folder.exit_code, kBadInput);
    EXPECT_NE(of_folder.err.find(l.folder), std::string::npos) << of_folder.err;
  }
}

// DuckDB's own words named neither the file nor the way out.
TEST_F(ImportCommand, AnExportThatHasNoPlaceNamesTheFileAndTheWayOut) {
  orders("a.csv", kFirst);
  json({"import", "orders", "a.csv"});
  for (const std::string format : {"csv", "parquet"}) {
    const Ended e = run({"export", "orders", "--format", format, "--out", "nowhere/out"});
    EXPECT_EQ(e.exit_code, kBadInput) << format;
    EXPECT_EQ(e.err,
              "behoud: nowhere/out: cannot write: there is no such file or folder\n"
              "  Make the folder first, or write to another.\n")
        << format;
  }
  write("taken.parquet", "what was there");
  Start start;
  start.words = {"export", "orders", "--format", "parquet", "--out", "taken.parquet"};
  start.variables = {{"LANG", "sv_SE.UTF-8"}, {"BEHOUD_DATA", folder_ / "data"}};
  start.folder = folder_.path();
  start.file_bytes_max = 48 << 10;  // above what the folder's own files grow by, below the export
  std::string rows;
  for (int i = 100; i < 8000; ++i)
    rows += fmt::format("{},c{}@example.com,2023-04-05,{}.00,EUR,paid\n", i, i * 7919 % 10007, i);
  orders("many.csv", rows);
  json({"import", "orders", "many.csv"});
  const Ended full = run_behoud(start);
  EXPECT_EQ(full.exit_code, kFailed) << full.err;
  EXPECT_NE(full.err.find("taken.parquet: Filen kunde inte skrivas."), std::string::npos) << full.err;
  EXPECT_EQ(read_file(folder_ / "taken.parquet", 1 << 20).value_or(""), "what was there");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "taken.parquet.partial"));
}

TEST_F(ImportCommand, WhatIsNoBackupIsNotCalledADamagedOne) {
  const std::string file = orders("a.csv", kFirst);
  for (const std::string& from : {file, folder_ / "nowhere"}) {
    const Ended e = run({"restore", from, "--data", folder_ / "fresh"});
    EXPECT_EQ(e.exit_code, kBadInput) << e.err;
    EXPECT_NE(e.err.find("there is no backup in " + from), std::string::npos) << e.err;
    EXPECT_NE(e.err.find("that `behoud backup` made"), std::string::npos) << e.err;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "fresh"));
  }
  json({"import", "orders", "a.csv"});
  const Ended e = run({"backup", folder_ / "nowhere/copy"});
  EXPECT_NE(e.err.find("make the folder that it is to lie in first"), std::string::npos) << e.err;
}

// --currency says how files are read; beside --data the report refuses it.
TEST_F(ImportCommand, AFolderWithoutACurrencyNamesTheSettings) {
  write("items.csv", "sku,name\nmug,Mug\n");
  ASSERT_EQ(run({"import", "items", "items.csv"}).exit_code, kDone);
  const Ended e = run({"report", "--data", folder_ / "data"});
  EXPECT_NE(e.out.find("behoud settings"), std::string::npos) << e.out;
  EXPECT_EQ(e.out.find("with\n  --currency"), std::string::npos) << e.out;
}

TEST_F(ImportCommand, ADryRunTellsAndLeavesNoTrace) {
  orders("a.csv", kFirst);
  orders("b.csv", kSecond);
  const value nowhere = json({"import", "orders", "a.csv", "--dry-run"});
  EXPECT_TRUE(nowhere.at("dry_run").as_bool());
  EXPECT_EQ(nowhere.at("import").at("added").as_int64(), 3);
  EXPECT_EQ(nowhere.at("settings").at("currency").as_string(), "EUR");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data"));
  json({"import", "orders", "a.csv"});
  const std::string before = figures();
  const value there = json({"import", "orders", "b.csv", "--dry-run"});
  EXPECT_EQ(there.at("import").at("added").as_int64(), 1);
  EXPECT_EQ(there.at("import").at("changed").as_int64(), 1);
  EXPECT_FALSE(there.at("bridge").as_array().empty());
  EXPECT_EQ(figures(), before);
  EXPECT_EQ(json({"imports"}).at("rows").as_array().size(), 1U);
}

// From the rows to the revenue, with each reason why an order does not count, in the reader's language.
TEST_F(ImportCommand, TheBridgeGoesDownToWhatCounts) {
  orders("a.csv", std::string{kFirst} +
                      "4,,2023-02-06,5.00,EUR,paid\n5,cas@example.com,2023-02-07,6.00,EUR,wobbly\n"
                      "6,cas@example.com,2023-02-07,7.00,EUR,cancelled\n7,cas@example.com,2023-02-08,8.00,USD,paid\n");
  const value told = json({"import", "orders", "a.csv"});
  std::string seen;
  for (const value& line : told.at("bridge").as_array()) {
    seen += std::string{line.at("name").as_string()} + " " + boost::json::serialize(line.at("count")) + " " +
            boost::json::serialize(line.at("amount_minor")) + " " + boost::json::serialize(line.at("detail")) + "\n";
  }
  EXPECT_EQ(seen,
            "rows 8 null null\nheader_rows -1 null null\nlines 7 null null\norders 7 7800 null\n"
            "anonymous -1 -500 \"paid\"\nawaited -1 -3000 \"pending\"\ncancelled -1 -700 \"cancelled\"\n"
            "unknown_status -1 -600 \"wobbly\"\ncounted_orders 3 3000 null\ngross null 3000 null\n"
            "revenue null 3000 null\nunconverted 1 800 \"USD\"\n");
  const Ended shown = run({"import", "orders", orders("b.csv", kSecond), "--lang", "nl"});
  EXPECT_NE(shown.out.find("Bestellingen die meetellen"), std::string::npos) << shown.out;
}

TEST_F(ImportCommand, TheVeryFileAgainMaySayWhatAStatusMeans) {
  orders("a.csv", std::string{kFirst} + "5,cas@example.com,2023-02-07,6.00,EUR,wobbly\n");
  json({"import", "orders", "a.csv"});
  const Ended again = run({"import", "orders", "a.csv", "--status", "wobbly=counts"});
  EXPECT_NE(again.out.find("nothing in it is new"), std::string::npos) << again.out;
  EXPECT_NE(again.out.find("'wobbly'=counts"), std::string::npos) << again.out;
  const Ended once_more = run({"import", "orders", "a.csv", "--status", "wobbly=counts"});
  EXPECT_NE(once_more.out.find(": nothing is new."), std::string::npos) << once_more.out;
  const value listed = json({"imports"});
  EXPECT_TRUE(listed.at("rows").at(0).at("repeats").is_null());
  EXPECT_EQ(listed.at("rows").at(2).at("repeats").as_int64(), 1);
  EXPECT_GE(std::string{listed.at("rows").at(1).at("received").as_string()},
            std::string{listed.at("rows").at(0).at("received").as_string()});
}

TEST_F(ImportCommand, TheVeryFileReadInAnotherWayIsSaid) {
  orders("a.csv", "1,ann@example.com,2023-01-05 23:30,10.00,EUR,paid\n");
  json({"import", "orders", "a.csv", "--timezone", "Europe/Amsterdam"});
  const Ended again = run({"import", "orders", "a.csv", "--timezone", "America/New_York"});
  EXPECT_NE(again.out.find("0 new, 1 changed"), std::string::npos) << again.out;
  EXPECT_NE(again.out.find("came in before, as import 1"), std::string::npos) << again.out;
}

TEST_F(ImportCommand, AnAmountThatMayBeAThousandTimesAnotherIsAskedAbout) {
  orders("a.csv", "1,ann@example.com,2023-01-05,1.234,EUR,paid\n2,bob@example.com,2023-01-06,12.500,EUR,paid\n");
  const Ended asked = run({"import", "orders", "a.csv"});
  EXPECT_EQ(asked.exit_code, kBadInput);
  EXPECT_NE(asked.err.find("--decimal ,"), std::string::npos) << asked.err;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data"));
  const value whole = json({"import", "orders", "a.csv", "--decimal", ",", "--dry-run"});
  EXPECT_EQ(whole.at("bridge").as_array().back().at("amount_minor").as_int64(), 1'373'400);
  const value parts = json({"report", "a.csv", "--decimal", "point"});
  EXPECT_EQ(parts.at("bridge").as_array().back().at("amount_minor").as_int64(), 1'373);
  EXPECT_EQ(run({"import", "orders", "a.csv", "--decimal", "dot"}).exit_code, kUsage);
}

TEST_F(ImportCommand, RowsThatCannotBeReadGoToAFileBesideAndTheOthersGoIn) {
  std::string rows =
      "1,ann,2023-01-05,10.00,EUR,paid\n"
      "2,bob,soon,20.00,EUR,paid\n"
      "3,cas,2023-01-07,=1+1,EUR,paid\n";
  for (int i = 4; i < 100; ++i) rows += std::to_string(i) + ",dee,2023-01-08,40.00,EUR,paid\n";
  orders("a.csv", rows);
  const value r = json({"import", "orders", "a.csv"});
  EXPECT_EQ(r.at("import").at("added").as_int64(), 97);
  EXPECT_EQ(r.at("rejected").at("count").as_int64(), 2);
  EXPECT_EQ(r.at("rejected").at("files").at(0).as_string(), "a.csv.rejected.csv");
  EXPECT_EQ(*read_file(folder_ / "a.csv.rejected.csv", 10000),
            "file,line,column,reason,cell\n"
            "a.csv,3,Date,the date cannot be read,soon\n"
            "a.csv,4,Total,the amount is not a number,\"'=1+1\"\n");
}

TEST_F(ImportCommand, TheRejectedRowsOfAnImportAreShownAgain) {
  std::string rows_of_file = "1,ann,2023-01-05,10.00,EUR,paid\n2,bob,soon,20.00,EUR,paid\n";
  for (int i = 3; i < 100; ++i) rows_of_file += std::to_string(i) + ",dee,2023-01-08,40.00,EUR,paid\n";
  orders("a.csv", rows_of_file);
  json({"import", "orders", "a.csv"});
  const Ended csv = run({"imports", "rejected", "1"});
  EXPECT_EQ(csv.exit_code, kDone) << csv.err;
  EXPECT_EQ(csv.out, *read_file(folder_ / "a.csv.rejected.csv", 10000));
  const value rows = json({"imports", "rejected", "1"}).at("rows");
  ASSERT_EQ(rows.as_array().size(), 1U);
  EXPECT_EQ(rows.at(0).at("line"), 3);
  EXPECT_EQ(rows.at(0).at("cell"), "soon");
  // The list of imports says how many there are.
  json({"import", "orders", "a.csv"});
  orders("b.csv", "200,ann,2023-02-05,10.00,EUR,paid\n");
  json({"import", "orders", "b.csv"});
  const value imports = json({"imports"}).at("rows");
  ASSERT_EQ(imports.as_array().size(), 3U);
  EXPECT_EQ(imports.at(0).at("rejected"), 1);
  EXPECT_EQ(imports.at(1).at("rejected"), 1) << "the very same file";
  EXPECT_EQ(imports.at(2).at("rejected"), 0);
  const std::string table = run({"imports", "--format", "csv"}).out;
  EXPECT_TRUE(table.substr(0, table.find('\n')).ends_with(",repeats,rejected")) << table;
  EXPECT_NE(run({"imports", "rejected", "9"}).exit_code, kDone);
  EXPECT_EQ(run({"imports", "rejected"}).exit_code, kUsage);
}

TEST_F(ImportCommand, WithoutATerminalAMissingZoneIsAWarningAndAMissingCurrencyAnError) {
  write("bare.csv", "Order,Customer,Date,Total\n1,ann,2023-01-05,10.00\n2,bob,2023-02-05,12.00\n");
  const Ended e = run({"import", "orders", "bare.csv"});
  EXPECT_EQ(e.exit_code, kBadInput);
  EXPECT_NE(e.err.find("--currency"), std::string::npos) << e.err;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data")) << "a first import that fails leaves no folder";
  EXPECT_NE(e.err.find("UTC"), std::string::npos) << e.err;
  const Ended said = run({"import", "orders", "bare.csv", "--currency", "SEK"});
  EXPECT_EQ(said.exit_code, kDone) << said.err;
  EXPECT_EQ(json({"settings"}).at("currency").as_string(), "SEK");
  EXPECT_EQ(json({"settings"}).at("zone").as_string(), "UTC");
  write("more.csv", "Order,Customer,Date,Total\n3,ann,2023-03-05,10.00\n");
  const Ended later = run({"import", "orders", "more.csv"});
  EXPECT_EQ(later.exit_code, kDone) << later.err;
  EXPECT_EQ(later.err, "") << "the shop's zone and currency are known now";
}

TEST_F(ImportCommand, WhatIsWrongWithAFileLeavesNothingBehind) {
  write("nothing.csv", "colour,shape\nred,round\n");
  const Ended e = run({"import", "orders", "nothing.csv"});
  EXPECT_EQ(e.exit_code, kBadInput);
  EXPECT_TRUE(e.err.find("behoud: nothing.csv") != std::string::npos) << e.err;
  EXPECT_EQ(run({"import", "orders", "missing.csv"}).exit_code, kBadInput);
  EXPECT_EQ(run({"import", "poems", "x.csv"}).exit_code, kUsage);
  EXPECT_EQ(run({"import", "orders"}).exit_code, kUsage);
  orders("a.csv", kFirst);
  json({"import", "orders", "a.csv"});
  EXPECT_EQ(json({"imports"}).at("rows").as_array().size(), 1U);
}

TEST_F(ImportCommand, OwnDataNeverMixesWithASample) {
  orders("a.csv", kFirst);
  ASSERT_EQ(run({"sample", "--customers", "5", "--data", folder_ / "sample"}).exit_code, kDone);
  const Ended e = run({"import", "orders", "a.csv", "--data", folder_ / "sample"});
  EXPECT_EQ(e.exit_code, kUsage);
  EXPECT_NE(e.err.find("sample"), std::string::npos);
}

TEST_F(ImportCommand, AMappingMadeOnceIsRememberedByTheLedger) {
  write("odd.csv", "Q;W;E\nann;2023-01-05;10,00\nbob;2023-02-05;12,50\n");
  write("next.csv", "Q;W;E\ncas;2023-03-05;1,00\n");
  json({"import", "orders", "odd.csv", "--map", "customer=Q,date=W,amount=E", "--currency", "EUR"});
  EXPECT_EQ(json({"import", "orders", "next.csv"}).at("import").at("added").as_int64(), 1);
  const value mappings = json({"settings"}).at("mappings");
  ASSERT_EQ(mappings.as_object().size(), 1U);
  EXPECT_EQ(mappings.as_object().begin()->value(), "customer=Q,date=W,amount=E");
}

TEST_F(ImportCommand, TheSmallTablesFindTheirPlace) {
  orders("a.csv", std::string{kFirst} + std::string{"4,cas@example.com,2023-03-07,40.00,EUR,paid\n"});
  json({"import", "orders", "a.csv", "--window", "60d"});
  EXPECT_EQ(json({"retention"}).at("rows").at(0).at("new").as_int64(), 2) << "ann and bob";
  write("costs.csv", "from,to,amount,currency,kind,purpose\n2023-01-01,2023-01-31,31.00,EUR,marketing,retention\n");
  write("customers.csv", "email,first_order,orders\nbob@example.com,2019-05-01,7\n");
  write("items.csv", "id,name,cost,currency\nmug,Mug,3.50,EUR\n");
  write("rates.csv", "date,currency,rate\n2023-01-02,SEK,11.1\n");
  write("subscriptions.csv",
        "id,customer,plan,start,amount,currency,interval\ns1,ann@example.com,tea,2023-01-01,9.00,EUR,month\n");
  for (const std::string kind : {"costs", "customers", "items", "rates", "subscriptions"}) {
    const value r = json({"import", kind, kind + ".csv"});
    EXPECT_EQ(r.at("import").at("added").as_int64(), 1) << kind;
    EXPECT_EQ(r.at("import").at("kind").as_string(), kind.c_str());
    EXPECT_EQ(json({"import", kind, kind + ".csv"}).at("import").at("added").as_int64(), 0) << kind;
  }
  EXPECT_EQ(json({"cost"}).at("rows").at(0).at("crc_total_minor").as_int64(), 3100);
  const value subscribers =
      json({"retention", "--basis", "subscriptions", "--from", "2023-01-01", "--to", "2023-03-01"});
  EXPECT_EQ(subscribers.at("rows").at(1).at("customers_start").as_int64(), 1);
  EXPECT_EQ(json({"retention"}).at("rows").at(0).at("new").as_int64(), 1) << "bob had ordered before the history began";
}

TEST_F(ImportCommand, ChangedSettingsChangeEveryFigureAndNothingElse) {
  write("late.csv",
        "Order,Customer,Date,Total,Currency,Status\n"
        "1,ann,2023-01-31T23:30:00Z,10.00,EUR,paid\n"
        "2,bob,2023-02-15T12:00:00Z,11.10,SEK,shelved\n");
  json({"import", "orders", "late.csv", "--timezone", "UTC", "--currency", "EUR", "--window", "60d"});
  EXPECT_EQ(json({"retention"}).at("rows").at(0).at("period_start").as_string(), "2023-01-01");
  json({"settings", "--timezone", "Europe/Amsterdam"});
  EXPECT_EQ(json({"retention"}).at("rows").at(0).at("period_start").as_string(), "2023-02-01")
      << "in Amsterdam it is February";
  EXPECT_EQ(json({"retention"}).at("rows").at(0).at("orders").as_int64(), 1);
  EXPECT_EQ(json({"settings"}).at("unknown_statuses").at(0).at("word").as_string(), "shelved");
  EXPECT_EQ(json({"settings"}).at("window_proposed_days").as_int64(), 365) << "too few gaps to tell";
  json({"settings", "--status", "shelved=counts"});
  EXPECT_TRUE(json({"settings"}).at("unknown_statuses").as_array().empty());
  EXPECT_EQ(json({"retention"}).at("rows").at(0).at("orders").as_int64(), 2);
  json({"settings", "--status", "shelved=default"});
  EXPECT_EQ(json({"retention"}).at("rows").at(0).at("orders").as_int64(), 1);
  const value changed = json({"settings", "--currency", "SEK", "--window", "30d", "--margin", "35.5%"});
  EXPECT_EQ(changed.at("currency").as_string(), "SEK");
  EXPECT_EQ(changed.at("margin_rate").as_double(), 0.355);
  EXPECT_EQ(json({"retention"}).at("definitions").at("window_days").as_int64(), 30);
  EXPECT_EQ(json({"retention"}).at("rows").at(0).at("revenue_minor").as_int64(), 0) << "no rate for the euro";
  const auto revision = json({"settings"}).at("revision").as_int64();
  EXPECT_EQ(json({"settings", "--window", "30d"}).at("revision").as_int64(), revision) << "that holds already";
  EXPECT_TRUE(json({"settings", "--margin", "none"}).at("margin_rate").is_null());
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--timezone", "Mars"},
                                                {"--currency", "X"},
                                                {"--window", "0"},
                                                {"--margin", "101"},
                                                {"--status", "x"}}) {
    std::vector<std::string> all{"settings"};
    all.insert(all.end(), words.begin(), words.end());
    EXPECT_EQ(run(all).exit_code, kUsage) << words.front();
  }
}

TEST_F(ImportCommand, MoneyWithoutAnExchangeRateIsToldOfUntilThereIsOne) {
  const std::string file = orders("dollars.csv",
                                  "1,ann@example.com,2023-01-05,10.00,USD,paid\n"
                                  "2,ann@example.com,2023-02-05,20.00,USD,paid\n");
  ASSERT_EQ(run({"import", "orders", file, "--currency", "EUR", "--timezone", "UTC"}).exit_code, kDone);
  for (const std::string question : {"retention", "cohorts", "value", "cost", "claims", "whatif"}) {
    EXPECT_EQ(boost::json::serialize(json({question}).at("unconverted")),
              R"([{"currency":"USD","orders":2,"gross_minor":3000}])")
        << question;
  }
  EXPECT_NE(run({"value"}).out.find("Without an exchange rate: 2 orders of 30.00 USD in all"), std::string::npos);
  const std::string rates = write("rates.csv", "date,currency,rate\n2023-01-05,USD,1.25\n2023-02-05,USD,1.25\n");
  const Ended rated = run({"import", "rates", rates});
  ASSERT_EQ(rated.exit_code, kDone) << rated.err;
  EXPECT_FALSE(json({"value"}).as_object().contains("unconverted"));
  EXPECT_EQ(run({"value"}).out.find("Without an exchange rate"), std::string::npos);
}

TEST_F(ImportCommand, EveryOrderIsExportedWithItsOwnMoneyAndWhyItDoesNotCount) {
  const std::string file = write("all.csv",
                                 "order,customer,date,amount,currency,status\n"
                                 "1,a,2024-01-05,10,EUR,paid\n"
                                 "2,b,2024-01-20,10,USD,paid\n"
                                 "3,a,2024-02-03,20,EUR,refunded\n"
                                 "4,c,2024-03-02,30,SEK,pending\n"
                                 "5,d,2024-03-31,40,EUR,voided\n"
                                 "6,e,2024-03-31,40,EUR,wobbly\n"
                                 "7,,2024-03-31,40,EUR,paid\n");
  ASSERT_EQ(run({"import", "orders", file, "--currency", "EUR", "--timezone", "UTC"}).exit_code, kDone);
  const Ended e = run({"export", "orders"});
  ASSERT_EQ(e.exit_code, kDone) << e.err;
  EXPECT_EQ(e.out,
            "order_id,customer,customer_kind,placed_at,day,counts,currency,gross_minor,refunded_minor,revenue_minor,"
            "tax_minor,shipping_minor,discount_minor,units_milli,item,coupon,source,country,why_not,stated_currency,"
            "stated_gross_minor,stated_refunded_minor\n"
            "1,a,customer_id,2024-01-05T00:00:00Z,2024-01-05,true,EUR,1000,0,1000,,,,,,,,,,EUR,1000,0\n"
            "2,b,customer_id,2024-01-20T00:00:00Z,2024-01-20,true,,,,,,,,,,,,,,USD,1000,0\n"
            "3,a,customer_id,2024-02-03T00:00:00Z,2024-02-03,false,EUR,2000,2000,0,,,,,,,,,refunded,EUR,2000,2000\n"
            "4,c,customer_id,2024-03-02T00:00:00Z,2024-03-02,false,,,,,,,,,,,,,awaited,SEK,3000,0\n"
            "5,d,customer_id,2024-03-31T00:00:00Z,2024-03-31,false,EUR,4000,0,0,,,,,,,,,void,EUR,4000,0\n"
            "6,e,customer_id,2024-03-31T00:00:00Z,2024-03-31,false,EUR,4000,0,0,,,,,,,,,unknown_status,EUR,4000,0\n"
            "7,,,2024-03-31T00:00:00Z,2024-03-31,false,EUR,4000,0,0,,,,,,,,,anonymous,EUR,4000,0\n");
}

TEST_F(ImportCommand, ABackupRestoredIsAtTheSameRevision) {
  orders("a.csv", kFirst);
  orders("b.csv", kSecond);
  json({"import", "orders", "a.csv"});
  const std::string before = figures();
  const value backup = json({"backup", "copy"});
  EXPECT_EQ(run({"backup", "copy"}).exit_code, kUsage) << "the place is taken";
  json({"import", "orders", "b.csv"});
  EXPECT_NE(figures(), before);
  const value restored = json({"restore", "copy"});
  EXPECT_EQ(restored.at("revision"), backup.at("revision"));
  EXPECT_EQ(figures(), before);
  EXPECT_EQ(run({"restore", "nowhere"}).exit_code, kBadInput);
}

TEST_F(ImportCommand, TheDoctorSaysWhatIsWrong) {
  orders("a.csv", kFirst);
  json({"import", "orders", "a.csv"});
  const value healthy = json({"doctor"});
  EXPECT_TRUE(healthy.at("healthy").as_bool());
  auto database = *read_file(folder_ / "data/behoud.db", 100 << 20);
  database[database.size() / 2] = static_cast<char>(database[database.size() / 2] ^ 0x20);
  ASSERT_TRUE(write_file(folder_ / "data/behoud.db", database));
  const Ended sick = run({"doctor", "--json"});
  EXPECT_EQ(sick.exit_code, kDamaged) << sick.out << sick.err;
  EXPECT_FALSE(boost::json::parse(sick.out).at("healthy").as_bool());
  EXPECT_EQ(run({"doctor", "--data", folder_ / "nothing"}).exit_code, kBadInput);
}

TEST_F(ImportCommand, ADamagedFolderIsAnErrorOfItsOwn) {
  orders("a.csv", kFirst);
  json({"import", "orders", "a.csv"});
  const auto database = *read_file(folder_ / "data/behoud.db", 100 << 20);
  ASSERT_TRUE(write_file(folder_ / "data/behoud.db", database.substr(0, 100)));
  EXPECT_EQ(run({"retention"}).exit_code, kDamaged);
}

TEST_F(ImportCommand, AFolderThatIsNotThereIsNamedWithTheWayOut) {
  const Ended e = run({"retention"});
  EXPECT_EQ(e.exit_code, kBadInput);
  EXPECT_NE(e.err.find("behoud import orders"), std::string::npos) << e.err;
}

}  // namespace
}  // namespace behoud::app::testing
