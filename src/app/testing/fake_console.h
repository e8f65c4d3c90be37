#pragma once

// A console that keeps what was said, and a world in which nothing happens by itself: for tests of commands.

#include <deque>
#include <map>
#include <string>

#include "app/console.h"
#include "app/world.h"

namespace behoud::app::testing {

class FakeConsole : public Console {
 public:
  explicit FakeConsole(Terminal out = {}, Terminal note = {}) : Console(out, note) {}
  void out(std::string_view bytes) override { said += bytes; }
  void note(std::string_view text) override { noted += text; }
  bool can_ask() const override { return !answers.empty(); }
  Result<std::string> ask(std::string_view question) override {
    asked += std::string{question} + "\n";
    if (answers.empty()) return fail(Errc::kUnavailable, "the input ended");
    std::string answer = answers.front();
    answers.pop_front();
    return answer;
  }
  Result<void> finish() override { return {}; }

  std::string said, noted, asked;
  std::deque<std::string> answers;
};

struct FakeWorld {
  std::map<std::string, std::string> variables;
  calendar::Instant now{1'750'000'000'000};  // 2025-06-15T15:06:40Z
  World world() {
    return {.now = [this] { return now; },
            .steady_ms = [] { return std::int64_t{0}; },
            .steady_ns = [] { return std::int64_t{0}; },
            .entropy = [n = std::uint64_t{0}]() mutable { return ++n; },
            .variable = [this](const char* name) -> const char* {
              const auto found = variables.find(name);
              return found == variables.end() ? nullptr : found->second.c_str();
            }};
  }
};

}  // namespace behoud::app::testing
