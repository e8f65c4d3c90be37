#include "http/internal/channel.h"

#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace behoud::http {
namespace {

constexpr int kUnwaitedMax = 32;
constexpr char kHandshakeRecord = 0x16;  // the first byte of every TLS connection (RFC 8446, 5.1)

bool would_wait(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

// OpenSSL's own BIO for sockets writes with write(2), which kills the process with SIGPIPE when the peer has gone.
int bio_write(BIO* bio, const char* bytes, int size) {
  const auto* socket = static_cast<Socket*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const auto n = ::send(const_cast<Socket*>(socket)->native_handle(), bytes, static_cast<std::size_t>(size),
                        MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n < 0 && (would_wait(errno) || errno == EINTR)) BIO_set_retry_write(bio);
  return static_cast<int>(n);
}

int bio_read(BIO* bio, char* bytes, int size) {
  auto* socket = static_cast<Socket*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const auto n = ::recv(socket->native_handle(), bytes, static_cast<std::size_t>(size), MSG_DONTWAIT);
  if (n < 0 && (would_wait(errno) || errno == EINTR)) BIO_set_retry_read(bio);
  if (n == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(n);
}

long bio_control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return 0;
}

BIO_METHOD* socket_method() {
  // Made once and kept, as OpenSSL keeps its own.
  static BIO_METHOD* const method = [] {
    BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "behoud socket");
    BIO_meth_set_write(m, bio_write);
    BIO_meth_set_read(m, bio_read);
    BIO_meth_set_ctrl(m, bio_control);
    BIO_meth_set_create(m, [](BIO* bio) {
      BIO_set_init(bio, 1);
      return 1;
    });
    return m;
  }();
  return method;
}

}  // namespace

void Channel::SslFree::operator()(ssl_st* ssl) const { SSL_free(ssl); }

Channel::Channel(Socket socket, std::span<char> scratch, Traffic& traffic)
    : socket_(std::move(socket)), scratch_(scratch), traffic_(traffic) {}
Channel::~Channel() = default;

void Channel::close() {
  if (shaken_ && is_open()) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());  // says goodbye where the socket takes it at once
  }
  error_code ignored;
  socket_.close(ignored);
}

void Channel::reset() {
  error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

bool Channel::shut_down_sending() {
  if (shaken_) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }
  error_code error;
  socket_.shutdown(tcp::socket::shutdown_send, error);
  return !error;
}

Task<bool> Channel::wait(Ready what) {
  unwaited_ = 0;
  const auto [error] =
      co_await socket_.async_wait(what == Ready::kWrite ? Socket::wait_write : Socket::wait_read, kAwait);
  co_return !error && is_open();
}

Channel::Ready Channel::ready_of(int result) const {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Ready::kRead;
    case SSL_ERROR_WANT_WRITE:
      return Ready::kWrite;
    default:
      return Ready::kEnd;
  }
}

Channel::Ready Channel::try_read(std::size_t& n) {
  if (!is_open()) return Ready::kEnd;
  if (ssl_) {
    ERR_clear_error();
    const int result = SSL_read_ex(ssl_.get(), scratch_.data(), scratch_.size(), &n);
    return result == 1 ? Ready::kDone : ready_of(result);
  }
  while (true) {
    const auto got = ::recv(socket_.native_handle(), scratch_.data(), scratch_.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return would_wait(errno) ? Ready::kRead : Ready::kEnd;
    n = static_cast<std::size_t>(got);
    return n == 0 ? Ready::kEnd : Ready::kDone;
  }
}

Channel::Ready Channel::try_write(std::string_view first, std::string_view second, std::size_t& n) {
  if (!is_open()) return Ready::kEnd;
  if (ssl_) {
    // One record for a head and a small body; more goes out by itself.
    std::array<char, 8192> both;
    std::string_view bytes = first.empty() ? second : first;
    if (!first.empty() && !second.empty() && first.size() + second.size() <= both.size()) {
      first.copy(both.data(), first.size());
      second.copy(both.data() + first.size(), second.size());
      bytes = {both.data(), first.size() + second.size()};
    }
    ERR_clear_error();
    const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &n);
    return result == 1 ? Ready::kDone : ready_of(result);
  }
  std::array<iovec, 2> parts{iovec{const_cast<char*>(first.data()), first.size()},
                             iovec{const_cast<char*>(second.data()), second.size()}};
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  while (true) {
    const auto put = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return would_wait(errno) ? Ready::kWrite : Ready::kEnd;
    n = static_cast<std::size_t>(put);
    return Ready::kDone;
  }
}

Task<bool> Channel::read(std::string& buffer) {
  if (++unwaited_ > kUnwaitedMax) {
    unwaited_ = 0;
    co_await asio::post(socket_.get_executor(), asio::use_awaitable_t<Executor>{});
  }
  while (true) {
    std::size_t n = 0;
    const Ready ready = try_read(n);
    if (ready == Ready::kEnd) co_return false;
    if (ready == Ready::kDone) {
      traffic_.received += n;
      buffer.append(scratch_.data(), n);
      co_return true;
    }
    if (!co_await wait(ready)) co_return false;
  }
}

Task<bool> Channel::write(std::string_view first, std::string_view second) {
  while (!first.empty() || !second.empty()) {
    std::size_t n = 0;
    const Ready ready = try_write(first, second, n);
    if (ready == Ready::kEnd) co_return false;
    if (ready != Ready::kDone) {
      if (!co_await wait(ready)) co_return false;
      continue;
    }
    traffic_.sent += n;
    const std::size_t of_first = std::min(n, first.size());
    first.remove_prefix(of_first);
    second.remove_prefix(n - of_first);
  }
  co_return true;
}

Task<Channel::Greeting> Channel::greet(ssl_ctx_st* context) {
  char first = 0;
  while (true) {
    const auto n = ::recv(socket_.native_handle(), &first, 1, MSG_PEEK | MSG_DONTWAIT);
    if (n == 1) break;
    if (n == 0 || (errno != EINTR && !would_wait(errno))) co_return Greeting::kNothing;
    if (!co_await wait(Ready::kRead)) co_return Greeting::kNothing;
  }
  if (first >= 'A' && first <= 'Z') co_return Greeting::kPlainHttp;
  if (first != kHandshakeRecord) co_return Greeting::kNothing;
  ssl_.reset(SSL_new(context));
  BIO* const bio = BIO_new(socket_method());
  if (!ssl_ || bio == nullptr) {
    BIO_free(bio);
    co_return Greeting::kNothing;
  }
  BIO_set_data(bio, &socket_);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_accept_state(ssl_.get());
  while (true) {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) break;
    const Ready ready = ready_of(result);
    if (ready == Ready::kEnd) co_return Greeting::kNothing;
    if (!co_await wait(ready)) co_return Greeting::kNothing;
  }
  shaken_ = true;
  co_return Greeting::kTls;
}

}  // namespace behoud::http
