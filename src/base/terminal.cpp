#include "base/terminal.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"

namespace behoud {
namespace {

constexpr std::int64_t kQuietMs = 1'000;
constexpr std::int64_t kRedrawMs = 100;
constexpr std::int64_t kPlainMs = 5'000;
constexpr int kBarColumns = 12;

char32_t decode(std::string_view sequence) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
  switch (sequence.size()) {
    case 1:
      return byte(0);
    case 2:
      return static_cast<char32_t>((byte(0) & 0x1F) << 6 | (byte(1) & 0x3F));
    case 3:
      return static_cast<char32_t>((byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F));
    default:
      return static_cast<char32_t>((byte(0) & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 |
                                   (byte(3) & 0x3F));
  }
}

struct Range {
  char32_t first, last;
};
// Unicode 15: the blocks that matter of "wide" in EastAsianWidth.txt, and of the marks in DerivedGeneralCategory.txt.
constexpr Range kWide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x33FF},  {0x3400, 0x4DBF},
                           {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xAC00, 0xD7A3},  {0xF900, 0xFAFF},
                           {0xFE30, 0xFE4F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},  {0x1F300, 0x1F64F},
                           {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
constexpr Range kZero[] = {{0x0300, 0x036F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F},
                           {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}};

template <std::size_t N>
bool in(const Range (&ranges)[N], char32_t c) {
  return std::any_of(std::begin(ranges), std::end(ranges), [c](Range r) { return r.first <= c && c <= r.last; });
}

int columns(char32_t c) {
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return 0;
  if (c < 0x300) return 1;
  return in(kZero, c) ? 0 : in(kWide, c) ? 2 : 1;
}

// Calls `each(sequence, columns)` for each character until it returns false; a broken byte is one column.
template <class Each>
void for_each_character(std::string_view text, Each each) {
  while (!text.empty()) {
    const std::size_t length = utf8_sequence(text);
    const std::string_view sequence = text.substr(0, length == 0 ? ill_formed_part(text) : length);
    if (!each(sequence, length == 0 ? 1 : columns(decode(sequence)))) return;
    text.remove_prefix(sequence.size());
  }
}

}  // namespace

Terminal Terminal::of(int fd, const std::function<const char*(const char*)>& environment) {
  const auto variable = [&](const char* name) -> std::string_view {
    const char* value = environment(name);
    return value == nullptr ? std::string_view() : value;
  };
  Terminal out;
  out.interactive = ::isatty(fd) == 1 && variable("TERM") != "dumb";
  out.colour = out.interactive && variable("NO_COLOR").empty();
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = to_lower(variable(name));
    if (value.empty()) continue;
    out.utf8 = value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
    break;
  }
  winsize size{};
  int width = 0;
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  if (width == 0) {
    const auto columns = parse_integer(variable("COLUMNS"));
    width = columns ? static_cast<int>(std::clamp<std::int64_t>(*columns, 0, 1'000)) : 0;
  }
  if (width > 0) out.width = std::clamp(width, 20, 1'000);
  return out;
}

int columns_of(std::string_view text) {
  int total = 0;
  for_each_character(text, [&](std::string_view, int n) {
    total += n;
    return true;
  });
  return total;
}

std::string fit(std::string_view text, int columns_max, bool to_the_right) {
  const int width = columns_of(text);
  if (width <= columns_max) {
    const std::string blanks(static_cast<std::size_t>(columns_max - width), ' ');
    return to_the_right ? blanks + std::string(text) : std::string(text) + blanks;
  }
  if (columns_max <= 0) return {};
  std::string out;
  int used = 0;
  for_each_character(text, [&](std::string_view sequence, int n) {
    if (used + n > columns_max - 1) return false;
    out += sequence;
    used += n;
    return true;
  });
  out += "…";
  out.append(static_cast<std::size_t>(columns_max - 1 - used), ' ');
  return out;
}

std::string short_count(double count) {
  if (!(count >= 0)) return "0";
  // 999.95 thousand would be written as 1000.0k, so the next unit begins a little below its power.
  if (count < 999.5) return fmt::format("{:.0f}", count);
  if (count < 999'950) return fmt::format("{:.1f}k", count / 1e3);
  if (count < 999'950'000) return fmt::format("{:.1f}M", count / 1e6);
  return fmt::format("{:.1f}G", std::min(count, 1e18) / 1e9);
}

std::string clock_text(std::int64_t seconds) {
  seconds = std::max<std::int64_t>(seconds, 0);
  if (seconds >= 3600) return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
}

Progress::Progress(std::string label, std::string unit, Terminal terminal, Write write, ClockMs now_ms,
                   std::string left)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      left_(std::move(left)),
      terminal_(terminal),
      write_(std::move(write)),
      now_ms_(std::move(now_ms)),
      started_(now_ms_()),
      next_(started_ + kQuietMs) {}

Progress::~Progress() { finish(); }

std::string Progress::line(std::int64_t now) const {
  const double seconds = static_cast<double>(std::max<std::int64_t>(now - started_, 1)) / 1000;
  const double rate = static_cast<double>(done_) / seconds;
  std::string numbers;
  if (total_ > 0) {
    const double share = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
    numbers = fmt::format("{:3.0f}%  {}/{} {}", std::floor(share * 100), short_count(static_cast<double>(done_)),
                          short_count(static_cast<double>(total_)), unit_);
    if (terminal_.interactive) {
      const int filled = static_cast<int>(share * kBarColumns);
      std::string bar;
      for (int i = 0; i < kBarColumns; ++i)
        bar += i < filled ? (terminal_.utf8 ? "█" : "#") : (terminal_.utf8 ? "░" : "-");
      numbers = bar + ' ' + numbers;
    }
  } else {
    numbers = fmt::format("{} {}", short_count(static_cast<double>(done_)), unit_);
  }
  numbers += fmt::format("  {}/s", short_count(rate));
  if (total_ > done_ && done_ > 0) {
    const double remaining = static_cast<double>(total_ - done_) / rate;
    numbers += "  " + clock_text(std::llround(std::min(remaining, 1e6))) + ' ' + left_;
  }
  if (!terminal_.interactive) return label_ + "  " + numbers;
  // The numbers matter more than the words: the label gives way. The last column stays free, where terminals wrap.
  const int room = terminal_.width - 1;
  const int label = std::max(0, room - 2 - columns_of(numbers));
  if (label < 8) return fit(numbers, room);
  return fit(label_, std::min(label, columns_of(label_))) + "  " + numbers;
}

void Progress::show(std::int64_t now) {
  if (terminal_.interactive) {
    write_("\r" + line(now) + "\x1b[K");
  } else {
    write_(line(now) + "\n");
  }
  shown_ = true;
  next_ = now + (terminal_.interactive ? kRedrawMs : kPlainMs);
}

void Progress::update(std::uint64_t done, std::uint64_t total) {
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  done_ = std::max(done_, done);
  total_ = total;
  const std::int64_t now = now_ms_();
  if (now >= next_) show(now);
}

void Progress::finish() {
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  finished_ = true;
  if (!shown_) return;
  if (terminal_.interactive) {
    write_("\r\x1b[K");
  } else {
    total_ = 0;  // the last line says what was done, not what was thought to be there
    write_(line(now_ms_()) + "\n");
  }
}

}  // namespace behoud
