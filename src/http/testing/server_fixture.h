#pragma once

// A server on a free port for tests: routes and options are set first, then start().

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "http/server.h"

namespace behoud::http::testing {

inline Response text(std::string body) { return {200, "text/plain", std::move(body), {}}; }

class ServerFixture : public ::testing::Test {
 public:
  ~ServerFixture() override {
    server_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  ServerFixture(const ServerFixture&) = delete;
  ServerFixture& operator=(const ServerFixture&) = delete;

 protected:
  ServerFixture() {
    options_.port = 0;
    std::string pattern = (std::filesystem::temp_directory_path() / "behoud-http-XXXXXX").string();
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  std::uint16_t start() {
    auto server = Server::listen(options_, router_);
    EXPECT_TRUE(server) << server.error().message;
    server_ = std::move(*server);
    server_->start();
    return server_->port();
  }

  std::filesystem::path folder_;
  ServerOptions options_;
  Router router_;
  std::unique_ptr<Server> server_;
};

}  // namespace behoud::http::testing
