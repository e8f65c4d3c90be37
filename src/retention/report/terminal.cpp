#include "retention/report/terminal.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <tuple>

#include "retention/report/internal/cells.h"
#include "retention/report/internal/measures.h"
#include "retention/report/internal/troubles.h"
#include "retention/report/internal/words.h"
#include "retention/report/today.h"

namespace behoud::retention::report {

namespace {

using namespace internal;

constexpr std::size_t kTrendPeriods = 7;
constexpr std::size_t kCohortRowsMax = 8;
constexpr std::size_t kSlippingRowsMax = 5;
constexpr std::size_t kNoticesMax = 5;

// A look, and the codes that switch it on; a page without colour has none of them.
enum class Look : std::uint8_t { kPlain, kStrong, kSoft, kKept, kNew, kBack, kLost, kWarning };
const char* code_of(Look look) {
  switch (look) {
    case Look::kStrong:
      return "\x1b[1m";
    case Look::kSoft:
      return "\x1b[2m";
    case Look::kKept:
      return "\x1b[38;5;33m";
    case Look::kNew:
      return "\x1b[38;5;37m";
    case Look::kBack:
      return "\x1b[38;5;135m";
    case Look::kLost:
      return "\x1b[38;5;172m";
    case Look::kWarning:
      return "\x1b[38;5;178m";
    case Look::kPlain:
      break;
  }
  return "";
}

// A table whose columns are as wide as their texts; column `flexible` gives way when the page is too narrow.
struct Grid {
  std::vector<std::string> header;
  std::vector<Side> sides;
  std::vector<std::vector<std::string>> rows;
  std::vector<Look> looks;  // of each row; shorter: plain
  std::size_t flexible = 0;
  bool wraps = false;        // the flexible column goes on below instead of being cut
  bool last_may_go = false;  // the last column is an ornament: it goes when the page is too narrow
};

class Page {
 public:
  Page(const Report& report, const Words& words, const TerminalOptions& options)
      : report_(report),
        words_(words),
        cells_(options.utf8),
        colour_(options.colour),
        width_(std::clamp(options.columns, 80, 100) - 2 * kMargin) {}

  std::string whole() && {
    mast();
    answer();
    headline(0);
    bridge();
    if (report_.change) {
      heading(words_("report.section.change"));
      change(*report_.change);
    }
    cohorts();
    slipping();
    claims();
    todo(report_.actions);
    reading();
    foot();
    return std::move(out_);
  }

  // What is read in the morning: what changed and why, what to do, what is wrong with the data.
  std::string today(const Today& today) && {
    mast();
    answer();
    headline(0);
    changes({&report_.change, &today.change_last_year});
    todo(today.todo);
    troubles(troubles_of(today, words_));
    foot();
    return std::move(out_);
  }

  std::string short_form() && {
    mast();
    answer();
    headline(5);
    return std::move(out_);
  }

 private:
  static constexpr int kMargin = 2;

  std::string painted(const std::string& shown, Look look) const {
    if (!colour_ || look == Look::kPlain || shown.empty()) return shown;
    return code_of(look) + shown + "\x1b[0m";
  }
  // One line of text that is already `shown`; blanks at its end are not printed.
  void line(std::string text, Look look = Look::kPlain) {
    while (!text.empty() && text.back() == ' ') text.pop_back();
    if (!text.empty()) out_ += std::string(kMargin, ' ') + painted(text, look);
    out_ += '\n';
  }
  void paragraph(std::string_view text, Look look = Look::kPlain, int indent = 0) {
    for (const std::string& l : cells_.wrap(text, width_ - indent))
      line(std::string(static_cast<std::size_t>(indent), ' ') + l, look);
  }
  void heading(std::string_view text) {
    line("");
    const std::string shown = cells_.shown(text);
    const int rest = std::max(0, width_ - Cells::width(shown) - 1);
    out_ += std::string(kMargin, ' ') + painted(shown, Look::kStrong) + " " + painted(cells_.rule(rest), Look::kSoft) +
            "\n";
  }
  void both_ends(std::string_view left, std::string_view right, Look look) {
    const std::string end = cells_.shown(right);
    const int room = width_ - Cells::width(end) - (end.empty() ? 0 : 2);
    if (Cells::width(cells_.shown(left)) > room) {
      // Nothing of either is cut: one below the other.
      paragraph(left, look);
      paragraph(right, look);
      return;
    }
    line(cells_.fit(left, room) + (end.empty() ? "" : "  " + end), look);
  }

