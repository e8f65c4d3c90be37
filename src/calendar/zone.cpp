#include "calendar/zone.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <limits>
#include <vector>

#include "base/text.h"
#include "calendar/zone_file.h"

namespace behoud::calendar {
namespace {

namespace fs = std::filesystem;

constexpr const char* kZoneFolder = "/usr/share/zoneinfo";
constexpr std::size_t kZoneFileBytesMax = 1 << 20;
constexpr std::size_t kNameBytesMax = 64;

// The table is exact to the end of 2500. The Gregorian calendar repeats every 400 years to the weekday, and so do the
// rules, so a later instant is looked up a whole number of 400 years earlier.
constexpr int kLastYear = 2500;
constexpr std::int64_t kTableEndMs = civil(kLastYear, 1, 1).number * kMsPerDay;
constexpr std::int64_t kCycleMs = std::int64_t{146'097} * kMsPerDay;
// Beyond any calendar; instants are clamped to it so that no arithmetic overflows.
constexpr std::int64_t kFarMs = std::int64_t{20'000} * 366 * kMsPerDay;

// From here on the table has an index: one entry for each 2^31 ms (25 days).
constexpr std::int64_t kIndexBeginMs = civil(1900, 1, 1).number * kMsPerDay;
constexpr int kIndexShift = 31;
// An offset is always smaller than this (zone_file.cpp checks it).
constexpr std::int64_t kOffsetMsMax = std::int64_t{26} * 3'600'000;

constexpr std::int64_t floor_day_ms(std::int64_t ms) {
  const std::int64_t rest = ms % kMsPerDay;
  return ms - rest - (rest < 0 ? kMsPerDay : 0);
}
constexpr Day floor_day(std::int64_t ms) { return {static_cast<std::int32_t>(floor_day_ms(ms) / kMsPerDay)}; }

bool well_formed_name(std::string_view name) {
  if (name.empty() || name.size() > kNameBytesMax || name.front() == '/' || name.back() == '/') return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool letter = lower(c) >= 'a' && lower(c) <= 'z';
    if (c == '/' && name[i - 1] == '/') return false;
    if (!letter && !is_digit(c) && c != '/' && c != '_' && c != '-' && c != '+') return false;  // no dot: no ".."
  }
  // Folders and links of the database that are no zones: leap-second clocks, copies, what this machine happens to use.
  for (const std::string_view out : {"right", "posix", "posixrules", "localtime", "Factory"}) {
    if (name == out || (name.starts_with(out) && name[out.size()] == '/')) return false;
  }
  return true;
}

// Damerau's distance of adjacent swaps (optimal string alignment), ignoring case; names are at most 64 bytes.
std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, kNameBytesMax + 1>, 3> rows{};
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i - 1) % 3];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + change});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1])) {
        row[j] = std::min(row[j], rows[(i - 2) % 3][j - 2] + 1);
      }
    }
  }
  return rows[a.size() % 3][b.size()];
}

