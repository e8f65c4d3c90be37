#pragma once

// `behoud bench engine`: makes visits, lays them out as a timeline, and times every question of the engine, in turn
// with DuckDB answering the same from the events in order of arrival, from those clustered by customer, and from the
// orders alone where the question needs no more. Equal results are checked by hash in every round. Then the same
// questions while events come in (engine_ingest.h).

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/engine_ingest.h"
#include "base/result.h"
#include "sample/visits.h"

namespace behoud::app {

struct EngineBenchPlan {
  sample::VisitPlan visits;
  int threads = 2;
  int rounds = 5;
  bool peers = true;
  std::string scratch = ".";  // a folder for files that are written and removed
};

struct QuestionTime {
  std::string name;  // "W1" to "W8", and variants of them
  std::string what;
  double ms = 0;              // the median of the rounds; W6: the 99th percentile of a history
  std::uint64_t bytes = 0;    // of the columns that are read
  double floor_ratio = 0;     // ms over what reading those bytes takes at the measured bandwidth
  std::optional<bool> equal;  // with every peer, in every round; nullopt: no peer
  std::optional<double> duckdb_ms, duckdb_clustered_ms, duckdb_orders_ms;
  std::optional<double> best_peer_ratio;  // the quickest peer's time over ms
};

struct EngineBench {
  std::uint64_t customers = 0, events = 0, orders = 0;
  int threads = 0;
  std::string instructions;  // "avx512", "avx2", "plain"
  double bandwidth_gb_s = 0;
  double bytes_an_event = 0;  // of the timeline at rest
  double make_ms = 0;         // visits and timeline
  std::vector<QuestionTime> questions;
  EngineIngest ingest;  // of W1 to W8, and W2 with another window
};

// `steady_ns` is the clock, `tell` is called before each step that takes long. Errors: kUnavailable (memory);
// kOutOfRange (over 62 months).
Result<EngineBench> run_engine_bench(const EngineBenchPlan& plan, const std::function<std::int64_t()>& steady_ns,
                                     const std::function<void(std::string_view)>& tell);

std::string engine_bench_json(const EngineBench& bench);
std::string engine_bench_table(const EngineBench& bench, bool utf8);

}  // namespace behoud::app
