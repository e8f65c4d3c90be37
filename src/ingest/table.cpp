#include "ingest/table.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "ingest/read/bytes.h"
#include "ingest/read/csv.h"
#include "ingest/read/json.h"
#include "ingest/read/kind.h"
#include "ingest/read/open_bytes.h"
#include "ingest/read/parquet.h"
#include "ingest/read/unpack.h"
#include "ingest/read/xlsx.h"
#include "ingest/read/zip.h"

namespace behoud::ingest {
namespace {

using read::Bytes;
using read::Claim;
using read::Kind;
using read::UnpackBounds;
using read::ZipArchive;
using read::ZipEntry;

constexpr std::array<std::string_view, 8> kTableEndings{".csv",  ".tsv",   ".txt",    ".tab",
                                                        ".json", ".jsonl", ".ndjson", ".parquet"};
constexpr std::array<std::string_view, 6> kWorkbookEndings{".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".xltx"};
constexpr std::array<std::string_view, 9> kArchiveEndings{".zip", ".gz",  ".tgz", ".tar", ".7z",
                                                          ".rar", ".bz2", ".xz",  ".zst"};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

bool ends_with_one_of(std::string_view name, std::span<const std::string_view> endings) {
  return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

enum class Member : std::uint8_t { kTable, kArchive, kOther };

// By name alone, so that a picture or a manual beside the orders is not unpacked: a member without an ending, or with
// one of a table, is taken for a table.
Member member_of(const std::string& name) {
  const std::string low = lower(name);
  const std::string_view base = std::string_view(low).substr(low.rfind('/') + 1);
  if (base.empty() || base.starts_with('.') || low.starts_with("__macosx/") ||
      low.find("/__macosx/") != std::string::npos || low.find("/.") != std::string::npos || base == "thumbs.db" ||
      base == "desktop.ini" || base == "readme" || base == "readme.txt" || base == "license" || base == "license.txt") {
    return Member::kOther;
  }
  if (ends_with_one_of(base, kArchiveEndings)) return Member::kArchive;
  if (ends_with_one_of(base, kTableEndings) || ends_with_one_of(base, kWorkbookEndings)) return Member::kTable;
  return base.find('.') == std::string_view::npos ? Member::kTable : Member::kOther;
}

std::unexpected<Error> nested(const std::string& name) {
  return fail(Errc::kBadInput, fmt::format("{} is an archive within an archive", name),
              "Unpack the outer one, and give the files in it.", {name, 0, {}}, {"problem.archive_nested"});
}

// A workbook is an archive; what is wrong with one is said of the workbook.
Result<ZipArchive> open_archive(const Bytes& bytes, const std::string& name, Claim claim, const UnpackBounds& bounds) {
  auto archive = ZipArchive::open(bytes, name, bounds);
  if (archive || claim != Claim::kWorkbook || archive.error().code != Errc::kBadInput) return archive;
  return fail(Errc::kBadInput, fmt::format("{} is a damaged Excel workbook: it is cut off, or not whole", name),
              "Download it again, or open it in a spreadsheet and save it again.", {name, 0, {}},
              {"problem.workbook_damaged"});
}

// A part that is no archive.
Result<std::unique_ptr<Table>> open_part(std::unique_ptr<Bytes> bytes, const std::string& name, Claim claim,
                                         const UnpackBounds& bounds) {
  TRY_ASSIGN(const Kind kind, read::kind_of(*bytes, name, claim));
  switch (kind) {
    case Kind::kCsv:
      return read::open_csv(std::move(bytes), name);
    case Kind::kJson:
      return read::open_json(std::move(bytes), name);
    case Kind::kParquet:
      return read::open_parquet(std::move(bytes), name);
    case Kind::kZip: {
      TRY_ASSIGN(const auto archive, open_archive(*bytes, name, claim, bounds));
      if (!read::is_workbook(archive)) return nested(name);
      return read::open_xlsx(std::move(bytes), name, bounds);
    }
    case Kind::kGzip:
      return nested(name);
  }
  return nested(name);
}

Result<std::unique_ptr<Bytes>> unpack(ZipArchive& archive, const ZipEntry& entry, const std::string& name,
                                      const UnpackBounds& bounds) {
  TRY_ASSIGN(auto stream, archive.stream(entry));
  read::Spool spool(name, bounds);
  std::string piece(256 * 1024, '\0');
  for (;;) {
    TRY_ASSIGN(const std::size_t n, stream.read(piece));
    if (n == 0) return spool.finish();
    TRY(spool.write({piece.data(), n}));
  }
}

Result<std::vector<std::unique_ptr<Table>>> open_members(ZipArchive& archive, const std::string& path,
                                                         const UnpackBounds& bounds) {
  std::vector<const ZipEntry*> members;
  std::string others;
  for (const ZipEntry& entry : archive.entries()) {
    switch (member_of(entry.name)) {
      case Member::kTable:
        members.push_back(&entry);
        break;
      case Member::kArchive:
        return nested(path + "/" + entry.name);
      case Member::kOther:
        if (!entry.name.ends_with('/') && others.size() < 200) others += (others.empty() ? "" : ", ") + entry.name;
        break;
    }
  }
  if (members.size() > bounds.parts_max) {
    return fail(Errc::kOutOfRange,
                fmt::format("{} holds {} files; {} is the most", path, members.size(), bounds.parts_max),
                "Unpack it, and give the files of orders.", {path, 0, {}},
                {"problem.archive_too_many", {{"most", bounds.parts_max}}});
  }
  if (members.empty()) {
    return fail(Errc::kBadInput,
                others.empty() ? fmt::format("{} is empty: it holds no file", path)
                               : fmt::format("{} holds no table, but {}", path, others),
                "Pack the CSV files of orders.", {path, 0, {}}, {"problem.archive_without_table"});
  }
  std::ranges::sort(members, {}, &ZipEntry::name);
  std::vector<std::unique_ptr<Table>> tables;
  for (const ZipEntry* const member : members) {
    const std::string name = path + "/" + member->name;
    TRY_ASSIGN(auto bytes, unpack(archive, *member, name, bounds));
    TRY_ASSIGN(auto table, open_part(std::move(bytes), name, read::claim_of(name), bounds));
    tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace

Result<std::vector<std::unique_ptr<Table>>> read::open_bytes(std::unique_ptr<Bytes> bytes, const std::string& name,
                                                             const UnpackBounds& bounds) {
  Claim claim = read::claim_of(name);
  TRY_ASSIGN(const Kind kind, read::kind_of(*bytes, name, claim));
  if (kind == Kind::kGzip) {
    TRY_ASSIGN(bytes, read::unpack_gzip(*bytes, name, bounds));
    // "orders.json.gz" claims JSON for what is in it.
    claim = claim == Claim::kGzip ? read::claim_of(std::string_view(name).substr(0, name.rfind('.'))) : Claim::kNothing;
  } else if (kind == Kind::kZip) {
    TRY_ASSIGN(auto archive, open_archive(*bytes, name, claim, bounds));
    if (!read::is_workbook(archive)) return open_members(archive, name, bounds);
  }
  std::vector<std::unique_ptr<Table>> tables;
  TRY_ASSIGN(auto table, open_part(std::move(bytes), name, claim, bounds));
  tables.push_back(std::move(table));
  return tables;
}

Result<std::vector<std::unique_ptr<Table>>> open_tables(const std::string& path, const OpenOptions& options) {
  UnpackBounds bounds;
  bounds.temp_folder = options.temp_folder;
  TRY_ASSIGN(auto bytes, read::open_file(path));
  return read::open_bytes(std::move(bytes), path, bounds);
}

}  // namespace behoud::ingest
