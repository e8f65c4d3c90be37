#pragma once

// Runs tasks that touch nothing in common on two threads: this one and another, each taking the next task when it is
// done with one. Returns when all are done; the first exception (out of memory) is thrown on here, after the others
// have ended.

#include <atomic>
#include <exception>
#include <functional>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace behoud {

inline void run_together(const std::vector<std::function<void()>>& tasks) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex failing;
  const auto work = [&] {
    for (std::size_t i = next++; i < tasks.size(); i = next++) {
      try {
        tasks[i]();
      } catch (...) {
        const std::lock_guard lock(failing);
        if (!failure) failure = std::current_exception();
        next = tasks.size();
      }
    }
  };
  std::thread other;
  if (tasks.size() > 1) {
    try {
      other = std::thread(work);
    } catch (const std::system_error&) {  // no more threads: this one does it all
    }
  }
  work();
  if (other.joinable()) other.join();
  if (failure) std::rethrow_exception(failure);
}

// Calls work(part, begin, end) for kParts stretches that make up [0, n), on two threads.
inline constexpr std::size_t kParts = 4;
template <class Work>
void run_in_parts(std::size_t n, const Work& work) {
  std::vector<std::function<void()>> tasks;
  tasks.reserve(kParts);
  for (std::size_t part = 0; part < kParts; ++part) {
    tasks.push_back([&work, part, n] { work(part, n * part / kParts, n * (part + 1) / kParts); });
  }
  run_together(tasks);
}

}  // namespace behoud
