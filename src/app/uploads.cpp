#include "app/uploads.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <set>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/random_id.h"
#include "app/sha256.h"
#include "base/json_writer.h"
#include "base/text.h"

namespace behoud::app {
namespace {

namespace fs = std::filesystem;

using ledger::RoomReader;
using ledger::RoomRow;
using ledger::RoomWriter;

constexpr std::int64_t kKeptMs = 86'400'000;
constexpr std::size_t kNameMax = 255;

std::unexpected<Error> disk(int error) {
  return fail(Errc::kUnavailable,
              error == ENOSPC || error == EDQUOT ? "the disk is full"
                                                 : fmt::format("the file cannot be kept: {}", std::strerror(error)),
              "nothing of it was kept; make room, and send it again", {},
              {error == ENOSPC || error == EDQUOT ? "problem.disk_full" : "problem.file_not_kept"});
}

Result<void> sync(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
  if (fd < 0) return disk(errno);
  const int error = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (error != 0) return disk(error);
  return {};
}

Result<void> check_name(std::string_view name) {
  const bool control =
      std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; });
  if (!name.empty() && name.size() <= kNameMax && !control && is_utf8(name)) return {};
  return fail(Errc::kInvalidArgument, name.empty() ? "say what the file is called" : "this is no name for a file",
              fmt::format("as ?name=orders.csv; at most {} bytes of UTF-8", kNameMax), {{}, 0, "name"},
              {"problem.upload_name"});
}

// One of ours, never theirs.
std::string_view ending_of(std::string_view name) {
  constexpr std::string_view kEndings[] = {".json.gz", ".jsonl.gz", ".ndjson.gz", ".gz",      ".json", ".jsonl",
                                           ".ndjson",  ".xlsx",     ".xlsm",      ".parquet", ".zip"};
  const auto found = std::ranges::find_if(kEndings, [&](std::string_view ending) {
    return name.size() > ending.size() && equal_ignoring_case(name.substr(name.size() - ending.size()), ending);
  });
  return found == std::end(kEndings) ? std::string_view{} : *found;
}

}  // namespace

std::string Uploads::path_of(std::string_view id, std::string_view name) const {
  return fmt::format("{}/{}{}", folder_, id, ending_of(name));
}

std::string upload_json(const Upload& upload) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("upload", upload.id).field("name", upload.name).field("bytes", upload.bytes);
  json.field("sha256", upload.sha256).end_object();
  return out + "\n";
}

Result<std::unique_ptr<Uploads>> Uploads::open(ledger::Ledger& ledger, const World& world) {
  const std::string folder = ledger.folder().path() + "/uploads";
  std::error_code error;
  fs::create_directories(folder + "/incoming", error);
  if (error) return fail(Errc::kUnavailable, "the folder for uploads cannot be made: " + error.message());
  // Personal data lies in them.
  fs::permissions(folder, fs::perms::owner_all, error);
  std::unique_ptr<Uploads> uploads(new Uploads(ledger, world, folder));
  TRY(uploads->put_in_order());
  return uploads;
}

Result<void> Uploads::put_in_order() {
  std::set<std::string> lying;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    if (entry.path().filename() != "incoming") lying.insert(entry.path().filename().string());
  }
  std::map<std::string, std::string> known;  // the name of its file -> its id
  TRY(store_.read([&](RoomReader& db) -> Result<void> {
    return db.each("SELECT id, name FROM upload", {}, [&](const RoomRow& row) -> Result<void> {
      known.emplace(fs::path(path_of(row.text(0), row.text(1))).filename().string(), row.text(0));
      return {};
    });
  }));
  for (const std::string& file : lying) {
    if (!known.contains(file)) fs::remove_all(folder_ + "/" + file, error);
  }
  return store_.write([&](RoomWriter& db) -> Result<void> {
    for (const auto& [file, id] : known) {
      if (!lying.contains(file)) TRY(db.run("DELETE FROM upload WHERE id = ?1", {id}));
    }
    return {};
  });
}

