#include "http/internal/connection.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "http/error_body.h"
#include "http/finish.h"

// g++ 12 does not keep `&&`, `||` and `?:` from evaluating a co_await on their right: here each stands in a statement
// of its own.

namespace behoud::http {
namespace {

constexpr std::size_t kStretchBytes = 64 * 1024;
constexpr std::size_t kLingerBytesMax = 256 * 1024;
constexpr std::size_t kIdleBufferMax = 1024;          // what an idle connection may keep
constexpr std::size_t kSpoolFromBytes = 1024 * 1024;  // a smaller body is handed over in memory
constexpr std::size_t kSpoolPieceBytes = 256 * 1024;

Response refusal(const Refusal& r) { return error_response(r.status, "bad_request", r.message); }

bool is_event_stream(const Response& response) { return response.content_type.starts_with("text/event-stream"); }

}  // namespace

Connection::Connection(Service& service, Socket socket, const Address& peer_)
    : deadline(Clock::now() + service.options.idle_timeout),
      peer(peer_),
      service_(service),
      channel_(std::move(socket), service.scratch, service.traffic),
      signal_(service.io) {}

Task<void> Connection::run() {
  if (!co_await greet()) co_return;
  bool going = true;
  while (going) going = co_await serve_one();
  channel_.close();
}

Task<bool> Connection::greet() {
  if (service_.options.tls == nullptr) co_return true;
  deadline = Clock::now() + service_.options.head_timeout;
  const auto context = service_.options.tls->context();
  const auto greeting = co_await channel_.greet(context.get());
  if (greeting == Channel::Greeting::kTls) co_return true;
  ++service_.traffic.handshakes_failed;
  if (greeting == Channel::Greeting::kPlainHttp) {
    const Response response = finish({}, error_response(400, "tls_required", "this port speaks HTTP over TLS alone",
                                                        "open it as " + service_.url + "/"));
    if (co_await channel_.write(write_head(response, false, service_.date()), response.body)) co_await linger();
  }
  co_return false;
}

// False when the connection is over.
Task<bool> Connection::serve_one() {
  Incoming in;
  co_await read_head(in);
  if (!in.gone && !in.refused && !reader_.done()) co_await ask_guard_early(in);
  if (!in.gone && !in.refused && !reader_.done()) co_await read_body(in);
  if (in.spool && (in.gone || in.refused)) {
    co_await service_.on_worker([&in] {
      in.spool.reset();
      return true;
    });
  }
  if (in.gone) co_return false;
  const auto began = Clock::now();
  Request request;
  Response response;
  bool keep_alive = in.keep_alive;
  if (in.refused) {
    // As far as it was read: a HEAD gets no body, and who counts is told what was asked.
    request.method = reader_.head().method;
    request.minor_version = reader_.head().minor_version;
    response = finish(request, std::move(*in.refused));
    keep_alive = false;
  } else {
    request = take_request(in);
    deadline = Clock::time_point::max();  // a handler takes the time it takes
    if (in.match.route != nullptr && !in.match.route->policy.quick) {
      response = co_await service_.on_worker([this, &in, &request] {
        Response out = answer(in, request);
        in.spool.reset();
        return out;
      });
    } else {
      response = answer(in, request);
    }
    if (request.minor_version == 0) keep_alive = false;
  }
  if (service_.draining) keep_alive = false;
  if (!channel_.is_open()) co_return false;
  std::uint64_t bytes = 0;
  const std::string_view pattern = in.match.route != nullptr ? std::string_view{in.match.route->pattern} : "";
  const bool written = co_await write(response, request, pattern, keep_alive, bytes);
  if (service_.options.on_served) {
    service_.options.on_served(
        {request.method, in.match.route != nullptr ? std::string_view{in.match.route->pattern} : "", response.status,
         bytes, std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began)});
  }
  if (!written) co_return false;
  if (in.refused) co_await linger();
  co_return keep_alive;
}

// ---- Reading.

