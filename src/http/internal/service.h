#pragma once

// What all connections of a server share. Of the connections' thread alone, but for `workers` and `io`, which may be
// posted to from anywhere.

#include <array>
#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>

#include "http/internal/channel.h"
#include "http/internal/net.h"
#include "http/server.h"

namespace behoud::http {

struct Service {
  Service(ServerOptions o, const Router& r) : options(std::move(o)), router(r), workers(options.workers) {}

  ServerOptions options;
  const Router& router;
  asio::io_context io{1};
  asio::thread_pool workers;
  std::array<char, 64 * 1024> scratch;  // where every read lands first
  Traffic traffic;
  std::string url;  // where it is reached
  bool draining = false;

  // The Date header's value, made once a second; "" without a clock.
  const std::string& date();

  // Runs `work` on a worker thread while this coroutine waits. What it refers to lives in the waiting coroutine's
  // frame.
  template <class Work>
  Task<std::invoke_result_t<Work&>> on_worker(Work work) {
    using Out = std::invoke_result_t<Work&>;
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(Out)>(
        [this, &work](auto handler) {
          asio::post(workers, [this, &work, handler = std::move(handler)]() mutable {
            Out out = work();
            asio::post(io, [handler = std::move(handler), out = std::move(out)]() mutable {
              std::move(handler)(std::move(out));
            });
          });
        },
        asio::use_awaitable_t<Executor>{});
  }

 private:
  std::int64_t date_of_ = -1;
  std::string date_;
};

}  // namespace behoud::http
