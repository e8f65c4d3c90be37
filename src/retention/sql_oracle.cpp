#include "retention/sql_oracle.h"

#include <fmt/format.h>

namespace behoud::retention {
namespace {

using calendar::Day;
using timeline::Histories;

std::string date(Day d) { return fmt::format("(DATE '1970-01-01' + {})", d.number); }
std::string date(std::optional<Day> d) { return d ? date(*d) : "NULL"; }

// "INSERT INTO t VALUES (..), (..)", or nothing.
template <class Rows, class Write>
std::string insert(const char* table, const Rows& rows, Write write) {
  std::string sql;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    sql += sql.empty() ? fmt::format("INSERT INTO {} VALUES ", table) : ", ";
    sql += "(" + write(rows[i], i) + ")";
  }
  return sql.empty() ? sql : sql + ";";
}

// Customers, with every order that counts at as-of on its civil day.
constexpr const char* kTables = R"sql(
CREATE OR REPLACE TABLE customer (c BIGINT, known_since DATE, orders_before BIGINT);
CREATE OR REPLACE TABLE placed (c BIGINT, id BIGINT, ms BIGINT, date_only BOOLEAN, gross BIGINT);
CREATE OR REPLACE TABLE step (id BIGINT, ms BIGINT, refunded BIGINT, counts BOOLEAN);
CREATE OR REPLACE TABLE subscription (c BIGINT, id BIGINT, started DATE, trial_end DATE, ended DATE);
CREATE OR REPLACE TABLE joined (c BIGINT, d DATE);
CREATE OR REPLACE TABLE parted (c BIGINT, d DATE);
CREATE OR REPLACE TABLE event (c BIGINT, d DATE);
CREATE OR REPLACE TABLE period (p BIGINT, a DATE, b DATE);
)sql";

constexpr const char* kFacts = R"sql(
CREATE OR REPLACE TABLE bought AS
WITH dated AS (
  SELECT *, CASE WHEN date_only THEN make_timestamp(ms * 1000)::DATE
                 ELSE timezone({zone}, to_timestamp(ms / 1000.0))::DATE END AS d FROM placed),
known_step AS (
  SELECT id, max_by(refunded, coalesce(ms, -9e18)) AS refunded, max_by(counts, coalesce(ms, -9e18)) AS counts
  FROM step WHERE ms IS NULL OR ms < {as_of} GROUP BY id)
SELECT c, id, d, gross, gross - coalesce(refunded, 0) AS revenue
FROM dated LEFT JOIN known_step USING (id)
WHERE coalesce(counts, true)
  AND (d < {today} OR (d = {today} AND {today} < {cut} AND (date_only OR ms < {as_of})));

CREATE OR REPLACE TABLE ordered AS  -- since when each customer has ordered; infinitely long where only a count is known
WITH own AS (SELECT c, min(d) AS first FROM bought GROUP BY c), history AS (SELECT {start}::DATE AS start)
SELECT customer.c, CASE WHEN known_since < start THEN known_since
                        WHEN orders_before > 0 AND start IS NOT NULL THEN DATE '-infinity'
                        ELSE first END AS since
FROM customer CROSS JOIN history LEFT JOIN own ON own.c = customer.c;

CREATE OR REPLACE TABLE span AS  -- active at the start of the days t with first < t <= last
SELECT c, d AS first, d + {window} AS last FROM bought WHERE {basis} = 'orders'
UNION ALL SELECT c, d, d + {window} FROM event WHERE {basis} = 'events' AND d < {cut}
UNION ALL SELECT c, coalesce(trial_end, started), coalesce(ended, DATE '9999-01-01') FROM subscription
  WHERE {basis} = 'subscriptions' AND NOT coalesce(ended <= trial_end, false) AND coalesce(trial_end, started) < {cut}
UNION ALL SELECT c, d, coalesce((SELECT min(parted.d) FROM parted WHERE parted.c = joined.c AND parted.d >= joined.d
                                 AND parted.d < {cut}), DATE '9999-01-01')
  FROM joined WHERE {basis} = 'relation' AND d < {cut};

CREATE OR REPLACE TABLE member AS  -- since when each is a customer in the sense of the basis
SELECT customer.c, CASE WHEN {basis} = 'orders' THEN any_value(ordered.since) ELSE min(span.first) END AS since
FROM customer LEFT JOIN ordered ON ordered.c = customer.c LEFT JOIN span ON span.c = customer.c GROUP BY customer.c;
)sql";

}  // namespace

