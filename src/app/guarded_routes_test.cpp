// Every route of the real server, asked by everybody who should not get in and by everybody who should: nothing is open
// that was not meant to be.

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "access/guard.h"
#include "access/roles.h"
#include "app/routes.h"
#include "app/testing/fake_console.h"
#include "app/testing/process.h"
#include "app/testing/running_server.h"
#include "http/testing/raw_client.h"

namespace behoud::app::testing {
namespace {

using access::Access;
using access::Role;
using http::Credential;
using http::Right;
using http::Route;

// What is open to whoever asks, in full: a route that is not here needs somebody.
const std::set<std::string> kPublic{"GET /health", "GET /api/v1/session", "POST /api/v1/session",
                                    "POST /api/v1/session/link", "POST /api/v1/session/link/check"};

struct Sender {
  std::string name;
  Role role = Role::kNobody;  // kNobody: the guard must not take it for anybody
  http::Headers headers;
  bool csrf_wrong = false;
};

class GuardedRoutes : public ::testing::Test {
 protected:
  void SetUp() override {
    world_ = fake_.world();
    auto opened = ServedShops::open(folder_ / "own", std::nullopt, world_);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    shops_ = std::move(*opened);
    access_ = std::make_unique<Access>(
        shops_->home().ledger, access::AccessEnvironment{[this] { return fake_.now; }, [] { return std::int64_t{0}; },
                                                         world_.entropy, access::kCheapPassword});
    intake_ = Intake::open(*shops_, world_, {}).value();
    add_all_routes(router_, *shops_, *intake_, *access_, {[] { return std::string("http://localhost"); }, world_.now});
    guard_ = access::make_guard(*access_);
  }

  access::Access::SignedIn join(Role role) {
    const std::string email = std::string(access::role_word(role)) + "@example.com";
    std::string link;
    if (role == Role::kOwner) {
      link = access_->make_owner_link(access::kCommandLine).value();
    } else {
      link = access_->invite(access::kCommandLine, email, "", role).value().link;
    }
    return access_->claim(link, {email, "", "correct horse"}, "127.0.0.1", {}).value();
  }
  static http::Headers with_cookie(const std::string& secret) {
    http::Headers headers;
    headers.add("Cookie", "theme=dark; behoud_session=" + secret);
    return headers;
  }
  static http::Headers with_session(const std::string& secret) {
    http::Headers headers = with_cookie(secret);
    headers.add("X-Behoud-CSRF", Access::csrf_of(secret));
    return headers;
  }
  static http::Headers with_bearer(const std::string& text) {
    http::Headers headers;
    headers.add("Authorization", "Bearer " + text);
    return headers;
  }

  void expect_refused(const std::optional<http::Response>& response, int status, const char* code,
                      const std::string& what) {
    ASSERT_TRUE(response.has_value()) << what << " was let through";
    EXPECT_EQ(response->status, status) << what;
    const auto error = boost::json::parse(response->body).as_object().at("error").as_object();
    EXPECT_EQ(error.at("code"), code) << what;
    EXPECT_FALSE(error.at("message").as_string().empty()) << what;
    EXPECT_TRUE(error.contains("field") && error.contains("hint")) << what;
    EXPECT_EQ(response->headers.find("Cache-Control"), "no-store") << what;
  }

  void ask_all(const Sender& sender) {
    std::vector<const Route*> all;
    for (const Route& route : router_.routes()) all.push_back(&route);
    if (router_.fallback()) all.push_back(&*router_.fallback());
    for (const Route* route : all) {
      const std::string what = sender.name + ": " + std::string(http::name(route->method)) + " " + route->pattern;
      http::Request request;
      request.method = route->method;
      request.headers = sender.headers;
      request.query = query_;
      const auto refused = guard_(request, *route);
      const bool change = !http::is_safe(route->method);
      if (route->policy.right == Right::kPublic) {
        EXPECT_FALSE(refused.has_value()) << what;
      } else if (sender.role == Role::kNobody) {
        expect_refused(refused, 401, "not_signed_in", what);
      } else if (sender.csrf_wrong && change) {
        expect_refused(refused, 403, "wrong_csrf", what);
      } else if (!access::allows(sender.role, route->policy.right)) {
        expect_refused(refused, 403, "not_allowed", what);
      } else {
        EXPECT_FALSE(refused.has_value()) << what;
        EXPECT_EQ(request.actor.role, sender.role) << what;
      }
    }
  }

