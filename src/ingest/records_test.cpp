#include "ingest/records.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ingest/read/zip_for_tests.h"
#include "ingest/records_for_tests.h"

namespace behoud::ingest {
namespace {

using Lines = std::vector<std::string>;

Result<RecordsRead> costs(std::string_view text, const RecordOptions& options = record_options()) {
  return read_records(RecordKind::kCosts, text, options);
}
std::string cost(std::string_view from, std::string_view to, std::string_view amount = "1.00 EUR") {
  return "days=" + std::string(from) + ".." + std::string(to) + "; amount=" + std::string(amount) +
         "; kind=other; purpose=retention";
}

// ---- files that are given, with what they hold worked out by hand ----

std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

TEST(ReadRecords, AgreesWithTheTablesWorkedOutByHand) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(BEHOUD_SOURCE_DIR "/testdata/tables")) {
    const std::filesystem::path& path = entry.path();
    if (path.extension() != ".csv") continue;
    SCOPED_TRACE(path.filename());
    ++files;
    const std::string name = path.filename();
    const auto kind = parse_record_kind(name.substr(0, name.find('-')));
    ASSERT_TRUE(kind);
    const auto read = read_record_file(*kind, path);
    ASSERT_TRUE(read) << read.error().message;
    std::string seen;
    for (const std::string& record : read->records) seen += record + "\n";
    for (const std::string& rejected : read->rejected()) seen += "rejected " + rejected + "\n";
    for (const std::string& notice : read->notices()) seen += "notice " + notice + "\n";
    EXPECT_EQ(seen, content_of(path.string() + ".expected"));
    EXPECT_EQ(bridge_fault(*read), "");
  }
  EXPECT_GE(files, 11u);
}

// The examples of docs/imports.md, which are what people copy: every one is read whole and without a question.
TEST(ReadRecords, ReadTheExamplesOfTheirDocument) {
  const TestFolder folder("records-docs");
  const std::string text = content_of(BEHOUD_SOURCE_DIR "/docs/imports.md");
  std::size_t examples = 0;
  for (std::size_t at = text.find("```csv "); at != std::string::npos; at = text.find("```csv ", at + 1)) {
    const std::size_t line = text.find('\n', at), end = text.find("```", line);
    ASSERT_NE(end, std::string::npos);
    const std::string name = text.substr(at + 7, line - at - 7);
    const std::string path = folder.write(name + ".csv", text.substr(line + 1, end - line - 1));
    SCOPED_TRACE(name);
    const auto rows = static_cast<std::uint64_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(line) + 1,
                                                            text.begin() + static_cast<std::ptrdiff_t>(end), '\n')) -
                      1;
    ++examples;
    if (name == "orders") {
      Collect orders;
      auto options = test_options();
      const auto read = read_orders({path}, options, orders);
      ASSERT_TRUE(read) << read.error().message;
      EXPECT_EQ(read->rejected_count, 0u);
      EXPECT_EQ(orders.orders.size(), rows);
      continue;
    }
    const auto kind = parse_record_kind(name);
    ASSERT_TRUE(kind);
    const auto read = read_record_file(*kind, path);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->rejected(), Lines{});
    EXPECT_EQ(read->step("read"), rows);
    for (const FieldMatch& column : read->facts.files[0].columns) EXPECT_NE(column.field, "") << column.header;
    // Each field that the document names is one, and each one is named.
    for (const std::string_view field : field_names(*kind)) {
      EXPECT_NE(text.find("`" + std::string(field) + "`"), std::string::npos) << field;
    }
  }
  EXPECT_EQ(examples, 6u);
}

// ---- what a file is ----

TEST(ReadRecords, SayWhatIsWrongWithAFileThatHoldsNoRows) {
  const TestFolder folder("records-empty");
  struct {
    const char* content;
    const char* says;
  } const cases[] = {{"", "empty"}, {"date,amount,purpose\n", "a header and no rows"}};
  for (const auto& c : cases) {
    const auto r = read_record_file(RecordKind::kCosts, folder.write("costs.csv", c.content));
    ASSERT_FALSE(r) << c.says;
    EXPECT_EQ(r.error().code, Errc::kBadInput) << c.says;
    EXPECT_NE(r.error().message.find(c.says), std::string::npos) << r.error().message;
    EXPECT_FALSE(r.error().hint.empty()) << c.says;
  }
  const auto missing = read_costs({"/no/such/file.csv"}, record_options(), [](const auto&) { return Result<void>(); });
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::kNotFound);
  EXPECT_FALSE(read_costs({}, record_options(), [](const auto&) { return Result<void>(); }));
}

