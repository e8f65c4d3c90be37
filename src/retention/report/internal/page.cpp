#include "retention/report/internal/page.h"

#include <utility>

#include "retention/report/internal/charts.h"
#include "retention/report/internal/sheet.h"

// The pieces that sections are made of, and the page around them.

namespace behoud::retention::report::internal {

namespace {

// No script, nothing from anywhere else.
constexpr const char* kPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

}  // namespace

void Page::section(std::string_view id, std::string_view title, std::string_view css_class) {
  const std::string heading = std::string(id) + "-title";
  w_.open("section", {{"id", std::string(id)}, {"class", std::string(css_class)}, {"aria-labelledby", heading}}).line();
  w_.element("h2", title, {{"id", heading}});
}

void Page::say(std::string_view sentence) {
  if (!sentence.empty()) w_.element("p", sentence, {{"class", "say"}});
}

// A table that scrolls inside itself; focusable, so that the keyboard can scroll it.
void Page::open_table(std::string_view caption, std::string_view css_class) {
  w_.open("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", std::string(caption)}});
  w_.open("table", {{"class", std::string(css_class)}});
}

void Page::header(std::string_view text, bool number) {
  if (number) {
    w_.element("th", text, {{"scope", "col"}, {"class", "n"}});
  } else {
    w_.element("th", text, {{"scope", "col"}});
  }
}

void Page::chart(const Markup& svg) {
  if (!svg.empty()) w_.open("figure").add(svg).close("figure").line();
}

std::string Page::new_customers(const RetentionRow& r) const {
  return r.head.new_at_most && r.new_customers > 0 ? words_("report.at_most", {{"n", count(r.new_customers)}})
                                                   : count(r.new_customers);
}

std::string Page::write() && {
  w_.open("html", {{"lang", std::string(words_.language())}}).line();
  head();
  w_.open("body").line();
  w_.add(chart_definitions());
  w_.element("a", words_("report.skip"), {{"class", "skip"}, {"href", "#answer"}});
  mast();
  w_.open("main").line();
  answer();
  if (report_.headline) {
    w_.open("div", {{"class", "pair"}});
    customers();
    over_time();
    w_.close("div").line();
    todo();
    w_.open("div", {{"class", "pair"}});
    change();
    whatif();
    w_.close("div").line();
    slipping();
    cohorts();
    claims();
  }
  bridge();
  reading();
  definitions();
  w_.close("main").line();
  foot();
  w_.close("body").close("html").line();
  return "<!DOCTYPE html>\n" + std::move(w_).finish().text();
}

void Page::head() {
  w_.open("head").line();
  w_.empty("meta", {{"charset", "utf-8"}}).line();
  w_.empty("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", kPolicy}}).line();
  w_.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}).line();
  w_.empty("meta", {{"name", "color-scheme"}, {"content", "light"}}).line();
  w_.empty("meta", {{"name", "referrer"}, {"content", "no-referrer"}}).line();
  w_.element("title", words_("report.title") + " – Behoud").line();
  w_.style(kSheet).line();
  w_.close("head").line();
}

void Page::mast() {
  w_.open("header", {{"class", "mast"}});
  w_.element("span", "Behoud", {{"class", "brand"}});
  w_.open("span", {{"class", "what small"}});
  bool first = true;
  const auto part = [&](std::string_view text) {
    if (!first) w_.text(" · ");
    w_.text(text);
    first = false;
  };
  for (const std::string& file : report_.files) {
    if (!first) w_.text(" · ");
    name(file);
    first = false;
  }
  if (report_.first_day && report_.last_day) {
    part(words_("report.span_of_days",
                {{"first", words_.day(*report_.first_day)}, {"last", words_.day(*report_.last_day)}}));
  }
  part(words_("report.zone", {{"zone", report_.basics.zone}}));
  part(report_.basics.currency.empty() ? words_("report.no_currency")
                                       : words_("report.currency", {{"currency", report_.basics.currency}}));
  w_.close("span");
  if (report_.sample) w_.element("span", words_("report.sample"), {{"class", "sample"}});
  w_.close("header").line();
}

void Page::definitions() {
  section("words", words_("report.section.words"));
  w_.open("dl", {{"class", "words"}}).line();
  for (const Definition& d : definitions_of(report_, words_)) {
    w_.element("dt", d.term).element("dd", d.meaning).line();
  }
  w_.close("dl");
  end();
}

void Page::foot() {
  w_.open("footer");
  w_.element("p", foot_sentence(report_, words_));
  if (report_.sample) w_.element("p", words_("report.sample.say"));
  w_.close("footer").line();
}

}  // namespace behoud::retention::report::internal
