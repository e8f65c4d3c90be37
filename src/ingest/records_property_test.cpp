// Records -> a file in some dialect, its columns in some order -> the same records.

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ingest/records_for_tests.h"

namespace behoud::ingest {
namespace {

using Row = std::vector<std::string>;
struct Grid {
  Row headers;
  std::vector<Row> rows;
};

// How a file is written.
struct Dialect {
  char delimiter = ',';
  char mark = '.';
  bool quote_all = false, crlf = false, dmy = false;
};

rc::Gen<Dialect> dialects() {
  return rc::gen::apply([](char delimiter, bool comma, bool quote_all, bool crlf,
                           bool dmy) { return Dialect{delimiter, comma ? ',' : '.', quote_all, crlf, dmy}; },
                        rc::gen::element(',', ';', '\t', '|'), rc::gen::arbitrary<bool>(), rc::gen::arbitrary<bool>(),
                        rc::gen::arbitrary<bool>(), rc::gen::arbitrary<bool>());
}

// Letters, signs, quotes, delimiters and line ends: whatever a field may hold, but blanks at its ends.
rc::Gen<std::string> texts() {
  const auto piece = rc::gen::weightedElement<std::string>({{10, "a"},
                                                            {10, "B"},
                                                            {5, "7"},
                                                            {3, " "},
                                                            {3, "\xC3\xA9"},
                                                            {2, ","},
                                                            {2, ";"},
                                                            {2, "|"},
                                                            {2, "\""},
                                                            {1, "\n"},
                                                            {1, "="},
                                                            {1, "<"},
                                                            {1, "\xE2\x82\xAC"}});
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece), [](const std::vector<std::string>& pieces) {
    std::string out;
    for (const std::string& p : pieces) out += p;
    const std::size_t begin = out.find_first_not_of(" \n"), end = out.find_last_not_of(" \n");
    return begin == std::string::npos ? std::string() : out.substr(begin, end - begin + 1);
  });
}
rc::Gen<std::string> words() {
  return rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange('a', static_cast<char>('z' + 1))));
}
rc::Gen<calendar::Day> days(calendar::Day first = calendar::civil(1990, 1, 1),
                            calendar::Day last = calendar::civil(2025, 12, 31)) {
  return rc::gen::map(rc::gen::inRange(first.number, last.number + 1), [](int n) { return calendar::Day{n}; });
}
template <class T>
rc::Gen<std::optional<T>> maybe(rc::Gen<T> gen) {
  return rc::gen::oneOf(rc::gen::just(std::optional<T>()),
                        rc::gen::map(std::move(gen), [](T v) { return std::optional<T>(std::move(v)); }));
}
rc::Gen<money::Money> amounts(std::int64_t least) {
  return rc::gen::apply(
      [](std::int64_t minor, const std::string& code) { return money::Money{minor, *money::Currency::parse(code)}; },
      rc::gen::inRange<std::int64_t>(least, 1'000'000'000), rc::gen::element<std::string>("EUR", "SEK", "USD"));
}

std::string cell(calendar::Day day, const Dialect& d) {
  if (!d.dmy) return calendar::to_string(day);
  const auto date = calendar::ymd(day);
  return std::to_string(static_cast<unsigned>(date.day())) + "." + std::to_string(static_cast<unsigned>(date.month())) +
         "." + std::to_string(static_cast<int>(date.year()));
}
std::string cell(std::optional<calendar::Day> day, const Dialect& d) { return day ? cell(*day, d) : ""; }
std::string number(std::string text, const Dialect& d) {
  std::replace(text.begin(), text.end(), '.', d.mark);
  return text;
}
std::string cell(const std::optional<money::Money>& m, const Dialect& d) {
  return m ? number(money::to_decimal(m->minor, m->currency.exponent()), d) : "";
}
std::string code(const std::optional<money::Money>& m) { return m ? m->currency.code() : ""; }

std::string written(const Grid& grid, const Dialect& d, const std::vector<std::size_t>& order) {
  std::string out;
  const auto put = [&](const Row& row) {
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i > 0) out += d.delimiter;
      const std::string& text = row[order[i]];
      const bool quote = d.quote_all || text.find_first_of(std::string("\"\n\r") + d.delimiter) != std::string::npos;
      if (!quote) {
        out += text;
        continue;
      }
      out += '"';
      for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
      }
      out += '"';
    }
    out += d.crlf ? "\r\n" : "\n";
  };
  put(grid.headers);
  for (const Row& row : grid.rows) put(row);
  return out;
}

std::vector<std::size_t> any_order(std::size_t n) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[*rc::gen::inRange<std::size_t>(0, i)]);
  return order;
}

