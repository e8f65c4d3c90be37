#pragma once

// The report's page (html.h): one section after another, each written from the report, in the words of one language.
// The sections lie in page_*.cpp by what they tell; the style sheet is sheet.h, the charts are charts.h.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "retention/report/internal/markup.h"
#include "retention/report/internal/measures.h"
#include "retention/report/internal/words.h"
#include "retention/report/report.h"

namespace behoud::retention::report::internal {

class Page {
 public:
  Page(const Report& report, const Words& words) : report_(report), words_(words) {}

  std::string write() &&;

 private:
  // --- pieces

  void section(std::string_view id, std::string_view title, std::string_view css_class = "");
  void end() { w_.close("section").line(); }
  void say(std::string_view sentence);
  // A table that scrolls inside itself; focusable, so that the keyboard can scroll it.
  void open_table(std::string_view caption, std::string_view css_class = "");
  void close_table() { w_.close("table").close("div").line(); }
  void header(std::string_view text, bool number = false);
  void row_header(std::string_view text) { w_.element("th", text, {{"scope", "row"}}); }
  void cell(std::string_view text) { w_.element("td", text); }
  void number(std::string_view text) { w_.element("td", text, {{"class", "n"}}); }
  // A text that came from a file: its direction must not leak into ours.
  void name(std::string_view text) { w_.element("bdi", text); }
  void open_details(std::string_view summary) { w_.open("details").element("summary", summary); }
  void close_details() { w_.close("details").line(); }
  void chart(const Markup& svg);

  std::string count(std::uint64_t n) const { return words_.count(n); }
  // A share in a table whose caption says that it is per cent.
  std::string share(const std::optional<double>& v) const { return v ? words_.decimal(*v * 100, 1) : words_.none(); }
  std::string new_customers(const RetentionRow& r) const;

  // --- the page, top to bottom

  void head();
  void mast();
  // page_answer.cpp
  void against(const Measure& m, bool year);
  void card(const Measure* m, const std::string& under, const std::string& under_that = {});
  void answer();
  void strip();
  void measures_table(const std::vector<Measure>& measures);
  void customers();
  void over_time();
  // page_todo.cpp
  void todo();
  void change();
  void whatif();
  void slipping();
  // page_cohorts.cpp
  void heat_table(const CohortAnswer& answer, std::string_view caption);
  void cohorts();
  void claims();
  // page_reading.cpp
  void bridge();
  std::string bare_amount(std::int64_t minor, const std::string& currency) const;
  void reading();
  void definitions();
  void foot();

  const Report& report_;
  const Words& words_;
  MarkupWriter w_;
};

}  // namespace behoud::retention::report::internal
