#include "retention/report/actions.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/together.h"
#include "retention/answer_json.h"
#include "retention/report/internal/standing.h"
#include "retention/report/report.h"

namespace behoud::retention::report {

namespace {

using timeline::Histories;

constexpr int kYearDays = 365;
constexpr int kLatelyDays = 90;
constexpr std::uint64_t kPeopleMin = 30;  // below it a mean or a rate says nothing
constexpr std::uint64_t kRefundsMin = 10;
constexpr double kZ = 1.959964;  // as for every interval of the definitions
constexpr double kAnonymousShareMin = 0.01;

std::int64_t rounded(double v) {
  if (!std::isfinite(v)) return 0;
  return static_cast<std::int64_t>(std::llround(std::clamp(v, -9e18, 9e18)));
}

// One order of a customer, as it stands at as-of.
struct Purchase {
  std::uint32_t row = 0;
  calendar::Day day;
  std::int64_t revenue_minor = 0;
  bool counts = false, refunded = false;
};

// Calls `f(customer, purchases)` for each customer, with the orders placed by as-of, ascending by time.
template <class F>
void each_customer(const Histories& h, calendar::Instant as_of, F f) {
  internal::Standings standings(h, as_of);
  std::vector<Purchase> purchases;
  for (std::size_t c = 0; c < h.customers(); ++c) {
    const std::uint32_t begin = h.order_begin[c], end = h.order_begin[c + 1];
    if (purchases.size() < end - begin) purchases.resize(end - begin);
    std::size_t placed = 0;
    for (std::uint32_t row = begin; row < end; ++row) {
      const internal::Standing s = standings.next();
      if (!s.placed) continue;
      purchases[placed++] = {row, h.order_day[row], h.gross_minor[row] - s.refunded_minor, s.counts,
                             s.refunded_minor != 0 || !s.counts};
    }
    f(static_cast<std::uint32_t>(c), std::span<const Purchase>(purchases.data(), placed));
  }
}

// The smallest value that covers `share` of `sorted` (ascending, not empty).
int covering(const std::vector<int>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size()) - 1e-9));
  return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

// ---- one order, and a second one due

struct Due {
  std::vector<std::uint32_t> customers;
  int from_days = 0, to_days = 0;
  std::optional<double> rate, mean_minor;
};

Due second_order_due(const Histories& h, calendar::Instant as_of, int window_days) {
  const calendar::Day end = retention::as_of(h, as_of).cut;
  struct First {
    std::uint32_t customer;
    calendar::Day day;
    std::optional<int> gap;         // to the second order day
    std::int64_t second_minor = 0;  // revenue of that day
  };
  std::vector<First> firsts;
  std::vector<int> gaps;
  each_customer(h, as_of, [&](std::uint32_t c, std::span<const Purchase> purchases) {
    if (!h.orders_before.empty() && h.orders_before[c] > 0) return;
    First first{c, {}, {}, 0};
    bool any = false;
    for (const Purchase& p : purchases) {
      if (!p.counts) continue;
      if (!any) {
        first.day = p.day;
        any = true;
      } else if (p.day > first.day) {
        if (first.gap && p.day - first.day > *first.gap) break;
        first.gap = p.day - first.day;
        first.second_minor += p.revenue_minor;
      }
    }
    if (!any) return;
    if (first.gap) gaps.push_back(*first.gap);
    firsts.push_back(first);
  });
  Due due;
  if (gaps.size() < kPeopleMin) return due;
  std::sort(gaps.begin(), gaps.end());
  due.from_days = covering(gaps, 0.5);
  due.to_days = covering(gaps, 0.9);
  // Of those seen for a whole window who had not come back by the median: who still did, and for how much.
  std::uint64_t waited = 0, came = 0;
  double spent = 0;
  for (const First& f : firsts) {
    const int seen = end - f.day;
    if (!f.gap && seen > due.from_days && seen <= due.to_days) due.customers.push_back(f.customer);
    if (seen <= window_days || (f.gap && *f.gap <= due.from_days)) continue;
    ++waited;
    if (f.gap && *f.gap <= window_days) {
      ++came;
      spent += static_cast<double>(f.second_minor);
    }
  }
  if (waited < kPeopleMin || came == 0) {
    due.customers.clear();
    return due;
  }
  due.rate = static_cast<double>(came) / static_cast<double>(waited);
  due.mean_minor = spent / static_cast<double>(came);
  return due;
}

