#include "retention/report/actions.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/together.h"
#include "retention/answer_json.h"
#include "retention/internal/view.h"
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

// The smallest value that covers `share` of `values` (not empty), which it reorders.
int covering(std::vector<int>& values, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size()) - 1e-9));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(rank, 1, values.size()) - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// Customers who are found by stretches of customers on two threads, ascending.
class Found {
 public:
  void add(std::size_t part, std::size_t customer) { parts_[part].push_back(static_cast<std::uint32_t>(customer)); }
  std::vector<std::uint32_t> all() const {
    std::vector<std::uint32_t> out;
    for (const auto& part : parts_) out.insert(out.end(), part.begin(), part.end());
    return out;
  }

 private:
  std::array<std::vector<std::uint32_t>, kParts> parts_;
};

template <class T>
T sum_of(const std::array<T, kParts>& parts) {
  T sum{};
  for (const T& part : parts) sum.add(part);
  return sum;
}

// ---- one order, and a second one due

// The second order day of who has one.
struct Second {
  std::optional<int> gap;  // days after the first
  std::int64_t minor = 0;  // what the orders of that day brought
};
Second second_of(const Purchases& purchases, std::size_t c) {
  Second second;
  const calendar::Day first = purchases.day[purchases.begin[c]];
  for (std::size_t i = purchases.begin[c]; i < purchases.begin[c + 1]; ++i) {
    const int gap = purchases.day[i] - first;
    if (gap == 0) continue;
    if (second.gap && gap > *second.gap) break;
    second.gap = gap;
    second.minor += purchases.revenue_minor[i];
  }
  return second;
}

// Whose first order of the histories is the first of their life, for all that is known.
bool begins_here(const Histories& h, const Purchases& purchases, std::size_t c) {
  return purchases.begin[c] < purchases.begin[c + 1] && (h.orders_before.empty() || h.orders_before[c] == 0);
}

// When second orders come, whatever the window. Of a View.
struct SecondGaps {
  std::size_t gaps = 0;
  int from_days = 0, to_days = 0;  // the median, the 90th percentile
  std::size_t bytes() const { return sizeof(*this); }

  static SecondGaps of(const Histories& h, const Purchases& purchases) {
    std::array<std::vector<int>, kParts> parts;
    run_in_parts(h.customers(), [&](std::size_t part, std::size_t begin, std::size_t end) {
      for (std::size_t c = begin; c < end; ++c) {
        if (!begins_here(h, purchases, c)) continue;
        if (const auto gap = second_of(purchases, c).gap) parts[part].push_back(*gap);
      }
    });
    std::vector<int> all;
    for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
    SecondGaps out;
    out.gaps = all.size();
    if (all.empty()) return out;
    out.from_days = covering(all, 0.5);
    out.to_days = covering(all, 0.9);
    return out;
  }
};

struct Due {
  std::uint64_t people = 0;
  int from_days = 0, to_days = 0;
  std::optional<double> rate, mean_minor;
};

// `who`: the people too.
Due second_order_due(const Histories& h, const View& view, int window_days, std::vector<std::uint32_t>* who = nullptr) {
  const Purchases& purchases = view.purchases();
  const calendar::Day end_day = view.now().cut;
  const SecondGaps& gaps = view.shared<SecondGaps>([&] { return SecondGaps::of(h, purchases); });
  Due due;
  if (gaps.gaps < kPeopleMin) return due;
  due.from_days = gaps.from_days;
  due.to_days = gaps.to_days;
  // Of those seen for a whole window who had not come back by the median: who still did, and for how much.
  struct Waiting {
    std::uint64_t waited = 0, came = 0, due = 0;
    std::int64_t spent = 0;
    void add(const Waiting& o) {
      waited += o.waited;
      came += o.came;
      due += o.due;
      spent += o.spent;
    }
  };
  std::array<Waiting, kParts> parts;
  Found found;
  run_in_parts(h.customers(), [&](std::size_t part, std::size_t begin, std::size_t end) {
    Waiting own;
    for (std::size_t c = begin; c < end; ++c) {
      if (!begins_here(h, purchases, c)) continue;
      const Second second = second_of(purchases, c);
      const int seen = end_day - purchases.day[purchases.begin[c]];
      if (!second.gap && seen > due.from_days && seen <= due.to_days) {
        ++own.due;
        if (who != nullptr) found.add(part, c);
      }
      if (seen <= window_days || (second.gap && *second.gap <= due.from_days)) continue;
      ++own.waited;
      if (second.gap && *second.gap <= window_days) {
        ++own.came;
        own.spent += second.minor;
      }
    }
    parts[part] = own;
  });
  const Waiting all = sum_of(parts);
  if (all.waited < kPeopleMin || all.came == 0) return due;
  due.people = all.due;
  due.rate = static_cast<double>(all.came) / static_cast<double>(all.waited);
  due.mean_minor = static_cast<double>(all.spent) / static_cast<double>(all.came);
  if (who != nullptr) *who = found.all();
  return due;
}