void reads_back(RecordKind kind, const Grid& grid, const Dialect& dialect, const std::vector<std::string>& expected) {
  const TestFolder folder("records-property");
  const std::string text = written(grid, dialect, any_order(grid.headers.size()));
  RC_LOG() << text << std::endl;
  const auto read = read_record_file(kind, folder.write("table.csv", text));
  if (!read) RC_FAIL(read.error().message);
  for (const std::string& rejected : read->rejected()) RC_LOG() << rejected << std::endl;
  RC_ASSERT(read->records == expected);
  RC_ASSERT(bridge_fault(*read) == "");
}

RC_GTEST_PROP(ReadCustomers, GivesBackWhatWasWritten, (const std::vector<bool>& rows)) {
  RC_PRE(!rows.empty());
  const Dialect d = *dialects();
  Grid grid{{"id", "email", "name", "country", "source", "language", "first_order", "orders_before", "consent",
             "consent_at", "unsubscribed", "unsubscribed_at"},
            {}};
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string id = *words(), email = rows[i] ? *words() + "@example.com" : "";
    const std::string name = *texts(), source = *texts();
    const auto first = *maybe(days()), consent_at = *maybe(days()), left = *maybe(days());
    const auto orders = *maybe(rc::gen::inRange<std::uint32_t>(0, 4'000'000'000U));
    const auto consent = *maybe(rc::gen::arbitrary<bool>());
    const std::string country = *rc::gen::element<std::string>("", "NL", "SE", "DE");
    const std::string language = *rc::gen::element<std::string>("", "nl", "sv", "en");
    grid.rows.push_back({id, email, name, country, source, language, cell(first, d),
                         orders ? std::to_string(*orders) : "", consent ? (*consent ? "yes" : "no") : "",
                         cell(consent_at, d), "", cell(left, d)});
    ledger::CustomerRecord r;
    const auto moment = [](std::optional<calendar::Day> day) -> std::optional<calendar::Moment> {
      if (!day) return std::nullopt;
      return calendar::Moment{{day->number * calendar::kMsPerDay}, true};
    };
    r.id = {ledger::IdentitySpace::kCustomerId, id};
    r.email = email;
    r.name = name;
    r.country = country;
    r.source = source;
    r.language = language;
    r.first_order = moment(first);
    r.orders_before = orders;
    r.consent = consent ? consent : consent_at ? std::optional(true) : std::nullopt;
    r.consent_at = moment(consent_at);
    r.unsubscribed = left ? std::optional(true) : std::nullopt;
    r.unsubscribed_at = moment(left);
    expected.push_back(describe(r));
  }
  reads_back(RecordKind::kCustomers, grid, d, expected);
}

RC_GTEST_PROP(ReadCosts, GivesBackWhatWasWritten, (const std::vector<bool>& rows)) {
  RC_PRE(!rows.empty());
  const Dialect d = *dialects();
  Grid grid{{"from", "to", "amount", "currency", "kind", "purpose", "campaign", "note"}, {}};
  std::vector<std::string> expected;
  for (const bool retention : rows) {
    ledger::CostRecord r;
    r.from = *days();
    const auto last = *maybe(days(r.from, r.from + 400));
    r.to = last.value_or(r.from) + 1;
    r.amount = *amounts(-1'000'000);
    r.kind = *rc::gen::element<std::string>("marketing", "sales", "support", "discount", "points", "message",
                                            "referral", "other");
    r.purpose = retention ? "retention" : "acquisition";
    r.campaign = *texts();
    r.note = *texts();
    grid.rows.push_back({cell(r.from, d), cell(last, d), cell(std::optional(r.amount), d), r.amount.currency.code(),
                         r.kind, r.purpose, r.campaign, r.note});
    expected.push_back(describe(r));
  }
  reads_back(RecordKind::kCosts, grid, d, expected);
}

RC_GTEST_PROP(ReadItems, GivesBackWhatWasWritten, (const std::vector<bool>& rows)) {
  RC_PRE(!rows.empty());
  const Dialect d = *dialects();
  Grid grid{{"id", "name", "category", "cost", "currency"}, {}};
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ledger::ItemRecord r;
    r.id = *words();
    r.name = *texts();
    r.category = *texts();
    if (rows[i]) r.cost = *amounts(0);
    grid.rows.push_back({r.id, r.name, r.category, cell(r.cost, d), code(r.cost)});
    expected.push_back(describe(r));
  }
  reads_back(RecordKind::kItems, grid, d, expected);
}

