#include "retention/report/actions.h"

#include <algorithm>
#include <cmath>

#include "retention/answer_json.h"
#include "retention/internal/view.h"
#include "retention/report/internal/best_source.h"
#include "retention/report/internal/refunds_beyond.h"
#include "retention/report/internal/second_order.h"
#include "retention/report/internal/win_back.h"
#include "retention/report/report.h"

namespace behoud::retention::report {

namespace {

using internal::best_source, internal::refunds_beyond, internal::second_order_due, internal::win_back;
using internal::BestSource, internal::Due, internal::Excess, internal::Lost, internal::RefundsBeyond;
using timeline::Histories;

constexpr double kAnonymousShareMin = 0.01;

std::int64_t rounded(double v) {
  if (!std::isfinite(v)) return 0;
  return static_cast<std::int64_t>(std::llround(std::clamp(v, -9e18, 9e18)));
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
std::vector<std::string> first_of(std::vector<std::string> words) {
  constexpr std::size_t kMost = 20;
  if (words.size() > kMost) words.resize(kMost);
  return words;
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
    if (timeline::of_orders(l)) orders += l.orders;
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
    a.subjects = first_of(words);
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
    a.subjects = first_of(currencies);
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
