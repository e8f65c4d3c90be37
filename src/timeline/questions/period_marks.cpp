#include "timeline/questions/period_marks.h"

namespace behoud::timeline {

void PeriodMarks::add(const PeriodMarks& o) {
  ordered_since += o.ordered_since;
  first_orders += o.first_orders;
  since += o.since;
  unknown_since += o.unknown_since;
  fresh += o.fresh;
  runs_begin += o.runs_begin;
  runs_end += o.runs_end;
  buyers += o.buyers;
  repeaters += o.repeaters;
  returned_active += o.returned_active;
  bought_since += o.bought_since;
}

std::vector<PeriodActivity> activity_of(std::span<const PeriodMarks> marks, std::size_t periods) {
  std::vector<PeriodActivity> out;
  out.reserve(periods);
  // At the start of the period: active, had ordered, had an order that counts.
  std::uint64_t active = std::uint64_t{marks[0].runs_begin} - marks[0].runs_end;
  std::uint64_t ordered = marks[0].ordered_since, bought = marks[0].first_orders;
  for (std::size_t p = 0; p < periods; ++p) {
    const PeriodMarks& m = marks[p + 1];
    PeriodActivity row;
    row.customers_start = active;
    row.lost = m.runs_end;
    row.retained = active - m.runs_end;
    row.new_customers = m.fresh;
    row.reactivated = m.runs_begin - m.fresh;
    row.one_and_gone = m.since - m.fresh;
    row.unknown_newcomers = m.unknown_since;
    active += m.runs_begin;
    active -= m.runs_end;
    row.customers_end = active;
    row.ordered_before = ordered;
    ordered += m.ordered_since;
    bought += m.first_orders;
    row.buyers_to_date = bought;
    row.buyers = m.buyers;
    row.repeaters = m.repeaters;
    row.returned = m.buyers - m.bought_since;
    row.returned_active = m.returned_active;
    out.push_back(row);
  }
  return out;
}

}  // namespace behoud::timeline
