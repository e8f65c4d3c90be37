#include "http/finish.h"

#include <array>
#include <chrono>
#include <memory>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <zlib.h>

namespace behoud::http {
namespace {

constexpr int kGzipWindow = 15 + 16;  // the greatest window, with a gzip wrapper (zlib.h, deflateInit2)

// The first half of SHA-256: 128 bits are plenty to tell two bodies apart.
std::string digest_of(std::string_view body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (EVP_Digest(body.data(), body.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) return {};
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < 16; ++i) {
    out.push_back(kHex[digest[i] >> 4]);
    out.push_back(kHex[digest[i] & 15]);
  }
  return out;
}

// Weak: the same tag stands for the plain and the compressed form.
std::string weak_tag(std::string_view body) { return "W/\"" + digest_of(body) + "\""; }

std::string_view opaque(std::string_view tag) {
  while (!tag.empty() && (tag.front() == ' ' || tag.front() == '\t')) tag.remove_prefix(1);
  while (!tag.empty() && (tag.back() == ' ' || tag.back() == '\t')) tag.remove_suffix(1);
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  return tag;
}

// A stream, packed as it is pulled. What waits for more is flushed, so that nothing that was said stays behind.
class GzipStream {
 public:
  explicit GzipStream(Stream inner) : inner_(std::move(inner)) {
    constexpr int kFast = 1;  // a download is as long as it is: time counts more than the last percent
    ready_ = deflateInit2(&z_, kFast, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) == Z_OK;
  }
  ~GzipStream() {
    if (ready_) deflateEnd(&z_);
  }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  StreamState pull(std::string& out, const Wake& wake) {
    std::string plain;
    const StreamState state = inner_.pull(plain, wake);
    if (!ready_ || state == StreamState::kBroken) return StreamState::kBroken;
    z_.next_in = reinterpret_cast<Bytef*>(plain.data());
    z_.avail_in = static_cast<uInt>(plain.size());
    const int flush = state == StreamState::kEnd ? Z_FINISH : state == StreamState::kWait ? Z_SYNC_FLUSH : Z_NO_FLUSH;
    std::array<char, 32 * 1024> piece;
    do {
      z_.next_out = reinterpret_cast<Bytef*>(piece.data());
      z_.avail_out = static_cast<uInt>(piece.size());
      if (deflate(&z_, flush) == Z_STREAM_ERROR) return StreamState::kBroken;
      out.append(piece.data(), piece.size() - z_.avail_out);
    } while (z_.avail_out == 0);
    return state;
  }

 private:
  Stream inner_;
  z_stream z_{};
  bool ready_ = false;
};

bool is_packable(const Response& response) {
  // A strong tag is of these very bytes: packed they would be others under the same tag, and a reader who asks for the
  // rest of them by If-Range would join two that do not fit.
  const auto tag = response.headers.find("ETag");
  const bool strong = tag && !tag->starts_with("W/");
  return is_text_type(response.content_type) && !strong && !response.headers.find("Content-Encoding") &&
         !response.headers.find("Content-Range");
}

void vary_by(Headers& headers, std::string_view field) {
  const std::string said{headers.find("Vary").value_or("")};
  if (!has_token(said, field)) headers.set("Vary", (said.empty() ? said : said + ", ") + std::string{field});
}

void set_if_absent(Headers& headers, std::string_view name, std::string_view value) {
  if (!headers.find(name)) headers.add(std::string{name}, std::string{value});
}

}  // namespace

// RFC 9110, 13.1.2: weak comparison, or "*".
bool tag_matches(std::string_view list, std::string_view tag) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    const std::string_view item = opaque(list.substr(0, comma));
    if (item == "*" || item == opaque(tag)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

std::string strong_tag(std::string_view body) { return "\"" + digest_of(body) + "\""; }

bool is_text_type(std::string_view type) {
  return type.starts_with("text/") || type.starts_with("application/json") || type.starts_with("application/yaml") ||
         type.starts_with("application/manifest") || type.starts_with("image/svg");
}

Result<std::string> gzip(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    return fail(Errc::kUnavailable, "out of memory while compressing a response");
  }
  std::string out(deflateBound(&stream, bytes.size()) + 32, '\0');
  // zlib counts in 32 bits; a body is far below 4 GiB, but the loop does not rely on it.
  std::size_t in_done = 0;
  std::size_t out_done = 0;
  int status = Z_OK;
  constexpr std::size_t kStep = 1U << 30;
  while (status == Z_OK) {
    const std::size_t in_now = std::min(bytes.size() - in_done, kStep);
    const std::size_t out_now = std::min(out.size() - out_done, kStep);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data() + in_done));
    stream.avail_in = static_cast<uInt>(in_now);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + out_done);
    stream.avail_out = static_cast<uInt>(out_now);
    status = deflate(&stream, in_done + in_now == bytes.size() ? Z_FINISH : Z_NO_FLUSH);
    in_done += in_now - stream.avail_in;
    out_done += out_now - stream.avail_out;
  }
  deflateEnd(&stream);
  if (status != Z_STREAM_END) return fail(Errc::kUnavailable, "zlib could not compress a response");
  out.resize(out_done);
  return out;
}

