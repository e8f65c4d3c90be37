#include "app/answer_cache.h"

#include <gtest/gtest.h>

namespace behoud::app {
namespace {

http::Response of(std::size_t bytes, char c = 'x') { return {200, "text/plain", std::string(bytes, c), {}}; }

TEST(AnswerCache, GivesWhatItWasGiven) {
  AnswerCache cache(800);
  EXPECT_FALSE(cache.find("a").has_value());
  http::Response answer = of(50, 'a');
  answer.headers.set("ETag", "\"t\"");
  cache.keep("a", answer);
  const auto found = cache.find("a");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->body, answer.body);
  EXPECT_EQ(found->headers.find("ETag"), "\"t\"");
  EXPECT_EQ(cache.bytes(), 50u);
}

TEST(AnswerCache, LetsGoOfWhatWasNotAskedForTheLongest) {
  AnswerCache cache(800);
  for (int i = 0; i < 8; ++i) cache.keep(std::to_string(i), of(100));
  EXPECT_TRUE(cache.find("0").has_value());
  cache.keep("8", of(100));
  EXPECT_TRUE(cache.find("0").has_value()) << "asked for since";
  EXPECT_FALSE(cache.find("1").has_value());
  EXPECT_EQ(cache.bytes(), 800u);
}

TEST(AnswerCache, DoesNotKeepWhatIsLargeOrAnError) {
  AnswerCache cache(800);
  cache.keep("large", of(101));
  http::Response error = of(10);
  error.status = 400;
  cache.keep("error", error);
  EXPECT_FALSE(cache.find("large").has_value());
  EXPECT_FALSE(cache.find("error").has_value());
  cache.keep("a", of(10));
  cache.keep("a", of(20));
  EXPECT_EQ(cache.find("a")->body.size(), 10u) << "what a tag leads to never changes";
  EXPECT_EQ(cache.bytes(), 10u);
}

}  // namespace
}  // namespace behoud::app
