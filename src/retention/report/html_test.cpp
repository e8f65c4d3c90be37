#include "retention/report/html.h"

#include <cmath>
#include <functional>
#include <map>
#include <pugixml.hpp>
#include <regex>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "retention/report/internal/charts.h"
#include "retention/report/internal/made_up_report.h"
#include "retention/report/internal/sheet.h"

namespace behoud::retention::report {
namespace {

using internal::large_report;
using internal::small_report;

std::string html(const Report& report, const char* language = "en") {
  auto out = render_html(report, language);
  EXPECT_TRUE(out) << (out ? "" : out.error().message);
  return out.value_or("");
}

// The page is well-formed XML but for its doctype, so a strict parser reads it.
pugi::xml_document parse(const std::string& page) {
  pugi::xml_document document;
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>\n"));
  const auto result = document.load_string(page.c_str(), pugi::parse_full | pugi::parse_ws_pcdata);
  EXPECT_EQ(result.status, pugi::status_ok)
      << result.description() << " at " << result.offset << ": "
      << page.substr(static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, result.offset - 80)), 160);
  return document;
}

void each(const pugi::xml_node& node, const std::function<void(const pugi::xml_node&)>& f) {
  f(node);
  for (const pugi::xml_node& child : node.children()) each(child, f);
}

