#pragma once

// What came of an import, to be told: as a few lines for people, as one JSON document, and the rejected rows as a CSV
// file. Pure: values in, text out.

#include <optional>
#include <string>
#include <vector>

#include "ingest/orders.h"
#include "ingest/records.h"
#include "ledger/ledger.h"

namespace behoud::app {

struct ImportedFile {
  std::string file, system, format, encoding, delimiter, date_format, decimal_mark;
  struct Column {
    std::string header, role, reason;
    double confidence = 0;
  };
  std::vector<Column> columns;  // those that were taken for something
};

struct ImportAccount {
  std::optional<ledger::ImportRow> import;  // nullopt: a dry run that had no ledger to compare with
  bool dry_run = false;
  std::vector<ImportedFile> files;
  std::vector<ingest::BridgeStep> bridge;
  std::vector<ingest::Rejected> rejected;
  std::uint64_t rejected_count = 0;
  std::string rejected_file;  // "" where there is none
  std::vector<ingest::Notice> notices;
  money::Currency currency;
  std::vector<std::string> remarks;  // about the shop's settings: what was decided, and how to change it
};

ImportAccount account_of(const ingest::ReadFacts& facts);
ImportAccount account_of(const ingest::RecordFacts& facts);

std::string to_text(const ImportAccount& account);
std::string to_json(const ImportAccount& account);
// "file,line,column,reason,excerpt": cells of the file are disarmed as every text in a CSV of ours.
std::string rejected_csv(const std::vector<ingest::Rejected>& rejected);

}  // namespace behoud::app
