#include "app/visits_timeline.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include "base/together.h"
#include "timeline/segment_builder.h"

namespace behoud::app {
namespace {

constexpr std::uint32_t kParts64 = 64;

timeline::PlainEvents plain(const sample::Visits& visits, const timeline::Scale& scale) {
  timeline::PlainEvents out;
  const std::size_t n = visits.size();
  out.customer = visits.customer;
  out.at_ms.resize(n), out.seq.resize(n), out.kind.resize(n), out.gross_minor.resize(n), out.dimensions.resize(1);
  out.dimensions[0].assign(visits.item.begin(), visits.item.end());
  for (std::size_t i = 0; i < n; ++i) {
    out.at_ms[i] = scale.instant(visits.at_s[i]).ms;
    // Arrival goes with time, as it would; 32 events a second keep it within 32 bits.
    out.seq[i] = std::uint64_t{visits.at_s[i]} * 32 + visits.customer[i] % 32;
    out.kind[i] = static_cast<timeline::Kind>(visits.kind[i]);
    out.gross_minor[i] = visits.amount_minor[i];
  }
  return out;
}

}  // namespace

Result<timeline::Timeline> timeline_of_visits(const sample::VisitPlan& plan) {
  TRY_ASSIGN(const auto zone, calendar::Zone::create("Europe/Amsterdam"));
  const calendar::Instant begin = zone.first_instant(calendar::civil(2022, 1, 1));
  TRY_ASSIGN(timeline::Scale scale,
             timeline::Scale::create(zone, begin, {begin.ms + std::int64_t{plan.days} * calendar::kMsPerDay - 1}));
  timeline::Timeline out{.scale = std::move(scale),
                         .schema = {.kinds = {"page_view", "product_view", "cart", "order"},
                                    .order_kind = static_cast<timeline::Kind>(sample::VisitKind::kOrder),
                                    .customer_dimensions = {"source"},
                                    .event_dimensions = {"item"},
                                    .order_measures = {},
                                    .window_days = 90},
                         .parts = {},
                         .customer_codes = {8},
                         .event_codes = {2001}};
  const std::uint32_t size = std::max(64U, (plan.customers / kParts64 + 63) / 64 * 64);
  const std::uint32_t parts = (plan.customers + size - 1) / size;
  out.parts.resize(parts);
  std::mutex failing;
  std::optional<Error> failure;
  std::vector<std::function<void()>> tasks;
  tasks.reserve(parts);
  for (std::uint32_t p = 0; p < parts; ++p) {
    tasks.emplace_back([&, p] {
      timeline::PlainCustomers customers{.first = p * size, .count = std::min(size, plan.customers - p * size)};
      auto& source = customers.dimensions.emplace_back();
      for (std::uint32_t i = 0; i < customers.count; ++i)
        source.push_back(sample::visitor_source(plan, customers.first + i));
      const timeline::PlainEvents events =
          plain(sample::make_visits(plan, customers.first, customers.count), out.scale);
      auto segment = timeline::build_segment(out.scale, out.schema, customers, events);
      if (segment) {
        out.parts[p].segment = *std::move(segment);
      } else {
        const std::lock_guard lock(failing);
        failure = std::move(segment).error();
      }
    });
  }
  run_together(tasks);
  if (failure) return std::unexpected(*std::move(failure));
  return out;
}

Result<void> load_visits(ingest::DuckDb& duck, const sample::VisitPlan& plan, const timeline::Scale& scale) {
  using enum ingest::DuckType;
  constexpr std::uint32_t kRange = 4096;
  std::uint32_t next = 0;
  sample::Visits visits;
  std::size_t row = 0;
  const auto fill = [&](ingest::DuckBatch& batch) -> Result<std::size_t> {
    while (row == visits.size() && next < plan.customers) {
      const std::uint32_t count = std::min(kRange, plan.customers - next);
      visits = sample::make_visits(plan, next, count);
      next += count;
      row = 0;
    }
    const std::size_t n = std::min(ingest::DuckBatch::capacity(), visits.size() - row);
    for (std::size_t i = 0; i < n; ++i, ++row) {
      const std::uint32_t at = visits.at_s[row];
      batch.integer(i, 0, visits.customer[row]);
      batch.integer(i, 1, at);
      batch.integer(i, 2, scale.day_of(at));
      batch.integer(i, 3, scale.month_of(at));
      batch.integer(i, 4, static_cast<std::int64_t>(visits.kind[row]));
      batch.integer(i, 5, visits.amount_minor[row]);
    }
    return n;
  };
  TRY(duck.feed("visits",
                {{"customer", kInteger},
                 {"at_s", kInteger},
                 {"day", kInteger},
                 {"month", kInteger},
                 {"kind", kInteger},
                 {"amount", kInteger}},
                fill));
  TRY(duck.run(R"sql(
CREATE OR REPLACE TABLE clustered AS SELECT customer::INTEGER AS customer, at_s::INTEGER AS at_s, day::SMALLINT AS day,
  month::SMALLINT AS month, kind::UTINYINT AS kind, amount::INTEGER AS amount FROM visits();
CREATE OR REPLACE TABLE arrival AS FROM clustered ORDER BY at_s, customer;
CREATE OR REPLACE TABLE orders AS FROM clustered WHERE kind = 3;)sql"));
  return {};
}

}  // namespace behoud::app
