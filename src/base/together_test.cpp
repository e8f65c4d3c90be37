#include "base/together.h"

#include <algorithm>
#include <new>

#include <gtest/gtest.h>

#include "base/huge_pages.h"

namespace behoud {
namespace {

TEST(Together, EachTaskRunsOnceAndAllHaveEndedAfterwards) {
  for (const std::size_t count : {0U, 1U, 2U, 50U}) {
    std::vector<std::atomic<int>> runs(count);
    std::vector<std::function<void()>> tasks;
    for (auto& run : runs) tasks.emplace_back([&run] { ++run; });
    run_together(tasks);
    EXPECT_TRUE(std::ranges::all_of(runs, [](const auto& run) { return run == 1; })) << count;
  }
}

TEST(Together, AnExceptionOfATaskComesOutHere) {
  EXPECT_THROW(run_together({[] {}, [] { throw std::bad_alloc(); }, [] {}}), std::bad_alloc);
}

TEST(Together, PartsMakeUpTheWholeWithoutOverlap) {
  for (const std::size_t size : {0U, 1U, 3U, 4U, 1001U}) {
    std::vector<int> visits(size, 0);
    std::vector<std::size_t> begins(kParts), ends(kParts);
    run_in_parts(size, [&](std::size_t part, std::size_t begin, std::size_t end) {
      begins[part] = begin;
      ends[part] = end;
      for (std::size_t i = begin; i < end; ++i) ++visits[i];
    });
    EXPECT_TRUE(std::ranges::all_of(visits, [](int n) { return n == 1; })) << size;
    EXPECT_EQ(begins.front(), 0U);
    EXPECT_EQ(ends.back(), size);
    for (std::size_t part = 1; part < kParts; ++part) EXPECT_EQ(begins[part], ends[part - 1]);
  }
}

TEST(HugePages, AVectorIsSizedLikeAnyOther) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{10}, std::size_t{1'000'000}}) {
    std::vector<std::int64_t> numbers;
    resize_huge(numbers, size);
    EXPECT_EQ(numbers, std::vector<std::int64_t>(size));
  }
}

TEST(HugePages, AnArrayIsOfZeroesAndMayBeMoved) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{10}, std::size_t{1'000'000}}) {
    ZeroedArray<std::int64_t> array(size);
    EXPECT_TRUE(std::ranges::all_of(array.span(), [](std::int64_t n) { return n == 0; }));
    if (size > 0) array[size - 1] = 7;
    const ZeroedArray<std::int64_t> moved = std::move(array);
    ASSERT_EQ(moved.span().size(), size);
    EXPECT_TRUE(size == 0 || moved.span().back() == 7);
  }
}

}  // namespace
}  // namespace behoud
