#pragma once

// Unpacking within bounds: a budget that ends zip bombs while they unpack, and a spool that keeps what was unpacked so
// that it can be read again: in memory up to 8 MiB, beyond that in a temporary file that has no name and vanishes with
// the process.
//
// Thread-safety: one thread at a time.

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "ingest/read/bytes.h"

namespace behoud::ingest::read {

struct UnpackBounds {
  std::uint64_t times_max = 200;                            // unpacked, of the packed size
  std::uint64_t free_bytes = std::uint64_t{16} << 20;       // that may be unpacked whatever the packed size
  std::uint64_t bytes_max = std::uint64_t{64} << 30;        // at most, whatever the packed size
  std::uint64_t memory_bytes_max = std::uint64_t{8} << 20;  // kept in memory
  std::uint64_t parts_max = 64;                             // tables in an archive
  std::uint64_t entries_max = 10'000;                       // entries of any kind in an archive
  std::string temp_folder = "/var/tmp";
};

// What may be unpacked from one archive. Errors: kOutOfRange, saying which bound.
class UnpackBudget {
 public:
  UnpackBudget(std::string name, std::uint64_t packed, const UnpackBounds& bounds)
      : name_(std::move(name)), packed_(packed), bounds_(bounds) {}
  Result<void> spend(std::uint64_t bytes);

 private:
  std::string name_;
  std::uint64_t packed_, spent_ = 0;
  UnpackBounds bounds_;
};

class Spool {
 public:
  Spool(std::string name, const UnpackBounds& bounds) : name_(std::move(name)), bounds_(bounds) {}
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  // Errors: kUnavailable (no temporary file can be made or grown: the disk is full).
  Result<void> write(std::span<const char> bytes);
  // Hands over what was written; the spool is empty then.
  Result<std::unique_ptr<Bytes>> finish();

 private:
  Result<void> to_disk();
  Result<void> write_all(std::span<const char> bytes);

  std::string name_;
  UnpackBounds bounds_;
  std::string memory_;
  int fd_ = -1;
  std::uint64_t size_ = 0;
};

// A .gz file of one or several members, unpacked under the name `name`.
// Errors: kBadInput (damaged, cut off, something behind the last member), kOutOfRange (a bomb), kUnavailable.
Result<std::unique_ptr<Bytes>> unpack_gzip(const Bytes& packed, const std::string& name, const UnpackBounds& bounds);

}  // namespace behoud::ingest::read