Response finish(const Request& request, Response response) {
  Headers& headers = response.headers;
  set_if_absent(headers, "X-Content-Type-Options", "nosniff");
  set_if_absent(headers, "X-Frame-Options", "DENY");
  set_if_absent(headers, "Referrer-Policy", "no-referrer");
  set_if_absent(headers, "Cross-Origin-Resource-Policy", "same-origin");
  set_if_absent(headers, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  const bool reads = request.method == Method::kGet || request.method == Method::kHead;
  // News is sent in drops, and packing a drop makes it larger.
  const bool packable = is_packable(response) && !response.content_type.starts_with("text/event-stream");
  // Whatever its length, so that a 304 says the same of an answer whose length it does not know (RFC 9110, 15.4.5).
  if (reads && ((response.status == 200 && packable) || response.status == 304)) vary_by(headers, "Accept-Encoding");
  if ((response.status == 200 || response.status == 206) && reads) {
    // Figures are private, and may be kept as long as they are asked for again.
    set_if_absent(headers, "Cache-Control", response.stream ? "no-store" : "private, no-cache");
    if (!headers.find("ETag") && !response.stream) headers.add("ETag", weak_tag(response.body));
    const auto known = request.headers.find("If-None-Match");
    if (known && headers.find("ETag") && tag_matches(*known, *headers.find("ETag"))) {
      response.status = 304;
      response.body.clear();
      response.stream = {};
      headers.remove("Content-Encoding");
      headers.remove("Content-Range");
      response.content_type.clear();
      return response;
    }
  } else {
    set_if_absent(headers, "Cache-Control", "no-store");
  }
  const bool large = response.stream || response.body.size() >= kCompressFromBytes;
  if (!large || !packable || !is_packable(response)) return response;
  vary_by(headers, "Accept-Encoding");
  const auto accepted = request.headers.find("Accept-Encoding");
  if (!accepted || !has_token(*accepted, "gzip")) return response;
  if (response.stream) {
    headers.add("Content-Encoding", "gzip");
    response.stream = {[packer = std::make_shared<GzipStream>(std::move(response.stream))](
                           std::string& out, const Wake& wake) { return packer->pull(out, wake); },
                       std::nullopt};
  } else if (auto packed = gzip(response.body)) {
    response.body = std::move(*packed);
    headers.add("Content-Encoding", "gzip");
  }
  return response;
}

Framing framing_of(const Response& response, int minor_version) {
  if (!response.stream || response.stream.bytes) return Framing::kLength;
  return minor_version >= 1 ? Framing::kChunked : Framing::kUntilClose;
}

std::string write_head(const Response& response, bool keep_alive, std::string_view date, Framing framing) {
  std::string out;
  out.reserve(512);
  const auto field = [&out](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
  };
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ").append(reason_of(response.status));
  out.append("\r\n");
  if (!date.empty()) field("Date", date);
  if (!response.content_type.empty()) field("Content-Type", response.content_type);
  // 204 and 304 have no body, and no length either (RFC 9110, 8.6).
  if (response.status != 204 && response.status != 304) {
    if (framing == Framing::kChunked) field("Transfer-Encoding", "chunked");
    if (framing == Framing::kLength) {
      field("Content-Length",
            std::to_string(response.stream ? response.stream.bytes.value_or(0) : response.body.size()));
    }
  }
  for (const auto& [name, value] : response.headers.all()) {
    // A value that could end its line would let a request write the response's head.
    if (value.find_first_of("\r\n") == std::string::npos) field(name, value);
  }
  if (!keep_alive) field("Connection", "close");
  out.append("\r\n");
  return out;
}

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

}  // namespace behoud::http
