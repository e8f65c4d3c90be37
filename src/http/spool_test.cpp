// Large bodies go to a file, and no file stays behind, whatever happens on the way.

#include <cerrno>
#include <fstream>
#include <future>
#include <sstream>

#include <fmt/format.h>
#include <sys/stat.h>

#include "http/testing/raw_client.h"
#include "http/testing/server_fixture.h"

namespace behoud::http {
namespace {

using namespace std::chrono_literals;
using testing::RawClient;
using testing::text;
namespace fs = std::filesystem;

constexpr std::size_t kMiB = 1024 * 1024;

std::string contents(const fs::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

class SpoolTest : public testing::ServerFixture {
 protected:
  void SetUp() override {
    spool_ = folder_ / "spool";
    options_.spool_folder = spool_.string();
    router_.add(Method::kPost, "/upload",
                [this](const Request& r) {
                  saw_body_ = r.body;
                  saw_file_ = r.body_file;
                  saw_in_file_ = r.body_file.empty() ? "" : contents(r.body_file);
                  return text(std::to_string(r.body_bytes()));
                },
                {.body_bytes_max = 64 * kMiB, .right = Right::kWrite, .spool = true});
    router_.add(Method::kPost, "/keep",
                [this](const Request& r) {
                  fs::rename(r.body_file, folder_ / "kept");
                  return text("kept");
                },
                {.body_bytes_max = 64 * kMiB, .spool = true});
    router_.add(Method::kPost, "/throws", [](const Request&) -> Response { throw std::runtime_error("no"); },
                {.body_bytes_max = 64 * kMiB, .spool = true});
  }
  static std::string post(std::string_view path, std::size_t length) {
    return fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", path, length);
  }
  static std::string body_of(std::size_t size) {
    std::string out(size, '\0');
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>(i * 2654435761U >> 13);
    return out;
  }
  std::size_t spooled() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(spool_), fs::directory_iterator()));
  }
  // What happens on the server's side of a connection that is gone has no answer to wait for.
  bool becomes_empty() const {
    for (int i = 0; i < 2000; ++i) {
      if (spooled() == 0) return true;
      std::promise<void> never;
      never.get_future().wait_for(5ms);
    }
    return false;
  }

  fs::path spool_;
  std::string saw_body_, saw_file_, saw_in_file_;
};

TEST_F(SpoolTest, ASmallBodyStaysInMemoryAndALargeOneComesAsAFile) {
  RawClient client{start()};
  const std::string small = body_of(kMiB);
  client.send(post("/upload", small.size()) + small);
  EXPECT_EQ(client.receive()->body, std::to_string(kMiB));
  EXPECT_EQ(saw_body_, small);
  EXPECT_EQ(saw_file_, "");
  for (const std::size_t size : {kMiB + 1, 5 * kMiB + 12345}) {
    const std::string large = body_of(size);
    client.send(post("/upload", size) + large);
    EXPECT_EQ(client.receive()->body, std::to_string(size));
    EXPECT_EQ(saw_body_, "");
    EXPECT_TRUE(saw_in_file_ == large) << "the very bytes, in order";
    EXPECT_TRUE(saw_file_.starts_with(spool_.string() + "/"));
    EXPECT_FALSE(fs::exists(saw_file_)) << "is gone when the handler has answered";
  }
  EXPECT_EQ(spooled(), 0U);
}