// ---- lost in the headline's period, and not back

struct Lost {
  std::uint64_t people = 0;
  std::int64_t year_minor = 0;
  void add(const Lost& o) {
    people += o.people;
    year_minor += o.year_minor;
  }
};

Lost win_back(const Histories& h, const View& view, int window_days, const PeriodHead& period,
              std::vector<std::uint32_t>* who = nullptr) {
  const Purchases& purchases = view.purchases();
  const calendar::Day end_day = view.now().cut;
  std::array<Lost, kParts> parts;
  Found found;
  run_in_parts(h.customers(), [&](std::size_t part, std::size_t begin, std::size_t end) {
    Lost own;
    for (std::size_t c = begin; c < end; ++c) {
      const auto days = purchases.days_of(c);
      if (days.empty()) continue;
      const calendar::Day last = days.back();
      // Active at the period's start, not at its end, nor now.
      if (last >= period.period_start || last < period.period_start - window_days) continue;
      if (last >= period.period_end - window_days || last >= end_day - window_days) continue;
      ++own.people;
      if (who != nullptr) found.add(part, c);
      for (std::size_t i = purchases.begin[c]; i < purchases.begin[c + 1]; ++i) {
        if (purchases.day[i] > last - kYearDays) own.year_minor += purchases.revenue_minor[i];
      }
    }
    parts[part] = own;
  });
  if (who != nullptr) *who = found.all();
  return sum_of(parts);
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
  void add(const Moments& o) {
    n += o.n;
    sum += o.sum;
    squares += o.squares;
  }
  Moments without(const Moments& o) const { return {n - o.n, sum - o.sum, squares - o.squares}; }
  double mean() const { return sum / static_cast<double>(n); }
  double variance_of_mean() const {
    const double m = static_cast<double>(n);
    return std::max(0.0, (squares - sum * sum / m) / (m - 1)) / m;
  }
};

// The first order of a customer who has been seen for a year since; nothing of the others.
std::optional<std::size_t> first_of_a_year(const Histories& h, const View& view, std::size_t c) {
  const Purchases& purchases = view.purchases();
  if (!begins_here(h, purchases, c)) return std::nullopt;
  const std::size_t first = purchases.begin[c];
  if (view.now().cut - purchases.day[first] < kYearDays) return std::nullopt;
  return first;
}

// Of a View.
struct BestSource {
  bool any = false;
  std::uint64_t people = 0;
  timeline::Code code = 0;
  double mean_minor = 0, others_minor = 0;
  std::size_t bytes() const { return sizeof(*this); }

  static BestSource of(const Histories& h, const View& view);
  std::vector<std::uint32_t> customers(const Histories& h, const View& view) const;
};

BestSource BestSource::of(const Histories& h, const View& view) {
  BestSource best;
  if (h.source.empty()) return best;
  const Purchases& purchases = view.purchases();
  std::array<std::vector<Moments>, kParts> parts;
  run_in_parts(h.customers(), [&](std::size_t part, std::size_t begin, std::size_t end) {
    std::vector<Moments>& own = parts[part];
    own.resize(h.sources.size());
    for (std::size_t c = begin; c < end; ++c) {
      const auto first = first_of_a_year(h, view, c);
      if (!first) continue;
      double year = 0;
      for (std::size_t i = *first; i < purchases.begin[c + 1]; ++i) {
        if (purchases.day[i] - purchases.day[*first] >= kYearDays) break;
        year += static_cast<double>(purchases.revenue_minor[i]);
      }
      own[h.source[purchases.row(*first)]].add(year);
    }
  });
  std::vector<Moments> by_source(h.sources.size());
  Moments all;
  for (const auto& part : parts) {
    for (std::size_t code = 0; code < part.size(); ++code) {
      by_source[code].add(part[code]);
      all.add(part[code]);
    }
  }
  double gain = 0;
  for (timeline::Code code = 1; code < by_source.size(); ++code) {
    const Moments& m = by_source[code];
    const Moments others = all.without(m);
    if (m.n < kPeopleMin || others.n < kPeopleMin) continue;
    const double difference = m.mean() - others.mean();
    const double error = std::sqrt(m.variance_of_mean() + others.variance_of_mean());
    if (!(difference > kZ * error) || difference * static_cast<double>(m.n) <= gain) continue;
    gain = difference * static_cast<double>(m.n);
    best = {true, m.n, code, m.mean(), others.mean()};
  }
  return best;
}

