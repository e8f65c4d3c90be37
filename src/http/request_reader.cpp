#include "http/request_reader.h"

#include <boost/beast/http/basic_parser.hpp>
#include <cassert>
#include <utility>

#include "base/text.h"
#include "http/target.h"

namespace behoud::http {
namespace {

namespace beast = boost::beast;
namespace net = boost::asio;
using beast::error_code;

constexpr std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

// "http://shop.example/a" -> "shop.example"; nullopt where the target does not begin with a scheme.
std::optional<std::string_view> authority_of(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    return target.substr(0, target.find_first_of("/?"));
  }
  return std::nullopt;
}

// Whether the head that is whole in `bytes` continues a field on a second line: obsolete, read in different ways by
// different readers (RFC 9112, 5.2), and unfolded by the parser below.
bool has_folded_line(std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return false;
  const std::string_view head = bytes.substr(0, end);
  for (auto at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
    const std::string_view line = head.substr(at + 2);
    if (line.starts_with(' ') || line.starts_with('\t')) return true;
  }
  return false;
}

}  // namespace

class RequestReader::Parser : public beast::http::basic_parser<true> {
 public:
  Parser() {
    header_limit(kHeadBytesMax);
    body_limit(boost::none);  // bounded in here, once the route is known
    eager(false);
  }

  Request request;
  std::optional<Refusal> refusal;
  std::uint64_t body_bytes_max = 0;
  std::uint64_t body_bytes = 0;  // that have come, also those that were taken
  bool in_trailers = false;
  std::optional<std::string> authority;  // of a target in the absolute form

  error_code refuse(int status, std::string message) {
    refusal = Refusal{status, std::move(message)};
    return make_error_code(boost::system::errc::protocol_error);
  }

 protected:
  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version,
                       error_code& ec) override {
    const auto known = http::parse_method(view(method));
    if (!known) {
      ec = refuse(501, "this method is not known here");
      return;
    }
    request.method = *known;
    if (target.size() > kTargetBytesMax) {
      ec = refuse(414, "the request target is too long");
      return;
    }
    // The absolute form, which is for proxies, has to be taken by servers too (RFC 9112, 3.2.2).
    std::string_view asked = view(target);
    std::string rest;
    if (const auto named = authority_of(asked)) {
      authority = *named;
      asked.remove_prefix(static_cast<std::size_t>(named->end() - asked.begin()));
      if (!asked.starts_with('/')) asked = rest = "/" + std::string{asked};
    }
    auto parsed = http::parse_target(asked);
    if (!parsed) {
      ec = refuse(400, std::move(parsed.error().message));
      return;
    }
    request.path = std::move(parsed->path);
    request.query = std::move(parsed->query);
    request.minor_version = version - 10;
  }

  void on_response_impl(int, beast::string_view, int, error_code&) override {}

  void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value, error_code& ec) override {
    if (in_trailers) return;  // nothing here reads trailers, and they must not pass for head fields
    if (request.headers.all().size() == kFieldsMax) {
      ec = refuse(431, "the request has too many header fields");
      return;
    }
    request.headers.add(std::string{view(name)}, std::string{view(value)});
  }

  void on_header_impl(error_code& ec) override {
    const Headers& headers = request.headers;
    const auto encodings = headers.count("Transfer-Encoding");
    const auto lengths = headers.count("Content-Length");
    if (encodings > 0) {
      if (lengths > 0 || encodings > 1 || !equal_ignoring_case(*headers.find("Transfer-Encoding"), "chunked")) {
        ec = refuse(400, "the request's length cannot be told for sure");
        return;
      }
      if (request.minor_version == 0) {
        ec = refuse(400, "a chunked body needs HTTP/1.1");
        return;
      }
    }
    if (lengths > 1) {
      ec = refuse(400, "the request states its length twice");
      return;
    }
    if (lengths == 1 && headers.find("Content-Length")->find(',') != std::string_view::npos) {
      ec = refuse(400, "the request states its length twice");
      return;
    }
    const auto hosts = headers.count("Host");
    if (hosts > 1 || (hosts == 0 && (request.minor_version >= 1 || authority))) {
      ec = refuse(400, "the request must name one host");
    } else if (authority && !equal_ignoring_case(*authority, *headers.find("Host"))) {
      ec = refuse(400, "the request names two hosts");
    }
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    // A stated length is a promise: no more is set aside for it than a small body needs.
    constexpr std::uint64_t kReserveMax = 1 << 20;
    if (length) request.body.reserve(static_cast<std::size_t>(std::min({*length, body_bytes_max, kReserveMax})));
  }

  std::size_t on_body_impl(beast::string_view body, error_code& ec) override {
    if (body.size() > body_bytes_max - body_bytes) {
      ec = refuse(413, "the request's body is too large");
      return 0;
    }
    request.body.append(body.data(), body.size());
    body_bytes += body.size();
    return body.size();
  }

  void on_chunk_header_impl(std::uint64_t size, beast::string_view, error_code& ec) override {
    if (size == 0) in_trailers = true;
    if (size > body_bytes_max - body_bytes) ec = refuse(413, "the request's body is too large");
  }

  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, error_code& ec) override {
    return on_body_impl(body, ec);
  }

  void on_finish_impl(error_code&) override {}
};

