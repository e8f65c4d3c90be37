#pragma once

// The last 12 complete months, month by month and as one span: what claims and what-if are asked of.

#include "retention/internal/tally.h"

namespace behoud::retention {

struct LastYear {
  calendar::Day begin, end;
  Axis months;
  Tally by_month, whole;
  bool known = false;       // the history reaches back that far
  bool warming_up = false;  // at its beginning
};
Result<LastYear> last_year(const Shop& shop);

// x_0 = 0, x_m = x_(m-1) K_m / S_m + (points / 100) S_m; month m is worth x_m revenue_m / mean(S_m, E_m).
// K / S of a month that nobody began is 0, and so is revenue over the mean of nobody.
WhatIfAnswer what_if(const Shop& shop, const LastYear& year, double points);

}  // namespace behoud::retention