TEST_F(SpoolTest, AChunkedBodyToo) {
  RawClient client{start()};
  const std::string body = body_of(3 * kMiB);
  client.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (std::size_t at = 0; at < body.size(); at += 100'000) {
    const std::string piece = body.substr(at, 100'000);
    client.send(fmt::format("{:x}\r\n{}\r\n", piece.size(), piece));
  }
  client.send("0\r\n\r\n");
  EXPECT_EQ(client.receive()->body, std::to_string(body.size()));
  EXPECT_TRUE(saw_in_file_ == body);
}

TEST_F(SpoolTest, TheFileIsForThisUserAlone) {
  mode_t mode = 0;
  router_.add(Method::kPost, "/mode",
              [&](const Request& r) {
                struct stat found{};
                ::stat(r.body_file.c_str(), &found);
                mode = found.st_mode;
                return text("");
              },
              {.body_bytes_max = 64 * kMiB, .spool = true});
  RawClient client{start()};
  client.send(post("/mode", 2 * kMiB) + body_of(2 * kMiB));
  EXPECT_EQ(client.receive()->status, 200);
  EXPECT_EQ(mode & 0777, 0600U);
}

TEST_F(SpoolTest, AHandlerMayKeepTheFile) {
  RawClient client{start()};
  const std::string body = body_of(2 * kMiB);
  client.send(post("/keep", body.size()) + body);
  EXPECT_EQ(client.receive()->body, "kept");
  EXPECT_TRUE(contents(folder_ / "kept") == body);
}

TEST_F(SpoolTest, AHandlerThatFailsLeavesNothing) {
  RawClient client{start()};
  client.send(post("/throws", 2 * kMiB) + body_of(2 * kMiB));
  EXPECT_EQ(client.receive()->status, 500);
  EXPECT_EQ(spooled(), 0U);
}

TEST_F(SpoolTest, AClientThatGoesInTheMiddleLeavesNothing) {
  const auto port = start();
  for (const bool killed : {false, true}) {
    {
      RawClient client{port};
      client.send(post("/upload", 8 * kMiB) + body_of(4 * kMiB));
      while (spooled() == 0) std::this_thread::yield();
      if (killed) client.reset();
    }
    EXPECT_TRUE(becomes_empty()) << (killed ? "reset" : "closed");
  }
  EXPECT_EQ(saw_file_, "") << "the handler never saw it";
}

TEST_F(SpoolTest, AnUploadUnderWayAtTheEndLeavesNothing) {
  options_.drain_timeout = 50ms;
  RawClient client{start()};
  client.send(post("/upload", 8 * kMiB) + body_of(4 * kMiB));
  while (spooled() == 0) std::this_thread::yield();
  server_->stop();
  EXPECT_EQ(spooled(), 0U);
}

TEST_F(SpoolTest, WhatAKilledServerLeftIsSweptAndNothingElse) {
  fs::create_directories(spool_ / "behoud-spool-folder");
  std::ofstream(spool_ / "behoud-spool-AbCdEf") << "half an upload";
  std::ofstream(spool_ / "orders.csv") << "somebody's own";
  start();
  EXPECT_FALSE(fs::exists(spool_ / "behoud-spool-AbCdEf"));
  EXPECT_TRUE(fs::exists(spool_ / "orders.csv"));
  EXPECT_TRUE(fs::exists(spool_ / "behoud-spool-folder"));
}

TEST_F(SpoolTest, AFullDiskIsSaidAndLeavesNothing) {
  static int writes;
  writes = 0;
  static FileCalls full = system_calls();
  full.write = [](int fd, const void* bytes, std::size_t size) -> ssize_t {
    if (++writes < 3) return ::write(fd, bytes, std::min<std::size_t>(size, 1000));  // and short writes before
    errno = ENOSPC;
    return -1;
  };
  options_.spool_calls = &full;
  const auto port = start();
  RawClient client{port};
  client.send(post("/upload", 4 * kMiB) + body_of(2 * kMiB));
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 507);
  EXPECT_NE(response->body.find("\"disk_full\""), std::string::npos);
  EXPECT_EQ(spooled(), 0U);
  full.write = [](int, const void*, std::size_t) -> ssize_t {
    errno = EIO;
    return -1;
  };
  RawClient other{port};
  other.send(post("/upload", 4 * kMiB) + body_of(2 * kMiB));
  EXPECT_EQ(other.receive()->status, 503);
  EXPECT_EQ(spooled(), 0U);
}

TEST_F(SpoolTest, AFolderThatCannotBeMadeIsSaidAtTheStart) {
  std::ofstream(folder_ / "file") << "x";
  options_.spool_folder = (folder_ / "file" / "spool").string();
  const auto server = Server::listen(options_, router_);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, Errc::kUnavailable);
}

TEST_F(SpoolTest, WhoMayNotSendABodyIsToldBeforeItIsRead) {
  options_.guard = [](Request& request, const Route&) -> std::optional<Response> {
    if (request.headers.find("Authorization")) {
      request.actor.user = "u1";
      return std::nullopt;
    }
    return Response{401, "text/plain", "no", {}};
  };
  router_.add(Method::kPost, "/who", [](const Request& r) { return text(r.actor.user); },
              {.body_bytes_max = 64 * kMiB, .spool = true});
  const auto port = start();
  RawClient stranger{port};
  stranger.send(post("/who", 32 * kMiB));
  EXPECT_EQ(stranger.receive()->status, 401);
  RawClient known{port};
  known.send(fmt::format("POST /who HTTP/1.1\r\nHost: localhost\r\nAuthorization: x\r\nContent-Length: {}\r\n\r\n{}",
                         2 * kMiB, body_of(2 * kMiB)));
  EXPECT_EQ(known.receive()->body, "u1");
}

TEST_F(SpoolTest, TheBoundHoldsForFilesToo) {
  RawClient client{start()};
  client.send(post("/upload", 64 * kMiB + 1));
  EXPECT_EQ(client.receive()->status, 413);
}

}  // namespace
}  // namespace behoud::http
