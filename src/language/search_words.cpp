#include "language/search_words.h"

#include <algorithm>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "base/text.h"

namespace behoud::language {
namespace {

bool is_ascii_word(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z'); }

bool separates(UChar32 c) {
  if (c < 0x80) return !is_ascii_word(static_cast<char>(c));
  return u_isUWhiteSpace(c) || u_ispunct(c) || u_iscntrl(c);
}

bool is_mark(UChar32 c) {
  const auto type = u_charType(c);
  return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK;
}

std::vector<std::string> ascii_words(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  for (const char c : text) {
    if (!is_ascii_word(c)) {
      inside = false;
      continue;
    }
    if (!inside) words.emplace_back();
    inside = true;
    words.back() += lower(c);
  }
  return words;
}

}  // namespace

std::vector<std::string> search_words(std::string_view text) {
  if (text.size() > kSearchedBytesMax) {
    text = text.substr(0, kSearchedBytesMax);
    // Not in the middle of a character.
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) text.remove_suffix(1);
    if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0) text.remove_suffix(1);
  }
  if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return ascii_words(text);
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* const fold = icu::Normalizer2::getNFKCCasefoldInstance(status);
  const icu::Normalizer2* const decompose = icu::Normalizer2::getNFDInstance(status);
  if (U_FAILURE(status)) return ascii_words(text);  // ICU without its data
  const icu::UnicodeString folded = fold->normalize(icu::UnicodeString::fromUTF8(repair_utf8(text)), status);
  const icu::UnicodeString apart = decompose->normalize(folded, status);
  if (U_FAILURE(status)) return ascii_words(text);
  std::vector<icu::UnicodeString> found;
  bool inside = false;
  for (std::int32_t i = 0; i < apart.length(); i = apart.moveIndex32(i, 1)) {
    const UChar32 c = apart.char32At(i);
    if (is_mark(c)) continue;
    if (separates(c)) {
      inside = false;
      continue;
    }
    if (!inside) found.emplace_back();
    inside = true;
    found.back().append(c);
  }
  std::vector<std::string> words;
  for (const icu::UnicodeString& word : found) word.toUTF8String(words.emplace_back());
  return words;
}

}  // namespace behoud::language