std::vector<std::uint32_t> BestSource::customers(const Histories& h, const View& view) const {
  std::vector<std::uint32_t> out;
  for (std::uint32_t c = 0; any && c < h.customers(); ++c) {
    const auto first = first_of_a_year(h, view, c);
    if (first && h.source[view.purchases().row(*first)] == code) out.push_back(c);
  }
  return out;
}

// ---- refunds beyond the usual

struct Refunds {
  std::uint64_t orders = 0, refunded = 0;
  double gross_minor = 0, refunded_minor = 0;  // whole numbers
  void add(const Refunds& o) {
    orders += o.orders;
    refunded += o.refunded;
    gross_minor += o.gross_minor;
    refunded_minor += o.refunded_minor;
  }
  void take(const Refunds& o) {
    orders -= o.orders;
    refunded -= o.refunded;
    gross_minor -= o.gross_minor;
    refunded_minor -= o.refunded_minor;
  }
  // An order of this gross that was placed, and how it stands.
  void add(std::int64_t gross, const internal::Standing& s) {
    ++orders;
    gross_minor += static_cast<double>(gross);
    if (!is_refunded(s)) return;
    ++refunded;
    refunded_minor += static_cast<double>(s.counts ? s.refunded_minor : gross);
  }
  static bool is_refunded(const internal::Standing& s) { return s.refunded_minor != 0 || !s.counts; }
};

struct Excess {
  bool any = false;
  std::uint64_t people = 0;  // with such a refund
  timeline::Code item = 0;
  Refunds there, elsewhere;
  double minor = 0;
};

// What was refunded there beyond what the rate elsewhere would give.
double excess_minor(const Refunds& there, const Refunds& elsewhere) {
  if (elsewhere.gross_minor <= 0) return there.refunded_minor;
  return there.refunded_minor - there.gross_minor * elsewhere.refunded_minor / elsewhere.gross_minor;
}

// How many days before the day at whose start one looks an order was placed; only those that were are told of.
struct Recent {
  static bool year(int ago) { return ago <= kYearDays; }
  static bool lately(int ago) { return ago <= kLatelyDays; }
  static bool before_lately(int ago) { return ago > kLatelyDays && ago <= kLatelyDays + kYearDays; }
};

// Calls visit(part, customer, row, days ago, standing) for each placed order, on two threads.
template <class Visit>
void each_placed(const Histories& h, const AsOf& now, const Visit& visit) {
  run_in_parts(h.customers(), [&](std::size_t part, std::size_t begin, std::size_t end) {
    internal::Standings standings(h, now.at, h.order_begin[begin]);
    for (std::size_t c = begin; c < end; ++c) {
      for (std::uint32_t row = h.order_begin[c]; row < h.order_begin[c + 1]; ++row) {
        const internal::Standing s = standings.next();
        if (s.placed) visit(part, c, row, now.cut - h.order_day[row], s);
      }
    }
  });
}

// Of a View.
struct RefundsBeyond {
  Excess item, lately;
  std::size_t bytes() const { return sizeof(*this); }

  static RefundsBeyond of(const Histories& h, const AsOf& now);
  // Those with a refund of the item in the last year, or lately.
  static std::vector<std::uint32_t> with_item(const Histories& h, const AsOf& now, timeline::Code item);
  static std::vector<std::uint32_t> with_any_lately(const Histories& h, const AsOf& now);

 private:
  template <class Which>
  static std::vector<std::uint32_t> with(const Histories& h, const AsOf& now, const Which& which);
  void judge_items(const Histories& h, const AsOf& now, const std::vector<Refunds>& by_item);
  void judge_lately();
};