// ---- lost in the headline's period, and not back

struct Lost {
  std::vector<std::uint32_t> customers;
  double year_minor = 0;
};

Lost win_back(const Histories& h, calendar::Instant as_of, int window_days, const PeriodHead& period) {
  const calendar::Day end = retention::as_of(h, as_of).cut;
  Lost lost;
  each_customer(h, as_of, [&](std::uint32_t c, std::span<const Purchase> purchases) {
    std::optional<calendar::Day> last;
    for (const Purchase& p : purchases) {
      if (p.counts) last = p.day;
    }
    if (!last) return;
    // Active at the period's start, not at its end, nor now.
    if (*last >= period.period_start || *last < period.period_start - window_days) return;
    if (*last >= period.period_end - window_days || *last >= end - window_days) return;
    lost.customers.push_back(c);
    for (const Purchase& p : purchases) {
      if (p.counts && p.day > *last - kYearDays) lost.year_minor += static_cast<double>(p.revenue_minor);
    }
  });
  return lost;
}

// ---- a source that brings more

struct Moments {
  std::uint64_t n = 0;
  double sum = 0, squares = 0;
  void add(double v) {
    ++n;
    sum += v;
    squares += v * v;
  }
  Moments without(const Moments& o) const { return {n - o.n, sum - o.sum, squares - o.squares}; }
  double mean() const { return sum / static_cast<double>(n); }
  double variance_of_mean() const {
    const double m = static_cast<double>(n);
    return std::max(0.0, (squares - sum * sum / m) / (m - 1)) / m;
  }
};

struct Source {
  std::vector<std::uint32_t> customers;
  timeline::Code code = 0;
  double mean_minor = 0, others_minor = 0;
};

std::optional<Source> best_source(const Histories& h, calendar::Instant as_of) {
  if (h.source.empty()) return std::nullopt;
  const calendar::Day end = retention::as_of(h, as_of).cut;
  std::map<timeline::Code, Moments> by_source;
  Moments all;
  std::vector<std::pair<std::uint32_t, timeline::Code>> seen;
  each_customer(h, as_of, [&](std::uint32_t c, std::span<const Purchase> purchases) {
    if (!h.orders_before.empty() && h.orders_before[c] > 0) return;
    const auto first = std::find_if(purchases.begin(), purchases.end(), [](const Purchase& p) { return p.counts; });
    if (first == purchases.end() || end - first->day < kYearDays) return;
    double year = 0;
    for (const Purchase& p : purchases) {
      if (p.counts && p.day - first->day < kYearDays) year += static_cast<double>(p.revenue_minor);
    }
    const timeline::Code code = h.source[first->row];
    by_source[code].add(year);
    all.add(year);
    if (code != 0) seen.emplace_back(c, code);
  });
  std::optional<Source> best;
  double gain = 0;
  for (const auto& [code, m] : by_source) {
    const Moments others = all.without(m);
    if (code == 0 || m.n < kPeopleMin || others.n < kPeopleMin) continue;
    const double difference = m.mean() - others.mean();
    const double error = std::sqrt(m.variance_of_mean() + others.variance_of_mean());
    if (!(difference > kZ * error) || difference * static_cast<double>(m.n) <= gain) continue;
    gain = difference * static_cast<double>(m.n);
    best = Source{{}, code, m.mean(), others.mean()};
  }
  if (best) {
    for (const auto& [c, code] : seen) {
      if (code == best->code) best->customers.push_back(c);
    }
  }
  return best;
}