Task<void> Connection::read_head(Incoming& in) {
  idle = buffer_.empty();
  if (idle && buffer_.capacity() > kIdleBufferMax) std::string{}.swap(buffer_);
  deadline = Clock::now() + (idle ? service_.options.idle_timeout : service_.options.head_timeout);
  while (true) {
    // RFC 9112, 2.2: an empty line before a request is forgiven, also one that has come by half.
    if (!reader_.started() && buffer_.starts_with("\r\n")) buffer_.erase(0, 2);
    const bool half_line = !reader_.started() && buffer_ == "\r";
    if (!buffer_.empty() && !half_line) {
      const auto taken = reader_.feed(buffer_);
      if (!taken) {
        in.refused = refusal(taken.error());
        co_return;
      }
      buffer_.erase(0, *taken);
      if (reader_.head_done()) break;
    }
    if (!co_await channel_.read(buffer_)) {
      in.gone = true;
      co_return;
    }
    if (idle) {
      idle = false;
      deadline = Clock::now() + service_.options.head_timeout;
    }
  }
  look_at_head(in);
}

// What can be refused before the body has been read, is.
void Connection::look_at_head(Incoming& in) {
  const ServerOptions& options = service_.options;
  const Request& head = reader_.head();
  in.keep_alive = reader_.keep_alive();
  in.reader = reader_of(peer, channel_.is_tls(), head.headers, options.trusted_proxies);
  const std::string_view host = head.headers.find("Host").value_or(options.hosts.front());
  const bool known = names_host(host, options.hosts) ||
                     (options.public_url && names_host(host, {options.public_url->host})) ||
                     (options.any_address_is_host && is_address(host));
  if (!known) {
    in.refused = error_response(421, "host_not_allowed", "this server does not answer to that host name",
                                "open it as " + service_.url + "/");
    return;
  }
  if (!is_safe(head.method) && is_from_another_site(head, options.public_url)) {
    in.refused = error_response(403, "cross_site", "another site's page may not change anything here");
    return;
  }
  // HTTP/1.0 has no expectations: there it is a field like any other (RFC 9110, 10.1.1).
  if (head.headers.find("Expect") && head.minor_version >= 1 && !reader_.expects_continue() && !reader_.done()) {
    in.refused = error_response(417, "expectation_failed", "only 100-continue can be expected");
    return;
  }
  in.match = service_.router.match(head.method, head.path);
  if (reader_.done()) return;
  if (in.match.route == nullptr) {
    in.refused = unrouted(in.match, head);
  } else if (const auto bounded = reader_.set_body_bytes_max(in.match.route->policy.body_bytes_max); !bounded) {
    in.refused = error_response(bounded.error().status, "body_too_large", bounded.error().message);
  }
}

// A body is read for those who may send it alone.
Task<void> Connection::ask_guard_early(Incoming& in) {
  if (!service_.options.guard) co_return;
  Request head = reader_.head();
  fill_in(head, in);
  deadline = Clock::time_point::max();
  const Route& route = *in.match.route;
  if (route.policy.quick) {
    in.refused = ask_guard(head, route);
  } else {
    in.refused = co_await service_.on_worker([this, &head, &route] { return ask_guard(head, route); });
  }
  in.actor = std::move(head.actor);
}

Task<void> Connection::read_body(Incoming& in) {
  deadline = Clock::now() + service_.options.body_timeout;
  std::size_t stretch = 0;  // bytes since the deadline was last moved
  if (reader_.expects_continue() && buffer_.empty()) {
    in.gone = !co_await channel_.write("HTTP/1.1 100 Continue\r\n\r\n");
    if (in.gone) co_return;
  }
  while (true) {
    std::size_t took = 0;
    if (!buffer_.empty()) {
      const auto taken = reader_.feed(buffer_);
      if (!taken) {
        in.refused = refusal(taken.error());
        co_return;
      }
      took = *taken;
      buffer_.erase(0, took);
      if (!co_await set_aside(in)) co_return;
      if (reader_.done()) co_return;
    }
    if (took > 0 && !buffer_.empty()) continue;
    const std::size_t had = buffer_.size();
    if (!co_await channel_.read(buffer_)) {
      in.gone = true;
      co_return;
    }
    stretch += buffer_.size() - had;
    if (stretch >= kStretchBytes) {
      stretch = 0;
      deadline = Clock::now() + service_.options.body_timeout;
    }
  }
}