template <class Which>
std::vector<std::uint32_t> RefundsBeyond::with(const Histories& h, const AsOf& now, const Which& which) {
  Found found;
  std::array<std::size_t, kParts> last;
  last.fill(h.customers());
  each_placed(h, now, [&](std::size_t part, std::size_t c, std::uint32_t row, int ago, const internal::Standing& s) {
    if (last[part] == c || !Refunds::is_refunded(s) || !which(row, ago)) return;
    last[part] = c;
    found.add(part, c);
  });
  return found.all();
}

std::vector<std::uint32_t> RefundsBeyond::with_item(const Histories& h, const AsOf& now, timeline::Code item) {
  return with(h, now, [&](std::uint32_t row, int ago) { return Recent::year(ago) && h.item[row] == item; });
}
std::vector<std::uint32_t> RefundsBeyond::with_any_lately(const Histories& h, const AsOf& now) {
  return with(h, now, [](std::uint32_t, int ago) { return Recent::lately(ago); });
}

void RefundsBeyond::judge_items(const Histories& h, const AsOf& now, const std::vector<Refunds>& by_item) {
  Refunds all;
  for (const Refunds& r : by_item) all.add(r);
  for (timeline::Code code = 1; code < by_item.size(); ++code) {
    const Refunds& r = by_item[code];
    if (r.refunded < kRefundsMin) continue;
    Refunds others = all;
    others.take(r);
    if (others.orders < kPeopleMin) continue;
    const double usual = static_cast<double>(others.refunded) / static_cast<double>(others.orders);
    if (proportion(r.refunded, r.orders).low.value_or(0) <= 2 * usual) continue;
    const double minor = excess_minor(r, others);
    if (minor <= 0 || (item.any && minor <= item.minor)) continue;
    item = Excess{true, 0, code, r, others, minor};
  }
  if (item.any) item.people = with_item(h, now, item.item).size();
}

void RefundsBeyond::judge_lately() {
  if (lately.there.refunded < kRefundsMin || lately.elsewhere.orders < kPeopleMin) return;
  const Rate rate = proportion(lately.there.refunded, lately.there.orders);
  const Rate before = proportion(lately.elsewhere.refunded, lately.elsewhere.orders);
  if (rate.low.value_or(0) <= before.high.value_or(1)) return;
  lately.minor = excess_minor(lately.there, lately.elsewhere);
  lately.any = lately.minor > 0;
}

RefundsBeyond RefundsBeyond::of(const Histories& h, const AsOf& now) {
  struct Part {
    std::vector<Refunds> by_item;
    Refunds lately, before;
    std::uint64_t people_lately = 0;
    std::size_t last = SIZE_MAX;
  };
  std::array<Part, kParts> parts;
  const bool items = !h.item.empty();
  for (Part& part : parts) part.by_item.resize(items ? h.items.size() : 0);
  each_placed(h, now, [&](std::size_t at, std::size_t c, std::uint32_t row, int ago, const internal::Standing& s) {
    Part& part = parts[at];
    const std::int64_t gross = h.gross_minor[row];
    if (items && Recent::year(ago)) part.by_item[h.item[row]].add(gross, s);
    if (Recent::lately(ago)) {
      part.lately.add(gross, s);
      if (Refunds::is_refunded(s) && part.last != c) {
        ++part.people_lately;
        part.last = c;
      }
    } else if (Recent::before_lately(ago)) {
      part.before.add(gross, s);
    }
  });
  RefundsBeyond out;
  std::vector<Refunds> by_item(items ? h.items.size() : 0);
  for (const Part& part : parts) {
    for (std::size_t code = 0; code < by_item.size(); ++code) by_item[code].add(part.by_item[code]);
    out.lately.there.add(part.lately);
    out.lately.elsewhere.add(part.before);
    out.lately.people += part.people_lately;
  }
  out.judge_items(h, now, by_item);
  out.judge_lately();
  return out;
}