  // A header that is wider than what stands under it goes on two lines, broken at the blank nearest its middle.
  static std::pair<std::string, std::string> in_two(const std::string& text, int under) {
    std::size_t best = std::string::npos;
    const auto off = [&](std::size_t at) { return at > text.size() / 2 ? at - text.size() / 2 : text.size() / 2 - at; };
    for (std::size_t at = text.find(' '); at != std::string::npos; at = text.find(' ', at + 1)) {
      if (best == std::string::npos || off(at) < off(best)) best = at;
    }
    if (Cells::width(text) <= under || best == std::string::npos) return {"", text};
    return {text.substr(0, best), text.substr(best + 1)};
  }

  // Of the flexible column.
  int longest_word(const Grid& g) const {
    int longest = 0;
    for (const auto& row : g.rows) {
      if (g.flexible >= row.size()) continue;
      std::istringstream words(cells_.shown(row[g.flexible]));
      for (std::string word; words >> word;) longest = std::max(longest, Cells::width(word));
    }
    return longest;
  }

  void grid(const Grid& g) {
    const std::size_t n = g.sides.size();
    std::vector<int> widths(n, 0);
    const auto widen = [&](const std::vector<std::string>& row) {
      for (std::size_t i = 0; i < row.size() && i < n; ++i) {
        widths[i] = std::max(widths[i], Cells::width(cells_.shown(row[i])));
      }
    };
    for (const auto& row : g.rows) widen(row);
    const std::vector<int> bodies = widths;
    std::vector<std::string> above(n), header(n);
    for (std::size_t i = 0; i < g.header.size() && i < n; ++i) header[i] = cells_.shown(g.header[i]);
    widen(header);
    std::size_t shown = n;
    int gap = 2;
    const auto used = [&] {
      int sum = gap * static_cast<int>(shown - 1);
      for (std::size_t i = 0; i < shown; ++i) sum += widths[i];
      return sum;
    };
    // Too narrow: headers on two lines, then without the ornament, then closer together, then the flexible column
    // gives.
    if (used() > width_) {
      widths = bodies;
      for (std::size_t i = 0; i < n; ++i) std::tie(above[i], header[i]) = in_two(header[i], bodies[i]);
      widen(above);
      widen(header);
    }
    const bool two = std::any_of(above.begin(), above.end(), [](const std::string& t) { return !t.empty(); });
    if (used() > width_ && g.last_may_go) --shown;
    if (used() > width_) gap = 1;
    if (used() > width_) {
      // Rather the page's right margin than a word broken in two.
      const int too_wide = used() - width_, least = g.wraps ? longest_word(g) : 0, wanted = widths[g.flexible];
      widths[g.flexible] = std::max({8, wanted - too_wide, std::min(least, wanted - too_wide + kMargin)});
    }
    const auto write = [&](const std::vector<std::string>& row, Look look) {
      std::vector<std::string> pieces(1);
      if (g.flexible < row.size()) {
        pieces = g.wraps ? cells_.wrap(row[g.flexible], widths[g.flexible]) : std::vector{row[g.flexible]};
      }
      for (std::size_t piece = 0; piece < pieces.size(); ++piece) {
        std::string text;
        for (std::size_t i = 0; i < shown; ++i) {
          if (i > 0) text.append(static_cast<std::size_t>(gap), ' ');
          const std::string_view cell = i == g.flexible                ? std::string_view(pieces[piece])
                                        : piece == 0 && i < row.size() ? std::string_view(row[i])
                                                                       : std::string_view();
          text += cells_.fit(cell, widths[i], g.sides[i]);
        }
        line(std::move(text), look);
      }
    };
    if (two) write(above, Look::kSoft);
    if (!g.header.empty()) write(header, Look::kSoft);
    for (std::size_t r = 0; r < g.rows.size(); ++r) write(g.rows[r], r < g.looks.size() ? g.looks[r] : Look::kPlain);
  }

