#include "http/forwarded.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>

#include "base/text.h"

namespace behoud::http {
namespace {

constexpr std::array<std::uint8_t, 12> kV4Prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr int kHopsMax = 32;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::optional<Address> parse_bare(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (text.empty() || text.size() >= buffer.size() || text.find('\0') != std::string_view::npos) return std::nullopt;
  text.copy(buffer.data(), text.size());
  Address out;
  if (::inet_pton(AF_INET6, buffer.data(), out.bytes.data()) == 1) return out;
  if (::inet_pton(AF_INET, buffer.data(), out.bytes.data() + kV4Prefix.size()) != 1) return std::nullopt;
  std::ranges::copy(kV4Prefix, out.bytes.begin());
  return out;
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The addresses of every X-Forwarded-For, the nearest first; nullopt where something is none.
std::vector<std::optional<Address>> hops_of(const Headers& headers) {
  std::vector<std::optional<Address>> out;
  const auto& fields = headers.all();
  for (auto field = fields.rbegin(); field != fields.rend(); ++field) {
    if (!equal_ignoring_case(field->first, "X-Forwarded-For")) continue;
    std::string_view rest = field->second;
    while (true) {
      if (out.size() == kHopsMax) return out;
      const auto comma = rest.rfind(',');
      out.push_back(parse_address(trimmed(rest.substr(comma == std::string_view::npos ? 0 : comma + 1))));
      if (comma == std::string_view::npos) break;
      rest = rest.substr(0, comma);
    }
  }
  return out;
}

// What the nearest proxy says, the last of the last field.
bool says_https(const Headers& headers) {
  std::string_view last;
  for (const auto& [name, value] : headers.all()) {
    if (equal_ignoring_case(name, "X-Forwarded-Proto")) last = value;
  }
  const auto comma = last.rfind(',');
  return equal_ignoring_case(trimmed(comma == std::string_view::npos ? last : last.substr(comma + 1)), "https");
}

}  // namespace

bool Address::is_v4() const { return std::equal(kV4Prefix.begin(), kV4Prefix.end(), bytes.begin()); }

bool Address::is_loopback() const {
  if (is_v4()) return bytes[12] == 127;
  Address one;
  one.bytes[15] = 1;
  return *this == one;
}

std::string Address::text() const {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (is_v4()) {
    ::inet_ntop(AF_INET, bytes.data() + kV4Prefix.size(), buffer.data(), buffer.size());
  } else {
    ::inet_ntop(AF_INET6, bytes.data(), buffer.data(), buffer.size());
  }
  return buffer.data();
}

std::optional<Address> parse_address(std::string_view text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view port = text.substr(end + 1);
    if (!port.empty() && (port.front() != ':' || !is_port(port.substr(1)))) return std::nullopt;
    const std::string_view bare = text.substr(1, end - 1);
    if (bare.find(':') == std::string_view::npos) return std::nullopt;  // brackets are for IPv6
    return parse_bare(bare);
  }
  const auto colon = text.find(':');
  if (colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos) {
    if (!is_port(text.substr(colon + 1))) return std::nullopt;
    text = text.substr(0, colon);
  }
  return parse_bare(text);
}

Result<Network> Network::parse(std::string_view text) {
  const auto bad = [&](const std::string& why) {
    return fail(Errc::kInvalidArgument, quoted(text) + " " + why, "as 10.0.0.0/8, fd00::/8 or 192.0.2.7");
  };
  const auto slash = text.find('/');
  const auto address = parse_bare(text.substr(0, slash));
  if (!address) return bad("is not a network");
  const int bits_max = address->is_v4() ? 32 : 128;
  int bits = bits_max;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size() || bits < 0 || bits > bits_max) {
      return bad("has no such number of bits");
    }
  }
  Network out(*address, bits + 128 - bits_max);
  for (int bit = out.bits_; bit < 128; ++bit) {
    if ((address->bytes[static_cast<std::size_t>(bit / 8)] >> (7 - bit % 8) & 1) != 0) {
      return bad("has bits beyond its mask");
    }
  }
  return out;
}

bool Network::contains(const Address& address) const {
  const auto whole = static_cast<std::size_t>(bits_ / 8);
  if (!std::equal(address_.bytes.begin(), address_.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                  address.bytes.begin())) {
    return false;
  }
  const int rest = bits_ % 8;
  return rest == 0 || (address_.bytes[whole] ^ address.bytes[whole]) >> (8 - rest) == 0;
}

Reader reader_of(const Address& peer, bool secure, const Headers& headers, const std::vector<Network>& proxies) {
  const auto is_proxy = [&](const Address& a) {
    return std::ranges::any_of(proxies, [&](const Network& n) { return n.contains(a); });
  };
  Reader out{peer, secure};
  if (proxies.empty() || !is_proxy(peer)) return out;
  for (const auto& hop : hops_of(headers)) {
    if (!hop) break;
    out.address = *hop;
    if (!is_proxy(*hop)) break;
  }
  out.secure = secure || says_https(headers);
  return out;
}

}  // namespace behoud::http
