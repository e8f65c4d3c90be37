#pragma once

// What every field of every answer is called and means, for people, in their language: a row for each field that an
// answer's JSON has (fields.h), as {field, term, sentence, formula, unit, page}. The texts are in the catalogue's area
// "definition"; docs/definitions.md says the same at length. A test holds the table to fields.h.
//
// `page` is the question whose answer has the field; the fields of a rate stand under "rate". Units: money, people,
// orders, rate (a fraction), number, days, periods, windows (spans of W days), months, day (a date), flag, text, list.

#include <string_view>
#include <vector>

#include "language/catalogue.h"

namespace behoud {
class JsonWriter;
}

namespace behoud::retention {

struct Term {
  std::string_view page, field, unit;
  std::string_view term, sentence, formula;  // keys of the catalogue; no formula: ""
};
const std::vector<Term>& terms();

// {"rows":[{"field","term","sentence","formula","unit","page"}]}
void write_terms(JsonWriter& json, const language::Catalogue& words);

}  // namespace behoud::retention
