#include "http/server.h"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <thread>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "http/error_body.h"
#include "http/finish.h"
#include "http/request_reader.h"

namespace behoud::http {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
// The concrete executor instead of any_io_executor: half the cost a request, and a fraction of the compile time.
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;
template <class T>
using Task = asio::awaitable<T, Executor>;
constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> kAwait{asio::use_awaitable_t<Executor>{}};

constexpr std::size_t kReadBytes = 4 * 1024;
constexpr std::size_t kBodyReadBytes = 64 * 1024;
constexpr std::size_t kWriteBytes = 64 * 1024;
constexpr std::size_t kLingerBytesMax = 256 * 1024;

struct Connection {
  explicit Connection(Socket s) : socket(std::move(s)) {}
  Socket socket;
  std::string peer;    // its address
  std::string buffer;  // received and not yet taken by the reader
  Clock::time_point deadline;
  bool idle = true;  // between two requests: may be closed without loss
};

// What came of reading a request: one of the two, or neither when the connection is over.
struct Incoming {
  std::optional<Request> request;
  std::optional<Response> refused;
  bool keep_alive = true;
};

std::string http_date(std::int64_t unix_seconds) {
  using namespace std::chrono;
  const sys_seconds at{seconds{unix_seconds}};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[weekday{day}.c_encoding()],
                     static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

// The authority of an Origin, "http://localhost:8080" -> "localhost:8080"; "" for "null" and for what is no origin.
std::string_view authority_of(std::string_view origin) {
  const auto at = origin.find("://");
  return at == std::string_view::npos ? std::string_view{} : origin.substr(at + 3);
}

// A page of another site may send a form or a fetch here with the reader's own rights. The browser says so in one of
// two headers that a page cannot set; a program that is no browser sends neither.
bool is_from_another_site(const Request& request) {
  if (const auto site = request.headers.find("Sec-Fetch-Site")) return *site != "same-origin" && *site != "none";
  const auto origin = request.headers.find("Origin");
  return origin && !equal_ignoring_case(authority_of(*origin), request.headers.find("Host").value_or(""));
}

}  // namespace

bool names_host(std::string_view host, const std::vector<std::string>& hosts) {
  // "[::1]:8080": the port's colon is the one behind the bracket.
  const auto bracket = host.rfind(']');
  const auto colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view port = colon == std::string_view::npos ? std::string_view{} : host.substr(colon + 1);
  if (port.find_first_not_of("0123456789") != std::string_view::npos) return false;
  const std::string_view bare = host.substr(0, colon);
  return std::ranges::any_of(hosts, [&](const std::string& h) { return equal_ignoring_case(h, bare); });
}

class Server::Impl {
 public:
  Impl(ServerOptions options, const Router& router)
      : options_(std::move(options)),
        router_(router),
        acceptor_(io_.get_executor()),
        guard_(asio::make_work_guard(io_)),
        workers_(options_.workers) {}

  ~Impl() { stop(); }

  Result<void> bind() {
    const std::string where = fmt::format("{}:{}", options_.address, options_.port);
    error_code ec;
    const auto address = asio::ip::make_address(options_.address, ec);
    if (ec) return fail(Errc::kInvalidArgument, fmt::format("'{}' is not an address to listen on", options_.address));
    const tcp::endpoint endpoint{address, options_.port};
    acceptor_.open(endpoint.protocol(), ec);
    if (!ec) acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
    if (!ec) acceptor_.bind(endpoint, ec);
    if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
    if (ec == asio::error::address_in_use) {
      return fail(Errc::kUnavailable, fmt::format("{} is taken by another program", where),
                  fmt::format("choose another port, as --port {}", options_.port + 1));
    }
    if (ec == asio::error::access_denied) {
      return fail(Errc::kUnavailable, fmt::format("the system does not allow listening on {}", where),
                  "choose a port above 1023, as --port 8080");
    }
    if (ec) return fail(Errc::kUnavailable, fmt::format("cannot listen on {}: {}", where, ec.message()));
    port_ = acceptor_.local_endpoint().port();
    return {};
  }

  std::uint16_t port() const { return port_; }

  void start() {
    asio::co_spawn(io_, accept(), asio::detached);
    thread_ = std::thread([this] { io_.run(); });
  }

