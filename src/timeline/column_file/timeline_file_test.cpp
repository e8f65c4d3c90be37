#include "timeline/column_file/timeline_file.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/testing/temporary_folder.h"
#include "timeline/random_histories.h"

namespace behoud::timeline {
namespace {

std::vector<Role> every_role() {
  std::vector<Role> out;
  for (std::size_t r = 0; r < kRoles; ++r) out.push_back(static_cast<Role>(r));
  return out;
}

// A base of up to three ranges of customers 0, 1, ...
Timeline any_base() {
  RandomHistories all = any_histories();
  all.customers.number.clear();
  for (std::uint32_t& number : all.events.customer) number %= all.customers.count;
  all.customers.first = 0;
  Timeline out{.scale = all.scale,
               .schema = all.schema,
               .parts = {},
               .customer_codes = {4, 1},
               .event_codes = {6, 1},
               .revision = *rc::gen::inRange<std::int64_t>(0, 1'000'000)};
  const auto cut = static_cast<std::uint32_t>(*rc::gen::inRange<std::int64_t>(0, all.customers.count + 1));
  const std::uint32_t bounds[] = {0, cut, all.customers.count};
  for (int b = 0; b < 2; ++b) {
    const auto there = [&](std::size_t row) {
      return all.events.customer[row] >= bounds[b] && all.events.customer[row] < bounds[b + 1];
    };
    const PlainCustomers customers =
        customers_of(all.customers, bounds[b], bounds[b + 1], false, [](std::uint32_t) { return true; });
    out.parts.push_back(
        {.segment = build_segment(all.scale, all.schema, customers, rows_of(all.events, there)).value()});
  }
  return out;
}

void expect_equal(const Timeline& a, const Timeline& b) {
  EXPECT_EQ(a.scale.zone().name(), b.scale.zone().name());
  EXPECT_EQ(a.scale.epoch(), b.scale.epoch());
  EXPECT_EQ(a.scale.seconds(), b.scale.seconds());
  EXPECT_EQ(a.scale.days(), b.scale.days());
  EXPECT_EQ(a.scale.months(), b.scale.months());
  EXPECT_EQ(a.schema, b.schema);
  EXPECT_EQ(a.customer_codes, b.customer_codes);
  EXPECT_EQ(a.event_codes, b.event_codes);
  EXPECT_EQ(a.revision, b.revision);
  ASSERT_EQ(a.parts.size(), b.parts.size());
  for (std::size_t p = 0; p < a.parts.size(); ++p) {
    ASSERT_EQ(a.parts[p].segment.shape(), b.parts[p].segment.shape());
    const auto x = a.parts[p].segment.columns(), y = b.parts[p].segment.columns();
    ASSERT_EQ(x.size(), y.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      EXPECT_EQ(x[i].role, y[i].role);
      EXPECT_EQ(x[i].index, y[i].index);
      EXPECT_EQ(x[i].column.width, y[i].column.width);
      EXPECT_EQ(x[i].column.base, y[i].column.base);
      EXPECT_EQ(std::string(reinterpret_cast<const char*>(x[i].column.data), x[i].column.bytes()),
                std::string(reinterpret_cast<const char*>(y[i].column.data), y[i].column.bytes()))
          << name_of(x[i].role);
    }
    EXPECT_TRUE(b.parts[p].segment.check(b.scale).has_value());
  }
}

const Dictionaries kWords{{{"", "newsletter", "søk"}, {}}, {{"", std::string("a\0b", 3)}}};

RC_GTEST_PROP(TimelineFile, GivesBackTheTimelineThatWasWritten, ()) {
  const TemporaryFolder folder;
  const Timeline timeline = any_base();
  const FileMark mark{.generation = {1, 2, 3}, .seq = 77, .settings = 5};
  const auto written = write_timeline(folder.path(), mark, timeline, kWords);
  RC_ASSERT(written.has_value());
  const auto file = TimelineFile::open(folder.path());
  RC_ASSERT(file.has_value());
  RC_ASSERT(file->bytes() <= *written);
  RC_ASSERT(file->mark().seq == 77);
  RC_ASSERT(file->dictionaries() == kWords);
  const auto read = file->to_read(every_role());
  RC_ASSERT(read.has_value());
  expect_equal(timeline, **read);
  RC_ASSERT(!::testing::Test::HasFailure());
}

Timeline small() {
  const calendar::Instant from{calendar::civil(2024, 3, 1).number * calendar::kMsPerDay};
  Timeline out{.scale = Scale::create(calendar::Zone::create("Europe/Amsterdam").value(), from, from, 40).value(),
               .schema = {.kinds = {"order"}},
               .parts = {}};
  PlainEvents events{
      .customer = {0, 1, 1}, .at_ms = {from.ms, from.ms + 1000, from.ms + 2000}, .gross_minor = {5, 6, 7}};
  out.parts.push_back({.segment = build_segment(out.scale, out.schema, {.count = 2}, events).value()});
  events.customer = {2, 3, 3};
  out.parts.push_back({.segment = build_segment(out.scale, out.schema, {.first = 2, .count = 2}, events).value()});
  return out;
}

TEST(TimelineFile, AQuestionReadsNoColumnThatWasNotChecked) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_timeline(folder.path(), {}, small(), {}));
  const auto whole = TimelineFile::open(folder.path()).value();
  const SegmentEntry& second = whole.columns().head().segments[1];
  // Damage the second range's amounts.
  const Column gross = whole.columns().column(1, static_cast<std::uint16_t>(Role::kGross) << 10).value();
  ASSERT_GT(gross.count, 0u);
  const std::string path = folder / segment_file_name(second.number);
  std::string bytes = read_file(path, 1 << 20).value();
  const auto header =
      reinterpret_cast<const std::byte*>(whole.columns().unchecked(1, 0).data) - second.blocks[0].offset;
  bytes[static_cast<std::size_t>(gross.data - header)] ^= 1;
  std::ofstream(folder / "new", std::ios::binary) << bytes;
  std::filesystem::rename(folder / "new", path);  // as another program would: the old bytes stay with who has them

