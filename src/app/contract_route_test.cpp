#include "app/contract_route.h"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace behoud::app {
namespace {

TEST(ContractRoute, ServesTheContractThatStandsInTheSources) {
  std::ifstream file(std::string(BEHOUD_SOURCE_DIR) + "/api/openapi.yaml", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  ASSERT_FALSE(text.empty());

  http::Router router;
  add_contract_route(router);
  const auto match = router.match(http::Method::kGet, "/api/openapi.yaml");
  ASSERT_NE(match.route, nullptr);
  const http::Response response = match.route->handler({});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/yaml; charset=utf-8");
  EXPECT_EQ(response.body, text);
}

}  // namespace
}  // namespace behoud::app
