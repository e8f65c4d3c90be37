#include "ingest/read/kind.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include <fmt/core.h>

namespace behoud::ingest::read {
namespace {

struct Foreign {
  std::string_view magic;
  const char* what;
  const char* hint;
};

constexpr const char* kSaveAs = "Open it, and save it as .xlsx or CSV.";
constexpr const char* kUnpack = "Unpack it, and give the files in it.";
constexpr const char* kExport = "Export the orders as CSV or .xlsx.";

constexpr Foreign kForeign[] = {
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Excel workbook (.xls), or one with a password", kSaveAs},
    {"\x09\x08\x10\x00", "an old Excel workbook (.xls)", kSaveAs},
    {"%PDF-", "a PDF, not a table", kExport},
    {"\x89PNG", "a picture, not a table", kExport},
    {"\xFF\xD8\xFF", "a picture, not a table", kExport},
    {"GIF8", "a picture, not a table", kExport},
    {"7z\xBC\xAF\x27\x1C", "a 7-Zip archive", kUnpack},
    {"Rar!\x1A\x07", "a RAR archive", kUnpack},
    {"BZh", "a bzip2 file", kUnpack},
    {"\xFD"
     "7zXZ",
     "an xz file", kUnpack},
    {"\x28\xB5\x2F\xFD", "a zstd file", kUnpack},
    {"{\\rtf", "a text document (RTF), not a table", kExport},
    {"\x7F"
     "ELF",
     "a program, not a table", kExport},
};

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) {
           return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b)));
         });
}

// `{` or `[` begin JSON when what follows could: a header may be called "[id]".
bool begins_json(std::string_view text) {
  const auto skip = [&](std::size_t i) { return std::min(text.find_first_not_of(" \t\r\n", i), text.size()); };
  if (text.empty()) return false;
  const std::size_t next = skip(1);
  if (next == text.size()) return true;
  if (text[0] == '{') return text[next] == '"' || text[next] == '}';
  return text[0] == '[' && (text[next] == '{' || text[next] == ']' || text[next] == '[');
}

}  // namespace

Result<Kind> kind_of(const Bytes& bytes, const std::string& name) {
  const auto no_table = [&](std::string_view what, const char* hint) {
    return fail(Errc::kBadInput, fmt::format("{} is {}", name, what), hint, {name, 0, {}});
  };
  std::string head(1024, '\0');
  TRY_ASSIGN(const std::size_t n, bytes.read_at(0, head));
  head.resize(n);
  if (head.empty()) return no_table("empty", "Export the orders again.");
  std::string_view text = head;
  if (text.starts_with("PK\x03\x04") || text.starts_with("PK\x05\x06")) return Kind::kZip;
  if (text.starts_with("PK\x07\x08")) return no_table("one part of an archive that was split", kUnpack);
  if (text.starts_with("\x1F\x8B")) return Kind::kGzip;
  if (text.starts_with("PAR1")) return Kind::kParquet;
  if (text.starts_with("PARE")) return no_table("an encrypted Parquet file", "Write it without encryption.");
  if (text.starts_with(std::string_view("SQLite format 3\0", 16))) return no_table("an SQLite database", kExport);
  if (text.size() >= 262 && text.substr(257, 5) == "ustar") return no_table("a tar archive", kUnpack);
  for (const Foreign& foreign : kForeign) {
    if (text.starts_with(foreign.magic)) return no_table(foreign.what, foreign.hint);
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (starts_with_word(text, "<!doctype html") || starts_with_word(text, "<html") || starts_with_word(text, "<table")) {
    return no_table("a web page, not a table", "Open it in a spreadsheet, and save it as .xlsx or CSV.");
  }
  if (starts_with_word(text, "<?xml")) return no_table("XML, which is not read", kSaveAs);
  if (begins_json(text)) return Kind::kJson;
  return Kind::kCsv;
}

}  // namespace behoud::ingest::read
