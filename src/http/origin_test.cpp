#include "http/origin.h"

#include <gtest/gtest.h>

namespace behoud::http {
namespace {

TEST(Origin, IsReadFromAUrlAndWrittenBack) {
  const struct {
    std::string_view url, back, authority;
  } cases[] = {{"https://shop.example", "https://shop.example", "shop.example"},
               {"https://Shop.Example/", "https://shop.example", "shop.example"},
               {"https://shop.example:443", "https://shop.example", "shop.example"},
               {"https://shop.example:8443/", "https://shop.example:8443", "shop.example:8443"},
               {"http://localhost:8080", "http://localhost:8080", "localhost:8080"},
               {"http://[::1]:8080", "http://[::1]:8080", "[::1]:8080"},
               {"http://192.0.2.7", "http://192.0.2.7", "192.0.2.7"}};
  for (const auto& c : cases) {
    const auto origin = parse_origin(c.url);
    ASSERT_TRUE(origin) << c.url;
    EXPECT_EQ(origin->url(), c.back);
    EXPECT_EQ(origin->authority(), c.authority);
  }
  for (const std::string_view bad :
       {"", "shop.example", "ftp://shop.example", "https://", "https:///", "https://shop.example/path",
        "https://shop.example?x", "https://user@shop.example", "https://shop.example:", "https://shop.example:0",
        "https://shop.example:99999", "https://shop.example:8x", "https://shop example", "https://[::1", "https://::1",
        "https://shop.example\r\nX: y", "HTTPS://shop.example"}) {
    const auto origin = parse_origin(bad);
    ASSERT_FALSE(origin) << bad;
    EXPECT_EQ(origin.error().code, Errc::kInvalidArgument);
  }
}

TEST(Origin, AnAddressIsNoName) {
  for (const std::string_view address : {"192.0.2.7", "192.0.2.7:80", "[::1]", "[2001:db8::7]:8080"}) {
    EXPECT_TRUE(is_address(address)) << address;
  }
  for (const std::string_view name : {"localhost", "192.0.2.7.evil.example", "", "[::1].evil.example", "::1",
                                      "192.0.2.7:80x", "192.0.2.7@evil.example", "0x7f000001", "2130706433"}) {
    EXPECT_FALSE(is_address(name)) << name;
  }
}

TEST(Origin, ThePublicOneIsNotAnotherSiteWhateverHostAProxyNames) {
  const auto own = parse_origin("https://shop.example");
  ASSERT_TRUE(own);
  const auto request = [](std::string origin) {
    Request out;
    out.headers.add("Host", "127.0.0.1:8080");
    out.headers.add("Origin", std::move(origin));
    return out;
  };
  EXPECT_FALSE(is_from_another_site(request("https://shop.example"), *own));
  EXPECT_FALSE(is_from_another_site(request("http://127.0.0.1:8080"), *own));
  for (const char* other :
       {"http://shop.example", "https://shop.example.evil.example", "https://evil.example", "null"}) {
    EXPECT_TRUE(is_from_another_site(request(other), *own)) << other;
  }
  EXPECT_TRUE(is_from_another_site(request("https://shop.example"), std::nullopt));
}

}  // namespace
}  // namespace behoud::http
