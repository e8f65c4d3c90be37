#include "ingest/read/parquet_footer.h"

#include <array>
#include <string_view>

#include <fmt/core.h>

namespace behoud::ingest::read {
namespace {

constexpr std::size_t kTail = 8;  // the footer's length and "PAR1"
constexpr int kDepthMax = 24;     // of structs and lists in one another; a footer has six

// Thrift's compact protocol: what a value is, in four bits.
enum Type : std::uint8_t {
  kStop = 0,
  kTrue = 1,
  kFalse = 2,
  kByte = 3,
  kI16 = 4,
  kI32 = 5,
  kI64 = 6,
  kDouble = 7,
  kBinary = 8,
  kList = 9,
  kSet = 10,
  kMap = 11,
  kStruct = 12,
};

// Goes over one struct and remembers how many there are in it.
class Walk {
 public:
  explicit Walk(std::string_view rest) : rest_(rest) {}

  bool structure(int depth) {
    if (depth > kDepthMax || ++structs_ > kStructsMax) return false;
    for (;;) {
      std::uint8_t head = 0;
      if (!byte(head)) return false;
      if (head == kStop) return true;
      std::uint64_t id = 0;
      if (head >> 4 == 0 && !varint(id)) return false;
      const std::uint8_t type = head & 15;
      if (type == kTrue || type == kFalse) continue;  // the type is the value
      if (!value(type, depth)) return false;
    }
  }
  bool too_many() const { return structs_ > kStructsMax; }

 private:
  bool value(std::uint8_t type, int depth) {
    std::uint64_t n = 0;
    switch (type) {
      case kTrue:  // of a list: a byte each
      case kFalse:
      case kByte:
        return skip(1);
      case kI16:
      case kI32:
      case kI64:
        return varint(n);
      case kDouble:
        return skip(8);
      case kBinary:
        return varint(n) && skip(n);
      case kList:
      case kSet:
        return list(depth + 1);
      case kMap:
        return map(depth + 1);
      case kStruct:
        return structure(depth + 1);
      default:
        return false;
    }
  }

  bool list(int depth) {
    std::uint8_t head = 0;
    if (!byte(head)) return false;
    std::uint64_t n = head >> 4;
    if (n == 15 && !varint(n)) return false;
    return values(n, head & 15, kStop, depth);
  }

  bool map(int depth) {
    std::uint64_t n = 0;
    std::uint8_t types = 0;
    if (!varint(n)) return false;
    if (n == 0) return true;
    return byte(types) && values(n, types >> 4, types & 15, depth);
  }

  // n times one value, or one of each. Each takes a byte at least.
  bool values(std::uint64_t n, std::uint8_t first, std::uint8_t second, int depth) {
    if (depth > kDepthMax || n > rest_.size()) return false;
    for (; n > 0; --n) {
      if (!value(first, depth)) return false;
      if (second != kStop && !value(second, depth)) return false;
    }
    return true;
  }

  bool byte(std::uint8_t& out) {
    if (rest_.empty()) return false;
    out = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return true;
  }
  bool skip(std::uint64_t n) {
    if (n > rest_.size()) return false;
    rest_.remove_prefix(static_cast<std::size_t>(n));
    return true;
  }
  bool varint(std::uint64_t& out) {
    out = 0;
    std::uint8_t b = 0x80;
    for (unsigned shift = 0; (b & 0x80) != 0; shift += 7) {
      if (shift > 63 || !byte(b)) return false;
      out |= std::uint64_t{b & 0x7Fu} << shift;
    }
    return true;
  }

  std::string_view rest_;
  std::uint64_t structs_ = 0;
};

std::unexpected<Error> beyond_bounds(const std::string& name) {
  return fail(
      Errc::kOutOfRange,
      fmt::format("{} cannot be read as Parquet (its footer describes more than {} parts, or takes more than {} "
                  "MiB)",
                  name, kStructsMax, kFooterMax >> 20),
      "Write it in fewer row groups, or write it as CSV.", {name, 0, {}}, {"problem.parquet_footer_large"});
}

}  // namespace

Result<void> check_parquet_footer(const Bytes& bytes, const std::string& name) {
  std::array<char, kTail> tail{};
  if (bytes.size() < kTail + 4) return {};
  TRY_ASSIGN(const std::size_t n, bytes.read_at(bytes.size() - kTail, tail));
  if (n != kTail || std::string_view(tail.data() + 4, 4) != "PAR1") return {};
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) size |= std::uint64_t{static_cast<std::uint8_t>(tail[i])} << (8 * i);
  if (size > bytes.size() - kTail - 4) return {};
  if (size > kFooterMax) return beyond_bounds(name);

  std::string footer(static_cast<std::size_t>(size), '\0');
  TRY_ASSIGN(const std::size_t read, bytes.read_at(bytes.size() - kTail - size, footer));
  Walk walk(std::string_view(footer).substr(0, read));
  if (walk.structure(0)) return {};
  if (walk.too_many()) return beyond_bounds(name);
  return fail(Errc::kBadInput, fmt::format("{} cannot be read as Parquet (its footer names more than it holds)", name),
              "Write it again, or write it as CSV.", {name, 0, {}}, {"problem.parquet_damaged"});
}

}  // namespace behoud::ingest::read
