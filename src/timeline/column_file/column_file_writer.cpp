#include "timeline/column_file/column_file_writer.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "base/hash.h"

namespace behoud::timeline {
namespace {

namespace fs = std::filesystem;

constexpr std::array<char, kColumnPadding + kColumnAlignment> kZeroBytes{};
constexpr std::string_view kZeroes{kZeroBytes.data(), kZeroBytes.size()};

// The number in a segment file's name; 0: another file.
std::uint64_t number_of(const std::string& name) {
  std::uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(name.data(), name.data() + std::min<std::size_t>(name.size(), 16), number, 16);
  return error == std::errc{} && name == segment_file_name(number) ? number : 0;
}

}  // namespace

Result<ColumnFileWriter> ColumnFileWriter::begin(std::string folder, const FileMark& mark, const ColumnFile* base,
                                                 const FileCalls& calls) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return fail(Errc::kUnavailable, "cannot make the folder of the timeline: " + error.message(), {}, {folder});
  ColumnFileWriter out(std::move(folder), mark, base, calls);
  // Numbers go on where any file stopped, so that a reader of an older head never finds another file under its name.
  if (base != nullptr) {
    out.head_.write = base->head().write;
    out.remove_unnamed(base->head());
  }
  for (const auto& entry : fs::directory_iterator(out.folder_, error)) {
    out.next_number_ = std::max(out.next_number_, number_of(entry.path().filename().string()) + 1);
  }
  if (error) {
    return fail(Errc::kUnavailable, "cannot list the folder of the timeline: " + error.message(), {}, {out.folder_});
  }
  return out;
}

ColumnFileWriter::ColumnFileWriter(ColumnFileWriter&& other) noexcept
    : folder_(std::move(other.folder_)),
      base_(other.base_),
      calls_(other.calls_),
      head_(std::move(other.head_)),
      next_number_(other.next_number_),
      next_customer_(other.next_customer_),
      bytes_written_(other.bytes_written_),
      written_(std::exchange(other.written_, {})) {}

ColumnFileWriter::~ColumnFileWriter() {
  std::error_code ignored;
  for (const std::uint64_t number : written_) fs::remove(folder_ + '/' + segment_file_name(number), ignored);
}

Result<SegmentEntry> ColumnFileWriter::write(std::span<const BlockData> blocks) {
  SegmentEntry out;
  out.number = next_number_++;
  out.bytes = kSegmentHeaderBytes;
  TRY_ASSIGN(AtomicFile file, AtomicFile::create(folder_ + '/' + segment_file_name(out.number), *calls_));
  TRY(file.append(segment_header(out.number, head_.mark)));
  for (const BlockData& b : blocks) {
    assert(out.blocks.empty() || out.blocks.back().column < b.column);
    BlockEntry entry{
        .column = b.column, .width = b.data.width, .base = b.data.base, .count = b.data.count, .offset = out.bytes};
    const std::string_view bytes(reinterpret_cast<const char*>(b.data.data), b.data.bytes());
    const std::string_view padding = kZeroes.substr(0, entry.bytes_with_padding() - bytes.size());
    Checksum sum(block_seed(out.number, b.column));
    sum.add(bytes);
    sum.add(padding);
    entry.checksum = sum.digest();
    out.blocks.push_back(entry);
    TRY(file.append(bytes));
    TRY(file.append(padding));
    out.bytes += bytes.size() + padding.size();
  }
  // From the rename on the file is there, even where the commit then fails.
  written_.push_back(out.number);
  TRY(file.commit());
  bytes_written_ += out.bytes;
  return out;
}

Result<void> ColumnFileWriter::add(std::uint32_t customers, std::uint32_t events, std::uint32_t orders,
                                   std::span<const BlockData> blocks) {
  TRY_ASSIGN(SegmentEntry entry, write(blocks));
  entry.first_customer = static_cast<std::uint32_t>(next_customer_);
  entry.customers = customers;
  entry.events = events;
  entry.orders = orders;
  next_customer_ += customers;
  assert(next_customer_ <= UINT32_MAX);
  head_.segments.push_back(std::move(entry));
  return {};
}

void ColumnFileWriter::keep(std::size_t segment_of_base) {
  const SegmentEntry& entry = base_->head().segments[segment_of_base];
  assert(base_->head().mark.generation == head_.mark.generation && base_->head().mark.epoch_ms == head_.mark.epoch_ms);
  assert(entry.first_customer == next_customer_);
  next_customer_ += entry.customers;
  head_.segments.push_back(entry);
}

Result<void> ColumnFileWriter::share(std::span<const BlockData> blocks) {
  TRY_ASSIGN(head_.shared, write(blocks));
  return {};
}

void ColumnFileWriter::keep_shared() { head_.shared = base_->head().shared; }

Result<void> ColumnFileWriter::commit() {
  ++head_.write;
  const std::string bytes = encode(head_);
  TRY_ASSIGN(AtomicFile file, AtomicFile::create(folder_ + "/HEAD", *calls_));
  TRY(file.append(bytes));
  // When only the sync of the folder fails, the new head stands already and needs our files: nothing is removed then.
  const std::vector<std::uint64_t> ours = std::exchange(written_, {});
  if (Result<void> committed = file.commit(); !committed) {
    if (const auto now = read_file(folder_ + "/HEAD", kHeadBytesMax); !now || *now != bytes) written_ = ours;
    return committed;
  }
  bytes_written_ += bytes.size();
  remove_unnamed(head_);
  return {};
}

void ColumnFileWriter::remove_unnamed(const Head& named) const {
  std::set<std::uint64_t> numbers{named.shared.number};
  for (const SegmentEntry& s : named.segments) numbers.insert(s.number);
  std::error_code ignored;
  std::vector<fs::path> unnamed;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    const std::string name = entry.path().filename().string();
    const std::uint64_t number = number_of(name);
    if (number != 0 ? !numbers.contains(number) : name.ends_with(".part")) unnamed.push_back(entry.path());
  }
  for (const fs::path& path : unnamed) fs::remove(path, ignored);
}

}  // namespace behoud::timeline
