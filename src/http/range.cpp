#include "http/range.h"

#include <charconv>

#include "http/error_body.h"

namespace behoud::http {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// A number of digits alone; one beyond 64 bits is beyond any body, and so the greatest number does for it.
std::optional<std::uint64_t> number(std::string_view digits) {
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return error == std::errc::result_out_of_range ? UINT64_MAX : out;
}

}  // namespace

RangeWish parse_range(std::string_view header, std::uint64_t size) {
  constexpr RangeWish kWhole{};
  constexpr RangeWish kNone{RangeWish::Kind::kUnsatisfiable, {}};
  constexpr std::string_view kUnit = "bytes=";
  header = trimmed(header);
  if (!header.starts_with(kUnit)) return kWhole;
  const std::string_view spec = trimmed(header.substr(kUnit.size()));
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) return kWhole;
  const std::string_view before = spec.substr(0, dash);
  const auto last = number(spec.substr(dash + 1));
  if (before.empty()) {  // the last so many bytes
    if (!last) return kWhole;
    if (*last == 0 || size == 0) return kNone;
    return {RangeWish::Kind::kPart, {size - std::min(*last, size), size - 1}};
  }
  const auto first = number(before);
  if (!first || (!last && dash + 1 != spec.size()) || (last && *last < *first)) return kWhole;
  if (*first >= size) return kNone;
  return {RangeWish::Kind::kPart, {*first, std::min(last.value_or(UINT64_MAX), size - 1)}};
}

RangeWish range_wish(const Request& request, std::string_view strong_tag, std::uint64_t size) {
  if (request.method != Method::kGet || request.headers.count("Range") != 1) return {};
  // A weak tag, or a date, cannot say that the bytes are the same (RFC 9110, 13.1.5).
  if (const auto same = request.headers.find("If-Range"); same && (strong_tag.empty() || *same != strong_tag))
    return {};
  return parse_range(*request.headers.find("Range"), size);
}

std::string content_range(const RangeWish& wish, std::uint64_t size) {
  const std::string whole = std::to_string(size);
  if (wish.kind != RangeWish::Kind::kPart) return "bytes */" + whole;
  return "bytes " + std::to_string(wish.range.first) + "-" + std::to_string(wish.range.last) + "/" + whole;
}

Response apply_range(const Request& request, Response response, std::string_view strong_tag) {
  if (response.status != 200 || response.stream) return response;
  const std::uint64_t size = response.body.size();
  const RangeWish wish = range_wish(request, strong_tag, size);
  if (wish.kind == RangeWish::Kind::kUnsatisfiable) {
    response = error_response(416, "range_not_satisfiable", "the body does not reach that far");
  } else if (wish.kind == RangeWish::Kind::kPart) {
    response.status = 206;
    response.body = response.body.substr(wish.range.first, wish.range.size());
  }
  if (wish.kind != RangeWish::Kind::kWhole) response.headers.set("Content-Range", content_range(wish, size));
  response.headers.set("Accept-Ranges", "bytes");
  return response;
}

}  // namespace behoud::http