  TemporaryFolder folder_;
  FakeWorld fake_;
  World world_;
  std::unique_ptr<ServedShops> shops_;
  std::unique_ptr<Access> access_;
  std::unique_ptr<Intake> intake_;
  http::Router router_;
  http::Guard guard_;
  http::Parameters query_;
};

TEST_F(GuardedRoutes, OnlySignInAndHealthAreOpen) {
  std::set<std::string> open;
  for (const Route& route : router_.routes()) {
    if (route.policy.right == Right::kPublic) open.insert(std::string(http::name(route.method)) + " " + route.pattern);
  }
  EXPECT_EQ(open, kPublic);
  EXPECT_EQ(http::RoutePolicy{}.right, Right::kAdmin) << "a route that forgets to say is the owner's alone";
}

TEST_F(GuardedRoutes, EverybodyIsHeldToTheirRight) {
  const auto owner = join(Role::kOwner), editor = join(Role::kEditor), viewer = join(Role::kViewer);
  const auto token = [&](Role scope, std::optional<calendar::Instant> expires = {}) {
    return access_->make_token(access::kCommandLine, "t", scope, expires).value();
  };
  const std::string read = token(Role::kViewer).secret, write = token(Role::kEditor).secret,
                    admin = token(Role::kOwner).secret;
  const std::string soon = token(Role::kOwner, calendar::Instant{fake_.now.ms + 1000}).secret;
  const auto revoked = token(Role::kOwner);
  ASSERT_TRUE(access_->revoke_token(access::kCommandLine, revoked.token.id).has_value());
  fake_.now.ms += 1000;

  http::Headers twice = with_bearer(read);
  twice.add("Authorization", "Bearer " + admin);
  http::Headers two_cookies = with_session(owner.session);
  two_cookies.add("Cookie", "behoud_session=" + viewer.session);
  http::Headers both = with_session(owner.session);
  both.add("Authorization", "Bearer bhd_" + std::string(43, 'A'));
  http::Headers basic;
  basic.add("Authorization", "Basic " + admin);
  http::Headers other_header;
  other_header.add("X-Api-Key", admin);
  http::Headers two_csrf = with_session(owner.session);
  two_csrf.add("X-Behoud-CSRF", "x");
  http::Headers stolen_csrf = with_cookie(owner.session);
  stolen_csrf.add("X-Behoud-CSRF", Access::csrf_of(viewer.session));

  const std::vector<Sender> senders{
      {"nobody", Role::kNobody, {}},
      {"the owner's session", Role::kOwner, with_session(owner.session)},
      {"an editor's session", Role::kEditor, with_session(editor.session)},
      {"a viewer's session", Role::kViewer, with_session(viewer.session)},
      {"a session without CSRF", Role::kOwner, with_cookie(owner.session), true},
      {"a session with another's CSRF", Role::kOwner, stolen_csrf, true},
      {"a session with two CSRF", Role::kOwner, two_csrf, true},
      {"a read token", Role::kViewer, with_bearer(read)},
      {"a write token", Role::kEditor, with_bearer(write)},
      {"an admin token", Role::kOwner, with_bearer(admin)},
      {"an expired token", Role::kNobody, with_bearer(soon)},
      {"a revoked token", Role::kNobody, with_bearer(revoked.secret)},
      {"a token nobody made", Role::kNobody, with_bearer("bhd_" + std::string(43, 'A'))},
      {"a token as a cookie", Role::kNobody, with_cookie(admin)},
      {"a token without its prefix", Role::kNobody, with_bearer(admin.substr(4))},
      {"a token as Basic", Role::kNobody, basic},
      {"a token in another header", Role::kNobody, other_header},
      {"a session as Bearer", Role::kNobody, with_bearer(owner.session)},
      {"two tokens", Role::kNobody, twice},
      {"two sessions", Role::kNobody, two_cookies},
      {"a session beside a bad token", Role::kNobody, both},
  };
  for (const Sender& sender : senders) ask_all(sender);

  // A token in the address is in logs and histories: it opens nothing.
  query_ = {{"token", admin}, {"access_token", admin}, {"behoud_session", owner.session}};
  ask_all({"a token in the address", Role::kNobody, {}});
}

TEST_F(GuardedRoutes, ARouteWithoutAPolicyIsTheOwnersAlone) {
  const auto owner = join(Role::kOwner), editor = join(Role::kEditor);
  http::Router forgotten;
  forgotten.add(http::Method::kGet, "/forgotten", [](const http::Request&) { return http::Response{}; });
  const Route& route = forgotten.routes().front();
  http::Request request;
  expect_refused(guard_(request, route), 401, "not_signed_in", "nobody");
  request.headers = with_session(editor.session);
  expect_refused(guard_(request, route), 403, "not_allowed", "editor");
  request.headers = with_session(owner.session);
  EXPECT_FALSE(guard_(request, route).has_value());
  EXPECT_EQ(request.actor.user, std::to_string(owner.user.id));
  EXPECT_EQ(request.actor.credential, Credential::kSession);
}

// The server itself asks the guard: the same over a socket, and what only the server sees.
TEST(GuardedServer, LetsNobodyInAndSaysHowToBegin) {
  const TemporaryFolder folder;
  // A dashboard of its own: whether this checkout's has been built is not to matter here.
  const std::string web = folder / "web";
  std::filesystem::create_directory(web);
  std::ofstream(web + "/index.html") << "<!doctype html><title>dashboard</title>";
  RunningServer server({"--data", folder / "own", "--web", web});
  ASSERT_TRUE(server.ok());
  http::testing::RawClient client(server.port());
  EXPECT_EQ(client.get("/health")->status, 200);
  EXPECT_EQ(client.get("/")->status, 200) << "the sign-in page is part of the dashboard";
  for (const char* path : {"/report", "/api/v1/shops", "/api/v1/users", "/api/openapi.yaml", "/api/v1/audit"}) {
    const auto answer = client.get(path);
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, 401) << path;
    EXPECT_EQ(answer->field("WWW-Authenticate"), "Bearer realm=\"behoud\"");
  }
  SignedInClient signed_in(server);
  EXPECT_EQ(signed_in.get("/api/v1/users")->status, 200);

  // A page of another site cannot sign anybody in or out.
  const std::string body = R"({"email":"a@example.com","password":"correct horse"})";
  ASSERT_TRUE(
      client.send("POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nOrigin: http://elsewhere.example\r\n"
                  "Content-Type: application/json\r\nContent-Length: " +
                  std::to_string(body.size()) + "\r\n\r\n" + body));
  const auto cross = client.receive();
  ASSERT_TRUE(cross.has_value());
  EXPECT_EQ(cross->status, 403) << cross->body;

  const Ended end = server.stop();
  const std::string mark = "http://127.0.0.1:" + std::to_string(server.port()) + "/welcome#";
  EXPECT_NE(end.err.find(mark), std::string::npos) << end.err;
}

}  // namespace
}  // namespace behoud::app::testing
