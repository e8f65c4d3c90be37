#include "app/options.h"

#include <algorithm>

#include <fmt/format.h>

namespace behoud::app {
namespace {

// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours, each once.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

std::unexpected<Error> usage(const Syntax& syntax, std::string_view option, std::string message, Why why) {
  why.values.emplace_back("command", syntax.name);
  return fail(Errc::kInvalidArgument, std::move(message), fmt::format("see: behoud help {}", syntax.name),
              {{}, 0, std::string{option}}, std::move(why));
}

const Option* find(const Syntax& syntax, std::string_view name) {
  const auto found = std::ranges::find(syntax.options, name, &Option::name);
  return found == syntax.options.end() ? nullptr : &*found;
}

// `typed` is the option as it was written, `name` what stands behind its dashes.
std::unexpected<Error> unknown(const Syntax& syntax, std::string_view typed, std::string_view name) {
  std::vector<std::string_view> known;
  known.reserve(syntax.options.size());
  for (const Option& option : syntax.options) known.push_back(option.name);
  const std::string_view near = nearest(name, known);
  const std::string message = fmt::format("there is no option {}", typed);
  if (near.empty()) return usage(syntax, {}, message, {"problem.option_unknown", {{"option", typed}}});
  return fail(Errc::kInvalidArgument, message, fmt::format("did you mean --{}?", near), {},
              {"problem.option_near", {{"option", typed}, {"near", near}}});
}

std::string usage_line(const Syntax& syntax) {
  std::string out = fmt::format("behoud {}", syntax.name);
  if (!syntax.operands.empty()) out += fmt::format(" {}", syntax.operands);
  if (!syntax.options.empty()) out += " [OPTION]...";
  return out;
}

}  // namespace

std::string_view nearest(std::string_view typed, std::span<const std::string_view> known) {
  constexpr std::size_t kLongest = 64;  // longer words are no option of ours, and the comparison is quadratic
  if (typed.size() > kLongest || typed.empty()) return {};
  std::string_view best;
  std::size_t best_distance = kLongest;
  for (const std::string_view word : known) {
    const std::size_t d = distance(typed, word);
    if (d < best_distance && 3 * d <= std::max<std::size_t>(word.size(), 3)) {
      best = word;
      best_distance = d;
    }
  }
  if (!best.empty()) return best;
  const auto begins = [&](std::string_view word) { return word.starts_with(typed); };
  if (std::ranges::count_if(known, begins) == 1) return *std::ranges::find_if(known, begins);
  return {};
}

std::optional<std::string_view> Arguments::value(std::string_view option) const {
  const auto found = values_.find(option);
  if (found == values_.end()) return std::nullopt;
  return found->second.back();
}

std::span<const std::string> Arguments::values(std::string_view option) const {
  const auto found = values_.find(option);
  if (found == values_.end()) return {};
  return found->second;
}

Result<Arguments> parse_arguments(const Syntax& syntax, std::span<const std::string> words) {
  Arguments out;
  bool only_operands = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (only_operands || !word.starts_with("-") || word == "-") {
      out.operands_.emplace_back(word);
      continue;
    }
    if (word == "--") {
      only_operands = true;
      continue;
    }
    if (!word.starts_with("--")) {
      return unknown(syntax, word, word.substr(1));
    }
    const auto equals = std::min(word.find('='), word.size());
    const std::string_view name = word.substr(2, equals - 2);
    const bool has_value = equals < word.size();
    const Option* option = find(syntax, name);
    if (option == nullptr) {
      return unknown(syntax, word.substr(0, equals), name);
    }
    auto& values = out.values_[std::string{name}];
    if (!values.empty() && !option->repeats) return usage(syntax, name, "was given twice", {"problem.option_twice"});
    if (option->value.empty()) {
      if (has_value) return usage(syntax, name, "takes no value", {"problem.option_without_value"});
      values.emplace_back();
    } else if (has_value) {
      values.emplace_back(word.substr(equals + 1));
    } else if (i + 1 < words.size()) {
      values.push_back(words[++i]);
    } else {
      const std::string form = fmt::format("--{} {}", name, option->value);
      return usage(syntax, name, "needs a value: " + form, {"problem.option_needs_value", {{"usage", form}}});
    }
  }
  if (out.operands_.size() < syntax.operands_min) {
    const std::string form = usage_line(syntax);
    return usage(syntax, {}, "something is missing: " + form, {"problem.words_missing", {{"usage", form}}});
  }
  if (out.operands_.size() > syntax.operands_max) {
    const std::string form = usage_line(syntax);
    const std::string& word = out.operands_[syntax.operands_max];
    return usage(syntax, {}, fmt::format("there is a word too many, '{}': {}", word, form),
                 {"problem.word_too_many", {{"word", word}, {"usage", form}}});
  }
  return out;
}

std::string help_text(const Syntax& syntax) {
  std::string out = fmt::format("{}\n\n  {}\n", usage_line(syntax), syntax.summary);
  std::string_view details = syntax.details;
  while (!details.empty()) {
    const auto end = std::min(details.find('\n'), details.size());
    out += end == 0 ? "\n" : fmt::format("  {}\n", details.substr(0, end));
    details.remove_prefix(std::min(end + 1, details.size()));
  }
  if (!syntax.options.empty()) out += "\nOptions\n";
  std::size_t width = 0;
  const auto shown = [](const Option& o) {
    return o.value.empty() ? fmt::format("--{}", o.name) : fmt::format("--{} {}", o.name, o.value);
  };
  for (const Option& option : syntax.options) width = std::max(width, shown(option).size());
  for (const Option& option : syntax.options) out += fmt::format("  {:<{}}  {}\n", shown(option), width, option.help);
  return out;
}

std::string help_markdown(const Syntax& syntax) {
  std::string out =
      fmt::format("## behoud {}\n\n{}.\n\n```\n{}\n```\n", syntax.name, syntax.summary, usage_line(syntax));
  if (!syntax.details.empty()) out += fmt::format("\n{}\n", syntax.details);
  if (!syntax.options.empty()) out += "\n| option | what it does |\n| --- | --- |\n";
  for (const Option& o : syntax.options) {
    std::string value{o.value};
    // A bar would end the table's cell.
    for (auto at = value.find('|'); at != std::string::npos; at = value.find('|', at + 2)) value.insert(at, "\\");
    std::string help{o.help};
    for (auto at = help.find('|'); at != std::string::npos; at = help.find('|', at + 2)) help.insert(at, "\\");
    out += fmt::format("| `--{}{}{}` | {} |\n", o.name, value.empty() ? "" : " ", value, help);
  }
  return out;
}

}  // namespace behoud::app