// ---- refunds beyond the usual

struct Refunds {
  std::uint64_t orders = 0, refunded = 0;
  double gross_minor = 0, refunded_minor = 0;
  void add(const Histories& h, const Purchase& p) {
    const double gross = static_cast<double>(h.gross_minor[p.row]);
    ++orders;
    gross_minor += gross;
    if (!p.refunded) return;
    ++refunded;
    refunded_minor += p.counts ? gross - static_cast<double>(p.revenue_minor) : gross;
  }
};

struct Excess {
  std::vector<std::uint32_t> customers;  // with such a refund
  timeline::Code item = 0;
  Refunds there, elsewhere;
  double minor = 0;
};

// What was refunded there beyond what the rate elsewhere would give.
double excess_minor(const Refunds& there, const Refunds& elsewhere) {
  if (elsewhere.gross_minor <= 0) return there.refunded_minor;
  return there.refunded_minor - there.gross_minor * elsewhere.refunded_minor / elsewhere.gross_minor;
}

std::optional<Excess> refunds_item(const Histories& h, calendar::Instant as_of) {
  if (h.item.empty()) return std::nullopt;
  const calendar::Day end = retention::as_of(h, as_of).cut;
  std::map<timeline::Code, Refunds> by_item;
  Refunds all;
  const auto recent = [&](const Purchase& p) { return end - p.day <= kYearDays; };
  each_customer(h, as_of, [&](std::uint32_t, std::span<const Purchase> purchases) {
    for (const Purchase& p : purchases) {
      if (!recent(p)) continue;
      by_item[h.item[p.row]].add(h, p);
      all.add(h, p);
    }
  });
  std::optional<Excess> worst;
  for (const auto& [code, r] : by_item) {
    if (code == 0 || r.refunded < kRefundsMin) continue;
    Refunds others = all;
    others.orders -= r.orders;
    others.refunded -= r.refunded;
    others.gross_minor -= r.gross_minor;
    others.refunded_minor -= r.refunded_minor;
    if (others.orders < kPeopleMin) continue;
    const double usual = static_cast<double>(others.refunded) / static_cast<double>(others.orders);
    if (proportion(r.refunded, r.orders).low.value_or(0) <= 2 * usual) continue;
    const double minor = excess_minor(r, others);
    if (minor <= 0 || (worst && minor <= worst->minor)) continue;
    worst = Excess{{}, code, r, others, minor};
  }
  if (!worst) return worst;
  each_customer(h, as_of, [&](std::uint32_t c, std::span<const Purchase> purchases) {
    if (std::any_of(purchases.begin(), purchases.end(),
                    [&](const Purchase& p) { return recent(p) && p.refunded && h.item[p.row] == worst->item; })) {
      worst->customers.push_back(c);
    }
  });
  return worst;
}

std::optional<Excess> refunds_lately(const Histories& h, calendar::Instant as_of) {
  const calendar::Day end = retention::as_of(h, as_of).cut;
  Excess e;
  each_customer(h, as_of, [&](std::uint32_t c, std::span<const Purchase> purchases) {
    bool any = false;
    for (const Purchase& p : purchases) {
      const int ago = end - p.day;
      if (ago <= kLatelyDays) {
        e.there.add(h, p);
        any = any || p.refunded;
      } else if (ago <= kLatelyDays + kYearDays) {
        e.elsewhere.add(h, p);
      }
    }
    if (any) e.customers.push_back(c);
  });
  if (e.there.refunded < kRefundsMin || e.elsewhere.orders < kPeopleMin) return std::nullopt;
  const Rate now = proportion(e.there.refunded, e.there.orders);
  const Rate before = proportion(e.elsewhere.refunded, e.elsewhere.orders);
  if (now.low.value_or(0) <= before.high.value_or(1)) return std::nullopt;
  e.minor = excess_minor(e.there, e.elsewhere);
  if (e.minor <= 0) return std::nullopt;
  return e;
}

