#pragma once

// One connection: reads a request, has it answered, writes the answer, and so on until one of the two has enough.
//
// The server looks at `deadline` now and then and closes what is late; `idle` ones may be closed without loss. Of the
// connections' thread alone.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/forwarded.h"
#include "http/internal/channel.h"
#include "http/internal/service.h"
#include "http/internal/spool.h"
#include "http/internal/wake_signal.h"
#include "http/request_reader.h"
#include "http/router.h"

namespace behoud::http {

class Connection {
 public:
  Connection(Service& service, Socket socket, const Address& peer);

  // Serves it to its end.
  Task<void> run();

  void close() { channel_.close(); }
  // The server drains: what waits for news ends.
  void nudge() { signal_.nudge(); }

  Clock::time_point deadline;
  bool idle = true;  // between two requests
  const Address peer;

 private:
  // A request on its way in: what is known of it, from the head on.
  struct Incoming {
    bool gone = false;                // the peer has; nothing is answered
    std::optional<Response> refused;  // is answered, and the connection closed
    bool keep_alive = true;
    Router::Match match;
    Reader reader;
    std::optional<Actor> actor;  // once the guard has been asked
    std::optional<SpoolFile> spool;
  };

  Task<bool> greet();
  Task<bool> serve_one();

  // Reading.
  Task<void> read_head(Incoming& in);
  void look_at_head(Incoming& in);
  Task<void> ask_guard_early(Incoming& in);
  Task<void> read_body(Incoming& in);
  Task<bool> set_aside(Incoming& in);
  void fill_in(Request& request, const Incoming& in) const;
  Request take_request(Incoming& in);

  // Answering.
  Response answer(const Incoming& in, Request& request) const;
  Response handle(const Incoming& in, Request& request) const;
  std::optional<Response> ask_guard(Request& request, const Route& route) const;
  Response failed(const Route& route, const std::exception& thrown) const;
  static Response unrouted(const Router::Match& match, const Request& request);

  // Writing.
  Task<bool> write(Response& response, const Request& request, std::string_view pattern, bool& keep_alive,
                   std::uint64_t& bytes);
  Task<bool> write_all(std::string_view first, std::string_view second);
  Task<bool> write_stream(Response& response, bool chunked, std::string_view pattern, std::uint64_t& bytes);
  Task<bool> write_piece(std::string piece, bool chunked);
  Task<bool> wait_for_news(bool events, bool chunked);
  Task<void> linger();

  Service& service_;
  Channel channel_;
  WakeSignal signal_;
  RequestReader reader_;
  std::string buffer_;  // received and not yet taken by the reader
};

}  // namespace behoud::http
