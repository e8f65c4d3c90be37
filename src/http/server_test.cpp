#include "http/server.h"

#include <atomic>
#include <future>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "http/testing/raw_client.h"

namespace behoud::http {
namespace {

using namespace std::chrono_literals;
using testing::RawClient;

// A server on a free port with a few routes, whose slow one waits until it is let go.
class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.port = 0;
    options_.unix_seconds = [] { return std::int64_t{784111777}; };
    router_.add(Method::kGet, "/quick", [](const Request&) { return text("quick"); }, {0, true});
    router_.add(Method::kGet, "/echo/{word}", [](const Request& r) { return text(std::string{r.capture("word")}); });
    router_.add(Method::kPost, "/length", [](const Request& r) { return text(std::to_string(r.body.size())); },
                {300'000, false});
    router_.add(Method::kGet, "/big", [](const Request&) {
      // More than the two sockets' buffers hold, and of a type that is not compressed.
      return Response{200, "application/octet-stream", std::string(64'000'000, 'x'), {}};
    });
    router_.add(Method::kGet, "/slow", [this](const Request&) {
      slow_began_.set_value();
      slow_may_end_.get_future().wait();
      return text("slow");
    });
    router_.add(Method::kGet, "/throws", [](const Request&) -> Response { throw std::runtime_error("no"); });
  }
  static Response text(std::string body) { return {200, "text/plain", std::move(body), {}}; }

  std::uint16_t start() {
    auto server = Server::listen(options_, router_);
    EXPECT_TRUE(server) << server.error().message;
    server_ = std::move(*server);
    server_->start();
    return server_->port();
  }

  ServerOptions options_;
  Router router_;
  std::promise<void> slow_began_, slow_may_end_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, AsksTheGuardBeforeEveryHandlerAndGivesTheHandlerWhoItIs) {
  router_.add(Method::kGet, "/me", [](const Request& r) { return text(r.actor.user + "@" + r.client); },
              {.right = Right::kRead});
  options_.guard = [](Request& request, const Route& route) -> std::optional<Response> {
    if (route.policy.right == Right::kAdmin) return Response{403, "text/plain", "no", {}};
    request.actor = {"u1", Role::kViewer, Credential::kSession, "s1"};
    return std::nullopt;
  };
  RawClient client{start()};
  EXPECT_EQ(client.get("/me")->body, "u1@127.0.0.1");
  EXPECT_EQ(client.get("/quick")->status, 403) << "a route that does not say what it needs is closed";
  EXPECT_EQ(client.get("/nothing")->status, 404);
}

TEST_F(ServerTest, AnswersAndKeepsTheConnection) {
  RawClient client{start()};
  const auto first = client.get("/quick");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->status, 200);
  EXPECT_EQ(first->body, "quick");
  EXPECT_EQ(first->field("Date"), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(client.get("/echo/caf%C3%A9")->body, "café") << "the same connection";
  EXPECT_EQ(client.get("/nothing")->status, 404);
  EXPECT_EQ(client.get("/throws")->status, 500);
  EXPECT_EQ(client.get("/quick")->status, 200) << "an error does not end it";
}

TEST_F(ServerTest, TellsItsOwnerWhatThrewAndTheReaderNothingOfIt) {
  std::string told;
  options_.on_thrown = [&](std::string_view pattern, const std::exception& thrown) {
    told = std::string{pattern} + ": " + thrown.what();
  };
  RawClient client{start()};
  const auto response = client.get("/throws");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 500);
  EXPECT_NE(response->body.find("\"internal\""), std::string::npos);
  EXPECT_EQ(told, "/throws: no");
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  RawClient client{start()};
  std::string all;
  for (int i = 0; i < 200; ++i) {
    // Every other one goes through a worker, and must not overtake or be overtaken.
    all += "GET " + (i % 2 == 0 ? "/quick" : "/echo/" + std::to_string(i)) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }
  ASSERT_TRUE(client.send(all));
  for (int i = 0; i < 200; ++i) {
    const auto response = client.receive();
    ASSERT_TRUE(response) << i;
    EXPECT_EQ(response->body, i % 2 == 0 ? "quick" : std::to_string(i));
  }
}

TEST_F(ServerTest, HeadHasGetsHeadAndNoBody) {
  RawClient client{start()};
  const auto get = client.get("/quick");
  client.send("HEAD /quick HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto head = client.receive(true);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->head, get->head);
  EXPECT_EQ(client.get("/quick")->body, "quick") << "nothing of a body was sent in between";
}

TEST_F(ServerTest, OptionsAndWrongMethodsNameWhatIsAllowed) {
  RawClient client{start()};
  client.send("OPTIONS /quick HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto options = client.receive();
  EXPECT_EQ(options->status, 204);
  EXPECT_EQ(options->field("Allow"), "GET, HEAD, OPTIONS");
  client.send("DELETE /quick HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto wrong = client.receive();
  EXPECT_EQ(wrong->status, 405);
  EXPECT_EQ(wrong->field("Allow"), "GET, HEAD, OPTIONS");
}

TEST_F(ServerTest, TakesBodiesUpToTheRoutesBound) {
  const auto port = start();
  RawClient client{port};
  const std::string body(300'000, 'b');
  client.send("POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000\r\n\r\n" + body);
  EXPECT_EQ(client.receive()->body, "300000");
  client.send("POST /length HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
  EXPECT_EQ(client.receive()->body, "5");
  client.send("POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300001\r\n\r\n" + body);
  const auto refused = client.receive();
  ASSERT_TRUE(refused) << "the answer arrives although the body is still on its way";
  EXPECT_EQ(refused->status, 413);
  EXPECT_EQ(refused->field("Connection"), "close");
  EXPECT_TRUE(client.closed());
  RawClient other{port};
  other.send("GET /quick HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx");
  EXPECT_EQ(other.receive()->status, 413) << "a route takes no body unless it says so";
}

TEST_F(ServerTest, SaysContinueToThoseWhoWait) {
  RawClient client{start()};
  client.send("POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 100);
  client.send("hello");
  EXPECT_EQ(client.receive()->body, "5");
  client.send("POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 413) << "without waiting for the body";
}

TEST_F(ServerTest, ExpectationsAreOfHttp11Alone) {
  const auto port = start();
  RawClient old{port};
  old.send("POST /length HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello");
  const auto answer = old.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200) << "no 100 before it, which HTTP/1.0 does not know";
  EXPECT_EQ(answer->body, "5");
  RawClient other{port};
  other.send("POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: tea\r\n\r\nhello");
  EXPECT_EQ(other.receive()->status, 417);
}

// What is refused before its handler is told by its own method: to who counts, and to a HEAD, which gets no body.
TEST_F(ServerTest, WhatIsRefusedKeepsItsMethod) {
  std::vector<std::pair<Method, int>> served;
  options_.on_served = [&](const Served& s) { served.emplace_back(s.method, s.status); };
  options_.guard = [](Request&, const Route&) { return std::optional(Response{401, "text/plain", "no", {}}); };
  const auto port = start();
  const struct {
    std::string head;
    Method method;
    int status;
  } cases[] = {{"HEAD /quick HTTP/1.1\r\nHost: elsewhere\r\n", Method::kHead, 421},
               {"HEAD /quick HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n", Method::kHead, 413},
               {"HEAD /quick HTTP/1.1\r\n", Method::kHead, 400},
               {"HEAD /a/../quick HTTP/1.1\r\nHost: localhost\r\n", Method::kHead, 400},
               {"DELETE /quick HTTP/1.1\r\nHost: elsewhere\r\n", Method::kDelete, 421},
               {"POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n", Method::kPost, 401},
               {"POST /length HTTP/1.1\r\nHost: localhost\r\nOrigin: http://elsewhere\r\n", Method::kPost, 403}};
  for (const auto& c : cases) {
    RawClient client{port};
    ASSERT_TRUE(client.send(c.head + "\r\n"));
    client.half_close();
    const std::string answer = client.receive_all();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + std::to_string(c.status))) << c.head << answer;
    const std::string body = answer.substr(std::min(answer.find("\r\n\r\n") + 4, answer.size()));
    EXPECT_EQ(body.empty(), c.method == Method::kHead) << c.head << answer;
  }
  server_->stop();
  ASSERT_EQ(served.size(), std::size(cases));
  for (std::size_t i = 0; i < served.size(); ++i) {
    EXPECT_EQ(served[i], std::pair(cases[i].method, cases[i].status)) << cases[i].head;
  }
}

TEST_F(ServerTest, AnswersAfterTheClientHasHalfClosed) {
  RawClient client{start()};
  client.send("GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n");
  client.half_close();
  EXPECT_EQ(client.receive()->body, "quick");
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, EndsQuietlyWhenTheClientGoesInTheMiddle) {
  const auto port = start();
  for (const std::string_view part : {"G", "GET /quick HTTP/1.1\r\nHost: loc",
                                      "POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhe"}) {
    RawClient client{port};
    client.send(part);
    client.half_close();
    EXPECT_TRUE(client.closed()) << part;
  }
  EXPECT_EQ(RawClient{port}.get("/quick")->status, 200);
}

TEST_F(ServerTest, RefusesSmugglingAndClosesSoThatNothingBehindItIsRead) {
  RawClient client{start()};
  client.send(
      "POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
      "0\r\n\r\nGET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 400);
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, AnswersOnlyToItsOwnNames) {
  const auto port = start();
  for (const std::string host : {"localhost", "LOCALHOST:1234", "127.0.0.1", "127.0.0.1:80", "[::1]", "[::1]:99"}) {
    RawClient client{port};
    client.send("GET /quick HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    EXPECT_EQ(client.receive()->status, 200) << host;
  }
  for (const std::string host : {"evil.example", "localhost.evil.example", "evil.example:80", "127.0.0.1.evil.example",
                                 "localhost:80@evil.example", "localhost:x", "[::1", "", "[::1]evil"}) {
    RawClient client{port};
    client.send("GET /quick HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    EXPECT_EQ(client.receive()->status, 421) << host;
  }
}

TEST_F(ServerTest, RefusesAChangeFromAnotherSitesPage) {
  const auto port = start();
  const struct {
    std::string field;
    int status;
  } cases[] = {{"Origin: http://evil.example\r\n", 403},
               {"Origin: null\r\n", 403},
               {"Sec-Fetch-Site: cross-site\r\n", 403},
               {"Sec-Fetch-Site: same-site\r\n", 403},
               {"Sec-Fetch-Site: same-origin\r\n", 200},
               {"Origin: http://localhost\r\n", 200},
               {"", 200}};
  for (const auto& c : cases) {
    RawClient client{port};
    client.send("POST /length HTTP/1.1\r\nHost: localhost\r\n" + c.field + "Content-Length: 2\r\n\r\nhi");
    EXPECT_EQ(client.receive()->status, c.status) << c.field;
  }
  EXPECT_EQ(RawClient{port}.get("/quick", "Origin: http://evil.example\r\n")->status, 200) << "reading is safe";
}

TEST_F(ServerTest, ClosesOnThoseWhoAreSlow) {
  options_.head_timeout = options_.body_timeout = options_.idle_timeout = 60ms;
  const auto port = start();
  RawClient idle{port};
  RawClient head{port};
  RawClient body{port};
  RawClient second{port};
  head.send("GET /quick HTT");
  body.send("POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nab");
  EXPECT_EQ(second.get("/quick")->status, 200);
  EXPECT_TRUE(idle.closed());
  EXPECT_TRUE(head.closed());
  EXPECT_TRUE(body.closed());
  EXPECT_TRUE(second.closed());
}

TEST_F(ServerTest, ADripOfBytesDoesNotKeepAHeadAlive) {
  options_.head_timeout = 200ms;
  RawClient client{start()};
  // A byte now and then: each comes in time, the head does not. The peer's end is seen by send() or by closed().
  std::string_view rest =
      "GET /quick HTTP/1.1\r\nHost: localhost\r\nX: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy";
  const auto until = std::chrono::steady_clock::now() + 5s;
  while (std::chrono::steady_clock::now() < until && !rest.empty()) {
    if (!client.send(rest.substr(0, 1))) break;
    rest.remove_prefix(1);
    std::promise<void> never;
    never.get_future().wait_for(20ms);  // the drip itself
  }
  EXPECT_TRUE(client.closed());
  EXPECT_LT(std::chrono::steady_clock::now(), until);
}

TEST_F(ServerTest, GivesUpOnAReaderThatTakesNothing) {
  options_.body_timeout = 60ms;
  std::promise<void> given_up;
  options_.on_served = [&](const Served&) { given_up.set_value(); };
  RawClient client{start()};
  client.send("GET /big HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ASSERT_EQ(given_up.get_future().wait_for(10s), std::future_status::ready);
  EXPECT_FALSE(client.receive()) << "the rest of 64 MB never came";
}

TEST_F(ServerTest, RefusesConnectionsBeyondItsBoundAndTakesThemAgainWhenOneHasLeft) {
  options_.connections_max = 2;
  const auto port = start();
  auto one = std::make_unique<RawClient>(port);
  EXPECT_EQ(one->get("/quick")->status, 200);
  RawClient two{port};
  EXPECT_EQ(two.get("/quick")->status, 200);
  RawClient three{port};
  const auto refused = three.receive();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503);
  EXPECT_EQ(refused->field("Retry-After"), "5");
  one.reset();
  // The server hears of it in its own time.
  for (int i = 0; i < 1000; ++i) {
    RawClient again{port};
    if (const auto response = again.get("/quick"); response && response->status == 200) return;
    std::this_thread::yield();
  }
  FAIL() << "the place of a connection that left was never given again";
}

TEST_F(ServerTest, DrainsRequestsUnderWayAndClosesIdleConnections) {
  const auto port = start();
  RawClient idle{port};
  EXPECT_EQ(idle.get("/quick")->status, 200);
  RawClient busy{port};
  busy.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
  slow_began_.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { server_->stop(); });
  EXPECT_TRUE(idle.closed()) << "closed at once";
  EXPECT_FALSE(RawClient{port}.connected()) << "nobody new";
  slow_may_end_.set_value();
  const auto response = busy.receive();
  ASSERT_TRUE(response) << "what was under way is answered";
  EXPECT_EQ(response->body, "slow");
  EXPECT_EQ(response->field("Connection"), "close");
  stopped.wait();
}

TEST_F(ServerTest, DrainingEndsInTimeEvenForThoseWhoNeverFinish) {
  options_.drain_timeout = 50ms;
  const auto port = start();
  RawClient client{port};
  EXPECT_EQ(client.get("/quick")->status, 200);
  client.send("POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 100) << "the server now waits for a body";
  server_->stop();
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, ATakenPortIsNamedWithTheWayOut) {
  options_.port = start();
  const auto second = Server::listen(options_, router_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::kUnavailable);
  EXPECT_EQ(second.error().message, "127.0.0.1:" + std::to_string(options_.port) + " is taken by another program");
  EXPECT_NE(second.error().hint.find("--port"), std::string::npos);
}

TEST_F(ServerTest, AnAddressThatIsNoneIsAnError) {
  options_.address = "localhost";
  const auto server = Server::listen(options_, router_);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, Errc::kInvalidArgument);
}

TEST_F(ServerTest, IsStoppedWithoutHavingBeenStarted) {
  auto server = Server::listen(options_, router_);
  ASSERT_TRUE(server);
  (*server)->stop();
  (*server)->stop();
}

TEST_F(ServerTest, CountsWhatItServedByPatternAndNotByTarget) {
  std::promise<Served> served;
  options_.on_served = [&](const Served& s) { served.set_value(s); };
  RawClient client{start()};
  EXPECT_EQ(client.get("/echo/jan@example.com")->status, 200);
  const Served s = served.get_future().get();
  EXPECT_EQ(s.pattern, "/echo/{word}");
  EXPECT_EQ(s.status, 200);
  EXPECT_EQ(s.bytes, std::string_view{"jan@example.com"}.size());
}

TEST_F(ServerTest, ServesManyConnectionsAtOnce) {
  const auto port = start();
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 300; ++i) clients.push_back(std::make_unique<RawClient>(port));
  for (int round = 0; round < 3; ++round) {
    for (std::size_t i = 0; i < clients.size(); ++i) {
      clients[i]->send("GET /echo/" + std::to_string(i) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    for (std::size_t i = 0; i < clients.size(); ++i) EXPECT_EQ(clients[i]->receive()->body, std::to_string(i));
  }
}

}  // namespace
}  // namespace behoud::http
