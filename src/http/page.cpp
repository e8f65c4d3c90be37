#include "http/page.h"

#include <fmt/format.h>

#include "base/text.h"

namespace behoud::http {
namespace {

constexpr std::size_t kLimitMax = 1000, kCursorMax = 2048;
constexpr std::string_view kHex = "0123456789abcdef";

std::unexpected<Error> no_cursor() {
  return fail(Errc::kInvalidArgument, "the cursor is none of this list",
              "take the one that the answer before gave as \"next\"", {{}, 0, "cursor"});
}

int digit(char c) {
  const auto at = kHex.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

std::string cursor_of(std::string_view key) {
  std::string out = "c";
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

Result<std::string> key_of(std::string_view cursor) {
  if (!cursor.starts_with('c') || cursor.size() % 2 == 0 || cursor.size() > kCursorMax) return no_cursor();
  std::string out;
  for (std::size_t i = 1; i < cursor.size(); i += 2) {
    const int high = digit(cursor[i]);
    const int low = digit(cursor[i + 1]);
    if (high < 0 || low < 0) return no_cursor();
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

Result<std::optional<std::int64_t>> number_after(const Page& page) {
  if (page.after.empty()) return std::nullopt;
  const auto number = parse_integer(page.after);
  if (!number || *number <= 0) return no_cursor();
  return number;
}

Result<Page> page_of(const Request& request, std::size_t limit_otherwise) {
  Page out{{}, limit_otherwise};
  if (const auto cursor = request.parameter("cursor"); cursor && !cursor->empty()) {
    TRY_ASSIGN(out.after, key_of(*cursor));
  }
  if (const auto limit = request.parameter("limit")) {
    const auto number = parse_integer(*limit);
    if (!number || *number < 1 || *number > static_cast<std::int64_t>(kLimitMax)) {
      return fail(Errc::kInvalidArgument, quoted(*limit) + " is no limit", fmt::format("from 1 to {}", kLimitMax),
                  {{}, 0, "limit"});
    }
    out.limit = static_cast<std::size_t>(*number);
  }
  return out;
}

}  // namespace behoud::http
