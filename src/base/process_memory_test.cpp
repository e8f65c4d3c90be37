#include "base/process_memory.h"

#include <cstddef>
#include <cstring>
#include <memory>

#include <gtest/gtest.h>

namespace behoud {
namespace {

TEST(ProcessMemory, ThePeakRemembersWhatWasGivenBack) {
  constexpr std::size_t kBytes = std::size_t{64} << 20;
  const double before = resident_bytes();
  ASSERT_GT(before, 0);
  {
    const auto block = std::make_unique_for_overwrite<std::byte[]>(kBytes);
    std::memset(block.get(), 1, kBytes);
    EXPECT_EQ(block[kBytes - 1], std::byte{1});
    EXPECT_GT(resident_bytes(), before + kBytes / 2.0);
  }
  EXPECT_GT(peak_resident_bytes(), before + kBytes / 2.0);
  const double now = resident_bytes();
  EXPECT_GE(peak_resident_bytes(), now);
  forget_peak_resident();
  EXPECT_GE(peak_resident_bytes(), before / 2) << "it is what is held at least";
}

}  // namespace
}  // namespace behoud
