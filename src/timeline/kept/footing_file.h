#pragma once

// The footing of histories (follow.h) in the file that they are kept in (docs/formats/histories.md), so that who reads
// them later can follow on from them. It is read when it is needed: histories that are at the ledger's state need none.

#include <memory>
#include <string>
#include <vector>

#include "timeline/column_file/column_file.h"
#include "timeline/column_file/column_file_writer.h"
#include "timeline/kept/follow.h"

namespace behoud::timeline {

// The columns that are written; `footing` must outlive it. Those of the index come before all others of the file, the
// trace's behind them.
class FootingBlocks {
 public:
  explicit FootingBlocks(const Footing& footing);
  const std::vector<BlockData>& index() const { return index_.blocks; }
  const std::vector<BlockData>& trace() const { return trace_; }

 private:
  template <class T>
  void put(std::uint16_t where, const std::vector<T>& values);
  template <class T>
  void put_own(std::uint16_t where, std::vector<T> values);

  StatementIndex::Written index_;
  std::string about_;
  std::vector<std::shared_ptr<const void>> own_;
  std::vector<BlockData> trace_;
};

// Whether there is one. Errors: kCorrupt.
Result<bool> has_footing(const ColumnFile& file);
// That of the histories that the file holds. Keeps the file. Errors: kCorrupt.
Result<Footing> read_footing(std::shared_ptr<const ColumnFile> file, const Histories& h);

}  // namespace behoud::timeline
