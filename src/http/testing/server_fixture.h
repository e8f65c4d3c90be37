#pragma once

// A server on a free port for tests: routes and options are set first, then start().

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "base/testing/temporary_folder.h"
#include "http/server.h"

namespace behoud::http::testing {

inline Response text(std::string body) { return {200, "text/plain", std::move(body), {}}; }

class ServerFixture : public ::testing::Test {
 protected:
  ServerFixture() { options_.port = 0; }
  std::uint16_t start() {
    auto server = Server::listen(options_, router_);
    EXPECT_TRUE(server) << server.error().message;
    server_ = std::move(*server);
    server_->start();
    return server_->port();
  }

  TemporaryFolder temporary_;
  std::filesystem::path folder_{temporary_.path()};
  ServerOptions options_;
  Router router_;
  std::unique_ptr<Server> server_;
};

}  // namespace behoud::http::testing
