// The routes through the guard, as the server calls them, without sockets.

#include "access/routes.h"

#include <algorithm>
#include <boost/json.hpp>

#include <gtest/gtest.h>

#include "access/guard.h"
#include "access/testing/room.h"

namespace behoud::access {
namespace {

using namespace testing;
using http::Method;
using http::Response;

class Routes : public ::testing::Test {
 protected:
  Routes() {
    add_routes(router_, *room_.access, {[this] { return url_; }, [this] { return room_.now; }});
    guard_ = make_guard(*room_.access);
  }

  Response ask(Method method, const std::string& path, const std::string& body = {}, http::Parameters query = {}) {
    const auto match = router_.match(method, path);
    if (match.route == nullptr) return {404, "", "", {}};
    http::Request request;
    request.method = method;
    request.path = path;
    request.query = std::move(query);
    request.captures = match.captures;
    request.body = body;
    request.client = kHome;
    request.headers.add("Content-Type", "application/json");
    if (!session_.empty()) request.headers.add("Cookie", "behoud_session=" + session_);
    if (!csrf_.empty()) request.headers.add("X-Behoud-CSRF", csrf_);
    if (!token_.empty()) request.headers.add("Authorization", "Bearer " + token_);
    if (auto refused = guard_(request, *match.route)) return *refused;
    return match.route->handler(request);
  }
  static boost::json::object json(const Response& response) {
    const auto value = boost::json::parse(response.body);
    return value.is_object() ? value.get_object() : boost::json::object{};
  }
  static std::string code(const Response& response) {
    return json(response).at("error").at("code").as_string().c_str();
  }
  static std::string cookie(const Response& response) {
    return std::string(response.headers.find("Set-Cookie").value_or(""));
  }
  void come_in(const Access::SignedIn& in) {
    session_ = in.session;
    csrf_ = Access::csrf_of(in.session);
  }

