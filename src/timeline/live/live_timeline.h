#pragma once

// A timeline that goes on: a base and, for the customers touched since, whole histories that take the place of theirs.
// One writer appends, readers take snapshots, compaction folds what was touched back into the base; none waits for
// another.
//
// How. What is appended waits in memory until it is published: then the touched customers' histories are made anew from
// what the timeline has of them and what came, laid out as a part of the delta, and hidden wherever they stood. Parts
// of the delta grow as numbers in base 4 do: four of a size become one of the next, so that there are few, and an event
// is copied a few times on its way. compact() makes a range of the base anew.
//
// Law. Whatever was appended, in whatever order, published and compacted however often: every question's answer is that
// of a timeline built at once from all of it; and after compacting every range the segments are the same bytes.
//
// A snapshot is immutable and keeps what it needs: it can be read through any number of compactions.
//
// Cost: appending copies the events (some 20 ns each); publishing joins the touched customers' rows column by column
// (segment_join.h), 1 to 2 us each where they lie in no cache, and a few tenths for each size that they move up.
// Thread-safety: append, replace and publish are the writer's, one thread; snapshot() and compact() may be called from
// any other at any time (compact() by one at a time).

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/result.h"
#include "timeline/plain_events.h"
#include "timeline/timeline.h"

namespace behoud::timeline {

class LiveTimeline {
 public:
  // Parts of `base` are ranges of customers one after the other from customer 0; who is hidden is nobody. Those who
  // come later are numbered on.
  explicit LiveTimeline(Timeline base);

  // New events of customers, known or new. Errors: kInvalidArgument (vectors of different lengths, an unknown kind, a
  // customer's number that leaves many out), kOutOfRange (off the scale: the timeline is to be built anew on a longer
  // one); nothing of the batch is taken then.
  Result<void> append(const PlainEvents& events);
  // Whole histories, which take the place of whatever was known: how a change to the past is told. Those without events
  // have none from then on, and those of `gone` are nobody, until something is said of them again. Publishes, what
  // waits too. Errors: as append; kInvalidArgument (numbers that do not ascend).
  Result<void> replace(const PlainCustomers& customers, const PlainEvents& histories, std::int64_t revision,
                       std::span<const std::uint32_t> gone = {});
  // What was appended is in every snapshot from then on. `revision` is that of the snapshot.
  Result<void> publish(std::int64_t revision);
  std::uint64_t waiting() const { return waiting_.size(); }  // events that were not published yet

  // More kinds, dimensions and measures behind those there are. Errors: kInvalidArgument (others are changed).
  Result<void> extend(const Schema& schema);

  std::shared_ptr<const Timeline> snapshot() const;

  // Parts [0, ranges()) of a snapshot are the base; range ranges() is that of the customers who came since, which are
  // in the delta alone.
  std::size_t ranges() const;
  // The ranges worth compacting: the touched customers' events are a share of the range's own.
  std::vector<std::size_t> due(double share = 0.125) const;
  // Makes a range of the base anew, from itself and the delta; range ranges() becomes a range of the base. Nothing
  // happens where nobody was touched. Who writes goes on meanwhile; `meanwhile` is called when the range is made and
  // has not taken its place yet. Errors: kOutOfRange (too many events for one segment); the timeline is unchanged.
  Result<void> compact(std::size_t range, const std::function<void()>& meanwhile = {});
  // What is at one moment: a snapshot, how many of its first parts are the base, and how often each of those was made
  // anew, by which a file knows which of its segments still hold.
  struct Revision {
    std::shared_ptr<const Timeline> timeline;
    std::size_t ranges = 0;
    std::vector<std::uint64_t> versions;
  };
  Revision revision() const;

 private:
  struct PartInfo {
    std::uint64_t id = 0;       // of this segment
    int size_class = 0;         // of the delta: 4^size_class published ones
    std::uint64_t version = 0;  // of the base
  };
  struct State {
    std::shared_ptr<const Timeline> timeline;
    std::vector<PartInfo> parts;  // by part
    std::size_t ranges = 0;
  };

  State state() const;
  void put(State next);
  Result<void> check(const PlainEvents& events, std::uint64_t known) const;
  Result<void> publish_waiting(State& next, std::int64_t revision);
  Result<void> take_place(State& state, Timeline timeline, Segment histories);
  void take_away(State& state, std::span<const std::uint32_t> gone);
  Result<void> merge_sizes(State& state, Timeline& timeline);

  mutable std::mutex reading_;  // guards state_ alone, for as long as copying it takes
  State state_;
  std::mutex changing_;         // one publishes, or swaps a compacted range in; compacting itself does not hold it
  std::mutex compacting_;       // one compacts
  bool is_compacting_ = false;  // by changing_: parts of the delta are not merged meanwhile
  std::vector<std::uint32_t> gone_meanwhile_;  // by changing_: who became nobody while a range was compacted
  std::uint64_t next_id_ = 1;                  // by changing_
  PlainEvents waiting_;                        // the writer's
  std::uint32_t known_ = 0;                    // the writer's: numbers below it may come
};

}  // namespace behoud::timeline
