#include "ledger/import_queue.h"

#include <algorithm>
#include <chrono>

namespace behoud::ledger {
namespace {

// How often somebody who waits looks whether they are still waited for.
constexpr std::chrono::milliseconds kLookEvery{100};

}  // namespace

Result<ImportQueue::Turn> ImportQueue::enter(const std::function<void(std::size_t before)>& waits,
                                             const std::function<bool()>& given_up) {
  std::unique_lock lock(mutex_);
  const std::uint64_t own = next_++;
  queue_.push_back(own);
  const auto is_ours = [&] { return queue_.front() == own; };
  if (!is_ours() && waits) {
    const std::size_t before = queue_.size() - 1;
    lock.unlock();  // what is said may take its time
    waits(before);
    lock.lock();
  }
  while (!moved_.wait_for(lock, kLookEvery, is_ours)) {
    if (!given_up) continue;
    lock.unlock();
    const bool gone = given_up();
    lock.lock();
    if (!gone || is_ours()) continue;
    std::erase(queue_, own);
    return fail(Errc::kUnavailable, "the import was given up while it waited for its turn",
                "nothing of it was begun; the same command begins it");
  }
  return Turn(this);
}

void ImportQueue::leave() {
  const std::lock_guard lock(mutex_);
  queue_.pop_front();
  moved_.notify_all();
}

}  // namespace behoud::ledger
