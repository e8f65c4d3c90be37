#include "app/customer_history.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <map>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "app/customer_list.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "timeline/histories_builder.h"
#include "timeline/rebuild.h"

namespace behoud::app {
namespace {

using calendar::Day;
using calendar::to_string;
using ledger::IdentityRef;
using ledger::IdentitySpace;
using ledger::OrderAssertion;
using ledger::Seq;
using ledger::StoredOrder;
using retention::known_day;
using retention::People;

// Somebody with more statements than this is a till, not a person who shares an order; those are not weighed.
constexpr std::size_t kOthersMax = 4096;

// Statements with texts of their own.
class Statements {
 public:
  void add(const StoredOrder& from) {
    StoredOrder s = from;
    OrderAssertion& o = s.order;
    for (std::string_view* text : {&o.order_id, &o.alias, &o.customer.value, &o.email, &o.phone, &o.name, &o.status,
                                   &o.coupon, &o.source, &o.country, &s.customer.value}) {
      *text = own(*text);
    }
    auto& lines = lines_.emplace_back(o.lines.begin(), o.lines.end());
    for (ledger::OrderLine& line : lines) {
      line.item = own(line.item);
      line.name = own(line.name);
    }
    o.lines = lines;
    auto& refunds = refunds_.emplace_back(o.refunds.begin(), o.refunds.end());
    for (ledger::RefundPart& part : refunds) part.id = own(part.id);
    o.refunds = refunds;
    all_.push_back(s);
  }
  std::vector<StoredOrder>& all() { return all_; }

 private:
  std::string_view own(std::string_view text) { return texts_.emplace_back(text); }
  std::deque<std::string> texts_;
  std::deque<std::vector<ledger::OrderLine>> lines_;
  std::deque<std::vector<ledger::RefundPart>> refunds_;
  std::vector<StoredOrder> all_;
};

// Which statements are about one order, as timeline/histories_builder.h has it.
class Groups {
 public:
  explicit Groups(const std::vector<StoredOrder>& all) : parent_(all.size()) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    for (std::size_t i = 0; i < all.size(); ++i) {
      join(by_id_, all[i].order.order_id, i);
      if (has_alias(all[i])) join(by_alias_, all[i].order.alias, i);
    }
    std::map<std::size_t, bool> aliased;
    for (std::size_t i = 0; i < all.size(); ++i) aliased[find(i)] |= has_alias(all[i]);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto alias = by_alias_.find(all[i].order.order_id);
      if (!aliased[find(i)] && alias != by_alias_.end()) parent_[find(i)] = find(alias->second);
    }
  }
  std::size_t find(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }

 private:
  using Keys = std::map<std::string_view, std::size_t>;
  // A second name that is the first says nothing.
  static bool has_alias(const StoredOrder& o) { return !o.order.alias.empty() && o.order.alias != o.order.order_id; }
  void join(Keys& keys, std::string_view key, std::size_t i) {
    const auto [at, is_new] = keys.emplace(key, i);
    if (!is_new) parent_[find(i)] = find(at->second);
  }
  std::vector<std::size_t> parent_;
  Keys by_id_, by_alias_;
};

class Reader {
 public:
  Reader(const ledger::Snapshot& snapshot, const CustomerDirectory& directory, std::uint32_t customer)
      : snapshot_(snapshot), d_(directory), h_(directory.shop().histories), customer_(customer) {
    history_.customer = customer;
    identity_ = {h_.customer_space[customer], h_.customer_key[customer]};
    history_.identities.emplace_back(identity_.space, identity_.value);
  }

  Result<CustomerHistory> read() && {
    TRY(read_records());
    TRY(read_orders());
    TRY(read_refunds());
    TRY(judge());
    TRY(read_events());
    std::ranges::sort(history_.events, [](const HistoryEvent& a, const HistoryEvent& b) {
      return std::tie(b.at, b.seq) < std::tie(a.at, a.seq);
    });
    return std::move(history_);
  }

 private:
  template <class T>
  static std::vector<Seq> wide(const T& seqs) {
    return {seqs.begin(), seqs.end()};
  }

  bool is_ours(const IdentityRef& resolved) const { return resolved == identity_; }

