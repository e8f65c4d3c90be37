// Any text as the parts of a workbook, which are parted by a line "%%": the sheet, the shared texts, the styles, the
// workbook. The archive around them is sound: archive_fuzz takes care of those that are not.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ingest/read/fuzz_tables.h"
#include "ingest/read/xlsx.h"
#include "ingest/read/zip_for_tests.h"

using namespace behoud::ingest::read;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> parts{""};
  for (std::size_t at = 0;;) {
    const std::size_t next = text.find("\n%%\n", at);
    parts.back() = text.substr(at, next == std::string::npos ? next : next - at);
    if (next == std::string::npos || parts.size() == 4) break;
    parts.emplace_back();
    at = next + 4;
  }
  parts.resize(4);
  if (parts[3].empty()) {
    parts[3] = "<workbook><workbookPr/><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>";
  }
  const std::string archive =
      make_zip({{"[Content_Types].xml", "<Types/>"},
                {"_rels/.rels", "<r><Relationship Id=\"a\" Type=\"x/officeDocument\" Target=\"xl/workbook.xml\"/></r>"},
                {"xl/workbook.xml", parts[3]},
                {"xl/_rels/workbook.xml.rels",
                 "<r><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"s.xml\"/><Relationship Id=\"r2\" "
                 "Type=\"x/sharedStrings\" Target=\"t.xml\"/><Relationship Id=\"r3\" Type=\"x/styles\" "
                 "Target=\"y.xml\"/></r>"},
                {"xl/s.xml", parts[0]},
                {"xl/t.xml", parts[1]},
                {"xl/y.xml", parts[2]}},
               nullptr, false);
  auto table = open_xlsx(bytes_of("f.xlsx", archive), "f.xlsx", {});
  // Rows of a sheet may state any number: only what holds of all tables but the order of lines is asked.
  if (!table) {
    require(table.error().place.file.starts_with("f.xlsx"));
    return 0;
  }
  const auto rows = rows_of(**table);
  if (!rows) return 0;
  for (const TestRow& row : *rows) {
    require(row.width > 0 && row.width <= kMaxColumns);
    for (const std::string& cell : row.cells) require(is_valid_utf8(cell));
  }
  return 0;
}
