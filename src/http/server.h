#pragma once

// An HTTP/1.1 server over a router: one thread for the connections (coroutines, no locks), a few for the handlers.
//
// Keeps connections alive and answers pipelined requests in order. Bounds everything: connections, head, body, the time
// for a head, for each stretch of a body, for a reader to take a response, and for an idle connection. A request that
// is refused is answered, and its connection closed. Only requests that name a host of `hosts` are served: a page on
// the web that makes its own name point at this machine (DNS rebinding) gets 421; a request that changes something and
// comes from another site's page gets 403.
//
// Errors of listen(): kUnavailable (the port is taken; the system refuses), kInvalidArgument (no such address).
// Thread-safety: start() and stop() from one thread; the rest is the server's own.

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "http/forwarded.h"
#include "http/origin.h"
#include "http/router.h"
#include "http/tls.h"

namespace behoud::http {

// One answered request, for logs and counters. Holds no personal data: the route's pattern, never the target.
struct Served {
  Method method = Method::kGet;
  std::string_view pattern;  // "" where no route fitted
  int status = 0;
  std::uint64_t bytes = 0;
  std::chrono::microseconds took{0};
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any free one
  // The names under which it may be asked for, beside the public one.
  std::vector<std::string> hosts{"localhost", "127.0.0.1", "[::1]"};
  bool any_address_is_host = false;  // and any address, where it listens beyond this machine
  std::optional<Origin> public_url;
  std::shared_ptr<TlsIdentity> tls;  // empty: plain HTTP. Shared with whoever has it reloaded.
  std::vector<Network> trusted_proxies;
  std::size_t connections_max = 8192;
  // From one address, or one IPv6 network of 64 bits, which is what one reader has; trusted proxies may have all.
  std::size_t connections_per_address_max = 1024;
  unsigned workers = 2;
  std::chrono::milliseconds head_timeout{10'000};  // from a request's first byte to the end of its head; of a handshake
  std::chrono::milliseconds body_timeout{15'000};  // for each 64 KiB of a body, or of a response taken
  std::chrono::milliseconds idle_timeout{60'000};
  std::chrono::milliseconds drain_timeout{10'000};
  std::chrono::milliseconds heartbeat{15'000};  // of server-sent events without news
  // Seconds since 1970, for the Date header; empty: no such header.
  std::function<std::int64_t()> unix_seconds;
  Guard guard;                                     // empty: every route is open to whoever reaches the server
  std::string spool_folder;                        // for bodies of routes with `spool`; "": these are kept in memory
  const FileCalls* spool_calls = &system_calls();  // tests make them fail
  // Called on the connections' thread: must be quick.
  std::function<void(const Served&)> on_served;
  // A handler, a guard or a stream threw, and its request got a 500 or a body cut short. Called on any thread.
  std::function<void(std::string_view pattern, const std::exception& thrown)> on_thrown;
};

// What connections did since the server was made.
struct ServerCounts {
  std::uint64_t open = 0;      // now
  std::uint64_t accepted = 0;  // ever, these and those that were refused
  std::uint64_t refused = 0;
  std::uint64_t handshakes_failed = 0;
  std::uint64_t bytes_received = 0, bytes_sent = 0;
};

class Server {
 public:
  // Binds and listens, but serves nothing before start(). `router` must outlive the server.
  static Result<std::unique_ptr<Server>> listen(ServerOptions options, const Router& router);
  ~Server();  // as stop()
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  // Where it is reached: the public URL, else its address and port.
  std::string url() const;
  ServerCounts counts() const;  // from any thread
  void start();
  // Stops accepting, lets requests under way finish (at most drain_timeout), closes the rest, joins. Idempotent.
  void stop();

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace behoud::http