  std::string count(std::uint64_t n) const { return words_.count(n); }

  // --- the page, top to bottom

  void mast() {
    both_ends("Behoud", report_.sample ? words_("report.sample") : "", Look::kStrong);
    std::string what;
    const auto part = [&](const std::string& text) { what += (what.empty() ? "" : " · ") + text; };
    for (const std::string& file : report_.files) part(file);
    if (report_.first_day && report_.last_day) {
      part(words_("report.span_of_days",
                  {{"first", words_.day_short(*report_.first_day)}, {"last", words_.day_short(*report_.last_day)}}));
    }
    part(words_("report.zone", {{"zone", report_.basics.zone}}));
    part(report_.basics.currency.empty() ? words_("report.no_currency")
                                         : words_("report.currency", {{"currency", report_.basics.currency}}));
    paragraph(what, Look::kSoft);
    line(cells_.rule(width_), Look::kSoft);
  }

  void answer() {
    both_ends(words_("report.title"), headline_period(report_, words_), Look::kSoft);
    line("");
    paragraph(answer_sentence(report_, words_), Look::kStrong);
    if (report_.headline) kept_bar(report_.headline->now);
    line("");
    paragraph(window_sentence(report_, words_), Look::kSoft);
    for (const std::string& warning : warning_sentences(report_, words_)) paragraph("! " + warning, Look::kWarning);
  }

  // Those of the start, kept and lost, and beside them those who came: one scale for all.
  void kept_bar(const RetentionRow& r) {
    const double all = static_cast<double>(r.customers_start) + static_cast<double>(r.new_customers) +
                       static_cast<double>(r.reactivated);
    if (!(all > 0)) return;
    struct Part {
      std::uint64_t n;
      char kind;
      Look look;
      std::string label;
    };
    const Part parts[] = {{r.retained, 'k', Look::kKept, words_("report.bar.kept", {{"n", count(r.retained)}})},
                          {r.lost, 'l', Look::kLost, words_("report.bar.lost", {{"n", count(r.lost)}})},
                          {r.new_customers, 'n', Look::kNew, words_("report.bar.new", {{"n", count(r.new_customers)}})},
                          {r.reactivated, 'b', Look::kBack, words_("report.bar.back", {{"n", count(r.reactivated)}})}};
    // Each part has its share of the width, at least one cell; the greatest gives up what the others' minimum took.
    int widths[4] = {}, sum = 0;
    std::size_t greatest = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      if (parts[i].n == 0) continue;
      widths[i] = std::max(1, static_cast<int>(std::lround(static_cast<double>(parts[i].n) / all * width_)));
      sum += widths[i];
      if (parts[i].n > parts[greatest].n) greatest = i;
    }
    widths[greatest] += width_ - sum;
    std::string bar, labels;
    for (std::size_t i = 0; i < 4; ++i) {
      bar += painted(cells_.blocks(widths[i], parts[i].kind), parts[i].look);
      if (parts[i].n == 0) continue;
      if (!labels.empty()) labels += "   ";
      labels += painted(cells_.blocks(1, parts[i].kind) + " " + cells_.shown(parts[i].label), parts[i].look);
    }
    line("");
    out_ += std::string(kMargin, ' ') + bar + "\n";
    out_ += std::string(kMargin, ' ') + labels + "\n";
  }

