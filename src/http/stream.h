#pragma once

// A response's body that is made while it is sent: a download larger than memory, or news as it happens.
//
//   response.stream.pull = [reader](std::string& out, const Wake&) { ... out = ...; return StreamState::kMore; };
//
// `pull` is called on a worker thread, one call at a time, only when the connection has taken what the call before gave
// (so a slow reader slows the maker down and holds one piece in memory). It appends a piece, 64 KiB is a good size, and
// says how it goes on. With kWait nobody waits: no thread is held, and it is called again after somebody calls the
// Wake, from any thread, at any time, also before the call that gives kWait has returned. A Wake outlives its
// connection without harm. When the reader has gone `pull` is not called again and is destroyed.
//
// In HTTP/1.1 it is sent chunked, or with a Content-Length where `bytes` says it; a stream of another length is a
// broken one, and the connection is closed so that the reader sees that. A response of the type text/event-stream gets
// a comment line every 15 s without news, so that nothing between takes it for dead, and ends when the server drains.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace behoud::http {

enum class StreamState : std::uint8_t {
  kMore,    // ask again as soon as this is sent
  kWait,    // ask again after a wake
  kEnd,     // this was the last piece
  kBroken,  // it cannot go on: the connection is closed, and the reader sees a body cut short
};

// Tells a stream that waits that there is something to send. A plain value; copies tell the same stream.
class Wake {
 public:
  Wake() = default;  // wakes nothing
  explicit Wake(std::shared_ptr<const std::function<void()>> wake) : wake_(std::move(wake)) {}
  void operator()() const {
    if (wake_) (*wake_)();
  }

 private:
  std::shared_ptr<const std::function<void()>> wake_;  // shared by whoever makes news and the connection
};

struct Stream {
  std::function<StreamState(std::string& out, const Wake& wake)> pull;  // empty: no stream
  std::optional<std::uint64_t> bytes;                                   // its whole length, where it is known
  explicit operator bool() const { return static_cast<bool>(pull); }
};

}  // namespace behoud::http