double share_of(std::uint64_t n, std::uint64_t d) {
  return d == 0 ? 0 : static_cast<double>(n) / static_cast<double>(d);
}

// What the commands repeat of the question, so that they list as many as the report says.
std::string question_words(const Question& q) {
  std::string out;
  if (q.window_days) out += " --window " + std::to_string(*q.window_days) + "d";
  if (q.basis != Basis::kOrders) out += " --basis " + std::string(retention::name(q.basis));
  if (!q.kinds.empty()) {
    std::string kinds;
    for (const std::string& kind : q.kinds) kinds += (kinds.empty() ? "" : ",") + kind;
    out += " --kinds " + shell_word(kinds);
  }
  if (q.as_of) out += " --as-of " + calendar::to_string(*q.as_of);
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  constexpr std::size_t kShown = 3;
  std::string out;
  for (std::size_t i = 0; i < words.size() && i < kShown; ++i) out += (i > 0 ? ", " : "") + words[i];
  return words.size() > kShown ? out + ", …" : out;
}

}  // namespace

std::string file_word(std::string_view file) {
  return shell_word(file.starts_with('-') ? "./" + std::string(file) : std::string(file));
}

std::string shell_word(std::string_view text) {
  const auto safe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.' || c == '/' || c == ':' || c == '@' || c == '%' || c == '+' || c == '=' || c == ',';
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), safe)) return std::string(text);
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

bool is_action_list(std::string_view name) {
  return name == "slipping_away" || name == "second_order_due" || name == "win_back" || name == "best_source" ||
         name == "refunds_item" || name == "refunds_lately";
}

std::string list_command(std::string_view list, const Question& question, std::string_view data_dir) {
  std::string out = "behoud customers --behind " + std::string(list) + question_words(question);
  if (!data_dir.empty()) out += " --data " + shell_word(data_dir);
  return out;
}