TEST(ReadRecords, ReadAnyEncodingDelimiterAndFormat) {
  const TestFolder folder("records-formats");
  const std::string utf16 = [] {
    std::string out = "\xFF\xFE";
    for (const char c : std::string_view("date;amount;purpose\r\n2024-01-02;1,50;retention\r\n")) {
      out += c;
      out += '\0';
    }
    return out;
  }();
  const std::pair<std::string, std::string> files[] = {
      {"bom.csv",
       "\xEF\xBB\xBF"
       "date,amount,purpose\n2024-01-02,1.50,retention\n"},
      {"tabs.tsv", "date\tamount\tpurpose\n2024-01-02\t1.50\tretention\n"},
      {"pipes.csv", "date|amount|purpose\r\n2024-01-02|1,50|retention\r\n"},
      {"utf16.csv", utf16},
      {"quotes.csv", "\"date\";\"amount\";\"purpose\"\n\"2024-01-02\";\"1,50\";\"retention\"\n"},
      {"lines.jsonl", R"({"date":"2024-01-02","amount":1.50,"purpose":"retention"})"
                      "\n"},
      {"array.json", R"([{"purpose":"retention","date":"2024-01-02","amount":"1.50"}])"},
      {"packed.csv.gz", read::make_gzip("date,amount,purpose\n2024-01-02,1.50,retention\n")},
  };
  for (const auto& [name, content] : files) {
    const auto r = read_record_file(RecordKind::kCosts, folder.write(name, content));
    ASSERT_TRUE(r) << name << ": " << r.error().message;
    EXPECT_EQ(r->records, (Lines{cost("2024-01-02", "2024-01-03", "1.50 EUR")})) << name;
    EXPECT_EQ(bridge_fault(*r), "") << name;
  }
}

TEST(ReadRecords, PassNothingOnOfFilesOfWhichOneIsBroken) {
  const TestFolder folder("records-broken");
  const std::string good = folder.write("good.csv", "date,amount,purpose\n2024-01-02,1,retention\n");
  const std::pair<std::string, std::string> broken[] = {
      {"ambiguous.csv", "date,amount,purpose\n03/04/2024,1,retention\n"},
      {"mixed.csv", "date,amount,purpose\n2024-01-02,1.5,retention\n2024-01-02,\"1,5\",retention\n"},
      {"cut.csv", "date,amount,purpose\n2024-01-02,1,\"retention\n2024-01-03,1,retention\n"},
      {"nul.csv", std::string("date,amount,purpose\n2024-01-02,1,ret\0ention\n", 44)},
      {"nothing.csv", "a,b\nx,y\n"},
  };
  for (const auto& [name, content] : broken) {
    std::size_t passed = 0;
    const auto r = read_costs({good, folder.write(name, content)}, record_options(), [&](const ledger::CostRecord&) {
      ++passed;
      return Result<void>();
    });
    ASSERT_FALSE(r) << name;
    EXPECT_EQ(r.error().code, Errc::kBadInput) << name;
    EXPECT_NE(r.error().message.find(name), std::string::npos) << r.error().message;
    EXPECT_EQ(passed, 0u) << name;
  }
}

TEST(ReadRecords, LeaveOutThePartsOfAnArchiveThatHoldSomethingElseAndSaySo) {
  const TestFolder folder("records-parts");
  const auto r = read_record_file(
      RecordKind::kCosts,
      folder.write("all.zip", read::make_zip({{"colours.csv", "colour,size\nred,3\n"},
                                              {"costs-1.csv", "date,amount,purpose\n2024-01-02,1,retention\n"},
                                              {"costs-2.csv", "purpose,amount,date\nretention,1,2024-01-03\n"}})));
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{cost("2024-01-02", "2024-01-03"), cost("2024-01-03", "2024-01-04")}));
  EXPECT_EQ(r->notices(), (Lines{"table_skipped"}));
  EXPECT_TRUE(r->facts.notices[0].args.at("file").ends_with("all.zip/colours.csv"));
}

