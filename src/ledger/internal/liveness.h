#pragma once

// Which rows count: those that a committed import asserts which was not taken back. Undoing an import touches no row;
// its rows stop counting because nobody asserts them any more. Also when a row was last asserted, which ranks what it
// says (the fold of order.h): a row that a later import repeated was received when that import was.
//
// An import of the very same file as a live one asserts the same rows at the same rank, and keeps them when the first
// is taken back. Thread-safety: immutable.

#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/internal/sqlite.h"
#include "ledger/ledger.h"

namespace behoud::ledger::internal {

class Liveness {
 public:
  // `open` is an unfinished import whose rows shall count too: that of the writer who asks.
  static Result<Liveness> read(Database& db, std::optional<ImportId> open = std::nullopt);

  const std::vector<ImportRow>& imports() const { return imports_; }  // ascending by id
  const ImportRow* find(ImportId id) const;
  // Asserted by itself, or by a live import of the very same file.
  bool live(ImportId id) const { return id < live_.size() && live_[id]; }
  bool any_dead() const { return any_dead_; }

  // Goes along rows of ascending seq.
  class Walk {
   public:
    explicit Walk(const Liveness& of) : of_(of) {}
    // When the row was last received, or nullopt where it does not count.
    std::optional<calendar::Instant> received(Seq seq, ImportId import);

   private:
    const Liveness& of_;
    std::size_t next_ = 0;
  };

 private:
  // Rows [first, last] that live imports assert beside those they brought; disjoint, ascending.
  struct Asserted {
    Seq first, last;
    calendar::Instant received;  // by the latest of them
  };
  std::vector<ImportRow> imports_;
  std::vector<bool> live_;                   // by id
  std::vector<calendar::Instant> received_;  // by id
  std::vector<Asserted> asserted_;
  bool any_dead_ = false;
};

// All imports, open ones too. Columns as ImportRow; `first_seq` and the like are the writer's own.
Result<std::vector<ImportRow>> read_imports(Database& db);
// Their `rejected`, which read_imports() leaves: a database that is to be brought up to date may have no such table.
Result<void> count_rejected(Database& db, std::vector<ImportRow>& imports);

}  // namespace behoud::ledger::internal
