#pragma once

// What an owner reads in the morning: the answer in a sentence, the headline figures with where they came from, what
// changed in parts that sum to the change, at most five things to do with people, and what is wrong with the data.
//
//   {"as_of","revision","sentence","said":[..],"period":{..},"previous":{..},"year_earlier":{..},
//    "headline":[{"field","label","rate","minor","count","made_of","trend","previous","year_earlier","behind","from","to"}],
//    "change":{"sentence","said","before_start","before_end","after_start","after_end","revenue_before_minor",
//      "revenue_after_minor"},"changed":[{"field","label","minor"}],"change_last_year","changed_last_year",
//    "todo":[{"id","title","reason","title_said","reason_said","people","amount_minor","behind","from","to","grain",
//      "action":{"label","kind"}}],
//    "troubles":[{"code","title","detail","title_said","detail_said","count","way_out","subjects":[..],"imports":[..]}]}
//
// Every figure is one of the report's (report.h). `id` and `code` are stable words; a trouble's `subjects` are what it
// is about (status words, currencies, a source), most orders first, and `imports` whose rows; the rest is in the
// reader's language. A headline figure has one of rate, minor (money) and count; `previous` and `year_earlier` are that
// figure in the period before and in the one a year earlier (null where the history has none), `trend` in the last
// complete periods, oldest first. `behind` with from, to and grain lists the people. `said` is a sentence in parts,
// which joined are that sentence:
// {"text"} is words, {"text","field","behind","from","to","grain"} a number of that meaning and of those people (null:
// of nobody in particular). Pure: `now` is an argument.

#include <cstdint>
#include <string>
#include <vector>

#include "retention/report/report.h"
#include "retention/report/terminal.h"

namespace behoud::retention::report {

inline constexpr std::size_t kTodoMax = 5;

// What the report does not know.
struct TodayFacts {
  calendar::Instant now;                                            // how long ago the newest order was
  std::uint64_t rejected = 0;                                       // rows of imports that could not be read
  std::vector<std::uint32_t> rejected_imports;                      // whose they are, the newest first
  std::vector<std::pair<std::string, std::uint64_t>> without_rate;  // currency and how many costs are in it
  std::string data_dir;                                             // as of ReportOptions
};

// A source that is silent for longer than it ever was: sources with orders on 30 days and more, silent for a week and
// more, by days of silence, descending. Cost: a pass over the orders.
struct SilentSource {
  std::string source;
  calendar::Day last_order;
  int days = 0, longest_before = 0;
  friend bool operator==(const SilentSource&, const SilentSource&) = default;
};
std::vector<SilentSource> silent_sources(const Source& source, calendar::Instant at);

// All of it as values, in no language yet.
struct Today {
  Report report;             // of the headline alone
  std::vector<Action> todo;  // those that list people, at most kTodoMax; the report's actions are all there are
  std::optional<ChangeAnswer> change_last_year;  // from the period a year earlier to the headline's, both complete
  TodayFacts facts;
  int silent_days = 0;               // since the newest order
  std::vector<SilentSource> silent;  // the first few
};
// Errors: those of the questions.
Result<Today> make_today(const Source& asked, const ShopSettings& settings, const TodayFacts& facts,
                         const Question& question);

// `language`: "en", "nl" or "sv". Errors of all: kInvalidArgument (a language we do not have).
// The document above, with its line end.
Result<std::string> today_json(const Today& today, std::string_view language);
// As one page of a terminal.
Result<std::string> render_today(const Today& today, std::string_view language, const TerminalOptions& options);
// Its lists as one table: headline, changed, changed_last_year, todo, trouble.
struct TodayRow {
  std::string list, id, title, detail;
  std::optional<double> value, previous, year_earlier;  // a share, money in minor units, or a count
  bool whole = true;                                    // those are whole numbers
  std::optional<std::uint64_t> people;
  std::string behind, from, to, grain, way_out;
};
Result<std::vector<TodayRow>> today_rows(const Today& today, std::string_view language);

}  // namespace behoud::retention::report
