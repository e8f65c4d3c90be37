#pragma once

// Files into a ledger, all or nothing: decides what the shop's zone, currency and window are, reads on one thread and
// writes on another, and tells what came of it.
//
// The first import of a shop sets its zone and its currency, from what was said, from the file, or by asking; where
// nobody can be asked a missing zone is UTC with a warning and a missing currency is an error that names the option.
// Later imports leave both as they are: what is said then is about the file. The window is chosen from the orders when
// the first of them are in, unless it is said; later orders propose another, where they are at least 1 in 20 of all. A
// kill between the orders and their window leaves it open: the next import, and a server's start, settles it.
//
// Imports that come at the same time wait for their turn, and say so; who waits can give up.
//
// An error of the files takes back what was written; an error of the disk, or a kill, leaves the import open: the same
// command goes on where it was, any other import removes it. Nothing is seen by anybody before the end.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/read_options.h"
#include "ingest/orders.h"
#include "language/language.h"
#include "ledger/ledger.h"
#include "retention/report/bridge.h"

namespace behoud::app {

struct ImportRequest {
  ledger::ImportKind kind = ledger::ImportKind::kOrders;
  std::vector<std::string> typed;  // the files as they were typed: how the list of imports shows them
  std::vector<std::string> paths;  // where to open each
  HowToRead how;
  std::string map;  // --map as it was typed
  Standings statuses;
  std::optional<int> window_days;
  bool dry_run = false;
  bool sample = false;
  calendar::Instant now;
};

struct ImportOutcome;
struct ImportSurroundings {
  std::function<Result<std::string>(std::string_view question)> ask;      // empty: nobody is there
  std::function<void(std::string_view)> warn;                             // a line for a person
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;  // bytes
  std::function<bool()> abandoned;
  language::Language language = language::Language::en;  // of what is asked and warned
  // What is written in the very transaction that makes the import seen: after a kill it is there with it, or neither
  // is. Given the outcome as it is then: the window is chosen behind it. Not called in a dry run. May be empty.
  std::function<Result<void>(ledger::RoomWriter& db, const ImportOutcome& outcome)> along = {};
};

// What a file was taken for, whatever its kind.
struct SeenColumn {
  std::size_t index = 0;             // 0-based
  std::string header, role, reason;  // role: "" for nothing; reason: a key of the catalogue
  double confidence = 0;
  std::string refused;  // the role that the mapping says no column is, where this one would be it; else ""
};
struct SeenFile {
  std::string file, system, format, encoding, delimiter, date_format, decimal_mark;
  bool header = true;
  std::vector<SeenColumn> columns;
};

struct ImportOutcome {
  ledger::ImportRow row;
  std::vector<SeenFile> files;
  // From the rows of the files to what counts of them, as `behoud report` of the same files tells it, by the shop's own
  // zone, currency, rates and status words.
  retention::report::Bridge bridge;
  std::vector<ingest::Rejected> rejected;
  std::uint64_t rejected_count = 0, rows = 0;
  std::vector<ingest::Notice> notices;
  money::Currency currency;  // of the bridge's money: the shop's
  // What the import said of status words, where that was not so before: "counts", "awaited", "no", "default".
  std::map<std::string, std::string> statuses_changed;
  ledger::Settings settings;                // as they are now; in a dry run, as they would be
  std::optional<int> window_proposed_days;  // what the orders would choose now, where that is not the shop's window
};

// Errors: those of the reading and of the ledger; kInvalidArgument (a sample and own data), kBadInput (no currency).
Result<ImportOutcome> import_files(ledger::Ledger& ledger, const ImportRequest& request,
                                   const ImportSurroundings& around);

// Chooses and stores the window of a shop that has orders and none yet; elsewhere nothing happens. Not while an import
// is under way: whoever calls it has the turn, or is alone. Errors: those of the ledger.
Result<void> settle_window(ledger::Ledger& ledger);

// The SHA-256 of a file as 64 hexadecimal digits; of several, that of their sums in order. Errors: kNotFound,
// kUnavailable.
Result<std::string> sha256_of(const std::vector<std::string>& paths);

}  // namespace behoud::app
