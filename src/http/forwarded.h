#pragma once

// Who a request comes from when a proxy stands in between: X-Forwarded-For and X-Forwarded-Proto are believed from the
// proxies that were named, and from nobody else, since anybody can write them.
//
// X-Forwarded-For is read from its right end, where the nearest proxy wrote: each address that is a trusted proxy's is
// stepped over, and the first that is not is the reader. What is not an address ends the walk. Pure; any input is fine.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace behoud::http {

// An IPv4 or IPv6 address; IPv4 as IPv6 sees it (::ffff:192.0.2.7), so that both forms of one address are equal.
struct Address {
  std::array<std::uint8_t, 16> bytes{};
  bool is_v4() const;
  bool is_loopback() const;
  std::string text() const;  // "192.0.2.7", "2001:db8::7"
  friend auto operator<=>(const Address&, const Address&) = default;
};

// "192.0.2.7", "::1"; with a port and brackets too, as proxies write: "192.0.2.7:80", "[::1]", "[::1]:80".
std::optional<Address> parse_address(std::string_view text);

// A network: "10.0.0.0/8", "fd00::/8", or one address.
class Network {
 public:
  // Errors: kInvalidArgument (not an address, too many bits, bits behind the mask).
  static Result<Network> parse(std::string_view text);
  bool contains(const Address& address) const;

 private:
  Network(Address address, int bits) : address_(address), bits_(bits) {}
  Address address_;
  int bits_ = 128;  // that must be equal, of 128
};

struct Reader {
  Address address;
  bool secure = false;
};
// `secure`: whether the connection itself, from `peer`, is TLS.
Reader reader_of(const Address& peer, bool secure, const Headers& headers, const std::vector<Network>& proxies);

}  // namespace behoud::http
