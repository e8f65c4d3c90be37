#include "http/message.h"

#include <gtest/gtest.h>

namespace behoud::http {
namespace {

TEST(Message, MethodsRoundTripAndUnknownOnesAreNone) {
  for (const auto m :
       {Method::kGet, Method::kHead, Method::kPost, Method::kPut, Method::kPatch, Method::kDelete, Method::kOptions}) {
    EXPECT_EQ(parse_method(name(m)), m);
  }
  EXPECT_EQ(parse_method("get"), std::nullopt) << "methods are case-sensitive";
  EXPECT_EQ(parse_method("BREW"), std::nullopt);
}

TEST(Message, OnlyReadingMethodsAreSafe) {
  EXPECT_TRUE(is_safe(Method::kGet) && is_safe(Method::kHead) && is_safe(Method::kOptions));
  EXPECT_FALSE(is_safe(Method::kPost) || is_safe(Method::kPut) || is_safe(Method::kPatch) || is_safe(Method::kDelete));
}

TEST(Message, ATokenIsFoundInAListUnlessItsWeightIsZero) {
  const struct {
    std::string_view list;
    bool has;
  } cases[] = {{"gzip", true},         {"deflate, GZIP", true},  {"br;q=1.0, gzip;q=0.8", true},
               {"gzip;q=0", false},    {"gzip; q=0.000", false}, {"gzip;Q=0", false},
               {"gzip;q=0.001", true}, {"gzipped", false},       {"", false},
               {",,", false}};
  for (const auto& c : cases) EXPECT_EQ(has_token(c.list, "gzip"), c.has) << c.list;
}

TEST(Message, HeaderNamesCompareWithoutCaseAndSetReplacesEach) {
  Headers headers;
  headers.add("X-One", "1");
  headers.add("x-one", "2");
  EXPECT_EQ(headers.count("X-ONE"), 2U);
  EXPECT_EQ(headers.find("x-One"), "1");
  headers.set("X-one", "3");
  EXPECT_EQ(headers.count("x-one"), 1U);
  EXPECT_EQ(headers.find("x-one"), "3");
  EXPECT_EQ(headers.find("other"), std::nullopt);
}

}  // namespace
}  // namespace behoud::http