std::vector<std::string> zone_names() {
  std::vector<std::string> names;
  std::error_code error;
  const fs::path root(kZoneFolder);
  for (fs::recursive_directory_iterator it(root, error), end; !error && it != end; it.increment(error)) {
    std::string name = it->path().lexically_relative(root).string();
    if (!well_formed_name(name)) {
      it.disable_recursion_pending();
    } else if (!it->is_directory(error)) {
      names.push_back(std::move(name));
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Up to three names that the writer may have meant: "Amsterdam", "europe/amsterdam" and "Europe/Amsterdan" all find
// Europe/Amsterdam.
std::string near_names(std::string_view wanted) {
  const std::string_view text = trim(wanted).substr(0, kNameBytesMax);
  std::string asked(text);
  for (char& c : asked) c = is_blank(c) ? '_' : c;
  std::vector<std::pair<std::size_t, std::string>> found;
  for (std::string& name : zone_names()) {
    const std::string_view city = std::string_view(name).substr(name.rfind('/') + 1);
    const std::size_t d = std::min(distance(asked, name), distance(asked, city));
    if (d <= std::max<std::size_t>(2, asked.size() / 4)) found.emplace_back(d, std::move(name));
  }
  std::sort(found.begin(), found.end());
  std::string out;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, found.size()); ++i) {
    if (i > 0 && found[i].first > found[0].first + 1) break;
    out += (out.empty() ? "" : ", ") + found[i].second;
  }
  return out;
}

Result<std::string> read_zone_file(const std::string& path) {
  struct Close {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
  std::string bytes;
  if (!file) return fail(Errc::kNotFound, "no such time zone");
  std::array<char, 4096> chunk;
  while (const std::size_t n = std::fread(chunk.data(), 1, chunk.size(), file.get())) {
    bytes.append(chunk.data(), n);
    if (bytes.size() > kZoneFileBytesMax) return fail(Errc::kCorrupt, "the time zone file is too large");
  }
  if (std::ferror(file.get()) != 0) return fail(Errc::kNotFound, "no such time zone");  // a folder reads as an error
  return bytes;
}

}  // namespace

// Segment i is [at_ms[i], at_ms[i + 1]): the clock shows UTC + offset_ms[i]. The last at_ms is the end of time.
struct Zone::Rules {
  std::string name;
  std::vector<std::int64_t> at_ms, offset_ms;
  // The local midnight that had been reached when the segment began. Where a clock goes back across midnight (St.
  // John's did at 00:01 until 2011) the day that has begun goes on: days tile the time line, they never resume.
  std::vector<std::int64_t> reached_ms;
  std::vector<std::uint16_t> index;  // the segment that holds the first instant of each 2^31 ms from 1900

  static std::shared_ptr<const Rules> build(std::string name, const std::vector<Transition>& transitions);

  std::size_t segment(std::int64_t ms) const {
    std::size_t i = 0;
    if (ms >= kIndexBeginMs) {
      i = index[static_cast<std::size_t>((ms - kIndexBeginMs) >> kIndexShift)];
    }
    while (at_ms[i + 1] <= ms) ++i;
    return i;
  }
};

std::shared_ptr<const Zone::Rules> Zone::Rules::build(std::string name, const std::vector<Transition>& transitions) {
  assert(!transitions.empty() && transitions.size() < std::numeric_limits<std::uint16_t>::max());
  auto rules = std::make_shared<Rules>();
  rules->name = std::move(name);
  std::int64_t reached = std::numeric_limits<std::int64_t>::min();
  for (const Transition& t : transitions) {
    rules->reached_ms.push_back(reached);
    rules->at_ms.push_back(t.at_ms);
    rules->offset_ms.push_back(t.offset_ms);
    if (&t != &transitions.back()) {
      reached = std::max(reached, floor_day_ms((&t + 1)->at_ms - 1 + t.offset_ms));
    }
  }
  rules->at_ms.push_back(std::numeric_limits<std::int64_t>::max());
  std::size_t i = 0;
  for (std::int64_t ms = kIndexBeginMs; ms < kTableEndMs; ms += std::int64_t{1} << kIndexShift) {
    while (rules->at_ms[i + 1] <= ms) ++i;
    rules->index.push_back(static_cast<std::uint16_t>(i));
  }
  return rules;
}

namespace {

// An instant (or a local time) inside the table, and what was taken from it to get there.
struct Folded {
  std::int64_t ms;
  std::int64_t shift_ms;
};
Folded fold(std::int64_t ms) {
  ms = std::clamp(ms, -kFarMs, kFarMs);
  if (ms < kTableEndMs) [[likely]]
    return {ms, 0};
  const std::int64_t shift = ((ms - kTableEndMs) / kCycleMs + 1) * kCycleMs;
  return {ms - shift, shift};
}

}  // namespace

Zone::Zone(std::shared_ptr<const Rules> rules) : rules_(std::move(rules)) {}

Zone Zone::utc() { return Zone(Rules::build("UTC", {{std::numeric_limits<std::int64_t>::min(), 0}})); }

Result<Zone> Zone::create(std::string_view name) {
  if (name == "UTC") return utc();  // needs no database
  const auto unknown = [&]() -> std::unexpected<Error> {
    std::error_code error;
    if (!fs::is_directory(kZoneFolder, error)) {
      return fail(Errc::kUnavailable,
                  "the time zone " + quoted(name) + " cannot be looked up: this machine has no time zone database",
                  "Install the package tzdata.");
    }
    const std::string near = near_names(name);
    return fail(Errc::kInvalidArgument, quoted(name) + " is not a time zone",
                near.empty() ? "Use an IANA name, such as Europe/Amsterdam." : "Did you mean " + near + "?", {},
                {near.empty() ? "problem.zone_unknown" : "problem.zone_unlike", {{"value", name}, {"near", near}}});
  };
  if (!well_formed_name(name)) return unknown();
  const Result<std::string> bytes = read_zone_file(std::string(kZoneFolder) + '/' + std::string(name));
  if (!bytes && bytes.error().code == Errc::kNotFound) return unknown();
  if (!bytes) return std::unexpected(bytes.error());
  TRY_ASSIGN(const std::vector<Transition> transitions, read_tzif(*bytes, kLastYear));
  return Zone(Rules::build(std::string(name), transitions));
}

const std::string& Zone::name() const { return rules_->name; }

Day Zone::day_of(Instant t) const {
  const Folded f = fold(t.ms);
  const std::size_t i = rules_->segment(f.ms);
  return floor_day(std::max(f.ms + rules_->offset_ms[i], rules_->reached_ms[i]) + f.shift_ms);
}

Day Zone::day_of(Moment m) const {
  return m.date_only ? floor_day(std::clamp(m.at.ms, -kFarMs, kFarMs)) : day_of(m.at);
}

Instant Zone::first_instant(Day d) const {
  const Folded f = fold(d.number * kMsPerDay);
  // Segments that end before this instant end before the day begins, in local time too.
  std::size_t i = rules_->segment(f.ms - kOffsetMsMax);
  while (rules_->at_ms[i + 1] != std::numeric_limits<std::int64_t>::max() &&
         rules_->at_ms[i + 1] + rules_->offset_ms[i] <= f.ms) {
    ++i;
  }
  return {std::max(rules_->at_ms[i], f.ms - rules_->offset_ms[i]) + f.shift_ms};
}

Instant Zone::from_local(std::int64_t local_ms) const {
  const Folded f = fold(local_ms);
  std::size_t i = rules_->segment(f.ms - kOffsetMsMax);
  while (rules_->at_ms[i + 1] != std::numeric_limits<std::int64_t>::max() &&
         rules_->at_ms[i + 1] + rules_->offset_ms[i] <= f.ms) {
    ++i;
  }
  // Before this segment began by its own clock: the time is missing, and is read by the clock before the gap.
  const bool missing = f.ms - rules_->offset_ms[i] < rules_->at_ms[i];
  return {f.ms - rules_->offset_ms[missing ? i - 1 : i] + f.shift_ms};
}

std::int64_t Zone::to_local(Instant t) const {
  const Folded f = fold(t.ms);
  return f.ms + rules_->offset_ms[rules_->segment(f.ms)] + f.shift_ms;
}

}  // namespace behoud::calendar