  void stop() {
    if (stopped_) return;
    stopped_ = true;
    asio::post(io_, [this] { begin_drain(); });
    if (thread_.joinable()) {
      thread_.join();
    } else {
      io_.run();  // was never started: runs what begin_drain() left
    }
    workers_.join();
  }

 private:
  void begin_drain() {
    draining_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    for (Connection* c : connections_) {
      if (c->idle) c->socket.close(ignored);
    }
    drain_by_ = Clock::now() + options_.drain_timeout;
    if (sweeper_ != nullptr) sweeper_->cancel();  // looks again at once, and in the drain's own rhythm
    leave_if_done();
  }

  void leave_if_done() {
    if (draining_ && connections_.empty()) {
      guard_.reset();
      if (sweeper_ != nullptr) sweeper_->cancel();
    }
  }

  // ---- Deadlines: one timer looks over all connections, so that a request costs no timer of its own.

  void sweep_soon() {
    if (sweeper_ == nullptr && !connections_.empty()) asio::co_spawn(io_, sweep(), asio::detached);
  }

  Task<void> sweep() {
    Timer timer{io_.get_executor()};
    sweeper_ = &timer;
    while (!connections_.empty()) {
      timer.expires_after(sweep_every());
      co_await timer.async_wait(kAwait);
      const auto now = Clock::now();
      for (Connection* c : connections_) {
        if (now >= c->deadline || (draining_ && now >= drain_by_)) {
          error_code ignored;
          c->socket.close(ignored);  // what waits on it ends with operation_aborted
        }
      }
    }
    sweeper_ = nullptr;
  }

  std::chrono::milliseconds sweep_every() const {
    using namespace std::chrono_literals;
    const auto least = std::min(
        {options_.head_timeout, options_.body_timeout, options_.idle_timeout, draining_ ? options_.drain_timeout : 4s});
    return std::clamp<std::chrono::milliseconds>(least / 4, 10ms, 1000ms);
  }

  // ---- Connections.

  Task<void> accept() {
    while (!draining_) {
      auto [ec, socket] = co_await acceptor_.async_accept(kAwait);
      if (draining_ || ec == asio::error::operation_aborted) co_return;
      if (ec) {  // out of descriptors, or the peer has gone: others may still come
        Timer pause{io_.get_executor(), std::chrono::milliseconds{50}};
        co_await pause.async_wait(kAwait);
        continue;
      }
      if (connections_.size() >= options_.connections_max) {
        refuse_connection(socket);
        continue;
      }
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      auto connection = std::make_unique<Connection>(std::move(socket));
      if (const auto peer = connection->socket.remote_endpoint(ignored); !ignored) {
        connection->peer = peer.address().to_string();
      }
      connection->deadline = Clock::now() + options_.idle_timeout;
      connections_.insert(connection.get());
      sweep_soon();
      asio::co_spawn(io_, serve(std::move(connection)), asio::detached);
    }
  }

  void refuse_connection(Socket& socket) const {
    Response response = error_response(503, "too_many_connections", "the server has as many connections as it takes");
    response.headers.add("Retry-After", "5");
    const std::string bytes = write_head(response, false, date()) + response.body;
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(bytes), ignored);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
  }

  Task<void> serve(std::unique_ptr<Connection> connection) {
    Connection& c = *connection;
    try {
      RequestReader reader;
      bool going = true;
      while (going) going = co_await serve_one(c, reader);
    } catch (const std::exception&) {
      // Out of memory for this connection: it ends, the others go on.
    }
    connections_.erase(&c);
    leave_if_done();
  }

