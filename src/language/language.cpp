#include "language/language.h"

#include "base/text.h"

namespace behoud::language {

Result<Language> parse_language(std::string_view text) {
  for (const Language l : kLanguages) {
    if (text == code(l)) return l;
  }
  return fail(Errc::kInvalidArgument, quoted(text) + " is not a language that Behoud speaks", "Use en, nl or sv.", {},
              {"problem.language_unknown", {{"value", text}}});
}

}  // namespace behoud::language
