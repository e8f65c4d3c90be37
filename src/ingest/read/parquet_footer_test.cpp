#include "ingest/read/parquet_footer.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <sstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <unistd.h>

#include "ingest/duckdb.h"
#include "ingest/read/parquet.h"

namespace behoud::ingest::read {
namespace {

std::string file_with(std::string_view footer) {
  std::string file = "PAR1";
  file += footer;
  for (unsigned i = 0; i < 4; ++i) file += static_cast<char>(footer.size() >> (8 * i) & 0xFF);
  return file + "PAR1";
}

Result<void> checked(std::string_view footer) {
  return check_parquet_footer(*bytes_of("f.parquet", file_with(footer)), "f.parquet");
}

std::string varint(std::uint64_t n) {
  std::string text;
  for (; n >= 0x80; n >>= 7) text += static_cast<char>(n | 0x80);
  return text + static_cast<char>(n);
}

constexpr char kStructs = '\x0C', kListField = '\x19', kTextField = '\x18', kLongList = '\xF0';

std::string list_of_structs(std::uint64_t claimed, std::string_view structs) {
  return std::string{kListField, static_cast<char>(kLongList | kStructs)} + varint(claimed) + std::string(structs);
}

void expect_damaged(const Result<void>& result) {
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, Errc::kBadInput);
  EXPECT_EQ(result.error().place.file, "f.parquet");
  EXPECT_EQ(result.error().why.reason, "problem.parquet_damaged");
}

// What DuckDB writes: texts, numbers, lists, structs and maps, in many row groups, with words of its own.
std::string written_file() {
  const std::string path =
      std::filesystem::temp_directory_path() / ("behoud-footer-test-" + std::to_string(::getpid()) + ".parquet");
  auto db = DuckDb::open({.files = {path}});
  EXPECT_TRUE(db.has_value());
  const auto done = db->run(
      "COPY (SELECT range AS id, 'text ' || range AS t, range / 3 AS d, range % 2 = 0 AS b, [range, 2] AS l, {'a': "
      "range, 'b': {'c': 'x'}} AS s, map([range], ['v']) AS m FROM range(5000)) TO " +
      duck_text(path) + " (FORMAT parquet, ROW_GROUP_SIZE 2048, KV_METADATA {origin: 'a shop'})");
  EXPECT_TRUE(done.has_value()) << done.error().message;
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  std::filesystem::remove(path);
  return text.str();
}

std::string footer_of(const std::string& file) {
  std::uint32_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    size |= std::uint32_t{static_cast<std::uint8_t>(file[file.size() - 8 + i])} << (8 * i);
  }
  return file.substr(file.size() - 8 - size, size);
}

TEST(ParquetFooter, PassesWhatWritersWrite) {
  const std::string file = written_file();
  const auto result = check_parquet_footer(*bytes_of("f.parquet", file), "f.parquet");
  EXPECT_TRUE(result.has_value()) << result.error().message;
}

TEST(ParquetFooter, FindsEveryFooterThatIsCutOff) {
  const std::string footer = footer_of(written_file());
  ASSERT_GT(footer.size(), 500U);
  ASSERT_TRUE(checked(footer).has_value());
  for (std::size_t size = 0; size < footer.size(); ++size) {
    SCOPED_TRACE(size);
    expect_damaged(checked(std::string_view(footer).substr(0, size)));
  }
}

TEST(ParquetFooter, HoldsEveryLengthToWhatFollows) {
  using std::string_literals::operator""s;
  EXPECT_TRUE(checked("\0"s).has_value());
  EXPECT_TRUE(checked(list_of_structs(3, "\0\0\0"s) + '\0').has_value());
  expect_damaged(checked(list_of_structs(2'000'000'000, "\0\0\0"s) + '\0'));
  expect_damaged(checked(list_of_structs(~std::uint64_t{0}, "\0\0\0"s) + '\0'));
  EXPECT_TRUE(checked(kTextField + varint(3) + "abc\0"s).has_value());
  expect_damaged(checked(kTextField + varint(2'000'000'000) + "abc\0"s));
  // A map of texts: "a" to "b"; then one that claims 300.
  EXPECT_TRUE(checked("\x1B\x01\x88\x01\x61\x01\x62\0"s).has_value());
  expect_damaged(checked("\x1B"s + varint(300) + "\x88\x01\x61\x01\x62\0"s));
  expect_damaged(checked("\x1D\0"s));                                              // a type that there is not
  expect_damaged(checked("\x16\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\0"s));  // a number that does not end
}

TEST(ParquetFooter, BoundsDepthAndParts) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '\x1C') + std::string(depth + 1, '\0'); };
  EXPECT_TRUE(checked(nested(20)).has_value());
  expect_damaged(checked(nested(200'000)));

  EXPECT_TRUE(checked(list_of_structs(kStructsMax - 1, std::string(kStructsMax, '\0'))).has_value());
  const auto many = checked(list_of_structs(kStructsMax, std::string(kStructsMax + 1, '\0')));
  ASSERT_FALSE(many.has_value());
  EXPECT_EQ(many.error().code, Errc::kOutOfRange);
  EXPECT_EQ(many.error().why.reason, "problem.parquet_footer_large");
}

// A file that says its footer is larger than the bound; nothing of it is read.
class Huge final : public Bytes {
 public:
  const std::string& name() const override { return name_; }
  std::uint64_t size() const override { return 2 * kFooterMax; }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) const override {
    EXPECT_EQ(offset, size() - 8);
    std::ranges::copy(std::string("\x01\0\0\x04PAR1", 8), out.begin());  // 2^26 + 1
    return out.size();
  }

 private:
  std::string name_ = "f.parquet";
};

TEST(ParquetFooter, ReadsNoFooterThatIsTooLarge) {
  const auto result = check_parquet_footer(Huge(), "f.parquet");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, Errc::kOutOfRange);
}

TEST(ParquetFooter, LeavesOtherFilesToDuckDb) {
  for (const std::string& file : {std::string(), std::string("PAR1"), std::string("PAR1xxxxxxxxPARE"),
                                  std::string(40, 'x'), "PAR1" + std::string("\xFF\xFF\xFF\x7FPAR1", 8)}) {
    EXPECT_TRUE(check_parquet_footer(*bytes_of("f.parquet", file), "f.parquet").has_value()) << file;
  }
}

// Before, DuckDB took 5.7 GB to find this file damaged.
TEST(ParquetFooter, IsLookedAtBeforeDuckDbIs) {
  const auto table =
      open_parquet(bytes_of("f.parquet", file_with(list_of_structs(8'000'000, std::string(200, '\0')))), "f.parquet");
  ASSERT_FALSE(table.has_value());
  EXPECT_EQ(table.error().message, "f.parquet cannot be read as Parquet (its footer names more than it holds)");
}

}  // namespace
}  // namespace behoud::ingest::read
