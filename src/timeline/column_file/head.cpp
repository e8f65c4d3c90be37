#include "timeline/column_file/head.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include <fmt/format.h>

#include "base/hash.h"

namespace behoud::timeline {
namespace {

static_assert(std::endian::native == std::endian::little, "columns are little-endian and read as they lie");

constexpr std::string_view kHeadMagic = "BehoudTL", kSegmentMagic = "BehoudTS";
constexpr std::size_t kFixedBytes = 80, kSegmentBytes = 36, kBlockBytes = 36, kChecksumBytes = 8;

template <class T>
void put(std::string& out, T value) {
  const std::size_t at = out.size();
  out.resize(at + sizeof value);
  std::memcpy(out.data() + at, &value, sizeof value);
}

// Reads plain values off the front; what is not there is 0 and said at the end.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  template <class T>
  void take(T& value) {
    if (bytes_.size() < sizeof value) {
      short_ = true;
      value = T{};
      return;
    }
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_.remove_prefix(sizeof value);
  }
  std::size_t left() const { return bytes_.size(); }
  bool whole() const { return !short_; }

 private:
  std::string_view bytes_;
  bool short_ = false;
};

std::unexpected<Error> damaged(std::string what) {
  return fail(Errc::kCorrupt, "the head of the timeline is damaged: " + std::move(what));
}

void put_segment(std::string& out, const SegmentEntry& s) {
  put(out, s.number);
  put(out, s.bytes);
  put(out, s.first_customer);
  put(out, s.customers);
  put(out, s.events);
  put(out, s.orders);
  put(out, static_cast<std::uint32_t>(s.blocks.size()));
  for (const BlockEntry& b : s.blocks) {
    put(out, b.column);
    put(out, b.width);
    put(out, std::uint8_t{0});
    put(out, b.base);
    put(out, b.count);
    put(out, b.offset);
    put(out, b.checksum);
  }
}

Result<SegmentEntry> take_segment(Reader& in) {
  SegmentEntry s;
  std::uint32_t blocks = 0;
  in.take(s.number);
  in.take(s.bytes);
  in.take(s.first_customer);
  in.take(s.customers);
  in.take(s.events);
  in.take(s.orders);
  in.take(blocks);
  if (!in.whole() || blocks > in.left() / kBlockBytes) return damaged("it ends in the middle of a segment");
  s.blocks.resize(blocks);
  std::uint64_t end = kSegmentHeaderBytes;
  for (std::size_t i = 0; i < s.blocks.size(); ++i) {
    BlockEntry& b = s.blocks[i];
    std::uint8_t zero = 0;
    in.take(b.column);
    in.take(b.width);
    in.take(zero);
    in.take(b.base);
    in.take(b.count);
    in.take(b.offset);
    in.take(b.checksum);
    const bool known = b.width == 0 || (std::has_single_bit(b.width) && b.width <= 8);
    if (!known || zero != 0) return damaged("a column has no such width");
    if (i > 0 && b.column <= s.blocks[i - 1].column) return damaged("columns are out of order");
    if (b.offset != end || (b.width != 0 && b.count > (s.bytes - std::min(s.bytes, end)) / b.width)) {
      return damaged("a column does not lie in its file");
    }
    end += b.bytes_with_padding();
  }
  const bool nothing = s.number == 0;
  if (nothing ? s != SegmentEntry{} : end != s.bytes) return damaged("a segment is not as long as its columns");
  return s;
}

}  // namespace

std::uint64_t BlockEntry::bytes_with_padding() const {
  if (width == 0) return 0;
  return (bytes() + kColumnPadding + kColumnAlignment - 1) / kColumnAlignment * kColumnAlignment;
}

std::uint64_t block_seed(std::uint64_t number, std::uint16_t column) { return number << 16 | column; }

std::string segment_header(std::uint64_t number, const FileMark& mark) {
  std::string out(kSegmentMagic);
  put(out, kColumnFileVersion);
  put(out, std::uint32_t{0});
  put(out, number);
  out.append(reinterpret_cast<const char*>(mark.generation.data()), mark.generation.size());
  put(out, mark.epoch_ms);
  out.resize(kSegmentHeaderBytes);
  return out;
}

std::string segment_file_name(std::uint64_t number) { return fmt::format("{:016x}.seg", number); }

std::string encode(const Head& head) {
  std::string out(kHeadMagic);
  put(out, kColumnFileVersion);
  put(out, static_cast<std::uint32_t>(head.segments.size()));
  const std::size_t length_at = out.size();
  put(out, std::uint64_t{0});
  put(out, head.write);
  put(out, head.mark.generation);
  put(out, head.mark.seq);
  put(out, head.mark.settings);
  put(out, head.mark.epoch_ms);
  put(out, std::uint64_t{0});
  put_segment(out, head.shared);
  for (const SegmentEntry& s : head.segments) put_segment(out, s);
  const std::uint64_t length = out.size() + kChecksumBytes;
  std::memcpy(out.data() + length_at, &length, sizeof length);
  put(out, checksum(out));
  return out;
}

Result<Head> decode(std::string_view bytes) {
  if (bytes.size() < kFixedBytes + kSegmentBytes + kChecksumBytes || !bytes.starts_with(kHeadMagic)) {
    return damaged("it is no head at all, or cut off");
  }
  Reader in(bytes.substr(kHeadMagic.size(), bytes.size() - kHeadMagic.size() - kChecksumBytes));
  std::uint32_t version = 0, segments = 0;
  std::uint64_t length = 0, zero = 0, sum = 0;
  Head head;
  in.take(version);
  // Of another version nothing else is known, not even where its checksum lies.
  if (version != kColumnFileVersion) {
    return fail(Errc::kConflict, fmt::format("the timeline was written in format {}, this program reads {}", version,
                                             kColumnFileVersion));
  }
  in.take(segments);
  in.take(length);
  if (length != bytes.size()) return damaged("it is cut off, or something was added");
  std::memcpy(&sum, bytes.data() + bytes.size() - kChecksumBytes, sizeof sum);
  if (sum != checksum(bytes.substr(0, bytes.size() - kChecksumBytes))) return damaged("its checksum does not hold");
  in.take(head.write);
  in.take(head.mark.generation);
  in.take(head.mark.seq);
  in.take(head.mark.settings);
  in.take(head.mark.epoch_ms);
  in.take(zero);
  if (zero != 0) return damaged("a reserved field is set");
  TRY_ASSIGN(head.shared, take_segment(in));
  if (head.shared.customers != 0 || head.shared.events != 0 || head.shared.orders != 0)
    return damaged("what is shared names customers");
  if (segments > in.left() / kSegmentBytes) return damaged("it ends before its last segment");
  head.segments.reserve(segments);
  std::uint64_t customers = 0;
  for (std::uint32_t i = 0; i < segments; ++i) {
    TRY_ASSIGN(SegmentEntry s, take_segment(in));
    if (s.number == 0 || s.first_customer != customers) return damaged("its segments leave a gap");
    customers += s.customers;
    if (customers > UINT32_MAX) return damaged("it has more customers than there can be");
    head.segments.push_back(std::move(s));
  }
  if (in.left() != 0) return damaged("something lies behind its last segment");
  return head;
}

}  // namespace behoud::timeline