const char* const SqlOracle::kPeriodsSql = R"sql(
WITH buys AS (
  SELECT p, bought.c, count(*) AS orders, sum(gross)::BIGINT AS gross, sum(revenue)::BIGINT AS revenue
  FROM period JOIN bought ON a <= d AND d < b GROUP BY p, bought.c),
state AS (
  SELECT p, member.c, coalesce(since < a, false) AS old, coalesce(since >= a AND since < b, false) AS born,
    EXISTS (FROM span WHERE span.c = member.c AND first < a AND a <= last) AS s,
    EXISTS (FROM span WHERE span.c = member.c AND first < b AND b <= last) AS e,
    coalesce((SELECT ordered.since < a FROM ordered WHERE ordered.c = member.c), false) AS had_ordered
  FROM period CROSS JOIN member)
SELECT p,
  count(*) FILTER (s) AS customers_start, count(*) FILTER (e) AS customers_end,
  count(*) FILTER (born AND e) AS new, count(*) FILTER (born AND NOT e) AS one_and_gone,
  count(*) FILTER (old AND NOT s AND e) AS reactivated,
  count(*) FILTER (s AND e) AS retained, count(*) FILTER (s AND NOT e) AS lost,
  count(*) FILTER (had_ordered) AS ordered_before,
  count(*) FILTER (had_ordered AND orders > 0) AS returned, count(*) FILTER (s AND orders > 0) AS returned_active,
  count(*) FILTER (orders > 0) AS buyers, count(*) FILTER (orders > 1) AS repeaters,
  coalesce(sum(orders), 0)::BIGINT AS orders, coalesce(sum(gross), 0)::BIGINT AS gross_minor,
  coalesce(sum(revenue), 0)::BIGINT AS revenue_minor
FROM state LEFT JOIN buys USING (p, c) GROUP BY p ORDER BY p
)sql";

const char* const SqlOracle::kCellsSql = R"sql(
WITH cohort AS (SELECT p AS cohort, c FROM period JOIN member ON a <= since AND since < b),
size AS (SELECT cohort, count(*) AS size FROM cohort GROUP BY cohort),
seen AS (
  SELECT cohort, p - cohort AS k, cohort.c,
    EXISTS (FROM bought WHERE bought.c = cohort.c AND a <= d AND d < b) AS is_on,
    EXISTS (FROM bought WHERE bought.c = cohort.c AND a <= d AND d < (SELECT max(b) FROM period)) AS is_on_or_after,
    EXISTS (FROM span WHERE span.c = cohort.c AND first < b AND b <= last) AS is_active,
    coalesce((SELECT sum(revenue) FROM bought WHERE bought.c = cohort.c AND a <= d AND d < b), 0) AS revenue
  FROM cohort JOIN period ON p >= cohort),
cell AS (
  SELECT cohort, k, count(*) FILTER (is_on) AS on_k, count(*) FILTER (is_on_or_after) AS on_or_after_k,
    count(*) FILTER (is_active) AS active_k, sum(revenue)::BIGINT AS revenue
  FROM seen GROUP BY cohort, k)
SELECT cohort, k, size, on_k, on_or_after_k, active_k, revenue,
  (sum(revenue) OVER (PARTITION BY cohort ORDER BY k))::BIGINT AS cumulative
FROM cell JOIN size USING (cohort) ORDER BY cohort, k
)sql";

const char* const SqlOracle::kGapsSql = R"sql(
WITH day AS (SELECT DISTINCT c, d FROM bought),
gap AS (SELECT d - lag(d) OVER (PARTITION BY c ORDER BY d) AS days FROM day)
SELECT count(days)::BIGINT, count(*) FILTER (days <= 30)::BIGINT, count(*) FILTER (days <= 60)::BIGINT,
  count(*) FILTER (days <= 90)::BIGINT, count(*) FILTER (days <= 180)::BIGINT, count(*) FILTER (days <= 365)::BIGINT
FROM gap
)sql";

namespace {

void must(const Result<void>& done) {
  if (!done) throw std::runtime_error(done.error().message);
}
std::vector<std::vector<std::int64_t>> all_rows(ingest::DuckDb& db, const char* sql,
                                                std::vector<std::string>* names = nullptr) {
  auto rows = db.query(sql);
  if (!rows) throw std::runtime_error(rows.error().message);
  if (names) *names = rows->names();
  std::vector<std::vector<std::int64_t>> out;
  while (rows->next().value()) {
    for (std::size_t r = 0; r < rows->rows(); ++r) {
      auto& row = out.emplace_back();
      for (std::size_t i = 0; i < rows->names().size(); ++i) row.push_back(rows->integer(r, i));
    }
  }
  return out;
}

}  // namespace

