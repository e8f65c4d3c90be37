#include "app/kept_reports.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/random_id.h"
#include "base/file.h"

namespace behoud::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "j_";
constexpr std::uint64_t kReportBytesMax = std::uint64_t{1} << 28;  // far beyond any

std::unexpected<Error> gone() {
  return fail(Errc::kNotFound, "there is no such report", "POST /api/v1/reports makes one; the newest 20 are kept",
              {{}, 0, "id"}, {"problem.report_gone"});
}

// Whoever asked over HTTP knows no folder of the server.
Error without_place(Error error) {
  error.place = {};
  error.message.insert(0, "the report: ");
  return error;
}

}  // namespace

std::string KeptReports::path_of(std::string_view job, std::string_view ending) const {
  return fmt::format("{}/{}.{}", folder_, job, ending);
}

Result<void> KeptReports::keep(std::string_view job, const LooseReport& report) const {
  std::error_code error;
  fs::create_directories(folder_, error);
  // What people are called may stand in them.
  if (!error) fs::permissions(folder_, fs::perms::owner_all, error);
  auto written = error ? Result<void>(fail(Errc::kUnavailable, "the report cannot be kept: " + error.message(), {}, {},
                                           {"problem.file_not_kept"}))
                       : write_file(path_of(job, "html"), report.html);
  if (written) written = write_file(path_of(job, "json"), report.json);
  if (!written) {
    for (const char* ending : {"json", "html"}) fs::remove(path_of(job, ending), error);
    return std::unexpected(without_place(std::move(written).error()));
  }
  keep_newest();
  return {};
}

void KeptReports::sweep() const {
  std::error_code error;
  std::vector<fs::path> odd;
  for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
    const fs::path& path = at->path();
    const bool page = path.extension() == ".html";
    std::error_code unseen;
    const bool whole = (page || path.extension() == ".json") &&
                       fs::exists(fs::path(path).replace_extension(page ? ".json" : ".html"), unseen);
    if (!whole && path.filename().string().starts_with(kPrefix)) odd.push_back(path);
  }
  // What cannot be removed now is tried again at the next start.
  for (const fs::path& path : odd) fs::remove(path, error);
}

void KeptReports::keep_newest() const {
  // By the page, which is written first: a process that was killed between the two leaves no page that nobody removes.
  std::vector<std::pair<fs::file_time_type, fs::path>> all;
  std::error_code error;
  for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
    std::error_code unseen;
    const auto time = at->last_write_time(unseen);
    if (!unseen && at->path().extension() == ".html") all.emplace_back(time, at->path());
  }
  std::ranges::sort(all, std::greater<>());
  for (std::size_t i = kReportsMax; i < all.size(); ++i) {
    fs::remove(fs::path(all[i].second).replace_extension(".json"), error);
    fs::remove(all[i].second, error);
  }
}

Result<std::string> KeptReports::find(std::string_view job, std::string_view ending) const {
  std::error_code error;
  if (!is_id(kPrefix, job) || !fs::exists(path_of(job, "json"), error)) return gone();
  auto bytes = read_file(path_of(job, ending), kReportBytesMax);
  if (!bytes && bytes.error().code == Errc::kNotFound) return gone();
  if (!bytes) return std::unexpected(without_place(std::move(bytes).error()));
  return bytes;
}

Result<void> KeptReports::remove(std::string_view job) const {
  std::error_code error;
  if (!is_id(kPrefix, job) || !fs::exists(path_of(job, "json"), error)) return gone();
  for (const char* ending : {"json", "html"}) {
    fs::remove(path_of(job, ending), error);
    if (error) {
      return fail(Errc::kUnavailable, "the report cannot be removed: " + error.message(), {}, {},
                  {"problem.report_not_removed"});
    }
  }
  return {};
}

}  // namespace behoud::app
