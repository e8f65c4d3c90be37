#pragma once

// Each answer as a sheet for CSV and for the table (sheet.h). The columns are the fields of the JSON, in its order;
// cohorts are one row a cell in CSV, and one row a cohort in the table. In CSV a comparison's columns follow the rows'
// own, under the same names after "compared_".

#include <string>

#include "app/sheet.h"
#include "retention/answers.h"
#include "retention/called.h"

namespace behoud::app {

Sheet to_sheet(const retention::RetentionAnswer& answer);
Sheet to_sheet(const retention::CohortAnswer& answer);  // one row a cell
Sheet to_sheet(const retention::ValueAnswer& answer);
Sheet to_sheet(const retention::CostAnswer& answer);
Sheet to_sheet(const retention::ClaimsAnswer& answer);
Sheet to_sheet(const retention::WhatIfAnswer& answer);
Sheet to_sheet(const retention::BehindAnswer& answer);
Sheet to_sheet(const retention::CalledAnswer& answer);

// The same for people: fewer columns where the JSON has many, and a column of notes ("warming up", "not complete").
Sheet to_table_sheet(const retention::RetentionAnswer& answer);
Sheet to_table_sheet(const retention::CohortAnswer& answer);
Sheet to_table_sheet(const retention::ValueAnswer& answer);
Sheet to_table_sheet(const retention::CostAnswer& answer);
Sheet to_table_sheet(const retention::ClaimsAnswer& answer);
Sheet to_table_sheet(const retention::WhatIfAnswer& answer);
Sheet to_table_sheet(const retention::BehindAnswer& answer);
Sheet to_table_sheet(const retention::CalledAnswer& answer);

// "As of 2024-07-01, window 365 days, basis orders, by month, Europe/Amsterdam, EUR, revision 12": the line over a
// table.
std::string basics_line(const retention::Basics& basics);

}  // namespace behoud::app
