#pragma once

// The command line's grammar: a command is a name, its operands and a table of options; what people typed is checked
// against the table, so that a misspelt option is an error with the nearest right one, never ignored.
//
// Forms: `--name VALUE`, `--name=VALUE`, `--flag`, and `--` before operands that begin with a dash. Options and
// operands mix. An option that may not repeat is refused the second time. Every error is kInvalidArgument, with the
// option's bare name as the place's column. Pure: knows no files and no environment.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace behoud::app {

struct Option {
  std::string_view name;   // without dashes: "grain"
  std::string_view value;  // what it takes, for the help: "GRAIN"; "" takes nothing
  std::string_view help;   // one line
  bool repeats = false;
};

struct Syntax {
  std::string_view name;      // "retention"
  std::string_view operands;  // for the help: "FILE..."; "" takes none
  std::size_t operands_min = 0, operands_max = 0;
  std::string_view summary;  // one line, no full stop
  std::string_view details;  // lines under it; may be empty
  std::vector<Option> options;
};

inline constexpr std::size_t kAnyNumber = static_cast<std::size_t>(-1);

class Arguments {
 public:
  const std::vector<std::string>& operands() const { return operands_; }
  bool has(std::string_view option) const { return values_.contains(option); }
  // The value given, the last where it may repeat; nullopt where the option is not there.
  std::optional<std::string_view> value(std::string_view option) const;
  std::span<const std::string> values(std::string_view option) const;  // all, in order

 private:
  friend Result<Arguments> parse_arguments(const Syntax& syntax, std::span<const std::string> words);
  std::vector<std::string> operands_;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

// `words` are those behind the command's name.
Result<Arguments> parse_arguments(const Syntax& syntax, std::span<const std::string> words);

// An error of what an option's value was parsed by, told as one of this option.
template <class T>
Result<T> of_option(std::string_view option, Result<T> parsed) {
  if (!parsed) parsed.error().place.column = option;
  return parsed;
}

// The word of `known` that `typed` was most likely meant to be; "" when none is near (at most a third of its letters
// wrong, swapped, missing or too many; or the beginning of exactly one).
std::string_view nearest(std::string_view typed, std::span<const std::string_view> known);

// The help of one command, in plain text of at most 100 columns, and as Markdown for docs/commands.md.
std::string help_text(const Syntax& syntax);
std::string help_markdown(const Syntax& syntax);

}  // namespace behoud::app
