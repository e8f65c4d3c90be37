#include "base/file.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace behoud {
namespace {

constexpr std::size_t kBufferBytes = 256 * 1024;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

std::unexpected<Error> refused(const std::string& path, const char* what, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    const bool reads = std::string_view(what) == "open";
    return fail(Errc::kNotFound, std::string("cannot ") + what + ": there is no such file or folder",
                reads ? "Check its name and its folder." : "Make the folder first, or write to another.", {path},
                {reads ? "problem.file_missing" : "problem.output_no_folder"});
  }
  const char* hint = "Nothing that was there before has changed.";
  Why why{"problem.file_not_kept"};
  if (error == ENOSPC || error == EDQUOT) {
    hint = "The disk is full. Free some space and try again; nothing that was there before has changed.";
    why = {"problem.disk_full"};
  } else if (error == EACCES || error == EPERM || error == EROFS) {
    hint = "Check who owns the file and its folder; nothing that was there before has changed.";
  }
  return fail(Errc::kUnavailable, std::string("cannot ") + what + ": " + std::generic_category().message(error), hint,
              {path}, std::move(why));
}

// Opens a regular file for reading and says how long it is.
Result<std::pair<int, std::uint64_t>> open_regular(const std::string& path) {
  // Without O_NONBLOCK, opening a named pipe would wait for a writer.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return refused(path, "open", errno);
  struct stat status{};
  if (::fstat(fd, &status) != 0) {
    const int error = errno;
    ::close(fd);
    return refused(path, "open", error);
  }
  if (!S_ISREG(status.st_mode)) {
    ::close(fd);
    return fail(Errc::kInvalidArgument, "this is not a file",
                S_ISDIR(status.st_mode) ? "It is a folder: name a file in it." : "", {path});
  }
  return std::pair(fd, static_cast<std::uint64_t>(status.st_size));
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

const FileCalls& system_calls() {
  static constexpr FileCalls kCalls{::write, ::fsync, std::rename};
  return kCalls;
}

Result<std::string> read_file(const std::string& path, std::uint64_t bytes_max) {
  TRY_ASSIGN(const auto opened, open_regular(path));
  const Descriptor fd(opened.first);
  const auto too_long = [&] {
    return fail(Errc::kOutOfRange, "the file is longer than " + std::to_string(bytes_max) + " bytes", {}, {path});
  };
  if (opened.second > bytes_max) return too_long();
  // The size is a promise, not a fact (a file may grow, /proc says 0): read until the end, but never past the bound.
  std::string out;
  out.resize(opened.second + 1);
  std::size_t size = 0;
  while (true) {
    const ssize_t n = ::read(fd.get(), out.data() + size, out.size() - size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return refused(path, "read", errno);
    if (n == 0) break;
    size += static_cast<std::size_t>(n);
    if (size > bytes_max) return too_long();
    if (size == out.size()) out.resize(out.size() + kBufferBytes);
  }
  out.resize(size);
  return out;
}

Result<AtomicFile> AtomicFile::create(std::string path, const FileCalls& calls) {
  // Unique among the processes of this machine and within this one; O_EXCL sees to the rest.
  static std::atomic<std::uint64_t> counter = 0;
  std::string temporary;
  int fd = -1;
  for (int attempt = 0; attempt < 100 && fd < 0; ++attempt) {
    temporary = path + '.' + std::to_string(::getpid()) + '-' + std::to_string(counter++) + ".part";
    fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno != EEXIST) break;
  }
  if (fd < 0) return refused(path, "write", errno);
  return AtomicFile(std::move(path), std::move(temporary), fd, calls);
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)),
      buffer_(std::move(other.buffer_)),
      fd_(std::exchange(other.fd_, -1)),
      calls_(other.calls_),
      size_(other.size_) {}

AtomicFile::~AtomicFile() { give_up(); }

void AtomicFile::give_up() {
  if (fd_ < 0) return;
  ::close(std::exchange(fd_, -1));
  ::unlink(temporary_.c_str());
}

Result<void> AtomicFile::write_out(std::string_view bytes) {
  for (std::string_view left = bytes; !left.empty();) {
    const ssize_t n = calls_->write(fd_, left.data(), left.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      const int error = n == 0 ? ENOSPC : errno;
      give_up();
      return refused(path_, "write", error);
    }
    left.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> AtomicFile::flush() {
  TRY(write_out(buffer_));
  buffer_.clear();
  return {};
}

Result<void> AtomicFile::append(std::string_view bytes) {
  if (fd_ < 0)
    return fail(Errc::kUnavailable, "cannot write: the file was given up after an earlier error", {}, {path_});
  size_ += bytes.size();
  if (bytes.size() >= kBufferBytes) {  // as they lie: no copy of a long stretch
    TRY(flush());
    return write_out(bytes);
  }
  buffer_ += bytes;
  return buffer_.size() >= kBufferBytes ? flush() : Result<void>();
}

Result<void> AtomicFile::commit() {
  TRY(append({}));
  TRY(flush());
  const auto give_up_for = [&](const char* what) {
    const int error = errno;
    give_up();
    return refused(path_, what, error);
  };
  if (calls_->sync(fd_) != 0) return give_up_for("make the file safe on the disk");
  if (calls_->rename(temporary_.c_str(), path_.c_str()) != 0) return give_up_for("put the new file in its place");
  ::close(std::exchange(fd_, -1));
  // From here on the new file stands under its name, but the name may not survive a power cut.
  const Descriptor folder(::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || calls_->sync(folder.get()) != 0) {
    const int error = errno;
    return fail(Errc::kUnavailable,
                "cannot make the new file safe on the disk: " + std::generic_category().message(error),
                "The file is there, but a power cut could bring the old one back.", {path_});
  }
  return {};
}

Result<void> write_file(const std::string& path, std::string_view bytes, const FileCalls& calls) {
  TRY_ASSIGN(AtomicFile file, AtomicFile::create(path, calls));
  TRY(file.append(bytes));
  return file.commit();
}

Result<MappedFile> MappedFile::open(const std::string& path) {
  TRY_ASSIGN(const auto opened, open_regular(path));
  const Descriptor fd(opened.first);
  const auto size = static_cast<std::size_t>(opened.second);
  if (size == 0) return MappedFile(nullptr, 0);
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd.get(), 0);
  if (data == MAP_FAILED) return refused(path, "map", errno);
  return MappedFile(static_cast<const char*>(data), size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}
MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);
}

}  // namespace behoud
