#pragma once

// Where a command speaks: its result to `out`, everything else (progress, notes, warnings, questions) to `note`, so
// that standard output holds the answer and nothing else. A command never touches the process's own streams: the same
// command speaks to the terminal it was started in, and, inside a server, to another process's.
//
// A reader that has gone away (a closed pipe) is no error: what is said after that is dropped. A standard output that
// cannot be written (a full disk) is one, told by finish(). Thread-safety: any thread may call note(); the rest from
// one.

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/terminal.h"

namespace behoud::app {

class Console {
 public:
  virtual ~Console() = default;
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  virtual void out(std::string_view bytes) = 0;
  virtual void note(std::string_view text) = 0;
  // Whether a person is there to answer: input and error output are a terminal.
  virtual bool can_ask() const = 0;
  // One line of answer, trimmed. Requires can_ask(). Errors: kUnavailable (the input ended).
  virtual Result<std::string> ask(std::string_view question) = 0;
  // True when whoever started the command has gone and nothing it does is wanted any more.
  virtual bool abandoned() const { return false; }
  // Everything said so far is with the reader. Errors: kUnavailable (the output could not be written).
  virtual Result<void> finish() = 0;

  const Terminal& out_terminal() const { return out_terminal_; }
  const Terminal& note_terminal() const { return note_terminal_; }

 protected:
  Console(Terminal out, Terminal note) : out_terminal_(out), note_terminal_(note) {}

 private:
  Terminal out_terminal_, note_terminal_;
};

// The process's own standard streams, by their descriptors.
class LocalConsole : public Console {
 public:
  LocalConsole(Terminal out, Terminal note, bool can_ask);
  ~LocalConsole() override;
  void out(std::string_view bytes) override;
  void note(std::string_view text) override;
  bool can_ask() const override { return can_ask_; }
  Result<std::string> ask(std::string_view question) override;
  Result<void> finish() override;

 private:
  void flush();
  bool can_ask_;
  std::string buffer_;
  int out_errno_ = 0;  // the first failure; nothing is written after it
};

// `error` as a person reads it: "behoud: orders.csv:17: date: message" and the hint on a line of its own. Control
// characters, which a file's name may hold, are made visible.
std::string error_text(const Error& error);

}  // namespace behoud::app
