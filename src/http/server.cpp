#include "http/server.h"

#include <algorithm>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <map>
#include <thread>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "http/error_body.h"
#include "http/finish.h"
#include "http/internal/connection.h"

namespace behoud::http {
namespace {

using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;

Address address_of(const asio::ip::address& address) { return parse_address(address.to_string()).value_or(Address{}); }

// What one reader has: an IPv4 address, or the first half of an IPv6 one.
Address reader_key(Address address) {
  if (!address.is_v4()) std::fill(address.bytes.begin() + 8, address.bytes.end(), std::uint8_t{0});
  return address;
}

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, const Router& router)
      : service_(std::move(options), router), acceptor_(service_.io), guard_(service_.io.get_executor()) {}
  ~Impl() { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> bind() {
    const ServerOptions& options = service_.options;
    if (!options.spool_folder.empty()) TRY(prepare_spool(options.spool_folder));
    const std::string where = fmt::format("{}:{}", options.address, options.port);
    error_code ec;
    const auto address = asio::ip::make_address(options.address, ec);
    if (ec) return fail(Errc::kInvalidArgument, fmt::format("'{}' is not an address to listen on", options.address));
    const tcp::endpoint endpoint{address, options.port};
    acceptor_.open(endpoint.protocol(), ec);
    if (!ec) acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
    if (!ec) acceptor_.bind(endpoint, ec);
    if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
    if (ec == asio::error::address_in_use) {
      return fail(Errc::kUnavailable, fmt::format("{} is taken by another program", where),
                  fmt::format("choose another port, as --port {}", options.port + 1));
    }
    if (ec == asio::error::access_denied) {
      return fail(Errc::kUnavailable, fmt::format("the system does not allow listening on {}", where),
                  "choose a port above 1023, as --port 8080");
    }
    if (ec) return fail(Errc::kUnavailable, fmt::format("cannot listen on {}: {}", where, ec.message()));
    port_ = acceptor_.local_endpoint().port();
    service_.url = options.public_url ? options.public_url->url() : own_url(address);
    return {};
  }

  std::uint16_t port() const { return port_; }
  const std::string& url() const { return service_.url; }

  ServerCounts counts() const {
    return {open_.load(),
            accepted_.load(),
            refused_.load(),
            service_.traffic.handshakes_failed.load(),
            service_.traffic.received.load(),
            service_.traffic.sent.load()};
  }

  void start() {
    asio::co_spawn(service_.io, accept(), asio::detached);
    thread_ = std::thread([this] { service_.io.run(); });
  }

  void stop() {
    if (stopped_) return;
    stopped_ = true;
    asio::post(service_.io, [this] { begin_drain(); });
    if (thread_.joinable()) {
      thread_.join();
    } else {
      service_.io.run();  // was never started: runs what begin_drain() left
    }
    service_.workers.join();
  }

 private:
  std::string own_url(const asio::ip::address& address) const {
    std::string host = address.is_unspecified() ? "localhost" : address.to_string();
    if (address.is_v6() && !address.is_unspecified()) host = "[" + host + "]";
    return Origin{service_.options.tls != nullptr, std::move(host), port_}.url();
  }

  // ---- The end.

  void begin_drain() {
    service_.draining = true;
    error_code ignored;
    acceptor_.close(ignored);
    for (Connection* c : connections_) c->idle ? c->close() : c->nudge();
    drain_by_ = Clock::now() + service_.options.drain_timeout;
    if (sweeper_ != nullptr) sweeper_->cancel();  // looks again at once, and in the drain's own rhythm
    leave_if_done();
  }

  void leave_if_done() {
    if (service_.draining && connections_.empty()) {
      guard_.reset();
      if (sweeper_ != nullptr) sweeper_->cancel();
    }
  }

  // ---- Deadlines: one timer looks over all connections, so that a request costs no timer of its own.

  void sweep_soon() {
    if (sweeper_ == nullptr && !connections_.empty()) asio::co_spawn(service_.io, sweep(), asio::detached);
  }

  Task<void> sweep() {
    Timer timer{service_.io.get_executor()};
    sweeper_ = &timer;
    while (!connections_.empty()) {
      timer.expires_after(sweep_every());
      co_await timer.async_wait(kAwait);
      const auto now = Clock::now();
      for (Connection* c : connections_) {
        // What waits on it ends with operation_aborted.
        if (now >= c->deadline || (service_.draining && now >= drain_by_)) c->close();
      }
    }
    sweeper_ = nullptr;
  }

  std::chrono::milliseconds sweep_every() const {
    using namespace std::chrono_literals;
    const ServerOptions& o = service_.options;
    const auto least =
        std::min({o.head_timeout, o.body_timeout, o.idle_timeout, service_.draining ? o.drain_timeout : 4s});
    return std::clamp<std::chrono::milliseconds>(least / 4, 10ms, 1000ms);
  }

  // ---- Connections.

  Task<void> accept() {
    while (!service_.draining) {
      auto [ec, socket] = co_await acceptor_.async_accept(kAwait);
      if (service_.draining || ec == asio::error::operation_aborted) co_return;
      if (ec) {  // out of descriptors, or the peer has gone: others may still come
        Timer pause{service_.io.get_executor(), std::chrono::milliseconds{50}};
        co_await pause.async_wait(kAwait);
        continue;
      }
      ++accepted_;
      error_code ignored;
      const auto peer = socket.remote_endpoint(ignored);
      if (ignored) continue;  // has gone already
      const Address address = address_of(peer.address());
      if (!has_place(address)) {
        ++refused_;
        refuse_connection(socket);
        continue;
      }
      socket.set_option(tcp::no_delay(true), ignored);
      asio::co_spawn(service_.io, serve(std::move(socket), address), asio::detached);
    }
  }

  bool has_place(const Address& peer) const {
    const ServerOptions& o = service_.options;
    if (connections_.size() >= o.connections_max) return false;
    const auto found = of_reader_.find(reader_key(peer));
    if (found == of_reader_.end() || found->second < o.connections_per_address_max) return true;
    return std::ranges::any_of(o.trusted_proxies, [&](const Network& n) { return n.contains(peer); });
  }

  void refuse_connection(Socket& socket) {
    if (service_.options.tls != nullptr) return;  // there is no telling it without a handshake
    Response response = error_response(503, "too_many_connections", "the server has as many connections as it takes");
    response.headers.add("Retry-After", "5");
    const std::string bytes = write_head(response, false, service_.date()) + response.body;
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(bytes), ignored);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
  }

