#include "ingest/read/bytes.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

namespace behoud::ingest::read {
namespace {

class DescriptorBytes final : public Bytes {
 public:
  DescriptorBytes(std::string name, int fd, std::uint64_t size) : name_(std::move(name)), fd_(fd), size_(size) {}
  ~DescriptorBytes() override { ::close(fd_); }
  DescriptorBytes(const DescriptorBytes&) = delete;
  DescriptorBytes& operator=(const DescriptorBytes&) = delete;

  const std::string& name() const override { return name_; }
  std::uint64_t size() const override { return size_; }
  std::string path() const override { return fmt::format("/proc/self/fd/{}", fd_); }

  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) const override {
    if (offset >= size_) return std::size_t{0};
    const std::size_t want = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size_ - offset));
    std::size_t done = 0;
    while (done < want) {
      const ssize_t n = ::pread(fd_, out.data() + done, want - done, static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) {
        return fail(Errc::kUnavailable, fmt::format("{} could not be read: {}", name_, std::strerror(errno)), {},
                    {name_, 0, {}}, {"problem.file_unreadable", {{"detail", std::strerror(errno)}}});
      }
      if (n == 0) {
        return fail(Errc::kUnavailable, fmt::format("{} became shorter while it was being read", name_),
                    "Something is still writing this file. Try again when it is done.", {name_, 0, {}},
                    {"problem.file_changing"});
      }
      done += static_cast<std::size_t>(n);
    }
    return done;
  }

 private:
  std::string name_;
  int fd_;
  std::uint64_t size_;
};

class MemoryBytes final : public Bytes {
 public:
  MemoryBytes(std::string name, std::string content) : name_(std::move(name)), content_(std::move(content)) {}
  const std::string& name() const override { return name_; }
  std::uint64_t size() const override { return content_.size(); }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> out) const override {
    if (offset >= content_.size()) return std::size_t{0};
    const std::size_t n = std::min<std::size_t>(out.size(), content_.size() - static_cast<std::size_t>(offset));
    std::memcpy(out.data(), content_.data() + offset, n);
    return n;
  }

 private:
  std::string name_, content_;
};

}  // namespace

Result<std::unique_ptr<Bytes>> open_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0) {
    if (errno == ENOENT) {
      return fail(Errc::kNotFound, fmt::format("There is no file {}", path), "Check its name and its folder.",
                  {path, 0, {}}, {"problem.file_missing"});
    }
    if (errno == EACCES || errno == EPERM) {
      return fail(Errc::kNotFound, fmt::format("{} may not be read by you", path),
                  fmt::format("Give yourself the right to it, or copy it: chmod u+r {}", path), {path, 0, {}},
                  {"problem.file_forbidden"});
    }
    return fail(Errc::kNotFound, fmt::format("{} could not be opened: {}", path, std::strerror(errno)), {},
                {path, 0, {}}, {"problem.file_unreadable", {{"detail", std::strerror(errno)}}});
  }
  struct stat status{};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(fd);
    const bool folder = S_ISDIR(status.st_mode);
    return fail(Errc::kBadInput, fmt::format("{} is {}", path, folder ? "a folder" : "not a regular file"),
                folder ? "Name the files in it." : "Write it to a file first.", {path, 0, {}},
                {folder ? "problem.file_is_folder" : "problem.file_is_device"});
  }
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  return std::unique_ptr<Bytes>(new DescriptorBytes(path, fd, static_cast<std::uint64_t>(status.st_size)));
}

std::unique_ptr<Bytes> bytes_of(std::string name, std::string content) {
  return std::make_unique<MemoryBytes>(std::move(name), std::move(content));
}

std::unique_ptr<Bytes> bytes_of_descriptor(std::string name, int fd, std::uint64_t size) {
  return std::make_unique<DescriptorBytes>(std::move(name), fd, size);
}

}  // namespace behoud::ingest::read