  std::string trend(const Measure& m) const {
    std::vector<double> values;
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const auto& v : m.trend) {
      values.push_back(v.value_or(std::numeric_limits<double>::quiet_NaN()));
      if (v) {
        low = std::min(low, *v);
        high = std::max(high, *v);
      }
    }
    return low <= high ? cells_.spark(values, low, high) : "";
  }

  void headline(std::size_t rows_max) {
    if (!report_.headline) return;
    const Headline& h = *report_.headline;
    const calendar::Grain grain = report_.basics.grain;
    heading(words_("report.section.headline"));
    const auto measures = headline_measures(report_, words_, kTrendPeriods);
    constexpr std::string_view kShown[] = {"crr_strict",         "churn_rate", "returning_rate", "repeat_rate",
                                           "customers_end",      "crr",        "revenue_minor",  "aov_minor",
                                           "purchase_frequency", "clv_minor"};
    Grid g;
    g.header = {"", words_.period_short(h.now.head, grain), words_("report.column.interval_short"),
                words_("report.column.fraction")};
    g.sides = {Side::kLeft, Side::kRight, Side::kRight, Side::kRight};
    if (h.previous) {
      g.header.push_back(words_.period_short(h.previous->head, grain));
      g.sides.push_back(Side::kRight);
    }
    if (h.year_earlier) {
      g.header.push_back(words_.period_short(h.year_earlier->head, grain));
      g.sides.push_back(Side::kRight);
    }
    g.header.emplace_back("");
    g.sides.push_back(Side::kLeft);
    g.wraps = true;
    g.last_may_go = true;
    for (const std::string_view name : kShown) {
      const Measure* m = internal::find(measures, name);
      if (!m || (rows_max > 0 && g.rows.size() >= rows_max)) continue;
      std::vector<std::string> row = {m->label, m->now, m->interval_bare, m->fraction};
      if (h.previous) row.push_back(m->previous);
      if (h.year_earlier) row.push_back(m->year_earlier);
      row.push_back(trend(*m));
      g.rows.push_back(std::move(row));
    }
    grid(g);
  }

  void bridge() {
    heading(words_("report.section.bridge"));
    Grid g;
    g.header = {"", words_("report.column.count"), words_("report.column.amount"), words_("report.column.why")};
    g.sides = {Side::kLeft, Side::kRight, Side::kRight, Side::kLeft};
    g.flexible = 3;
    g.wraps = true;
    for (const BridgeLine& l : report_.bridge.lines) {
      const auto parsed = money::Currency::parse(l.detail);
      const std::string amount = !l.amount_minor ? ""
                                 : l.name == "unconverted"
                                     ? words_.money_in(*l.amount_minor, parsed ? *parsed : money::Currency::none())
                                     : words_.money(*l.amount_minor);
      std::string why = l.reason.empty() ? "" : words_.or_key(l.reason);
      if (!l.rows.empty()) {
        std::string where = words_("report.in_rows", {{"rows", line_numbers(l.rows)}});
        if (!why.empty()) where += ": ";
        why.insert(0, where);
      }
      const bool total = l.kind == BridgeLine::Kind::kTotal;
      g.rows.push_back(
          {(total ? "" : "  ") + bridge_name(l, words_), l.count ? words_.integer(*l.count) : "", amount, why});
      g.looks.push_back(total ? Look::kPlain : Look::kSoft);
    }
    grid(g);
  }

  static std::string line_numbers(const std::vector<std::uint64_t>& rows) {
    std::string out;
    for (std::size_t i = 0; i < rows.size() && i < 3; ++i) out += (i > 0 ? ", " : "") + std::to_string(rows[i]);
    return rows.size() > 3 ? out + ", …" : out;
  }

  void changes(std::initializer_list<const std::optional<ChangeAnswer>*> all) {
    bool first = true;
    for (const auto* c : all) {
      if (!*c) continue;
      first ? heading(words_("report.section.change")) : line("");
      first = false;
      paragraph(change_sentence(**c, report_.basics.grain, words_));
      line("");
      change(**c);
    }
  }

