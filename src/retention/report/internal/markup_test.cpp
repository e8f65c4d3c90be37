#include "retention/report/internal/markup.h"

#include <limits>
#include <pugixml.hpp>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.h"
#include "retention/report/internal/svg.h"

namespace behoud::retention::report::internal {
namespace {

TEST(Markup, EscapesWhatWouldBeMarkup) {
  struct {
    const char* given;
    const char* written;
    const char* why;
  } const cases[] = {{"plain", "plain", "nothing to do"},
                     {"<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;", "an element"},
                     {"a\" onload=\"x", "a&quot; onload=&quot;x", "an attribute's end"},
                     {"&lt;", "&amp;lt;", "an entity stays what was written"},
                     {"a\x1b[31mb", "a\xEF\xBF\xBD[31mb", "an escape sequence"},
                     {"\xC2\x85", "\xEF\xBF\xBD", "a C1 control"},
                     {"\xEF\xBF\xBF", "\xEF\xBF\xBD", "no character of XML"},
                     {"caf\xE9", "caf\xEF\xBF\xBD", "Latin-1 bytes"},
                     {"\xC3\xA9 \xF0\x9F\x98\x80", "\xC3\xA9 \xF0\x9F\x98\x80", "letters and emoji stay"},
                     {"a\nb\tc", "a\nb\tc", "blanks stay"}};
  for (const auto& c : cases) EXPECT_EQ(escaped(c.given), c.written) << c.why;
}

// Repaired, with what XML forbids and terminals obey as U+FFFD: what a reader of the markup must see.
std::string readable(const std::string& given) {
  std::string out;
  const std::string repaired = repair_utf8(given);
  for (std::string_view rest = repaired; !rest.empty();) {
    const std::string_view c = rest.substr(0, utf8_sequence(rest));
    rest.remove_prefix(c.size());
    const bool control = c.size() == 1 && static_cast<unsigned char>(c[0]) < 0x20 && c != "\t" && c != "\n";
    const bool c1 = c.size() == 2 && c[0] == '\xC2' && static_cast<unsigned char>(c[1]) < 0xA0;
    out += control || c1 || c == "\x7F" || c == "\xEF\xBF\xBE" || c == "\xEF\xBF\xBF" ? kReplacement : c;
  }
  return out;
}

// U+FFFD in runs: how many stand for one broken byte or two is not the point here.
std::string squeezed(std::string text) {
  const std::string twice = std::string(kReplacement) + std::string(kReplacement);
  for (std::size_t at = text.find(twice); at != std::string::npos; at = text.find(twice))
    text.erase(at, kReplacement.size());
  return text;
}

RC_GTEST_PROP(Markup, EveryTextComesBackFromAParser, (const std::string& text, const std::string& value)) {
  MarkupWriter w;
  w.open("p", {{"title", value}}).text(text).close("p");
  const std::string xml = std::move(w).finish().text();
  pugi::xml_document document;
  const unsigned exact =
      (pugi::parse_default | pugi::parse_ws_pcdata) & ~(pugi::parse_eol | pugi::parse_wconv_attribute);
  const auto parsed = document.load_buffer(xml.data(), xml.size(), exact, pugi::encoding_utf8);
  RC_ASSERT(parsed.status == pugi::status_ok);
  RC_ASSERT(squeezed(document.child("p").attribute("title").value()) == squeezed(readable(value)));
  RC_ASSERT(squeezed(document.child("p").text().get()) == squeezed(readable(text)));
}

TEST(Markup, ClosesVoidElementsAsBothHtmlAndXmlWantIt) {
  MarkupWriter w;
  w.open("head").empty("meta", {{"charset", "utf-8"}}).close("head");
  EXPECT_EQ(std::move(w).finish().text(), "<head><meta charset=\"utf-8\"/></head>");
}

TEST(Markup, ElementsThatCrossAreAMistakeInTheSource) {
  EXPECT_DEBUG_DEATH(
      {
        MarkupWriter w;
        w.open("p").open("b").close("p");
      },
      "");
}

TEST(Svg, RoundsCoordinatesToATenth) {
  EXPECT_EQ(coordinate(12), "12");
  EXPECT_EQ(coordinate(12.04), "12");
  EXPECT_EQ(coordinate(12.06), "12.1");
  EXPECT_EQ(coordinate(-0.5), "-0.5");
  EXPECT_EQ(coordinate(-3.25), "-3.3");
  EXPECT_EQ(coordinate(0.0 / 1.0), "0");
  EXPECT_EQ(coordinate(std::numeric_limits<double>::quiet_NaN()), "0");
}

TEST(Svg, IsReadOutByItsTitleOrHidden) {
  Svg named(10, 10, "Customers", "From 1 to 2", "chart");
  named.rect(0, 0, 1, 1, "kept");
  EXPECT_EQ(
      std::move(named).finish().text(),
      "<svg class=\"chart\" viewBox=\"0 0 10 10\" width=\"10\" height=\"10\" role=\"img\"><title>Customers</title>"
      "<desc>From 1 to 2</desc><rect class=\"kept\" x=\"0\" y=\"0\" width=\"1\" height=\"1\"/></svg>");
  Svg ornament(10, 10, "", "", "spark");
  EXPECT_NE(std::move(ornament).finish().text().find("aria-hidden=\"true\""), std::string::npos);
}

}  // namespace
}  // namespace behoud::retention::report::internal
