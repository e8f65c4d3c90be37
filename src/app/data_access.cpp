#include "app/data_access.h"

#include "app/folder_shop.h"

namespace behoud::app {
namespace {

using ledger::Access;
using ledger::DataFolder;
using ledger::Ledger;

}  // namespace

Result<Ledger> open_reading(const Call& call) { return open_ledger(data_of(call), Access::kRead, call.world); }

Result<WritingLedger> open_writing(const Call& call, IfMissing if_missing) {
  if (call.host != nullptr) return WritingLedger(&call.host->ledger);
  const std::string path = data_of(call);
  if (if_missing == IfMissing::kFail || DataFolder::holds_ledger(path)) {
    auto ledger = open_ledger(path, Access::kWrite, call.world);
    if (ledger) return WritingLedger(std::move(*ledger));
    // A database without a ledger in it: its making was cut short, by a full disk or a kill. It is made again.
    const bool unmade = ledger.error().code == Errc::kNotFound && if_missing == IfMissing::kCreate;
    if (!unmade) return std::unexpected(std::move(ledger).error());
  }
  TRY_ASSIGN(DataFolder folder, DataFolder::create(path, false, environment_of(call.world)));
  TRY_ASSIGN(Ledger ledger, Ledger::open(std::move(folder)));
  return WritingLedger(std::move(ledger));
}

std::string input_path(const Call& call, const std::string& typed) {
  if (call.host == nullptr) return typed;
  const auto found = call.host->inputs.find(typed);
  return found == call.host->inputs.end() ? output_path(call, typed) : found->second;
}

std::string output_path(const Call& call, const std::string& typed) {
  if (call.host == nullptr || typed.starts_with('/')) return typed;
  return call.host->folder + "/" + typed;
}

std::string as_typed(const Call& call, std::string file) {
  if (call.host == nullptr) return file;
  for (const auto& [typed, path] : call.host->inputs) {
    if (file.starts_with(path)) return typed + file.substr(path.size());
  }
  return file;
}

Error as_typed(const Call& call, Error error) {
  if (call.host == nullptr) return error;
  error.place.file = as_typed(call, std::move(error.place.file));
  for (const auto& [typed, path] : call.host->inputs) {
    const auto rename = [&typed, &path](std::string& text) {
      for (auto at = text.find(path); at != std::string::npos; at = text.find(path, at + typed.size())) {
        text.replace(at, path.size(), typed);
      }
    };
    rename(error.message);
    rename(error.hint);
    for (Why::Value& value : error.why.values) {
      if (auto* const text = std::get_if<std::string>(&value.value)) rename(*text);
    }
  }
  return error;
}

}  // namespace behoud::app