const BestSource& best_source(const Histories& h, const View& view) {
  return view.shared<BestSource>([&] { return BestSource::of(h, view); });
}
const RefundsBeyond& refunds_beyond(const Histories& h, const View& view) {
  return view.shared<RefundsBeyond>([&] { return RefundsBeyond::of(h, view.now()); });
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
  const Histories& h = sources.source.histories;
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
  const std::shared_ptr<const View> view = sources.source.at(sources.as_of);
  const Due due = second_order_due(h, *view, sources.window_days);
  const BestSource& best = best_source(h, *view);
  const RefundsBeyond& beyond = refunds_beyond(h, *view);
  Lost lost;
  if (sources.headline && sources.question.basis == Basis::kOrders) {
    lost = win_back(h, *view, sources.window_days, sources.headline->head);
  }
  if (due.people > 0) {
    Action a;
    a.name = "second_order_due";
    a.people = due.people;
    a.amount_minor = rounded(static_cast<double>(a.people) * *due.rate * *due.mean_minor);
    a.rate = due.rate;
    a.mean_minor = due.mean_minor;
    a.from_days = due.from_days;
    a.to_days = due.to_days;
    a.command = list(a.name);
    out.push_back(std::move(a));
  }
  if (lost.people > 0) {
    Action a;
    a.name = "win_back";
    a.people = lost.people;
    a.amount_minor = lost.year_minor;
    a.command = list(a.name) + " --from " + calendar::to_string(sources.headline->head.period_start) + " --to " +
                calendar::to_string(sources.headline->head.period_end) + " --grain " +
                calendar::to_string(sources.question.grain);
    out.push_back(std::move(a));
  }
  if (best.any) {
    Action a;
    a.name = "best_source";
    a.people = best.people;
    a.subject = std::string(h.sources[best.code]);
    a.mean_minor = best.mean_minor;
    a.compared_mean_minor = best.others_minor;
    a.amount_minor = rounded((best.mean_minor - best.others_minor) * static_cast<double>(a.people));
    a.command = list(a.name);
    out.push_back(std::move(a));
  }
  const auto refunds = [&](const char* name, const Excess& e) {
    if (!e.any) return;
    Action a;
    a.name = name;
    a.people = e.people;
    a.orders = e.there.orders;
    a.subject = std::string(h.items[e.item]);
    a.rate = share_of(e.there.refunded, e.there.orders);
    a.compared_rate = share_of(e.elsewhere.refunded, e.elsewhere.orders);
    a.amount_minor = rounded(e.minor);
    a.command = list(name);
    out.push_back(std::move(a));
  };
  refunds("refunds_item", beyond.item);
  refunds("refunds_lately", beyond.lately);

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

Result<PeopleBehind> people_to_act_on(const Source& source, const ShopSettings& s, const Question& q,
                                      std::string_view list) {
  const Histories& h = source.histories;
  const std::shared_ptr<const View> view = source.at(q.as_of);
  std::vector<std::uint32_t> who;
  Basics basics;
  if (list == "slipping_away") {
    TRY_ASSIGN(const SlippingAnswer slipping, answer_slipping(source, s, q));
    basics = slipping.basics;
    for (const Slipping& row : slipping.rows) who.push_back(row.customer);
    return PeopleBehind(h, view, std::move(basics), std::move(who), PeopleBehind::Order::kAsGiven);
  }
  TRY_ASSIGN(basics, basics_of(source, s, q));
  if (list == "second_order_due") {
    second_order_due(h, *view, basics.window_days, &who);
  } else if (list == "win_back") {
    TRY_ASSIGN(const RetentionAnswer retention, answer_retention(source, s, q));
    if (const RetentionRow* row = headline_row(retention)) win_back(h, *view, basics.window_days, row->head, &who);
  } else if (list == "best_source") {
    who = best_source(h, *view).customers(h, *view);
  } else if (list == "refunds_item") {
    const Excess& e = refunds_beyond(h, *view).item;
    if (e.any) who = RefundsBeyond::with_item(h, view->now(), e.item);
  } else if (list == "refunds_lately") {
    if (refunds_beyond(h, *view).lately.any) who = RefundsBeyond::with_any_lately(h, view->now());
  } else {
    return fail(
        Errc::kNotFound, "there is no list \"" + std::string(list) + "\"",
        "The lists are slipping_away, second_order_due, win_back, best_source, refunds_item and refunds_lately.");
  }
  return PeopleBehind(h, view, std::move(basics), std::move(who), PeopleBehind::Order::kAsGiven);
}

Result<BehindAnswer> customers_to_act_on(const Source& source, const ShopSettings& s, const Question& q,
                                         std::string_view list) {
  TRY_ASSIGN(PeopleBehind people, people_to_act_on(source, s, q, list));
  return BehindAnswer{people.basics(), people.rows(0, people.size())};
}

}  // namespace behoud::retention::report
