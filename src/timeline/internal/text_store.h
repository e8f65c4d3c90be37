#pragma once

// Short texts laid one after the other, each known by a reference below 2^31. Record: length (u16), bytes; at a
// multiple of 8, so that references reach 16 GB. Blocks do not move: a view lives as long as the store.

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "base/huge_pages.h"

namespace behoud::timeline {

class TextStore {
 public:
  static constexpr std::size_t kMaxTextBytes = 65'535;

  // nullopt: 16 GB are full. Requires text.size() <= kMaxTextBytes.
  std::optional<std::uint32_t> add(std::string_view text) {
    const std::size_t bytes = (2 + text.size() + 7) & ~std::size_t{7};
    if (blocks_.empty() || used_ + bytes > kBlockBytes) {
      if (blocks_.size() == kBlocksMax) return std::nullopt;
      blocks_.emplace_back(kBlockBytes, blocks_.empty() ? kHugePageBytes : 0);
      used_ = 0;
    }
    char* const record = blocks_.back().data() + used_;
    const auto length = static_cast<std::uint16_t>(text.size());
    std::memcpy(record, &length, 2);
    if (!text.empty()) std::memcpy(record + 2, text.data(), text.size());
    const auto reference = static_cast<std::uint32_t>(((blocks_.size() - 1) * kBlockBytes + used_) / 8);
    used_ += bytes;
    return reference;
  }

  std::string_view text(std::uint32_t reference) const {
    const std::size_t byte = std::size_t{reference} * 8;
    const char* const record = blocks_[byte / kBlockBytes].data() + byte % kBlockBytes;
    std::uint16_t length = 0;
    std::memcpy(&length, record, 2);
    return {record + 2, length};
  }

 private:
  static constexpr std::size_t kBlockBytes = std::size_t{4} << 20;
  static constexpr std::size_t kBlocksMax = (std::size_t{1} << 12) - 1;  // one short of 16 GB: no reference is ~0

  std::vector<ZeroedBytes> blocks_;
  std::size_t used_ = 0;
};

}  // namespace behoud::timeline
