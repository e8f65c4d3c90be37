#include "app/output_file.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/text.h"
#include "ledger/data_folder.h"

namespace behoud::app {
namespace {

namespace fs = std::filesystem;

// As ledger/data_folder.h lists them.
bool is_of_a_data_folder(const fs::path& path) {
  const std::string name = path.filename().string();
  const bool own =
      name.starts_with("behoud.") || name.starts_with("before-") || name == "restored.db" || name == "lock";
  const fs::path folder = path.parent_path();
  return own && ledger::DataFolder::holds_ledger(folder.empty() ? "." : folder.string());
}

}  // namespace

Result<void> require_free(std::string_view option, const std::string& path, std::span<const std::string> read) {
  const auto refused = [&](std::string message, std::string hint, const char* reason) {
    return fail(Errc::kInvalidArgument, std::move(message), std::move(hint), {{}, 0, std::string{option}},
                {reason, {{"path", path}}});
  };
  std::error_code ec;
  const bool is_read =
      std::ranges::any_of(read, [&](const std::string& file) { return fs::equivalent(file, path, ec); });
  if (is_read) {
    return refused(behoud::quoted(path) + " is read here, and would be lost", "Write to another file.",
                   "problem.output_is_read");
  }
  const fs::file_status status = fs::status(path, ec);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    return refused(behoud::quoted(path) + " is not a regular file", "Write to a file.", "problem.output_no_file");
  }
  const fs::path real = fs::weakly_canonical(path, ec);
  if (is_of_a_data_folder(path) || (!ec && is_of_a_data_folder(real))) {
    return refused(behoud::quoted(path) + " is a data folder's own file", "Write to another file.",
                   "problem.output_is_of_data");
  }
  return {};
}

}  // namespace behoud::app
