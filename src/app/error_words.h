#pragma once

// An error in the reader's language, as a command says it: the words of its reason (base/result.h) out of
// language/catalogue/problem.*.json, with the way out as it is typed. English is what the error itself says; so is an
// error without a reason, or one whose values are not all there.

#include <span>
#include <string>

#include "app/world.h"
#include "base/result.h"
#include "language/language.h"

namespace behoud::app {

Error in_words_of(language::Language language, Error error);
// A message to stand within a sentence: without the full stop at its end.
std::string without_stop(std::string message);

// The language of a command that may have failed before its options were understood: of --lang where that is one, else
// of the environment's LC_ALL, LC_MESSAGES or LANG, else English.
language::Language language_of(std::span<const std::string> words, const World& world);
language::Language language_of(const World& world);

}  // namespace behoud::app
