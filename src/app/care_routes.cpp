#include "app/care_routes.h"

#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "app/backups.h"
#include "app/customer_directory.h"
#include "app/export_table.h"
#include "app/findings.h"
#include "app/folder_shop.h"
#include "app/intake_handlers.h"
#include "app/random_id.h"
#include "app/request_body.h"
#include "app/route_answers.h"
#include "base/text.h"
#include "http/error_body.h"
#include "http/range.h"

namespace behoud::app {
namespace {

using http::Request;
using http::Response;
using http::StreamState;

// What an export reads; moved along with the stream, and gone with it.
struct Exported {
  std::shared_ptr<const ledger::Snapshot> snapshot;
  timeline::EveryOrder orders;
};

Result<std::pair<std::shared_ptr<Exported>, ExportTable>> table_of(const ServedShop& shop, std::string_view what) {
  auto out = std::make_shared<Exported>();
  TRY_ASSIGN(ledger::Snapshot taken, shop.ledger.snapshot());
  out->snapshot = std::make_shared<const ledger::Snapshot>(std::move(taken));
  if (what == "events") return std::pair{out, events_table(out->snapshot)};
  if (what == "orders") {
    TRY_ASSIGN(out->orders, timeline::rebuild_every_order(*out->snapshot));
    return std::pair{out, orders_table(out->orders)};
  }
  TRY_ASSIGN(FolderShop read, read_folder_shop(*out->snapshot));
  TRY_ASSIGN(auto directory,
             CustomerDirectory::create(*out->snapshot, std::make_shared<const FolderShop>(std::move(read))));
  ExportTable table = customers_table(std::move(directory));
  return std::pair{std::move(out), std::move(table)};
}

// An open file that nobody can find any more: it goes with the descriptor.
class NamelessFile {
 public:
  explicit NamelessFile(int fd) : fd_(fd) {}
  NamelessFile(const NamelessFile&) = delete;
  NamelessFile& operator=(const NamelessFile&) = delete;
  ~NamelessFile() { ::close(fd_); }
  int fd() const { return fd_; }

