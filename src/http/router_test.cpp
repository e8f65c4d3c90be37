#include "http/router.h"

#include <gtest/gtest.h>

namespace behoud::http {
namespace {

Handler says(std::string text) {
  return [text](const Request&) { return Response{200, "text/plain", text, {}}; };
}

std::string answer(const Router& router, Method method, std::string_view path) {
  const auto match = router.match(method, path);
  if (match.route == nullptr) return match.allow.empty() ? "404" : "405 " + match.allow;
  std::string out = match.route->handler({}).body;
  for (const auto& [key, value] : match.captures) out += " " + key + "=" + value;
  return out;
}

TEST(Router, FindsTheMostExactRouteWhateverTheOrderTheyWereAddedIn) {
  Router router;
  router.add(Method::kGet, "/customers/{id}", says("one"));
  router.add(Method::kGet, "/assets/{path...}", says("asset"));
  router.add(Method::kGet, "/customers/{id}/orders", says("orders"));
  router.add(Method::kGet, "/customers/new", says("new"));
  router.add(Method::kGet, "/customers", says("all"));
  router.add(Method::kPost, "/customers", says("add"));
  router.add(Method::kGet, "/", says("root"));
  const struct {
    Method method;
    std::string_view path, answer;
  } cases[] = {
      {Method::kGet, "/", "root"},
      {Method::kHead, "/", "root"},
      {Method::kGet, "/customers", "all"},
      {Method::kPost, "/customers", "add"},
      {Method::kGet, "/customers/new", "new"},
      {Method::kGet, "/customers/7", "one id=7"},
      {Method::kGet, "/customers/a%2Fb", "one id=a/b"},
      {Method::kGet, "/customers/7/orders", "orders id=7"},
      {Method::kGet, "/assets/js/app.js", "asset path=js/app.js"},
      {Method::kGet, "/assets/", "404"},
      {Method::kGet, "/customers/", "404"},
      {Method::kGet, "//", "404"},
      {Method::kGet, "/Customers", "404"},
      {Method::kGet, "/nothing", "404"},
      {Method::kDelete, "/customers", "405 GET, HEAD, POST, OPTIONS"},
      {Method::kPost, "/customers/new", "405 GET, HEAD, OPTIONS"},
      {Method::kOptions, "/customers", "405 GET, HEAD, POST, OPTIONS"},
  };
  for (const auto& c : cases) EXPECT_EQ(answer(router, c.method, c.path), c.answer) << name(c.method) << " " << c.path;
}

}  // namespace
}  // namespace behoud::http
