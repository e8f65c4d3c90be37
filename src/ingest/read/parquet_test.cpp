#include "ingest/read/parquet.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "ingest/duckdb.h"
#include "ingest/read/table_rows_for_tests.h"
#include "ingest/read/zip_for_tests.h"

namespace behoud::ingest::read {
namespace {

using Cells = std::vector<std::vector<std::string>>;

class Parquet : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("behoud-parquet-test-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string write(const std::string& name, const std::string& select,
                    const std::string& options = "FORMAT parquet") const {
    const std::string path = folder_ / name;
    auto db = DuckDb::open({.files = {path}});
    EXPECT_TRUE(db.has_value());
    const auto copied = db->run("COPY (" + select + ") TO " + duck_text(path) + " (" + options + ")");
    EXPECT_TRUE(copied.has_value()) << copied.error().message;
    return path;
  }
  static std::string content(const std::string& path) {
    std::stringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }
  std::filesystem::path folder_;
};

Cells cells_of_file(const std::string& path, std::vector<std::size_t> columns = {}, std::uint64_t skip = 0) {
  const auto tables = open_tables(path);
  EXPECT_TRUE(tables.has_value()) << tables.error().message;
  if (!tables) return {};
  const auto rows = rows_of(*tables->front(), std::move(columns), skip);
  EXPECT_TRUE(rows.has_value()) << rows.error().message;
  Cells cells;
  if (rows) {
    for (const auto& row : *rows) cells.push_back(row.cells);
  }
  return cells;
}

TEST_F(Parquet, GivesEveryTypeAsText) {
  const std::string path =
      write("it's; DROP TABLE \"x\".parquet",
            "SELECT 7 AS id, 12.50::DECIMAL(9,2) AS amount, 29.330000000000002::DOUBLE AS noisy, 5312345670000::DOUBLE "
            "AS big, "
            "'nan'::DOUBLE AS nan, 12.1::FLOAT AS f, DATE '2024-05-31' AS day, TIMESTAMP '2024-05-31 14:05:09' AS at, "
            "TIMESTAMPTZ '2024-05-31 14:05:09+02' AS zoned, true AS paid, NULL::VARCHAR AS nothing, 'caf\xC3\xA9, "
            "\"x\"' AS name, "
            "'raw'::BLOB AS raw, {'id': 9, 'address': {'country': 'NL'}} AS customer, ['a','b'] AS tags, "
            "[{'amount': 5}, {'amount': 7}] AS refunds, 123456789012345678901::HUGEINT AS huge, MAP {'k': 1} AS map");
  const auto tables = open_tables(path);
  ASSERT_TRUE(tables.has_value()) << tables.error().message;
  const Table& table = *tables->front();
  EXPECT_EQ(table.format().format, "parquet");
  EXPECT_EQ(table.name(), path);
  EXPECT_EQ(table.names(),
            (std::vector<std::string>{"id", "amount", "noisy", "big", "nan", "f", "day", "at", "zoned", "paid",
                                      "nothing", "name", "raw", "customer.id", "customer.address.country", "tags",
                                      "refunds.amount", "huge", "map"}));
  EXPECT_EQ(cells_of_file(path),
            (Cells{{"7", "12.50", "29.33", "5312345670000", "", "12.1", "2024-05-31", "2024-05-31 14:05:09",
                    "2024-05-31 12:05:09+00", "true", "", "caf\xC3\xA9, \"x\"", "raw", "9", "NL", "a, b", "5, 7",
                    "1.2345678901234568e+20", "{k=1}"}}));
}

TEST_F(Parquet, MakesRowsOfTheLinesOfARecord) {
  const std::string path = write("lines.parquet",
                                 "FROM (VALUES (1, [{'sku': 'a', 'n': 1}, {'sku': 'b', 'n': 2}]), (2, []), (3, NULL), "
                                 "(4, [{'sku': 'c', 'n': 3}])) t(id, line_items)");
  const auto tables = open_tables(path);
  ASSERT_TRUE(tables.has_value()) << tables.error().message;
  EXPECT_EQ(tables->front()->names(), (std::vector<std::string>{"id", "line_items.sku", "line_items.n"}));
  const auto rows = rows_of(*tables->front());
  ASSERT_TRUE(rows.has_value()) << rows.error().message;
  EXPECT_EQ(*rows, (std::vector<TestRow>{{1, 3, {"1", "a", "1"}},
                                         {1, 3, {"1", "b", "2"}},
                                         {2, 3, {"2", "", ""}},
                                         {3, 3, {"3", "", ""}},
                                         {4, 3, {"4", "c", "3"}}}));
}

TEST_F(Parquet, KeepsTheOrderOfManyRowGroupsAndProjects) {
  for (const bool lines : {false, true}) {
    const std::string path = write(lines ? "groups with lines.parquet" : "groups.parquet",
                                   std::string("SELECT range AS id, 'text ' || range AS t") +
                                       (lines ? ", [{'n': range}] AS items" : "") + " FROM range(300000)",
                                   "FORMAT parquet, ROW_GROUP_SIZE 10000");
    const auto tables = open_tables(path);
    ASSERT_TRUE(tables.has_value());
    const auto rows = rows_of(*tables->front(), {1, 99, 0}, 5000);
    ASSERT_TRUE(rows.has_value());
    ASSERT_EQ(rows->size(), 295'000U);
    for (std::size_t i = 0; i < rows->size(); ++i) {
      const std::string id = std::to_string(i + 5000);
      ASSERT_EQ(rows->at(i).line, i + 5001);
      ASSERT_EQ(rows->at(i).cells, (std::vector<std::string>{"text " + id, "", id}));
    }
  }
}

TEST_F(Parquet, ReadsFromWithinArchives) {
  const std::string parquet = content(write("a.parquet", "SELECT 1 AS id, 'x' AS t"));
  for (const auto& [name, packed] : std::vector<std::pair<std::string, std::string>>{
           {"a.zip", make_zip({{"a.parquet", parquet}})}, {"a.parquet.gz", make_gzip(parquet)}}) {
    std::ofstream(folder_ / name, std::ios::binary) << packed;
    EXPECT_EQ(cells_of_file(folder_ / name), (Cells{{"1", "x"}}));
  }
}

TEST_F(Parquet, NamesTheFileThatIsDamaged) {
  const std::string whole =
      content(write("whole.parquet", "SELECT range AS id, 'text ' || range AS t FROM range(100)"));
  const std::string path = folder_ / "damaged.parquet";
  for (std::size_t size = 4; size < whole.size(); size += 37) {
    std::ofstream(path, std::ios::binary) << whole.substr(0, size);
    const auto tables = open_tables(path);
    ASSERT_FALSE(tables.has_value()) << size;
    EXPECT_EQ(tables.error().code, Errc::kBadInput);
    EXPECT_EQ(tables.error().place.file, path);
    EXPECT_NE(tables.error().message.find(path), std::string::npos);
  }
}

// The same rows through DuckDB's JSON writer and our JSON reader.
TEST_F(Parquet, JsonOfDuckDbGivesTheSameCells) {
  const std::string select =
      "SELECT range AS id, 'text \"' || range || '\"' AS t, {'c': range % 7, 'e': 'x' || range || '@example.org'} AS "
      "customer, "
      "(range / 4)::DECIMAL(9,2) AS total, DATE '2024-01-01' + (range % 400)::INTEGER AS day FROM range(3000)";
  const Cells parquet = cells_of_file(write("a.parquet", select));
  EXPECT_EQ(parquet.size(), 3000U);
  const std::string lines = write("a.jsonl", select, "FORMAT json"),
                    array = write("a.json", select, "FORMAT json, ARRAY true");
  for (Cells json : {cells_of_file(lines), cells_of_file(array)}) {
    ASSERT_EQ(json.size(), parquet.size());
    for (std::size_t i = 0; i < json.size(); ++i) {
      // JSON has no decimals: 0.50 may come as 0.5.
      EXPECT_EQ(std::stod(json[i][4]), std::stod(parquet[i][4]));
      json[i][4] = parquet[i][4];
      ASSERT_EQ(json[i], parquet[i]) << i;
    }
  }
}

}  // namespace
}  // namespace behoud::ingest::read
