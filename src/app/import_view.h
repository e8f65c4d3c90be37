#pragma once

// What came of an import, as JSON and for people.
//
//   {"dry_run":false,"import":{"id":1,"kind":"orders","file":"orders.csv",...},
//    "settings":{"timezone","currency","window_days","window_proposed_days"},
//    "files":[{"file","system","format","encoding","delimiter","date_format","decimal_mark","header","columns":[...]}],
//    "bridge":[{"name","kind","count","amount_minor","detail","reason","rows"}],
//    "rejected":{"count","files":[...],"reasons":[{"reason","rows"}]},"notices":[{"key","count","text","subjects":[..]}]}
//
// The subjects of a notice are the status words that it is about.

#include <string>
#include <vector>

#include "app/import.h"
#include "app/sheet.h"
#include "base/json_writer.h"
#include "language/catalogue.h"
#include "ledger/ledger.h"

namespace behoud::app {

struct ImportView {
  bool dry_run = false;
  const ImportOutcome& outcome;
  const std::vector<std::string>& rejected_files;
  const language::Catalogue& catalogue;
};
// {"file","system","format","encoding","delimiter","date_format","decimal_mark","header","columns":[...]}
void write_seen_file(JsonWriter& json, const SeenFile& file);
std::string import_json(const ImportView& view);
std::string import_text(const ImportView& view);

Sheet imports_sheet(const std::vector<ledger::ImportRow>& rows);

}  // namespace behoud::app
