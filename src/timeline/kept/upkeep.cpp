#include "timeline/kept/upkeep.h"

namespace behoud::timeline {

Upkeep::Upkeep(const KeptTimeline& kept) : kept_(kept), thread_([this] { work(); }) {}

Upkeep::~Upkeep() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Upkeep::wake() {
  {
    const std::lock_guard lock(mutex_);
    ++asked_;
  }
  changed_.notify_all();
}

void Upkeep::settle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this, wanted = asked_] { return stopping_ || done_ >= wanted; });
}

std::optional<Error> Upkeep::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

bool Upkeep::goes_on() const {
  const std::lock_guard lock(mutex_);
  return !stopping_;
}

void Upkeep::work() {
  Result<void> ended = kept_.check_all([this] { return goes_on(); });
  for (;;) {
    std::uint64_t asked = 0;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || asked_ != done_; });
      if (stopping_) return;
      asked = asked_;
    }
    if (ended) ended = kept_.tend([this] { return goes_on(); });
    {
      const std::lock_guard lock(mutex_);
      trouble_ = ended ? std::nullopt : std::optional<Error>(ended.error());
      done_ = asked;
    }
    changed_.notify_all();
    ended = {};
  }
}

}  // namespace behoud::timeline
