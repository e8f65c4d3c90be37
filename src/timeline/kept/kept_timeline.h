#pragma once

// A ledger's timeline, kept on the disk: opened in milliseconds where the folder holds it for this very state of the
// ledger, else derived and kept there. Damage that shows itself later, when a column is read for the first time, is
// mended the same way, and the asker waits for it. Nothing that happens to the file is an error of a question's: why it
// was derived is said.
//
//   TRY_ASSIGN(const auto kept, KeptTimeline::open(folder, mark_of(snapshot, program), [&] { return ...; }));
//   TRY_ASSIGN(const Timeline* timeline, kept->to_read({Role::kOrdered}));
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
#include "timeline/source/derived.h"

namespace behoud::timeline {

class KeptTimeline {
 public:
  // Derives the timeline of the mark's state of the ledger: called at once, or never, or when damage shows.
  using Derive = std::function<Result<LaidOut>()>;

  // Errors: those of `derive`.
  static Result<std::unique_ptr<KeptTimeline>> open(std::string folder, const FileMark& mark, Derive derive,
                                                    const FileCalls& calls = system_calls());

  // The timeline, of which the columns of these roles may be read; valid as long as this. Errors: those of `derive`.
  Result<const Timeline*> to_read(std::span<const Role> roles) const;
  Result<const Timeline*> to_read(std::initializer_list<Role> roles) const {
    return to_read(std::span(roles.begin(), roles.size()));
  }
  // Of the timeline that was given last; valid as long as this.
  const Dictionaries& dictionaries() const;

  // Why the timeline was derived and not opened, each time; empty: it was opened.
  std::vector<NotKept> derived_because() const;
  // What kept it from being written, if anything: the system, or nothing where another process was writing.
  std::optional<Error> not_written() const;

 private:
  KeptTimeline(std::string folder, const FileMark& mark, Derive derive, const FileCalls& calls)
      : folder_(std::move(folder)), mark_(mark), derive_(std::move(derive)), calls_(&calls) {}
  Result<void> make(NotKept why) const;

  std::string folder_;
  FileMark mark_;
  Derive derive_;
  const FileCalls* calls_;
  mutable std::mutex mutex_;
  // A file, once opened, stays: what was given out of it is still read.
  mutable std::optional<TimelineFile> file_;
  mutable std::unique_ptr<const LaidOut> made_;  // takes the file's place
  mutable std::vector<NotKept> because_;
  mutable std::optional<Error> not_written_;
};

}  // namespace behoud::timeline
