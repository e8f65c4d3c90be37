#pragma once

// The languages that people read Behoud in. Every text exists in all three (language/catalogue.h), and numbers, money
// and dates are written as their readers write them (language/conventions.h). The process locale plays no part
// anywhere.

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace behoud::language {

enum class Language : std::uint8_t { en, nl, sv };

inline constexpr Language kLanguages[] = {Language::en, Language::nl, Language::sv};

constexpr std::string_view code(Language l) {
  switch (l) {
    case Language::nl:
      return "nl";
    case Language::sv:
      return "sv";
    case Language::en:
      break;
  }
  return "en";
}

// "en", "nl" or "sv". Errors: kInvalidArgument (names the text and the three).
Result<Language> parse_language(std::string_view text);

}  // namespace behoud::language