  Room room_;
  std::string url_ = "http://127.0.0.1:8080", session_, csrf_, token_;
  http::Router router_;
  http::Guard guard_;
};

TEST_F(Routes, TheWayInAndOut) {
  EXPECT_EQ(code(ask(Method::kGet, "/api/v1/session")), "not_signed_in");
  const std::string link = room_.access->make_owner_link(kCommandLine).value();
  const auto check = ask(Method::kPost, "/api/v1/session/link/check", R"({"token":")" + link + R"("})");
  EXPECT_EQ(check.body, "{\"purpose\":\"owner\",\"email\":null,\"password_length_min\":10}\n");
  const auto shorter = ask(Method::kPost, "/api/v1/session/link",
                           R"({"token":")" + link + R"(","email":"owner@example.com","password":"nine char"})");
  EXPECT_EQ(shorter.status, 400) << "one less than it says";
  EXPECT_EQ(json(shorter).at("error").at("reason"), "problem.password_too_short");
  EXPECT_EQ(json(shorter).at("error").at("params").at("least"), 10);
  const auto in =
      ask(Method::kPost, "/api/v1/session/link",
          R"({"token":")" + link + R"(","email":"owner@example.com","name":"O","password":"correct horse"})");
  ASSERT_EQ(in.status, 200) << in.body;
  EXPECT_EQ(in.headers.find("Cache-Control"), "no-store");
  EXPECT_EQ(json(in).at("user").at("role"), "owner");
  EXPECT_EQ(json(in).at("user").as_object().if_contains("password"), nullptr);
  const std::string set = cookie(in);
  EXPECT_TRUE(set.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000")) << set;
  session_ = set.substr(15, 43);
  csrf_ = json(in).at("csrf").as_string().c_str();
  const auto who = ask(Method::kGet, "/api/v1/session");
  EXPECT_EQ(who.body, in.body) << "the same session";
  // A wrong or missing CSRF token changes nothing; reading needs none.
  const std::string right = std::exchange(csrf_, "wrong");
  EXPECT_EQ(code(ask(Method::kDelete, "/api/v1/session")), "wrong_csrf");
  csrf_.clear();
  EXPECT_EQ(code(ask(Method::kDelete, "/api/v1/session")), "wrong_csrf");
  EXPECT_EQ(ask(Method::kGet, "/api/v1/session").status, 200);
  csrf_ = right;
  const auto out = ask(Method::kDelete, "/api/v1/session");
  EXPECT_EQ(out.status, 204);
  EXPECT_TRUE(cookie(out).ends_with("Max-Age=0"));
  EXPECT_EQ(code(ask(Method::kGet, "/api/v1/session")), "not_signed_in");
}

TEST_F(Routes, TheCookieIsSecureWherePeopleComeOverHttps) {
  room_.owner();
  const std::string body = R"({"email":"owner@example.com","password":"correct horse"})";
  EXPECT_EQ(cookie(ask(Method::kPost, "/api/v1/session", body)).find("Secure"), std::string::npos);
  url_ = "https://behoud.example.com";
  EXPECT_NE(cookie(ask(Method::kPost, "/api/v1/session", body)).find("; Secure"), std::string::npos);
}

TEST_F(Routes, WhoGuessesIsToldHowLongToWait) {
  room_.owner();
  const std::string body = R"({"email":"owner@example.com","password":"battery staple"})";
  Response last;
  for (int i = 0; i < 7; ++i) last = ask(Method::kPost, "/api/v1/session", body);
  EXPECT_EQ(last.status, 429);
  EXPECT_EQ(code(last), "too_many_attempts");
  EXPECT_EQ(last.headers.find("Retry-After"), "1");
  EXPECT_EQ(cookie(last), "");
}

TEST_F(Routes, PeopleAreInvitedChangedAndRemoved) {
  come_in(room_.owner());
  const auto made = ask(Method::kPost, "/api/v1/users", R"({"email":"e@example.com","name":"E","role":"editor"})");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string link = json(made).at("link").as_string().c_str();
  EXPECT_TRUE(link.starts_with("http://127.0.0.1:8080/welcome#")) << link;
  const std::string id = json(made).at("user").at("id").as_string().c_str();
  EXPECT_EQ(json(made).at("user").at("state"), "invited");
  EXPECT_EQ(
      json(ask(Method::kPost, "/api/v1/users", R"({"email":"f@example.com","role":"king"})")).at("error").at("field"),
      "role");
  EXPECT_EQ(json(ask(Method::kPost, "/api/v1/users", R"({"role":"viewer"})")).at("error").at("field"), "email");
  EXPECT_EQ(json(ask(Method::kGet, "/api/v1/users")).at("rows").as_array().size(), 2U);
  EXPECT_EQ(json(ask(Method::kPatch, "/api/v1/users/" + id, R"({"role":"viewer"})")).at("role"), "viewer");
  EXPECT_EQ(json(ask(Method::kPatch, "/api/v1/users/" + id, R"({"name":"F"})")).at("role"), "viewer");
  for (const char* nobody : {"77", "-1", "x", "9999999999999999999999"}) {
    EXPECT_EQ(code(ask(Method::kDelete, std::string("/api/v1/users/") + nobody)), "not_found") << nobody;
  }
  EXPECT_EQ(code(ask(Method::kDelete, "/api/v1/users/1")), "last_owner");
  EXPECT_EQ(ask(Method::kDelete, "/api/v1/users/" + id).status, 204);
  EXPECT_EQ(json(ask(Method::kGet, "/api/v1/users")).at("rows").as_array().size(), 1U);
}

TEST_F(Routes, ATokenIsShownOnceAndHasNoPassword) {
  come_in(room_.owner());
  const auto made =
      ask(Method::kPost, "/api/v1/tokens", R"({"name":"till","scope":"admin","expires_at":"2025-12-31"})");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string secret = json(made).at("token").as_string().c_str();
  EXPECT_EQ(json(made).at("row").at("expires_at"), "2026-01-01T00:00:00Z");
  const auto list = ask(Method::kGet, "/api/v1/tokens");
  EXPECT_EQ(list.body.find(secret.substr(4)), std::string::npos);
  session_.clear();
  csrf_.clear();
  token_ = secret;
  EXPECT_EQ(ask(Method::kGet, "/api/v1/tokens").status, 200) << "no CSRF for a token";
  EXPECT_EQ(code(ask(Method::kGet, "/api/v1/session")), "not_signed_in");
  EXPECT_EQ(code(ask(Method::kPost, "/api/v1/session/password", R"({"current":"a","password":"b"})")), "needs_session");
  EXPECT_EQ(ask(Method::kDelete, "/api/v1/tokens/1").status, 204) << "its own";
  EXPECT_EQ(code(ask(Method::kGet, "/api/v1/tokens")), "not_signed_in");
}

// In pages of any size all rows are there once, in the order of the whole list; one that comes or goes meanwhile
// neither repeats nor hides another.
TEST_F(Routes, UsersAndTokensComeInPages) {
  come_in(room_.owner());
  for (int i = 0; i < 6; ++i) {
    const std::string n = std::to_string(i);
    ASSERT_EQ(ask(Method::kPost, "/api/v1/users", R"({"email":"u)" + n + R"(@example.com","role":"viewer"})").status,
              201);
    ASSERT_EQ(ask(Method::kPost, "/api/v1/tokens", R"({"name":"t)" + n + R"(","scope":"read"})").status, 201);
  }
  for (const char* list : {"/api/v1/users", "/api/v1/tokens"}) {
    const auto whole = json(ask(Method::kGet, list));
    EXPECT_TRUE(whole.at("next").is_null());
    EXPECT_GE(whole.at("rows").as_array().size(), 6U);
    for (const char* limit : {"1", "2", "3", "1000"}) {
      boost::json::array told;
      std::string cursor;
      for (int pages = 0; pages < 10; ++pages) {
        http::Parameters query{{"limit", limit}};
        if (!cursor.empty()) query.emplace_back("cursor", cursor);
        const auto page = json(ask(Method::kGet, list, {}, query));
        EXPECT_LE(page.at("rows").as_array().size(), std::stoul(limit));
        for (const auto& row : page.at("rows").as_array()) told.push_back(row);
        if (page.at("next").is_null()) break;
        cursor = page.at("next").as_string();
      }
      EXPECT_EQ(told, whole.at("rows").as_array()) << list << " in pages of " << limit;
    }
    for (const auto& [name, value] : {std::pair("cursor", "x"),
                                      {"cursor", "c"},
                                      {"cursor", "c2d31"},
                                      {"limit", "0"},
                                      {"limit", "1001"},
                                      {"limit", "many"}}) {
      const auto refused = ask(Method::kGet, list, {}, {{name, value}});
      // "c" is what stands before the first key: the beginning.
      if (std::string_view(value) == "c") {
        EXPECT_EQ(refused.status, 200);
        continue;
      }
      EXPECT_EQ(refused.status, 400) << value;
      EXPECT_EQ(json(refused).at("error").at("field"), name) << value;
    }
  }
  // The last row of a page is removed, and another comes: the next page goes on behind where it was.
  const auto page = json(ask(Method::kGet, "/api/v1/users", {}, {{"limit", "3"}}));
  const std::string last = page.at("rows").at(2).at("id").as_string().c_str();
  ASSERT_EQ(ask(Method::kDelete, "/api/v1/users/" + last).status, 204);
  ASSERT_EQ(ask(Method::kPost, "/api/v1/users", R"({"email":"late@example.com","role":"viewer"})").status, 201);
  const auto rest = json(ask(Method::kGet, "/api/v1/users", {}, {{"cursor", page.at("next").as_string().c_str()}}));
  ASSERT_EQ(rest.at("rows").as_array().size(), 5U);
  EXPECT_EQ(rest.at("rows").at(0).at("id").as_string().c_str(), std::to_string(std::stoi(last) + 1));
  EXPECT_EQ(rest.at("rows").at(4).at("email"), "late@example.com");
}

TEST_F(Routes, TheLogComesInPages) {
  come_in(room_.owner());
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(room_.access->record({kCommandLine, "a" + std::to_string(i), "", {}, ""}));
  std::vector<std::string> told;
  http::Parameters query{{"limit", "3"}};
  for (;;) {
    const auto page = json(ask(Method::kGet, "/api/v1/audit", {}, query));
    for (const auto& row : page.at("rows").as_array()) told.emplace_back(row.at("action").as_string().c_str());
    if (page.at("next").is_null()) break;
    query = {{"limit", "3"}, {"cursor", page.at("next").as_string().c_str()}};
  }
  EXPECT_EQ(told, (std::vector<std::string>{"a4", "a3", "a2", "a1", "a0", "owner_made", "link_made"}));
  // All of it as a file; what a spreadsheet would run is disarmed.
  ASSERT_TRUE(room_.access->record({{Doer::Kind::kUser, 7}, "=cmd()", "user", 8, R"({"role":"editor"})"}));
  const auto file = ask(Method::kGet, "/api/v1/audit", {}, {{"format", "csv"}});
  EXPECT_EQ(file.content_type, "text/csv; charset=utf-8");
  EXPECT_EQ(file.headers.find("Cache-Control"), "no-store");
  EXPECT_EQ(file.headers.find("Content-Disposition"), "attachment; filename=\"behoud-audit.csv\"");
  EXPECT_EQ(std::ranges::count(file.body, '\n'), 9) << file.body;
  EXPECT_TRUE(file.body.starts_with("at,actor,actor_id,action,subject,subject_id,detail,times\n")) << file.body;
  const std::string line = R"x(Z,user,7,"'=cmd()",user,8,"{""role"":""editor""}",1)x";
  EXPECT_NE(file.body.find(line + "\n"), std::string::npos) << file.body;
  EXPECT_NE(file.body.find("Z,command,,a0,,,,1\n"), std::string::npos) << file.body;
  const auto newest = ask(Method::kGet, "/api/v1/audit", {}, {{"format", "csv"}, {"limit", "2"}});
  EXPECT_EQ(std::ranges::count(newest.body, '\n'), 3) << newest.body;
  EXPECT_EQ(json(ask(Method::kGet, "/api/v1/audit", {}, {{"format", "pdf"}})).at("error").at("field"), "format");
  for (const char* bad : {"", "a", "ax", "7", "a-1"}) {
    EXPECT_EQ(json(ask(Method::kGet, "/api/v1/audit", {}, {{"cursor", bad}})).at("error").at("field"), "cursor");
  }
  for (const char* bad : {"0", "1001", "x"}) {
    EXPECT_EQ(json(ask(Method::kGet, "/api/v1/audit", {}, {{"limit", bad}})).at("error").at("field"), "limit");
  }
}

}  // namespace
}  // namespace behoud::access
