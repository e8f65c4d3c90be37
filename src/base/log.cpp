#include "base/log.h"

#include <cerrno>
#include <chrono>

#include <fmt/format.h>
#include <unistd.h>

#include "base/json_writer.h"
#include "base/text.h"

namespace behoud {
namespace {

constexpr std::string_view kLevels[] = {"debug", "info", "warning", "error"};

// RFC 3339 in UTC with milliseconds. calendar/ lies above this folder, hence the few lines here.
std::string timestamp(std::int64_t ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> t{milliseconds{ms}};
  const auto day = floor<days>(t);
  const year_month_day date{day};
  const hh_mm_ss time{t - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

bool is_bare(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (!is_digit(c) && (lower(c) < 'a' || lower(c) > 'z') &&
        std::string_view("_-./:+@").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

// A value of the text form: bare where nothing in it could be mistaken, else as a JSON string, which has no newline.
void append_text(std::string& line, const Log::Field::Value& value) {
  JsonWriter json(line);
  std::visit(
      [&](const auto& v) {
        if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::string_view>) {
          if (is_bare(v)) {
            line += v;
            return;
          }
        }
        json.value(v);
      },
      value);
}

}  // namespace

Log::Log(std::function<void(std::string_view)> write, std::function<std::int64_t()> now_ms, Level least, Form form)
    : write_(std::move(write)), now_ms_(std::move(now_ms)), least_(least), form_(form) {}

void Log::to_standard_error(std::string_view line) {
  while (!line.empty()) {
    const ssize_t n = ::write(STDERR_FILENO, line.data(), line.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;  // nobody listens; a log that cannot be written stops nothing
    line.remove_prefix(static_cast<std::size_t>(n));
  }
}

void Log::write(Level level, std::string_view event, Fields fields) {
  if (level < least_) return;
  const std::string at = timestamp(now_ms_());
  const std::string_view level_name = kLevels[static_cast<std::size_t>(level)];
  std::string line;
  if (form_ == Form::kJson) {
    JsonWriter json(line);
    json.begin_object().field("at", at).field("level", level_name).field("event", event);
    for (const Field& f : fields) {
      json.key(f.name);
      std::visit([&](const auto& v) { json.value(v); }, f.value);
    }
    json.end_object();
  } else {
    line = at;
    line += ' ';
    line += level_name;
    line += ' ';
    JsonWriter(line).value(event);
    for (const Field& f : fields) {
      line += ' ';
      line += f.name;
      line += '=';
      append_text(line, f.value);
    }
  }
  line += '\n';
  const std::lock_guard lock(mutex_);
  write_(line);
}

}  // namespace behoud
