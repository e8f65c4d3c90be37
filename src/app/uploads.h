#pragma once

// Files that people sent and that wait to be imported. The bytes lie in the data folder under uploads/, each by an id
// of its own; what the person's machine called the file is a text in the database, never part of a path, but for its
// ending where that is one of a few by which ingest/read/kind.h judges a file that is broken. An upload is
// whole and on disk before it is acknowledged; what a killed server left half is removed at the next start, and what
// nobody has used for a day goes too.
//
// Thread-safety: any thread.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/world.h"
#include "base/file.h"
#include "http/message.h"
#include "ledger/room_store.h"

namespace behoud::app {

inline constexpr std::uint64_t kUploadBytesMax = std::uint64_t{4} << 30;

struct Upload {
  std::string id;
  std::string name;  // as the person's machine called it: any text of at most 255 bytes without control characters
  std::uint64_t bytes = 0;
  std::string sha256;
  std::string path;  // where it lies
};

class Uploads {
 public:
  // Makes the folder and puts it in order. Errors: kUnavailable (disk), those of the store.
  static Result<std::unique_ptr<Uploads>> open(ledger::Ledger& ledger, const World& world);

  // Takes the body of the request. Errors: kInvalidArgument (no name, an empty body), kUnavailable (disk full: nothing
  // is left of it).
  Result<Upload> add(std::string_view name, const http::Request& request);
  // Marks it as used now. Errors: kNotFound naming the id.
  Result<Upload> find(const std::string& id);
  Result<void> remove(const std::string& id);
  // Removes what nobody has used for a day, unless `needed` says that it is. How many.
  Result<int> sweep(const std::function<bool(const std::string& id)>& needed);

  // Where bodies are written while they come: beside, so that taking one is renaming it.
  std::string spool_folder() const { return folder_ + "/incoming"; }

 private:
  Uploads(ledger::Ledger& ledger, const World& world, std::string folder)
      : store_(ledger), world_(world), folder_(std::move(folder)) {}
  Result<void> put_in_order();
  std::string path_of(std::string_view id, std::string_view name) const;
  Result<void> take(const http::Request& request, const std::string& path);

  ledger::RoomStore store_;
  const World& world_;
  std::string folder_;
};

std::string upload_json(const Upload& upload);

}  // namespace behoud::app
