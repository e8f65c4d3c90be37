#pragma once

// The routes of a shop without sockets: a target in, what the handler gives out, as the server would call it.

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "app/served_shops.h"
#include "app/shop_routes.h"
#include "app/world.h"
#include "http/router.h"
#include "http/target.h"

namespace behoud::app::testing {

class Routes {
 public:
  // Of the shop in `data`; every load is waited for.
  explicit Routes(const std::string& data, const World& world = real_world()) {
    auto opened = ServedShops::open(data, std::nullopt, world);
    if (!opened) {
      ADD_FAILURE() << opened.error().message;
      return;
    }
    shops_ = std::move(*opened);
    add_shop_routes(router_, *shops_);
    settle();
  }

  void settle() { EXPECT_TRUE(shops_->home().warm.settled().has_value()); }
  ServedShops& shops() { return *shops_; }
  const http::Router& router() const { return router_; }

  http::Response get(std::string_view target, http::Headers headers = {}) const {
    http::Request request;
    request.headers = std::move(headers);
    auto parsed = http::parse_target(target);
    if (!parsed) {
      ADD_FAILURE() << target;
      return {};
    }
    request.path = parsed->path;
    request.query = parsed->query;
    auto match = router_.match(http::Method::kGet, request.path);
    if (match.route == nullptr) return http::Response{404, "", "", {}};
    request.captures = std::move(match.captures);
    return match.route->handler(request);
  }

 private:
  std::unique_ptr<ServedShops> shops_;
  http::Router router_;
};

}  // namespace behoud::app::testing
