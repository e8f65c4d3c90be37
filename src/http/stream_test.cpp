#include "http/stream.h"

#include <atomic>
#include <future>
#include <mutex>
#include <vector>

#include <fmt/format.h>

#include "http/testing/gunzip.h"
#include "http/testing/raw_client.h"
#include "http/testing/server_fixture.h"

namespace behoud::http {
namespace {

using namespace std::chrono_literals;
using testing::RawClient;

constexpr std::string_view kGet = "GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n";

// News for any number of listeners, as a job gives it out.
class News {
 public:
  void tell(const std::string& line) {
    std::vector<Wake> wakes;
    {
      const std::lock_guard lock(mutex_);
      lines_.push_back(line);
      wakes = wakes_;
    }
    for (const Wake& wake : wakes) wake();
  }
  void end() {
    over_ = true;
    tell("");
  }
  Response events() {
    Response out{200, "text/event-stream", {}, {}};
    out.stream.pull = [this, next = std::size_t{0}, known = false](std::string& piece, const Wake& wake) mutable {
      const std::lock_guard lock(mutex_);
      if (!std::exchange(known, true)) wakes_.push_back(wake);
      while (next < lines_.size()) {
        if (!lines_[next].empty()) piece += "data: " + lines_[next] + "\n\n";
        ++next;
      }
      return over_ ? StreamState::kEnd : StreamState::kWait;
    };
    return out;
  }
  std::size_t listeners() {
    const std::lock_guard lock(mutex_);
    return wakes_.size();
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
  std::vector<Wake> wakes_;
  std::atomic<bool> over_ = false;
};

class StreamTest : public testing::ServerFixture {
 protected:
  void serve(std::function<Response()> make) {
    router_.add(Method::kGet, "/stream", [make](const Request&) { return make(); });
    router_.add(Method::kGet, "/quick", [](const Request&) { return testing::text("quick"); });
  }
  // `count` pieces of 64 KiB, counting from `pulls` how many were made.
  static Response pieces(int count, std::atomic<int>& pulls, std::optional<std::uint64_t> bytes = std::nullopt) {
    Response out{200, "application/octet-stream", {}, {}};
    out.stream.bytes = bytes;
    out.stream.pull = [&pulls, count](std::string& piece, const Wake&) {
      piece.assign(65536, static_cast<char>('a' + pulls % 26));
      return ++pulls == count ? StreamState::kEnd : StreamState::kMore;
    };
    return out;
  }
  News news_;
  std::atomic<int>& started() {
    pulls_ = 0;
    return pulls_;
  }
  std::atomic<int> pulls_ = 0;
};

TEST_F(StreamTest, IsSentInChunksAndTheConnectionGoesOn) {
  serve([this] { return pieces(10, started()); });
  RawClient client{start()};
  for (int round = 0; round < 2; ++round) {
    client.send(kGet);
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->field("Transfer-Encoding"), "chunked");
    EXPECT_EQ(response->field("Content-Length"), "");
    ASSERT_EQ(response->body.size(), 655360U);
    for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(response->body[i * 65536 + 65535], static_cast<char>('a' + i));
  }
  EXPECT_EQ(client.get("/quick")->body, "quick");
}

TEST_F(StreamTest, OfKnownLengthSaysIt) {
  serve([this] { return pieces(3, started(), 3 * 65536); });
  RawClient client{start()};
  client.send(kGet);
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->field("Content-Length"), "196608");
  EXPECT_EQ(response->body.size(), 196608U);
  EXPECT_EQ(client.get("/quick")->body, "quick");
}

TEST_F(StreamTest, ThatKeepsNotToItsLengthOrBreaksIsSeenToBeCutShort) {
  std::function<Response()> make;
  serve([&make] { return make(); });
  const auto port = start();
  const std::function<Response()> cases[] = {
      [this] { return pieces(3, started(), 3 * 65536 + 1); }, [this] { return pieces(3, started(), 3 * 65536 - 1); },
      [] {
        Response out{200, "text/csv", {}, {}};
        out.stream.pull = [](std::string&, const Wake&) { return StreamState::kBroken; };
        return out;
      },
      [] {
        Response out{200, "text/csv", {}, {}};
        out.stream.pull = [](std::string&, const Wake&) -> StreamState { throw std::runtime_error("no"); };
        return out;
      }};
  for (const auto& c : cases) {
    make = c;
    RawClient client{port};
    client.send(kGet);
    EXPECT_FALSE(client.receive()) << "a whole body was received";
    EXPECT_EQ(RawClient{port}.get("/quick")->body, "quick") << "the server goes on";
  }
}

TEST_F(StreamTest, ToHttp10EndsWithTheConnection) {
  serve([this] { return pieces(2, started()); });
  RawClient client{start()};
  client.send("GET /stream HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n");
  const std::string all = client.receive_all();
  EXPECT_EQ(all.find("Transfer-Encoding"), std::string::npos);
  EXPECT_EQ(all.size() - (all.find("\r\n\r\n") + 4), 2U * 65536);
}

TEST_F(StreamTest, HeadPullsNothing) {
  serve([this] { return pieces(2, started()); });
  RawClient client{start()};
  client.send("HEAD /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client.receive(true)->status, 200);
  EXPECT_EQ(client.get("/quick")->body, "quick");
  EXPECT_EQ(pulls_, 0);
}

TEST_F(StreamTest, OfTextIsPackedForThoseWhoTakeIt) {
  serve([] {
    Response out{200, "text/csv; charset=utf-8", {}, {}};
    out.stream.bytes = 2'000'000;
    out.stream.pull = [n = 0](std::string& piece, const Wake&) mutable {
      for (int i = 0; i < 10'000; ++i) piece += fmt::format("{:09}\n", n++);
      return n == 200'000 ? StreamState::kEnd : StreamState::kMore;
    };
    return out;
  });
  RawClient client{start()};
  const auto plain = client.get("/stream");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->field("Content-Length"), "2000000");
  EXPECT_EQ(plain->field("Vary"), "Accept-Encoding");
  const auto packed = client.get("/stream", "Accept-Encoding: gzip\r\n");
  ASSERT_TRUE(packed);
  EXPECT_EQ(packed->field("Content-Encoding"), "gzip");
  EXPECT_EQ(packed->field("Transfer-Encoding"), "chunked") << "nobody knows how long it will be";
  EXPECT_LT(packed->body.size(), 700'000U);
  EXPECT_TRUE(testing::gunzip(packed->body) == plain->body);
}

TEST_F(StreamTest, PackedTextThatWaitsIsFlushed) {
  std::promise<Wake> wake;
  serve([&wake] {
    Response out{200, "text/plain", {}, {}};
    out.stream.pull = [&wake, n = 0](std::string& piece, const Wake& w) mutable {
      piece = n == 0 ? "first" : "second";
      if (n == 0) wake.set_value(w);
      return ++n == 2 ? StreamState::kEnd : StreamState::kWait;
    };
    return out;
  });
  RawClient client{start()};
  client.send("GET /stream HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n");
  ASSERT_EQ(client.receive(true)->field("Content-Encoding"), "gzip");
  std::string all = client.receive_chunk().value_or("");
  EXPECT_EQ(testing::gunzip(all), "first") << "before the rest was asked for";
  wake.get_future().get()();
  while (const auto chunk = client.receive_chunk()) {
    if (chunk->empty()) break;
    all += *chunk;
  }
  EXPECT_EQ(testing::gunzip(all), "firstsecond");
}

TEST_F(StreamTest, ASlowReaderHoldsTheMakerBack) {
  options_.body_timeout = 200ms;
  std::promise<std::uint64_t> served;
  options_.on_served = [&](const Served& s) { served.set_value(s.bytes); };
  serve([this] { return pieces(16384, started()); });  // 1 GiB
  RawClient client{start()};
  client.send(kGet);
  auto ended = served.get_future();
  ASSERT_EQ(ended.wait_for(10s), std::future_status::ready) << "a reader that takes nothing is given up";
  EXPECT_LT(pulls_, 1000) << "what the two sockets hold, not the whole";
  EXPECT_EQ(ended.get(), static_cast<std::uint64_t>(pulls_) * 65536);
}

TEST_F(StreamTest, NewsIsSentAsItHappensWithoutHoldingAWorker) {
  options_.workers = 1;
  serve([this] { return news_.events(); });
  const auto port = start();
  std::vector<std::unique_ptr<RawClient>> listeners;
  for (int i = 0; i < 50; ++i) {
    listeners.push_back(std::make_unique<RawClient>(port));
    listeners.back()->send(kGet);
    ASSERT_EQ(listeners.back()->receive(true)->status, 200);
  }
  for (int round = 0; round < 3; ++round) {
    // One worker still answers others, though fifty wait.
    EXPECT_EQ(RawClient{port}.get("/quick")->body, "quick");
    const std::string line = "news " + std::to_string(round);
    while (news_.listeners() < 50) std::this_thread::yield();
    news_.tell(line);
    for (const auto& l : listeners) EXPECT_EQ(l->receive_chunk(), "data: " + line + "\n\n");
  }
  news_.end();
  for (const auto& l : listeners) EXPECT_EQ(l->receive_chunk(), "") << "ends with the news, and properly";
}

TEST_F(StreamTest, NoNewsIsLostHoweverFastItComes) {
  serve([this] { return news_.events(); });
  RawClient client{start()};
  client.send(kGet);
  ASSERT_EQ(client.receive(true)->status, 200);
  std::vector<std::thread> tellers;
  for (int t = 0; t < 4; ++t) {
    tellers.emplace_back([this] {
      for (int i = 0; i < 250; ++i) news_.tell("x");
    });
  }
  for (auto& t : tellers) t.join();
  news_.end();
  std::string all;
  while (const auto chunk = client.receive_chunk()) {
    if (chunk->empty()) break;
    all += *chunk;
  }
  EXPECT_EQ(all.size(), 1000 * std::string_view{"data: x\n\n"}.size());
}

TEST_F(StreamTest, BeatsWhileThereIsNoNews) {
  options_.heartbeat = 20ms;
  serve([this] { return news_.events(); });
  RawClient client{start()};
  client.send(kGet);
  ASSERT_EQ(client.receive(true)->status, 200);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.receive_chunk(), ":\n\n");
}

TEST_F(StreamTest, AWakeOutlivesItsConnectionAndItsServer) {
  options_.heartbeat = 5ms;
  std::promise<void> ended;
  options_.on_served = [&](const Served&) { ended.set_value(); };
  serve([this] { return news_.events(); });
  const auto port = start();
  {
    RawClient client{port};
    client.send(kGet);
    ASSERT_EQ(client.receive(true)->status, 200);
    client.reset();
  }
  ASSERT_EQ(ended.get_future().wait_for(10s), std::future_status::ready) << "a reader that has gone is noticed";
  news_.tell("nobody hears this");
  server_.reset();
  news_.tell("nor this");
  Wake{}();
}

TEST_F(StreamTest, DrainingEndsNewsAndFinishesADownload) {
  std::promise<void> began, go_on;
  auto may_go_on = go_on.get_future().share();
  router_.add(Method::kGet, "/download", [&, may_go_on](const Request&) {
    Response out{200, "text/csv", {}, {}};
    out.stream.pull = [&, may_go_on, n = 0](std::string& piece, const Wake&) mutable {
      piece = "row\n";
      if (n == 0) began.set_value();
      if (n == 1) may_go_on.wait();
      return ++n == 3 ? StreamState::kEnd : StreamState::kMore;
    };
    return out;
  });
  serve([this] { return news_.events(); });
  const auto port = start();
  RawClient listener{port};
  listener.send(kGet);
  ASSERT_EQ(listener.receive(true)->status, 200);
  RawClient download{port};
  download.send("GET /download HTTP/1.1\r\nHost: localhost\r\n\r\n");
  began.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { server_->stop(); });
  EXPECT_EQ(listener.receive_chunk(), "") << "ends properly, so that the reader comes back to the next server";
  go_on.set_value();
  const auto whole = download.receive();
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->body, "row\nrow\nrow\n");
  stopped.wait();
}

}  // namespace
}  // namespace behoud::http
