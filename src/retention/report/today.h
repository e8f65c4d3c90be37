#pragma once

// What an owner reads in the morning: the answer in a sentence, the headline figures with where they came from, what
// changed in parts that sum to the change, at most five things to do with people, and what is wrong with the data.
//
//   {"as_of","revision","sentence","period":{..},
//    "headline":[{"field","label","rate","minor","count","trend","behind","from","to"}],
//    "change":{"sentence","before_start","before_end","after_start","after_end","revenue_before_minor",
//      "revenue_after_minor"},"changed":[{"field","label","minor"}],
//    "todo":[{"id","title","reason","people","amount_minor","behind","from","to","grain","action":{"label","kind"}}],
//    "troubles":[{"code","title","detail","count","way_out"}]}
//
// Every figure is one of the report's (report.h). `id` and `code` are stable words; the rest is in the reader's
// language. A headline figure has one of rate, minor (money) and count; `trend` is that figure in the last complete
// periods, oldest first. `behind` with from, to and grain lists the people. Pure: `now` is an argument.

#include <cstdint>
#include <string>
#include <vector>

#include "retention/report/report.h"

namespace behoud::retention::report {

inline constexpr std::size_t kTodoMax = 5;

// What the report does not know.
struct TodayFacts {
  calendar::Instant now;                                            // how long ago the newest order was
  std::uint64_t rejected = 0;                                       // rows of imports that could not be read
  std::vector<std::pair<std::string, std::uint64_t>> without_rate;  // currency and how many costs are in it
};

// A source that is silent for longer than it ever was: sources with orders on 30 days and more, silent for a week and
// more, by days of silence, descending. Cost: a pass over the orders.
struct SilentSource {
  std::string source;
  calendar::Day last_order;
  int days = 0, longest_before = 0;
  friend bool operator==(const SilentSource&, const SilentSource&) = default;
};
std::vector<SilentSource> silent_sources(const Source& source, calendar::Instant as_of);

// The document above, with its line end. Errors: those of the questions; kInvalidArgument (no such language).
Result<std::string> today_json(const Source& source, const ShopSettings& settings, const TodayFacts& facts,
                               const Question& question, std::string_view language);

}  // namespace behoud::retention::report