// An empty shop, and others that stretch the page. Every one must make a sound page in every language.
std::map<std::string, Report> corners() {
  std::map<std::string, Report> out;
  out["small"] = small_report();
  out["large"] = large_report();
  Report& none = out["no order"];
  none.basics = small_report().basics;
  none.basics.history_start = std::nullopt;
  none.warnings = {Warning::kNoOrders, Warning::kNoCurrency};
  none.basics.currency = "";
  Report& one = out["one customer"];
  one = small_report();
  one.headline->now =
      internal::made_up_row(calendar::civil(2024, 1, 1), calendar::civil(2024, 2, 1), 1, 0, 0, 0, 1, 4'995);
  one.headline->value = internal::made_up_value(one.headline->now);
  one.headline->previous = std::nullopt;
  one.headline->previous_value = std::nullopt;
  one.retention.rows = {one.headline->now};
  one.change = std::nullopt;
  one.cohorts_on.rows.clear();
  one.cohorts_on.means.clear();
  one.cohorts_on_or_after = one.cohorts_on;
  one.slipping = {};
  one.actions.clear();
  one.whatif = {};
  one.claims.rows.clear();
  one.warnings = {Warning::kFewCustomers};
  Report& first = out["first period"];
  first = one;
  first.headline->now =
      internal::made_up_row(calendar::civil(2024, 1, 1), calendar::civil(2024, 2, 1), 0, 0, 40, 0, 44, 300'000);
  first.headline->now.head.warming_up = true;
  first.headline->now.head.complete = false;
  first.headline->now.head.evaluated_to = calendar::civil(2024, 1, 20);
  first.retention.rows = {first.headline->now};
  first.warnings = {Warning::kNoCompletePeriod, Warning::kAllWarmingUp};
  Report& millions = out["ten million"];
  millions = large_report();
  for (RetentionRow& row : millions.retention.rows) {
    row = internal::made_up_row(row.head.period_start, row.head.period_end, 9'812'204, 187'796, 412'000, 11'002,
                                2'912'004, 9'007'199'254'740'993);
  }
  millions.headline->now = millions.retention.rows.back();
  millions.headline->value = internal::made_up_value(millions.headline->now);
  millions.slipping.customers = 10'000'000;
  millions.slipping.at_stake_minor = INT64_MAX;
  millions.bridge.lines[0].count = INT64_MAX;
  millions.bridge.lines[5].amount_minor = INT64_MIN;
  Report& bare = out["no currency"];
  bare = small_report();
  bare.basics.currency = "";
  bare.warnings = {Warning::kNoCurrency};
  Report& sample = out["sample"];
  sample = small_report();
  sample.sample = true;
  return out;
}

constexpr const char* kHostile[] = {"<script>alert(1)</script>",
                                    "\"><img src=x onerror=alert(1)>",
                                    "'; DROP TABLE x; --",
                                    "\u202Egnp.exe",
                                    "שלום עולם",
                                    "👩‍👩‍👧‍👦 & co",
                                    "]]>",
                                    "<!--",
                                    "\x1b[31mred",
                                    "caf\xE9",
                                    "{people}",
                                    "=HYPERLINK(\"http://x\")"};

Report hostile_report() {
  Report r = small_report();
  r.files.clear();
  r.slipping.rows.clear();
  r.actions.clear();
  r.reading.files[0].columns.clear();
  r.reading.reasons.clear();
  r.bridge.lines[7].detail.clear();
  for (const char* text : kHostile) {
    r.files.emplace_back(text);
    r.slipping.rows.push_back({text, 1, 50, 20, 100, calendar::civil(2024, 1, 2)});
    Action a;
    a.name = "best_source";
    a.people = 3;
    a.subject = text;
    a.command = shell_word(text);
    r.actions.push_back(a);
    r.reading.files[0].columns.push_back({0, text, ingest::Role::kItem, 0.5, text});
    r.reading.reasons.push_back({text, 1, {{text, 3, text}}});
    r.reading.notices.push_back({text, {{"x", text}}, 1});
    r.bridge.lines.push_back({text, BridgeLine::Kind::kAside, 1, 1, text, text, {}});
    Claim c;
    c.name = text;
    c.why = text;
    r.claims.rows.push_back(c);
  }
  r.reading.files[0].system = r.reading.files[0].delimiter = r.reading.files[0].date_format = kHostile[0];
  r.basics.zone = "UTC";
  return r;
}

TEST(Html, IsWellFormedForEveryShopInEveryLanguage) {
  for (const auto& [name, report] : corners()) {
    for (const char* language : {"en", "nl", "sv"}) {
      SCOPED_TRACE(name + " " + language);
      const auto document = parse(html(report, language));
      EXPECT_STREQ(document.child("html").attribute("lang").value(), language);
    }
  }
}

TEST(Html, KnowsNoOtherLanguage) {
  const auto out = render_html(small_report(), "de");
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, Errc::kInvalidArgument);
}

TEST(Html, NeedsNoScriptAndNoNetwork) {
  for (const auto& [name, report] : corners()) {
    SCOPED_TRACE(name);
    const std::string page = html(report);
    each(parse(page), [&](const pugi::xml_node& node) {
      const std::string tag = node.name();
      EXPECT_NE(tag, "script");
      EXPECT_NE(tag, "img");
      EXPECT_NE(tag, "link");
      EXPECT_NE(tag, "iframe");
      for (const auto& attribute : node.attributes()) {
        const std::string key = attribute.name(), value = attribute.value();
        EXPECT_FALSE(key.starts_with("on")) << key;
        if (key == "href") {
          EXPECT_TRUE(value.starts_with("#")) << value;
        }
        EXPECT_NE(key, "src");
      }
    });
    EXPECT_EQ(page.find("http://"), std::string::npos);
    EXPECT_EQ(page.find("https://"), std::string::npos);
    EXPECT_EQ(page.find("@import"), std::string::npos);
  }
  EXPECT_NE(html(small_report()).find("default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"),
            std::string::npos);
}

TEST(Html, ShowsEveryHostileTextAndObeysNone) {
  const std::string page = html(hostile_report());
  const auto document = parse(page);
  // No element and no attribute came out of a text: the page has the tags that we write, and no more.
  const std::set<std::string> ours = {
      "html",    "head",    "meta",     "title",   "style", "body",    "svg",     "defs",   "pattern", "rect",
      "circle",  "line",    "polyline", "polygon", "text",  "g",       "desc",    "a",      "header",  "main",
      "footer",  "section", "h1",       "h2",      "h3",    "p",       "span",    "b",      "div",     "table",
      "caption", "thead",   "tbody",    "tfoot",   "tr",    "th",      "td",      "ol",     "li",      "code",
      "bdi",     "br",      "dl",       "dt",      "dd",    "details", "summary", "figure", ""};
  std::string all;
  each(document, [&](const pugi::xml_node& node) {
    EXPECT_TRUE(ours.contains(node.name())) << node.name();
    EXPECT_NE(node.type(), pugi::node_comment);
    EXPECT_NE(node.type(), pugi::node_cdata);
    all += node.value();
    all += '\n';
  });
  for (const char* text : kHostile) {
    const std::string expected = text == std::string("caf\xE9") ? "caf\xEF\xBF\xBD"
                                 : text[0] == '\x1b'            ? "\xEF\xBF\xBD[31mred"
                                                                : text;
    EXPECT_NE(all.find(expected), std::string::npos) << text;
  }
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find('\x1b'), std::string::npos);
  // A name's direction ends with the name.
  bool isolated = false;
  each(document, [&](const pugi::xml_node& node) {
    if (std::string_view(node.name()) == "bdi")
      isolated = isolated || std::string(node.child_value()).find("\xE2\x80\xAE") != std::string::npos;
  });
  EXPECT_TRUE(isolated);
}

RC_GTEST_PROP(Html, IsWellFormedWhateverTextsComeIn, (const std::string& a, const std::string& b)) {
  Report r = small_report();
  r.files = {a};
  r.slipping.rows[0].customer = b;
  r.actions[0].command = shell_word(a);
  r.actions[1].name = b;
  r.reading.files[0].file = b;
  r.reading.files[0].columns[0].header = a;
  r.reading.files[0].system = b;
  r.reading.notices.push_back({a, {{b, a}}, 3});
  r.bridge.lines[2].name = a;
  r.bridge.lines[2].reason = b;
  const std::string page = render_html(r, "sv").value();
  pugi::xml_document document;
  RC_ASSERT(document.load_string(page.c_str(), pugi::parse_full).status == pugi::status_ok);
  RC_ASSERT(page.find("<script") == std::string::npos);
}

TEST(Html, IsReachable) {
  for (const auto& [name, report] : corners()) {
    SCOPED_TRACE(name);
    const auto document = parse(html(report));
    std::set<std::string> ids;
    int mains = 0, h1s = 0;
    each(document, [&](const pugi::xml_node& node) {
      if (const auto id = node.attribute("id")) {
        EXPECT_TRUE(ids.insert(id.value()).second) << id.value() << " stands twice";
      }
      const std::string_view tag = node.name();
      mains += tag == "main";
      h1s += tag == "h1";
      if (tag == "svg" && std::string_view(node.attribute("role").value()) == "img") {
        EXPECT_STRNE(node.child("title").child_value(), "") << "a chart without a name";
        EXPECT_STRNE(node.child("desc").child_value(), "") << "a chart that says nothing";
      } else if (tag == "svg") {
        EXPECT_STREQ(node.attribute("aria-hidden").value(), "true");
      }
      if (tag == "th") {
        EXPECT_TRUE(node.attribute("scope"));
      }
      if (tag == "table") {
        EXPECT_STRNE(node.parent().attribute("aria-label").value(), "") << "a table without a name";
      }
    });
    EXPECT_EQ(mains, 1);
    EXPECT_EQ(h1s, 1);
    each(document, [&](const pugi::xml_node& node) {
      if (const auto by = node.attribute("aria-labelledby")) {
        EXPECT_TRUE(ids.contains(by.value())) << by.value();
      }
      if (std::string_view(node.name()) == "a") {
        EXPECT_TRUE(ids.contains(std::string(node.attribute("href").value()).substr(1)));
      }
    });
  }
}

TEST(Html, EveryChartHasATableBesideIt) {
  const auto document = parse(html(large_report()));
  int charts = 0;
  each(document, [&](const pugi::xml_node& node) {
    if (std::string_view(node.name()) != "figure") return;
    ++charts;
    bool table = false;
    each(node.parent(),
         [&](const pugi::xml_node& other) { table = table || std::string_view(other.name()) == "table"; });
    EXPECT_TRUE(table) << node.child("svg").child("title").child_value();
  });
  EXPECT_EQ(charts, 5) << "customers, retention, change, what-if, cohorts";
}

TEST(Html, MarksASampleWhereverItIsShown) {
  const std::string with = html(corners().at("sample")), without = html(small_report());
  EXPECT_NE(with.find("Sample data"), std::string::npos);
  EXPECT_NE(with.find("This is a made-up sample shop, not yours."), std::string::npos);
  EXPECT_EQ(without.find("Sample data"), std::string::npos);
}

TEST(Html, AmountsAreBareWithoutACurrencyAndItSaysSo) {
  const std::string page = html(corners().at("no currency"));
  EXPECT_EQ(page.find("€"), std::string::npos);
  EXPECT_NE(page.find("3,660"), std::string::npos);
  EXPECT_NE(page.find("No currency is known, so amounts are bare numbers."), std::string::npos);
}

TEST(Html, TheSameReportIsTheSameBytes) { EXPECT_EQ(html(large_report()), html(large_report())); }

// ---- The sheet: contrast by WCAG 2.2, relative luminance of sRGB.

double luminance(const std::string& hex) {
  const std::string full = hex.size() == 4 ? std::string{'#', hex[1], hex[1], hex[2], hex[2], hex[3], hex[3]} : hex;
  const auto channel = [&](std::size_t at) {
    const double c = std::stoi(full.substr(at, 2), nullptr, 16) / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
double contrast(const std::string& a, const std::string& b) {
  const double x = luminance(a), y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

TEST(Sheet, EveryTextStandsOutFromItsGround) {
  const std::string sheet(internal::kSheet);
  std::map<std::string, std::string> colours;
  const std::regex named("--([a-z-]+): (#[0-9a-f]{3,6})");
  for (std::sregex_iterator it(sheet.begin(), sheet.end(), named), end; it != end; ++it) colours[(*it)[1]] = (*it)[2];
  for (const char* text : {"ink", "soft", "kept", "new", "back", "lost"}) {
    EXPECT_GE(contrast(colours.at(text), colours.at("ground")), 4.5) << text;
  }
  EXPECT_GE(contrast(colours.at("soft"), colours.at("page")), 4.5);
  EXPECT_GE(contrast(colours.at("warn"), colours.at("warn-ground")), 4.5);
  EXPECT_GE(contrast(colours.at("kept"), colours.at("kept-soft")), 4.5);
  // The heat map: dark text on every step, white on those that say so.
  const std::regex step("\\.h([0-9]) \\{ background: (#[0-9a-f]{6});( color: #fff;)? \\}");
  int steps = 0;
  for (std::sregex_iterator it(sheet.begin(), sheet.end(), step), end; it != end; ++it, ++steps) {
    EXPECT_GE(contrast((*it)[2], (*it)[3].matched ? "#ffffff" : colours.at("ink")), 4.5) << (*it)[0];
  }
  EXPECT_EQ(steps, 10);
  const std::regex verdict("\\.verdict\\.[a-z]+ \\{ background: ([^;]+); color: (#[0-9a-f]{6}); \\}");
  int verdicts = 0;
  for (std::sregex_iterator it(sheet.begin(), sheet.end(), verdict), end; it != end; ++it, ++verdicts) {
    const std::string ground = (*it)[1];
    const bool variable = ground.starts_with("var(--");
    EXPECT_GE(contrast(variable ? colours.at(ground.substr(6, ground.size() - 7)) : ground, (*it)[2]), 4.5) << (*it)[0];
  }
  EXPECT_EQ(verdicts, 3);
}

// ---- Charts

TEST(Axis, CoversItsSpanInRoundSteps) {
  struct {
    double low, high;
  } const cases[] = {{0, 1}, {0.941, 0.973}, {0, 0.0003}, {0, 12'345'678}, {-20, 133}, {5, 5}};
  for (const auto& c : cases) {
    const internal::Axis axis = internal::axis_over(c.low, c.high, 4);
    const auto ticks = axis.ticks();
    EXPECT_LE(ticks.front(), c.low + 1e-12);
    EXPECT_GE(ticks.back(), c.high - 1e-12);
    EXPECT_GE(ticks.size(), 2u);
    EXPECT_LE(ticks.size(), 6u);
  }
}

TEST(Charts, AnUnfinishedPeriodIsDashedAndAWarmingOneHatched) {
  const std::string page = html(large_report());
  EXPECT_NE(page.find("class=\"unfinished\""), std::string::npos);
  EXPECT_NE(page.find("class=\"warming\""), std::string::npos);
  EXPECT_NE(page.find("class=\"band\""), std::string::npos);
  const std::string calm = html(small_report());
  EXPECT_EQ(calm.find("class=\"unfinished\""), std::string::npos);
  EXPECT_EQ(calm.find("rect class=\"warming\""), std::string::npos);
}

TEST(Charts, BarsOfCustomersStandOnZero) {
  const Report r = small_report();
  const auto words = internal::Words::create("en", r.basics);
  ASSERT_TRUE(words);
  const std::string svg = internal::customers_chart(r.headline->now, r.basics.grain, *words).text();
  pugi::xml_document document;
  ASSERT_EQ(document.load_string(svg.c_str()).status, pugi::status_ok);
  const auto root = document.child("svg");
  const double axis = root.child("line").attribute("y1").as_double();
  // 80 kept and 20 lost stand on one another on the axis, in that proportion.
  const auto start = root.child("g");
  const auto kept = start.child("rect"), lost = kept.next_sibling("rect");
  EXPECT_STREQ(kept.attribute("class").value(), "kept");
  EXPECT_STREQ(lost.attribute("class").value(), "lost");
  EXPECT_NEAR(kept.attribute("y").as_double() + kept.attribute("height").as_double(), axis, 0.11);
  EXPECT_NEAR(lost.attribute("y").as_double() + lost.attribute("height").as_double(), kept.attribute("y").as_double(),
              0.11);
  EXPECT_NEAR(kept.attribute("height").as_double() / lost.attribute("height").as_double(), 4, 0.02);
}

}  // namespace
}  // namespace behoud::retention::report
