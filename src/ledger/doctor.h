#pragma once

// What is wrong with a data folder, and the way out of each. Reads everything once (about 1 GB/s) and changes nothing.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ledger/data_folder.h"

namespace behoud::ledger {

enum class Severity : std::uint8_t { kOk, kNote, kWarning, kProblem };

struct Finding {
  std::string key;  // of the catalogue: "doctor.page_damaged", with ".way_out" for what to do
  Severity severity = Severity::kOk;
  std::string message, way_out;  // in English, for the terminal and the log
  std::map<std::string, std::string> args;
};

// In this order: folder, lock, schema, pages (checksums), structure (integrity_check, foreign keys), rows, place,
// unfinished imports, log, disk. A check that cannot run because an earlier one failed is left out. Errors: kNotFound
// (no folder).
Result<std::vector<Finding>> examine(const std::string& path, const Environment& env);

}  // namespace behoud::ledger
