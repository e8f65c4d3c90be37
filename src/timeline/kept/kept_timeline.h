#pragma once

// A ledger's timeline, kept on the disk beside it: opened in milliseconds, brought up to the ledger by what came since
// alone (tail_replay.h), derived anew where that cannot be told customer by customer, or where the file is damaged.
// Damage that shows itself later, when a column is read for the first time, is mended the same way, and the asker waits
// for it. Nothing that happens to the file is an error of a question's: why it was derived is said.
//
//   TRY_ASSIGN(const auto kept, KeptTimeline::open(folder, [&] { return ledger.snapshot(); }, {.made_by = program}));
//   TRY_ASSIGN(const KeptTimeline::Reading now, kept->to_read({Role::kOrdered}));
//   TRY(kept->follow());                                       // after an import
//   TRY(kept->tend());                                         // on a thread of its own (upkeep.h)
//
// Writing. What came stays in memory, and in the ledger, until so many events came that writing costs at most
// `bytes_an_event` of them: then the ranges of customers that were touched are written anew, the others stay. So a
// start replays at most that many. Until then a range in which an eighth was touched is compacted in memory, so that
// the delta stays small beside the base. Both are done by who tends; where nobody does (`tended` is false), who follows
// writes. Who asks never waits for either; who follows waits for a writing, not for a compaction.
//
// Thread-safety: any thread.

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "timeline/kept/kept_mark.h"
#include "timeline/kept/ledger_state.h"
#include "timeline/kept/statement_index.h"
#include "timeline/kept/tail_replay.h"
#include "timeline/live/live_timeline.h"
#include "timeline/source/derived.h"

namespace behoud::timeline {

class KeptTimeline {
 public:
  struct Options {
    std::uint64_t made_by = 0;        // a digest of the program
    std::uint32_t window_days = 365;  // of a shop that has chosen none yet
    double bytes_an_event = 150;
    bool tended = false;  // somebody calls tend()
    const FileCalls* calls = &system_calls();
  };
  // The ledger's state as it is now.
  using Take = std::function<Result<ledger::Snapshot>()>;

  // Errors: those of `take` and of deriving.
  static Result<std::unique_ptr<KeptTimeline>> open(std::string folder, Take take, Options options);

  // Brings it up to the ledger's state. Errors: those of `take` and of deriving; what there was stands.
  Result<void> follow();

  // One consistent revision; what it needs stays with it.
  struct Reading {
    std::shared_ptr<const Timeline> timeline;
    std::shared_ptr<const Dictionaries> dictionaries;  // of its columns' codes
  };
  // The columns of these roles may be read. Errors: those of `take` and of deriving.
  Result<Reading> to_read(std::span<const Role> roles) const;
  Result<Reading> to_read(std::initializer_list<Role> roles) const {
    return to_read(std::span(roles.begin(), roles.size()));
  }
  // The number of the customer that an identity is, resolved by the merges, in what was brought up to the ledger last.
  // Errors: those of to_read.
  Result<std::optional<std::uint32_t>> customer(ledger::IdentityRef identity) const;
  // Reads through the whole file once, and mends what is damaged: for a thread in the background.
  Result<void> check_all(const std::function<bool()>& go_on = {}) const;

  // Compacts the ranges that are due, and writes where that is. By one thread at a time; `go_on` is asked before each
  // range. Errors: those of compacting; what there was stands.
  Result<void> tend(const std::function<bool()>& go_on = {}) const;

  // Writes what came since, however little. Errors: kUnavailable (the old revision of the file stands).
  Result<void> write() const;

  struct Account {
    std::vector<NotKept> derived_because;         // why it was derived and not opened or followed, each time
    std::optional<Error> not_written;             // what kept it from being written last
    std::uint64_t tails = 0;                      // how often the tail alone was read
    Replayed replayed;                            // by all of them
    std::uint64_t writes = 0, bytes_written = 0;  // of what followed: not of what was derived anew
    std::uint64_t events_written = 0;             // rows that came, and are in the file
    std::uint64_t compacted = 0;                  // ranges, in memory
  };
  Account account() const;

 private:
  // What the timeline is at now. Whoever changes it holds changing_.
  struct State {
    std::shared_ptr<LiveTimeline> live;
    std::shared_ptr<const Dictionaries> dictionaries;
    std::optional<StatementIndex> index;  // nullopt: lies in the file, and was not needed yet
    LedgerState at;
    std::shared_ptr<const TimelineFile> file;  // that the base is mapped from; nullptr: it lies in memory
    std::uint64_t rows_since = 0;              // that came since the file was written
  };

  KeptTimeline(std::string folder, Take take, const Options& options)
      : folder_(std::move(folder)), take_(std::move(take)), options_(options) {}
  Result<State> opened() const;
  Result<std::optional<NotKept>> followed(State& state, const ledger::Snapshot& snapshot) const;
  // What is known of statements and people, read from the file where it was not yet; nullptr: nothing is.
  Result<StatementIndex*> index_of(State& state) const;
  Result<void> make(const ledger::Snapshot& snapshot, NotKept why) const;
  Result<void> mend(const TimelineFile* damaged, const Error& error) const;
  // Of the state, with what it holds in memory. The first keeps in the account what went wrong.
  void write_state() const;
  Result<std::uint64_t> write_file_of_state() const;
  void write_if_due() const;
  void show(State state) const;

  const std::string folder_;
  const Take take_;
  const Options options_;
  mutable std::mutex changing_;  // one opens, follows, derives or writes
  mutable State state_;          // by changing_
  mutable std::mutex reading_;   // guards what is below, for as long as copying takes
  mutable Reading now_;
  mutable std::shared_ptr<const TimelineFile> file_now_;
  mutable Account account_;
};

}  // namespace behoud::timeline
