#include "app/contract_route.h"

#include <string>

namespace behoud::app {

void add_contract_route(http::Router& router) {
  router.add(http::Method::kGet, "/api/openapi.yaml",
             [](const http::Request&) {
               http::Response response{200, "application/yaml; charset=utf-8", std::string(contract_text()), {}};
               response.headers.set("Cache-Control", "private, no-cache");
               return response;
             },
             {.body_bytes_max = 0, .quick = true, .right = http::Right::kRead});
}

}  // namespace behoud::app
