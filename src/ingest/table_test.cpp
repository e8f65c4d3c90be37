#include "ingest/table.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/read/table_rows_for_tests.h"
#include "ingest/read/unpack.h"
#include "ingest/read/zip.h"
#include "ingest/read/zip_for_tests.h"

namespace behoud::ingest {
namespace {

using Cells = std::vector<std::vector<std::string>>;
const std::string kCsv = "id,date,amount\n1,2024-01-02,3\n";
const Cells kCells{{"id", "date", "amount"}, {"1", "2024-01-02", "3"}};

class Tables : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("behoud-table-test-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return folder_ / name;
  }
  // The error of opening and reading a file of that content.
  Error error_of(const std::string& name, const std::string& content) const {
    const std::string path = write(name, content);
    const auto tables = open_tables(path, {.temp_folder = folder_});
    if (!tables) return tables.error();
    for (const auto& table : *tables) {
      const auto rows = read::rows_of(*table);
      if (!rows) return rows.error();
    }
    ADD_FAILURE() << name << " was read";
    return {};
  }
  std::filesystem::path folder_;
};

Cells cells_of(const Table& table) {
  const auto rows = read::rows_of(table);
  EXPECT_TRUE(rows.has_value()) << rows.error().message;
  return rows ? read::cells_of(*rows) : Cells{};
}

TEST_F(Tables, ReadsAFileAndAGzipOfIt) {
  for (const auto& [name, content] : std::vector<std::pair<std::string, std::string>>{
           {"orders.csv", kCsv},
           {"orders.csv.gz", read::make_gzip(kCsv)},
           {"several members.gz", read::make_gzip(kCsv.substr(0, 20)) + read::make_gzip(kCsv.substr(20))},
           {"padded.gz", read::make_gzip(kCsv) + std::string(700, '\0')},
           {"named wrongly.xlsx", kCsv},
           {"it's \"quoted\".csv", kCsv}}) {
    const std::string path = write(name, content);
    const auto tables = open_tables(path);
    ASSERT_TRUE(tables.has_value()) << name << ": " << tables.error().message;
    ASSERT_EQ(tables->size(), 1U);
    EXPECT_EQ(tables->front()->name(), path);
    EXPECT_EQ(cells_of(*tables->front()), kCells) << name;
  }
}

TEST_F(Tables, FindsTheTablesInAZipInTheOrderOfTheirNames) {
  const std::string path = write("orders.zip", read::make_zip({{"part-2.csv", "id,amount\n2,4\n"},
                                                               {"folder/", ""},
                                                               {"folder/part-1.txt", kCsv},
                                                               {"__MACOSX/._part-2.csv", "junk"},
                                                               {".hidden.csv", "junk"},
                                                               {"folder/.DS_Store", "junk"},
                                                               {"picture.png", "junk"},
                                                               {"README.txt", "These are the orders."}}));
  const auto tables = open_tables(path);
  ASSERT_TRUE(tables.has_value()) << tables.error().message;
  ASSERT_EQ(tables->size(), 2U);
  EXPECT_EQ(tables->at(0)->name(), path + "/folder/part-1.txt");
  EXPECT_EQ(tables->at(1)->name(), path + "/part-2.csv");
  EXPECT_EQ(cells_of(*tables->at(0)), kCells);
  EXPECT_EQ(cells_of(*tables->at(1)), (Cells{{"id", "amount"}, {"2", "4"}}));
}

// Was skipped without a word, orders and all, for how its name begins.
TEST_F(Tables, ReadsAMemberOfAZipWhoseNameOnlyBeginsAsAReadmesDoes) {
  const std::string path = write("orders.zip", read::make_zip({{"readme-orders.csv", kCsv}, {"LICENSES.csv", kCsv}}));
  const auto tables = open_tables(path);
  ASSERT_TRUE(tables.has_value()) << tables.error().message;
  ASSERT_EQ(tables->size(), 2U);
  EXPECT_EQ(cells_of(*tables->at(0)), kCells);
  EXPECT_EQ(cells_of(*tables->at(1)), kCells);
}

TEST_F(Tables, UnpacksWhatIsLargeIntoAFileWithoutAName) {
  std::string csv = "id,amount\n";
  std::uint64_t noise = 1;
  while (csv.size() < 12'000'000) {
    noise = noise * 6364136223846793005ULL + 1442695040888963407ULL;
    csv += std::to_string(noise) + ",1\n";
  }
  for (const std::string& path :
       {write("big.zip", read::make_zip({{"a.csv", csv}})), write("big.csv.gz", read::make_gzip(csv))}) {
    const auto tables = open_tables(path, {.temp_folder = folder_});
    ASSERT_TRUE(tables.has_value()) << tables.error().message;
    EXPECT_EQ(tables->front()->bytes_total(), csv.size());
    for (int pass = 0; pass < 2; ++pass) {
      const auto rows = read::rows_of(*tables->front(), {0, 1}, 1);
      ASSERT_TRUE(rows.has_value()) << rows.error().message;
      EXPECT_EQ(rows->back().cells[0], std::to_string(noise));
    }
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 2) << "only the two archives have names";
  }
}

