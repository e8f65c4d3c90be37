// A server as an operator runs it: over TLS, behind a proxy, watched and logged.

#include <boost/json.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

#include "app/testing/process.h"
#include "app/testing/running_server.h"
#include "http/testing/certificate.h"
#include "http/testing/raw_client.h"
#include "http/testing/tls_client.h"

namespace behoud::app::testing {
namespace {

using http::testing::RawClient;
using http::testing::TlsClient;

class ServeNetwork : public ::testing::Test {
 protected:
  void SetUp() override { std::signal(SIGPIPE, SIG_IGN); }
  std::string data() const { return folder_ / "shop"; }
  std::string certificate() const { return folder_ / "certificate.pem"; }
  std::string key() const { return folder_ / "key.pem"; }

  TemporaryFolder folder_;
};

TEST_F(ServeNetwork, SpeaksTlsAndTakesANewCertificateWithoutARestart) {
  ASSERT_TRUE(http::testing::write_certificate("first.example", certificate(), key()));
  RunningServer server({"--data", data(), "--tls-cert", certificate(), "--tls-key", key()});
  ASSERT_TRUE(server.ok());
  TlsClient before(server.port());
  EXPECT_EQ(before.server_name(), "first.example");
  ASSERT_TRUE(http::testing::write_certificate("second.example", certificate(), key()));
  server.process().signal(SIGHUP);
  ASSERT_TRUE(server.process().wait_for("a new certificate is taken"));
  EXPECT_EQ(TlsClient(server.port()).server_name(), "second.example");
  std::ofstream(key()) << "no key";
  server.process().signal(SIGHUP);
  ASSERT_TRUE(server.process().wait_for("the one before stays"));
  EXPECT_EQ(TlsClient(server.port()).server_name(), "second.example");
  ASSERT_TRUE(http::testing::write_certificate("third.example", certificate(), key()));
  // Without a signal: the files are looked at every few seconds, and taken as soon as both fit each other.
  bool taken = false;
  for (int i = 0; i < 300 && !taken; ++i) {
    taken = TlsClient(server.port()).server_name() == "third.example";
    if (!taken) ::usleep(100'000);
  }
  EXPECT_TRUE(taken);
  EXPECT_TRUE(before.get("/health").starts_with("HTTP/1.1 ")) << "a connection goes on with what it began with";
  const Ended ended = server.stop();
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_NE(ended.out.find("https://127.0.0.1:"), std::string::npos);
}

TEST_F(ServeNetwork, SaysWhichOptionIsWrong) {
  ASSERT_TRUE(http::testing::write_certificate("a.example", certificate(), key()));
  const struct {
    std::vector<std::string> words;
    const char* names;
  } cases[] = {{{"--tls-cert", certificate()}, "tls-key"},
               {{"--tls-key", key()}, "tls-cert"},
               {{"--tls-cert", certificate(), "--tls-key", certificate()}, "certificate.pem"},
               {{"--tls-cert", folder_ / "gone.pem", "--tls-key", key()}, "gone.pem"},
               {{"--public-url", "shop.example"}, "public-url"},
               {{"--public-url", "https://shop.example/path"}, "public-url"},
               {{"--trusted-proxy", "10.0.0.1/8"}, "trusted-proxy"},
               {{"--address", "everywhere"}, "address"},
               {{"--log", "loud"}, "log"},
               {{"--web", folder_ / "nothing"}, "nothing"}};
  for (const auto& c : cases) {
    std::vector<std::string> words{"serve", "--data", data(), "--port", "0"};
    words.insert(words.end(), c.words.begin(), c.words.end());
    const Ended ended = run_behoud(words);
    EXPECT_NE(ended.exit_code, 0) << c.names;
    EXPECT_NE(ended.err.find(c.names), std::string::npos) << ended.err;
  }
}

TEST_F(ServeNetwork, FollowsThePublicUrlBehindAProxy) {
  RunningServer server({"--data", data(), "--public-url", "https://shop.example", "--trusted-proxy", "127.0.0.1"});
  ASSERT_TRUE(server.ok());
  const auto ask = [&](const std::string& host) {
    RawClient client(server.port());
    client.send("GET /health HTTP/1.1\r\nHost: " + host + "\r\nX-Forwarded-Proto: https\r\n\r\n");
    return client.receive();
  };
  const auto ours = ask("shop.example");
  ASSERT_TRUE(ours.has_value());
  EXPECT_NE(ours->status, 421);
  EXPECT_EQ(ours->field("Strict-Transport-Security"), "max-age=31536000");
  EXPECT_EQ(ask("evil.example")->status, 421);
  EXPECT_EQ(server.stop().out, "https://shop.example\n");
}

TEST_F(ServeNetwork, ListensBeyondThisMachineAfterAWarningAndAnswersToItsAddresses) {
  RunningServer server({"--data", data(), "--address", "0.0.0.0"});
  ASSERT_TRUE(server.ok());
  EXPECT_TRUE(server.process().wait_for("warning: 0.0.0.0 is reached from the network without TLS"));
  RawClient client(server.port());
  client.send("GET /health HTTP/1.1\r\nHost: 192.0.2.7\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 200);
  client.send("GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 421);
}

TEST_F(ServeNetwork, MetricsAreForThoseWhoMayRead) {
  RunningServer server({"--data", data()});
  ASSERT_TRUE(server.ok());
  EXPECT_EQ(RawClient(server.port()).get("/metrics")->status, 401);
  SignedInClient reader(server.port(), make_token(data(), "read"));
  EXPECT_EQ(reader.get("/metrics")->status, 200);
}

TEST_F(ServeNetwork, MetricsCountWhatWasServedAndSayHowTheShopIs) {
  RunningServer server({"--data", data(), "--metrics-open"});
  ASSERT_TRUE(server.ok());
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(client.get("/health").has_value());
  ASSERT_EQ(client.get("/api/v1/nothing")->status, 404);
  const auto metrics = client.get("/metrics");
  ASSERT_TRUE(metrics.has_value());
  EXPECT_EQ(metrics->status, 200);
  EXPECT_EQ(metrics->field("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_NE(metrics->body.find("route=\"/health\",status=\"200\"} 3\n"), std::string::npos) << metrics->body;
  for (const char* family :
       {"behoud_http_request_duration_seconds_bucket{route=\"/health\",le=\"", "behoud_shop_revision{shop=\"own\"} ",
        "behoud_shop_load_seconds{shop=\"own\"} ", "behoud_shop_loads_total{shop=\"own\",how=\"rebuilt\"} 1\n",
        "behoud_shop_up{shop=\"own\"} 1\n", "behoud_http_connections ", "process_resident_memory_bytes ",
        "behoud_info{version=\""}) {
    EXPECT_NE(metrics->body.find(family), std::string::npos) << family;
  }
  EXPECT_EQ(client.get("/metrics", "X-Forwarded-For: 192.0.2.7\r\n")->status, 401)
      << "through a proxy it is not from here";
  EXPECT_EQ(SignedInClient(server).get("/metrics", "X-Forwarded-For: 192.0.2.7\r\n")->status, 200)
      << "but with a token from anywhere";
}

TEST_F(ServeNetwork, LogsRequestsAsJsonByTheirRouteAndNothingOfAPerson) {
  RunningServer server({"--data", data(), "--log", "debug"});
  ASSERT_TRUE(server.ok());
  const std::vector<std::string> personal{"jan.jansen", "example.com", "0612345678", "Jansen", "s3cret", "203.0.113.9"};
  const std::string fields =
      "User-Agent: jan.jansen\r\nReferer: http://localhost/jan.jansen\r\nCookie: behoud_session=s3cret\r\n"
      "Authorization: Bearer s3cret\r\nX-Forwarded-For: 203.0.113.9\r\n";
  for (const char* target : {"/health", "/api/v1/customers?behind=buyers&q=jan.jansen@example.com",
                             "/api/v1/customers/jan.jansen%40example.com", "/report?lang=jan.jansen",
                             "/customers/0612345678", "/api/v1/retention?from=Jansen", "/jan.jansen@example.com.txt",
                             "/%zz/jan.jansen", "/api/v1/retention?Jansen=1"}) {
    RawClient client(server.port());
    client.get(target, fields);
  }
  for (const char* raw : {"GET /%zz/jan.jansen HTTP/1.1\r\nHost: localhost\r\n\r\n", "jan.jansen@example.com\r\n\r\n",
                          "GET / HTTP/1.1\r\nHost: jan.jansen.example.com\r\n\r\n",
                          "POST /jan.jansen HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\nJansen"}) {
    RawClient other(server.port());
    other.send(raw);
    other.receive();
  }
  const Ended ended = server.stop();
  std::istringstream lines(ended.err);
  int requests = 0;
  std::set<std::string> routes;
  for (std::string line; std::getline(lines, line);) {
    for (const std::string& word : personal) EXPECT_EQ(line.find(word), std::string::npos) << line;
    if (!line.starts_with('{')) continue;
    const auto row = boost::json::parse(line).as_object();
    if (row.at("event") != "request") continue;
    ++requests;
    routes.insert(std::string{row.at("route").as_string()});
    EXPECT_TRUE(row.at("status").is_int64());
    EXPECT_TRUE(row.at("us").is_int64());
  }
  EXPECT_GE(requests, 8) << ended.err;
  EXPECT_TRUE(routes.contains("/api/v1/customers"));
}

TEST_F(ServeNetwork, ServesTheDashboardWithTheReportBesideIt) {
  const std::string web = folder_ / "web";
  std::filesystem::create_directories(web + "/assets");
  std::ofstream(web + "/index.html") << "<!doctype html><title>dashboard</title>";
  std::ofstream(web + "/assets/index-AbCd1234.js") << "export {};";
  RunningServer server({"--data", data(), "--web", web});
  ASSERT_TRUE(server.ok());
  RawClient client(server.port());
  for (const char* path : {"/", "/retention?from=2024-01-01", "/welcome"}) {
    const auto page = client.get(path);
    ASSERT_TRUE(page.has_value());
    EXPECT_EQ(page->body, "<!doctype html><title>dashboard</title>") << path;
    EXPECT_NE(page->field("Content-Security-Policy").find("script-src 'self'"), std::string::npos);
  }
  EXPECT_EQ(client.get("/assets/index-AbCd1234.js")->field("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(client.get("/api/v1/nothing")->status, 404);
  EXPECT_EQ(client.get("/../shop/ledger")->status, 400);
}

TEST_F(ServeNetwork, WhatAKilledServerWasReceivingIsSweptAtTheNextStart) {
  const auto on_their_way = [this] {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(data())) {
      if (entry.path().filename().string().starts_with("behoud-spool-")) ++count;
    }
    return count;
  };
  {
    RunningServer server({"--data", data()});
    ASSERT_TRUE(server.ok());
    SignedInClient client(server);
    client.send("POST /api/v1/uploads?name=orders.csv HTTP/1.1\r\nHost: localhost\r\n" + client.authorization() +
                "Content-Type: text/csv\r\nContent-Length: 50000000\r\n\r\n" + std::string(4'000'000, 'x'));
    while (on_their_way() == 0) std::this_thread::yield();
    server.kill();
  }
  ASSERT_EQ(on_their_way(), 1U);
  RunningServer next({"--data", data()});
  ASSERT_TRUE(next.ok());
  EXPECT_EQ(on_their_way(), 0U);
}

}  // namespace
}  // namespace behoud::app::testing
