#pragma once

// Files, read whole and bounded, mapped, or replaced at once. A written file is either the old one or the new one,
// whatever happens in between: the bytes go to a temporary file in the same folder, which is synced, renamed over the
// name, and the folder synced.
//
// Errors carry the file in their place. kNotFound: it is not there. kOutOfRange: it is longer than the bound.
// kInvalidArgument: it is no regular file (a folder). kUnavailable: the system said no (disk full, no permission, an
// fsync that failed); the message holds its words and the hint says what was lost, which is nothing but the new bytes.
// A failed fsync is never tried again: the kernel may have dropped the pages and would answer "fine" the second time.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "base/result.h"

namespace behoud {

// The calls that can fail for reasons outside the program, so that tests can make them fail. Each is as in POSIX.
struct FileCalls {
  ssize_t (*write)(int fd, const void* bytes, std::size_t size);
  int (*sync)(int fd);  // of the file and of the folder
  int (*rename)(const char* from, const char* to);
};
const FileCalls& system_calls();

Result<std::string> read_file(const std::string& path, std::uint64_t bytes_max);

// Writes a file that appears under its name only at commit(), whole. Without a commit nothing is left of it.
class AtomicFile {
 public:
  // The folder must be there. Errors: kNotFound (no such folder), kUnavailable.
  static Result<AtomicFile> create(std::string path, const FileCalls& calls = system_calls());
  ~AtomicFile();
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;

  // Buffered, but for long stretches. Errors: kUnavailable; the file is given up then, and so is every later call.
  Result<void> append(std::string_view bytes);
  Result<void> commit();
  std::uint64_t size() const { return size_; }

 private:
  AtomicFile(std::string path, std::string temporary, int fd, const FileCalls& calls)
      : path_(std::move(path)), temporary_(std::move(temporary)), fd_(fd), calls_(&calls) {}
  Result<void> write_out(std::string_view bytes);
  Result<void> flush();
  void give_up();

  std::string path_, temporary_, buffer_;
  int fd_ = -1;  // -1: committed, given up or moved from
  const FileCalls* calls_;
  std::uint64_t size_ = 0;
};

Result<void> write_file(const std::string& path, std::string_view bytes, const FileCalls& calls = system_calls());

// A file's bytes in memory, read-only, for as long as the value lives; nothing is read before it is looked at. Requires
// that nobody shortens the file meanwhile (touching what is gone is a SIGBUS), which holds for files that are only ever
// replaced by renaming.
class MappedFile {
 public:
  static Result<MappedFile> open(const std::string& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  std::string_view bytes() const { return {data_, size_}; }

 private:
  MappedFile(const char* data, std::size_t size) : data_(data), size_(size) {}
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace behoud
