#pragma once

// A timeline on the disk: its base (segments by range of customers; who is hidden is nobody) as a column file, with its
// scale, schema and dictionaries. What is opened is mapped; a column is checked before a question reads it.
//
//   TRY_ASSIGN(const TimelineFile file, TimelineFile::open(folder));
//   TRY_ASSIGN(const Timeline* timeline, file.to_read({Role::kOrdered, Role::kFirstDay}));
//
// Cost: opening reads the head and what is shared; a column's first question reads it once more. Thread-safety: any.

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "timeline/column_file/column_file.h"
#include "timeline/column_file/column_file_writer.h"
#include "timeline/timeline.h"

namespace behoud::timeline {

// Texts by code: those of a dimension's dictionary. Code 0 is "not known", and "".
using Words = std::vector<std::string>;
struct Dictionaries {
  std::vector<Words> customer, event;  // by Schema::customer_dimensions, Schema::event_dimensions
  friend bool operator==(const Dictionaries&, const Dictionaries&) = default;
};

class TimelineFile {
 public:
  // Errors: those of ColumnFile::open; kCorrupt too where the columns are none of a timeline, or the zone's clock
  // changes are other ones than when it was written (civil days would not hold).
  static Result<TimelineFile> open(const std::string& folder, const TimelineFile* before = nullptr);

  const FileMark& mark() const { return file_->head().mark; }
  const Dictionaries& dictionaries() const { return dictionaries_; }
  std::uint64_t bytes() const { return file_->bytes(); }

  // The timeline, of which the columns of these roles alone may be read; valid as long as this. The first call for a
  // role checks its columns, on two threads. Errors: kCorrupt.
  Result<const Timeline*> to_read(std::span<const Role> roles) const;
  Result<const Timeline*> to_read(std::initializer_list<Role> roles) const {
    return to_read(std::span(roles.begin(), roles.size()));
  }
  // Every column: what a background thread does after a start. Errors: kCorrupt.
  Result<void> check_all(const std::function<bool()>& go_on = {}) const { return file_->check_all(go_on); }

  const ColumnFile& columns() const { return *file_; }

 private:
  TimelineFile(std::unique_ptr<const ColumnFile> file, Timeline timeline, Dictionaries dictionaries)
      : file_(std::move(file)), timeline_(std::move(timeline)), dictionaries_(std::move(dictionaries)) {}

  std::unique_ptr<const ColumnFile> file_;
  Timeline timeline_;
  Dictionaries dictionaries_;
};

// Writes a timeline's parts as the next revision of the folder's file. `base` is what lies there, if it holds; part i
// that is segment kept[i] of it, unchanged, is not written again (kept may be empty: none is). Gives the bytes written.
// Requires parts by customers from customer 0 on without a gap, none with numbers of its own, who is hidden blank; kept
// segments only of the same ledger and scale. `beside` are more shared columns, from 16 on, ascending. Errors:
// kUnavailable (the old revision stands).
Result<std::uint64_t> write_timeline(const std::string& folder, const FileMark& mark, const Timeline& timeline,
                                     const Dictionaries& dictionaries, const TimelineFile* base = nullptr,
                                     std::span<const std::optional<std::size_t>> kept = {},
                                     const FileCalls& calls = system_calls(), std::span<const BlockData> beside = {});

}  // namespace behoud::timeline
