#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "retention/report/internal/page.h"

// Where the numbers come from: the bridge, and how the files were read.

namespace behoud::retention::report::internal {

namespace {

std::string line_numbers(const std::vector<std::uint64_t>& rows) {
  std::string out;
  for (std::size_t i = 0; i < rows.size() && i < 5; ++i) {
    if (i > 0) out += ", ";
    out += std::to_string(rows[i]);
  }
  return rows.size() > 5 ? out + ", …" : out;
}

std::string place(const Place& p) {
  std::string out = p.file;
  if (p.line > 0) out += ":" + std::to_string(p.line);
  if (!p.column.empty()) out += " " + p.column;
  return out;
}

}  // namespace

void Page::bridge() {
  section("bridge", words_("report.section.bridge"), "long");
  say(words_("report.section.bridge.say"));
  open_table(words_("report.section.bridge"));
  w_.open("thead").open("tr");
  header(words_("report.column.step"));
  header(words_("report.column.count"), true);
  header(words_("report.column.amount"), true);
  header(words_("report.column.why"));
  header(words_("report.column.rows"));
  w_.close("tr").close("thead").open("tbody").line();
  for (const BridgeLine& line : report_.bridge.lines) {
    w_.open("tr", {{"class", std::string(report::name(line.kind))}});
    row_header(bridge_name(line, words_));
    number(line.count ? words_.integer(*line.count) : "");
    // What could not be converted is in its own currency: the detail says which.
    number(!line.amount_minor           ? ""
           : line.name == "unconverted" ? bare_amount(*line.amount_minor, line.detail)
                                        : words_.money(*line.amount_minor));
    cell(line.reason.empty() ? "" : words_.or_key(line.reason));
    w_.element("td", line_numbers(line.rows), {{"class", "small soft"}});
    w_.close("tr").line();
  }
  w_.close("tbody");
  close_table();
  end();
}

std::string Page::bare_amount(std::int64_t minor, const std::string& currency) const {
  const auto parsed = money::Currency::parse(currency);
  return words_.money_in(minor, parsed ? *parsed : money::Currency::none());
}

void Page::reading() {
  const Reading& r = report_.reading;
  if (r.files.empty() && r.notices.empty() && r.rejected == 0) return;
  section("reading", words_("report.section.reading"), "long");
  say(words_("report.section.reading.say"));
  for (const ingest::Notice& n : r.notices) {
    w_.element("p", words_.with(n.key, n.args, n.count), {{"class", "warning"}, {"role", "note"}}).line();
  }
  for (const ingest::FileShape& file : r.files) {
    w_.open("h3");
    name(file.file);
    w_.close("h3");
    w_.element("p", file_sentence(file, words_), {{"class", "soft"}});
    open_table(words_("report.section.reading"));
    w_.open("thead").open("tr");
    header(words_("report.column.column"));
    header(words_("report.column.taken_for"));
    header(words_("report.column.sure"));
    header(words_("report.column.why"));
    w_.close("tr").close("thead").open("tbody").line();
    std::size_t ignored = 0;
    for (const ingest::ColumnMatch& c : file.columns) {
      if (!c.role) {
        ++ignored;
        continue;
      }
      w_.open("tr").open("th", {{"scope", "row"}});
      name(c.header.empty() ? "#" + std::to_string(c.index + 1) : c.header);
      w_.close("th");
      cell(role_word(*c.role, words_));
      w_.open("td").open("span", {{"class", "sure"}, {"aria-hidden", "true"}});
      w_.open("span", {{"style", fmt::format("width:{}%",
                                             std::clamp(static_cast<int>(std::lround(c.confidence * 100)), 0, 100))}})
          .close("span");
      w_.close("span").text(words_.percent(c.confidence, 0)).close("td");
      cell(c.reason.empty() ? "" : words_.or_key(c.reason));
      w_.close("tr").line();
    }
    w_.close("tbody");
    close_table();
    if (ignored > 0) w_.element("p", words_("report.ignored_columns", {{"n", ignored}}), {{"class", "small soft"}});
  }
  if (r.rejected > 0) {
    w_.element("h3", words_("report.rejected", {{"n", r.rejected}}));
    open_table(words_("report.rejected", {{"n", r.rejected}}));
    w_.open("thead").open("tr");
    header(words_("report.column.why"));
    header(words_("report.column.rows_count"), true);
    header(words_("report.column.first"));
    w_.close("tr").close("thead").open("tbody");
    for (const RejectedReason& reason : r.reasons) {
      w_.open("tr");
      row_header(words_.or_key(reason.reason));
      number(count(reason.rows));
      w_.open("td", {{"class", "small soft"}});
      for (std::size_t i = 0; i < reason.places.size(); ++i) {
        if (i > 0) w_.text("; ");
        name(place(reason.places[i]));
      }
      w_.close("td").close("tr");
    }
    w_.close("tbody");
    close_table();
  }
  end();
}

}  // namespace behoud::retention::report::internal