  EXPECT_TRUE(whole.to_read(every_role()).has_value()) << "replaced under a running reader";
  const auto file = TimelineFile::open(folder.path()).value();
  EXPECT_TRUE(file.to_read({Role::kOrderDay, Role::kFirstDay}).has_value());
  for (int again = 0; again < 2; ++again) {
    const auto refused = file.to_read({Role::kOrderDay, Role::kGross});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::kCorrupt);
    EXPECT_EQ(refused.error().place.file, path);
  }
  EXPECT_EQ(file.check_all().error().code, Errc::kCorrupt);
}

TEST(TimelineFile, KeepsTheRangesThatDidNotChange) {
  const TemporaryFolder folder;
  Timeline timeline = small();
  const std::uint64_t all = write_timeline(folder.path(), {.seq = 1}, timeline, kWords).value();
  const auto before = TimelineFile::open(folder.path()).value();
  timeline.revision = 9;
  const std::optional<std::size_t> kept[] = {0, std::nullopt};
  const std::uint64_t again = write_timeline(folder.path(), {.seq = 2}, timeline, kWords, &before, kept).value();
  EXPECT_LT(again, all);
  const auto after = TimelineFile::open(folder.path(), &before).value();
  EXPECT_EQ(after.mark().seq, 2);
  expect_equal(timeline, **after.to_read(every_role()));
  EXPECT_EQ(before.columns().unchecked(0, 0).data, after.columns().unchecked(0, 0).data);
}

TEST(TimelineFile, AFileThatIsNoTimelineIsRefused) {
  const TemporaryFolder folder;
  EXPECT_EQ(TimelineFile::open(folder.path()).error().code, Errc::kNotFound);
  {
    auto writer = ColumnFileWriter::begin(folder.path(), {}).value();
    ASSERT_TRUE(writer.commit());
  }
  EXPECT_EQ(TimelineFile::open(folder.path()).error().code, Errc::kCorrupt) << "nothing describes it";
  const std::string description = "no description";
  const BlockData shared[] = {
      {1, {.data = reinterpret_cast<const std::byte*>(description.data()), .count = description.size(), .width = 1}},
      {2, {.width = 8}},
      {3, {.width = 1}}};
  auto writer = ColumnFileWriter::begin(folder.path(), {}).value();
  ASSERT_TRUE(writer.share(shared));
  ASSERT_TRUE(writer.commit());
  EXPECT_EQ(TimelineFile::open(folder.path()).error().code, Errc::kCorrupt);
}

}  // namespace
}  // namespace behoud::timeline
