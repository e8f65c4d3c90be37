#include "timeline/column_file/column_file.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"

namespace behoud::timeline {
namespace {

enum class Seen : std::uint8_t { kNot, kGood, kBad };

// A writer that swaps the head removes the files of the old one: a reader that holds the old head looks again.
constexpr int kAttempts = 8;

}  // namespace

struct ColumnFile::File {
  File(std::string path, SegmentEntry segment, MappedFile mapped)
      : name(std::move(path)), entry(std::move(segment)), map(std::move(mapped)), seen(entry.blocks.size()) {}

  Column unchecked(std::size_t i) const {
    const BlockEntry& b = entry.blocks[i];
    const char* data = b.width == 0 ? nullptr : map.bytes().data() + b.offset;
    return {.data = reinterpret_cast<const std::byte*>(data), .count = b.count, .base = b.base, .width = b.width};
  }
  Result<Column> checked(std::uint16_t column) const {
    const auto found = std::ranges::lower_bound(entry.blocks, column, {}, &BlockEntry::column);
    if (found == entry.blocks.end() || found->column != column) return Column{};
    const auto i = static_cast<std::size_t>(found - entry.blocks.begin());
    TRY(check(i));
    return unchecked(i);
  }

  // Two threads may both read a block through the first time: both find the same.
  Result<void> check(std::size_t i) const {
    const BlockEntry& b = entry.blocks[i];
    Seen now = seen[i].load(std::memory_order_relaxed);
    if (now == Seen::kNot) {
      const std::uint64_t end = i + 1 < entry.blocks.size() ? entry.blocks[i + 1].offset : entry.bytes;
      const std::uint64_t sum =
          checksum(map.bytes().substr(b.offset, end - b.offset), block_seed(entry.number, b.column));
      now = sum == b.checksum ? Seen::kGood : Seen::kBad;
      seen[i].store(now, std::memory_order_relaxed);
    }
    if (now == Seen::kGood) return {};
    return fail(Errc::kCorrupt, "a column of the timeline is damaged",
                "It is derived from the ledger and is made anew from it.", {name});
  }

  std::string name;
  SegmentEntry entry;
  MappedFile map;
  mutable std::vector<std::atomic<Seen>> seen;
};

Result<std::shared_ptr<const ColumnFile::File>> ColumnFile::open_file(const std::string& folder,
                                                                      const SegmentEntry& entry, const FileMark& mark,
                                                                      const ColumnFile* before) {
  if (before != nullptr && before->head_.mark.generation == mark.generation) {
    if (before->shared_ && before->shared_->entry == entry) return before->shared_;
    // Both lists ascend by customers, not by number.
    for (const auto& file : before->segments_) {
      if (file->entry.number == entry.number && file->entry.blocks == entry.blocks) {
        if (file->entry == entry) return file;
      }
    }
  }
  const std::string path = folder + '/' + segment_file_name(entry.number);
  TRY_ASSIGN(MappedFile map, MappedFile::open(path));
  const auto damaged = [&](const char* what) {
    return fail(Errc::kCorrupt, std::string("a segment of the timeline is damaged: ") + what,
                "It is derived from the ledger and is made anew from it.", {path});
  };
  if (map.bytes().size() != entry.bytes) return damaged("its length is not what its head says");
  if (!map.bytes().starts_with(segment_header(entry.number, mark)))
    return damaged("its first bytes are another file's");
  return std::make_shared<const File>(path, entry, std::move(map));
}

Result<ColumnFile> ColumnFile::open(const std::string& folder, const ColumnFile* before) {
  for (int attempt = 1;; ++attempt) {
    TRY_ASSIGN(const std::string bytes, read_file(folder + "/HEAD", kHeadBytesMax));
    Result<Head> head = decode(bytes);
    if (!head) {
      Error error = std::move(head).error();
      error.place.file = folder + "/HEAD";
      return std::unexpected(std::move(error));
    }
    std::shared_ptr<const File> shared;
    std::vector<std::shared_ptr<const File>> segments;
    segments.reserve(head->segments.size());
    Result<void> opened;
    const auto open_one = [&](const SegmentEntry& entry) -> std::shared_ptr<const File> {
      if (!opened) return nullptr;
      auto file = open_file(folder, entry, head->mark, before);
      if (file) return std::move(*file);
      opened = std::unexpected(std::move(file).error());
      return nullptr;
    };
    if (head->shared.number != 0) shared = open_one(head->shared);
    for (const SegmentEntry& entry : head->segments) segments.push_back(open_one(entry));
    if (opened) return ColumnFile(std::move(*head), std::move(shared), std::move(segments));
    if (opened.error().code != Errc::kNotFound) return std::unexpected(std::move(opened).error());
    if (attempt == kAttempts) {
      return fail(Errc::kCorrupt, "a segment of the timeline is missing",
                  "It is derived from the ledger and is made anew from it.", opened.error().place);
    }
  }
}

std::uint64_t ColumnFile::bytes() const {
  std::uint64_t out = head_.shared.bytes;
  for (const SegmentEntry& s : head_.segments) out += s.bytes;
  return out;
}

Result<Column> ColumnFile::shared(std::uint16_t column) const {
  if (!shared_) return Column{};
  return shared_->checked(column);
}
Result<Column> ColumnFile::column(std::size_t segment, std::uint16_t column) const {
  return segments_[segment]->checked(column);
}

Column ColumnFile::unchecked(std::size_t segment, std::size_t block) const {
  return segments_[segment]->unchecked(block);
}
Result<void> ColumnFile::check(std::size_t segment, std::size_t block) const {
  return segments_[segment]->check(block);
}
std::shared_ptr<const void> ColumnFile::keep(std::size_t segment) const { return segments_[segment]; }

Result<void> ColumnFile::check_all(const std::function<bool()>& go_on) const {
  const auto check_file = [&](const File& file) -> Result<void> {
    for (std::size_t i = 0; i < file.entry.blocks.size(); ++i) {
      if (go_on && !go_on()) return {};
      TRY(file.check(i));
    }
    return {};
  };
  if (shared_) TRY(check_file(*shared_));
  for (const auto& file : segments_) TRY(check_file(*file));
  return {};
}

}  // namespace behoud::timeline
