#pragma once

// A column file, mapped: the head and the length and header of every segment file are checked when it is opened, each
// block when it is touched first, all of them by check_all() in the background. No byte of an unchecked block is given
// out. What is damaged is said (kCorrupt, with the file): whoever holds the ledger derives the file anew.
//
// A ColumnFile is one consistent revision. It keeps its files open, so that it stays whole while newer ones are written
// and its own are removed. Requires that nobody writes into a segment file in place (replacing one is safe).
//
// Cost: opening reads the head alone; a block's check reads it once, at some GB/s. Thread-safety: any thread.

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "timeline/column.h"
#include "timeline/column_file/head.h"

namespace behoud::timeline {

class ColumnFile {
 public:
  // Segments that `before` has too are shared with it, and so is what is known of their blocks.
  // Errors: kNotFound (no HEAD there), kCorrupt, kConflict (of another version), kUnavailable.
  static Result<ColumnFile> open(const std::string& folder, const ColumnFile* before = nullptr);

  const Head& head() const { return head_; }
  std::uint64_t bytes() const;  // of all files

  // A column's values where they lie, checked; of count 0 where the segment has no such column. Valid as long as `keep`
  // of the segment. Errors: kCorrupt. Requires segment < head().segments.size().
  Result<Column> shared(std::uint16_t column) const;
  Result<Column> column(std::size_t segment, std::uint16_t column) const;

  // For who lays all columns of a segment out and has them checked before reading: where block i of the segment lies,
  // its check, and what keeps the bytes alive.
  Column unchecked(std::size_t segment, std::size_t block) const;
  Result<void> check(std::size_t segment, std::size_t block) const;
  std::shared_ptr<const void> keep(std::size_t segment) const;

  // Every block that nobody has touched yet; `go_on` is asked before each. Errors: kCorrupt (the first damage).
  Result<void> check_all(const std::function<bool()>& go_on = {}) const;

 private:
  struct File;
  ColumnFile(Head head, std::shared_ptr<const File> shared, std::vector<std::shared_ptr<const File>> segments)
      : head_(std::move(head)), shared_(std::move(shared)), segments_(std::move(segments)) {}
  static Result<std::shared_ptr<const File>> open_file(const std::string& folder, const SegmentEntry& entry,
                                                       const FileMark& mark, const ColumnFile* before);

  Head head_;
  std::shared_ptr<const File> shared_;  // nullptr: nothing is shared
  std::vector<std::shared_ptr<const File>> segments_;
};

}  // namespace behoud::timeline
