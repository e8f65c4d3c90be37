#pragma once

// The bytes of one part: a file, a member unpacked into memory, or one unpacked into an unlinked temporary file. Read
// by position, so that several readings of the same part do not disturb one another.
//
// The size is that of the moment of opening: a file that grows meanwhile is read up to there, one that shrinks gives
// kUnavailable (files are read, never mapped: a mapping of a file that shrinks kills the process). Thread-safe.

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"

namespace behoud::ingest::read {

class Bytes {
 public:
  virtual ~Bytes() = default;
  virtual const std::string& name() const = 0;  // as errors show it
  virtual std::uint64_t size() const = 0;
  // Fills `out` from `offset` on and returns how many bytes there were; fewer than asked only at the end.
  // Errors: kUnavailable (the file shrank or could not be read).
  virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) const = 0;
  // A path that opens the same bytes in this process ("/proc/self/fd/7"), for libraries that want one; "" if none.
  virtual std::string path() const { return {}; }
};

// Errors: kNotFound (no such file, or it may not be read), kBadInput (a folder, a device).
Result<std::unique_ptr<Bytes>> open_file(const std::string& path);

std::unique_ptr<Bytes> bytes_of(std::string name, std::string content);

// Takes over `fd`, whose content has `size` bytes.
std::unique_ptr<Bytes> bytes_of_descriptor(std::string name, int fd, std::uint64_t size);

}  // namespace behoud::ingest::read
