#include "http/target.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::http {
namespace {

TEST(Target, SplitsPathAndDecodedParameters) {
  const auto target = parse_target("/api/v1/retention?from=2024-01-01&split=&name=caf%C3%A9+au%20lait&&flag");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/api/v1/retention");
  EXPECT_EQ(target->query, (Parameters{{"from", "2024-01-01"}, {"split", ""}, {"name", "café au lait"}, {"flag", ""}}));
}

TEST(Target, RefusesWhatCouldMeanTwoThings) {
  const struct {
    std::string target;
    const char* why;
  } cases[] = {{"", "empty"},
               {"*", "the asterisk form"},
               {"http://elsewhere/", "the absolute form"},
               {"/a/../b", "dot segments climb"},
               {"/a/%2e%2E/b", "and climb when escaped"},
               {"/a/./b", "a dot segment"},
               {"/..", "at the end"},
               {"/a%zz", "a broken escape in the path"},
               {"/a%0", "a cut-off escape"},
               {"/a%00b", "an escaped NUL"},
               {"/a?x=%0d%0aSet-Cookie", "an escaped line end"},
               {"/a?x=%7f", "an escaped delete"},
               {"/a?%g1=1", "a broken escape in a name"}};
  for (const auto& c : cases) EXPECT_FALSE(parse_target(c.target)) << c.why;
}

TEST(Target, BoundsTheNumberOfParameters) {
  std::string target = "/?";
  for (std::size_t i = 0; i < kParametersMax; ++i) target += "a=1&";
  EXPECT_TRUE(parse_target(target));
  EXPECT_FALSE(parse_target(target + "a=1"));
}

TEST(Target, APlusIsASpaceInAQueryAlone) {
  EXPECT_EQ(*percent_decode("a+b", true), "a b");
  EXPECT_EQ(*percent_decode("a+b", false), "a+b");
  EXPECT_EQ(parse_target("/a+b")->path, "/a+b");
}

RC_GTEST_PROP(Target, EncodingThenDecodingGivesTheTextBack, ()) {
  const auto printable =
      rc::gen::suchThat<char>([](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
  const auto text = *rc::gen::container<std::string>(printable);
  RC_ASSERT(*percent_decode(percent_encode(text), true) == text);
  RC_ASSERT(parse_target("/?q=" + percent_encode(text))->query == (Parameters{{"q", text}}));
}

}  // namespace
}  // namespace behoud::http
