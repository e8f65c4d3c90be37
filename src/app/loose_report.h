#pragma once

// A report of files that come into no shop, asked for over HTTP: what `behoud report FILE...` says with --json and
// --html of the same files under the same names, to the byte. A mapping made once is remembered by the own shop's
// imports, not by the person's commands.
//
//   {"uploads":["u_..."],"map":"customer=Email,date=#2","timezone":"Europe/Amsterdam","currency":"EUR",
//    "date_format":"DMY","decimal":",","source":"shop","statuses":{"shipped":"counts"},
//    "from":"2024-01-01","to":"2025-01-01","grain":"month","window":"90d","basis":"orders","as_of":"2025-01-01","lang":"nl"}
//
// Cost: that of the command: 10 million orders take 8 s and 1.1 GB.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/asked_import.h"
#include "ledger/ledger.h"

namespace behoud::app {

struct AskedReport {
  AskedImport files;                                     // of orders
  std::map<std::string, std::string, std::less<>> said;  // the words of the question, by option: "as-of"
  std::vector<std::string> reading_arguments;            // as the command would be told: "--currency", "EUR"
};
// Errors: kInvalidArgument with the member's name.
Result<AskedReport> parse_asked_report(std::string_view json);

struct LooseReport {
  std::string json, html;
  std::uint64_t orders = 0;  // in the files
};
struct ReportSurroundings {
  calendar::Instant now;
  std::map<std::string, std::string, std::less<>> mappings;               // ledger::Settings has them
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;  // bytes
  std::function<bool()> abandoned;  // asked as file_shop.h says, and between the parts that follow
};
// The files are filled in (asked_import.h). Errors: kConflict (abandoned), those of the command, naming files as they
// were uploaded.
Result<LooseReport> report_of_uploads(const AskedReport& asked, const ReportSurroundings& around);

}  // namespace behoud::app
