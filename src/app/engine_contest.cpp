#include "app/engine_contest.h"

#include <algorithm>
#include <functional>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "app/bench_sql.h"
#include "app/sheet.h"
#include "app/visits_timeline.h"
#include "base/huge_pages.h"
#include "base/json_writer.h"
#include "timeline/questions/audience.h"
#include "timeline/questions/cohort_months.h"
#include "timeline/questions/funnel.h"
#include "timeline/questions/month_activity.h"
#include "timeline/questions/purchase_cells.h"
#include "timeline/questions/return_days.h"

namespace behoud::app {
namespace {

using timeline::Condition;
using timeline::Isa;
using timeline::Slice;
using timeline::Timeline;

constexpr timeline::Kind kPageView = 0, kProductView = 1, kCart = 2, kOrder = 3;
constexpr std::uint32_t kReturnDays = 30, kOtherWindowDays = 60, kFunnelSeconds = 7 * 86'400;
enum Peer : std::size_t { kArrival, kClustered, kOrders, kPeers };
constexpr const char* kTables[kPeers] = {"arrival", "clustered", "orders"};

// Rows of whole numbers, hashed so that their order does not matter.
class RowsHash {
 public:
  RowsHash& cell(std::int64_t value) {
    row_ = (row_ ^ static_cast<std::uint64_t>(value)) * 0x9E3779B97F4A7C15ULL;
    row_ ^= row_ >> 29;
    return *this;
  }
  RowsHash& cell(std::uint64_t value) { return cell(static_cast<std::int64_t>(value)); }
  void end_row() {
    sum_ += row_ * 0xD1B54A32D192ED03ULL;
    row_ = 1;
    ++rows_;
  }
  std::uint64_t digest() const { return sum_ ^ rows_; }

 private:
  std::uint64_t row_ = 1, sum_ = 0, rows_ = 0;
};

struct Timed {
  double ms = 0;
  std::uint64_t hash = 0;
};

double median(std::vector<double> times) {
  std::ranges::sort(times);
  return times.empty() ? 0 : times[times.size() / 2];
}

// A question, how the engine answers it, and in which tables DuckDB can.
struct Contest {
  std::string name, what;
  std::uint64_t bytes = 0;
  std::function<Timed(const Timeline&)> engine;
  std::function<std::string(const std::string& table)> sql{};  // empty: no peer
  bool orders_suffice = false;
};

class Bench {
 public:
  Bench(const EngineBenchPlan& plan, const std::function<std::int64_t()>& steady_ns,
        const std::function<void(std::string_view)>& tell)
      : plan_(plan), steady_ns_(steady_ns), tell_(tell) {}
  Result<EngineBench> run();

 private:
  double now_ms() const { return static_cast<double>(steady_ns_()) / 1e6; }
  // Times `answer` alone; what it gave is hashed after.
  template <class Answer, class Hash>
  std::function<Timed(const Timeline&)> timed(const Answer& answer, Hash hash) const {
    return [this, answer, hash](const Timeline& over) {
      const double begin = now_ms();
      const auto given = answer(over);
      Timed out{now_ms() - begin, 0};
      if (!hashing_) return out;
      RowsHash rows;
      hash(given, rows);
      out.hash = rows.digest();
      return out;
    };
  }
  Result<Timed> time_sql(const std::string& sql);
  double bandwidth_gb_s() const;
  void make_contests();
  void add_contest(Contest contest) { contests_.push_back(std::move(contest)); }
  Result<void> race();
  Result<QuestionTime> histories();

