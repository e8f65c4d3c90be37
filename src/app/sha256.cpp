#include "app/sha256.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace behoud::app {

Sha256::Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
  EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
}

void Sha256::add(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }

std::string Sha256::hexadecimal() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
  std::string out;
  for (unsigned int i = 0; i < size; ++i) out += fmt::format("{:02x}", digest[i]);
  return out;
}

Result<std::string> sha256_of_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return fail(errno == ENOENT ? Errc::kNotFound : Errc::kUnavailable,
                fmt::format("cannot be opened: {}", std::strerror(errno)), {}, {path, 0, {}});
  }
  Sha256 sum;
  std::vector<char> buffer(1 << 20);
  ssize_t n = 0;
  while ((n = ::read(fd, buffer.data(), buffer.size())) != 0) {
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    sum.add({buffer.data(), static_cast<std::size_t>(n)});
  }
  const int error = n < 0 ? errno : 0;
  ::close(fd);
  if (error == 0) return sum.hexadecimal();
  if (error == EISDIR) {
    return fail(Errc::kNotFound, "is a folder", "Name the files in it.", {path, 0, {}}, {"problem.file_is_folder"});
  }
  return fail(Errc::kUnavailable, fmt::format("cannot be read: {}", std::strerror(error)), {}, {path, 0, {}},
              {"problem.file_unreadable", {{"detail", std::strerror(error)}}});
}

}  // namespace behoud::app
