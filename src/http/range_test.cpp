#include "http/range.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::http {
namespace {

RangeWish part(std::uint64_t first, std::uint64_t last) { return {RangeWish::Kind::kPart, {first, last}}; }
constexpr RangeWish kWhole{};
constexpr RangeWish kNone{RangeWish::Kind::kUnsatisfiable, {}};

TEST(Range, ReadsOneRangeOfBytesAndIgnoresWhatItDoesNotServe) {
  const struct {
    std::string_view header;
    std::uint64_t size;
    RangeWish wish;
  } cases[] = {{"bytes=0-99", 1000, part(0, 99)},
               {"bytes=0-0", 1, part(0, 0)},
               {"bytes=500-", 1000, part(500, 999)},
               {"bytes=-100", 1000, part(900, 999)},
               {"bytes=-5000", 1000, part(0, 999)},
               {"bytes=990-2000", 1000, part(990, 999)},
               {"bytes=1-99999999999999999999999", 1000, part(1, 999)},
               {" bytes= 1-2 ", 1000, part(1, 2)},
               {"bytes=1000-", 1000, kNone},
               {"bytes=-0", 1000, kNone},
               {"bytes=0-", 0, kNone},
               {"bytes=-1", 0, kNone},
               {"bytes=99999999999999999999999-", 1000, kNone},
               {"bytes=9-1", 1000, kWhole},
               {"bytes=0-1,5-6", 1000, kWhole},
               {"items=0-1", 1000, kWhole},
               {"bytes=", 1000, kWhole},
               {"bytes=-", 1000, kWhole},
               {"bytes=a-b", 1000, kWhole},
               {"bytes=1-b", 1000, kWhole},
               {"bytes=+1-2", 1000, kWhole},
               {"bytes=1--2", 1000, kWhole},
               {"bytes 0-1", 1000, kWhole},
               {"", 1000, kWhole}};
  for (const auto& c : cases) EXPECT_EQ(parse_range(c.header, c.size), c.wish) << "'" << c.header << "' of " << c.size;
}

Request get(std::string range, std::string if_range = {}) {
  Request request;
  if (!range.empty()) request.headers.add("Range", std::move(range));
  if (!if_range.empty()) request.headers.add("If-Range", std::move(if_range));
  return request;
}

TEST(Range, CutsABodyAndSaysWhichPartItIs) {
  const Response whole{200, "text/plain", "0123456789", {}};
  const Response some = apply_range(get("bytes=2-4"), whole, "\"a\"");
  EXPECT_EQ(some.status, 206);
  EXPECT_EQ(some.body, "234");
  EXPECT_EQ(some.headers.find("Content-Range"), "bytes 2-4/10");
  const Response beyond = apply_range(get("bytes=10-"), whole, "\"a\"");
  EXPECT_EQ(beyond.status, 416);
  EXPECT_EQ(beyond.headers.find("Content-Range"), "bytes */10");
  const Response all = apply_range(get(""), whole, "\"a\"");
  EXPECT_EQ(all.status, 200);
  EXPECT_EQ(all.body, whole.body);
  EXPECT_EQ(all.headers.find("Accept-Ranges"), "bytes");
}

TEST(Range, OfAnotherVersionIsTheWhole) {
  const Response whole{200, "text/plain", "0123456789", {}};
  EXPECT_EQ(apply_range(get("bytes=2-4", "\"a\""), whole, "\"a\"").status, 206);
  for (const char* tag : {"\"b\"", "W/\"a\"", "Sun, 06 Nov 1994 08:49:37 GMT", "*"}) {
    EXPECT_EQ(apply_range(get("bytes=2-4", tag), whole, "\"a\"").status, 200) << tag;
  }
  EXPECT_EQ(apply_range(get("bytes=2-4", "\"a\""), whole, "").status, 200) << "there is no tag to trust";
  Request head = get("bytes=2-4");
  head.method = Method::kHead;
  EXPECT_EQ(apply_range(head, whole, "\"a\"").status, 200) << "only GET has ranges";
  Request twice = get("bytes=2-4");
  twice.headers.add("Range", "bytes=5-6");
  EXPECT_EQ(apply_range(twice, whole, "\"a\"").status, 200);
}

RC_GTEST_PROP(Range, APartLiesWithinTheBody, (std::uint32_t a, std::uint32_t b, std::uint32_t size)) {
  const RangeWish wish = parse_range("bytes=" + std::to_string(a) + "-" + std::to_string(b), size);
  if (b < a) {
    RC_ASSERT(wish == kWhole);
  } else if (a >= size) {
    RC_ASSERT(wish == kNone);
  } else {
    RC_ASSERT(wish == part(a, std::min<std::uint64_t>(b, size - 1)));
  }
}

}  // namespace
}  // namespace behoud::http
