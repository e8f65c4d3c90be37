#pragma once

// The report's charts: each says one thing, labels its marks directly, starts its bars at zero, and has a table beside
// it (html.cpp). An unfinished period is dashed, an interval a band, a time of warming up hatched. Colours have one
// meaning each: kept, new, came back, lost; with them a label or a pattern, for those who do not see them.
//
// Pure: answers in, markup out. Patterns are defined once a page by `chart_definitions`.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "retention/answers.h"
#include "retention/report/internal/markup.h"
#include "retention/report/internal/words.h"

namespace behoud::retention::report::internal {

// Round steps for an axis over [low, high]: at most `steps_max` + 1 values, ascending, covering the span.
struct Axis {
  double low = 0, high = 1, step = 1;
  std::vector<double> ticks() const;
};
Axis axis_over(double low, double high, int steps_max);

Markup chart_definitions();

// S, less those who left, with those who came new and came back, to E.
Markup customers_chart(const RetentionRow& row, calendar::Grain grain, const Words& words);
// The share kept, period by period, with its interval. Empty markup when no period can tell.
Markup retention_chart(const RetentionAnswer& answer, const Words& words);
// Revenue before, by customers, by frequency, by order value, after.
Markup change_chart(const ChangeAnswer& change, calendar::Grain grain, const Words& words);
// The weighted mean of the cohorts, k periods after the first order. Empty when there are fewer than two points.
Markup cohort_curve(const CohortAnswer& answer, int k_max, const Words& words);
// The months of a what-if, cumulated.
Markup whatif_chart(const WhatIfAnswer& answer, const Words& words);
// How long each has been silent against how long they usually are: a bar and a mark, on one scale for the list.
Markup silence_bar(int silent_days, int usual_days, int scale_days, std::string_view tooltip);
// The last periods of a figure, the last one marked; gaps where it is absent.
Markup sparkline(std::span<const std::optional<double>> values);
// A published span and the shop's own figure with its interval, on one scale.
Markup claim_chart(const Claim& claim);

}  // namespace behoud::retention::report::internal
