#include "http/origin.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "http/forwarded.h"

namespace behoud::http {
namespace {

struct Authority {
  std::string_view host, port;
  bool well_formed = true;
};

// "[::1]:8080": the port's colon is the one behind the bracket.
Authority split(std::string_view authority) {
  const auto bracket = authority.rfind(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  Authority out{authority.substr(0, colon), {}};
  if (colon == std::string_view::npos) return out;
  out.port = authority.substr(colon + 1);
  out.well_formed = out.port.find_first_not_of("0123456789") == std::string_view::npos;
  return out;
}

bool is_host(std::string_view host) {
  if (host.starts_with('[')) return host.ends_with(']') && parse_address(host).has_value();
  return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

// The authority of an Origin, "http://localhost:8080" -> "localhost:8080"; "" for "null" and for what is no origin.
std::string_view authority_of(std::string_view origin) {
  const auto at = origin.find("://");
  return at == std::string_view::npos ? std::string_view{} : origin.substr(at + 3);
}

}  // namespace

std::string Origin::authority() const { return port == (secure ? 443 : 80) ? host : host + ":" + std::to_string(port); }

std::string Origin::url() const { return (secure ? "https://" : "http://") + authority(); }

Result<Origin> parse_origin(std::string_view url) {
  const auto bad = [&](const std::string& why) {
    return fail(Errc::kInvalidArgument, quoted(url) + " " + why, "as https://shop.example or http://localhost:8080");
  };
  Origin out;
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    out.secure = true;
  } else if (!rest.starts_with("http://")) {
    return bad("does not begin with https:// or http://");
  }
  rest = authority_of(rest);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const Authority parts = split(rest);
  out.host = std::string{parts.host};
  std::ranges::transform(out.host, out.host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (!parts.well_formed || !is_host(out.host)) return bad("has no host, or more than one");
  out.port = out.secure ? 443 : 80;
  if (!parts.port.empty()) {
    const auto [end, error] = std::from_chars(parts.port.data(), parts.port.data() + parts.port.size(), out.port);
    if (error != std::errc{} || out.port == 0) return bad("has no such port");
  } else if (rest.ends_with(':')) {
    return bad("has no port behind its colon");
  }
  return out;
}

bool names_host(std::string_view host, const std::vector<std::string>& hosts) {
  const Authority parts = split(host);
  return parts.well_formed &&
         std::ranges::any_of(hosts, [&](const std::string& h) { return equal_ignoring_case(h, parts.host); });
}

bool is_address(std::string_view host) {
  const Authority parts = split(host);
  if (!parts.well_formed || !parse_address(parts.host)) return false;
  return parts.host.starts_with('[') || parts.host.find(':') == std::string_view::npos;
}

bool is_from_another_site(const Request& request, const std::optional<Origin>& own) {
  if (const auto site = request.headers.find("Sec-Fetch-Site")) return *site != "same-origin" && *site != "none";
  const auto origin = request.headers.find("Origin");
  if (!origin || (own && equal_ignoring_case(*origin, own->url()))) return false;
  return !equal_ignoring_case(authority_of(*origin), request.headers.find("Host").value_or(""));
}

}  // namespace behoud::http
