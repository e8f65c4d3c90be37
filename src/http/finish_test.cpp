#include "http/finish.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "http/error_body.h"
#include "http/testing/gunzip.h"

namespace behoud::http {
namespace {

using testing::gunzip;

Request get(Headers headers = {}) {
  Request request;
  request.headers = std::move(headers);
  return request;
}
Headers with(std::string name, std::string value) {
  Headers out;
  out.add(std::move(name), std::move(value));
  return out;
}
Response json(std::string body) { return {200, "application/json", std::move(body), {}}; }

TEST(Finish, AReaderThatHasItAlreadyGets304WithoutABody) {
  const Response first = finish(get(), json("{}"));
  const std::string tag{*first.headers.find("ETag")};
  for (const std::string& known : {tag, "\"x\", " + tag, std::string{"*"}, tag.substr(2)}) {
    const Response again = finish(get(with("If-None-Match", known)), json("{}"));
    EXPECT_EQ(again.status, 304) << known;
    EXPECT_EQ(again.body, "");
    EXPECT_EQ(again.headers.find("ETag"), tag);
  }
  EXPECT_EQ(finish(get(with("If-None-Match", tag)), json("[]")).status, 200) << "another body has another tag";
  Request post = get(with("If-None-Match", tag));
  post.method = Method::kPost;
  EXPECT_EQ(finish(post, json("{}")).status, 200) << "only reading is conditional";
}

// RFC 9110, 15.4.5: a cache in between updates what it holds by what a 304 says.
TEST(Finish, A304SaysWhatThe200WouldSayOfWhoMayKeepIt) {
  Response picture{200, "image/png", std::string(2 * kCompressFromBytes, 'p'), {}};
  Response exact = json(std::string(2 * kCompressFromBytes, 'e'));
  exact.headers.add("ETag", strong_tag(exact.body));
  Response spoken = json("{}");
  spoken.headers.add("Vary", "Accept-Language");
  Response open = json("{}");
  open.headers.add("Cache-Control", "public, max-age=60");
  for (const Response& made :
       {json("{}"), json(std::string(2 * kCompressFromBytes, 'a')), picture, exact, spoken, open}) {
    for (const char* accepted : {"gzip", "identity"}) {
      Headers headers = with("Accept-Encoding", accepted);
      const Response whole = finish(get(headers), made);
      headers.add("If-None-Match", std::string{*whole.headers.find("ETag")});
      const Response again = finish(get(headers), made);
      ASSERT_EQ(again.status, 304);
      for (const char* field : {"ETag", "Vary", "Cache-Control"}) {
        EXPECT_EQ(again.headers.find(field), whole.headers.find(field)) << field;
        EXPECT_LE(again.headers.count(field), 1U) << field;
      }
    }
  }
  EXPECT_EQ(finish(get(), spoken).headers.find("Vary"), "Accept-Language, Accept-Encoding");
  EXPECT_EQ(finish(get(), picture).headers.find("Vary"), std::nullopt) << "there is one form of it";
  // What somebody else found to be held already: they do not know how long it is.
  Response held{304, "", "", {}};
  held.headers.add("ETag", "W/\"1\"");
  held.headers.add("Vary", "Accept-Language");
  EXPECT_EQ(finish(get(), held).headers.find("Vary"), "Accept-Language, Accept-Encoding");
}

TEST(Finish, CompressesLargeTextForThoseWhoTakeIt) {
  const std::string body(kCompressFromBytes, 'a');
  const Response packed = finish(get(with("Accept-Encoding", "br, gzip")), json(body));
  EXPECT_EQ(packed.headers.find("Content-Encoding"), "gzip");
  EXPECT_LT(packed.body.size(), 100U);
  EXPECT_EQ(gunzip(packed.body), body);
  EXPECT_EQ(packed.headers.find("Vary"), "Accept-Encoding");
  const Response plain = finish(get(), json(body));
  EXPECT_EQ(plain.body, body);
  EXPECT_EQ(plain.headers.find("Content-Encoding"), std::nullopt);
  EXPECT_EQ(plain.headers.find("Vary"), "Accept-Encoding") << "a cache between must keep both apart";
  EXPECT_EQ(plain.headers.find("ETag"), packed.headers.find("ETag"));
  EXPECT_EQ(finish(get(with("Accept-Encoding", "gzip")), json(body.substr(1))).body, body.substr(1)) << "too small";
  Response picture{200, "image/png", body, {}};
  EXPECT_EQ(finish(get(with("Accept-Encoding", "gzip")), picture).body, body) << "is packed already";
  Response exact = json(body);
  exact.headers.add("ETag", strong_tag(body));
  EXPECT_EQ(finish(get(with("Accept-Encoding", "gzip")), exact).body, body) << "its tag is of these bytes";
}

RC_GTEST_PROP(Finish, GzipGivesTheBytesBack, (const std::string& bytes)) { RC_ASSERT(gunzip(*gzip(bytes)) == bytes); }

TEST(Finish, EveryResponseCarriesTheHeadersThatKeepABrowserSafe) {
  for (const Response& r : {finish(get(), json("{}")), finish(get(), error_response(404, "not_found", "nothing"))}) {
    EXPECT_EQ(r.headers.find("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(r.headers.find("X-Frame-Options"), "DENY");
    EXPECT_TRUE(r.headers.find("Content-Security-Policy")->starts_with("default-src 'none'"));
    EXPECT_TRUE(r.headers.find("Cache-Control"));
  }
}

TEST(Finish, AHeaderValueCannotEndItsLine) {
  Response r = json("{}");
  r.headers.add("X-Name", "a\r\nSet-Cookie: b");
  EXPECT_EQ(write_head(r, true, "").find("Set-Cookie"), std::string::npos);
}

TEST(Finish, HeadsStateLengthDateAndTheEndOfTheConnection) {
  const std::string head = write_head(json("{}"), false, "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(head,
            "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: application/json\r\n"
            "Content-Length: 2\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(write_head({204, "", "", {}}, true, ""), "HTTP/1.1 204 No Content\r\n\r\n");
}

TEST(ErrorBody, NamesCodeMessageFieldAndHint) {
  const Error error{Errc::kBadInput, "no \"date\"", "name it with --map", {"orders.csv", 3, "date"}};
  EXPECT_EQ(error_json(error),
            R"({"error":{"code":"bad_input","message":"no \"date\"","field":"date","hint":"name it with --map",)"
            R"("file":"orders.csv","line":3}})");
  EXPECT_EQ(error_response(error).status, 422);
  EXPECT_EQ(error_response(Error{Errc::kNotFound, "x", {}, {}}).body,
            "{\"error\":{\"code\":\"not_found\",\"message\":\"x\",\"field\":null,\"hint\":null}}\n");
}

TEST(ErrorBody, GivesTheReasonAndEverythingThatItsWordsName) {
  const Error error{Errc::kBadInput,
                    "m",
                    "",
                    {"orders.csv", 3, "Datum"},
                    {"problem.dates_few", {{"count", std::uint64_t{12}}, {"value", "\"x\""}}}};
  EXPECT_EQ(error_json(error),
            R"({"error":{"code":"bad_input","message":"m","field":"Datum","hint":null,"file":"orders.csv","line":3,)"
            R"("reason":"problem.dates_few","params":{"file":"orders.csv","line":3,"column":"Datum","count":12,)"
            R"("value":"\"x\""}}})");
  const Error bare{Errc::kBadInput, "m", "", {}, {"problem.no_memory"}};
  EXPECT_EQ(error_json(bare), R"({"error":{"code":"bad_input","message":"m","field":null,"hint":null,)"
                              R"("reason":"problem.no_memory","params":{}}})");
}

TEST(ErrorBody, EveryErrorHasItsWordAndStatus) {
  const struct {
    Errc code;
    std::string_view word;
    int status;
  } cases[] = {{Errc::kInvalidArgument, "invalid_argument", 400},
               {Errc::kBadInput, "bad_input", 422},
               {Errc::kNotFound, "not_found", 404},
               {Errc::kConflict, "conflict", 409},
               {Errc::kOutOfRange, "out_of_range", 422},
               {Errc::kCorrupt, "corrupt", 500},
               {Errc::kUnavailable, "unavailable", 503}};
  for (const auto& c : cases) {
    EXPECT_EQ(word_of(c.code), c.word);
    EXPECT_EQ(status_of(c.code), c.status);
  }
}

}  // namespace
}  // namespace behoud::http
