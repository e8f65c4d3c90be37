#include "http/request_reader.h"

#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace behoud::http {
namespace {

// What a whole input means: its requests, and the refusal that ended it, if any.
struct Meaning {
  std::vector<Request> requests;
  std::optional<Refusal> refusal;
  bool in_the_middle = false;  // the input ended inside a request
};

// Feeds `input` in pieces of the given sizes (cycled; empty: all at once), as a socket would deliver it.
Meaning read_all(std::string_view input, const std::vector<std::size_t>& pieces = {},
                 std::uint64_t body_max = 1 << 20) {
  Meaning out;
  RequestReader reader;
  std::string buffer;
  std::size_t piece = 0;
  while (!input.empty()) {
    const std::size_t n = pieces.empty() ? input.size() : std::min(input.size(), pieces[piece++ % pieces.size()]);
    buffer += input.substr(0, n);
    input.remove_prefix(n);
    while (!buffer.empty()) {
      const bool had_head = reader.head_done();
      const auto taken = reader.feed(buffer);
      if (!taken) {
        out.refusal = taken.error();
        return out;
      }
      buffer.erase(0, *taken);
      if (!had_head && reader.head_done()) {
        if (const auto ok = reader.set_body_bytes_max(body_max); !ok) {
          out.refusal = ok.error();
          return out;
        }
      }
      if (reader.done()) {
        out.requests.push_back(reader.take());
      } else if (*taken == 0) {
        break;
      }
    }
  }
  out.in_the_middle = reader.started() || !buffer.empty();
  return out;
}

constexpr std::string_view kThree =
    "GET /a?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    "POST /b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"
    "POST /c HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
    "chunked\r\n\r\n3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: "
    "1\r\n\r\n";

TEST(RequestReader, ReadsPipelinedRequestsWithEachKindOfBody) {
  const Meaning m = read_all(kThree);
  ASSERT_FALSE(m.refusal) << m.refusal->message;
  ASSERT_EQ(m.requests.size(), 3U);
  EXPECT_EQ(m.requests[0].path, "/a");
  EXPECT_EQ(m.requests[0].query, (Parameters{{"x", "1"}}));
  EXPECT_EQ(m.requests[1].method, Method::kPost);
  EXPECT_EQ(m.requests[1].body, "hello");
  EXPECT_EQ(m.requests[2].body, "abcde");
  EXPECT_EQ(m.requests[2].headers.find("X-Trailer"), std::nullopt) << "a trailer must not pass for a head field";
  EXPECT_FALSE(m.in_the_middle);
}

RC_GTEST_PROP(RequestReader, HowTheBytesArriveDoesNotMatter, ()) {
  const auto pieces =
      *rc::gen::nonEmpty(rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 40)));
  const Meaning whole = read_all(kThree);
  const Meaning cut = read_all(kThree, pieces);
  RC_ASSERT(cut.requests.size() == whole.requests.size());
  for (std::size_t i = 0; i < whole.requests.size(); ++i) {
    RC_ASSERT(cut.requests[i].path == whole.requests[i].path);
    RC_ASSERT(cut.requests[i].body == whole.requests[i].body);
    RC_ASSERT(cut.requests[i].headers.all() == whole.requests[i].headers.all());
  }
}

TEST(RequestReader, EveryTruncationIsUnfinishedAndNeverARequestMore) {
  for (std::size_t n = 1; n < kThree.size(); ++n) {
    const Meaning m = read_all(kThree.substr(0, n));
    EXPECT_FALSE(m.refusal) << n;
    EXPECT_LT(m.requests.size(), 3U) << n;
  }
}

