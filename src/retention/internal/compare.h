#pragma once

// The earlier periods that those of a question are compared with, one for each.
//
// previous   as many periods of the grain right before the first. Counted months are laid from their own first day, the
//            question's less as many months: where that day does not exist in a month, the day before is left out.
// last_year  the same civil days a year earlier (29 February: the 28th); where the grain is of weeks or of counted
//            days, 364 days before, so that weekdays stay what they are. Grain day: as many days from the first.
//
// An unfinished period is compared with the same part of its earlier one: last year up to the same civil day, the
// previous for as many days, and at most the whole of it.

#include "retention/internal/axis.h"
#include "retention/internal/shop.h"

namespace behoud::retention {

// The civil day a year before, as above.
calendar::Day a_year_before(calendar::Grain grain, calendar::Day d);

// The axis of the earlier periods: as many as `asked` has, `previous` ones beginning `back` periods before (else as
// many as there are). Errors: kOutOfRange (they begin before the year 1).
Result<Axis> compared_axis(const Axis& asked, calendar::Grain grain, Compare with, std::optional<int> back = {});

// The same question asked a year before: at the start of as-of's civil day a year earlier. What looks at the last 12
// complete months is compared with that. Errors: kOutOfRange (before the year 1).
Result<Question> a_year_ago(const Question& q, const Shop& shop);

// Which part and period a row of an answer is of, and what a comparison of it begins with.
struct Cell {
  std::size_t part;
  int period;
};
template <class Row>
Comparison<Row> begin_comparison(const Axis& earlier, Compare with) {
  Comparison<Row> out;
  out.with = with;
  if (earlier.empty()) return out;
  out.from = earlier.periods().front().begin();
  out.to = earlier.periods().back().end();
  return out;
}

// Of what is asked of the 12 complete months [begin, end) at as-of.
template <class Comparison>
Comparison begin_year_before(const Shop& then, Compare with, calendar::Day begin, calendar::Day end) {
  Comparison out;
  out.with = with;
  if (!then.now.known) return out;
  out.as_of = then.now.at;
  out.from = begin;
  out.to = end;
  return out;
}

}  // namespace behoud::retention
