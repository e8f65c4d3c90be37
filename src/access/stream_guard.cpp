#include "access/stream_guard.h"

#include <memory>
#include <utility>

#include "access/roles.h"
#include "http/error_body.h"

namespace behoud::access {
namespace {

// Watches for as long as the stream is there.
struct Watcher {
  explicit Watcher(Access& a) : access(a) {}
  ~Watcher() { access.unwatch(this); }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  Access& access;
};

const std::string& farewell() {
  static const std::string text =
      "event: signed_out\ndata: " +
      http::error_json({Errc::kInvalidArgument, "nobody is signed in here any more", "sign in again"},
                       "not_signed_in") +
      "\n\n";
  return text;
}

}  // namespace

http::Stream while_allowed(Access& access, const http::Request& request, http::Right right, http::Stream stream) {
  // Shared by the copies that a std::function may make of what it holds.
  auto watcher = std::make_shared<Watcher>(access);
  http::Stream out;
  out.bytes = stream.bytes;
  out.pull = [&access, watcher = std::move(watcher), headers = request.headers, right, pull = std::move(stream.pull)](
                 std::string& piece, const http::Wake& wake) {
    // In this order: what is ended in between wakes us.
    access.watch(watcher.get(), wake);
    const auto caller = access.caller(sent_by(headers));
    if (!caller) return http::StreamState::kBroken;
    if (!*caller || !allows((*caller)->actor.role, right)) {
      piece += farewell();
      return http::StreamState::kEnd;
    }
    return pull(piece, wake);
  };
  return out;
}

}  // namespace behoud::access