TEST(ReadRecords, StopAtAnErrorOfTheSink) {
  const MemoryTable table = MemoryTable::of("date,amount,purpose\n2024-01-02,1,retention\n2024-01-03,1,retention\n");
  const OpenFile file{{&table}};
  std::size_t calls = 0;
  const auto r = read_cost_tables({&file, 1}, record_options(), [&](const ledger::CostRecord&) -> Result<void> {
    ++calls;
    return fail(Errc::kUnavailable, "disk full");
  });
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, Errc::kUnavailable);
  EXPECT_EQ(calls, 1u);
}

TEST(ReadRecords, TellHowFarTheyAre) {
  std::string text = "date,amount,purpose\n";
  for (int i = 0; i < 100; ++i) text += "2024-01-02,1,retention\n";
  auto options = record_options();
  std::vector<std::uint64_t> done;
  std::uint64_t total = 0;
  options.progress = [&](std::uint64_t d, std::uint64_t t) {
    done.push_back(d);
    total = t;
  };
  ASSERT_TRUE(costs(text, options));
  ASSERT_FALSE(done.empty());
  EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
  EXPECT_EQ(done.back(), total);
  EXPECT_LT(done.front(), total);
}

TEST(ReadRecords, KeepTheFirstHundredThousandRejectedRowsAndCountThemAll) {
  std::string text = "date,amount,purpose\n2024-01-01,1,retention\n";
  for (int i = 0; i < 100'010; ++i) text += "2024-01-02,1,none\n";
  const auto r = read_records(RecordKind::kCosts, MemoryTable::of(text, 16'384));
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->facts.rejected.size(), 100'000u);
  EXPECT_EQ(r->facts.rejected_count, 100'010u);
  EXPECT_EQ(bridge_fault(*r), "");
}

// ---- dates and marks, over the whole column ----

TEST(ReadRecords, DecideADateByTheWholeColumn) {
  std::string text = "date,amount,purpose\n";
  for (int i = 0; i < 3000; ++i) text += "03/04/2024,1,retention\n";
  auto r = costs(text);
  ASSERT_FALSE(r);
  EXPECT_NE(r.error().hint.find("--date-format DMY"), std::string::npos) << r.error().hint;
  EXPECT_EQ(r.error().place.column, "date");
  text += "03/31/2024,1,retention\n";  // far behind the sample
  r = costs(text);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records.front(), cost("2024-03-04", "2024-03-05"));
  EXPECT_EQ(r->facts.files[0].date_format, "MDY");
}

TEST(ReadRecords, DecideADateByAnotherColumnOfTheFile) {
  const auto r = costs("from,to,amount,purpose\n01/02/2024,28/02/2024,1,retention\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{cost("2024-02-01", "2024-02-29")}));
}

TEST(ReadRecords, DecideADateByAnotherPartOfTheSameShape) {
  const MemoryTable one = MemoryTable::of("date,amount,purpose\n03/04/2024,1,retention\n");
  const MemoryTable two = MemoryTable::of("purpose,date,amount\nretention,13/04/2024,1\n");
  const OpenFile files[] = {{{&one}}, {{&two}}};
  const auto r = read_records(RecordKind::kCosts, files, record_options());
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{cost("2024-04-03", "2024-04-04"), cost("2024-04-13", "2024-04-14")}));
}

TEST(ReadRecords, TakeTheDateFormatThatIsGiven) {
  auto options = record_options();
  options.date_format = "MDY";
  const auto order = costs("date,amount,purpose\n03/04/2024,1,retention\n", options);
  ASSERT_TRUE(order) << order.error().message;
  EXPECT_EQ(order->records, (Lines{cost("2024-03-04", "2024-03-05")}));
  options.date_format = "%d%m%Y";
  options.map = *parse_field_mapping(RecordKind::kCosts, "from=day");
  const auto custom = costs("day,amount,purpose\n03042024,1,retention\n", options);
  ASSERT_TRUE(custom) << custom.error().message;
  EXPECT_EQ(custom->records, (Lines{cost("2024-04-03", "2024-04-04")}));
  options.date_format = "%Q";
  const auto unknown = costs("day,amount,purpose\n03042024,1,retention\n", options);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Errc::kInvalidArgument);
}

TEST(ReadRecords, RefuseDatesThatAreMixed) {
  const auto r = costs("date,amount,purpose\n13/04/2024,1,retention\n04/14/2024,1,retention\n");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, Errc::kBadInput);
  EXPECT_NE(r.error().message.find("13/04/2024"), std::string::npos) << r.error().message;
}

