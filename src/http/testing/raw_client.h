#pragma once

// A blocking TCP client for tests: sends exactly the bytes it is given, so that it can misbehave. Every wait ends after
// ten seconds, so that a server that hangs fails a test instead of stopping it.

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace behoud::http::testing {

struct RawResponse {
  int status = 0;
  std::string head, body;
  // The value of a header field, "" where it is not there.
  std::string field(std::string_view name) const {
    const std::string key = "\r\n" + std::string{name} + ": ";
    const auto at = head.find(key);
    if (at == std::string::npos) return {};
    const auto begin = at + key.size();
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

class RawClient {
 public:
  // `from`: the address of this machine to come from, "" for any.
  explicit RawClient(std::uint16_t port, const std::string& from = {})
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{10, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (!from.empty()) {
      sockaddr_in own{};
      own.sin_family = AF_INET;
      ::inet_pton(AF_INET, from.c_str(), &own.sin_addr);
      if (::bind(fd_, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0) return;  // connected() says so
    }
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  ~RawClient() { ::close(fd_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return connected_; }

  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  void half_close() const { ::shutdown(fd_, SHUT_WR); }

  // The next response; nullopt when the server closed first. Informational ones (1xx) are returned too.
  std::optional<RawResponse> receive(bool head_only = false) {
    RawResponse out;
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!more()) return std::nullopt;
    }
    out.head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    if (out.head.size() >= 12) out.status = number(out.head.substr(9, 3));
    if (head_only || out.status == 304 || out.status == 204) return out;
    if (out.field("Transfer-Encoding") == "chunked") {
      while (const auto chunk = receive_chunk()) {
        if (chunk->empty()) return out;
        out.body += *chunk;
      }
      return std::nullopt;
    }
    const auto length = static_cast<std::size_t>(number(out.field("Content-Length")));
    while (buffer_.size() < length) {
      if (!more()) return std::nullopt;
    }
    out.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return out;
  }

  // The next chunk of a body whose head has been received; "" is the last, nullopt a body cut short.
  std::optional<std::string> receive_chunk() {
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n")) == std::string::npos) {
      if (!more()) return std::nullopt;
    }
    std::size_t size = 0;
    const auto [last, error] = std::from_chars(buffer_.data(), buffer_.data() + end, size, 16);
    if (error != std::errc{} || last != buffer_.data() + end) return std::nullopt;
    while (buffer_.size() < end + 2 + size + 2) {
      if (!more()) return std::nullopt;
    }
    std::string out = buffer_.substr(end + 2, size);
    buffer_.erase(0, end + 2 + size + 2);
    return out;
  }

  // Everything until the server ends the connection.
  std::string receive_all() {
    while (more()) {
    }
    return std::exchange(buffer_, {});
  }

  // Closes with a reset, as a process that is killed.
  void reset() const {
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::shutdown(fd_, SHUT_RD);
  }
  int fd() const { return fd_; }

  // Whether the server ends the connection, with nothing more said.
  bool closed() { return buffer_.empty() && !more(); }

  std::optional<RawResponse> get(std::string_view target, std::string_view more_fields = {}) {
    send("GET " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\n" + std::string{more_fields} + "\r\n");
    return receive();
  }

 private:
  static int number(std::string_view text) {
    int out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
  }
  bool more() {
    std::array<char, 65536> chunk;
    const auto n = ::recv(fd_, chunk.data(), chunk.size(), 0);
    if (n <= 0) return false;
    buffer_.append(chunk.data(), static_cast<std::size_t>(n));
    return true;
  }
  int fd_;
  bool connected_ = false;
  std::string buffer_;
};

}  // namespace behoud::http::testing
