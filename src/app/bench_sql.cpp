#include "app/bench_sql.h"

#include <fmt/format.h>

namespace behoud::app {
namespace {

// "sum(bits >> 0 & 1)::BIGINT, sum(bits >> 1 & 1)::BIGINT, ..."
std::string sums(const std::string& bits, std::uint32_t from, std::uint32_t to) {
  std::string out;
  for (std::uint32_t b = from; b < to; ++b)
    out += fmt::format("{}coalesce(sum(({} >> {}) & 1), 0)::BIGINT", b == from ? "" : ", ", bits, b);
  return out;
}

}  // namespace

std::string cohort_months_sql(const std::string& table, std::uint32_t months) {
  return fmt::format(R"sql(
SELECT cohort::BIGINT, {} FROM (
  SELECT min(month) AS cohort, bit_or(1::BIGINT << month) AS bits FROM {} WHERE kind = 3 GROUP BY customer)
GROUP BY cohort)sql",
                     sums("bits", 0, months), table);
}

std::string reach_sql(const std::string& name, const timeline::Scale& scale, std::uint32_t window_days) {
  std::string sql =
      fmt::format("CREATE OR REPLACE TABLE {} (day SMALLINT, bits BIGINT); INSERT INTO {} VALUES ", name, name);
  for (std::uint32_t day = 0; day < scale.days(); ++day) {
    std::uint64_t bits = 0;
    for (std::uint32_t m = 0; m < scale.months(); ++m) {
      const std::uint32_t end = scale.month_begin(m + 1);
      if (day < end && end <= std::uint64_t{day} + window_days) bits |= std::uint64_t{1} << m;
    }
    sql += fmt::format("{}({}, {})", day == 0 ? "" : ", ", day, bits);
  }
  return sql;
}

std::string month_activity_sql(const std::string& table, const std::string& reach, std::uint32_t months) {
  return fmt::format(R"sql(
SELECT {}, {}, {} FROM (
  SELECT bits AS active, bits & (bits << 1) AS kept, ordered & -ordered & bits AS fresh FROM (
    SELECT bit_or(1::BIGINT << month) AS ordered, bit_or(bits) AS bits FROM {} JOIN {} USING (day)
    WHERE kind = 3 GROUP BY customer)))sql",
                     sums("active", 0, months), sums("kept", 0, months), sums("fresh", 0, months), table, reach);
}

std::string purchase_cells_sql(const std::string& table, std::uint32_t as_of_day) {
  return fmt::format(R"sql(
SELECT x::BIGINT, t_x::BIGINT, t::BIGINT, count(*)::BIGINT, sum(spend)::BIGINT FROM (
  SELECT count(*) - 1 AS x, (max(day) - min(day)) // 7 AS t_x, ({} - min(day)) // 7 AS t, sum(amount) AS spend
  FROM {} WHERE kind = 3 GROUP BY customer)
GROUP BY x, t_x, t)sql",
                     as_of_day, table);
}

std::string audience_sql(const std::string& table, std::uint32_t as_of_day, bool ids) {
  return fmt::format(R"sql(
SELECT {} FROM (
  SELECT customer FROM {} WHERE kind >= 2 GROUP BY customer
  HAVING count(*) FILTER (kind = 3 AND day >= {}) >= 2 AND sum(amount) > 20000
     AND max(day) FILTER (kind = 3) < {} AND max(at_s) FILTER (kind = 2) > max(at_s) FILTER (kind = 3)))sql",
                     ids ? "customer::BIGINT" : "count(*)::BIGINT", table, static_cast<std::int64_t>(as_of_day) - 180,
                     static_cast<std::int64_t>(as_of_day) - 45);
}

std::string history_sql(const std::string& table, std::uint32_t customer) {
  return fmt::format("SELECT at_s::BIGINT, kind::BIGINT, amount::BIGINT FROM {} WHERE customer = {}", table, customer);
}

// From each event on, the next order; then from each view on, the next cart and the order that comes after that cart:
// the least of those after any later cart.
std::string funnel_sql(const std::string& table, std::uint32_t months, std::uint32_t window_seconds) {
  return fmt::format(R"sql(
WITH step3 AS (
  SELECT customer, at_s, month, kind, min(at_s) FILTER (kind = 3) OVER later AS next_order FROM {} WHERE kind >= 1
  WINDOW later AS (PARTITION BY customer ORDER BY at_s ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)),
step2 AS (
  SELECT customer, at_s, month, kind, min(at_s) FILTER (kind = 2) OVER later AS next_cart,
    min(next_order) FILTER (kind = 2) OVER later AS cart_order FROM step3
  WINDOW later AS (PARTITION BY customer ORDER BY at_s ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING))
SELECT {}, {}, {} FROM (
  SELECT bit_or(1::BIGINT << month) AS one, bit_or(1::BIGINT << month) FILTER (next_cart - at_s <= {}) AS two,
    bit_or(1::BIGINT << month) FILTER (cart_order - at_s <= {}) AS three
  FROM step2 WHERE kind = 1 GROUP BY customer))sql",
                     table, sums("one", 0, months), sums("two", 0, months), sums("three", 0, months), window_seconds,
                     window_seconds);
}

std::string return_days_sql(const std::string& table, std::uint32_t days) {
  return fmt::format(R"sql(
WITH first AS (SELECT customer, min(day) AS day0 FROM {} WHERE kind = 0 GROUP BY customer)
SELECT {} FROM (
  SELECT bit_or(1::BIGINT << (day - day0)) AS bits FROM {} JOIN first USING (customer)
  WHERE day > day0 AND day <= day0 + {} GROUP BY customer))sql",
                     table, sums("bits", 1, days + 1), table, days);
}

}  // namespace behoud::app
