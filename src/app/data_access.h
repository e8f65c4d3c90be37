#pragma once

// How a command gets at a data folder. Reading opens it beside whoever owns it. Writing is done by the owner: by this
// process, when it can have the lock; else the whole command goes to the owner before it runs here (command.cpp), so
// that it finds itself with a Host.
//
// Errors: kNotFound (no ledger there; the hint says how to make one), kConflict (held, its PID named), and those of
// ledger::DataFolder.

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "app/command.h"
#include "ledger/ledger.h"

namespace behoud::app {

// What a command runs with inside the owner: its ledger, and what the asker's paths mean here.
struct Host {
  ledger::Ledger& ledger;
  std::string folder;                         // where the command was typed
  std::map<std::string, std::string> inputs;  // handed-over files: as typed -> where to open it
  std::string public_url;                     // of the owner, where it serves: "http://127.0.0.1:8080"
  bool* recorded = nullptr;                   // set when the command has put itself into the log (command_log.h)
};

Result<ledger::Ledger> open_reading(const Call& call);

// A ledger to write to, ours or the host's.
class WritingLedger {
 public:
  explicit WritingLedger(ledger::Ledger* hosts) : ledger_(hosts) {}
  explicit WritingLedger(ledger::Ledger own)
      : own_(std::make_unique<ledger::Ledger>(std::move(own))), ledger_(own_.get()) {}
  ledger::Ledger* operator->() const { return ledger_; }
  ledger::Ledger& operator*() const { return *ledger_; }

 private:
  std::unique_ptr<ledger::Ledger> own_;
  ledger::Ledger* ledger_;
};
enum class IfMissing : std::uint8_t { kFail, kCreate };
Result<WritingLedger> open_writing(const Call& call, IfMissing if_missing);

// A path that was typed, as this process can open it: an input file that was handed over, or any other path.
std::string input_path(const Call& call, const std::string& typed);
std::string output_path(const Call& call, const std::string& typed);

// `error` with the paths of handed-over files as they were typed.
Error as_typed(const Call& call, Error error);
std::string as_typed(const Call& call, std::string file);

}  // namespace behoud::app
