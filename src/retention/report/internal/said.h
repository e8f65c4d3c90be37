#pragma once

// A sentence in parts: its words, and between them its numbers, each with the field that says what it means and the
// list of its people, so that a page can make a link of it. Joined, the parts are the sentence.

#include <optional>
#include <string>
#include <vector>

namespace behoud {
class JsonWriter;
}

namespace behoud::retention::report::internal {

// `behind`, over [from, to) by `grain`, lists the people (docs/definitions.md); nullopt: it is of nobody in particular.
struct Number {
  std::string field;
  std::optional<std::string> behind{}, from{}, to{}, grain{};
  friend bool operator==(const Number&, const Number&) = default;
};
struct SaidPart {
  std::string text;
  std::optional<Number> number{};  // nullopt: words
  friend bool operator==(const SaidPart&, const SaidPart&) = default;
};
using Said = std::vector<SaidPart>;

std::string joined(const Said& said);
// A blank between the two.
void append(Said& said, Said more);
// [{"text"} or {"text","field","behind","from","to","grain"}]
void write(JsonWriter& json, const Said& said);

}  // namespace behoud::retention::report::internal
