#include "app/engine_ingest.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <thread>
#include <utility>

#include <malloc.h>

#include "app/fine_clock.h"
#include "base/process_memory.h"
#include "timeline/kept/kept_timeline.h"
#include "timeline/kept/whole_ranges.h"
#include "timeline/live/live_timeline.h"

namespace behoud::app {
namespace {

using timeline::LiveTimeline;
using timeline::Timeline;

double median(std::vector<double> of) {
  std::ranges::sort(of);
  return of.empty() ? 0 : of[of.size() / 2];
}

// Events of the plan's last day, one after the other, of customers drawn at random.
class Stream {
 public:
  Stream(const Timeline& base, const sample::VisitPlan& plan)
      : customers_(plan.customers),
        first_ms_(base.scale.epoch().ms + std::int64_t{plan.days - 1} * calendar::kMsPerDay),
        first_seq_(std::uint64_t{plan.days} * 86'400 * 32) {}

  timeline::PlainEvents next(std::uint64_t n) {
    timeline::PlainEvents out;
    out.dimensions.resize(1);
    for (; n > 0; --n, ++made_) {
      const std::uint64_t random =
          (state_ = state_ * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL) >> 16;
      const auto percent = random % 100;
      const auto kind = percent < 39   ? sample::VisitKind::kPageView
                        : percent < 67 ? sample::VisitKind::kProductView
                        : percent < 81 ? sample::VisitKind::kCart
                                       : sample::VisitKind::kOrder;
      out.customer.push_back(static_cast<std::uint32_t>(random / 128 % customers_));
      // Slower than time: two days of the bench do not pass.
      out.at_ms.push_back(first_ms_ + static_cast<std::int64_t>(made_ % (calendar::kMsPerDay / 2)));
      out.seq.push_back(first_seq_ + made_);
      out.kind.push_back(static_cast<timeline::Kind>(kind));
      out.gross_minor.push_back(kind == sample::VisitKind::kOrder ? 500 + static_cast<std::int64_t>(random % 20'000)
                                                                  : 0);
      out.dimensions[0].push_back(kind == sample::VisitKind::kPageView ? 0
                                                                       : 1 + static_cast<std::uint32_t>(random % 2000));
    }
    return out;
  }
  std::uint64_t made() const { return made_; }

 private:
  std::uint64_t customers_;
  std::int64_t first_ms_;
  std::uint64_t first_seq_, state_ = 11, made_ = 0;
};

// What was appended is in every snapshot after so long: who looks at a page does not see a difference, and a customer's
// history is laid out anew so much less often.
constexpr std::int64_t kPublishNs = 50'000'000;

// Appends a stream at its pace on one thread, compacts what is due on another, until it goes.
class Pump {
 public:
  Pump(LiveTimeline& live, const Timeline& base, const IngestPlan& plan)
      : live_(live), plan_(plan), stream_(base, plan.visits) {
    began_ns_ = steady_ns();
    appending_ = std::thread([this] { append(); });
    compacting_ = std::thread([this] { compact(); });
  }
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;
  ~Pump() { stop(); }

  std::int64_t cpu_ns() {
    return thread_cpu_ns(appending_.native_handle()) + thread_cpu_ns(compacting_.native_handle());
  }
  // Whether that many events came.
  bool has(std::uint64_t events) const { return came_ >= events || failed_; }

  struct Came {
    std::uint64_t events = 0, compacted = 0;
    double seconds = 0, cpu_us = 0;
  };
  // Errors: what appending or compacting failed with.
  Result<Came> end() {
    Came out;
    out.cpu_us = static_cast<double>(cpu_ns()) / 1e3;
    out.seconds = static_cast<double>(steady_ns() - began_ns_) / 1e9;
    out.events = came_, out.compacted = compacted_;
    stop();
    if (failure_) return std::unexpected(*failure_);
    return out;
  }

 private:
  void append() {
    const double ns_a_batch = 1e9 * static_cast<double>(plan_.batch) / static_cast<double>(plan_.events_a_second);
    std::int64_t published = began_ns_;
    for (std::uint64_t batches = 0; !stopping_; ++batches) {
      const auto due = began_ns_ + static_cast<std::int64_t>(static_cast<double>(batches) * ns_a_batch);
      if (const std::int64_t wait = due - steady_ns(); wait > 0)
        std::this_thread::sleep_for(std::chrono::nanoseconds(wait));
      Result<void> done = live_.append(stream_.next(plan_.batch));
      if (done && steady_ns() - published >= kPublishNs) {
        done = live_.publish(static_cast<std::int64_t>(batches) + 1);
        published = steady_ns();
      }
      if (!done) return fail_with(done.error());
      came_ += plan_.batch;
    }
  }
  void compact() {
    while (!stopping_) {
      for (const std::size_t range : live_.due()) {
        if (stopping_) return;
        if (const Result<void> done = live_.compact(range); !done) return fail_with(done.error());
        ++compacted_;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
  void fail_with(const Error& error) {
    if (!failed_.exchange(true)) failure_ = error;
  }
  void stop() {
    stopping_ = true;
    for (std::thread* thread : {&appending_, &compacting_}) {
      if (thread->joinable()) thread->join();
    }
  }

  LiveTimeline& live_;
  const IngestPlan& plan_;
  Stream stream_;
  std::int64_t began_ns_ = 0;
  std::atomic<bool> stopping_ = false, failed_ = false;
  std::atomic<std::uint64_t> came_ = 0, compacted_ = 0;
  std::optional<Error> failure_;  // written once, before failed_ is read by who joined
  std::thread appending_, compacting_;
};

// The processor time of all but the pump's threads. The two are read one after the other, and whatever the pump does in
// between counts for nobody: read again until it did next to nothing.
std::int64_t asking_cpu_ns(Pump* pump) {
  if (pump == nullptr) return process_cpu_ns();
  constexpr std::int64_t kAsGoodAsNothingNs = 5'000;
  constexpr int kReadings = 1000;
  std::int64_t all = 0, pumped = 0;
  for (int reading = 0; reading < kReadings; ++reading) {
    pumped = pump->cpu_ns();
    all = process_cpu_ns();
    if (pump->cpu_ns() - pumped <= kAsGoodAsNothingNs) break;
  }
  return all - pumped;
}

// Each question in turn, so often; the medians of their processor times. One that takes less than what a clock tells
// apart is asked `times` times over.
std::vector<double> ask(const LiveTimeline& live, std::span<const AskedInIngest> questions, int rounds,
                        std::span<const int> times, Pump* pump) {
  std::vector<std::vector<double>> took(questions.size());
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < questions.size(); ++i) {
      const std::shared_ptr<const Timeline> snapshot = live.snapshot();
      const std::int64_t begin = asking_cpu_ns(pump);
      for (int time = 0; time < times[i]; ++time) questions[i].ask(*snapshot);
      took[i].push_back(static_cast<double>(asking_cpu_ns(pump) - begin) / 1e6 / times[i]);
    }
  }
  std::vector<double> out;
  out.reserve(took.size());
  for (auto& of : took) out.push_back(median(std::move(of)));
  return out;
}

// How often each is to be asked for a few milliseconds of it.
std::vector<int> times_of(const LiveTimeline& live, std::span<const AskedInIngest> questions) {
  constexpr double kMs = 5;
  std::vector<int> out(questions.size(), 1);
  const std::vector<double> once = ask(live, questions, 3, out, nullptr);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<int>(std::ceil(kMs / std::max(once[i], 0.01)));
  return out;
}

Result<void> question_beside_a_stream(const Timeline& base, const IngestPlan& plan,
                                      std::span<const AskedInIngest> questions, EngineIngest& out) {
  LiveTimeline live(base);
  const std::vector<int> times = times_of(live, questions);
  const std::vector<double> quiet = ask(live, questions, plan.rounds, times, nullptr);
  std::vector<double> beside;
  {
    Pump pump(live, base, plan);
    // Not of the first moment: a second's events lie in the delta when the first question is asked.
    while (!pump.has(plan.events_a_second)) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    beside = ask(live, questions, plan.rounds, times, &pump);
    TRY_ASSIGN(const Pump::Came came, pump.end());
    out.events_a_second = static_cast<double>(came.events) / came.seconds;
    out.append_cpu_us = came.cpu_us / static_cast<double>(came.events);
    out.compacted = came.compacted;
  }
  for (std::size_t i = 0; i < questions.size(); ++i) out.questions.push_back({questions[i].name, quiet[i], beside[i]});
  return {};
}

// Removed with all that is in it when it goes.
class Scratch {
 public:
  static Result<Scratch> in(const std::string& folder) {
    std::string name = folder + "/behoud-bench-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) {
      return fail(Errc::kUnavailable, "a folder for the bench's file could not be made in " + folder,
                  "choose another with --scratch DIR");
    }
    return Scratch(std::move(name));
  }
  explicit Scratch(std::string path) : path_(std::move(path)) {}
  Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  Scratch& operator=(Scratch&&) = delete;
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A stream until the file of the timeline would be written, as KeptTimeline chooses it, and that writing.
Result<void> write_a_stream(const Timeline& base, const IngestPlan& plan, EngineIngest& out) {
  TRY_ASSIGN(const Scratch scratch, Scratch::in(plan.scratch));
  const timeline::Dictionaries words{.customer = {timeline::Words(base.customer_codes.front())},
                                     .event = {timeline::Words(base.event_codes.front())}};
  TRY(timeline::write_timeline(scratch.path(), {}, base, words));
  TRY_ASSIGN(const timeline::TimelineFile file, timeline::TimelineFile::open(scratch.path()));
  LiveTimeline live(base);
  Stream stream(base, plan.visits);
  const double bytes_an_event = timeline::KeptTimeline::Options{}.bytes_an_event;
  const std::uint64_t batch = std::max<std::uint64_t>(plan.batch, base.events() / 200);
  do {
    TRY(live.append(stream.next(batch)));
    TRY(live.publish(static_cast<std::int64_t>(stream.made())));
  } while (bytes_an_event * static_cast<double>(stream.made()) <
           static_cast<double>(timeline::bytes_made_anew(live.revision())));
  const std::uint32_t range_customers = base.parts.front().segment.customers();
  TRY_ASSIGN(const timeline::WholeRanges whole, timeline::whole_ranges(live.revision(), range_customers));
  TRY_ASSIGN(const std::uint64_t written,
             timeline::write_timeline(scratch.path(), {.seq = 1}, whole.timeline, words, &file, whole.kept));
  out.written_bytes_an_event = static_cast<double>(written) / static_cast<double>(stream.made());
  return {};
}

// Nothing but `base` and what comes is held meanwhile, so that what a range leaves behind goes as it would.
Result<void> compact_everything(Timeline base, const IngestPlan& plan, EngineIngest& out) {
  const double events = static_cast<double>(base.events());
  Stream stream(base, plan.visits);
  const std::uint64_t batch = std::max<std::uint64_t>(plan.batch, base.events() / 2000);
  LiveTimeline live(std::move(base));
  do {
    TRY(live.append(stream.next(batch)));
    TRY(live.publish(static_cast<std::int64_t>(stream.made())));
  } while (live.due().empty());
  const double held = static_cast<double>(live.snapshot()->bytes());
  ::malloc_trim(0);
  forget_peak_resident();
  const double before = resident_bytes();
  for (std::size_t range = 0; range < live.ranges(); ++range) TRY(live.compact(range));
  out.peak_bytes_an_event = (held + std::max(0.0, peak_resident_bytes() - before)) / events;
  return {};
}

}  // namespace

Result<EngineIngest> run_engine_ingest(Timeline base, const IngestPlan& plan, std::span<const AskedInIngest> questions,
                                       const std::function<void(std::string_view)>& tell) {
  EngineIngest out;
  tell("Asking while events come");
  TRY(question_beside_a_stream(base, plan, questions, out));
  tell("Writing a stream");
  TRY(write_a_stream(base, plan, out));
  tell("Compacting");
  TRY(compact_everything(std::move(base), plan, out));
  return out;
}

}  // namespace behoud::app