SqlOracle::SqlOracle() : db_(ingest::DuckDb::open({.threads = 1, .files = {}}).value()) {}

void SqlOracle::load(const Histories& h, const ShopSettings& s, const Question& q,
                     const std::vector<calendar::Period>& periods, calendar::Instant as_of) {
  const Day today = h.zone.day_of(as_of);
  const Day cut = h.zone.first_instant(today) == as_of ? today : today + 1;
  const bool begun = h.first_order_day && *h.first_order_day < cut;
  const std::optional<Day> start = begun ? h.first_order_day : std::nullopt;
  std::string sql = kTables;
  std::vector<std::uint32_t> customers(h.customers());
  sql += insert("customer", customers, [&](std::uint32_t, std::size_t c) {
    return fmt::format("{}, {}, {}", c, date(h.known_since[c]), h.orders_before[c]);
  });
  struct Placed {
    std::uint32_t customer;
    std::size_t row;
  };
  std::vector<Placed> placed;
  for (std::uint32_t c = 0; c < h.customers(); ++c) {
    for (std::uint32_t i = h.order_begin[c]; i < h.order_begin[c + 1]; ++i) placed.push_back({c, i});
  }
  sql += insert("placed", placed, [&](const Placed& o, std::size_t) {
    const bool date_only = !h.date_only.empty() && h.date_only[o.row];
    return fmt::format("{}, {}, {}, {}, {}", o.customer, o.row, h.order_at[o.row].ms, date_only, h.gross_minor[o.row]);
  });
  sql += insert("step", h.steps, [](const timeline::OrderStep& step, std::size_t) {
    const bool unknown = step.at_ms == timeline::kUnknownInstant;
    return fmt::format("{}, {}, {}, {}", step.order, unknown ? "NULL" : std::to_string(step.at_ms), step.refunded_minor,
                       step.counts);
  });
  sql += insert("subscription", h.subscriptions, [](const timeline::Subscription& sub, std::size_t i) {
    return fmt::format("{}, {}, {}, {}, {}", sub.customer, i, date(sub.start), date(sub.trial_end), date(sub.end));
  });
  const auto act = [](const timeline::Act& a, std::size_t) { return fmt::format("{}, {}", a.customer, date(a.day)); };
  sql += insert("joined", h.relation_joined, act);
  sql += insert("parted", h.relation_left, act);
  std::vector<timeline::Act> events;
  for (const timeline::Act& event : h.events) {
    const std::string kind(h.kinds[event.kind]);
    if (q.kinds.empty() || std::find(q.kinds.begin(), q.kinds.end(), kind) != q.kinds.end()) events.push_back(event);
  }
  sql += insert("event", events, act);
  sql += insert("period", periods, [&](const calendar::Period& p, std::size_t i) {
    return fmt::format("{}, {}, {}", i, date(p.begin()), date(std::min(p.end(), cut)));
  });
  static const char* const kBases[] = {"'orders'", "'subscriptions'", "'relation'", "'events'"};
  sql += fmt::format(fmt::runtime(kFacts), fmt::arg("zone", ingest::duck_text(h.zone.name())),
                     fmt::arg("as_of", as_of.ms), fmt::arg("today", date(today)), fmt::arg("cut", date(cut)),
                     fmt::arg("start", date(start)), fmt::arg("window", q.window_days.value_or(s.window_days)),
                     fmt::arg("basis", kBases[static_cast<std::size_t>(q.basis)]));
  must(db_.run(sql));
}

std::vector<std::map<std::string, std::int64_t>> SqlOracle::periods() {
  std::vector<std::string> names;
  std::vector<std::map<std::string, std::int64_t>> out;
  for (const auto& row : all_rows(db_, kPeriodsSql, &names)) {
    auto& fields = out.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) fields[names[i]] = row[i];
  }
  return out;
}

std::map<std::pair<int, int>, SqlOracle::Cell> SqlOracle::cells(CohortMode mode) {
  std::map<std::pair<int, int>, Cell> out;
  for (const auto& row : all_rows(db_, kCellsSql)) {
    const std::int64_t customers = row[3 + static_cast<std::size_t>(mode)];
    out[{static_cast<int>(row[0]), static_cast<int>(row[1])}] = {row[2], customers, row[6], row[7]};
  }
  return out;
}

std::vector<std::int64_t> SqlOracle::gaps() { return all_rows(db_, kGapsSql).at(0); }

}  // namespace behoud::retention