  void meet(const IdentityRef& identity) {
    const std::pair known(identity.space, std::string(identity.value));
    if (identity.space == IdentitySpace::kNone) return;
    if (std::ranges::find(history_.identities, known) == history_.identities.end()) {
      history_.identities.push_back(known);
    }
  }

  // Field by field what was stated last.
  Result<void> read_records() {
    const auto take = [this](const ledger::CustomerRecord& r, const IdentityRef& whose, Seq) -> Result<void> {
      if (!is_ours(whose)) return {};
      meet(r.id);
      if (!r.language.empty()) history_.language = r.language;
      if (r.consent) history_.consent = r.consent;
      if (r.consent_at) history_.consent_day = h_.zone.day_of(*r.consent_at);
      if (r.unsubscribed) history_.unsubscribed = r.unsubscribed;
      if (r.unsubscribed_at) history_.unsubscribed_day = h_.zone.day_of(*r.unsubscribed_at);
      return {};
    };
    return d_.seqs_known() ? snapshot_.customers_at(wide(d_.records_of(customer_)), take) : snapshot_.customers(take);
  }

  // Their own statements, and what else was said of the same orders: by statements that name somebody else, or nobody.
  Result<void> read_orders() {
    if (!d_.seqs_known()) return read_all_orders();
    const auto own = wide(d_.orders_of(customer_));
    TRY(snapshot_.orders_at(own, [this](const StoredOrder& o) -> Result<void> {
      if (is_ours(o.customer)) meet(o.order.customer);
      statements_.add(o);
      return {};
    }));
    // What is said of an order under one number may name another, so until nothing new is found.
    std::set<std::string> known;
    for (std::size_t i = 0; i < statements_.all().size() && statements_.all().size() < own.size() + kOthersMax; ++i) {
      const OrderAssertion& o = statements_.all()[i].order;
      for (const std::string_view number : {o.order_id, o.alias}) {
        if (number.empty() || !known.insert(order_key(number)).second) continue;
        TRY(read_others(number));
      }
    }
    return {};
  }

  Result<void> read_others(std::string_view number) {
    const std::string key = order_key(number);
    const auto take = [&](const StoredOrder& o) -> Result<void> {
      const bool about = order_key(o.order.order_id) == key || order_key(o.order.alias) == key;
      if (about && !is_ours(o.customer)) statements_.add(o);
      return {};
    };
    TRY(snapshot_.orders_at(wide(d_.nameless_of(number)), take));
    for (const std::uint32_t c : d_.search().customers_of_order(number)) {
      if (c == customer_ || d_.orders_of(c).size() > kOthersMax) continue;
      TRY(snapshot_.orders_at(wide(d_.orders_of(c)), take));
    }
    return {};
  }

  Result<void> read_all_orders() {
    return snapshot_.orders([this](const StoredOrder& o) -> Result<void> {
      if (!is_ours(o.customer)) return {};
      meet(o.order.customer);
      statements_.add(o);
      return {};
    });
  }

  Result<void> read_refunds() {
    const auto take = [this](const ledger::RefundRecord& r, Seq seq) -> Result<void> {
      if (!is_ours(r.customer)) return {};
      refunds_.push_back({r.at, r.amount, seq});
      HistoryEvent event;
      event.at = r.at.at;
      event.day = h_.zone.day_of(r.at);
      event.seq = seq;
      event.kind = "refund";
      event.refunded_minor = r.amount.minor;
      event.currency = r.amount.currency.code();
      history_.events.push_back(std::move(event));
      return {};
    };
    return d_.seqs_known() ? snapshot_.refunds_at(wide(d_.refunds_of(customer_)), take) : snapshot_.refunds(take);
  }