struct RandomRate {
  calendar::Day day;
  std::string code;
  std::int64_t mantissa = 1;
  int scale = 0;
};
RandomRate random_rate() {
  return {*days(), *rc::gen::element<std::string>("USD", "SEK", "JPY"),
          *rc::gen::inRange<std::int64_t>(1, 1'000'000'000), *rc::gen::inRange(0, 10)};
}
std::string described(const RandomRate& r, const std::string& base) {
  ledger::RateRecord out;
  out.base = *money::Currency::parse(base);
  out.rate = {r.day, *money::Currency::parse(r.code), r.mantissa, r.scale};
  while (out.rate.scale > 0 && out.rate.mantissa % 10 == 0) {
    out.rate.mantissa /= 10;
    --out.rate.scale;
  }
  return describe(out);
}

RC_GTEST_PROP(ReadRates, GiveBackWhatWasWrittenOneARow, (const std::vector<bool>& rows)) {
  RC_PRE(!rows.empty());
  const Dialect d = *dialects();
  Grid grid{{"date", "currency", "rate", "base"}, {}};
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const RandomRate r = random_rate();
    const std::string base = rows[i] ? "EUR" : "GBP";
    grid.rows.push_back({cell(r.day, d), r.code, number(money::to_decimal(r.mantissa, r.scale), d), base});
    expected.push_back(described(r, base));
  }
  reads_back(RecordKind::kRates, grid, d, expected);
}

RC_GTEST_PROP(ReadRates, GiveBackWhatWasWrittenADayARow, (const std::vector<bool>& rows)) {
  RC_PRE(!rows.empty());
  const Dialect d = *dialects();
  Grid grid{{"Date", "USD", "SEK", "JPY", ""}, {}};
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Row row = {cell(*days(), d)};
    for (std::size_t c = 1; c <= 3; ++c) {
      if (*rc::gen::arbitrary<bool>()) {
        row.push_back(*rc::gen::element<std::string>("N/A", ""));
        continue;
      }
      const RandomRate r = random_rate();
      row.push_back(number(money::to_decimal(r.mantissa, r.scale), d));
    }
    row.emplace_back();
    grid.rows.push_back(row);
  }
  // Which rate comes first depends on the order of the columns: as a set, then. The day and the number stand for it.
  const TestFolder folder("records-property");
  const auto in_order = read_record_file(RecordKind::kRates, folder.write("a.csv", written(grid, d, {0, 1, 2, 3, 4})));
  const std::string shuffled = written(grid, d, any_order(grid.headers.size()));
  RC_LOG() << shuffled << std::endl;
  const auto read = read_record_file(RecordKind::kRates, folder.write("b.csv", shuffled));
  if (!in_order) RC_FAIL(in_order.error().message);
  if (!read) RC_FAIL(read.error().message);
  auto a = in_order->records, b = read->records;
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  RC_ASSERT(a == b);
  std::size_t rates = 0;
  for (const Row& row : grid.rows) {
    for (std::size_t c = 1; c < 4; ++c) rates += row[c] != "N/A" && !row[c].empty() ? 1 : 0;
  }
  RC_ASSERT(a.size() == rates);
  RC_ASSERT(bridge_fault(*read) == "");
}

RC_GTEST_PROP(ReadSubscriptions, GiveBackWhatWasWrittenInSeveralRows, (const std::vector<bool>& rows)) {
  RC_PRE(!rows.empty());
  const Dialect d = *dialects();
  Grid grid{{"id", "customer", "plan", "start", "trial_end", "pause", "resume", "end", "reason", "amount", "currency",
             "interval"},
            {}};
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ledger::SubscriptionRecord r;
    r.id = "s" + std::to_string(i);
    r.customer_space = ledger::IdentitySpace::kCustomerId;
    r.customer = *words();
    r.plan = *texts();
    r.reason = *texts();
    r.start = *days();
    r.trial_end = *maybe(days(*r.start, *r.start + 60));
    r.end = *maybe(days(*r.start, *r.start + 2000));
    if (rows[i]) r.amount = *amounts(0);
    r.interval_months = *rc::gen::inRange(1, 25);
    calendar::Day at = *r.start;
    const int pauses = *rc::gen::inRange(0, 4);
    for (int p = 0; p < pauses; ++p) {
      const calendar::Day pause = at + *rc::gen::inRange(0, 50), resume = pause + *rc::gen::inRange(1, 50);
      const bool open = p + 1 == pauses && *rc::gen::arbitrary<bool>();
      r.pauses.emplace_back(pause, open ? std::nullopt : std::optional(resume));
      at = resume + 1;
    }
    const std::string interval = std::to_string(r.interval_months) + " months";
    const std::size_t lines = std::max<std::size_t>(1, r.pauses.size());
    for (std::size_t l = 0; l < lines; ++l) {
      const auto pause = l < r.pauses.size() ? std::optional(r.pauses[l].first) : std::nullopt;
      const auto resume = l < r.pauses.size() ? r.pauses[l].second : std::nullopt;
      grid.rows.push_back({r.id, r.customer, r.plan, cell(r.start, d), cell(r.trial_end, d), cell(pause, d),
                           cell(resume, d), cell(r.end, d), r.reason, cell(r.amount, d), code(r.amount), interval});
    }
    expected.push_back(describe(r));
  }
  reads_back(RecordKind::kSubscriptions, grid, d, expected);
}

}  // namespace
}  // namespace behoud::ingest