  void troubles(const std::vector<Trouble>& all) {
    heading(words_("today.troubles"));
    if (all.empty()) paragraph(words_("today.troubles.none"));
    for (const Trouble& t : all) {
      paragraph("! " + joined(t.title), Look::kWarning);
      if (!t.detail.empty()) paragraph(joined(t.detail), Look::kPlain, 2);
      if (!t.way_out.empty()) paragraph(t.way_out, Look::kPlain, 2);
    }
  }

  void change(const ChangeAnswer& c) {
    const calendar::Grain grain = report_.basics.grain;
    const auto number = [](std::int64_t minor) { return std::abs(static_cast<double>(minor)); };
    double most = 1;
    for (const std::int64_t v : {c.revenue_before_minor, c.revenue_after_minor, c.by_customers_minor,
                                 c.by_frequency_minor, c.by_order_value_minor}) {
      most = std::max(most, number(v));
    }
    struct Row {
      std::string label, amount;
      std::int64_t minor;
      bool total;
    };
    const Row rows[] = {
        {words_.period(c.before, grain), words_.money_whole(c.revenue_before_minor), c.revenue_before_minor, true},
        {words_("report.change.customers"), words_.signed_money_whole(c.by_customers_minor), c.by_customers_minor,
         false},
        {words_("report.change.frequency"), words_.signed_money_whole(c.by_frequency_minor), c.by_frequency_minor,
         false},
        {words_("report.change.order_value"), words_.signed_money_whole(c.by_order_value_minor), c.by_order_value_minor,
         false},
        {words_.period(c.after, grain), words_.money_whole(c.revenue_after_minor), c.revenue_after_minor, true}};
    int labels = 0, amounts = 0;
    for (const Row& r : rows) {
      labels = std::max(labels, Cells::width(cells_.shown(r.label)) + (r.total ? 0 : 2));
      amounts = std::max(amounts, Cells::width(cells_.shown(r.amount)));
    }
    const int room = width_ - labels - amounts - 4;
    for (const Row& r : rows) {
      const int cells = std::max(0, static_cast<int>(std::lround(number(r.minor) / most * room)));
      const std::string bar = r.total ? cells_.bar(number(r.minor), most, room)
                                      : cells_.blocks(r.minor != 0 ? std::max(1, cells) : 0, r.minor < 0 ? 'l' : 'n');
      line(cells_.fit((r.total ? "" : "  ") + r.label, labels) + "  " + cells_.fit(r.amount, amounts, Side::kRight) +
           "  " + bar);
    }
  }