// Takes what has come of a large body to its file; false when that is refused.
Task<bool> Connection::set_aside(Incoming& in) {
  if (!in.match.route->policy.spool || service_.options.spool_folder.empty()) co_return true;
  const std::size_t held = reader_.body_held();
  if (in.spool ? held < kSpoolPieceBytes && !reader_.done() : held <= kSpoolFromBytes) co_return true;
  const std::string piece = reader_.take_body();
  deadline = Clock::time_point::max();  // the disk takes the time it takes
  const auto error = co_await service_.on_worker([this, &in, &piece]() -> int {
    if (!in.spool) {
      auto made = SpoolFile::create(service_.options.spool_folder);
      if (!made) return made.error();
      in.spool = std::move(*made);
    }
    const auto done = in.spool->append(piece, *service_.options.spool_calls);
    if (done && reader_.done()) in.spool->close();
    return done ? 0 : done.error();
  });
  deadline = Clock::now() + service_.options.body_timeout;
  if (error == 0) co_return true;
  in.refused = spool_refusal(error);
  co_return false;
}

void Connection::fill_in(Request& request, const Incoming& in) const {
  request.captures = in.match.captures;
  request.client = in.reader.address.text();
  request.secure = in.reader.secure;
  if (in.actor) request.actor = *in.actor;
  if (in.spool) {
    request.body_file = in.spool->path();
    request.body_file_bytes = in.spool->bytes();
  }
}

Request Connection::take_request(Incoming& in) {
  Request out = reader_.take();
  fill_in(out, in);
  return out;
}

// ---- Answering. On a worker's thread, or on the connections' for quick routes.

Response Connection::answer(const Incoming& in, Request& request) const {
  Response response = finish(request, in.match.route != nullptr ? handle(in, request) : unrouted(in.match, request));
  const auto& own = service_.options.public_url;
  // A browser that has seen the real name over TLS never goes back; names and addresses that others use too are spared.
  if (request.secure && own && own->secure && own->host != "localhost" && !is_address(own->host)) {
    response.headers.set("Strict-Transport-Security", "max-age=31536000");
  }
  return response;
}

Response Connection::handle(const Incoming& in, Request& request) const {
  const Route& route = *in.match.route;
  if (!in.actor) {
    if (auto refused = ask_guard(request, route)) return std::move(*refused);
  }
  try {
    return route.handler(request);
  } catch (const std::exception& thrown) {
    return failed(route, thrown);
  }
}

std::optional<Response> Connection::ask_guard(Request& request, const Route& route) const {
  if (!service_.options.guard) return std::nullopt;
  try {
    return service_.options.guard(request, route);
  } catch (const std::exception& thrown) {
    return failed(route, thrown);
  }
}

Response Connection::failed(const Route& route, const std::exception& thrown) const {
  if (service_.options.on_thrown) service_.options.on_thrown(route.pattern, thrown);
  return error_response(500, "internal", "the server failed at this request", "its log says more");
}

Response Connection::unrouted(const Router::Match& match, const Request& request) {
  if (match.allow.empty()) return error_response(404, "not_found", "there is nothing at this path");
  Response response = request.method == Method::kOptions
                          ? Response{204, "", "", {}}
                          : error_response(405, "method_not_allowed", "this path does not take this method");
  response.headers.add("Allow", match.allow);
  return response;
}

// ---- Writing.

Task<bool> Connection::write_all(std::string_view first, std::string_view second) {
  while (!first.empty() || !second.empty()) {
    deadline = Clock::now() + service_.options.body_timeout;
    const std::string_view part = second.substr(0, kStretchBytes);
    if (!co_await channel_.write(first, part)) co_return false;
    first = {};
    second.remove_prefix(part.size());
  }
  co_return true;
}