TEST(ReadRecords, SayWhichFieldHasNoDates) {
  auto options = record_options();
  options.map = *parse_field_mapping(RecordKind::kCosts, "from=when");
  const auto r = costs("when,amount,purpose\nsoon,1,retention\n", options);
  ASSERT_FALSE(r);
  EXPECT_NE(r.error().hint.find("--map from=COLUMN"), std::string::npos) << r.error().hint;
}

TEST(ReadRecords, TakeTheDayOfATimeInTheZoneThatIsGiven) {
  auto options = record_options();
  options.zone = *calendar::Zone::create("Europe/Amsterdam");
  const auto r =
      costs("date,amount,purpose\n2024-01-01T23:30:00Z,1,retention\n2024-01-01T12:00:00Z,1,retention\n", options);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{cost("2024-01-02", "2024-01-03"), cost("2024-01-01", "2024-01-02")}));
  const auto utc =
      costs("date (UTC),amount,purpose\n2024-01-01 23:30,1,retention\n2024-01-01 12:00,1,retention\n", options);
  ASSERT_TRUE(utc) << utc.error().message;
  EXPECT_EQ(utc->records[0], cost("2024-01-02", "2024-01-03"));
}

TEST(ReadRecords, SayWhatTheyGuessedOfADecimalMark) {
  const auto r = costs("date,amount,purpose\n2024-01-02,1.234,retention\n2024-01-03,950,retention\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records,
            (Lines{cost("2024-01-02", "2024-01-03", "1234.00 EUR"), cost("2024-01-03", "2024-01-04", "950.00 EUR")}));
  EXPECT_EQ(r->notices(), (Lines{"decimal_guessed"}));
}

TEST(ReadRecords, AskForADecimalMarkThatNothingTells) {
  constexpr const char* kText = "date,amount,purpose\n2024-01-02,1.234,retention\n";
  const auto asked = costs(kText);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().why.reason, "problem.amounts_ambiguous");
  EXPECT_NE(asked.error().hint.find("--decimal ,"), std::string::npos) << asked.error().hint;
  auto options = record_options();
  options.decimal_mark = ',';
  const auto whole = costs(kText, options);
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(whole->records, (Lines{cost("2024-01-02", "2024-01-03", "1234.00 EUR")}));
  EXPECT_EQ(whole->notices(), Lines{}) << "it was said, not guessed";
  options.decimal_mark = '.';
  const auto small = costs(kText, options);
  ASSERT_TRUE(small) << small.error().message;
  EXPECT_EQ(small->records, (Lines{cost("2024-01-02", "2024-01-03", "1.23 EUR")}));
}

// ---- columns ----

TEST(ReadRecords, SayWhenTwoColumnsFitEqually) {
  const auto r = costs("date,spend,cost,purpose\n2024-01-02,1,2,retention\n");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, Errc::kBadInput);
  EXPECT_NE(r.error().message.find("two columns fit equally as the amount"), std::string::npos) << r.error().message;
  EXPECT_NE(r.error().hint.find("--map amount=#2 or --map amount=#3"), std::string::npos) << r.error().hint;
  auto options = record_options();
  options.map = *parse_field_mapping(RecordKind::kCosts, "amount=#3");
  const auto chosen = costs("date,spend,cost,purpose\n2024-01-02,1,2,retention\n", options);
  ASSERT_TRUE(chosen) << chosen.error().message;
  EXPECT_EQ(chosen->records, (Lines{cost("2024-01-02", "2024-01-03", "2.00 EUR")}));
  // The same twice is no question.
  EXPECT_TRUE(costs("date,spend,cost,purpose\n2024-01-02,1,1,retention\n"));
}

TEST(ReadRecords, TakeColumnsByPositionWithoutAHeader) {
  auto options = record_options();
  options.map = *parse_field_mapping(RecordKind::kCosts, "from=#2,amount=#1,purpose=#3");
  const auto r = costs("1,2024-01-02,retention\n2,2024-01-03,acquisition\n", options);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records.size(), 2u);
  EXPECT_EQ(r->records[0], cost("2024-01-02", "2024-01-03"));
  EXPECT_FALSE(r->facts.files[0].header);
  const auto unknown = costs("1,2024-01-02,retention\n");
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().hint.find("--map from=#1,amount=#2,purpose=#3"), std::string::npos) << unknown.error().hint;
}

