#include "app/server_log.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace behoud::app {
namespace {

class ServerLog : public ::testing::Test {
 protected:
  Log log(Log::Level least) {
    return Log([this](std::string_view line) { written_ += line; }, [] { return std::int64_t{0}; }, least,
               Log::Form::kJson);
  }
  std::string written_;
};

TEST_F(ServerLog, ARequestIsALineByItsRoute) {
  Log info = log(Log::Level::kInfo);
  log_request(info, {http::Method::kGet, "/api/v1/customers/{id}", 200, 1841, std::chrono::microseconds{412}});
  EXPECT_EQ(written_,
            "{\"at\":\"1970-01-01T00:00:00.000Z\",\"level\":\"info\",\"event\":\"request\",\"method\":\"GET\","
            "\"route\":\"/api/v1/customers/{id}\",\"status\":200,\"bytes\":1841,\"us\":412}\n");
}

TEST_F(ServerLog, OnlyTheServersOwnErrorsAreErrors) {
  Log warning = log(Log::Level::kWarning);
  for (const int status : {200, 304, 400, 404, 429, 503})
    log_request(warning, {http::Method::kGet, "/", status, 0, {}});
  EXPECT_EQ(written_, "") << "what a reader did wrong, and a shop that is being loaded, are no errors of the server";
  for (const int status : {500, 507}) log_request(warning, {http::Method::kGet, "/", status, 0, {}});
  EXPECT_NE(written_.find("\"status\":500"), std::string::npos);
  EXPECT_NE(written_.find("\"status\":507"), std::string::npos);
}

TEST_F(ServerLog, WhatThrewIsNamedByItsKindAndNotByItsWords) {
  Log error = log(Log::Level::kError);
  log_thrown(error, "/api/v1/customers/{id}", std::out_of_range("jan.jansen@example.com"));
  EXPECT_NE(written_.find("std::out_of_range"), std::string::npos) << written_;
  EXPECT_EQ(written_.find("jansen"), std::string::npos);
}

}  // namespace
}  // namespace behoud::app
