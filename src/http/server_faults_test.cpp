// What the world does to a server: networks that cut anywhere, crowds, proxies, and those who mean harm.

#include <algorithm>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "http/static_files.h"
#include "http/testing/raw_client.h"
#include "http/testing/server_fixture.h"

namespace behoud::http {
namespace {

// A sanitizer needs memory of its own beside what is measured. g++ says by a macro that there is one, clang by a
// feature.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kSanitized = false;
#endif

using namespace std::chrono_literals;
using testing::RawClient;
using testing::text;

// Resident memory of this process.
std::uint64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t size = 0, resident = 0;
  statm >> size >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class FaultsTest : public testing::ServerFixture {
 protected:
  void SetUp() override {
    router_.add(Method::kGet, "/quick", [](const Request&) { return text("quick"); }, {.quick = true});
    router_.add(Method::kGet, "/who", [](const Request& r) { return text(r.client + (r.secure ? " secure" : "")); });
    router_.add(Method::kPost, "/echo/{word}",
                [](const Request& r) { return text(std::string{r.capture("word")} + ":" + r.body); },
                {.body_bytes_max = 100'000});
  }
};

TEST_F(FaultsTest, FiveThousandIdleConnectionsCostLittleAndTheNextIsServed) {
  constexpr std::size_t kIdle = 5000;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  const rlim_t wanted = 2 * kIdle + 200;  // both ends are in this process
  if (files.rlim_cur < wanted) {
    files.rlim_cur = wanted;
    files.rlim_max = std::max(files.rlim_max, wanted);
    if (::setrlimit(RLIMIT_NOFILE, &files) != 0) GTEST_SKIP() << "this machine does not allow so many descriptors";
  }
  const auto port = start();
  const auto before = resident_bytes();
  std::vector<std::unique_ptr<RawClient>> idle;
  for (std::size_t i = 0; i < kIdle; ++i) {
    // From ten addresses of this machine: one reader alone may not have so many.
    idle.push_back(std::make_unique<RawClient>(port, fmt::format("127.0.0.{}", 2 + i % 10)));
    ASSERT_TRUE(idle.back()->connected()) << i;
    // Each has been used, as a browser's: what a request needed is given back.
    ASSERT_TRUE(idle.back()->get("/quick")) << i;
  }
  EXPECT_EQ(server_->counts().open, kIdle);
  const auto after = resident_bytes();
  const double cpu = cpu_seconds();
  std::this_thread::sleep_for(1s);  // what is measured is a second of nothing
  EXPECT_LT(cpu_seconds() - cpu, 0.1) << "seconds of CPU in a second of idling";
  RawClient next{port};
  EXPECT_EQ(next.get("/quick")->body, "quick");
  std::cout << fmt::format("{} idle connections: {:.1f} kB each\n", kIdle,
                           static_cast<double>(after - before) / 1e3 / static_cast<double>(kIdle));
  if (!kSanitized) {
    EXPECT_LT(after - before, 50'000'000U);
  }
}

TEST_F(FaultsTest, OneAddressCannotTakeEveryPlace) {
  options_.connections_per_address_max = 3;
  const auto port = start();
  std::vector<std::unique_ptr<RawClient>> greedy;
  for (int i = 0; i < 3; ++i) {
    greedy.push_back(std::make_unique<RawClient>(port, "127.0.0.2"));
    EXPECT_EQ(greedy.back()->get("/quick")->status, 200);
  }
  RawClient fourth{port, "127.0.0.2"};
  EXPECT_EQ(fourth.receive()->status, 503);
  EXPECT_EQ(RawClient(port, "127.0.0.3").get("/quick")->status, 200) << "others are served";
  EXPECT_EQ(server_->counts().refused, 1U);
}

TEST_F(FaultsTest, ATrustedProxyHasAsManyConnectionsAsItNeeds) {
  options_.connections_per_address_max = 3;
  options_.trusted_proxies = {*Network::parse("127.0.0.2")};
  const auto port = start();
  std::vector<std::unique_ptr<RawClient>> connections;
  for (int i = 0; i < 10; ++i) {
    connections.push_back(std::make_unique<RawClient>(port, "127.0.0.2"));
    EXPECT_EQ(connections.back()->get("/quick")->status, 200);
  }
}

TEST_F(FaultsTest, KnowsTheReaderBehindATrustedProxyAndBelievesNobodyElse) {
  options_.trusted_proxies = {*Network::parse("127.0.0.2")};
  const auto port = start();
  constexpr std::string_view kSaid = "X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-Proto: https\r\n";
  EXPECT_EQ(RawClient(port, "127.0.0.2").get("/who", kSaid)->body, "198.51.100.1 secure");
  EXPECT_EQ(RawClient(port, "127.0.0.3").get("/who", kSaid)->body, "127.0.0.3");
}

TEST_F(FaultsTest, AHostThatIsNotOursIsRefusedAndNeverRepeated) {
  options_.public_url = *parse_origin("https://shop.example");
  const auto port = start();
  const auto ask = [&](const std::string& host) {
    RawClient client{port};
    client.send("GET /quick HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    return client.receive();
  };
  for (const char* ours : {"shop.example", "SHOP.EXAMPLE", "shop.example:443", "localhost:8080", "127.0.0.1"}) {
    EXPECT_EQ(ask(ours)->status, 200) << ours;
  }
  for (const char* other : {"evil.example", "shop.example.evil.example", "evil.example:443",
                            "shop.example@evil.example", "192.0.2.7", "shop.example, evil.example"}) {
    const auto refused = ask(other);
    EXPECT_EQ(refused->status, 421) << other;
    EXPECT_NE(refused->body.find("https://shop.example/"), std::string::npos) << "names where it is";
    EXPECT_EQ((refused->head + refused->body).find("evil"), std::string::npos) << other;
  }
}

TEST_F(FaultsTest, AnAddressIsAHostOnlyWhereItListensBeyondThisMachine) {
  options_.any_address_is_host = true;
  const auto port = start();
  for (const auto& [host, status] : {std::pair{"192.0.2.7:8080", 200}, std::pair{"[2001:db8::7]", 200},
                                     std::pair{"evil.example", 421}, std::pair{"192.0.2.7.evil.example", 421}}) {
    RawClient client{port};
    client.send(std::string("GET /quick HTTP/1.1\r\nHost: ") + host + "\r\n\r\n");
    EXPECT_EQ(client.receive()->status, status) << host;
  }
}

TEST_F(FaultsTest, HeadsBeyondTheirBoundsAreRefused) {
  const auto port = start();
  const struct {
    std::string request;
    int status;
  } cases[] = {{"GET /quick HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n", 431},
               {"GET /" + std::string(9'000, 'x') + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 414},
               {"GET /quick HTTP/1.1\r\nHost: localhost\r\n" +
                    [] {
                      std::string out;
                      for (int i = 0; i < 200; ++i) out += fmt::format("X{}: y\r\n", i);
                      return out;
                    }() +
                    "\r\n",
                431},
               {std::string(20'000, 'G'), 400}};
  for (const auto& c : cases) {
    RawClient client{port};
    client.send(c.request);
    const auto response = client.receive();
    ASSERT_TRUE(response) << c.request.substr(0, 40);
    EXPECT_TRUE(response->status == c.status || (c.status == 400 && response->status == 431)) << response->head;
    EXPECT_TRUE(client.closed());
  }
}

// Two readers that disagree about where a request ends let one smuggle a second past the other: whatever could be read
// in two ways is refused, and nothing behind it is answered.
TEST_F(FaultsTest, RequestsThatCanBeReadInTwoWaysAreRefused) {
  const auto port = start();
  const std::string hidden = "GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const auto post = [](std::string_view fields, std::string_view body) {
    return fmt::format("POST /echo/a HTTP/1.1\r\nHost: localhost\r\n{}\r\n{}", fields, body);
  };
  const std::string cases[] = {post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                               post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n"),
                               post("Content-Length: 0\r\nContent-Length: 40\r\n", ""),
                               post("Content-Length: 0, 40\r\n", ""),
                               post("Content-Length: +3\r\n", "abc"),
                               post("Content-Length: 0x3\r\n", "abc"),
                               post("Content-Length: -1\r\n", ""),
                               post("Content-Length: 99999999999999999999999\r\n", ""),
                               post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
                               post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
                               post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
                               post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n"),
                               post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"),
                               post(" Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                               post("Transfer-Encoding:\x0b chunked\r\n", "0\r\n\r\n"),
                               post("Content-Length: 3\nTransfer-Encoding: chunked\r\n", "abc"),
                               post("Transfer-Encoding: chunked\r\n", "-1\r\n\r\n"),
                               post("Transfer-Encoding: chunked\r\n", "0x0\r\n\r\n"),
                               post("Transfer-Encoding: chunked\r\n", "ffffffffffffffffff\r\n\r\n"),
                               "GET /quick HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
                               "GET http://evil.example/quick HTTP/1.1\r\nHost: localhost\r\n\r\n",
                               "GET /quick HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n",  // a folded line
                               post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"),
                               "GET /quick\tHTTP/1.1\r\nHost: localhost\r\n\r\n",
                               "GET  /quick HTTP/1.1\r\nHost: localhost\r\n\r\n"};
  for (const std::string& c : cases) {
    RawClient client{port};
    client.send(c + hidden);
    client.half_close();
    const std::string all = client.receive_all();
    EXPECT_TRUE(all.starts_with("HTTP/1.1 4")) << c << "\n--\n" << all;
    EXPECT_EQ(all.find("\r\n\r\nquick"), std::string::npos) << c;
    EXPECT_EQ(all.find("HTTP/1.1", 8), std::string::npos) << "one answer alone: " << c;
  }
}

TEST_F(FaultsTest, NoFormOfAPathReachesAFileOutsideTheDashboard) {
  const auto dist = folder_ / "dist";
  std::filesystem::create_directories(dist);
  std::ofstream(dist / "index.html") << "<!doctype html>page";
  std::ofstream(folder_ / "secret.txt") << "secret";
  const auto files = StaticFiles::load(dist.string());
  ASSERT_TRUE(files);
  files->add_to(router_);
  const auto port = start();
  EXPECT_EQ(RawClient{port}.get("/retention")->body, "<!doctype html>page");
  EXPECT_EQ(RawClient{port}.get("/quick")->body, "quick") << "routes come first";
  for (const char* path :
       {"/../secret.txt", "/%2e%2e/secret.txt", "/%2E%2E%2Fsecret.txt", "/..%2fsecret.txt", "/.%2e/secret.txt",
        "/a/../../secret.txt", "/..%5csecret.txt", "/%c0%ae%c0%ae/secret.txt", "/%252e%252e%252fsecret.txt",
        "//secret.txt", "/./secret.txt", "/%00secret.txt", "/secret.txt%00", "/etc/passwd.txt"}) {
    const auto response = RawClient{port}.get(path);
    ASSERT_TRUE(response) << path;
    EXPECT_TRUE(response->status == 404 || response->status == 400) << path << " " << response->status;
    EXPECT_EQ(response->body.find("secret\n"), std::string::npos) << path;
  }
}

TEST_F(FaultsTest, ABodyThatDripsIsGivenUp) {
  options_.body_timeout = 150ms;
  RawClient client{start()};
  client.send("POST /echo/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n");
  const auto until = std::chrono::steady_clock::now() + 5s;
  while (std::chrono::steady_clock::now() < until && client.send("x")) std::this_thread::sleep_for(20ms);  // the drip
  EXPECT_TRUE(client.closed());
  EXPECT_LT(std::chrono::steady_clock::now(), until);
}

TEST_F(FaultsTest, OneThatPipelinesWithoutEndDoesNotHoldUpTheOthers) {
  const auto port = start();
  std::atomic<bool> done = false;
  std::thread hog([&] {
    RawClient client{port};
    std::string many;
    for (int i = 0; i < 500; ++i) many += "GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n";
    while (!done && client.send(many)) {
      for (int i = 0; i < 500; ++i) {
        if (!client.receive()) return;
      }
    }
  });
  RawClient other{port};
  for (int i = 0; i < 20; ++i) {
    const auto response = other.get("/quick");
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, "quick");
  }
  done = true;
  hog.join();
}

TEST_F(FaultsTest, AnEmptyLineBeforeARequestMayBeCutInTwo) {
  RawClient client{start()};
  ASSERT_TRUE(client.get("/quick"));
  client.send("\r");
  // The answer to another connection says that the server has had its turn.
  EXPECT_EQ(RawClient{server_->port()}.get("/quick")->body, "quick");
  client.send("\nGET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client.receive()->body, "quick");
}

// However a network cuts a row of requests, and however the answers come, they are the same as one by one.
RC_GTEST_FIXTURE_PROP(FaultsTest, PipelinedRequestsCutAnywhereGiveTheSameAnswers, ()) {
  const auto port = start();
  const int count = *rc::gen::inRange(1, 12);
  std::string all;
  std::vector<std::string> expected;
  for (int i = 0; i < count; ++i) {
    const auto kind = *rc::gen::inRange(0, 4);
    const std::string body(static_cast<std::size_t>(*rc::gen::inRange(0, 3000)), static_cast<char>('a' + i));
    if (kind == 0) {
      all += "GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n";
      expected.emplace_back("quick");
    } else if (kind == 1) {
      all += fmt::format("POST /echo/{} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{}", i, body.size(),
                         body);
      expected.push_back(fmt::format("{}:{}", i, body));
    } else if (kind == 2) {
      const auto cut = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(body.size()) + 1));
      all += fmt::format("POST /echo/{} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", i);
      for (const std::string& chunk : {body.substr(0, cut), body.substr(cut)}) {
        if (!chunk.empty()) all += fmt::format("{:X};x=y\r\n{}\r\n", chunk.size(), chunk);
      }
      all += "0\r\nTrailer: x\r\n\r\n";
      expected.push_back(fmt::format("{}:{}", i, body));
    } else {
      all += "\r\nGET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n";
      expected.emplace_back("404");
    }
  }
  std::vector<std::size_t> cuts{all.size()};
  const int pieces = *rc::gen::inRange(0, 20);
  for (int i = 0; i < pieces; ++i) {
    cuts.push_back(static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(all.size()) + 1)));
  }
  std::ranges::sort(cuts);
  RawClient client{port};
  std::size_t at = 0;
  for (const std::size_t cut : cuts) {
    RC_ASSERT(client.send(std::string_view{all}.substr(at, cut - at)));
    at = cut;
    std::this_thread::yield();
  }
  for (const std::string& e : expected) {
    const auto response = client.receive();
    RC_ASSERT(response.has_value());
    RC_ASSERT((e == "404" ? std::to_string(response->status) : response->body) == e);
  }
  server_->stop();
}

}  // namespace
}  // namespace behoud::http