  // Builds histories of these statements alone, as all are built, and takes from them what counts and for how much.
  Result<void> judge() {
    auto& all = statements_.all();
    std::ranges::sort(all, {}, &StoredOrder::seq);
    const auto same = [](const StoredOrder& a, const StoredOrder& b) { return a.seq == b.seq; };
    all.erase(std::unique(all.begin(), all.end(), same), all.end());
    for (StoredOrder& s : all) s.order.customer = s.customer;

    timeline::BuildSettings settings;
    settings.zone = h_.zone;
    settings.currency = h_.currency;
    TRY_ASSIGN(const money::RateTable rates, timeline::rates_of(snapshot_));
    settings.rates = &rates;
    settings.statuses = snapshot_.settings().statuses;
    settings.keep_order_ids = true;
    timeline::HistoriesBuilder builder(std::move(settings));
    auto refund = refunds_.begin();
    const auto refunds_before = [&](Seq seq) -> Result<void> {
      for (; refund != refunds_.end() && refund->seq < seq; ++refund) {
        TRY(builder.add_refund(identity_, refund->at, refund->amount, refund->seq));
      }
      return {};
    };
    for (const StoredOrder& s : all) {
      TRY(refunds_before(s.seq));
      TRY(builder.add(s.order, s.received, s.seq));
    }
    TRY(refunds_before(~Seq{0}));
    TRY_ASSIGN(const timeline::Histories own, std::move(builder).finish());
    const auto standings = retention::order_standings(own, d_.people().basics.as_of);
    std::map<std::string_view, std::uint32_t> row_of;  // of our customer's orders
    for (std::uint32_t c = 0; c < own.customers(); ++c) {
      if (!is_ours({own.customer_space[c], own.customer_key[c]})) continue;
      for (std::uint32_t row = own.order_begin[c]; row < own.order_begin[c + 1]; ++row) row_of[own.order_id[row]] = row;
    }

    Groups groups(all);
    std::map<std::size_t, std::vector<std::size_t>> members;
    for (std::size_t i = 0; i < all.size(); ++i) members[groups.find(i)].push_back(i);
    for (const auto& [group, own_statements] : members) {
      std::vector<ledger::StatedOrder> stated;
      std::optional<std::uint32_t> row;
      for (const std::size_t i : own_statements) {
        stated.push_back({all[i].order, all[i].received, all[i].seq});
        if (const auto found = row_of.find(all[i].order.order_id); found != row_of.end()) row = found->second;
      }
      const ledger::OrderState state = ledger::settle(stated);
      if (!is_ours(state.order.customer)) continue;
      HistoryEvent event = event_of(state.order, all[own_statements.back()]);
      event.seq = all[own_statements.front()].seq;
      if (row && standings[*row].counts) {
        event.counts = true;
        event.revenue_minor = own.gross_minor[*row] - standings[*row].refunded_minor;
      }
      history_.events.push_back(std::move(event));
    }
    return {};
  }

  HistoryEvent event_of(const OrderAssertion& o, const StoredOrder& newest) const {
    HistoryEvent event;
    const calendar::Moment placed = o.placed.value_or(calendar::Moment{newest.received, false});
    event.at = placed.at;
    event.day = h_.zone.day_of(placed);
    event.kind = "order";
    event.order = o.order_id;
    event.status = o.status;
    event.amount_minor = o.gross_minor;
    if (o.refund_minor.value_or(0) > 0) event.refunded_minor = o.refund_minor;
    event.currency = o.currency.known() ? o.currency.code() : h_.currency.code();
    for (const ledger::OrderLine& line : o.lines) {
      event.items.push_back({std::string(line.item), std::string(line.name), line.quantity_milli, line.amount_minor});
    }
    event.source = o.source;
    event.import = newest.import;
    return event;
  }

  Result<void> read_events() {
    const auto take = [this](const ledger::EventRecord& e, const IdentityRef& whose, Seq seq) -> Result<void> {
      if (!is_ours(whose)) return {};
      meet(e.customer);
      HistoryEvent event;
      event.at = e.at.at;
      event.day = h_.zone.day_of(e.at);
      event.seq = seq;
      event.kind = e.kind;
      event.amount_minor = e.amount_minor;
      if (e.amount_minor) event.currency = e.currency.known() ? e.currency.code() : h_.currency.code();
      event.source = e.source;
      history_.events.push_back(std::move(event));
      return {};
    };
    return d_.seqs_known() ? snapshot_.events_at(wide(d_.events_of(customer_)), take) : snapshot_.events(take);
  }

  struct Refund {
    calendar::Moment at;
    money::Money amount;
    Seq seq;
  };
  const ledger::Snapshot& snapshot_;
  const CustomerDirectory& d_;
  const timeline::Histories& h_;
  std::uint32_t customer_;
  IdentityRef identity_;
  CustomerHistory history_;
  Statements statements_;
  std::vector<Refund> refunds_;
};

