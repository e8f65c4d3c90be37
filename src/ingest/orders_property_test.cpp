// Laws of reading orders: what a slow and obvious reading of the same rows gives; that neither the order of the rows,
// nor that of the columns, nor the delimiter, nor the size of the batches changes anything; that the bridge sums.

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include "ingest/amounts.h"
#include "ingest/dates.h"
#include "ingest/identity.h"
#include "ingest/order_rows.h"
#include "ingest/orders_for_tests.h"
#include "ledger/order.h"

namespace behoud::ingest {
namespace {

using Row = std::vector<std::string>;

// A random plain file: a header and rows, most of them sound.
struct File {
  Row header;
  std::vector<Row> rows;
  std::size_t column(std::string_view name) const {
    return static_cast<std::size_t>(std::find(header.begin(), header.end(), name) - header.begin());
  }
  bool has(std::string_view name) const { return column(name) < header.size(); }
  std::string cell(const Row& row, std::string_view name) const { return has(name) ? row[column(name)] : ""; }
};

File random_file() {
  const auto below = [](int n) { return *rc::gen::inRange(0, n); };
  File f;
  const bool ids = below(4) > 0, status = below(2) == 0, refund = below(3) == 0, currency = below(2) == 0,
             email = below(2) == 0, times = below(2) == 0;
  const int money = below(3);  // amount, total, price x quantity
  if (ids) f.header.emplace_back("order_id");
  f.header.emplace_back("customer_id");
  if (email) f.header.emplace_back("email");
  f.header.emplace_back("order_date");
  if (money == 0) f.header.emplace_back("amount");
  if (money == 1) f.header.emplace_back("order_total");
  if (money == 2) {
    f.header.emplace_back("unit_price");
    f.header.emplace_back("quantity");
  }
  if (currency) f.header.emplace_back("currency");
  if (status) f.header.emplace_back("status");
  if (refund) f.header.emplace_back("refund");
  const int n = below(25) + 8;
  for (int i = 0; i < n; ++i) {
    std::map<std::string, std::string> c;
    const int id = below(12);
    // Mostly one customer an order, so that few orders are rejected.
    const int customer = ids && below(8) > 0 ? id % 5 : below(5);
    c["order_id"] = (below(5) == 0 ? "#" : "") + std::to_string(100 + id);
    if (ids && below(30) == 0) c["order_id"] = "";
    c["customer_id"] =
        below(12) == 0 ? *rc::gen::element<std::string>("", "0", "guest", "-") : "c" + std::to_string(customer);
    c["email"] = below(6) == 0 ? "" : "C" + std::to_string(customer) + "@Example.com";
    const int day = below(28) + 1, hour = below(3) * 7;
    char date[32];
    if (times) {
      std::snprintf(date, sizeof date, "2024-02-%02d %02d:30:00", day, hour);
    } else {
      std::snprintf(date, sizeof date, "2024-02-%02d", below(3) == 0 ? 1 + id : day);
    }
    c["order_date"] = date;
    switch (below(40)) {
      case 0:
        c["order_date"] = "";
        c["customer_id"] = "c0";  // money alone in the last rows would be a total, which is a matter of their place
        break;
      case 1:
        c["order_date"] = "2099-01-01";
        break;
      case 2:
        c["order_date"] = "some day";
        break;
      default:
        break;
    }
    const int cents = below(6) == 0 ? 1000 : below(5000);
    char amount[32];
    std::snprintf(amount, sizeof amount, "%d.%02d", cents / 100, cents % 100);
    std::string text = amount;
    switch (below(20)) {
      case 0:
        text = "-" + text;
        break;
      case 1:
        text = "";
        break;
      case 2:
        text = "free";
        break;
      default:
        break;
    }
    c["amount"] = c["order_total"] = c["unit_price"] = text;
    c["quantity"] = below(10) == 0 ? "" : std::to_string(below(4) + 1);
    c["currency"] = below(25) == 0 ? "XXQ" : below(20) == 0 ? "USD" : below(15) == 0 ? "" : "EUR";
    c["status"] = *rc::gen::element<std::string>("paid", "Paid", "pending", "cancelled", "odd word");
    c["refund"] = below(3) == 0 ? "1.00" : "";
    Row row;
    for (const std::string& h : f.header) row.push_back(c[h]);
    f.rows.push_back(std::move(row));
  }
  return f;
}

// What is compared of an order, in any order of orders. Made-up ids are compared, too.
using Essence =
    std::tuple<std::string, int, std::string, std::optional<std::int64_t>, std::optional<std::int64_t>,
               std::optional<std::int64_t>, std::string, std::string, std::optional<std::int64_t>,
               std::optional<std::int64_t>, std::vector<std::pair<std::optional<std::int64_t>, std::int64_t>>>;
Essence essence(const OwnedOrder& o) {
  std::vector<std::pair<std::optional<std::int64_t>, std::int64_t>> parts;
  for (const OwnedRefund& r : o.refunds) parts.emplace_back(r.at_ms, r.minor);
  std::sort(parts.begin(), parts.end());
  return {o.id, o.space, o.customer, o.at_ms, o.gross, o.total, o.currency, o.status, o.refund, o.units, parts};
}
struct Gist {
  std::multiset<Essence> orders;
  std::multiset<std::tuple<std::string, std::int64_t, std::int64_t, std::string>> loose;
  std::multiset<std::pair<std::string, Row>> rejected;  // reason, and the row itself
  friend bool operator==(const Gist&, const Gist&) = default;
};

Gist gist(const ReadResult& r, const std::vector<Row>& by_line) {
  Gist g;
  for (const OwnedOrder& o : r.seen.orders) g.orders.insert(essence(o));
  for (const OwnedLoose& l : r.seen.refunds) g.loose.emplace(l.customer, l.at_ms, l.minor, l.currency);
  for (const Rejected& j : r.facts.rejected) g.rejected.emplace(j.reason, by_line.at(j.place.line - 2));
  return g;
}

std::string shown(const Essence& e) {
  const auto number = [](const std::optional<std::int64_t>& v) { return v ? std::to_string(*v) : std::string("-"); };
  std::string out = "order " + std::get<0>(e) + " of " + std::to_string(std::get<1>(e)) + ":" + std::get<2>(e) +
                    " at " + number(std::get<3>(e)) + " gross " + number(std::get<4>(e)) + " total " +
                    number(std::get<5>(e)) + " " + std::get<6>(e) + " " + std::get<7>(e) + " refund " +
                    number(std::get<8>(e)) + " units " + number(std::get<9>(e));
  for (const auto& [at, minor] : std::get<10>(e)) out += " part " + number(at) + "=" + std::to_string(minor);
  return out;
}
std::string shown(const std::tuple<std::string, std::int64_t, std::int64_t, std::string>& l) {
  return "loose " + std::get<0>(l) + " " + std::to_string(std::get<1>(l)) + " " + std::to_string(std::get<2>(l));
}
std::string shown(const std::pair<std::string, Row>& r) {
  std::string out = "rejected " + r.first;
  for (const std::string& c : r.second) out += "," + c;
  return out;
}
template <class Set>
void tell_apart(const Set& got, const Set& want, std::string& out) {
  for (const auto& v : got) {
    if (got.count(v) > want.count(v)) out += "\n  got    " + shown(v);
  }
  for (const auto& v : want) {
    if (want.count(v) > got.count(v)) out += "\n  wanted " + shown(v);
  }
}
// "" where they are equal; else what differs, and the file.
std::string difference(const Gist& got, const Gist& want, const File& f) {
  std::string out;
  tell_apart(got.orders, want.orders, out);
  tell_apart(got.loose, want.loose, out);
  tell_apart(got.rejected, want.rejected, out);
  if (out.empty()) return out;
  for (const Row& row : f.rows) {
    out += "\n";
    for (const std::string& c : row) out += c + ",";
  }
  return out;
}

// The reading as the definitions have it, without a thought for speed. Orders without an id of their own are named by
// the same function as in the reader, which has its own tests.
Gist read_plainly(const File& f) {
  struct Parsed {
    Row row;
    std::optional<std::int64_t> at;  // ms
    std::optional<Decimal> amount, price, quantity, refund;
    std::string customer, currency, status;
    int space = 0;
    bool negative = false;
  };
  Gist out;
  const auto cell_amount = [&](const std::string& text, std::optional<Decimal>& v) {
    Decimal d;
    switch (read_amount(text, '.', d)) {
      case AmountFault::kNone:
        v = d;
        return true;
      case AmountFault::kBlank:
        return true;
      default:
        return false;
    }
  };
  const std::string money = f.has("amount") ? "amount" : f.has("order_total") ? "order_total" : "unit_price";
  const bool ids = f.has("order_id");
  auto reader = DateReader::create({}, calendar::Zone::utc(), test_options().now).value();

  std::map<std::string, std::vector<Parsed>> groups;  // by id; rows that stand alone have a key of their own
  std::map<std::string, bool> made_up;
  int alone = 0;
  for (const Row& row : f.rows) {
    Parsed p;
    p.row = row;
    const std::string date = f.cell(row, "order_date");
    std::string fault;
    if (!date.empty()) {
      calendar::Moment m;
      switch (reader.read(date, m)) {
        case DateFault::kNone:
          p.at = m.at.ms;
          break;
        case DateFault::kFuture:
          fault = "ingest.reject.date_future";
          break;
        default:
          fault = "ingest.reject.date";
          break;
      }
    }
    std::optional<Decimal> first;
    if (fault.empty() && !cell_amount(f.cell(row, money), first)) fault = "ingest.reject.amount";
    if (fault.empty() && f.has("refund") && !cell_amount(f.cell(row, "refund"), p.refund))
      fault = "ingest.reject.amount";
    if (fault.empty() && f.has("quantity") && !cell_amount(f.cell(row, "quantity"), p.quantity)) {
      fault = "ingest.reject.quantity";
    }
    (money == "unit_price" ? p.price : p.amount) = first;
    p.negative = first && first->mantissa < 0;
    const std::string code = f.cell(row, "currency");
    if (fault.empty() && !code.empty() && !money::Currency::parse(code)) fault = "ingest.reject.currency";
    p.currency = code;
    const std::string id(customer_id(f.cell(row, "customer_id")));
    std::string email;
    if (!id.empty()) {
      p.customer = id;
      p.space = 1;
    } else if (f.has("email")) {
      p.customer = normalise_email_cell(f.cell(row, "email"), email);
      p.space = p.customer.empty() ? 0 : 2;
    }
    p.status = f.cell(row, "status");
    for (char& c : p.status) c = static_cast<char>(std::tolower(c));

    std::string key = f.cell(row, "order_id");
    if (key.starts_with('#')) key.erase(0, 1);
    const bool own = !key.empty();
    if (!own) {
      // The customer and the moment, unless one is missing or the row takes money back.
      const auto civil = date.empty() ? std::nullopt : reader.read_civil(date);
      if (p.customer.empty() || !civil || p.negative) {
        key = "alone " + std::to_string(alone++);
      } else {
        key = made_up_id(made_up_key(p.space == 1 ? "c" : "e", p.customer, *civil));
      }
      made_up[key] = true;
    }
    if (!fault.empty()) {
      out.rejected.emplace(fault, row);
      continue;
    }
    groups[key].push_back(std::move(p));
  }

  // Amounts, totals and refunds that are equal or blank in all rows of all orders of several rows are the order's.
  std::map<std::string, std::vector<const Row*>> all_rows;
  for (const Row& row : f.rows) {
    std::string key = f.cell(row, "order_id");
    if (key.starts_with('#')) key.erase(0, 1);
    if (!key.empty()) all_rows[key].push_back(&row);
  }
  const auto of_order = [&](const std::string& column) {
    if (!ids || !f.has(column)) return false;
    for (const auto& [key, rows] : all_rows) {
      std::optional<Decimal> seen;
      std::string odd;
      for (const Row* row : rows) {
        std::optional<Decimal> sign;
        if (cell_amount(f.cell(*row, money), sign) && sign && sign->mantissa < 0) continue;
        const std::string text = f.cell(*row, column);
        if (text.empty()) continue;
        std::optional<Decimal> v;
        const bool reads = cell_amount(text, v);
        if ((seen || !odd.empty()) && (reads ? !seen || !(*seen == *v) : odd != text)) return false;
        if (reads) {
          seen = v;
        } else {
          odd = text;
        }
      }
    }
    return true;
  };
  bool several = false;
  {
    std::map<std::string, int> n;
    for (const Row& row : f.rows) {
      std::string key = f.cell(row, "order_id");
      if (key.starts_with('#')) key.erase(0, 1);
      if (!key.empty()) several = ++n[key] > 1 || several;
    }
    for (const auto& [key, rows] : groups) several = several || (made_up[key] && rows.size() > 1);
  }
  const bool amount_once = several && of_order(money) && money != "unit_price";
  const bool refund_once = several && of_order("refund");

  std::map<std::string, std::uint64_t> nobody;
  for (auto& [key, rows] : groups) {
    const bool own = !made_up[key];
    const auto reject_all = [&](const char* reason) {
      for (const Parsed& p : rows) out.rejected.emplace(reason, p.row);
    };
    std::set<std::string> customers[3], currencies;
    for (const Parsed& p : rows) {
      if (p.space != 0) customers[p.space].insert(p.customer);
      if (!p.currency.empty()) currencies.insert(p.currency);
    }
    // E-mails of rows that have an id as well are no second customer.
    std::set<std::string> ids_named = customers[1];
    if (ids_named.size() > 1 || (ids_named.empty() && customers[2].size() > 1)) {
      reject_all("ingest.reject.two_customers");
      continue;
    }
    if (currencies.size() > 1) {
      reject_all("ingest.reject.two_currencies");
      continue;
    }
    const std::string currency = currencies.empty() ? "" : *currencies.begin();
    const int exponent = 2;
    const int space = !ids_named.empty() ? 1 : !customers[2].empty() ? 2 : 0;
    const std::string customer = space == 0 ? "" : *customers[space].begin();

    std::vector<Parsed> positive, negative;
    for (const Parsed& p : rows) (p.negative ? negative : positive).push_back(p);
    if (!positive.empty() && std::none_of(positive.begin(), positive.end(), [](const Parsed& p) { return p.at; })) {
      for (const Parsed& p : positive) out.rejected.emplace("ingest.reject.date_missing", p.row);
      positive.clear();
    }
    const auto worth = [&](const Parsed& p) -> std::optional<std::int64_t> {
      if (p.amount) return p.amount->minor(exponent);
      if (!p.price) return std::nullopt;
      const Decimal q = p.quantity.value_or(Decimal{1, 0});
      return Decimal{p.price->mantissa * q.mantissa, p.price->scale + q.scale}.minor(exponent);
    };
    if (!own && positive.empty()) {
      for (const Parsed& p : negative) {
        if (!p.at) {
          out.rejected.emplace("ingest.reject.date_missing", p.row);
        } else if (*worth(p) != 0) {
          out.loose.emplace(customer, *p.at, -*worth(p), currency);
        }
      }
      continue;
    }
    if (positive.empty() && negative.empty()) continue;
    OwnedOrder o;
    o.id = key;
    o.space = space;
    o.customer = customer;
    o.currency = currency;
    std::optional<std::int64_t> sum, refund, units;
    for (const Parsed& p : positive) {
      if (const auto v = worth(p)) sum = amount_once && own ? std::max(sum.value_or(*v), *v) : sum.value_or(0) + *v;
      if (p.refund) {
        const std::int64_t v = *p.refund->minor(exponent);
        refund = refund_once && own ? std::max(refund.value_or(v), v) : refund.value_or(0) + v;
      }
      if (p.quantity) units = units.value_or(0) + *p.quantity->minor(3);
      if (p.at) o.at_ms = std::min(o.at_ms.value_or(*p.at), *p.at);
    }
    // The word that counts most, then the first by letters.
    const auto rank = [](const std::string& w) {
      switch (ledger::standing_of(w)) {
        case ledger::Standing::kCounts:
          return 0;
        case ledger::Standing::kUnknown:
          return 1;
        case ledger::Standing::kAwaited:
          return 2;
        default:
          return 4;
      }
    };
    const std::vector<Parsed>& stating = positive.empty() ? negative : positive;
    for (const Parsed& p : stating) {
      if (p.status.empty()) continue;
      if (o.status.empty() || std::pair(rank(p.status), p.status) < std::pair(rank(o.status), o.status))
        o.status = p.status;
    }
    if (!positive.empty()) {
      if (!sum) {
        const auto standing = ledger::standing_of(o.status);
        const bool void_order =
            f.has("status") && (standing == ledger::Standing::kNot || standing == ledger::Standing::kAwaited);
        if (!void_order) {
          for (const Parsed& p : rows) {
            if (!p.negative || !positive.empty()) out.rejected.emplace("ingest.reject.amount_missing", p.row);
          }
          continue;
        }
        sum = 0;
      }
      o.gross = o.total = sum;
      o.refund = refund;
      o.units = units;
    }
    for (const Parsed& p : negative) {
      if (*worth(p) != 0) o.refunds.push_back({"", p.at, -*worth(p)});
    }
    if (positive.empty() && o.refunds.empty()) continue;
    if (!own && space == 0) o.id = "nobody's";
    out.orders.insert(essence(o));
  }
  return out;
}

std::vector<Row> with_header(const File& f) {
  std::vector<Row> all = {f.header};
  all.insert(all.end(), f.rows.begin(), f.rows.end());
  return all;
}

// Orders of nobody without an id are named by all that their row says: equal but for the name here.
Gist without_nobodys_names(Gist g) {
  std::multiset<Essence> orders;
  for (Essence e : g.orders) {
    if (std::get<1>(e) == 0 && std::get<0>(e).starts_with('~')) std::get<0>(e) = "nobody's";
    orders.insert(std::move(e));
  }
  g.orders = std::move(orders);
  return g;
}

bool usable(const Result<ReadResult>& r) { return r.has_value(); }

RC_GTEST_PROP(ReadOrdersLaws, GivesWhatAPlainReadingGives, ()) {
  const File f = random_file();
  const auto batch = static_cast<std::size_t>(*rc::gen::inRange(1, 40));
  const auto read = read_table(MemoryTable(with_header(f), batch));
  // Random dates and amounts may be too broken to decide a form by; such errors are tested by themselves.
  RC_PRE(usable(read));
  RC_ASSERT(bridge_fault(read->facts) == "");
  const Gist got = without_nobodys_names(gist(*read, f.rows));
  const Gist want = read_plainly(f);
  RC_ASSERT(difference(got, want, f) == "");
}

RC_GTEST_PROP(ReadOrdersLaws, DoNotDependOnTheOrderOfRowsOrColumns, ()) {
  const File f = random_file();
  const auto first = read_table(MemoryTable(with_header(f), 7));
  RC_PRE(usable(first));

  std::vector<std::size_t> rows(f.rows.size()), columns(f.header.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i;
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i] = i;
  const auto shuffle = [](std::vector<std::size_t>& v) {
    for (std::size_t i = v.size(); i > 1; --i) {
      std::swap(v[i - 1], v[static_cast<std::size_t>(*rc::gen::inRange<int>(0, static_cast<int>(i)))]);
    }
  };
  shuffle(rows);
  shuffle(columns);
  File g;
  for (const std::size_t c : columns) g.header.push_back(f.header[c]);
  std::vector<Row> originals;
  for (const std::size_t r : rows) {
    Row row;
    for (const std::size_t c : columns) row.push_back(f.rows[r][c]);
    g.rows.push_back(row);
    originals.push_back(f.rows[r]);
  }
  const auto second = read_table(MemoryTable(with_header(g), 3));
  RC_ASSERT(usable(second));
  RC_ASSERT(bridge_fault(second->facts) == "");
  RC_ASSERT(difference(gist(*second, originals), gist(*first, f.rows), f) == "");
}

RC_GTEST_PROP(ReadOrdersLaws, DoNotDependOnTheDelimiterOrTheBatch, ()) {
  const File f = random_file();
  const auto first = read_table(MemoryTable(with_header(f), 1));
  RC_PRE(usable(first));
  const char delimiter = *rc::gen::element(';', '\t', '|', ',');
  static int number = 0;
  const auto path = std::filesystem::temp_directory_path() /
                    ("behoud_orders_" + std::to_string(::getpid()) + "_" + std::to_string(number++) + ".csv");
  {
    std::ofstream out(path, std::ios::binary);
    for (const Row& row : with_header(f)) {
      for (std::size_t c = 0; c < row.size(); ++c) out << (c > 0 ? std::string(1, delimiter) : "") << row[c];
      out << "\r\n";
    }
  }
  ReadResult second;
  const auto facts = read_orders({path.string()}, test_options(), second.seen);
  std::filesystem::remove(path);
  RC_ASSERT(facts.has_value());
  second.facts = *facts;
  RC_ASSERT(difference(gist(second, f.rows), gist(*first, f.rows), f) == "");
}

}  // namespace
}  // namespace behoud::ingest
