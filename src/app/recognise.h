#pragma once

// What files would be taken for, before anything is imported: the shop system, each column and how sure, the first
// rows, and what a person must be asked because neither the file nor the shop says it. Nothing is written.
//
// The files' structure is surveyed whole (dates and decimal marks are decided over a column), the rows only as far as
// it takes to see in which currency they are. Cost: the survey's, about a second for two million rows.

#include <optional>
#include <string>
#include <vector>

#include "app/import.h"
#include "language/catalogue.h"

namespace behoud::app {

struct Ask {
  std::string option;  // "map", "currency", "timezone", "date_format", "decimal"
  std::vector<std::string> candidates;
};
struct Recognised {
  std::vector<SeenFile> files;
  std::uint64_t rows_above = 0;                   // title and header of the first file
  std::vector<std::vector<std::string>> preview;  // of the first file: its first rows, without title and header
  std::vector<Ask> ask;
  std::optional<Error> error;  // why the import would be refused as it is asked for now
};
// `known`: the shop's settings. Errors: kNotFound, kUnavailable (the files cannot be read at all).
Result<Recognised> recognise_files(const ImportRequest& request, const ledger::Settings& known);

// {"files":[...],"preview":[[...]],"ask":[{"option","question","candidates"}],"error":...|null}
std::string recognised_json(const Recognised& recognised, const language::Catalogue& catalogue);

}  // namespace behoud::app
