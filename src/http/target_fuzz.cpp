// A target that is taken has no dot segment and no control character, and its parameters survive being written again.

#include <cstdint>
#include <cstdlib>

#include "http/router.h"
#include "http/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace behoud::http;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  static const Router router = [] {
    Router r;
    const auto nothing = [](const Request&) { return Response{}; };
    r.add(Method::kGet, "/a/{b}", nothing);
    r.add(Method::kGet, "/a/{b}/c", nothing);
    r.add(Method::kPost, "/{rest...}", nothing);
    return r;
  }();
  const auto target = parse_target(text);
  if (!target) return 0;
  std::string again = target->path + "?";
  for (const auto& [name, value] : target->query) again += percent_encode(name) + "=" + percent_encode(value) + "&";
  const auto second = parse_target(again);
  if (!second || second->query != target->query || second->path != target->path) std::abort();
  for (const Method method : {Method::kGet, Method::kPost, Method::kHead}) {
    const auto match = router.match(method, target->path);
    for (const auto& [name, value] : match.captures) {
      if (value == "." || value == ".." || value.find('\0') != std::string::npos) std::abort();
    }
  }
  return 0;
}
