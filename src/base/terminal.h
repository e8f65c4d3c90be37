#pragma once

// What we know of the place that text goes to, and a progress line for whatever takes longer than a second.
//
//   const Terminal err = Terminal::of(STDERR_FILENO, environment);
//   Progress progress("Reading orders.csv", "rows", err, Log::to_standard_error, clock);
//   progress.update(done, total);          // as often as you like: it writes when it is time to
//
// On a terminal one line is redrawn ten times a second and wiped at the end; elsewhere (a log, a pipe) a plain line
// comes every five seconds and one at the end. Nothing at all is written in the first second. Standard output is never
// touched.
//
// Thread-safety: update() and finish() may be called from any thread.

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace behoud {

struct Terminal {
  bool interactive = false;  // a person may be looking: lines can be redrawn
  bool colour = false;       // interactive, NO_COLOR empty or not set (https://no-color.org), TERM not "dumb"
  bool utf8 = true;          // by LC_ALL, LC_CTYPE or LANG, the first that is set; not said: yes
  int width = 80;            // columns, 20 to 1,000

  // `environment` looks a variable up (nullptr: not set): only `app/` reads the real one.
  static Terminal of(int fd, const std::function<const char*(const char*)>& environment);
};

// The columns that UTF-8 text takes: one a code point, two for the wide ones of East Asia and emoji, none for combining
// marks and controls. Approximate where fonts differ, as every terminal is.
int columns_of(std::string_view text);
// The text cut to `columns`, with "…" where something was cut, or filled with blanks on the right (or on the left).
std::string fit(std::string_view text, int columns, bool to_the_right = false);

class Progress {
 public:
  using Write = std::function<void(std::string_view)>;
  using ClockMs = std::function<std::int64_t()>;  // any steady clock

  // `label` says what is going on, `unit` what is counted; both in the reader's language. `left` is the word after the
  // time that remains: "0:12 left".
  Progress(std::string label, std::string unit, Terminal terminal, Write write, ClockMs now_ms,
           std::string left = "left");
  ~Progress();  // finishes
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `total` 0: not known. Counts never go down; a smaller one is ignored.
  void update(std::uint64_t done, std::uint64_t total);
  void finish();

 private:
  std::string line(std::int64_t now) const;
  void show(std::int64_t now);

  std::string label_, unit_, left_;
  Terminal terminal_;
  Write write_;
  ClockMs now_ms_;
  std::mutex mutex_;
  std::int64_t started_, next_;
  std::uint64_t done_ = 0, total_ = 0;
  bool shown_ = false, finished_ = false;
};

// 950, "12.3k", "1.2M": short enough for a line that is redrawn; point as the mark, for no language.
std::string short_count(double count);
// Seconds as "0:05", "12:34", "1:02:03".
std::string clock_text(std::int64_t seconds);

}  // namespace behoud