TEST(RequestReader, TakesATargetThatNamesItsHostAsOneThatDoesNot) {
  const struct {
    std::string target, path;
    Parameters query;
  } cases[] = {{"http://localhost/a?x=1", "/a", {{"x", "1"}}},
               {"HTTPS://LocalHost/", "/", {}},
               {"http://localhost", "/", {}},
               {"http://localhost?x=http://b/", "/", {{"x", "http://b/"}}},
               {"/http://localhost/", "/http://localhost/", {}}};
  for (const auto& c : cases) {
    const Meaning m = read_all("GET " + c.target + " HTTP/1.1\r\nHost: localhost\r\n\r\n", {7});
    ASSERT_FALSE(m.refusal) << c.target << m.refusal->message;
    ASSERT_EQ(m.requests.size(), 1U) << c.target;
    EXPECT_EQ(m.requests[0].path, c.path) << c.target;
    EXPECT_EQ(m.requests[0].query, c.query) << c.target;
  }
  for (const std::string target :
       {"http://elsewhere/", "http://localhost:80/", "http://localhost@elsewhere/", "http:///", "http://localhost#/",
        "ftp://localhost/", "http:/localhost", "localhost:80", "*"}) {
    const Meaning m = read_all("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    ASSERT_TRUE(m.refusal) << target;
    EXPECT_EQ(m.refusal->status, 400) << target;
  }
  EXPECT_TRUE(read_all("GET http://localhost/ HTTP/1.0\r\n\r\n").refusal) << "whose host nobody said twice";
}

TEST(RequestReader, RefusesWhatTwoReadersCouldCutDifferently) {
  const std::string post = "POST / HTTP/1.1\r\nHost: localhost\r\n";
  const struct {
    std::string input;
    int status;
    const char* why;
  } cases[] = {
      {post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "length and chunked"},
      {post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400, "chunked and length"},
      {post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400, "two lengths"},
      {post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400, "the same length twice"},
      {post + "Content-Length: 5, 5\r\n\r\nhello", 400, "a list of lengths"},
      {post + "Content-Length: +5\r\n\r\nhello", 400, "a signed length"},
      {post + "Content-Length: 0x5\r\n\r\nhello", 400, "a hexadecimal length"},
      {post + "Content-Length: 99999999999999999999\r\n\r\n", 400, "a length beyond 64 bits"},
      {post + "Content-Length : 5\r\n\r\nhello", 400, "a blank before the colon"},
      {post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400, "chunked is not the last"},
      {post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, "another encoding too"},
      {post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400, "nearly chunked"},
      {post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "twice chunked"},
      {post + "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "two encodings"},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "chunked in HTTP/1.0"},
      {post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "a chunk without size"},
      {post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", 400, "a chunk longer than it says"},
      {"GET / HTTP/1.1\nHost: localhost\n\n", 505, "bare line feeds"},
      {"GET / HTTP/1.1\r\nHost: localhost\r\nA: b\nC: d\r\n\r\n", 400, "a bare line feed in the head"},
      {"GET / HTTP/1.1\r\n\r\n", 400, "no host"},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "two hosts"},
      {"GET / HTTP/1.1\r\nHost: localhost\r\n: empty\r\n\r\n", 400, "a field without name"},
      {std::string{"GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n", 36}, 400, "a NUL in the target"},
      {std::string{"GET / HTTP/1.1\r\nHost: local\0host\r\n\r\n", 36}, 400, "a NUL in a field"},
      {"GET /a/../b HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "a dot segment"},
      {"GET http://x/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "the absolute form"},
      {"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", 501, "an unknown method"},
      {"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", 505, "another version"},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "HTTP/2's preface"},
      {std::string{"\x16\x03\x01\x02\x00\x01\x00", 7}, 400, "a TLS hello"},
  };
  for (const auto& c : cases) {
    const Meaning m = read_all(c.input);
    ASSERT_TRUE(m.refusal) << c.why << ": " << m.requests.size() << " requests";
    EXPECT_TRUE(m.requests.empty()) << c.why;
    EXPECT_EQ(m.refusal->status, c.status) << c.why << ": " << m.refusal->message;
    EXPECT_FALSE(m.refusal->message.empty()) << c.why;
  }
}

TEST(RequestReader, BoundsTheHead) {
  const std::string get = "GET / HTTP/1.1\r\nHost: localhost\r\n";
  EXPECT_EQ(read_all(get + "X: " + std::string(kHeadBytesMax, 'x') + "\r\n\r\n").refusal->status, 431);
  EXPECT_EQ(read_all(get + "X: " + std::string(2 * kHeadBytesMax, 'x')).refusal->status, 431) << "before it ends";
  EXPECT_EQ(read_all(get + "X: " + std::string(2 * kHeadBytesMax, 'x'), {512}).refusal->status, 431) << "in pieces";
  std::string many = get;
  for (std::size_t i = 0; i < kFieldsMax; ++i) many += "A: b\r\n";
  EXPECT_EQ(read_all(many + "\r\n").refusal->status, 431);
  EXPECT_EQ(read_all("GET /" + std::string(kTargetBytesMax, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n").refusal->status,
            414);
  EXPECT_EQ(read_all(std::string(3 * kHeadBytesMax, 'G')).refusal->status, 431) << "a method without end";
}

TEST(RequestReader, BoundsTheBodyAtOnceWhenItsLengthIsStatedAndOtherwiseAsItGrows) {
  const std::string post = "POST / HTTP/1.1\r\nHost: localhost\r\n";
  EXPECT_EQ(read_all(post + "Content-Length: 11\r\n\r\n", {}, 10).refusal->status, 413);
  EXPECT_FALSE(read_all(post + "Content-Length: 10\r\n\r\n0123456789", {}, 10).refusal);
  const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_FALSE(read_all(chunked + "a\r\n0123456789\r\n0\r\n\r\n", {}, 10).refusal);
  EXPECT_EQ(read_all(chunked + "b\r\n", {}, 10).refusal->status, 413);
  EXPECT_EQ(read_all(chunked + "6\r\n012345\r\n6\r\n", {}, 10).refusal->status, 413);
  EXPECT_EQ(read_all(chunked + "5;" + std::string(2 * kHeadBytesMax, 'x'), {997}).refusal->status, 400)
      << "a chunk's extension without end";
}

TEST(RequestReader, KnowsWhetherTheConnectionStays) {
  const struct {
    std::string_view input;
    bool stays;
  } cases[] = {{"GET / HTTP/1.1\r\nHost: a\r\n\r\n", true},
               {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false},
               {"GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n", false},
               {"GET / HTTP/1.0\r\n\r\n", false},
               {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true}};
  for (const auto& c : cases) {
    RequestReader reader;
    ASSERT_TRUE(reader.feed(c.input));
    ASSERT_TRUE(reader.head_done());
    EXPECT_EQ(reader.keep_alive(), c.stays) << c.input;
  }
}

TEST(RequestReader, ABodyTakenInPiecesStillCountsTowardsItsBound) {
  RequestReader reader;
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  ASSERT_EQ(reader.feed(head), head.size());
  ASSERT_TRUE(reader.set_body_bytes_max(8));
  std::string buffer = "5\r\nhello\r\n";
  buffer.erase(0, reader.feed(buffer).value());
  EXPECT_EQ(reader.body_held(), 5U);
  EXPECT_EQ(reader.take_body(), "hello");
  EXPECT_EQ(reader.body_held(), 0U);
  buffer += "4\r\nmore\r\n";
  auto refused = reader.feed(buffer);
  while (refused && *refused > 0) {
    buffer.erase(0, *refused);
    refused = reader.feed(buffer);
  }
  ASSERT_FALSE(refused) << "of nine bytes the eight fit";
  EXPECT_EQ(refused.error().status, 413);
}

}  // namespace
}  // namespace behoud::http
