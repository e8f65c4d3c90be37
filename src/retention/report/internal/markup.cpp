#include "retention/report/internal/markup.h"

#include <cassert>

#include "base/text.h"

namespace behoud::retention::report::internal {

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const std::size_t length = utf8_sequence(text);
    if (length == 0) {
      out += kReplacement;
      text.remove_prefix(1);
      continue;
    }
    const std::string_view sequence = text.substr(0, length);
    text.remove_prefix(length);
    if (length > 1) {
      // U+0080..U+009F are C1 controls (C2 80..C2 9F), U+FFFE and U+FFFF (EF BF BE, EF BF BF) no characters.
      const bool c1 = length == 2 && sequence[0] == '\xC2' && static_cast<unsigned char>(sequence[1]) < 0xA0;
      const bool none = sequence == "\xEF\xBF\xBE" || sequence == "\xEF\xBF\xBF";
      out += c1 || none ? kReplacement : sequence;
      continue;
    }
    const char c = sequence[0];
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\t':
      case '\n':
        out += c;
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == '\x7F') {
          out += kReplacement;
        } else {
          out += c;
        }
    }
  }
  return out;
}

void MarkupWriter::start(std::string_view tag, Attributes attributes) {
  out_ += '<';
  out_ += tag;
  for (const auto& [name, value] : attributes) {
    out_ += ' ';
    out_ += name;
    out_ += "=\"";
    out_ += escaped(value);
    out_ += '"';
  }
}

MarkupWriter& MarkupWriter::open(std::string_view tag, Attributes attributes) {
  start(tag, attributes);
  out_ += '>';
  open_.emplace_back(tag);
  return *this;
}

MarkupWriter& MarkupWriter::close(std::string_view tag) {
  assert(!open_.empty() && open_.back() == tag);
  (void)tag;
  out_ += "</";
  out_ += open_.back();
  out_ += '>';
  open_.pop_back();
  return *this;
}

MarkupWriter& MarkupWriter::text(std::string_view text) {
  out_ += escaped(text);
  return *this;
}

MarkupWriter& MarkupWriter::element(std::string_view tag, std::string_view text, Attributes attributes) {
  start(tag, attributes);
  out_ += '>';
  out_ += escaped(text);
  out_ += "</";
  out_ += tag;
  out_ += '>';
  return *this;
}

MarkupWriter& MarkupWriter::empty(std::string_view tag, Attributes attributes) {
  start(tag, attributes);
  out_ += "/>";
  return *this;
}

MarkupWriter& MarkupWriter::add(const Markup& markup) {
  out_ += markup.text();
  return *this;
}

MarkupWriter& MarkupWriter::line() {
  out_ += '\n';
  return *this;
}

MarkupWriter& MarkupWriter::style(std::string_view sheet) {
  assert(sheet.find('<') == std::string_view::npos && sheet.find('&') == std::string_view::npos);
  out_ += "<style>";
  out_ += sheet;
  out_ += "</style>";
  return *this;
}

Markup MarkupWriter::finish() && {
  assert(open_.empty());
  return Markup(std::move(out_));
}

}  // namespace behoud::retention::report::internal
