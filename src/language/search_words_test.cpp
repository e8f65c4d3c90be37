#include "language/search_words.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.h"

namespace behoud::language {
namespace {

using Words = std::vector<std::string>;

TEST(SearchWords, AreWithoutCaseAccentsAndPunctuation) {
  const struct {
    const char* text;
    Words words;
    const char* why;
  } cases[] = {
      {"", {}, "nothing"},
      {"Jan de Vries", {"jan", "de", "vries"}, "ASCII"},
      {"  José   ÑUÑEZ ", {"jose", "nunez"}, "accents"},
      {"O'Brien-Smith", {"o", "brien", "smith"}, "punctuation"},
      {"O\xE2\x80\x99"
       "Brien",
       {"o", "brien"},
       "a typographic apostrophe"},
      {"Straße", {"strasse"}, "sharp s"},
      {"ﬁne", {"fine"}, "a ligature"},
      {"Ａｂｃ", {"abc"}, "full width"},
      {"İpek", {"ipek"}, "a dotted capital I"},
      {"Ångström Åsa", {"angstrom", "asa"}, "composed and decomposed are alike"},
      {"A\xCC\x8Angstrom", {"angstrom"}, "a combining ring"},
      {"<b>Jan</b><script>", {"b", "jan", "b", "script"}, "markup"},
      {"شَمْس נוֹעָה", {"شمس", "נועה"}, "points of Arabic and Hebrew"},
      {"\xE2\x80\xAEnaj", {"naj"}, "a direction override"},
      {"🦊 Fox", {"🦊", "fox"}, "an emoji is a word"},
      {"李小龍", {"李小龍"}, "no spaces, one word"},
      {"a\xFFz", {"a\xEF\xBF\xBDz"}, "not UTF-8"},
  };
  for (const auto& c : cases) EXPECT_EQ(search_words(c.text), c.words) << c.why;
}

TEST(SearchWords, LooksAtABoundedBeginning) {
  std::string text(kSearchedBytesMax - 1, 'a');
  text += "é and more";
  const Words words = search_words(text);
  ASSERT_EQ(words.size(), 1u);
  EXPECT_EQ(words[0].size(), kSearchedBytesMax - 1) << "half a character is left out";
}

RC_GTEST_PROP(SearchWords, OfItsOwnWordsAreTheSame, (const std::string& text)) {
  const Words words = search_words(text);
  for (const std::string& word : words) {
    RC_ASSERT(!word.empty());
    RC_ASSERT(is_utf8(word));
    RC_ASSERT(search_words(word) == Words{word});
  }
}

}  // namespace
}  // namespace behoud::language
