#include "app/error_words.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "language/catalogue.h"

namespace behoud::app {
namespace {

std::vector<language::Arg> args_of(const Error& error) {
  std::vector<language::Arg> out;
  if (!error.place.file.empty()) out.emplace_back("file", error.place.file);
  if (error.place.line > 0) out.emplace_back("line", error.place.line);
  if (!error.place.column.empty()) out.emplace_back("column", error.place.column);
  for (const Why::Value& value : error.why.values) {
    std::visit([&](const auto& one) { out.emplace_back(value.name, one); }, value.value);
  }
  return out;
}

// "" where there is no such text, or a value of it is missing.
std::string text_of(const language::Catalogue& catalogue, const std::string& key,
                    const std::vector<language::Arg>& args) {
  if (!catalogue.has(key)) return {};
  const auto is_there = [&](const std::string& argument) {
    const std::string_view name = std::string_view(argument).substr(0, argument.find(':'));
    return std::ranges::any_of(args, [&](const language::Arg& arg) { return arg.name == name; });
  };
  return std::ranges::all_of(catalogue.arguments(key), is_there) ? catalogue.text(key, args) : std::string{};
}

}  // namespace

Error in_words_of(language::Language language, Error error) {
  if (language == language::Language::en || error.why.reason.empty()) return error;
  const language::Catalogue catalogue(language);
  const auto args = args_of(error);
  std::string said = text_of(catalogue, error.why.reason, args);
  if (said.empty()) return error;
  std::string way_out = text_of(catalogue, error.why.reason + ".command", args);
  if (way_out.empty()) way_out = text_of(catalogue, error.why.reason + ".hint", args);
  error.message = std::move(said);
  error.hint = std::move(way_out);
  return error;
}

std::string without_stop(std::string message) {
  if (message.ends_with('.')) message.pop_back();
  return message;
}

language::Language language_of(const World& world) {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const std::string value = world.value(name);
    if (value.empty()) continue;
    return language::parse_language(value.substr(0, 2)).value_or(language::Language::en);
  }
  return language::Language::en;
}

language::Language language_of(std::span<const std::string> words, const World& world) {
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    std::optional<std::string_view> said;
    if (words[i].starts_with("--lang=")) said = std::string_view(words[i]).substr(7);
    if (words[i] == "--lang" && i + 1 < words.size()) said = words[i + 1];
    if (!said) continue;
    if (const auto parsed = language::parse_language(*said)) return *parsed;
  }
  return language_of(world);
}

}  // namespace behoud::app