  const EngineBenchPlan& plan_;
  const std::function<std::int64_t()>& steady_ns_;
  const std::function<void(std::string_view)>& tell_;
  std::optional<Timeline> timeline_;
  std::optional<ingest::DuckDb> duck_;
  timeline::Selection one_source_;  // what some are asked through
  std::vector<Contest> contests_;
  bool hashing_ = true;
  EngineBench out_;
};

Result<Timed> Bench::time_sql(const std::string& sql) {
  const double begin = now_ms();
  TRY_ASSIGN(ingest::DuckRows rows, duck_->query(sql));
  RowsHash hash;
  for (;;) {
    TRY_ASSIGN(const bool more, rows.next());
    if (!more) break;
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      for (std::size_t c = 0; c < rows.names().size(); ++c) hash.cell(rows.integer(r, c));
      hash.end_row();
    }
  }
  return Timed{now_ms() - begin, hash.digest()};
}

// What all threads together read of memory that is in no cache, at their best.
double Bench::bandwidth_gb_s() const {
  constexpr std::size_t kWords = std::size_t{32} << 20;  // 256 MB
  std::vector<std::uint64_t> memory;
  resize_huge(memory, kWords);
  const auto threads = static_cast<std::size_t>(plan_.threads);
  double best = 0;
  std::vector<std::uint64_t> sums(threads * 8);
  for (int round = 0; round < 5; ++round) {
    const double begin = now_ms();
    std::vector<std::thread> workers;
    workers.reserve(threads);
    for (std::size_t t = 0; t < threads; ++t) {
      workers.emplace_back([&, t] {
        std::uint64_t lanes[16]{};
        for (std::size_t i = kWords * t / threads / 16 * 16; i + 16 <= kWords * (t + 1) / threads; i += 16) {
          for (std::size_t k = 0; k < 16; ++k) lanes[k] += memory[i + k];
        }
        for (const std::uint64_t lane : lanes) sums[t * 8] += lane;
      });
    }
    for (std::thread& worker : workers) worker.join();
    const double ms = std::max(now_ms() - begin, 1e-3);
    best = std::max(best, static_cast<double>(kWords * sizeof(std::uint64_t)) / 1e6 / ms);
  }
  return best + static_cast<double>(sums[0] & 0);  // the sums are 0, and must be made
}

void Bench::make_contests() {
  const Timeline& t = *timeline_;
  const std::uint32_t months = t.scale.months(), as_of = t.scale.days();
  const std::uint64_t customers = t.customers(), events = t.events(), orders = t.orders();
  const Slice slice{.threads = plan_.threads};
  Slice split = slice, by_hand = slice;
  split.split = 0;
  by_hand.isa = Isa::kPlain;
  const std::uint64_t spend_bytes = t.parts.empty() ? 0 : t.parts[0].segment.spend().width;

  const auto hash_cohorts = [months](const auto& answer, RowsHash& rows) {
    for (const timeline::CohortMonths& table : answer) {
      for (std::uint32_t c = 0; c < months; ++c) {
        if (table.at(c, c) == 0) continue;
        rows.cell(std::uint64_t{c});
        for (std::uint32_t m = 0; m < months; ++m) rows.cell(table.at(c, m));
        rows.end_row();
      }
    }
  };
  const auto cohorts_in = [months](const std::string& table) { return cohort_months_sql(table, months); };
  add_contest({"W1", "monthly cohort triangle", 8 * customers,
               timed([slice](const Timeline& over) { return timeline::cohort_months(over, slice); }, hash_cohorts),
               cohorts_in, true});
  add_contest({"W1-split", "the same, split by source", 9 * customers,
               timed([split](const Timeline& over) { return timeline::cohort_months(over, split); }, hash_cohorts)});
  add_contest({"W1-plain", "the same, without AVX", 8 * customers,
               timed([by_hand](const Timeline& over) { return timeline::cohort_months(over, by_hand); }, hash_cohorts),
               cohorts_in, true});

  const auto hash_activity = [](const auto& answer, RowsHash& rows) {
    for (const auto& code : answer) {
      for (const timeline::MonthActivity& m : code) rows.cell(m.customers_end);
      for (const timeline::MonthActivity& m : code) rows.cell(m.retained);
      for (const timeline::MonthActivity& m : code) rows.cell(m.new_customers);
      rows.end_row();
    }
  };
  const auto activity_in = [months](const char* reach) {
    return [months, reach](const std::string& table) { return month_activity_sql(table, reach, months); };
  };
  add_contest(
      {"W2", "S, E, new, retained, reactivated, lost; own window", 16 * customers,
       timed([slice](const Timeline& over) { return timeline::month_activity(over, {}, slice); }, hash_activity),
       activity_in("own_reach"), true});
  add_contest({"W2-window", "the same, 60 days", 12 * customers + 2 * orders,
               timed([slice](const Timeline& over) { return timeline::month_activity(over, kOtherWindowDays, slice); },
                     hash_activity),
               activity_in("other_reach"), true});
  add_contest(
      {"W2-split", "own window, split by source", 17 * customers,
       timed([split](const Timeline& over) { return timeline::month_activity(over, {}, split); }, hash_activity)});
  // One source of several: made once, as a filter that somebody looks at answers through is.
  const timeline::Condition one_source{.of = timeline::Condition::Of::kDimension, .least = 1, .most = 1};
  one_source_ = timeline::audience(t, {.as_of_day = as_of, .all = {one_source}}, slice).value();
  Slice filtered = slice;
  filtered.only = &one_source_;
  add_contest(
      {"W1-filter", "monthly cohort triangle, of one source", 9 * customers,
       timed([filtered](const Timeline& over) { return timeline::cohort_months(over, filtered); }, hash_cohorts)});
  add_contest({"W2-filter", "own window, of one source", 17 * customers,
               timed([filtered](const Timeline& over) { return timeline::month_activity(over, {}, filtered); },
                     hash_activity)});
  add_contest(
      {"W2-plain", "own window, without AVX", 16 * customers,
       timed([by_hand](const Timeline& over) { return timeline::month_activity(over, {}, by_hand); }, hash_activity),
       activity_in("own_reach"), true});

  add_contest({"W3", "(x, t_x, T) cells with spend, in weeks", (8 + spend_bytes) * customers,
               timed(
                   [slice, as_of](const Timeline& over) {
                     return timeline::purchase_cells(over, {.as_of_day = as_of, .unit_days = 7}, slice);
                   },
                   [](const auto& answer, RowsHash& rows) {
                     for (const timeline::PurchaseCell& c : answer[0]) {
                       rows.cell(std::uint64_t{c.repeats}).cell(std::uint64_t{c.recency}).cell(std::uint64_t{c.age});
                       rows.cell(c.customers).cell(c.spend_minor).end_row();
                     }
                   }),
               [as_of](const std::string& table) { return purchase_cells_sql(table, as_of); }, true});

  timeline::Audience four{.as_of_day = as_of, .all = {}};
  four.all = {{.of = Condition::Of::kOrders, .least = 2, .days = 180},
              {.of = Condition::Of::kSpend, .least = 20'001},
              {.of = Condition::Of::kOrders, .least = 0, .most = 0, .days = 45},
              {.of = Condition::Of::kAfterLastOrder, .least = 1, .kind = kCart}};
  timeline::Audience three = four;
  three.all.pop_back();
  // Of those who are left by the columns a line of kinds is read each.
  const std::uint64_t left = timeline::count(timeline::audience(t, three, slice).value());
  const std::uint64_t audience_bytes = (6 + spend_bytes) * customers + 2 * orders + 64 * left;
  add_contest(
      {"W4", "segment of four conditions, count", audience_bytes,
       timed([slice,
              four](const Timeline& over) { return timeline::count(timeline::audience(over, four, slice).value()); },
             [](std::uint64_t n, RowsHash& rows) { rows.cell(n).end_row(); }),
       [as_of](const std::string& table) { return audience_sql(table, as_of, false); }});
  add_contest({"W5", "the same, ids", audience_bytes + 4 * left,
               timed(
                   [slice, four](const Timeline& over) {
                     return timeline::numbers(over, timeline::audience(over, four, slice).value());
                   },
                   [](const auto& ids, RowsHash& rows) {
                     for (const std::uint32_t id : ids) rows.cell(std::uint64_t{id}).end_row();
                   }),
               [as_of](const std::string& table) { return audience_sql(table, as_of, true); }});

  timeline::Audience five = four;
  five.all.push_back(one_source);
  add_contest(
      {"W4-filter", "the same and of one source, count", audience_bytes + customers,
       timed([slice,
              five](const Timeline& over) { return timeline::count(timeline::audience(over, five, slice).value()); },
             [](std::uint64_t n, RowsHash& rows) { rows.cell(n).end_row(); })});

  const timeline::FunnelQuestion steps{.steps = {kProductView, kCart, kOrder}, .window_seconds = kFunnelSeconds};
  const auto hash_funnel = [](const auto& answer, RowsHash& rows) {
    for (std::size_t s = 0; s < 3; ++s) {
      for (const auto& month : answer->front().reached) rows.cell(month[s]);
    }
    rows.end_row();
  };
  const auto funnel_in = [months](const std::string& table) { return funnel_sql(table, months, kFunnelSeconds); };
  add_contest(
      {"W7", "funnel view, cart, order within 7 days", 5 * events + 4 * customers,
       timed([slice, steps](const Timeline& over) { return timeline::funnel(over, steps, slice); }, hash_funnel),
       funnel_in});
  add_contest(
      {"W7-plain", "the same, without AVX", 5 * events + 4 * customers,
       timed([by_hand, steps](const Timeline& over) { return timeline::funnel(over, steps, by_hand); }, hash_funnel),
       funnel_in});
  add_contest({"W8", "return on day 1 to 30", std::min(132 * customers, 5 * events),
               timed(
                   [slice, as_of](const Timeline& over) {
                     return timeline::return_days(over, {.first = kPageView, .days = kReturnDays, .as_of_day = as_of},
                                                  slice);
                   },
                   [](const auto& answer, RowsHash& rows) {
                     for (std::uint32_t n = 1; n <= kReturnDays; ++n) rows.cell(answer->front().returned[n]);
                     rows.end_row();
                   }),
               [](const std::string& table) { return return_days_sql(table, kReturnDays); }});
}

Result<void> Bench::race() {
  struct Times {
    std::vector<double> engine, peer[kPeers];
    bool equal = true;
  };
  std::vector<Times> times(contests_.size());
  for (int round = 0; round < plan_.rounds; ++round) {
    for (std::size_t i = 0; i < contests_.size(); ++i) {
      const Contest& contest = contests_[i];
      tell_(fmt::format("Round {} of {}: {}", round + 1, plan_.rounds, contest.name));
      const Timed mine = contest.engine(*timeline_);
      times[i].engine.push_back(mine.ms);
      // A variant of a question is checked once; its time is not a peer's.
      const bool variant = contest.name.find('-') != std::string::npos;
      if (!contest.sql || !duck_ || (variant && round > 0)) continue;
      for (const Peer peer : {kArrival, kClustered, kOrders}) {
        if (peer == kOrders && !contest.orders_suffice) continue;
        if (variant && contest.name != "W2-window" && peer != kClustered) continue;
        TRY_ASSIGN(const Timed theirs, time_sql(contest.sql(kTables[peer])));
        times[i].peer[peer].push_back(theirs.ms);
        times[i].equal = times[i].equal && theirs.hash == mine.hash;
      }
    }
  }
  for (std::size_t i = 0; i < contests_.size(); ++i) {
    const Contest& contest = contests_[i];
    QuestionTime& q = out_.questions.emplace_back();
    q.name = contest.name, q.what = contest.what, q.bytes = contest.bytes;
    q.ms = median(times[i].engine);
    if (contest.sql && duck_) q.equal = times[i].equal;
    const auto of = [&](Peer peer) -> std::optional<double> {
      if (times[i].peer[peer].empty()) return std::nullopt;
      return median(times[i].peer[peer]);
    };
    q.duckdb_ms = of(kArrival), q.duckdb_clustered_ms = of(kClustered), q.duckdb_orders_ms = of(kOrders);
  }
  return {};
}

// W6: customers here and there, each looked up and written out whole.
Result<QuestionTime> Bench::histories() {
  struct Row {
    std::uint32_t at = 0;
    timeline::Kind kind = 0;
    std::int64_t amount = 0;
  };
  const Timeline& t = *timeline_;
  std::vector<Row> rows;
  const auto read = [&](std::uint32_t number) {
    rows.clear();
    const auto found = timeline::find_customer(t, number);
    if (!found) return;
    std::uint32_t order = 0;
    for (std::uint32_t e = 0; e < found->events(); ++e) {
      const timeline::Kind kind = found->kind(e);
      rows.push_back({found->at(e), kind, kind == kOrder ? found->gross(order++) : 0});
    }
  };
  const auto customer = [&](std::uint64_t i) {
    return static_cast<std::uint32_t>((i * 0x9E3779B97F4A7C15ULL >> 32) * plan_.visits.customers >> 32);
  };
  const auto percentile_99 = [](std::vector<double>& times) {
    std::ranges::sort(times);
    return times[times.size() * 99 / 100];
  };
  std::vector<double> mine;
  std::uint64_t events = 0;
  constexpr std::uint64_t kLookUps = 20'000;
  for (std::uint64_t i = 0; i < kLookUps; ++i) {
    const double begin = now_ms();
    read(customer(i));
    mine.push_back(now_ms() - begin);
    events += rows.size();
  }
  QuestionTime out;
  out.name = "W6";
  out.what = "one customer's history, 99th percentile";
  out.bytes = 64 * 6 + events * 13 / kLookUps;
  out.ms = percentile_99(mine);
  if (!duck_) return out;
  out.equal = true;
  for (const Peer peer : {kArrival, kClustered}) {
    std::vector<double> theirs;
    for (std::uint64_t i = 0; i < 50; ++i) {
      TRY_ASSIGN(const Timed sql, time_sql(history_sql(kTables[peer], customer(i))));
      theirs.push_back(sql.ms);
      read(customer(i));
      RowsHash hash;
      for (const Row& row : rows)
        hash.cell(std::uint64_t{row.at}).cell(std::uint64_t{row.kind}).cell(row.amount).end_row();
      out.equal = *out.equal && hash.digest() == sql.hash;
    }
    (peer == kArrival ? out.duckdb_ms : out.duckdb_clustered_ms) = percentile_99(theirs);
  }
  return out;
}

Result<EngineBench> Bench::run() {
  out_.threads = plan_.threads;
  constexpr const char* kNames[] = {"plain", "avx2", "avx512"};
  out_.instructions = kNames[static_cast<std::size_t>(timeline::best_isa())];
  tell_("Measuring memory");
  out_.bandwidth_gb_s = bandwidth_gb_s();
  tell_("Making visits");
  const double begin = now_ms();
  TRY_ASSIGN(timeline_, timeline_of_visits(plan_.visits));
  out_.make_ms = now_ms() - begin;
  out_.customers = timeline_->customers(), out_.events = timeline_->events(), out_.orders = timeline_->orders();
  out_.bytes_an_event =
      static_cast<double>(timeline_->bytes()) / static_cast<double>(std::max<std::uint64_t>(1, out_.events));
  if (timeline_->scale.months() > 62) return fail(Errc::kOutOfRange, "the bench's histories are of at most 62 months");
  if (plan_.peers) {
    tell_("Loading DuckDB");
    const std::uint64_t memory = std::max(std::uint64_t{1} << 30, out_.events * 120);
    TRY_ASSIGN(duck_, ingest::DuckDb::open({.memory_bytes_max = memory, .threads = plan_.threads, .files = {}}));
    TRY(load_visits(*duck_, plan_.visits, timeline_->scale));
    TRY(duck_->run(reach_sql("own_reach", timeline_->scale, timeline_->schema.window_days)));
    TRY(duck_->run(reach_sql("other_reach", timeline_->scale, kOtherWindowDays)));
  }
  make_contests();
  TRY(race());
  tell_("Looking up histories");
  TRY_ASSIGN(QuestionTime w6, histories());
  {
    // Those that hang on no selection: a selection is of the parts of one revision.
    std::vector<AskedInIngest> asked;
    for (const Contest& contest : contests_) {
      if (contest.name.ends_with("-filter") || contest.name.ends_with("-plain")) continue;
      asked.push_back({contest.name, [&contest](const Timeline& t) { (void)contest.engine(t); }});
    }
    duck_.reset();
    hashing_ = false;
    TRY_ASSIGN(
        out_.ingest,
        run_engine_ingest(*std::exchange(timeline_, std::nullopt),
                          {.visits = plan_.visits, .rounds = plan_.rounds, .scratch = plan_.scratch}, asked, tell_));
  }
  const auto after_w5 = std::ranges::find(out_.questions, std::string("W7"), &QuestionTime::name);
  out_.questions.insert(after_w5, std::move(w6));
  for (QuestionTime& q : out_.questions) {
    q.floor_ratio = q.ms / (static_cast<double>(q.bytes) / 1e6 / out_.bandwidth_gb_s);
    for (const auto& peer : {q.duckdb_ms, q.duckdb_clustered_ms, q.duckdb_orders_ms}) {
      if (peer && q.ms > 0) q.best_peer_ratio = std::min(q.best_peer_ratio.value_or(1e300), *peer / q.ms);
    }
  }
  return std::move(out_);
}

}  // namespace

Result<EngineBench> run_engine_bench(const EngineBenchPlan& plan, const std::function<std::int64_t()>& steady_ns,
                                     const std::function<void(std::string_view)>& tell) {
  return Bench(plan, steady_ns, tell).run();
}

std::string engine_bench_json(const EngineBench& bench) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("customers", bench.customers).field("events", bench.events).field("orders", bench.orders);
  json.field("threads", bench.threads)
      .field("instructions", bench.instructions)
      .field("bandwidth_gb_s", bench.bandwidth_gb_s);
  json.field("bytes_an_event", bench.bytes_an_event).field("make_ms", bench.make_ms).key("questions").begin_array();
  for (const QuestionTime& q : bench.questions) {
    json.begin_object().field("name", q.name).field("what", q.what).field("ms", q.ms).field("bytes", q.bytes);
    json.field("floor_ratio", q.floor_ratio).field("equal", q.equal).key("peers").begin_object();
    json.field("duckdb_ms", q.duckdb_ms)
        .field("duckdb_clustered_ms", q.duckdb_clustered_ms)
        .field("duckdb_orders_ms", q.duckdb_orders_ms);
    json.end_object().field("best_peer_ratio", q.best_peer_ratio).end_object();
  }
  const EngineIngest& ingest = bench.ingest;
  json.end_array().key("ingest").begin_object().field("events_a_second", ingest.events_a_second);
  json.field("append_cpu_us", ingest.append_cpu_us).field("compacted", ingest.compacted);
  json.field("written_bytes_an_event", ingest.written_bytes_an_event)
      .field("peak_bytes_an_event", ingest.peak_bytes_an_event);
  json.key("questions").begin_array();
  for (const EngineIngest::Question& q : ingest.questions) {
    json.begin_object().field("name", q.name).field("quiet_cpu_ms", q.quiet_cpu_ms).field("cpu_ms", q.cpu_ms);
    json.field("ratio", q.ratio()).end_object();
  }
  json.end_array().end_object().end_object();
  return out + "\n";
}

