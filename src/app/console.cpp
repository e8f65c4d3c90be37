#include "app/console.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

namespace behoud::app {
namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;

std::string visible(std::string_view text) {
  std::string out;
  for (const char c : repair_utf8(text)) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += kReplacement;
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

LocalConsole::LocalConsole(Terminal out, Terminal note, bool can_ask) : Console(out, note), can_ask_(can_ask) {}

LocalConsole::~LocalConsole() { flush(); }

void LocalConsole::out(std::string_view bytes) {
  if (out_errno_ != 0) return;
  buffer_ += bytes;
  if (buffer_.size() >= kBufferBytes) flush();
}

void LocalConsole::note(std::string_view text) { Log::to_standard_error(text); }

void LocalConsole::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty() && out_errno_ == 0) {
    const auto n = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (n < 0) {
      if (errno != EINTR) out_errno_ = errno;
    } else {
      rest.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  buffer_.clear();
}

Result<std::string> LocalConsole::ask(std::string_view question) {
  note(question);
  note(" ");
  std::string line;
  constexpr std::size_t kLineMax = 4096;
  while (line.size() < kLineMax) {
    char c = 0;
    const auto n = ::read(STDIN_FILENO, &c, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail(Errc::kUnavailable, "the input ended before the question was answered");
    if (c == '\n') break;
    line += c;
  }
  return std::string{trim(line)};
}

Result<void> LocalConsole::finish() {
  flush();
  if (out_errno_ == 0 || out_errno_ == EPIPE) return {};
  return fail(Errc::kUnavailable, fmt::format("cannot write to standard output: {}", std::strerror(out_errno_)));
}

std::string error_text(const Error& error) {
  std::string out = "behoud: ";
  const Place& place = error.place;
  // A message that is a sentence about the file names it itself: "orders.csv is empty".
  const bool names_file = place.line == 0 && place.column.empty() && error.message.starts_with(place.file + " ");
  if (names_file) {
    // Nothing before it.
  } else if (!place.file.empty()) {
    out += visible(place.file);
    if (place.line > 0) out += fmt::format(":{}", place.line);
    out += ": ";
    if (!place.column.empty()) out += visible(place.column) + ": ";
  } else if (!place.column.empty()) {
    out += fmt::format("--{}: ", visible(place.column));
  }
  // A message that names its file itself does not name it twice.
  std::string_view message = error.message;
  if (!place.file.empty() && message.starts_with(place.file + ": ")) message.remove_prefix(place.file.size() + 2);
  const std::string option = "--" + place.column + ": ";  // nor its option
  if (place.file.empty() && !place.column.empty() && message.starts_with(option)) message.remove_prefix(option.size());
  out += visible(message) + "\n";
  if (!error.hint.empty()) out += fmt::format("  {}\n", visible(error.hint));
  return out;
}

}  // namespace behoud::app
