#pragma once

// Writes the next revision of a column file: segments one after the other, each whole and synced under a name of its
// own, then the head over the old one at once. Before commit() returns well nothing has changed for whoever opens the
// file; a process killed at any instant leaves the old revision or the new one, and files that nobody names, which the
// next writer removes. One writer at a time (the process that owns the data folder).
//
// Errors of every call: kUnavailable (disk full, an fsync that failed; the old revision stands), after which the writer
// is of no more use.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/file.h"
#include "timeline/column_file/column_file.h"

namespace behoud::timeline {

// What a block is to hold: the values of `data` as they lie. Of width 0 it has none.
struct BlockData {
  std::uint16_t column = 0;
  Column data;
};

class ColumnFileWriter {
 public:
  // Makes the folder where there is none. `base`: the revision that this one follows, whose segments can be kept; none:
  // all is new, whatever lies there (damaged, of another ledger).
  static Result<ColumnFileWriter> begin(std::string folder, const FileMark& mark, const ColumnFile* base = nullptr,
                                        const FileCalls& calls = system_calls());
  ~ColumnFileWriter();
  ColumnFileWriter(ColumnFileWriter&& other) noexcept;
  ColumnFileWriter& operator=(ColumnFileWriter&&) = delete;

  // Segments come in the order of their customers, from customer 0. Blocks ascend by column. Requires for keep() that
  // base has the mark's generation and epoch, and that the segment begins with the customer that is next.
  Result<void> add(std::uint32_t customers, std::uint32_t events, std::uint32_t orders,
                   std::span<const BlockData> blocks);
  void keep(std::size_t segment_of_base);
  // What belongs to no customer. Without it the new revision shares nothing.
  Result<void> share(std::span<const BlockData> blocks);
  void keep_shared();

  Result<void> commit();
  std::uint64_t bytes_written() const { return bytes_written_; }

 private:
  ColumnFileWriter(std::string folder, const FileMark& mark, const ColumnFile* base, const FileCalls& calls)
      : folder_(std::move(folder)), base_(base), calls_(&calls) {
    head_.mark = mark;
  }
  Result<SegmentEntry> write(std::span<const BlockData> blocks);
  void remove_unnamed(const Head& named) const;

  std::string folder_;
  const ColumnFile* base_;
  const FileCalls* calls_;
  Head head_;
  std::uint64_t next_number_ = 1, next_customer_ = 0, bytes_written_ = 0;
  std::vector<std::uint64_t> written_;  // numbers of the files that are ours until the commit
};

}  // namespace behoud::timeline
