#pragma once

// What questions of one shop have in common, kept from one question to the next. A View (internal/view.h) is the shop
// as it stands at an as-of, whatever the window, basis, grain and split: immutable, shared by whoever asks, made once
// by whoever asks first. A Source is what a question is asked of: histories, and where there are such, the kept views.
//
// Prepared belongs to one Histories, whose columns must stay what they are (they may be moved about). It holds at most
// `bytes_max` of views besides the one of the as-of that questions without an own have; the one asked for last stays.
// Thread-safety: any thread. Two that ask for the same view at the same time: one makes it, the other waits.

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>

#include "calendar/day.h"
#include "timeline/histories.h"

namespace behoud::retention {

class View;

class Prepared {
 public:
  explicit Prepared(std::size_t bytes_max = std::size_t{256} << 20);
  ~Prepared();
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  std::shared_ptr<const View> at(const timeline::Histories& h, std::optional<calendar::Instant> as_of) const;

  std::size_t bytes() const;  // of all views held
  std::size_t views() const;

 private:
  struct Making {
    std::mutex mutex;  // held by who makes it
    std::shared_ptr<const View> view;
  };
  struct Kept {
    std::optional<calendar::Instant> as_of;
    std::shared_ptr<Making> making;
    std::shared_ptr<const View> view;  // once it is made
  };
  void make_room() const;  // with the mutex held

  std::size_t bytes_max_;
  mutable std::mutex mutex_;
  mutable std::list<Kept> kept_;  // the last asked for first
};

struct Source {
  Source(const timeline::Histories& h) : histories(h) {}
  Source(const timeline::Histories& h, const Prepared* kept) : histories(h), prepared(kept) {}
  std::shared_ptr<const View> at(std::optional<calendar::Instant> as_of) const;

  const timeline::Histories& histories;
  const Prepared* prepared = nullptr;
};

}  // namespace behoud::retention
