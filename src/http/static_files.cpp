#include "http/static_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "http/error_body.h"
#include "http/finish.h"
#include "http/range.h"
#include "http/target.h"

namespace behoud::http {
namespace {

namespace fs = std::filesystem;

struct Kind {
  std::string_view extension, content_type;
};
constexpr std::array<Kind, 19> kKinds{{{".html", "text/html; charset=utf-8"},
                                       {".js", "text/javascript; charset=utf-8"},
                                       {".mjs", "text/javascript; charset=utf-8"},
                                       {".css", "text/css; charset=utf-8"},
                                       {".json", "application/json"},
                                       {".map", "application/json"},
                                       {".webmanifest", "application/manifest+json"},
                                       {".yaml", "application/yaml"},
                                       {".txt", "text/plain; charset=utf-8"},
                                       {".csv", "text/csv; charset=utf-8"},
                                       {".svg", "image/svg+xml"},
                                       {".png", "image/png"},
                                       {".jpg", "image/jpeg"},
                                       {".webp", "image/webp"},
                                       {".ico", "image/x-icon"},
                                       {".woff", "font/woff"},
                                       {".woff2", "font/woff2"},
                                       {".wasm", "application/wasm"},
                                       {".pdf", "application/pdf"}}};

// Styles may stand in the page (component libraries write them there); scripts may not, so that a text that got through
// unescaped still runs nothing.
constexpr std::string_view kPagePolicy =
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

std::string_view content_type_of(std::string_view name) {
  const auto found = std::ranges::find_if(kKinds, [&](const Kind& k) { return name.ends_with(k.extension); });
  return found == kKinds.end() ? "application/octet-stream" : found->content_type;
}

// "assets/index-B1xQ9a2c.js": a dash and at least eight letters, digits, '-' or '_' before the extension, as bundlers
// name what they make out of a file's content; only under assets/, where nothing else lies.
bool is_named_by_content(std::string_view name) {
  if (!name.starts_with("assets/")) return false;
  const std::string_view file = name.substr(name.rfind('/') + 1);
  const auto dot = file.find('.');
  if (dot == std::string_view::npos || dot < 9 || file[dot - 9] != '-') return false;
  return std::ranges::all_of(file.substr(dot - 8, 8), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  });
}

bool is_within(const fs::path& path, const fs::path& folder) {
  const fs::path relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

Result<StaticFile> make_file(const std::string& name, std::string bytes) {
  StaticFile out;
  out.content_type = content_type_of(name);
  out.tag = strong_tag(bytes);
  out.kept_for_good = is_named_by_content(name);
  if (is_text_type(out.content_type) && bytes.size() >= kCompressFromBytes) {
    TRY_ASSIGN(std::string packed, gzip(bytes));
    if (packed.size() < bytes.size()) out.packed = std::move(packed);
  }
  out.plain = std::move(bytes);
  return out;
}

bool is_place_in_application(std::string_view name) {
  if (name == "api" || name.starts_with("api/")) return false;
  return name.substr(name.rfind('/') + 1).find('.') == std::string_view::npos;
}

}  // namespace

Result<StaticFiles> StaticFiles::load(const std::string& folder) {
  std::error_code error;
  const fs::path root = fs::canonical(folder, error);
  if (error || !fs::is_directory(root, error)) {
    return fail(Errc::kNotFound, "the folder of the dashboard is not there", {}, {folder, 0, {}});
  }
  Files files;
  std::uint64_t bytes = 0;
  for (fs::recursive_directory_iterator at(root, error), end; !error && at != end; at.increment(error)) {
    const fs::path real = fs::canonical(at->path(), error);
    if (error) break;
    if (!is_within(real, root)) {
      return fail(Errc::kInvalidArgument, "a link leads out of the folder of the dashboard", {},
                  {at->path().string(), 0, {}});
    }
    if (!fs::is_regular_file(real, error)) continue;
    const std::string name = at->path().lexically_relative(root).generic_string();
    TRY_ASSIGN(std::string content, read_file(real.string(), kBytesMax));
    bytes += content.size();
    if (files.size() == kFilesMax || bytes > kBytesMax) {
      return fail(Errc::kOutOfRange, "the folder of the dashboard holds more than a dashboard", {}, {folder, 0, {}});
    }
    TRY_ASSIGN(StaticFile file, make_file(name, std::move(content)));
    files.emplace(name, std::move(file));
  }
  if (error) return fail(Errc::kUnavailable, "cannot read the dashboard: " + error.message(), {}, {folder, 0, {}});
  if (!files.contains("index.html")) {
    return fail(Errc::kNotFound, "there is no index.html in the folder of the dashboard", {}, {folder, 0, {}});
  }
  return StaticFiles(std::move(files));
}

Response StaticFiles::answer(const Request& request) const {
  const auto decoded = percent_decode(std::string_view{request.path}.substr(1), false);
  const std::string name = decoded.value_or("api");  // what cannot be decoded is nowhere
  auto found = files_->find(name);
  if (found == files_->end() && is_place_in_application(name)) found = files_->find("index.html");
  if (found == files_->end()) return error_response(404, "not_found", "there is nothing at this path");
  const StaticFile& file = found->second;
  Response response{200, file.content_type, {}, {}};
  response.headers.add("Cache-Control", file.kept_for_good ? "public, max-age=31536000, immutable" : "no-cache");
  if (file.content_type.starts_with("text/html")) {
    response.headers.add("Content-Security-Policy", std::string{kPagePolicy});
  }
  if (!file.packed.empty()) response.headers.add("Vary", "Accept-Encoding");
  // A Range that is not followed (another unit, an If-Range of other bytes) is as none.
  const bool packed = !file.packed.empty() &&
                      range_wish(request, file.tag, file.plain.size()).kind == RangeWish::Kind::kWhole &&
                      has_token(request.headers.find("Accept-Encoding").value_or(""), "gzip");
  if (packed) {
    // A tag of its own: it is another sequence of bytes.
    response.headers.add("ETag", file.tag.substr(0, file.tag.size() - 1) + "-gz\"");
    response.headers.add("Content-Encoding", "gzip");
    response.body = file.packed;
    return response;
  }
  response.headers.add("ETag", file.tag);
  response.body = file.plain;
  return apply_range(request, std::move(response), file.tag);
}

void StaticFiles::add_to(Router& router) const {
  router.set_fallback([files = *this](const Request& request) { return files.answer(request); },
                      {.body_bytes_max = 0, .quick = true, .right = Right::kPublic});
}

}  // namespace behoud::http
