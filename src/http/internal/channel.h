#pragma once

// The bytes of one connection, plain or over TLS: the same two calls for both. OpenSSL works on the socket itself and
// Asio only waits for it, so a TLS connection that idles holds no buffer (Asio's own TLS stream keeps 34 KiB each).
//
// A read or a write that would wait suspends the coroutine; closing the socket ends both. After a stretch of reads that
// never had to wait the others get their turn. Thread-safety: of the connections' thread alone.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "http/internal/net.h"

struct ssl_st;
struct ssl_ctx_st;

namespace behoud::http {

// What all connections did, ever; read from any thread.
struct Traffic {
  std::atomic<std::uint64_t> received = 0, sent = 0;  // bytes
  std::atomic<std::uint64_t> handshakes_failed = 0;
};

class Channel {
 public:
  // `scratch` is where reads land first, shared by all connections: one that idles needs none.
  Channel(Socket socket, std::span<char> scratch, Traffic& traffic);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  bool is_open() const { return socket_.is_open(); }
  bool is_tls() const { return ssl_ != nullptr; }
  void close();
  // Closes it so that the peer sees that it was cut short.
  void reset();
  // Says that nothing more will be sent.
  bool shut_down_sending();
  Socket& socket() { return socket_; }

  enum class Greeting : std::uint8_t { kTls, kPlainHttp, kNothing };
  // Makes TLS of it. kPlainHttp: the peer speaks HTTP without TLS, and can be told so as it is; kNothing: it has gone,
  // or what it says is neither.
  Task<Greeting> greet(ssl_ctx_st* context);

  // Appends at least a byte to `buffer`; false: the peer has ended its side, or the connection is closed.
  Task<bool> read(std::string& buffer);
  // Both parts, whole; false: the connection is closed.
  Task<bool> write(std::string_view first, std::string_view second = {});

 private:
  struct SslFree {
    void operator()(ssl_st* ssl) const;
  };
  enum class Ready : std::uint8_t { kDone, kRead, kWrite, kEnd };
  Ready try_read(std::size_t& n);
  Ready try_write(std::string_view first, std::string_view second, std::size_t& n);
  Ready ready_of(int result) const;
  Task<bool> wait(Ready what);

  Socket socket_;
  std::span<char> scratch_;
  Traffic& traffic_;
  std::unique_ptr<ssl_st, SslFree> ssl_;
  bool shaken_ = false;  // the handshake is done
  int unwaited_ = 0;     // operations since the connection last waited
};

}  // namespace behoud::http