RequestReader::RequestReader() : parser_(std::make_unique<Parser>()) {}
RequestReader::~RequestReader() = default;

void RequestReader::reset() { parser_ = std::make_unique<Parser>(); }

std::expected<std::size_t, Refusal> RequestReader::feed(std::string_view bytes) {
  assert(!done());
  std::size_t taken = 0;
  while (true) {
    const bool had_head = head_done();
    error_code ec;
    const std::string_view rest = bytes.substr(taken);
    if (!had_head && has_folded_line(rest)) return std::unexpected(Refusal{400, "the request folds a header line"});
    const std::size_t n = parser_->put(net::const_buffer(rest.data(), rest.size()), ec);
    taken += n;
    if (parser_->refusal) return std::unexpected(*parser_->refusal);
    if (ec == beast::http::error::need_more) {
      // A chunk's head or the trailers, kept back until they are whole, are bounded too.
      if (had_head && bytes.size() - taken > kHeadBytesMax) {
        return std::unexpected(Refusal{400, "a chunk's head is too long"});
      }
      return taken;
    }
    if (ec == beast::http::error::header_limit) return std::unexpected(Refusal{431, "the request's head is too long"});
    if (ec == beast::http::error::bad_version) return std::unexpected(Refusal{505, "this is not HTTP/1.0 or HTTP/1.1"});
    if (ec) return std::unexpected(Refusal{400, "the request is not well-formed HTTP"});
    if (done() || (!had_head && head_done()) || taken == bytes.size()) return taken;
  }
}

bool RequestReader::head_done() const { return parser_->is_header_done(); }
bool RequestReader::done() const { return parser_->is_done(); }
bool RequestReader::started() const { return parser_->got_some(); }
const Request& RequestReader::head() const { return parser_->request; }
bool RequestReader::keep_alive() const { return parser_->keep_alive(); }

std::optional<std::uint64_t> RequestReader::content_length() const {
  const auto length = parser_->content_length();
  if (!length) return std::nullopt;
  return *length;
}

bool RequestReader::expects_continue() const {
  const auto expect = head().headers.find("Expect");
  return expect && equal_ignoring_case(*expect, "100-continue") && head().minor_version >= 1 && !done();
}

std::expected<void, Refusal> RequestReader::set_body_bytes_max(std::uint64_t bytes_max) {
  parser_->body_bytes_max = bytes_max;
  if (const auto length = content_length(); length && *length > bytes_max) {
    return std::unexpected(Refusal{413, "the request's body is too large"});
  }
  return {};
}

std::size_t RequestReader::body_held() const { return parser_->request.body.size(); }

std::string RequestReader::take_body() {
  std::string out;
  out.swap(parser_->request.body);
  return out;
}

Request RequestReader::take() {
  assert(done());
  Request out = std::move(parser_->request);
  reset();
  return out;
}

}  // namespace behoud::http