  Task<void> serve(Socket socket, Address peer) {
    Connection connection(service_, std::move(socket), peer);
    connections_.insert(&connection);
    ++open_;
    ++of_reader_[reader_key(peer)];
    sweep_soon();
    try {
      co_await connection.run();
    } catch (const std::exception&) {
      // Out of memory for this connection: it ends, the others go on.
    }
    connections_.erase(&connection);
    --open_;
    if (const auto place = of_reader_.find(reader_key(peer)); --place->second == 0) of_reader_.erase(place);
    leave_if_done();
  }

  Service service_;
  Acceptor acceptor_;
  asio::executor_work_guard<Executor> guard_;
  std::thread thread_;
  std::uint16_t port_ = 0;
  bool stopped_ = false;
  std::atomic<std::uint64_t> open_ = 0, accepted_ = 0, refused_ = 0;

  // Of the connections' thread alone.
  std::unordered_set<Connection*> connections_;
  std::map<Address, std::size_t> of_reader_;
  Timer* sweeper_ = nullptr;
  Clock::time_point drain_by_;
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::listen(ServerOptions options, const Router& router) {
  auto impl = std::make_unique<Impl>(std::move(options), router);
  TRY(impl->bind());
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::uint16_t Server::port() const { return impl_->port(); }
std::string Server::url() const { return impl_->url(); }
ServerCounts Server::counts() const { return impl_->counts(); }
void Server::start() { impl_->start(); }
void Server::stop() { impl_->stop(); }

}  // namespace behoud::http