TEST(ReadRecords, SayWhichMappedColumnIsNotThere) {
  for (const char* map : {"amount=price", "amount=#9"}) {
    auto options = record_options();
    options.map = *parse_field_mapping(RecordKind::kCosts, map);
    const auto r = costs("date,amount,purpose\n2024-01-02,1,retention\n", options);
    ASSERT_FALSE(r) << map;
    EXPECT_EQ(r.error().code, Errc::kInvalidArgument) << map;
    EXPECT_NE(r.error().message.find("--map amount"), std::string::npos) << r.error().message;
  }
}

TEST(ReadRecords, LeaveOutWhatTheMappingSaysNoColumnIs) {
  const std::string text = "date,amount,purpose,note\n2024-01-02,1,retention,a flyer\n";
  auto options = record_options();
  const auto plain = costs(text, options);
  ASSERT_TRUE(plain) << plain.error().message;
  options.map = *parse_field_mapping(RecordKind::kCosts, "note=-");
  const auto without = costs(text, options);
  ASSERT_TRUE(without) << without.error().message;
  EXPECT_NE(without->records, plain->records);
  EXPECT_EQ(without->facts.files[0].columns[3].field, "");
  EXPECT_EQ(without->facts.files[0].columns[3].refused, "note");
  EXPECT_EQ(without->facts.files[0].columns[3].reason, "ingest.match.map");
  EXPECT_EQ(to_string(*options.map), "note=-");
  options.map = *parse_field_mapping(RecordKind::kCosts, "amount=");
  const auto needed = costs(text, options);
  ASSERT_FALSE(needed);
  EXPECT_EQ(needed.error().why.reason, "problem.columns_missing");
}

TEST(ReadRecords, RememberAMappingByTheShapeOfTheFile) {
  auto options = record_options();
  options.map = *parse_field_mapping(RecordKind::kCosts, "from=When,purpose=Why");
  const auto first = costs("When,amount,Why\n2024-01-02,1,retention\n", options);
  ASSERT_TRUE(first) << first.error().message;
  const FieldMapping made = *options.map;
  const std::string fingerprint = first->facts.files[0].fingerprint;
  EXPECT_TRUE(fingerprint.starts_with("costs-")) << fingerprint;
  options.map.reset();
  options.remembered = [&](std::string_view asked) {
    return asked == fingerprint ? std::optional(made) : std::nullopt;
  };
  const auto next = costs("Why,When,amount\nretention,2024-02-02,1\n", options);  // next month, other order
  ASSERT_TRUE(next) << next.error().message;
  EXPECT_EQ(next->records, (Lines{cost("2024-02-02", "2024-02-03")}));
  EXPECT_EQ(next->notices(), (Lines{"remembered_mapping"}));
  EXPECT_EQ(next->facts.files[0].columns[0].reason, "ingest.match.remembered");
  EXPECT_FALSE(costs("Why,When,amount,more\nretention,2024-02-02,1,1\n", options));
}

TEST(ReadRecords, SayWhatEachColumnWasTakenFor) {
  const TestFolder folder("records-shape");
  const auto shapes = recognise_records(
      RecordKind::kCosts,
      {folder.write("costs.csv", "Title;;;\n\ndate;amount;purpose;colour\n1-1-2024;1,5;retention;red\n")},
      record_options());
  ASSERT_TRUE(shapes) << shapes.error().message;
  ASSERT_EQ(shapes->size(), 1u);
  const RecordShape& shape = shapes->front();
  EXPECT_EQ(shape.delimiter, ";");
  EXPECT_EQ(shape.title_rows, 1u);
  ASSERT_EQ(shape.columns.size(), 4u);
  EXPECT_EQ(shape.columns[0].field, "from");
  EXPECT_EQ(shape.columns[1].field, "amount");
  EXPECT_EQ(shape.columns[2].field, "purpose");
  EXPECT_EQ(shape.columns[3].field, "");
  EXPECT_EQ(shape.columns[0].reason, "ingest.match.name");
  EXPECT_GT(shape.columns[2].confidence, 0.9);
}

TEST(ReadRecords, SayWhenTheCellsOfAColumnBelieItsName) {
  const auto r = costs("date,amount,purpose,to\n2024-01-02,1,retention,the supplier\n");
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->records, (Lines{cost("2024-01-02", "2024-01-03")}));
  ASSERT_EQ(r->notices(), (Lines{"cells_do_not_fit"}));
  EXPECT_EQ(r->facts.notices[0].args.at("field"), "to");
}

