#pragma once

// Reading a .zip (which an .xlsx is, too) entry by entry, through libzip.
//
// Names are shown as text: bytes that are no UTF-8, and control characters, become "?". They are never used as paths.
// Cost: opening reads the directory at the end of the archive. One thread uses an archive and its streams.
// Errors: kBadInput (no zip, damaged, an entry that is encrypted or packed in a way libzip does not know), kOutOfRange
// (more entries than the bounds; a bomb).

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ingest/read/bytes.h"
#include "ingest/read/unpack.h"

namespace behoud::ingest::read {

struct ZipEntry {
  std::string name;
  std::uint64_t index = 0;
  std::uint64_t unpacked = 0;  // as the archive claims
  bool encrypted = false;
};

class ZipStream {
 public:
  ZipStream(ZipStream&&) noexcept;
  ~ZipStream();
  // The next bytes; 0 at the end, where the checksum was right.
  Result<std::size_t> read(std::span<char> out);

 private:
  friend class ZipArchive;
  struct Impl;
  explicit ZipStream(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class ZipArchive {
 public:
  // `bytes` must outlive the archive, and the archive its streams. `name` is for errors.
  static Result<ZipArchive> open(const Bytes& bytes, const std::string& name, const UnpackBounds& bounds);
  ZipArchive(ZipArchive&&) noexcept;
  ZipArchive& operator=(ZipArchive&&) noexcept;
  ~ZipArchive();
  const std::vector<ZipEntry>& entries() const;
  const ZipEntry* find(std::string_view name) const;
  // All streams of an archive spend one budget, unless `again`: then this stream has one of its own.
  Result<ZipStream> stream(const ZipEntry& entry, bool again = false);
  // A whole entry of at most `bytes_max`. Errors: also kOutOfRange (larger).
  Result<std::string> content(const ZipEntry& entry, std::uint64_t bytes_max);

 private:
  friend class ZipStream;
  struct Impl;
  explicit ZipArchive(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace behoud::ingest::read
