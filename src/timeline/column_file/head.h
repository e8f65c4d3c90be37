#pragma once

// The head of a column file: what was written, from which state of the ledger, and where each column lies. The layout,
// byte by byte, is docs/formats/timeline.md.
//
// A column file is a folder: HEAD, and a file for each segment (a range of customers) with its columns as blocks, one
// after the other. Segment files are never changed once written; a new HEAD names those that hold from then on.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "timeline/column.h"

namespace behoud::timeline {

inline constexpr std::uint32_t kColumnFileVersion = 1;
inline constexpr std::size_t kSegmentHeaderBytes = 64;  // before the first block
static_assert(kColumnAlignment == 64 && kColumnPadding == 64, "blocks lie in files as columns do in memory");
inline constexpr std::uint64_t kHeadBytesMax = std::uint64_t{64} << 20;

// The ledger's state that a file was derived from. The file holds exactly what the ledger said then.
struct FileMark {
  std::array<std::uint8_t, 16> generation{};  // of the ledger: another one means another past
  std::int64_t seq = 0;                       // the greatest that was read
  std::uint64_t settings = 0;                 // a digest of the settings that columns depend on (zone, currency, ..)
  std::int64_t epoch_ms = 0;                  // what instants in the columns count from
  friend bool operator==(const FileMark&, const FileMark&) = default;
};

// `count` values, each `base` and the unsigned number of `width` bytes, little-endian, that lies at `offset` of the
// segment's file. Of width 0 no bytes are there: every value is `base`.
struct BlockEntry {
  std::uint16_t column = 0;
  std::uint8_t width = 0;  // 0, 1, 2, 4 or 8
  std::int64_t base = 0;
  std::uint64_t count = 0, offset = 0;
  std::uint64_t checksum = 0;  // of the block and the zeroes behind it; the seed is block_seed()
  std::uint64_t bytes() const { return count * width; }
  std::uint64_t bytes_with_padding() const;
  friend bool operator==(const BlockEntry&, const BlockEntry&) = default;
};

// A segment's file. Blocks ascend by column; offsets ascend too.
struct SegmentEntry {
  std::uint64_t number = 0;  // of the file; no number is given twice in a folder's life
  std::uint64_t bytes = 0;   // the file's length
  std::uint32_t first_customer = 0, customers = 0, events = 0, orders = 0;
  std::vector<BlockEntry> blocks;
  friend bool operator==(const SegmentEntry&, const SegmentEntry&) = default;
};

struct Head {
  std::uint64_t write = 0;  // counts the heads of this folder, from 1
  FileMark mark;
  SegmentEntry shared;                 // what belongs to no customer (dictionaries); number 0: nothing
  std::vector<SegmentEntry> segments;  // by customers, without a gap, from customer 0
  friend bool operator==(const Head&, const Head&) = default;
};

std::uint64_t block_seed(std::uint64_t number, std::uint16_t column);
std::string segment_header(std::uint64_t number, const FileMark& mark);
std::string segment_file_name(std::uint64_t number);  // "0000000000000007.seg"

// Requires what decode() checks.
std::string encode(const Head& head);
// Errors: kCorrupt (not a head, damaged, or one that contradicts itself), kConflict (of another version).
Result<Head> decode(std::string_view bytes);

}  // namespace behoud::timeline