// The bytes are on disk under `path` when it returns.
Result<void> Uploads::take(const http::Request& request, const std::string& path) {
  if (request.body_file.empty()) {
    auto written = write_file(path, request.body);
    if (!written) {
      written.error().place = {};
      return written;
    }
    return {};
  }
  TRY(sync(request.body_file, O_RDONLY));
  if (::rename(request.body_file.c_str(), path.c_str()) != 0) {
    // On another file system: copied, then.
    std::error_code error;
    fs::copy_file(request.body_file, path, error);
    if (error) return disk(error.value());
    TRY(sync(path, O_RDONLY));
  }
  ::chmod(path.c_str(), S_IRUSR | S_IWUSR);
  return sync(folder_, O_RDONLY | O_DIRECTORY);
}

Result<Upload> Uploads::add(std::string_view name, const http::Request& request) {
  TRY(check_name(name));
  if (request.body_bytes() == 0) {
    return fail(Errc::kInvalidArgument, "the file is empty", "send the file itself as the body", {{}, 0, "body"},
                {"problem.file_empty", {{"file", name}}});
  }
  Upload out;
  out.id = random_id("u_", world_);
  out.name = name;
  out.bytes = request.body_bytes();
  out.path = path_of(out.id, out.name);
  auto taken = [&]() -> Result<void> {
    TRY(take(request, out.path));
    TRY_ASSIGN(out.sha256, sha256_of_file(out.path));
    return store_.write([&](RoomWriter& db) {
      return db.run("INSERT INTO upload VALUES(?1, ?2, ?3, ?4, ?5)",
                    {out.id, out.name, out.bytes, out.sha256, world_.now().ms});
    });
  }();
  if (!taken) {
    std::error_code ignored;
    fs::remove(out.path, ignored);
    taken.error().place.file.clear();
    return std::unexpected(std::move(taken).error());
  }
  return out;
}

Result<Upload> Uploads::find(const std::string& id) {
  std::optional<Upload> found;
  TRY(store_.read([&](RoomReader& db) -> Result<void> {
    return db.each("SELECT name, bytes, sha256 FROM upload WHERE id = ?1", {id},
                   [&](const RoomRow& row) -> Result<void> {
                     found = Upload{id, row.text(0), static_cast<std::uint64_t>(row.integer(1)), row.text(2),
                                    path_of(id, row.text(0))};
                     return {};
                   });
  }));
  if (!found) {
    return fail(Errc::kNotFound, "there is no upload " + behoud::quoted(id),
                "an upload is kept until it is imported, and for a day; send the file again", {{}, 0, "uploads"},
                {"problem.upload_gone"});
  }
  TRY(store_.write(
      [&](RoomWriter& db) { return db.run("UPDATE upload SET used_at = ?2 WHERE id = ?1", {id, world_.now().ms}); }));
  return std::move(*found);
}

Result<void> Uploads::remove(const std::string& id) {
  std::string name;
  std::int64_t removed = 0;
  TRY(store_.read([&](RoomReader& db) -> Result<void> {
    return db.each("SELECT name FROM upload WHERE id = ?1", {id}, [&](const RoomRow& row) -> Result<void> {
      name = row.text(0);
      return {};
    });
  }));
  TRY(store_.write([&](RoomWriter& db) -> Result<void> {
    TRY_ASSIGN(removed, db.change("DELETE FROM upload WHERE id = ?1", {id}));
    return {};
  }));
  if (removed == 0) return fail(Errc::kNotFound, "there is no such upload", {}, {{}, 0, "id"}, {"problem.upload_gone"});
  std::error_code ignored;  // what stays goes at the next start
  fs::remove(path_of(id, name), ignored);
  return {};
}

Result<int> Uploads::sweep(const std::function<bool(const std::string& id)>& needed) {
  std::vector<std::string> old;
  TRY(store_.read([&](RoomReader& db) -> Result<void> {
    return db.each("SELECT id FROM upload WHERE used_at < ?1", {world_.now().ms - kKeptMs},
                   [&](const RoomRow& row) -> Result<void> {
                     old.push_back(row.text(0));
                     return {};
                   });
  }));
  int removed = 0;
  for (const std::string& id : old) {
    if (needed(id)) continue;
    TRY(remove(id));
    ++removed;
  }
  return removed;
}

}  // namespace behoud::app
