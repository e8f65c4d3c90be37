#include "http/target.h"

#include <algorithm>

namespace behoud::http {
namespace {

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Result<void> check_path(std::string_view path) {
  path.remove_prefix(1);
  while (true) {
    const auto slash = std::min(path.find('/'), path.size());
    TRY_ASSIGN(const std::string segment, percent_decode(path.substr(0, slash), false));
    if (segment == "." || segment == "..") return fail(Errc::kInvalidArgument, "the path holds a dot segment");
    if (slash == path.size()) return {};
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

Result<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus_is_space) {
      c = ' ';
    } else if (c == '%') {
      const int high = i + 2 < text.size() ? hex(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex(text[i + 2]) : -1;
      if (high < 0 || low < 0) return fail(Errc::kInvalidArgument, "the target holds a broken percent escape");
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return fail(Errc::kInvalidArgument, "the target holds a control character");
    out.push_back(c);
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    }
  }
  return out;
}

Result<Target> parse_target(std::string_view target) {
  if (target.empty() || target.front() != '/') {
    return fail(Errc::kInvalidArgument, "the request target is not an absolute path");
  }
  const auto question = std::min(target.find('?'), target.size());
  Target out;
  out.path = target.substr(0, question);
  TRY(check_path(out.path));
  std::string_view query = target.substr(std::min(question + 1, target.size()));
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    if (out.query.size() == kParametersMax) return fail(Errc::kInvalidArgument, "the query holds too many parameters");
    const auto equals = std::min(pair.find('='), pair.size());
    TRY_ASSIGN(std::string key, percent_decode(pair.substr(0, equals), true));
    TRY_ASSIGN(std::string value, percent_decode(pair.substr(std::min(equals + 1, pair.size())), true));
    out.query.emplace_back(std::move(key), std::move(value));
  }
  return out;
}

}  // namespace behoud::http