TEST_F(Tables, NamesWhatAFileIsInstead) {
  const struct {
    std::string name, content, part_of_message;
  } cases[] = {
      {"empty.csv", "", "is empty"},
      {"blank.csv", "\n \n", "is empty"},
      {"orders.xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more", "old Excel workbook (.xls)"},
      {"orders.pdf", "%PDF-1.7 ...", "a PDF"},
      {"orders.xls.html", "\n<!DOCTYPE HTML><table>", "a web page"},
      {"orders.xml", "<?xml version=\"1.0\"?>", "XML"},
      {"orders.7z", "7z\xBC\xAF\x27\x1C", "7-Zip"},
      {"orders.tar", std::string(257, 'x') + std::string("ustar\0", 6), "a tar archive"},
      {"orders.db", std::string("SQLite format 3\0", 16), "an SQLite database"},
      {"orders.ods",
       read::make_zip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"content.xml", "<x/>"}}),
       "OpenDocument"},
      {"orders.docx", read::make_zip({{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", "<x/>"}}),
       "no workbook"},
      {"pictures.zip", read::make_zip({{"a.png", "x"}, {"b/c.jpg", "x"}}), "holds no table, but a.png, b/c.jpg"},
      {"nothing.zip", read::make_zip({{"folder/", ""}}), "holds no file"},
      {"nested.zip", read::make_zip({{"inner.zip", "PK"}}), "an archive within an archive"},
      {"nested by content.zip", read::make_zip({{"inner.csv", read::make_zip({{"a.csv", kCsv}})}}),
       "an archive within an archive"},
      {"nested gzip.zip", read::make_zip({{"inner.csv.gz", "x"}}), "an archive within an archive"},
      {"nested gzip by content.zip", read::make_zip({{"inner.csv", read::make_gzip(kCsv)}}),
       "an archive within an archive"},
      {"gzip of gzip.gz", read::make_gzip(read::make_gzip(kCsv)), "an archive within an archive"},
      {"gzip of zip.gz", read::make_gzip(read::make_zip({{"a.csv", kCsv}})), "an archive within an archive"},
      {"gzip of tar.tgz", read::make_gzip(std::string(257, 'x') + "ustar"), "a tar archive"},
      {"locked.zip", read::make_zip({{"a.csv", kCsv}}, "secret"), "locked.zip/a.csv is encrypted"},
      {"empty member.zip", read::make_zip({{"a.csv", kCsv}, {"b.csv", ""}}), "empty member.zip/b.csv is empty"},
  };
  for (const auto& c : cases) {
    const Error error = error_of(c.name, c.content);
    EXPECT_EQ(error.code, Errc::kBadInput) << c.name;
    EXPECT_NE(error.message.find(c.part_of_message), std::string::npos) << c.name << ": " << error.message;
    EXPECT_TRUE(error.place.file.starts_with((folder_ / c.name).string())) << error.place.file;
    EXPECT_FALSE(error.hint.empty()) << c.name;
  }
  EXPECT_EQ(open_tables(folder_ / "nowhere.csv").error().code, Errc::kNotFound);
  EXPECT_EQ(open_tables(folder_).error().code, Errc::kBadInput);
  EXPECT_EQ(open_tables("/dev/zero").error().code, Errc::kBadInput);
}

TEST_F(Tables, SaysThatAFileMayNotBeRead) {
  const std::string path = write("private.csv", kCsv);
  ASSERT_EQ(::chmod(path.c_str(), 0), 0);
  // Root may read everything: somebody else looks.
  const bool root = ::geteuid() == 0;
  if (root) {
    ASSERT_EQ(::seteuid(65534), 0);
  }
  const auto tables = open_tables(path);
  if (root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  ASSERT_FALSE(tables.has_value());
  EXPECT_EQ(tables.error().code, Errc::kNotFound);
  EXPECT_EQ(tables.error().message, path + " may not be read by you");
  EXPECT_EQ(tables.error().why.reason, "problem.file_forbidden");
  EXPECT_NE(tables.error().hint.find("chmod u+r"), std::string::npos);
}

TEST_F(Tables, EndsBombsWhileTheyUnpack) {
  const std::string zeros(64 << 20, ' ');
  for (const Error& error :
       {error_of("bomb.zip", read::make_zip({{"a.csv", zeros}})), error_of("bomb.gz", read::make_gzip(zeros)),
        error_of("bomb.xlsx", read::make_zip({{"[Content_Types].xml", "<Types/>"}, {"xl/workbook.xml", zeros}}))}) {
    EXPECT_EQ(error.code, Errc::kOutOfRange);
    EXPECT_TRUE(error.message.find("more than 200 times its size") != std::string::npos ||
                error.message.find("larger than 16 MiB") != std::string::npos)
        << error.message;
  }
  // Many members, each within the bound that one alone has.
  read::ZipContents members;
  for (int i = 0; i < 8; ++i) members.emplace_back(std::to_string(i) + ".csv", std::string(8 << 20, ' '));
  EXPECT_EQ(error_of("together.zip", read::make_zip(members)).code, Errc::kOutOfRange);
  // Too many parts, and too many entries of any kind.
  members.clear();
  for (int i = 0; i < 65; ++i) members.emplace_back(std::to_string(i) + ".csv", kCsv);
  EXPECT_EQ(error_of("65 parts.zip", read::make_zip(members)).code, Errc::kOutOfRange);
  members.clear();
  for (int i = 0; i < 10'001; ++i) members.emplace_back(std::to_string(i) + ".png", "");
  EXPECT_EQ(error_of("entries.zip", read::make_zip(members)).code, Errc::kOutOfRange);
  // The bound in bytes, made small.
  read::UnpackBounds bounds;
  bounds.bytes_max = 1 << 20;
  const auto packed = read::bytes_of("x.gz", read::make_gzip(std::string(2 << 20, 'x')));
  const auto unpacked = read::unpack_gzip(*packed, "x.gz", bounds);
  ASSERT_FALSE(unpacked.has_value());
  EXPECT_EQ(unpacked.error().code, Errc::kOutOfRange);
}

TEST_F(Tables, NoticesDamageAtAnyByte) {
  std::string csv = "id,amount\n";
  for (int i = 0; i < 40; ++i) csv += std::to_string(i * 7919) + ",1\n";
  const std::string gzip = read::make_gzip(csv), zip = read::make_zip({{"a.csv", csv}});
  for (std::size_t size = 1; size < gzip.size(); ++size) {
    const auto tables = open_tables(write("cut.gz", gzip.substr(0, size)));
    if (size < 2) continue;  // too short to be told from a CSV file
    EXPECT_FALSE(tables.has_value()) << size;
  }
  EXPECT_EQ(error_of("tail.gz", gzip + "junk").code, Errc::kBadInput);
  for (std::size_t size = 4; size < zip.size(); ++size) {
    EXPECT_FALSE(open_tables(write("cut.zip", zip.substr(0, size))).has_value()) << size;
  }
  // A flipped byte within the packed data: the checksum tells, if nothing before it does.
  for (std::size_t at = 14; at + 8 < gzip.size(); at += 3) {
    std::string flipped = gzip;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    EXPECT_FALSE(open_tables(write("flipped.gz", flipped)).has_value()) << at;
  }
  for (std::size_t at = 40; at < 80; at += 3) {
    std::string flipped = zip;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    EXPECT_FALSE(open_tables(write("flipped.zip", flipped)).has_value()) << at;
  }
}

TEST_F(Tables, AFullDiskIsUnavailable) {
  // A limit on the size of files stands for the disk: write() fails half way.
  read::UnpackBounds bounds;
  bounds.temp_folder = folder_;
  bounds.memory_bytes_max = 1 << 20;
  const auto packed = read::bytes_of("x.gz", read::make_gzip(std::string(4 << 20, 'x')));
  auto* const before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlimit small{2 << 20, limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto unpacked = read::unpack_gzip(*packed, "x.gz", bounds);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  std::signal(SIGXFSZ, before);
  ASSERT_FALSE(unpacked.has_value());
  EXPECT_EQ(unpacked.error().code, Errc::kUnavailable);
  bounds.temp_folder = folder_ / "nowhere";
  EXPECT_EQ(read::unpack_gzip(*packed, "x.gz", bounds).error().code, Errc::kUnavailable);
}

TEST_F(Tables, AFileThatShrinksWhileItIsReadIsUnavailable) {
  std::string csv = "id,amount\n";
  while (csv.size() < 400'000) csv += "123456,1\n";
  const std::string path = write("orders.csv", csv);
  const auto tables = open_tables(path);
  ASSERT_TRUE(tables.has_value());
  std::filesystem::resize_file(path, 1000);
  const auto rows = read::rows_of(*tables->front());
  ASSERT_FALSE(rows.has_value());
  EXPECT_EQ(rows.error().code, Errc::kUnavailable);
}

TEST_F(Tables, AFileThatGrowsIsReadAsItWas) {
  const std::string path = write("orders.csv", kCsv);
  const auto tables = open_tables(path);
  ASSERT_TRUE(tables.has_value());
  std::ofstream(path, std::ios::app) << "2,2024-01-03,4\n";
  EXPECT_EQ(cells_of(*tables->front()), kCells);
}

}  // namespace
}  // namespace behoud::ingest