  // False when the connection is over.
  Task<bool> serve_one(Connection& c, RequestReader& reader) {
    Incoming in = co_await read(c, reader);
    if (!in.request && !in.refused) co_return false;
    const auto began = Clock::now();
    Request request;
    Response response;
    std::string_view pattern;
    bool keep_alive = in.keep_alive && !draining_;
    if (in.refused) {
      response = finish(request, std::move(*in.refused));
      keep_alive = false;
    } else {
      request = std::move(*in.request);
      Router::Match match = router_.match(request.method, request.path);
      if (match.route != nullptr) pattern = match.route->pattern;
      request.captures = std::move(match.captures);
      request.client = c.peer;
      c.deadline = Clock::time_point::max();  // a handler takes the time it takes
      if (match.route != nullptr && !match.route->policy.quick) {
        response = co_await on_worker(*match.route, request);
      } else {
        response = answer(match, request);
      }
      if (request.minor_version == 0 || draining_) keep_alive = false;
    }
    if (!c.socket.is_open()) co_return false;
    const std::uint64_t bytes = response.body.size();
    const bool written = co_await write(c, response, request.method != Method::kHead, keep_alive);
    if (options_.on_served) {
      options_.on_served({request.method, pattern, response.status, bytes,
                          std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began)});
    }
    if (!written) co_return false;
    if (in.refused) co_await linger(c);
    co_return keep_alive;
  }

  Response answer(const Router::Match& match, Request& request) const {
    if (match.route != nullptr) return finish(request, call(*match.route, request));
    if (match.allow.empty()) return finish(request, error_response(404, "not_found", "there is nothing at this path"));
    if (request.method == Method::kOptions) {
      Response response{204, "", "", {}};
      response.headers.add("Allow", match.allow);
      return finish(request, std::move(response));
    }
    Response response = error_response(405, "method_not_allowed", "this path does not take this method");
    response.headers.add("Allow", match.allow);
    return finish(request, std::move(response));
  }

  Response call(const Route& route, Request& request) const {
    try {
      if (options_.guard) {
        if (auto refused = options_.guard(request, route)) return std::move(*refused);
      }
      return route.handler(request);
    } catch (const std::exception&) {
      return error_response(500, "internal", "the server failed at this request", "its log says more");
    }
  }

  Task<Response> on_worker(const Route& route, Request& request) {
    // The request lives in the awaiting coroutine's frame, which waits until the worker has answered.
    return asio::async_initiate<const asio::use_awaitable_t<Executor>, void(Response)>(
        [this, &route, &request](auto handler) {
          asio::post(workers_, [this, &route, &request, handler = std::move(handler)]() mutable {
            Response response = finish(request, call(route, request));
            asio::post(io_, [handler = std::move(handler), response = std::move(response)]() mutable {
              std::move(handler)(std::move(response));
            });
          });
        },
        asio::use_awaitable_t<Executor>{});
  }

  // ---- Reading.

  Task<Incoming> read(Connection& c, RequestReader& reader) {
    Incoming out;
    const auto refuse = [&out](const Refusal& refusal) {
      out.refused = error_response(refusal.status, "bad_request", refusal.message);
    };
    c.idle = c.buffer.empty();
    c.deadline = Clock::now() + (c.idle ? options_.idle_timeout : options_.head_timeout);
    std::size_t body_bytes = 0;  // since the deadline was last moved
    while (true) {
      if (!reader.started()) skip_empty_line(c.buffer);
      while (!c.buffer.empty()) {
        const bool had_head = reader.head_done();
        const auto taken = reader.feed(c.buffer);
        if (!taken) {
          refuse(taken.error());
          co_return out;
        }
        c.buffer.erase(0, *taken);
        if (!had_head && reader.head_done()) {
          out.refused = refuse_head(reader);
          if (out.refused) co_return out;
          out.keep_alive = reader.keep_alive();
          c.deadline = Clock::now() + options_.body_timeout;
          if (reader.expects_continue() && c.buffer.empty()) {
            const auto [ec, n] = co_await asio::async_write(
                c.socket, asio::buffer(std::string_view{"HTTP/1.1 100 Continue\r\n\r\n"}), kAwait);
            if (ec) co_return Incoming{};
          }
        }
        if (reader.done()) {
          out.request = reader.take();
          co_return out;
        }
        if (*taken == 0) break;
      }
      const std::size_t had = c.buffer.size();
      c.buffer.resize(had + (reader.head_done() ? kBodyReadBytes : kReadBytes));
      const auto [ec, n] =
          co_await c.socket.async_read_some(asio::buffer(c.buffer.data() + had, c.buffer.size() - had), kAwait);
      c.buffer.resize(had + n);
      if (ec) co_return Incoming{};
      if (c.idle) {
        c.idle = false;
        c.deadline = Clock::now() + options_.head_timeout;
      }
      body_bytes += n;
      if (reader.head_done() && body_bytes >= kBodyReadBytes) {
        body_bytes = 0;
        c.deadline = Clock::now() + options_.body_timeout;
      }
    }
  }

  // RFC 9112, 2.2: one empty line before a request is forgiven.
  static void skip_empty_line(std::string& buffer) {
    if (buffer.starts_with("\r\n")) buffer.erase(0, 2);
  }

  // Looks at a request whose body has not been read: what can be refused already, is.
  std::optional<Response> refuse_head(RequestReader& reader) const {
    const Request& head = reader.head();
    if (!names_host(head.headers.find("Host").value_or(options_.hosts.front()), options_.hosts)) {
      return error_response(421, "host_not_allowed", "this server does not answer to that host name",
                            fmt::format("open it as http://{}:{}/", options_.hosts.front(), port_));
    }
    if (!is_safe(head.method) && is_from_another_site(head)) {
      return error_response(403, "cross_site", "another site's page may not change anything here");
    }
    if (head.headers.find("Expect") && !reader.expects_continue() && !reader.done()) {
      return error_response(417, "expectation_failed", "only 100-continue can be expected");
    }
    if (reader.done()) return std::nullopt;
    const Router::Match match = router_.match(head.method, head.path);
    if (match.route == nullptr) {
      Request without_body = head;
      return answer(match, without_body);
    }
    if (const auto bounded = reader.set_body_bytes_max(match.route->policy.body_bytes_max); !bounded) {
      return error_response(bounded.error().status, "body_too_large", bounded.error().message);
    }
    return std::nullopt;
  }

  // ---- Writing.

  Task<bool> write(Connection& c, const Response& response, bool with_body, bool keep_alive) {
    const std::string head = write_head(response, keep_alive, date());
    std::string_view body = with_body && response.status != 304 ? std::string_view{response.body} : std::string_view{};
    std::string_view first = head;
    while (!first.empty() || !body.empty()) {
      c.deadline = Clock::now() + options_.body_timeout;
      const std::string_view part = body.substr(0, kWriteBytes);
      const std::array<asio::const_buffer, 2> buffers{asio::buffer(first), asio::buffer(part)};
      const auto [ec, n] = co_await asio::async_write(c.socket, buffers, kAwait);
      if (ec) co_return false;
      first = {};
      body.remove_prefix(part.size());
    }
    co_return true;
  }

  // Closing a socket with bytes unread sends a reset, which can overtake the answer: reads them away first, for a
  // while.
  Task<void> linger(Connection& c) {
    error_code ec;
    c.socket.shutdown(tcp::socket::shutdown_send, ec);
    if (ec) co_return;
    c.idle = true;
    c.deadline = Clock::now() + std::min<std::chrono::milliseconds>(options_.body_timeout, std::chrono::seconds{2});
    c.buffer.resize(kReadBytes);
    for (std::size_t total = 0; total < kLingerBytesMax;) {
      const auto [read_ec, n] = co_await c.socket.async_read_some(asio::buffer(c.buffer), kAwait);
      if (read_ec) co_return;
      total += n;
    }
  }

  std::string date() const {
    if (!options_.unix_seconds) return {};
    const std::int64_t now = options_.unix_seconds();
    if (now != date_of_) {
      date_of_ = now;
      date_ = http_date(now);
    }
    return date_;
  }

  ServerOptions options_;
  const Router& router_;
  asio::io_context io_{1};
  Acceptor acceptor_;
  asio::executor_work_guard<Executor> guard_;
  asio::thread_pool workers_;
  std::thread thread_;
  std::uint16_t port_ = 0;
  bool stopped_ = false;

  // Of the connections' thread alone.
  std::unordered_set<Connection*> connections_;
  Timer* sweeper_ = nullptr;
  bool draining_ = false;
  Clock::time_point drain_by_;
  mutable std::int64_t date_of_ = -1;
  mutable std::string date_;
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::listen(ServerOptions options, const Router& router) {
  auto impl = std::make_unique<Impl>(std::move(options), router);
  TRY(impl->bind());
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::uint16_t Server::port() const { return impl_->port(); }
void Server::start() { impl_->start(); }
void Server::stop() { impl_->stop(); }

}  // namespace behoud::http