constexpr std::uint64_t kSign = std::uint64_t{1} << 63;

std::string cursor_of(const HistoryEvent& event) {
  return fmt::format("h1{:016x}{:016x}", static_cast<std::uint64_t>(event.at.ms) ^ kSign, event.seq);
}

void write_event(JsonWriter& json, const HistoryEvent& e) {
  const bool is_order = e.kind == "order";
  json.begin_object().field("at", to_string(e.at)).field("day", to_string(e.day)).field("kind", e.kind);
  json.text_or_null("order", e.order);
  json.text_or_null("status", e.status);
  json.key("counts");
  is_order ? json.value(e.counts) : json.null();
  json.field("amount_minor", e.amount_minor);
  json.text_or_null("currency", e.currency);
  json.field("refunded_minor", e.refunded_minor).field("revenue_minor", e.revenue_minor).key("items").begin_array();
  for (const HistoryItem& item : e.items) {
    json.begin_object();
    json.text_or_null("item", item.item);
    json.text_or_null("name", item.name);
    json.field("quantity", static_cast<double>(item.quantity_milli) / 1000).field("amount_minor", item.amount_minor);
    json.end_object();
  }
  json.end_array();
  json.text_or_null("source", e.source);
  json.field("import", e.import).end_object();
}

}  // namespace

std::vector<Option> history_options() {
  return {{"namespace", "SPACE", "customer_id, email, phone or anonymous_id, where one key is of several", false},
          {"limit", "N", "events at most, 1 to 1000 (default: 100)", false},
          {"cursor", "CURSOR", "go on behind an earlier page, which gave this as next", false}};
}

Result<HistoryQuery> parse_history_query(const Lookup& said) {
  HistoryQuery query;
  TRY_ASSIGN(const auto limit, parse_limit(said));
  query.limit = limit.value_or(query.limit);
  if (const auto text = said("cursor")) {
    std::uint64_t at = 0, seq = 0;
    const auto number = [](std::string_view digits, std::uint64_t& out) {
      const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), out, 16);
      return ec == std::errc{} && end == digits.data() + digits.size();
    };
    if (text->size() != 34 || !text->starts_with("h1") || !number(text->substr(2, 16), at) ||
        !number(text->substr(18, 16), seq)) {
      return fail(Errc::kInvalidArgument, "the cursor is broken",
                  "take it as `next` gave it, or leave it out for the first page", {{}, 0, "cursor"});
    }
    query.after = HistoryQuery::After{static_cast<std::int64_t>(at ^ kSign), seq};
  }
  return query;
}

Result<std::uint32_t> customer_named(const CustomerDirectory& directory, std::string_view key, const Lookup& said) {
  const auto nobody = [] {
    return fail(Errc::kNotFound, "there is no such customer", "search for them: behoud customers --search");
  };
  const auto space = said("namespace");
  if (!space) {
    const auto found = directory.find(key);
    if (found.empty()) return nobody();
    return found.front();
  }
  for (const IdentitySpace s :
       {IdentitySpace::kCustomerId, IdentitySpace::kEmail, IdentitySpace::kPhone, IdentitySpace::kAnonymousId}) {
    if (name(s) != *space) continue;
    const auto found = directory.find(IdentityRef{s, key});
    if (!found) return nobody();
    return *found;
  }
  return fail(Errc::kInvalidArgument, quoted(*space) + " is not known",
              "one of: customer_id, email, phone, anonymous_id", {{}, 0, "namespace"});
}

Result<CustomerHistory> history_of(const ledger::Snapshot& snapshot, const CustomerDirectory& directory,
                                   std::uint32_t customer, const HistoryQuery& query) {
  TRY_ASSIGN(CustomerHistory history, Reader(snapshot, directory, customer).read());
  history.total = history.events.size();
  auto& events = history.events;
  if (query.after) {
    const auto passed = [&](const HistoryEvent& e) {
      return std::pair(e.at.ms, e.seq) >= std::pair(query.after->at_ms, query.after->seq);
    };
    events.erase(events.begin(), std::partition_point(events.begin(), events.end(), passed));
  }
  if (events.size() > query.limit) {
    events.resize(query.limit);
    history.next = cursor_of(events.back());
  }
  return history;
}

