#include "ingest/duckdb.h"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

namespace behoud::ingest {
namespace {

class DuckDbTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("behoud-duckdb-test-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return folder_ / name; }
  std::filesystem::path folder_;
};

std::vector<std::string> texts(DuckDb& db, const std::string& sql) {
  std::vector<std::string> out;
  auto rows = db.query(sql);
  EXPECT_TRUE(rows.has_value()) << rows.error().message;
  if (!rows) return out;
  for (;;) {
    const auto more = rows->next();
    EXPECT_TRUE(more.has_value()) << more.error().message;
    if (!more || !*more) return out;
    for (std::size_t r = 0; r < rows->rows(); ++r)
      out.push_back(rows->is_null(r, 0) ? "(null)" : std::string(rows->text(r, 0)));
  }
}

const std::vector<DuckColumn> kAll{{"b", DuckType::kBoolean}, {"i", DuckType::kInteger}, {"n", DuckType::kNumber},
                                   {"t", DuckType::kText},    {"d", DuckType::kDate},    {"s", DuckType::kTimestamp}};

// Row k of a table of all types; every seventh row is all NULL.
Result<std::size_t> fill_all(std::uint64_t& next, std::uint64_t end, DuckBatch& batch) {
  std::size_t rows = 0;
  for (; rows < DuckBatch::capacity() && next < end; ++rows, ++next) {
    const auto k = static_cast<std::int64_t>(next);
    if (next % 7 == 6) {
      for (std::size_t c = 0; c < kAll.size(); ++c) batch.null(rows, c);
      continue;
    }
    batch.boolean(rows, 0, next % 2 == 0);
    batch.integer(rows, 1, k);
    batch.number(rows, 2, static_cast<double>(k) / 4);
    batch.text(rows, 3, "row '" + std::to_string(k) + "' \xC3\xAB, long enough not to be inlined");
    batch.date(rows, 4, static_cast<std::int32_t>(k));
    batch.timestamp(rows, 5, k * 1'000'000);
  }
  return rows;
}

TEST_F(DuckDbTest, AppendsAndReadsEveryType) {
  auto db = DuckDb::open();
  ASSERT_TRUE(db.has_value()) << db.error().message;
  ASSERT_TRUE(db->run("CREATE TABLE x(b BOOLEAN, i BIGINT, n DOUBLE, t VARCHAR, d DATE, s TIMESTAMP)"));
  std::uint64_t next = 0;
  const auto appended = db->append("x", kAll, [&](DuckBatch& batch) { return fill_all(next, 10'000, batch); });
  ASSERT_TRUE(appended.has_value()) << appended.error().message;
  EXPECT_EQ(texts(*db, "SELECT concat_ws('|', b, i, n, t, d, s) FROM x WHERE i = 17"),
            std::vector<std::string>{
                "false|17|4.25|row '17' \xC3\xAB, long enough not to be inlined|1970-01-18|1970-01-01 00:00:17"});
  EXPECT_EQ(texts(*db, "SELECT count(*)::VARCHAR FROM x WHERE i IS NULL AND t IS NULL"),
            std::vector<std::string>{"1428"});
  auto rows = db->query("SELECT i, n FROM x ORDER BY i DESC LIMIT 1");
  ASSERT_TRUE(rows.has_value());
  ASSERT_TRUE(rows->next().value());
  EXPECT_EQ(rows->names(), (std::vector<std::string>{"i", "n"}));
  EXPECT_EQ(rows->integer(0, 0), 9'999);
  EXPECT_EQ(rows->number(0, 1), 9'999 / 4.0);
  EXPECT_FALSE(rows->next().value());
}

TEST_F(DuckDbTest, FeedsRowsInOrderIntoAParquetFile) {
  const std::string file = path("it's.parquet");
  auto db = DuckDb::open({.files = {file}});
  ASSERT_TRUE(db.has_value()) << db.error().message;
  std::uint64_t next = 0;
  ASSERT_TRUE(db->feed("orders", kAll, [&](DuckBatch& batch) { return fill_all(next, 300'000, batch); }));
  const auto copied = db->run("COPY (FROM orders()) TO " + duck_text(file) + " (FORMAT parquet)");
  ASSERT_TRUE(copied.has_value()) << copied.error().message;
  EXPECT_EQ(next, 300'000U);
  auto rows = db->query("SELECT i FROM read_parquet(" + duck_text(file) + ")");
  ASSERT_TRUE(rows.has_value()) << rows.error().message;
  std::uint64_t k = 0;
  while (rows->next().value()) {
    for (std::size_t r = 0; r < rows->rows(); ++r, ++k) {
      ASSERT_EQ(rows->is_null(r, 0), k % 7 == 6);
      if (k % 7 != 6) {
        ASSERT_EQ(rows->integer(r, 0), static_cast<std::int64_t>(k));
      }
    }
  }
  EXPECT_EQ(k, 300'000U);
}

TEST_F(DuckDbTest, AnErrorOfTheSourceIsTheErrorOfTheQuery) {
  auto db = DuckDb::open();
  int calls = 0;
  ASSERT_TRUE(db->feed("bad", {{"i", DuckType::kInteger}}, [&](DuckBatch& batch) -> Result<std::size_t> {
    if (++calls == 3) return fail(Errc::kCorrupt, "the ledger is damaged");
    for (std::size_t r = 0; r < DuckBatch::capacity(); ++r) batch.integer(r, 0, 1);
    return DuckBatch::capacity();
  }));
  const auto run = db->run("CREATE TABLE x AS FROM bad()");
  ASSERT_FALSE(run.has_value());
  EXPECT_EQ(run.error().code, Errc::kCorrupt);
  EXPECT_EQ(run.error().message, "the ledger is damaged");
  ASSERT_TRUE(db->run("CREATE TABLE x(i BIGINT)").has_value());
  calls = 2;
  const auto appended = db->append("x", {{"i", DuckType::kInteger}}, [&](DuckBatch&) -> Result<std::size_t> {
    return fail(Errc::kCorrupt, "the ledger is damaged");
  });
  EXPECT_EQ(appended.error().code, Errc::kCorrupt);
}

TEST_F(DuckDbTest, IsClosedToTheWorld) {
  const std::string allowed = path("allowed.csv"), other = path("other.csv");
  auto db = DuckDb::open({.files = {allowed}});
  ASSERT_TRUE(db.has_value()) << db.error().message;
  EXPECT_TRUE(db->run("COPY (SELECT 1 AS a) TO " + duck_text(allowed)).has_value());
  EXPECT_EQ(texts(*db, "SELECT a::VARCHAR FROM read_csv(" + duck_text(allowed) + ")"), std::vector<std::string>{"1"});
  for (const std::string& sql :
       {"COPY (SELECT 1) TO " + duck_text(other), std::string("SELECT * FROM read_csv('/etc/passwd')"),
        std::string("SELECT * FROM '/etc/passwd'"), std::string("ATTACH ") + duck_text(path("a.db")),
        std::string("SET enable_external_access=true"), std::string("SET memory_limit='64GB'"),
        std::string("INSTALL httpfs"), std::string("LOAD httpfs"), std::string("SELECT getenv('HOME')")}) {
    EXPECT_FALSE(db->run(sql).has_value()) << sql;
  }
  EXPECT_FALSE(std::filesystem::exists(other));
}

TEST_F(DuckDbTest, ConnectionsShareTheInstanceAndOutliveTheFirst) {
  ::setenv("TZ", "Asia/Tokyo", 1);
  auto db = std::make_unique<DuckDb>(DuckDb::open().value());
  ::unsetenv("TZ");
  ASSERT_TRUE(db->run("CREATE TABLE t AS SELECT range AS i FROM range(5000)").has_value());
  DuckDb other = db->connect().value();
  auto streamed = other.query("SELECT CAST(i AS VARCHAR) FROM t ORDER BY i").value();
  ASSERT_TRUE(streamed.next().value());
  EXPECT_EQ(texts(*db, "SELECT CAST(count(*) AS VARCHAR) FROM t"), std::vector<std::string>{"5000"});
  db.reset();
  std::size_t rows = streamed.rows();
  while (streamed.next().value()) rows += streamed.rows();
  EXPECT_EQ(rows, 5000U);
  // What holds for the first holds for the others.
  EXPECT_EQ(texts(other, "SELECT current_setting('TimeZone')"), std::vector<std::string>{"UTC"});
  EXPECT_EQ(texts(other, "SELECT CAST(TIMESTAMPTZ '2024-05-31 12:00:00+00' AS VARCHAR)"),
            std::vector<std::string>{"2024-05-31 12:00:00+00"});
  EXPECT_FALSE(other.run("SET threads=4").has_value());
  EXPECT_FALSE(other.run("SELECT * FROM '/etc/passwd'").has_value());
}

TEST_F(DuckDbTest, ErrorsAreTypedAndHoldNoValues) {
  auto db = DuckDb::open({.memory_bytes_max = std::uint64_t{32} << 20, .files = {}});
  EXPECT_EQ(db->run("SELEC 1").error().code, Errc::kInvalidArgument);
  EXPECT_EQ(db->query("SELEC 1").error().code, Errc::kInvalidArgument);
  EXPECT_EQ(db->run("SELECT * FROM nowhere").error().code, Errc::kInvalidArgument);
  EXPECT_EQ(db->run("CREATE TABLE big AS SELECT range AS i, hash(range) AS h FROM range(50000000)").error().code,
            Errc::kUnavailable);
  const auto cast = db->run("SELECT 'someone@example.org'::INTEGER");
  EXPECT_EQ(cast.error().code, Errc::kBadInput);
  EXPECT_EQ(cast.error().message.find("someone"), std::string::npos);
}

TEST(DuckQuoting, SurvivesQuotes) {
  EXPECT_EQ(duck_text("it's"), "'it''s'");
  EXPECT_EQ(duck_name("a\"b"), "\"a\"\"b\"");
  auto db = DuckDb::open();
  EXPECT_EQ(texts(*db, "SELECT " + duck_text("a'; DROP TABLE x; --")),
            std::vector<std::string>{"a'; DROP TABLE x; --"});
}

}  // namespace
}  // namespace behoud::ingest
