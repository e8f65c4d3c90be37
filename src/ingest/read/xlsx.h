#pragma once

// An .xlsx workbook as a Table: the first visible sheet that has a cell with a value. See table.h for the contract.
//
// A cell's text is what its value is, not what its format shows: numbers with up to 15 digits as Excel has them, dates
// and times (numbers whose format says so, ECMA-376 part 1, 18.8.30) as "2024-05-31", "2024-05-31 14:05:09" or
// "14:05:09", booleans as TRUE and FALSE, errors as "#N/A". A formula gives the value it had when the file was saved;
// it is never evaluated. Cells stand in their own column where others are missing; rows without any value are none.
//
// Dates: in the 1900 system serial 60 is the 29 February 1900 that never was, as in Excel; the 1904 system is known.
//
// Sheets are streamed out of the archive in each reading. Kept in memory: the shared texts, at most 768 MiB, and the
// styles. Not read: .xlsb, external links, macros; encrypted workbooks have another format, and an error of their own.
// Errors: kBadInput (damaged, no sheet with rows, a DOCTYPE, an .xlsb), kOutOfRange (a bound of table.h; a bomb).

#include <memory>
#include <string>

#include "ingest/read/bytes.h"
#include "ingest/read/unpack.h"
#include "ingest/read/zip.h"
#include "ingest/table.h"

namespace behoud::ingest::read {

// Whether the archive is a workbook of some kind, be it one that is not read (.xlsb, .ods).
bool is_workbook(const ZipArchive& archive);

Result<std::unique_ptr<Table>> open_xlsx(std::unique_ptr<Bytes> bytes, std::string name, const UnpackBounds& bounds);

// What the number format of a cell makes of a number. For tests and xlsx.cpp.
enum class NumberFormat : std::uint8_t { kNumber, kDate, kTime, kDateTime };
NumberFormat builtin_format(std::uint32_t id);
NumberFormat format_of_code(std::string_view code);
// "" if the serial is no date (negative, beyond the year 9999): it is shown as a number then.
std::string text_of_serial(double serial, NumberFormat format, bool from_1904);

}  // namespace behoud::ingest::read
