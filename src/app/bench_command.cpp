#include "app/bench_command.h"

#include <fmt/format.h>

#include "app/engine_contest.h"
#include "app/fine_clock.h"

namespace behoud::app {
namespace {

Result<void> bench(const Call& call) {
  if (call.arguments.operands().front() != "engine") {
    return fail(Errc::kInvalidArgument, "there is nothing else to bench than: engine", "try: behoud bench engine");
  }
  TRY_ASSIGN(const Format format, format_of(call));
  if (format == Format::kCsv) {
    return fail(Errc::kInvalidArgument, "a bench is shown as a table or as JSON", {}, {.file = {}, .column = "format"});
  }
  EngineBenchPlan plan;
  TRY_ASSIGN(const auto customers, integer_of(call, "customers", 1, 50'000'000, plan.visits.customers));
  // At most 2^30: a segment of 1/64 of the customers stays far below 2^32 events.
  TRY_ASSIGN(const auto events,
             integer_of(call, "events", 1, 1'073'741'824, static_cast<std::int64_t>(plan.visits.events)));
  TRY_ASSIGN(const auto seed, integer_of(call, "seed", 0, 1'000'000'000, 1));
  TRY_ASSIGN(const auto threads, integer_of(call, "threads", 1, 64, plan.threads));
  TRY_ASSIGN(const auto rounds, integer_of(call, "rounds", 1, 100, plan.rounds));
  plan.visits.customers = static_cast<std::uint32_t>(customers);
  plan.visits.events = static_cast<std::uint64_t>(events);
  plan.visits.seed = static_cast<std::uint64_t>(seed);
  plan.threads = static_cast<int>(threads);
  plan.rounds = static_cast<int>(rounds);
  plan.peers = !call.has("no-peers");
  plan.scratch = std::string(call.value("scratch").value_or(plan.scratch));
  const bool quiet = format == Format::kJson;
  TRY_ASSIGN(const EngineBench result, run_engine_bench(plan, steady_ns, [&](std::string_view step) {
               if (!quiet) call.console.note(fmt::format("{}\n", step));
             }));
  call.console.out(format == Format::kJson ? engine_bench_json(result)
                                           : engine_bench_table(result, call.console.out_terminal().utf8));
  for (const QuestionTime& q : result.questions) {
    if (q.equal == false)
      return fail(Errc::kCorrupt, fmt::format("{}: the engine and DuckDB do not say the same", q.name));
  }
  return {};
}

}  // namespace

Command bench_command() {
  return {
      {.name = "bench",
       .operands = "engine",
       .operands_min = 1,
       .operands_max = 1,
       .summary = "Times every question of the timeline engine, in turn with DuckDB",
       .details =
           "Makes visits of three years, and asks the engine and DuckDB the same: of the events as they arrived,\n"
           "clustered by customer, and of the orders alone. Medians; equal results are checked by hash.\n"
           "Then the same while 50,000 events a second come in: processor time, bytes written to the disk for each\n"
           "event, and memory at the peak of compaction.",
       .options = {{"customers", "N", "how many customers (300000)"},
                   {"events", "N", "about how many events (10000000)"},
                   {"threads", "N", "on how many threads, both (2)"},
                   {"rounds", "N", "how often each is asked (5)"},
                   {"seed", "N", "of the visits (1)"},
                   {"no-peers", "", "the engine alone"},
                   {"scratch", "DIR", "where files are written and removed again (.)"},
                   format_option(),
                   json_option()}},
      bench};
}

}  // namespace behoud::app
