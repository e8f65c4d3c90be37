#pragma once

// The dashboard's files, served out of memory. Everything under a folder is read once, at the start; a path of a
// request is looked up among the names that were read, so no path, however it is written, reaches a file outside.
//
// A file whose name holds a hash of its content ("assets/index-B1xQ9a2c.js") may be kept for good; any other is asked
// for again each time and answered with 304. Text is packed once, when it is loaded. Range is served for the plain
// form. A path without a dot outside /api is a place within the application, and gets index.html: the application reads
// the path itself.
//
// HTML carries a content security policy: everything from here, no inline script, no frames around it.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/router.h"

namespace behoud::http {

struct StaticFile {
  std::string content_type;
  std::string plain, packed;  // packed: gzip, "" where it does not help
  std::string tag;            // strong, of the plain form
  bool kept_for_good = false;
};

class StaticFiles {
 public:
  static constexpr std::size_t kFilesMax = 4096;
  static constexpr std::uint64_t kBytesMax = 64 << 20;

  // Errors: kNotFound (no such folder, or no index.html in it), kOutOfRange (more than the bounds above),
  // kInvalidArgument (a link that leads out of the folder), kUnavailable.
  static Result<StaticFiles> load(const std::string& folder);

  // The response to a path ("/assets/a.js") as it came, still encoded; 404 where there is none.
  Response answer(const Request& request) const;
  // Serves them where no route fits, without sign-in. `router` takes a share of the files.
  void add_to(Router& router) const;

  std::size_t size() const { return files_->size(); }

 private:
  using Files = std::map<std::string, StaticFile, std::less<>>;  // by path without the first slash
  explicit StaticFiles(Files files) : files_(std::make_shared<const Files>(std::move(files))) {}
  std::shared_ptr<const Files> files_;  // shared with the router's handler
};

}  // namespace behoud::http