// A file whose columns are called as docs/imports.md calls the fields: each is taken, whatever else is like it.
TEST(ReadRecords, KnowEveryFieldByItsOwnName) {
  for (const RecordKind kind : {RecordKind::kCustomers, RecordKind::kCosts, RecordKind::kItems, RecordKind::kRates,
                                RecordKind::kSubscriptions}) {
    const RecordSpec& spec = spec_of(kind);
    MemoryTable::Rows rows(2);
    for (const Field& field : spec.fields) {
      rows[0].emplace_back(field.name == "orders" ? "orders_before" : field.name);
      switch (field.type) {
        case FieldType::kDate:
        case FieldType::kSpan:
          rows[1].emplace_back("2024-01-02");
          break;
        case FieldType::kMoney:
        case FieldType::kRate:
          rows[1].emplace_back("1.5");
          break;
        case FieldType::kEmail:
          rows[1].emplace_back("a@example.com");
          break;
        case FieldType::kCount:
          rows[1].emplace_back("2");
          break;
        case FieldType::kFlag:
          rows[1].emplace_back("yes");
          break;
        case FieldType::kCurrency:
          rows[1].emplace_back("USD");
          break;
        case FieldType::kInterval:
          rows[1].emplace_back("month");
          break;
        case FieldType::kText:
        case FieldType::kIdentity:
          rows[1].emplace_back("x");
          break;
      }
    }
    const MemoryTable table(rows);
    const auto layout = recognise_record_table(table, spec, record_options());
    ASSERT_TRUE(layout) << layout.error().message;
    for (std::size_t c = 0; c < spec.fields.size(); ++c) {
      EXPECT_EQ(layout->shape.columns[c].field, spec.fields[c].name) << name(kind);
      EXPECT_GE(layout->shape.columns[c].confidence, 0.9) << name(kind) << " " << spec.fields[c].name;
    }
  }
}

// ---- mappings ----

TEST(FieldMapping, IsReadAsThoseOfOrdersAre) {
  const auto m = parse_field_mapping(RecordKind::kCosts, "from=Day , amount = \"Cost, net\",purpose=#3");
  ASSERT_TRUE(m) << m.error().message;
  EXPECT_EQ(m->columns, (std::map<std::string, std::string, std::less<>>{
                            {"amount", "Cost, net"}, {"from", "Day"}, {"purpose", "#3"}}));
  EXPECT_EQ(*parse_field_mapping(RecordKind::kCosts, to_string(*m)), *m);
}

TEST(FieldMapping, NamesThePartThatIsWrong) {
  struct {
    RecordKind kind;
    const char* text;
    const char* names;
  } const cases[] = {{RecordKind::kCosts, "", ""},
                     {RecordKind::kCosts, "from", "from"},
                     {RecordKind::kCosts, "email=E", "email"},
                     {RecordKind::kCustomers, "plan=P", "plan"},
                     {RecordKind::kRates, "rate=#0", "#0"},
                     {RecordKind::kItems, "id=a,id=b", "id"}};
  for (const auto& c : cases) {
    const auto m = parse_field_mapping(c.kind, c.text);
    ASSERT_FALSE(m) << c.text;
    EXPECT_EQ(m.error().code, Errc::kInvalidArgument) << c.text;
    EXPECT_NE(m.error().message.find(c.names), std::string::npos) << m.error().message;
  }
  const auto unknown = parse_field_mapping(RecordKind::kCosts, "email=E");
  EXPECT_NE(unknown.error().hint.find("from, to, amount, currency, kind, purpose, campaign, note"), std::string::npos)
      << unknown.error().hint;
}

TEST(RecordKinds, AreNamedAndHaveFields) {
  for (const RecordKind kind : {RecordKind::kCustomers, RecordKind::kCosts, RecordKind::kItems, RecordKind::kRates,
                                RecordKind::kSubscriptions}) {
    EXPECT_EQ(parse_record_kind(name(kind)), kind);
    EXPECT_EQ(spec_of(kind).kind, kind);
    EXPECT_LE(spec_of(kind).fields.size(), kFieldsMax);
    for (const std::string_view field : field_names(kind)) {
      EXPECT_TRUE(parse_field_mapping(kind, std::string(field) + "=#1")) << name(kind) << " " << field;
    }
  }
  EXPECT_EQ(parse_record_kind("orders"), std::nullopt);
}

}  // namespace
}  // namespace behoud::ingest
