#include "ingest/read/kind.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include <fmt/core.h>

namespace behoud::ingest::read {
namespace {

struct Foreign {
  std::string_view magic;
  const char* what;
  const char* hint;
  const char* reason;
  const char* word;  // for the reason's texts
};

constexpr const char* kSaveAs = "Open it, and save it as .xlsx or CSV.";
constexpr const char* kUnpack = "Unpack it, and give the files in it.";
constexpr const char* kExport = "Export the orders as CSV or .xlsx.";

constexpr const char* kOther = "problem.save_as_other";
constexpr const char* kNoTable = "problem.no_table";
constexpr const char* kOtherArchive = "problem.archive_other";

constexpr Foreign kForeign[] = {
    {"\x09\x08\x10\x00", "an old Excel workbook (.xls)", kSaveAs, kOther, "xls"},
    {"%PDF-", "a PDF, not a table", kExport, kNoTable, "pdf"},
    {"\x89PNG", "a picture, not a table", kExport, kNoTable, "picture"},
    {"\xFF\xD8\xFF", "a picture, not a table", kExport, kNoTable, "picture"},
    {"GIF8", "a picture, not a table", kExport, kNoTable, "picture"},
    {"7z\xBC\xAF\x27\x1C", "a 7-Zip archive", kUnpack, kOtherArchive, "7-Zip"},
    {"Rar!\x1A\x07", "a RAR archive", kUnpack, kOtherArchive, "RAR"},
    {"BZh", "a bzip2 file", kUnpack, kOtherArchive, "bzip2"},
    {"\xFD"
     "7zXZ",
     "an xz file", kUnpack, kOtherArchive, "xz"},
    {"\x28\xB5\x2F\xFD", "a zstd file", kUnpack, kOtherArchive, "zstd"},
    {"{\\rtf", "a text document (RTF), not a table", kExport, kNoTable, "text_document"},
    {"\x7F"
     "ELF",
     "a program, not a table", kExport, kNoTable, "program"},
};

// How the kinds that a name can claim begin, and what they are called.
struct Claimed {
  Claim claim;
  std::string_view magic;
  const char* what;
  const char* word;
};
constexpr Claimed kClaimed[] = {
    {Claim::kWorkbook, "PK\x03\x04", "an Excel workbook", "xlsx"},
    {Claim::kParquet, "PAR1", "a Parquet file", "parquet"},
    {Claim::kZip, "PK\x03\x04", "a ZIP archive", "zip"},
    {Claim::kGzip, "\x1F\x8B", "a gzip file", "gz"},
};

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) {
           return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b)));
         });
}

// Shops save a table of a web page as "orders.xls", with whatever stands before it.
bool is_web_page(std::string_view text) {
  constexpr std::string_view kBeginnings[] = {"<!doctype", "<!--",  "<html",   "<head",  "<body",  "<table",
                                              "<div",      "<meta", "<script", "<style", "<title", "<center"};
  return std::ranges::any_of(kBeginnings, [&](std::string_view word) { return starts_with_word(text, word); });
}

bool is_xml(std::string_view text) {
  return text.size() > 1 && text[0] == '<' &&
         (text[1] == '?' || std::isalpha(static_cast<unsigned char>(text[1])) != 0);
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

// Header and first row alike: shops give a table of text any name.
bool looks_like_rows(std::string_view text) {
  const auto odd = [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\r' && c != '\n'; };
  if (std::ranges::any_of(text, odd)) return false;
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return false;
  const std::string_view header = text.substr(0, end);
  const std::string_view row = text.substr(end + 1, text.find('\n', end + 1) - end - 1);
  if (header.contains("\":")) return false;  // a member of JSON
  return std::ranges::any_of(std::string_view(",;\t|"), [&](char mark) {
    const auto marks = std::ranges::count(header, mark);
    return marks > 0 && marks == std::ranges::count(row, mark);
  });
}

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) value = value << 8U | static_cast<unsigned char>(bytes[i - 1]);
  return value;
}

// A workbook with a password is a compound file with a stream EncryptedPackage ([MS-OFFCRYPTO] 2.3.4.4): its name
// stands in the directory, whose first sector and the sectors' size the header gives ([MS-CFB] 2.2).
Result<bool> holds_encrypted_package(const Bytes& bytes, std::string_view head) {
  if (head.size() < 52) return false;
  const std::uint32_t shift = little_endian(head.substr(30, 2));
  if (shift < 7 || shift > 16) return false;
  std::string directory(4096, '\0');
  TRY_ASSIGN(const std::size_t n,
             bytes.read_at((std::uint64_t{little_endian(head.substr(48, 4))} + 1) << shift, directory));
  directory.resize(n);
  std::string wanted;
  for (const char c : std::string_view("EncryptedPackage")) wanted.append({c, '\0'});
  return directory.contains(wanted);
}

std::unexpected<Error> wrong(const std::string& name, std::string_view is, std::string hint, Why why,
                             std::uint64_t line = 0) {
  return fail(Errc::kBadInput, fmt::format("{} {}", name, is), std::move(hint), {name, line, {}}, std::move(why));
}