Task<bool> Connection::write(Response& response, const Request& request, std::string_view pattern, bool& keep_alive,
                             std::uint64_t& bytes) {
  const Framing framing = framing_of(response, request.minor_version);
  if (framing == Framing::kUntilClose) keep_alive = false;
  const bool with_body = request.method != Method::kHead && response.status != 204 && response.status != 304;
  const std::string head = write_head(response, keep_alive, service_.date(), framing);
  const bool streams = with_body && response.stream;
  const std::string_view body = with_body && !streams ? std::string_view{response.body} : std::string_view{};
  bytes = body.size();
  if (!co_await write_all(head, body)) co_return false;
  if (!streams) co_return true;
  const bool whole = co_await write_stream(response, framing == Framing::kChunked, pattern, bytes);
  signal_.end();
  if (!whole) channel_.reset();  // the reader sees that something is missing
  co_return whole;
}

Task<bool> Connection::write_stream(Response& response, bool chunked, std::string_view pattern, std::uint64_t& bytes) {
  Stream& stream = response.stream;
  const bool events = is_event_stream(response);
  const Wake wake = signal_.begin();
  while (true) {
    signal_.clear();  // a wake that comes while it is asked counts for the time after
    deadline = Clock::time_point::max();
    std::string piece;
    const StreamState state = co_await service_.on_worker([this, &stream, &piece, &wake, pattern] {
      try {
        return stream.pull(piece, wake);
      } catch (const std::exception& thrown) {
        if (service_.options.on_thrown) service_.options.on_thrown(pattern, thrown);
        return StreamState::kBroken;
      }
    });
    if (state == StreamState::kBroken || !channel_.is_open()) co_return false;
    bytes += piece.size();
    if (stream.bytes && bytes > *stream.bytes) co_return false;
    if (!co_await write_piece(std::move(piece), chunked)) co_return false;
    const bool ends = state == StreamState::kEnd || (events && service_.draining);
    bool goes_on = !ends;
    if (goes_on && state == StreamState::kWait) goes_on = co_await wait_for_news(events, chunked);
    if (!channel_.is_open()) co_return false;
    if (goes_on) continue;
    if (stream.bytes && bytes != *stream.bytes) co_return false;
    if (!chunked) co_return true;
    co_return co_await write_all("0\r\n\r\n", {});
  }
}

Task<bool> Connection::write_piece(std::string piece, bool chunked) {
  if (piece.empty()) co_return true;  // an empty chunk would be the last
  if (!chunked) co_return co_await write_all({}, piece);
  const std::string size = fmt::format("{:x}\r\n", piece.size());
  piece += "\r\n";
  co_return co_await write_all(size, piece);
}

// True when there is news; false when the stream is over, because the server drains or the reader has gone.
Task<bool> Connection::wait_for_news(bool events, bool chunked) {
  while (!signal_.woken()) {
    if (events && service_.draining) co_return false;
    const auto beat = Clock::now() + service_.options.heartbeat;
    deadline = Clock::time_point::max();
    co_await signal_.wait(beat);
    if (!channel_.is_open()) co_return false;
    if (signal_.woken() || !events || Clock::now() < beat) continue;
    const bool written = co_await write_piece(":\n\n", chunked);
    if (!written) co_return false;
  }
  co_return true;
}

// Closing a socket with bytes unread sends a reset, which can overtake the answer: reads them away first, for a while.
Task<void> Connection::linger() {
  if (!channel_.shut_down_sending()) co_return;
  idle = true;
  deadline = Clock::now() + std::min<std::chrono::milliseconds>(service_.options.body_timeout, std::chrono::seconds{2});
  for (std::size_t total = 0; total < kLingerBytesMax;) {
    buffer_.clear();
    if (!co_await channel_.read(buffer_)) co_return;
    total += buffer_.size();
  }
}

}  // namespace behoud::http
