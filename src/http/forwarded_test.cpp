#include "http/forwarded.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::http {
namespace {

Address address(std::string_view text) {
  const auto out = parse_address(text);
  EXPECT_TRUE(out) << text;
  return out.value_or(Address{});
}
Network network(std::string_view text) {
  auto out = Network::parse(text);
  EXPECT_TRUE(out) << text;
  return *out;
}
Headers forwarded(std::initializer_list<std::string_view> lists) {
  Headers out;
  for (const auto list : lists) out.add("X-Forwarded-For", std::string{list});
  return out;
}

TEST(Address, IsReadAsProxiesWriteIt) {
  const struct {
    std::string_view text, canonical;
  } cases[] = {{"192.0.2.7", "192.0.2.7"},       {"192.0.2.7:1234", "192.0.2.7"},  {"::1", "::1"},
               {"2001:db8::7", "2001:db8::7"},   {"[2001:DB8::7]", "2001:db8::7"}, {"[2001:db8::7]:443", "2001:db8::7"},
               {"::ffff:192.0.2.7", "192.0.2.7"}};
  for (const auto& c : cases) EXPECT_EQ(address(c.text).text(), c.canonical);
  for (const std::string_view bad :
       {"", "unknown", "192.0.2", "192.0.2.256", "192.0.2.7:", "192.0.2.7:x", "192.0.2.7:123456", "[192.0.2.7]", "[::1",
        "[::1]x", "[::1]:", "::1]", "1.2.3.4, 5.6.7.8", "_hidden", " ::1"}) {
    EXPECT_FALSE(parse_address(bad)) << "'" << bad << "'";
  }
}

TEST(Network, HoldsTheAddressesWithItsBits) {
  const struct {
    std::string_view network, address;
    bool inside;
  } cases[] = {{"10.0.0.0/8", "10.255.0.1", true},
               {"10.0.0.0/8", "11.0.0.1", false},
               {"10.128.0.0/9", "10.200.0.1", true},
               {"10.128.0.0/9", "10.100.0.1", false},
               {"192.0.2.7", "192.0.2.7", true},
               {"192.0.2.7", "192.0.2.8", false},
               {"0.0.0.0/0", "203.0.113.9", true},
               {"0.0.0.0/0", "2001:db8::1", false},
               {"fd00::/8", "fd12::1", true},
               {"fd00::/8", "fe80::1", false},
               {"::1", "::1", true},
               {"::/0", "2001:db8::1", true}};
  for (const auto& c : cases) {
    EXPECT_EQ(network(c.network).contains(address(c.address)), c.inside) << c.network << " " << c.address;
  }
  for (const std::string_view bad : {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.1/8",
                                     "fd00::/129", "proxy", "10.0.0/8"}) {
    const auto parsed = Network::parse(bad);
    ASSERT_FALSE(parsed) << bad;
    EXPECT_EQ(parsed.error().code, Errc::kInvalidArgument);
  }
}

TEST(ReaderOf, BelievesOnlyTheProxiesThatWereNamed) {
  const std::vector<Network> proxies{network("10.0.0.0/8"), network("127.0.0.1")};
  const struct {
    std::string_view peer;
    std::initializer_list<std::string_view> lists;
    std::string_view reader, why;
  } cases[] = {{"203.0.113.5", {"198.51.100.1"}, "203.0.113.5", "anybody can write the header"},
               {"10.0.0.1", {"198.51.100.1"}, "198.51.100.1", "a named proxy is believed"},
               {"10.0.0.1", {}, "10.0.0.1", "the proxy itself asks"},
               {"10.0.0.1", {"1.1.1.1, 198.51.100.1"}, "198.51.100.1", "what the reader wrote himself is to the left"},
               {"10.0.0.1", {"198.51.100.1, 10.9.9.9"}, "198.51.100.1", "a chain of proxies"},
               {"10.0.0.1", {"1.1.1.1", "198.51.100.1, 10.9.9.9"}, "198.51.100.1", "two fields are one list"},
               {"10.0.0.1", {"10.1.1.1, 10.2.2.2"}, "10.1.1.1", "everybody is a proxy: the farthest"},
               {"10.0.0.1", {"198.51.100.1, unknown"}, "10.0.0.1", "what is no address ends the walk"},
               {"10.0.0.1", {"198.51.100.1,"}, "10.0.0.1", "an empty item too"},
               {"10.0.0.1", {""}, "10.0.0.1", "an empty list"},
               {"127.0.0.1", {"[2001:db8::7]:4711"}, "2001:db8::7", "with a port"}};
  for (const auto& c : cases) {
    EXPECT_EQ(reader_of(address(c.peer), false, forwarded(c.lists), proxies).address.text(), c.reader) << c.why;
  }
  EXPECT_EQ(reader_of(address("10.0.0.1"), false, forwarded({"198.51.100.1"}), {}).address.text(), "10.0.0.1")
      << "no proxy was named";
}

TEST(ReaderOf, IsSecureWhereTheNearestProxySaysSo) {
  const std::vector<Network> proxies{network("10.0.0.0/8")};
  const auto secure = [&](std::string_view peer, std::initializer_list<std::string_view> said, bool tls = false) {
    Headers headers;
    for (const auto s : said) headers.add("X-Forwarded-Proto", std::string{s});
    return reader_of(address(peer), tls, headers, proxies).secure;
  };
  EXPECT_TRUE(secure("10.0.0.1", {"https"}));
  EXPECT_TRUE(secure("10.0.0.1", {"http", "HTTPS"}));
  EXPECT_TRUE(secure("10.0.0.1", {"http, https"}));
  EXPECT_FALSE(secure("10.0.0.1", {"https, http"}));
  EXPECT_FALSE(secure("10.0.0.1", {}));
  EXPECT_FALSE(secure("203.0.113.5", {"https"})) << "not from there";
  EXPECT_TRUE(secure("203.0.113.5", {}, true)) << "the connection itself";
}

RC_GTEST_PROP(Address, ItsTextIsReadBackAsTheSame, (const std::array<std::uint8_t, 16>& bytes)) {
  const Address a{bytes};
  RC_ASSERT(parse_address(a.text()) == a);
  RC_ASSERT(parse_address("[" + a.text() + "]:1") == (a.is_v4() ? std::nullopt : std::optional(a)));
}

// A bit-by-bit comparison is the oracle.
RC_GTEST_PROP(Network, ContainsWhatItsFirstBitsAre, (const std::array<std::uint8_t, 16>& bytes)) {
  const int bits = *rc::gen::inRange(0, 129);
  const int flipped = *rc::gen::inRange(0, 128);
  Address masked{bytes};
  for (int bit = bits; bit < 128; ++bit) {
    masked.bytes[static_cast<std::size_t>(bit / 8)] &= static_cast<std::uint8_t>(~(1U << (7 - bit % 8)));
  }
  RC_PRE(!masked.is_v4());
  const Network n = network(masked.text() + "/" + std::to_string(bits));
  Address other{bytes};
  RC_ASSERT(n.contains(other));
  other.bytes[static_cast<std::size_t>(flipped / 8)] ^= static_cast<std::uint8_t>(1U << (7 - flipped % 8));
  RC_ASSERT(n.contains(other) == (flipped >= bits));
}

}  // namespace
}  // namespace behoud::http