  void cohorts() {
    const CohortAnswer& a = report_.cohorts_on;
    const std::vector<const CohortRow*> shown = shown_cohorts(a, kCohortRowsMax);
    if (shown.empty()) return;
    heading(words_("report.section.cohorts"));
    int k_max = 0;
    for (const CohortRow* row : shown) {
      for (const CohortCell& c : row->cells) k_max = std::max(k_max, c.k);
    }
    k_max = std::min(k_max, (width_ - 22) / 8);
    Grid g;
    g.header = {words_("report.column.cohort"), words_("report.column.size")};
    g.sides = {Side::kLeft, Side::kRight};
    const auto runs = [&](const CohortCell& c) { return c.k >= 1 && c.k <= k_max && !c.complete; };
    const bool part = std::any_of(shown.begin(), shown.end(), [&](const CohortRow* row) {
      return std::any_of(row->cells.begin(), row->cells.end(), runs);
    });
    for (int k = 1; k <= k_max; ++k) {
      g.header.push_back("+" + std::to_string(k) + (part ? " " : ""));
      g.sides.push_back(Side::kRight);
    }
    const auto share = [&](const std::optional<double>& v) { return v ? words_.decimal(*v * 100, 1) : words_.none(); };
    for (const CohortRow* shown_row : shown) {
      const CohortRow& row = *shown_row;
      std::vector<std::string> texts = {words_.period_short(row.cohort, a.basics.grain) + (row.warming_up ? " ~" : ""),
                                        count(row.size)};
      texts.resize(static_cast<std::size_t>(k_max) + 2);
      for (const CohortCell& c : row.cells) {
        if (c.k < 1 || c.k > k_max) continue;
        texts[static_cast<std::size_t>(c.k) + 1] = share(c.rate.value) + (!c.complete ? "*" : part ? " " : "");
      }
      g.rows.push_back(std::move(texts));
    }
    std::vector<std::string> means = {words_("report.cohort.mean"), ""};
    for (int k = 1; k <= k_max; ++k) {
      const auto mean = std::find_if(a.means.begin(), a.means.end(), [&](const CohortMean& m) { return m.k == k; });
      means.push_back((mean == a.means.end() ? words_.none() : share(mean->weighted)) + (part ? " " : ""));
    }
    g.rows.push_back(std::move(means));
    grid(g);
    const bool warming = std::any_of(shown.begin(), shown.end(), [](const CohortRow* row) { return row->warming_up; });
    std::string note = words_("report.cohort.terminal");
    if (part) note += " " + words_("report.cohort.terminal_part");
    if (warming) note += " " + words_("report.cohort.terminal_warming");
    paragraph(note, Look::kSoft);
  }

  void slipping() {
    const SlippingPart& s = report_.slipping;
    if (!report_.headline) return;
    heading(words_("report.section.slipping"));
    paragraph(words_("report.section.slipping.say",
                     {{"people", s.customers}, {"amount", words_.money_whole(s.at_stake_minor)}}));
    if (s.rows.empty()) return;
    Grid g;
    g.header = {words_("report.column.customer"), words_("report.column.orders"), words_("report.column.last_order"),
                words_("report.column.silent"),   words_("report.column.usual"),  words_("report.column.at_stake")};
    g.sides = {Side::kLeft, Side::kRight, Side::kRight, Side::kRight, Side::kRight, Side::kRight};
    for (const SlippingRow& r : s.rows) {
      if (g.rows.size() >= kSlippingRowsMax) break;
      g.rows.push_back({r.customer, count(r.orders), words_.day_short(r.last_order), words_.integer(r.silent_days),
                        words_.integer(r.usual_days), words_.money_whole(r.at_stake_minor)});
    }
    grid(g);
    if (s.customers <= g.rows.size()) return;
    paragraph(words_("report.slipping.shown", {{"shown", count(g.rows.size())}, {"all", count(s.customers)}}));
    paragraph(s.command, Look::kSoft, 2);
  }

  void claims() {
    if (report_.claims.rows.empty()) return;
    heading(words_("report.section.claims"));
    Grid g;
    g.header = {"", words_("report.column.published"), words_("report.column.own"), words_("report.column.interval"),
                words_("report.column.verdict")};
    g.sides = {Side::kLeft, Side::kRight, Side::kRight, Side::kRight, Side::kLeft};
    g.wraps = true;
    for (const Claim& c : report_.claims.rows) {
      g.rows.push_back({claim_sentence(c, words_), claim_published(c, words_), claim_figure(c, c.value, words_),
                        claim_interval(c, words_), claim_verdict(c, words_)});
    }
    grid(g);
  }