std::string history_json(const CustomerDirectory& directory, const CustomerHistory& history) {
  const timeline::Histories& h = directory.shop().histories;
  const People& people = directory.people();
  const std::uint32_t c = history.customer;
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("as_of", to_string(people.basics.as_of)).field("revision", people.basics.revision);
  json.field("customer", h.customer_key[c]).field("namespace", name(h.customer_space[c]));
  json.key("identities").begin_array();
  for (std::size_t i = 0; i < history.identities.size(); ++i) {
    const auto& [space, value] = history.identities[i];
    json.begin_object().field("namespace", name(space)).field("value", value).field("merged", i > 0).end_object();
  }
  json.end_array().key("profile").begin_object();
  json.text_or_null("email", directory.search().email(c));
  json.text_or_null("name", directory.search().name(c));
  json.text_or_null("phone", directory.search().phone(c));
  json.text_or_null("country", directory.country(c));
  json.text_or_null("source", directory.source(c));
  json.text_or_null("language", history.language);
  json.field("consent", history.consent);
  json.field("consent_on", history.consent_day);
  json.field("unsubscribed", history.unsubscribed);
  json.field("unsubscribed_on", history.unsubscribed_day);
  json.end_object().key("summary").begin_object();
  json.field("orders", people.orders[c]).field("revenue_minor", people.revenue_minor[c]);
  json.field("aov_minor", people.aov_minor(c));
  json.field("first_order", known_day(people.first_order[c]));
  json.field("last_order", known_day(people.last_order[c]));
  json.field("active", people.standing[c] == People::Standing::kActive);
  json.field("usual_gap_days", people.usual_gap_days(c)).field("silent_days", people.silent_days(c));
  json.field("lost_on", people.lost_on(c));
  json.end_object();
  const auto since = known_day(people.since[c]);
  json.field("cohort", since ? std::optional(calendar::floor_to({}, *since, *since)) : std::nullopt);
  json.key("events").begin_array();
  for (const HistoryEvent& event : history.events) write_event(json, event);
  json.end_array().field("next", history.next).field("total", history.total).end_object();
  return out + "\n";
}

Sheet history_sheet(const CustomerHistory& history) {
  Sheet sheet;
  for (const char* column : {"at", "day", "kind", "order", "status", "counts", "amount_minor", "currency",
                             "refunded_minor", "revenue_minor", "items", "source", "import"}) {
    sheet.columns.push_back({column, false});
  }
  const auto minor = [](std::optional<std::int64_t> m) { return m ? Cell{WholeMinor{*m}} : Cell{}; };
  for (const HistoryEvent& e : history.events) {
    std::string items;
    for (const HistoryItem& item : e.items)
      items += (items.empty() ? "" : "; ") + (item.item.empty() ? item.name : item.item);
    sheet.rows.push_back({to_string(e.at), e.day, e.kind, e.order, e.status,
                          e.kind == "order" ? Cell{e.counts} : Cell{}, minor(e.amount_minor), e.currency,
                          minor(e.refunded_minor), minor(e.revenue_minor), items, e.source,
                          e.import ? Cell{std::uint64_t{*e.import}} : Cell{}});
  }
  return sheet;
}

std::string history_heading(const CustomerDirectory& directory, const CustomerHistory& history) {
  const People& people = directory.people();
  const std::uint32_t c = history.customer;
  std::string out = directory.shop().histories.customer_key[c];
  for (const std::string_view text : {directory.search().name(c), directory.search().email(c)}) {
    if (!text.empty() && text != out) out.append(", ").append(text);
  }
  out += fmt::format("\n{} orders", people.orders[c]);
  if (people.orders[c] > 0) {
    out += fmt::format(", the first on {}, the last on {}", to_string(people.first_order[c]),
                       to_string(people.last_order[c]));
  }
  out += people.standing[c] == People::Standing::kActive ? "; a customer now" : "; no customer now";
  if (const auto day = people.lost_on(c)) out += ", lost on " + to_string(*day);
  return out + "\n\n";
}

}  // namespace behoud::app
