#pragma once

// What a stream of events costs the engine, for `behoud bench engine`: the processor time of questions that are asked
// while events come, against that of the same questions before; what taking them takes; how many bytes are written to
// the disk for each; and what memory is used while every range is compacted.
//
// The stream: events of known customers drawn at random, so that every batch touches as many customers as it has
// events, which is the worst there is.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "sample/visits.h"
#include "timeline/timeline.h"

namespace behoud::app {

// A question of the bench, without its answer.
struct AskedInIngest {
  std::string name;
  std::function<void(const timeline::Timeline&)> ask;
};

struct IngestPlan {
  sample::VisitPlan visits;  // that the timeline was made from
  int rounds = 5;
  std::uint64_t events_a_second = 50'000, batch = 100;
  std::string scratch;  // a folder; what is written there is removed again
};

struct EngineIngest {
  struct Question {
    std::string name;
    double quiet_cpu_ms = 0, cpu_ms = 0;  // medians of the rounds: before, and while events come
    double ratio() const { return quiet_cpu_ms > 0 ? cpu_ms / quiet_cpu_ms : 0; }
  };
  std::vector<Question> questions;
  double events_a_second = 0;         // that came while the questions were asked
  double append_cpu_us = 0;           // for each of them: appended, published, their ranges compacted
  std::uint64_t compacted = 0;        // ranges
  double written_bytes_an_event = 0;  // of a stream that goes on until it is written
  double peak_bytes_an_event = 0;     // of memory while every range is compacted, one after the other
};

// Errors: those of appending and compacting; kUnavailable (the scratch folder).
Result<EngineIngest> run_engine_ingest(timeline::Timeline base, const IngestPlan& plan,
                                       std::span<const AskedInIngest> questions,
                                       const std::function<void(std::string_view)>& tell);

}  // namespace behoud::app
