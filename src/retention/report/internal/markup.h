#pragma once

// Writes markup that is HTML5 and well-formed XML at once, with every text and attribute escaped by construction: there
// is no call that takes markup as a string. What one writer made can be put into another only as a `Markup`, and only a
// writer makes those.
//
// Text is repaired to valid UTF-8; control characters (which XML forbids and terminals obey) become U+FFFD. Elements
// are closed in the order they were opened; a call that would break this is an assert.

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace behoud::retention::report::internal {

using Attribute = std::pair<std::string_view, std::string>;
using Attributes = std::initializer_list<Attribute>;

class Markup {
 public:
  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  friend class MarkupWriter;
  explicit Markup(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// `text` with & < > " ' as entities, ill-formed bytes and control characters (but \t and \n) as U+FFFD.
std::string escaped(std::string_view text);

class MarkupWriter {
 public:
  // `tag` and attribute names are our own literals. A void element ("meta", "br", ...) is closed at once.
  MarkupWriter& open(std::string_view tag, Attributes attributes = {});
  MarkupWriter& close(std::string_view tag);  // names the tag to keep writers honest
  MarkupWriter& text(std::string_view text);
  MarkupWriter& element(std::string_view tag, std::string_view text, Attributes attributes = {});
  MarkupWriter& empty(std::string_view tag, Attributes attributes = {});  // <tag .../>: void HTML and SVG shapes
  MarkupWriter& add(const Markup& markup);
  MarkupWriter& line();                         // a line break in the source
  MarkupWriter& style(std::string_view sheet);  // a style element; `sheet` is our own and holds no '<'
  Markup finish() &&;                           // all elements must be closed

 private:
  void start(std::string_view tag, Attributes attributes);
  std::string out_;
  std::vector<std::string> open_;
};

}  // namespace behoud::retention::report::internal
