#pragma once

// The words of a text as people look for them: without case, accents and points ("José" is found by "jose", "Straße" by
// "strasse"), by Unicode's compatibility case folding (NFKC_Casefold) with the marks taken off. What separates words is
// white space, punctuation, and the symbols of ASCII, so that markup in a name neither hides it nor means anything. An
// emoji is a word or a part of one.
//
// Text that is not UTF-8 is repaired first. Only the first kSearchedBytesMax bytes are looked at. Pure. Cost: about 50
// ns for a name in ASCII, a microsecond or two for others.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace behoud::language {

inline constexpr std::size_t kSearchedBytesMax = 512;

std::vector<std::string> search_words(std::string_view text);

}  // namespace behoud::language
