// What standing behind the guard costs a request: who is known already, and who has to be looked up.

#include <benchmark/benchmark.h>

#include "access/guard.h"
#include "access/testing/room.h"

namespace behoud::access {
namespace {

using namespace testing;

http::Request asked_by(const Access::SignedIn& in) {
  http::Request request;
  request.headers.add("Host", "localhost:8080");
  request.headers.add("Accept", "application/json");
  request.headers.add("Cookie", "behoud_session=" + in.session);
  request.headers.add("X-Behoud-CSRF", Access::csrf_of(in.session));
  return request;
}

void BM_GuardOfASessionThatIsKnown(benchmark::State& state) {
  Room room;
  const auto in = room.owner();
  const auto guard = make_guard(*room.access);
  http::Route route;
  route.policy.right = http::Right::kRead;
  http::Request request = asked_by(in);
  request.method = state.range(0) == 0 ? http::Method::kGet : http::Method::kPost;
  for (auto _ : state) benchmark::DoNotOptimize(guard(request, route));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_GuardOfASessionThatIsKnown)->Arg(0)->Arg(1);

void BM_GuardOfAStranger(benchmark::State& state) {
  Room room;
  const auto guard = make_guard(*room.access);
  http::Route route;
  route.policy.right = http::Right::kRead;
  http::Request request;
  request.headers.add("Cookie", "behoud_session=" + std::string(kSecretLetters, 'A'));
  for (auto _ : state) benchmark::DoNotOptimize(guard(request, route));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_GuardOfAStranger);

void BM_SignIn(benchmark::State& state) {
  Room room(PasswordCost{});
  room.owner();
  for (auto _ : state) benchmark::DoNotOptimize(room.sign_in("owner"));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_SignIn)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace behoud::access
