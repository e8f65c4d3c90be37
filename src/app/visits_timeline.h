#pragma once

// The visits of sample/visits.h as a timeline of the engine, and as rows of a table: what benches and their tests load.

#include "base/result.h"
#include "ingest/duckdb.h"
#include "sample/visits.h"
#include "timeline/timeline.h"

namespace behoud::app {

// 64 parts by customer range, built on two threads; the shop is in Amsterdam and begins on 1 January 2022. Customer
// dimension 0 is the source (8 codes), event dimension 0 the item. Errors: those of Scale and build_segment.
Result<timeline::Timeline> timeline_of_visits(const sample::VisitPlan& plan);

// The tables `clustered` (in order of customer and time), `arrival` (in order of time) and `orders` (of `clustered`),
// with the columns that bench_sql.h says. Errors: kUnavailable (memory).
Result<void> load_visits(ingest::DuckDb& duck, const sample::VisitPlan& plan, const timeline::Scale& scale);

}  // namespace behoud::app
