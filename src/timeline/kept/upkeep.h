#pragma once

// Keeps a KeptTimeline in order on a thread of its own: reads through the whole file once, then compacts and writes
// what is due whenever somebody says that the ledger went on. What goes wrong is tried again the next time, and said.
//
//   TRY_ASSIGN(const auto kept, KeptTimeline::open(folder, take, {.made_by = program, .tended = true}));
//   Upkeep upkeep(*kept);
//   TRY(kept->follow());
//   upkeep.wake();
//
// Thread-safety: any thread may wake. It stops between two ranges, or two blocks of the file, when it goes.

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>

#include "timeline/kept/kept_timeline.h"

namespace behoud::timeline {

class Upkeep {
 public:
  // `kept` must outlive it, and nobody else tends it.
  explicit Upkeep(const KeptTimeline& kept);
  ~Upkeep();
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;

  void wake();
  // Waits until everything is done that somebody woke it for, and the file read through.
  void settle();
  std::optional<Error> trouble() const;  // of the last time

 private:
  void work();
  bool goes_on() const;

  const KeptTimeline& kept_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Error> trouble_;
  std::uint64_t asked_ = 1, done_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace behoud::timeline