std::vector<Action> make_actions(const ActionSources& sources) {
  const Histories& h = sources.histories;
  std::vector<Action> out;
  const std::string folder = sources.data_dir.empty() ? std::string() : " --data " + shell_word(sources.data_dir);
  const auto list = [&](std::string_view of) { return list_command(of, sources.question, sources.data_dir); };
  std::string files;
  for (const std::string& file : sources.files) files.append(" ").append(file_word(file));
  for (const std::string& word : sources.reading_arguments) {
    if (!files.empty()) files.append(" ").append(shell_word(word));
  }

  if (!sources.slipping.rows.empty()) {
    Action a;
    a.name = "slipping_away";
    a.people = sources.slipping.rows.size();
    a.amount_minor = sources.slipping.at_stake_minor;
    a.command = list(a.name);
    out.push_back(std::move(a));
  }
  // A walk over the orders for each list, on two threads.
  Due due;
  Lost lost;
  std::optional<Source> best;
  std::optional<Excess> by_item, lately;
  std::vector<std::function<void()>> walks{
      [&] { due = second_order_due(h, sources.as_of, sources.window_days); },
      [&] { by_item = refunds_item(h, sources.as_of); },
      [&] { best = best_source(h, sources.as_of); },
      [&] { lately = refunds_lately(h, sources.as_of); },
  };
  if (sources.headline && sources.question.basis == Basis::kOrders) {
    walks.emplace_back([&] { lost = win_back(h, sources.as_of, sources.window_days, sources.headline->head); });
  }
  run_together(walks);
  if (!due.customers.empty()) {
    Action a;
    a.name = "second_order_due";
    a.people = due.customers.size();
    a.amount_minor = rounded(static_cast<double>(a.people) * *due.rate * *due.mean_minor);
    a.rate = due.rate;
    a.mean_minor = due.mean_minor;
    a.from_days = due.from_days;
    a.to_days = due.to_days;
    a.command = list(a.name);
    out.push_back(std::move(a));
  }
  if (!lost.customers.empty()) {
    Action a;
    a.name = "win_back";
    a.people = lost.customers.size();
    a.amount_minor = rounded(lost.year_minor);
    a.command = list(a.name) + " --from " + calendar::to_string(sources.headline->head.period_start) + " --to " +
                calendar::to_string(sources.headline->head.period_end) + " --grain " +
                calendar::to_string(sources.question.grain);
    out.push_back(std::move(a));
  }
  if (best) {
    Action a;
    a.name = "best_source";
    a.people = best->customers.size();
    a.subject = std::string(h.sources[best->code]);
    a.mean_minor = best->mean_minor;
    a.compared_mean_minor = best->others_minor;
    a.amount_minor = rounded((best->mean_minor - best->others_minor) * static_cast<double>(a.people));
    a.command = list(a.name);
    out.push_back(std::move(a));
  }
  const auto refunds = [&](const char* name, const std::optional<Excess>& e) {
    if (!e) return;
    Action a;
    a.name = name;
    a.people = e->customers.size();
    a.orders = e->there.orders;
    a.subject = std::string(h.items[e->item]);
    a.rate = share_of(e->there.refunded, e->there.orders);
    a.compared_rate = share_of(e->elsewhere.refunded, e->elsewhere.orders);
    a.amount_minor = rounded(e->minor);
    a.command = list(name);
    out.push_back(std::move(a));
  };
  refunds("refunds_item", by_item);
  refunds("refunds_lately", lately);

  const auto has = [&](ingest::Role role) {
    return std::any_of(sources.facts.files.begin(), sources.facts.files.end(), [&](const ingest::FileShape& f) {
      return std::any_of(f.columns.begin(), f.columns.end(), [&](const auto& c) { return c.role == role; });
    });
  };

  // What is missing or odd in the data.
  std::uint64_t orders = h.orders(), anonymous = 0, unknown = 0;
  std::int64_t anonymous_minor = 0, unknown_minor = 0;
  std::vector<std::pair<std::uint64_t, std::string>> statuses;
  for (const timeline::LeftOut& l : h.left_out) {
    orders += l.orders;
    if (l.reason == "anonymous") {
      anonymous += l.orders;
      anonymous_minor += l.gross_minor;
    } else if (l.reason == "unknown_status") {
      unknown += l.orders;
      unknown_minor += l.gross_minor;
      statuses.emplace_back(l.orders, l.detail);
    }
  }
  if (anonymous > 0 && share_of(anonymous, orders) >= kAnonymousShareMin) {
    Action a;
    a.name = "anonymous";
    a.orders = anonymous;
    a.amount_minor = anonymous_minor;
    a.rate = share_of(anonymous, orders);
    if (!files.empty() && !has(ingest::Role::kEmail)) {
      a.command = "behoud report" + files + " --map email=COLUMN";
    }
    out.push_back(std::move(a));
  }
  if (unknown > 0) {
    std::sort(statuses.begin(), statuses.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::string> words;
    words.reserve(statuses.size());
    for (const auto& s : statuses) words.push_back(s.second);
    Action a;
    a.name = "unknown_status";
    a.orders = unknown;
    a.amount_minor = unknown_minor;
    a.subject = joined(words);
    if (!files.empty()) a.command = "behoud report" + files + " --status " + shell_word(statuses[0].second + "=counts");
    out.push_back(std::move(a));
  }
  if (!h.unconverted.empty()) {
    Action a;
    a.name = "unconverted";
    std::vector<std::string> currencies;
    for (const timeline::Unconverted& u : h.unconverted) {
      a.orders += u.orders;
      currencies.push_back(u.currency.code());
    }
    a.subject = joined(currencies);
    a.command = "behoud import rates eurofxref-hist.csv" + folder;
    if (a.orders > 0) out.push_back(std::move(a));
  }
  if (h.unmatched_refunds > 0) {
    Action a;
    a.name = "unmatched_refunds";
    a.orders = h.unmatched_refunds;
    a.amount_minor = h.unmatched_refunds_minor;
    out.push_back(std::move(a));
  }
  if (sources.facts.rejected_count > 0) {
    Action a;
    a.name = "rejected";
    a.orders = sources.facts.rejected_count;
    a.rate = share_of(sources.facts.rejected_count, sources.facts.rows);
    if (!files.empty()) a.command = "behoud import orders" + files + " --dry-run" + folder;
    out.push_back(std::move(a));
  }
  if (!sources.facts.files.empty()) {
    if (!has(ingest::Role::kStatus)) {
      Action a;
      a.name = "no_status";
      if (!files.empty()) a.command = "behoud report" + files + " --map status=COLUMN";
      out.push_back(std::move(a));
    }
    if (!h.currency.known()) {
      Action a;
      a.name = "no_currency";
      if (!files.empty()) a.command = "behoud report" + files + " --currency EUR";
      out.push_back(std::move(a));
    }
  }

  // Those about no money at all, or less, are not worth a morning; those about unknown money come last.
  std::erase_if(out, [](const Action& a) { return a.amount_minor && *a.amount_minor <= 0; });
  std::stable_sort(out.begin(), out.end(), [](const Action& a, const Action& b) {
    if (a.amount_minor.has_value() != b.amount_minor.has_value()) return a.amount_minor.has_value();
    return a.amount_minor && *a.amount_minor > *b.amount_minor;
  });
  if (out.size() > sources.most) out.resize(sources.most);
  return out;
}

Result<BehindAnswer> customers_to_act_on(const Histories& h, const ShopSettings& s, const Question& q,
                                         std::string_view list) {
  TRY_ASSIGN(const SlippingAnswer slipping, answer_slipping(h, s, q));
  BehindAnswer answer;
  answer.basics = slipping.basics;
  const calendar::Instant as_of = slipping.basics.as_of;
  const int window = slipping.basics.window_days;
  std::vector<std::uint32_t> who;
  if (list == "slipping_away") {
    for (const Slipping& row : slipping.rows) who.push_back(row.customer);
  } else if (list == "second_order_due") {
    who = second_order_due(h, as_of, window).customers;
  } else if (list == "win_back") {
    TRY_ASSIGN(const RetentionAnswer retention, answer_retention(h, s, q));
    if (const RetentionRow* row = headline_row(retention)) who = win_back(h, as_of, window, row->head).customers;
  } else if (list == "best_source") {
    if (auto best = best_source(h, as_of)) who = std::move(best->customers);
  } else if (list == "refunds_item") {
    if (auto e = refunds_item(h, as_of)) who = std::move(e->customers);
  } else if (list == "refunds_lately") {
    if (auto e = refunds_lately(h, as_of)) who = std::move(e->customers);
  } else {
    return fail(
        Errc::kNotFound, "there is no list \"" + std::string(list) + "\"",
        "The lists are slipping_away, second_order_due, win_back, best_source, refunds_item and refunds_lately.");
  }
  // The rows in the order of the list; their figures from one walk.
  std::vector<std::uint32_t> place(h.customers(), UINT32_MAX);
  for (std::size_t i = 0; i < who.size(); ++i) place[who[i]] = static_cast<std::uint32_t>(i);
  answer.rows.resize(who.size());
  each_customer(h, as_of, [&](std::uint32_t c, std::span<const Purchase> purchases) {
    if (place[c] == UINT32_MAX) return;
    CustomerRow& row = answer.rows[place[c]];
    row.customer = h.customer_key[c];
    row.index = c;
    for (const Purchase& p : purchases) {
      if (!p.counts) continue;
      ++row.orders;
      row.revenue_minor += p.revenue_minor;
      row.last_order = p.day;
    }
  });
  return answer;
}

}  // namespace behoud::retention::report