 private:
  int fd_;
};

Result<Response> as_parquet(const Intake& intake, const ExportTable& table, const std::string& folder) {
  const std::string path = fmt::format("{}/{}", folder, random_id("export-", intake.world()));
  auto written = write_parquet(table, path);
  const int fd = written ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC) : -1;
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  if (!written) return std::unexpected(std::move(written).error());
  if (fd < 0 || error) return fail(Errc::kUnavailable, "the export cannot be read back");
  Response response{200, "application/vnd.apache.parquet", {}, {}};
  response.stream.bytes = bytes;
  // Shared, as std::function wants to be copied.
  response.stream.pull = [file = std::make_shared<const NamelessFile>(fd)](std::string& out, const http::Wake&) {
    constexpr std::size_t kPiece = 256 * 1024;
    const std::size_t before = out.size();
    out.resize(before + kPiece);
    const ssize_t n = ::read(file->fd(), out.data() + before, kPiece);
    out.resize(before + static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
    return n < 0 ? StreamState::kBroken : n == 0 ? StreamState::kEnd : StreamState::kMore;
  };
  return response;
}

Result<Response> export_rows(Intake& intake, const Request& request) {
  TRY(require_parameters(request, {"format"}));
  TRY_ASSIGN(const ServedShop* const shop, intake.shops().asked_for(request));
  const std::string what{request.capture("what")};
  if (what != "orders" && what != "customers" && what != "events") {
    return fail(Errc::kNotFound, behoud::quoted(what) + " cannot be exported", "orders, customers or events");
  }
  const std::string_view format = request.parameter("format").value_or("csv");
  if (format != "csv" && format != "parquet") {
    return fail(Errc::kInvalidArgument, quoted(format) + " is no format of an export", "csv or parquet",
                {{}, 0, "format"});
  }
  TRY_ASSIGN(auto made, table_of(*shop, what));
  Response response{200, "text/csv; charset=utf-8", {}, {}};
  if (format == "parquet") {
    TRY_ASSIGN(response, as_parquet(intake, made.second, intake.uploads().spool_folder()));
  } else {
    response.stream.pull = [kept = std::move(made.first), csv = std::make_shared<CsvExport>(std::move(made.second))](
                               std::string& out, const http::Wake&) {
      const auto more = csv->next(out);
      return !more ? StreamState::kBroken : *more ? StreamState::kMore : StreamState::kEnd;
    };
  }
  response.headers.set("Content-Disposition", fmt::format("attachment; filename=\"behoud-{}.{}\"", what, format));
  response.headers.set("Cache-Control", "no-store");
  return response;
}

// ---- Backups

Result<Response> list_backups(Intake& intake, const Request&) {
  TRY_ASSIGN(const auto all, intake.backups().list());
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("rows").begin_array();
  for (const Backup& backup : all) write_backup(json, backup);
  json.end_array().key("next").null().field("most", kBackupsMax).end_object();
  return json_answer(200, std::move(out));
}

Result<Response> ask_for_backup(Intake& intake, const Request& request, const KeptAnswers::Slot* slot) {
  TRY_ASSIGN(const Job job, intake.ask_for_backup(request, slot));
  return json_answer(202, asked_for_json(job));
}

void record(const Intake& intake, const Request& request, std::string action, const Backup& backup) {
  std::string detail;
  JsonWriter json(detail);
  write_backup(json, backup);
  intake.record({request.actor, std::move(action), "backup", {}, std::move(detail)});
}

// A file that never changes under its name, so that what broke off can be gone on with (Range, If-Range).
Result<Response> download_backup(Intake& intake, const Request& request) {
  TRY_ASSIGN(const Backup backup, intake.backups().find(request.capture("id")));
  const int fd = ::open(backup.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return fail(Errc::kUnavailable, "the backup cannot be read");
  auto file = std::make_shared<const NamelessFile>(fd);
  const std::string tag = "\"" + backup.id + "\"";
  const http::RangeWish wish = http::range_wish(request, tag, backup.bytes);
  const bool part = wish.kind == http::RangeWish::Kind::kPart;
  Response response;
  if (wish.kind == http::RangeWish::Kind::kUnsatisfiable) {
    response = http::error_response(416, "range_not_satisfiable", "the backup does not reach that far");
  } else {
    const std::uint64_t first = part ? wish.range.first : 0, bytes = part ? wish.range.size() : backup.bytes;
    response.status = part ? 206 : 200;
    response.content_type = "application/vnd.sqlite3";
    response.headers.set("Content-Disposition", fmt::format("attachment; filename=\"{}\"", download_name(backup)));
    response.headers.set("ETag", tag);
    response.stream.bytes = bytes;
    response.stream.pull = [file = std::move(file), at = first, left = bytes](std::string& out,
                                                                              const http::Wake&) mutable {
      constexpr std::uint64_t kPiece = 256 * 1024;
      if (left == 0) return StreamState::kEnd;
      const std::size_t before = out.size();
      out.resize(before + static_cast<std::size_t>(std::min(left, kPiece)));
      const ssize_t n = ::pread(file->fd(), out.data() + before, out.size() - before, static_cast<off_t>(at));
      out.resize(before + static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
      if (n <= 0) return StreamState::kBroken;
      at += static_cast<std::uint64_t>(n);
      left -= static_cast<std::uint64_t>(n);
      return left == 0 ? StreamState::kEnd : StreamState::kMore;
    };
    // Once: not of each part that is gone on with.
    if (request.method == http::Method::kGet && first == 0) record(intake, request, "backup_downloaded", backup);
  }
  if (wish.kind != http::RangeWish::Kind::kWhole) {
    response.headers.set("Content-Range", http::content_range(wish, backup.bytes));
  }
  response.headers.set("Accept-Ranges", "bytes");
  response.headers.set("Cache-Control", "no-store");
  return response;
}

Result<Response> remove_backup(Intake& intake, const Request& request) {
  TRY_ASSIGN(const Backup backup, intake.backups().find(request.capture("id")));
  TRY(intake.backups().remove(backup.id));
  record(intake, request, "backup_removed", backup);
  return Response{204, {}, {}, {}};
}

Result<Response> doctor(Intake& intake, const Request& request) {
  TRY(require_parameters(request, {}));
  TRY_ASSIGN(const ServedShop* const shop, intake.shops().asked_for(request));
  const ledger::DataFolder& folder = shop->ledger.folder();
  TRY_ASSIGN(const auto findings, ledger::examine(folder.path(), folder.environment()));
  return json_answer(200, findings_json(folder.path(), findings));
}

}  // namespace

void add_care_routes(http::Router& router, Intake& intake) {
  using http::Method;
  router.add(Method::kGet, "/api/v1/export/{what}",
             [&intake](const Request& r) { return answer_or_refusal(export_rows(intake, r)); },
             {.right = http::Right::kRead});
  const IntakeHandlers on{intake};
  constexpr http::RoutePolicy kOwners{.body_bytes_max = kJsonBodyBytesMax, .right = http::Right::kAdmin};
  router.add(Method::kGet, "/api/v1/backups", on.reads(list_backups), kOwners);
  router.add(Method::kPost, "/api/v1/backups", on.once(ask_for_backup), kOwners);
  router.add(Method::kGet, "/api/v1/backups/{id}", on.reads(download_backup), kOwners);
  router.add(Method::kDelete, "/api/v1/backups/{id}", on.writes(remove_backup), kOwners);
  router.add(Method::kGet, "/api/v1/doctor",
             [&intake](const Request& r) { return answer_or_refusal(doctor(intake, r)); },
             {.right = http::Right::kAdmin});
}

}  // namespace behoud::app