  void todo(const std::vector<Action>& actions) {
    if (!report_.headline) return;
    heading(words_("report.section.todo"));
    if (actions.empty()) paragraph(words_("report.section.todo.none"));
    if (acts_on_orders_beside_basis(report_)) paragraph(words_("report.todo.of_orders"), Look::kSoft);
    int number = 0;
    for (const Action& a : actions) {
      const std::string worth = a.amount_minor ? words_.money_whole(*a.amount_minor) : "";
      const std::string title = std::to_string(++number) + " " + action_title(a, words_);
      const std::string end = cells_.shown(worth);
      const int room = width_ - (end.empty() ? 0 : Cells::width(end) + 2);
      const auto lines = cells_.wrap(title, room - 2);
      for (std::size_t i = 0; i < lines.size(); ++i) {
        std::string text(i == 0 ? 0 : 2, ' ');
        text += lines[i];
        if (i == 0 && !end.empty()) text = cells_.fit(text, room).append("  ").append(end);
        line(std::move(text), Look::kStrong);
      }
      paragraph(action_reason(a, words_), Look::kPlain, 2);
      if (!a.command.empty()) paragraph(a.command, Look::kSoft, 2);
    }
    if (lists_customers(report_) && !report_.first_command.empty()) {
      paragraph(words_("report.todo.first", {{"command", report_.first_command}}), Look::kSoft);
    }
  }

  void reading() {
    const Reading& r = report_.reading;
    if (r.files.empty() && r.notices.empty() && r.rejected == 0) return;
    heading(words_("report.section.reading"));
    for (const ingest::FileShape& f : r.files) {
      paragraph(f.file + ": " + file_sentence(f, words_));
      std::string columns;
      const auto sure = [&](const ingest::ColumnMatch& c) { return words_.percent(c.confidence, 0); };
      const auto first =
          std::find_if(f.columns.begin(), f.columns.end(), [](const auto& c) { return c.role.has_value(); });
      const bool alike = std::all_of(f.columns.begin(), f.columns.end(),
                                     [&](const ingest::ColumnMatch& c) { return !c.role || sure(c) == sure(*first); });
      for (const ingest::ColumnMatch& c : f.columns) {
        if (!c.role) continue;
        if (!columns.empty()) columns += " · ";
        const std::string column = c.header.empty() ? "#" + std::to_string(c.index + 1) : c.header;
        columns += alike ? words_("report.taken_alike", {{"column", column}, {"role", role_word(*c.role, words_)}})
                         : words_("report.taken",
                                  {{"column", column}, {"role", role_word(*c.role, words_)}, {"sure", sure(c)}});
      }
      if (alike && !columns.empty()) columns += " · " + words_("report.all_sure", {{"sure", sure(*first)}});
      if (!columns.empty()) paragraph(columns, Look::kSoft);
    }
    for (std::size_t i = 0; i < r.notices.size() && i < kNoticesMax; ++i) {
      paragraph("! " + words_.with(r.notices[i].key, r.notices[i].args, r.notices[i].count), Look::kWarning);
    }
    if (r.rejected > 0) {
      paragraph("! " + words_("report.rejected", {{"n", r.rejected}}), Look::kWarning);
      for (const RejectedReason& reason : r.reasons) {
        paragraph(words_("report.rejected_reason", {{"reason", words_.or_key(reason.reason)}, {"n", reason.rows}}),
                  Look::kPlain, 2);
      }
    }
  }

  void foot() {
    line("");
    paragraph(foot_sentence(report_, words_), Look::kSoft);
    if (report_.sample) paragraph(words_("report.sample.say"), Look::kSoft);
  }

  const Report& report_;
  const Words& words_;
  const Cells cells_;
  const bool colour_;
  const int width_;
  std::string out_;
};

}  // namespace

Result<std::string> render_terminal(const Report& report, std::string_view language, const TerminalOptions& options) {
  TRY_ASSIGN(const Words words, Words::create(language, report.basics));
  return Page(report, words, options).whole();
}

Result<std::string> render_today(const Today& today, std::string_view language, const TerminalOptions& options) {
  TRY_ASSIGN(const Words words, Words::create(language, today.report.basics));
  return Page(today.report, words, options).today(today);
}

Result<std::string> render_headline(const Report& report, std::string_view language, const TerminalOptions& options) {
  TRY_ASSIGN(const Words words, Words::create(language, report.basics));
  return Page(report, words, options).short_form();
}

}  // namespace behoud::retention::report
