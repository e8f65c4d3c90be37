#pragma once

// Reads one HTTP/1 request out of bytes as they arrive: a wall around Beast's parser, without sockets, so that it can
// be tested and fuzzed byte by byte.
//
// It is stricter than the parser under it wherever two readers could disagree about where a request ends (request
// smuggling): Content-Length beside Transfer-Encoding, any encoding but exactly one `chunked`, a repeated
// Content-Length, a bare LF, a folded line, a missing or repeated Host in HTTP/1.1, a target that names another host
// than Host are refused, and a refused connection is closed.
//
// Use: feed() until head_done(); look at head(), set the body's bound, answer `Expect: 100-continue`; feed() until
// done(); take(). Bounds: 16 KiB of head, 8 KiB of target, 100 fields; the body's as set (0 until then).
// Cost: one pass; the body is copied once.

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace behoud::http {

inline constexpr std::size_t kHeadBytesMax = 16 * 1024;
inline constexpr std::size_t kTargetBytesMax = 8 * 1024;
inline constexpr std::size_t kFieldsMax = 100;

// Why a request is not served: the status to answer with before the connection is closed, and a sentence.
struct Refusal {
  int status = 400;
  std::string message;
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

class RequestReader {
 public:
  RequestReader();
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  // Takes what it can of `bytes` and returns how many; what is left must come again, with more behind it. Returns after
  // the head, so that the caller can look at it, and after the body: bytes behind it belong to the next request.
  // After a refusal the reader is spent until reset().
  std::expected<std::size_t, Refusal> feed(std::string_view bytes);

  bool head_done() const;
  bool done() const;
  bool started() const;  // has taken a byte of this request

  // Whole once the head is done; of a request that is refused before that, what had come.
  const Request& head() const;
  // Once the head is done.
  bool keep_alive() const;
  std::optional<std::uint64_t> content_length() const;  // nullopt: no body, or chunked
  bool expects_continue() const;
  // Refuses (413) at once when the length is stated and greater.
  std::expected<void, Refusal> set_body_bytes_max(std::uint64_t bytes_max);

  // The bytes of the body that have come and were not taken yet: a caller that keeps a large body elsewhere takes them
  // as they come. They still count towards the bound.
  std::size_t body_held() const;
  std::string take_body();

  // Requires done(). Leaves the reader reset.
  Request take();
  void reset();

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace behoud::http