namespace {

std::string ingest_table(const EngineIngest& ingest, bool utf8) {
  Sheet sheet;
  for (const char* name : {"name", "CPU ms before", "CPU ms", "ratio"}) sheet.columns.push_back({name, false});
  for (const EngineIngest::Question& q : ingest.questions) {
    sheet.rows.push_back({q.name, fmt::format("{:.3f}", q.quiet_cpu_ms), fmt::format("{:.3f}", q.cpu_ms),
                          fmt::format("{:.2f}", q.ratio())});
  }
  return fmt::format(
             "\nWhile {:.0f} events/s come in batches: {:.2f} us of processor time an event, {} ranges compacted\n"
             "{:.0f} bytes written to the disk an event; {:.2f} bytes an event in memory at the peak of compaction\n\n",
             ingest.events_a_second, ingest.append_cpu_us, ingest.compacted, ingest.written_bytes_an_event,
             ingest.peak_bytes_an_event) +
         to_table(sheet, {{}, utf8});
}

}  // namespace

std::string engine_bench_table(const EngineBench& bench, bool utf8) {
  Sheet sheet;
  for (const char* name :
       {"name", "what", "ms", "MB", "x floor", "equal", "DuckDB ms", "clustered", "orders", "x quicker"}) {
    sheet.columns.push_back({name, false});
  }
  const auto ms = [](const std::optional<double>& value) {
    return value ? Cell{fmt::format("{:.1f}", *value)} : Cell{};
  };
  for (const QuestionTime& q : bench.questions) {
    sheet.rows.push_back({q.name, q.what, fmt::format("{:.3f}", q.ms),
                          fmt::format("{:.1f}", static_cast<double>(q.bytes) / 1e6),
                          fmt::format("{:.1f}", q.floor_ratio), q.equal ? Cell{*q.equal} : Cell{}, ms(q.duckdb_ms),
                          ms(q.duckdb_clustered_ms), ms(q.duckdb_orders_ms), ms(q.best_peer_ratio)});
  }
  return fmt::format(
             "{} customers, {} events, {} orders; {} threads, {}; {:.1f} GB/s; {:.2f} bytes an event; made in {:.0f} "
             "ms\n\n",
             bench.customers, bench.events, bench.orders, bench.threads, bench.instructions, bench.bandwidth_gb_s,
             bench.bytes_an_event, bench.make_ms) +
         to_table(sheet, {{}, utf8}) + ingest_table(bench.ingest, utf8);
}

}  // namespace behoud::app
