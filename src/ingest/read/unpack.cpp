#include "ingest/read/unpack.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <limits>

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>
#include <zlib.h>

namespace behoud::ingest::read {
namespace {

constexpr std::size_t kPiece = 256 * 1024;

std::unexpected<Error> disk_error(const std::string& name, const std::string& folder) {
  return fail(Errc::kUnavailable,
              fmt::format("{} could not be unpacked into {}: {}", name, folder, std::strerror(errno)),
              "Make room there, or unpack the file yourself.", {name, 0, {}},
              {"problem.unpack_no_room", {{"folder", folder}, {"detail", std::strerror(errno)}}});
}

}  // namespace

Result<void> UnpackBudget::spend(std::uint64_t bytes) {
  spent_ += bytes;
  if (spent_ > bounds_.bytes_max) {
    return fail(Errc::kOutOfRange, fmt::format("{} unpacks to more than {} GiB", name_, bounds_.bytes_max >> 30),
                "Unpack it, and give the files in it.", {name_, 0, {}},
                {"problem.unpack_too_large", {{"gib", bounds_.bytes_max >> 30}}});
  }
  if (spent_ > bounds_.free_bytes && spent_ / bounds_.times_max > packed_) {
    return fail(Errc::kOutOfRange,
                fmt::format("{} unpacks to more than {} times its size: this is no archive of orders", name_,
                            bounds_.times_max),
                "If you trust it, unpack it and give the files in it.", {name_, 0, {}},
                {"problem.unpack_bomb", {{"times", bounds_.times_max}}});
  }
  return {};
}

Spool::~Spool() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> Spool::to_disk() {
  fd_ = ::open(bounds_.temp_folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
  if (fd_ < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
    // A file system without nameless files: a name for a moment.
    std::string path = bounds_.temp_folder + "/behoud-XXXXXX";
    fd_ = ::mkostemp(path.data(), O_CLOEXEC);
    if (fd_ >= 0) ::unlink(path.c_str());
  }
  if (fd_ < 0) return disk_error(name_, bounds_.temp_folder);
  TRY(write_all(memory_));
  memory_ = {};
  return {};
}

Result<void> Spool::write_all(std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return disk_error(name_, bounds_.temp_folder);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> Spool::write(std::span<const char> bytes) {
  size_ += bytes.size();
  if (fd_ < 0 && size_ > bounds_.memory_bytes_max) TRY(to_disk());
  if (fd_ >= 0) return write_all(bytes);
  memory_.append(bytes.data(), bytes.size());
  return {};
}

Result<std::unique_ptr<Bytes>> Spool::finish() {
  if (fd_ < 0) return bytes_of(std::move(name_), std::move(memory_));
  return bytes_of_descriptor(std::move(name_), std::exchange(fd_, -1), size_);
}

Result<std::unique_ptr<Bytes>> unpack_gzip(const Bytes& packed, const std::string& name, const UnpackBounds& bounds) {
  struct Inflater {
    z_stream stream{};
    bool open = false;
    ~Inflater() {
      if (open) inflateEnd(&stream);
    }
  } inflater;
  z_stream& z = inflater.stream;
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  if (inflateInit2(&z, kGzipOnly) != Z_OK)
    return fail(Errc::kUnavailable, "There is not enough memory to unpack", {}, {name, 0, {}}, {"problem.no_memory"});
  inflater.open = true;
  const auto damaged = [&](std::string_view what, const char* reason) {
    return fail(Errc::kBadInput, fmt::format("{} {}", name, what), "Download or export it again.", {name, 0, {}},
                {reason});
  };
  std::string in(kPiece, '\0'), out(kPiece, '\0');
  UnpackBudget budget(name, packed.size(), bounds);
  Spool spool(name, bounds);
  std::uint64_t offset = 0;
  bool within = false;  // a member
  for (;;) {
    if (z.avail_in == 0) {
      TRY_ASSIGN(const std::size_t n, packed.read_at(offset, in));
      if (n == 0) break;
      offset += n;
      z.next_in = reinterpret_cast<Bytef*>(in.data());
      z.avail_in = static_cast<uInt>(n);
    }
    if (!within && offset > z.avail_in) {
      // Behind a member: another one, or the zeros that tapes and some servers add.
      while (z.avail_in > 0 && *z.next_in == 0) {
        ++z.next_in;
        --z.avail_in;
      }
      if (z.avail_in == 0) continue;
    }
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    within = true;
    const int outcome = inflate(&z, Z_NO_FLUSH);
    const std::size_t made = out.size() - z.avail_out;
    TRY(budget.spend(made));
    TRY(spool.write({out.data(), made}));
    if (outcome == Z_STREAM_END) {
      within = false;
      inflateReset(&z);
    } else if (outcome == Z_MEM_ERROR) {
      return fail(Errc::kUnavailable, "There is not enough memory to unpack", {}, {name, 0, {}}, {"problem.no_memory"});
    } else if (outcome != Z_OK && outcome != Z_BUF_ERROR) {
      return damaged("is damaged: it cannot be unpacked", "problem.archive_damaged");
    }
  }
  if (within) return damaged("is cut off: the end of the packed data is missing", "problem.file_cut_off");
  return spool.finish();
}

}  // namespace behoud::ingest::read
