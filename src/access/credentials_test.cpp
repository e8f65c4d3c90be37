#include "access/credentials.h"

#include <gtest/gtest.h>

#include "access/json_body.h"
#include "access/person.h"
#include "access/secret.h"

namespace behoud::access {
namespace {

using Kind = Sent::Kind;
const std::string kSecret(kSecretLetters, 'a'), kOther(kSecretLetters, 'b');

http::Headers headers(std::initializer_list<std::pair<std::string, std::string>> fields) {
  http::Headers out;
  for (const auto& [name, value] : fields) out.add(name, value);
  return out;
}

TEST(Credentials, AreReadStrictly) {
  const std::string cookie = "behoud_session=" + kSecret, bearer = "Bearer bhd_" + kSecret;
  const struct {
    http::Headers headers;
    Kind kind;
    std::string secret;
    const char* why;
  } cases[] = {
      {headers({}), Kind::kNothing, "", "nothing"},
      {headers({{"Cookie", ""}}), Kind::kNothing, "", "an empty cookie"},
      {headers({{"cookie", cookie}}), Kind::kSession, kSecret, "the session"},
      {headers({{"Cookie", "a=b; " + cookie + ";c"}}), Kind::kSession, kSecret, "among others"},
      {headers({{"Cookie", "a=b"}, {"Cookie", cookie}}), Kind::kSession, kSecret, "of the second header"},
      {headers({{"Cookie", cookie + "; " + cookie}}), Kind::kSession, kSecret, "twice the same"},
      {headers({{"Cookie", cookie + "; behoud_session=" + kOther}}), Kind::kUnreadable, "", "two sessions"},
      {headers({{"Cookie", "behoud_session="}}), Kind::kUnreadable, "", "an empty one"},
      {headers({{"Cookie", "behoud_session=\"" + kSecret + "\""}}), Kind::kUnreadable, "", "in quotes"},
      {headers({{"Cookie", "xbehoud_session=" + kSecret}}), Kind::kNothing, "", "another name's end"},
      {headers({{"Cookie", "behoud_session2=" + kSecret}}), Kind::kNothing, "", "another name's beginning"},
      {headers({{"Cookie", cookie + "x"}}), Kind::kUnreadable, "", "too long"},
      {headers({{"Cookie", "behoud_session=" + std::string(kSecretLetters, '+')}}), Kind::kUnreadable, "", "letters"},
      {headers({{"Authorization", bearer}}), Kind::kToken, "bhd_" + kSecret, "a token"},
      {headers({{"authorization", "bearer bhd_" + kSecret}}), Kind::kToken, "bhd_" + kSecret, "in other letters"},
      {headers({{"Authorization", bearer}, {"Cookie", cookie}}), Kind::kToken, "bhd_" + kSecret, "before a cookie"},
      {headers({{"Authorization", bearer}, {"Authorization", bearer}}), Kind::kUnreadable, "", "two"},
      {headers({{"Authorization", "Bearer  bhd_" + kSecret}}), Kind::kUnreadable, "", "two blanks"},
      {headers({{"Authorization", bearer + " "}}), Kind::kUnreadable, "", "a blank behind it"},
      {headers({{"Authorization", "Bearer " + kSecret}}), Kind::kUnreadable, "", "no prefix"},
      {headers({{"Authorization", "Basic bhd_" + kSecret}}), Kind::kUnreadable, "", "another scheme"},
      {headers({{"Authorization", ""}, {"Cookie", cookie}}), Kind::kUnreadable, "", "an empty one beside a cookie"},
      {headers({{"X-Token", bearer}}), Kind::kNothing, "", "another header"}};
  for (const auto& c : cases) {
    const Sent sent = sent_by(c.headers);
    EXPECT_EQ(sent.kind, c.kind) << c.why;
    EXPECT_EQ(sent.secret, c.secret) << c.why;
  }
}

TEST(Credentials, TheCookieIsForTheServerAlone) {
  EXPECT_EQ(set_cookie("s", false, 60), "behoud_session=s; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
  EXPECT_EQ(set_cookie("s", true, 60), "behoud_session=s; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60");
  EXPECT_EQ(set_cookie("", false, 60), "behoud_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
}

TEST(Person, AnAddressIsCheckedForWhatWouldDoHarmLater) {
  EXPECT_EQ(parse_email(" Owner@Example.COM\n").value(), "owner@example.com");
  EXPECT_EQ(parse_email("é@bücher.example").value(), "é@bücher.example");
  for (const std::string bad : {"", "@", "a@", "@b", "a b@c", "a@b@c", "a@b\r\nBcc: c", "a\x7f@b", "\xff@b", "a"}) {
    const auto parsed = parse_email(bad);
    ASSERT_FALSE(parsed.has_value()) << bad;
    EXPECT_EQ(parsed.error().place.column, "email");
  }
  EXPECT_FALSE(parse_email(std::string(250, 'a') + "@b.nl").has_value());
  EXPECT_EQ(parse_name("  Åsa  ").value(), "Åsa");
  EXPECT_EQ(parse_name("").value(), "");
  for (const std::string& bad : {std::string("a\nb"), std::string("\xff"), std::string(201, 'a')}) {
    EXPECT_EQ(parse_name(bad).error().place.column, "name");
  }
  EXPECT_EQ(to_string(parse_expiry("2027-06-30").value()), "2027-07-01T00:00:00Z") << "the day is the last";
  EXPECT_EQ(to_string(parse_expiry("2027-06-30T12:00:00+02:00").value()), "2027-06-30T10:00:00Z");
  EXPECT_EQ(parse_expiry("soon").error().place.column, "expires_at");
}

TEST(JsonBody, TakesOneFlatObjectOfKnownTexts) {
  const auto parse = [](std::string body, std::string type = "application/json") {
    http::Request request;
    request.headers.add("Content-Type", std::move(type));
    request.body = std::move(body);
    return JsonBody::parse(request, {"email", "password"});
  };
  const auto good = parse(R"({"email":"a","password":null})", "Application/JSON; charset=utf-8");
  ASSERT_TRUE(good.has_value());
  EXPECT_EQ(good->require("email").value(), "a");
  EXPECT_EQ(good->find("password"), std::nullopt);
  EXPECT_EQ(good->require("password").error().error.place.column, "password");
  const struct {
    const char* body;
    const char* field;
  } bad[] = {{"", ""},
             {"[]", ""},
             {"{", ""},
             {R"({"email":1})", "email"},
             {R"({"email":{"a":"b"}})", "email"},
             {"\"a\"", ""},
             {R"({"email":"a"} x)", ""},
             {"[[[[[[[[[[[[]]]]]]]]]]]]", ""}};
  for (const auto& b : bad) {
    const auto parsed = parse(b.body);
    ASSERT_FALSE(parsed.has_value()) << b.body;
    EXPECT_EQ(parsed.error().error.code, Errc::kInvalidArgument);
    EXPECT_EQ(parsed.error().error.place.column, b.field) << b.body;
  }
  EXPECT_FALSE(parse(R"({"emial":"a"})").has_value()) << "a misspelt member";
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"}) {
    EXPECT_EQ(parse("{}", type).error().status, 415) << type;
  }
}

}  // namespace
}  // namespace behoud::access