std::unexpected<Error> not_as_claimed(const std::string& name, std::string_view text, const Claimed& claimed) {
  if (claimed.magic.starts_with(text)) {
    return wrong(name, fmt::format("is cut off: it ends where {} has hardly begun", claimed.what),
                 "Download or export it again.", {"problem.file_cut_off"});
  }
  return wrong(name, fmt::format("is called .{}, but it is not {}", claimed.word, claimed.what),
               "Download or export it again. If it is a table in plain text, call it .csv.",
               {"problem.not_as_called", {{"called", claimed.word}}});
}

// The rest of what is called JSON: the reader of JSON says what is wrong in it, and on which line, if it begins as
// JSON.
Result<Kind> kind_of_json(const std::string& name, std::string_view whole, std::string_view text) {
  const bool utf16 = whole.starts_with("\xFF\xFE") || whole.starts_with("\xFE\xFF");
  if (utf16 || text.starts_with('{') || text.starts_with('[')) return Kind::kJson;
  if (text.empty() && whole.size() < 1024)
    return wrong(name, "is empty", "Export the orders again.", {"problem.file_empty"});
  const auto above = whole.substr(0, whole.size() - text.size());
  const auto line = static_cast<std::uint64_t>(std::ranges::count(above, '\n')) + 1;
  return wrong(name, "is called .json, but it does not begin as JSON does, with { or [",
               "Export it again. If it is a table in plain text, call it .csv.",
               {"problem.not_as_called", {{"called", "json"}}}, line);
}

}  // namespace

Claim claim_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Claim>, 11> kEndings{{{".json", Claim::kJson},
                                                                         {".jsonl", Claim::kJson},
                                                                         {".ndjson", Claim::kJson},
                                                                         {".xlsx", Claim::kWorkbook},
                                                                         {".xlsm", Claim::kWorkbook},
                                                                         {".xltx", Claim::kWorkbook},
                                                                         {".parquet", Claim::kParquet},
                                                                         {".pq", Claim::kParquet},
                                                                         {".zip", Claim::kZip},
                                                                         {".gz", Claim::kGzip},
                                                                         {".tgz", Claim::kGzip}}};
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return Claim::kNothing;
  const std::string_view ending = name.substr(dot);
  for (const auto& [known, claim] : kEndings) {
    if (ending.size() == known.size() && starts_with_word(ending, known)) return claim;
  }
  return Claim::kNothing;
}

Result<Kind> kind_of(const Bytes& bytes, const std::string& name, Claim claim) {
  const auto no_table = [&](std::string_view what, const char* hint, Why why) {
    return wrong(name, fmt::format("is {}", what), hint, std::move(why));
  };
  std::string head(1024, '\0');
  TRY_ASSIGN(const std::size_t n, bytes.read_at(0, head));
  head.resize(n);
  if (head.empty()) return no_table("empty", "Export the orders again.", {"problem.file_empty"});
  std::string_view text = head;
  if (text.starts_with("PK\x03\x04") || text.starts_with("PK\x05\x06")) return Kind::kZip;
  if (text.starts_with("PK\x07\x08")) {
    return no_table("one part of an archive that was split", kUnpack, {"problem.archive_split"});
  }
  if (text.starts_with("\x1F\x8B")) return Kind::kGzip;
  if (text.starts_with("PAR1")) return Kind::kParquet;
  if (text.starts_with("PARE")) {
    return no_table("an encrypted Parquet file", "Write it without encryption.", {"problem.parquet_encrypted"});
  }
  if (text.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) {
    TRY_ASSIGN(const bool locked, holds_encrypted_package(bytes, text));
    if (locked) {
      return no_table("an Excel workbook with a password",
                      "Open it with its password, take the password off, and save it again.",
                      {"problem.workbook_password"});
    }
    return no_table("an old Excel workbook (.xls)", kSaveAs, {kOther, {{"what", "xls"}}});
  }
  if (text.starts_with(std::string_view("SQLite format 3\0", 16))) {
    return no_table("an SQLite database", kExport, {kNoTable, {{"what", "database"}}});
  }
  if (text.size() >= 262 && text.substr(257, 5) == "ustar") {
    return no_table("a tar archive", kUnpack, {kOtherArchive, {{"what", "tar"}}});
  }
  for (const Foreign& f : kForeign) {
    if (text.starts_with(f.magic)) return no_table(f.what, f.hint, {f.reason, {{"what", f.word}}});
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (is_web_page(text)) {
    return no_table("a web page, not a table", "Open it in a spreadsheet, and save it as .xlsx or CSV.",
                    {kOther, {{"what", "web_page"}}});
  }
  if (is_xml(text)) return no_table("XML, which is not read", kSaveAs, {kOther, {{"what", "xml"}}});
  if (claim != Claim::kNothing && looks_like_rows(text)) return Kind::kCsv;
  const auto claimed = std::ranges::find(kClaimed, claim, &Claimed::claim);
  if (claimed != std::end(kClaimed)) return not_as_claimed(name, head, *claimed);
  if (claim == Claim::kJson) return kind_of_json(name, head, text);
  if (begins_json(text)) return Kind::kJson;
  return Kind::kCsv;
}

}  // namespace behoud::ingest::read
