// Any bytes as a Parquet file, which DuckDB reads: an answer or an error, no crash, no more than its memory.
//
// DuckDB's library is not instrumented, so what counts is the number of files it is shown: one instance reads them all,
// from one file of memory (6 ms a file are saved twice), and most mutations are made where a file says what it holds,
// its footer, with the footer's length and the magic words mended. (A Parquet file: "PAR1", the data, the footer, its
// length in four bytes with the least significant first, "PAR1".)

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

#include "ingest/duckdb.h"
#include "ingest/read/fuzz_tables.h"
#include "ingest/read/parquet.h"

using namespace behoud;
using namespace behoud::ingest;
using namespace behoud::ingest::read;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);

namespace {

constexpr std::size_t kTail = 8;  // the footer's length and the magic word

// The one file of memory, as it is now.
class Shown final : public Bytes {
 public:
  Shown(int fd, std::uint64_t size) : path_("/proc/self/fd/" + std::to_string(fd)), fd_(fd), size_(size) {}
  const std::string& name() const override { return name_; }
  std::uint64_t size() const override { return size_; }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) const override {
    const ssize_t n = ::pread(fd_, out.data(), out.size(), static_cast<off_t>(offset));
    require(n >= 0);
    return static_cast<std::size_t>(n);
  }
  std::string path() const override { return path_; }

 private:
  std::string name_ = "f.parquet", path_;
  int fd_;
  std::uint64_t size_;
};

std::uint32_t footer_size(const std::uint8_t* data, std::size_t size) {
  std::uint32_t n = 0;
  for (std::size_t i = 0; i < 4; ++i) n |= std::uint32_t{data[size - kTail + i]} << (8 * i);
  return n;
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t size_max,
                                               unsigned int seed) {
  const std::uint32_t footer = size > kTail + 4 ? footer_size(data, size) : 0;
  if (footer == 0 || footer > size - kTail - 4 || seed % 4 == 0) return LLVMFuzzerMutate(data, size, size_max);
  const std::size_t begin = size - kTail - footer;
  std::string changed(reinterpret_cast<const char*>(data) + begin, footer);
  changed.resize(std::min(size_max - begin - kTail, std::size_t{2} * footer));
  const std::size_t n = LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(changed.data()),
                                         std::min<std::size_t>(footer, changed.size()), changed.size());
  std::copy_n(changed.data(), n, data + begin);
  for (std::size_t i = 0; i < 4; ++i) data[begin + n + i] = static_cast<std::uint8_t>(n >> (8 * i));
  std::copy_n("PAR1", 4, data + begin + n + 4);
  return begin + n + kTail;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int fd = ::memfd_create("parquet_fuzz", 0);
  // Never closed: at the process's end some statics of DuckDB's library go before a static of ours would.
  static const DuckDb& instance = *new DuckDb(
      DuckDb::open({.memory_bytes_max = std::uint64_t{512} << 20, .threads = 1, .files = {Shown(fd, 0).path()}})
          .value());
  require(::ftruncate(fd, 0) == 0 && ::pwrite(fd, data, size, 0) == static_cast<ssize_t>(size));
  // Well or not: no input may bring it down.
  [[maybe_unused]] const auto read =
      read_whole(open_parquet(std::make_unique<Shown>(fd, size), "f.parquet", instance), "f.parquet");
  return 0;
}
