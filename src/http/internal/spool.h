#pragma once

// A body on its way into a file of its own. The file is gone with the value, unless somebody renamed it; what a killed
// server left behind is swept when the next one starts.

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"
#include "http/message.h"

namespace behoud::http {

class SpoolFile {
 public:
  // The error is errno's.
  static std::expected<SpoolFile, int> create(const std::string& folder);
  ~SpoolFile();
  SpoolFile(SpoolFile&& other) noexcept;
  SpoolFile& operator=(SpoolFile&& other) noexcept;

  std::expected<void, int> append(std::string_view bytes, const FileCalls& calls);
  void close();  // everything is written; the file stays until the value goes

  const std::string& path() const { return path_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  SpoolFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  std::string path_;
  int fd_ = -1;
  std::uint64_t bytes_ = 0;
};

// How a body that could not be put aside is refused: 507 for want of room, 503 else.
Response spool_refusal(int error);

// Makes the folder where it is missing and removes what an earlier server left in it. Errors: kUnavailable.
Result<void> prepare_spool(const std::string& folder);

}  // namespace behoud::http
